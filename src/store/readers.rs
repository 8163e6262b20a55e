//! The pool of read-only connections. A request takes one, reads one snapshot and gives it back.

use super::schema::{self, Purpose};
use super::tx::Read;
use crate::clock::Millis;
use crate::config::Limits;
use crate::error::{Error, Result, Unavailable};
use crate::metrics::Metrics;
use r2d2::{ManageConnection, Pool, PooledConnection};
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::Connection;
use scheduled_thread_pool::ScheduledThreadPool;
use std::path::Path;
use std::sync::Arc;

pub(super) struct Readers {
    pool: Pool<Manager>,
    metrics: Arc<Metrics>,
}

impl Readers {
    pub(super) fn open(path: &Path, limits: &Limits, metrics: Arc<Metrics>) -> Result<Self> {
        let pragmas = super::limits_of(limits);
        let manager = SqliteConnectionManager::file(path)
            .with_flags(Purpose::Read.flags())
            .with_init(move |conn| schema::set_up(conn, Purpose::Read, &pragmas));
        let threads = ScheduledThreadPool::builder().num_threads(1);
        let threads = threads.thread_name_pattern("cardinal-pool-{}").build();
        // One connection is opened now, to see that it can be; the others when they are needed.
        let pool = Pool::builder()
            .max_size(limits.readers_max)
            .min_idle(Some(1))
            .connection_timeout(limits.reader_wait)
            .test_on_check_out(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .thread_pool(Arc::new(threads))
            .build(Manager(manager))
            .map_err(Error::internal)?;
        Ok(Self { pool, metrics })
    }

    pub(super) fn read<T, E: From<Error>>(
        &self,
        now: Millis,
        work: impl FnOnce(&Read<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let conn = match self.pool.try_get() {
            Some(conn) => conn,
            None => self.wait()?,
        };
        let snapshot = Snapshot::begin(&conn)?;
        let result = work(&Read::new(&conn, now));
        drop(snapshot);
        result
    }

    /// A connection that comes free, or is opened, while somebody waits.
    fn wait(&self) -> Result<PooledConnection<Manager>> {
        let reads = &self.metrics.reads;
        reads.waits.step();
        let waiting = reads.waiting.enter();
        let conn = self.pool.get();
        drop(waiting);
        conn.map_err(|fault| {
            tracing::warn!(%fault, "no reader came free");
            reads.refused.step();
            Error::Unavailable(Unavailable::Busy)
        })
    }

    /// How many connections there are, and how many of them are free.
    pub(super) fn figures(&self) -> (u32, u32) {
        let state = self.pool.state();
        (state.connections, state.idle_connections)
    }
}

/// A read transaction, ended also when the work in it panics.
struct Snapshot<'c>(&'c Connection);

impl<'c> Snapshot<'c> {
    fn begin(conn: &'c Connection) -> Result<Self> {
        conn.prepare_cached("BEGIN")?.execute([])?;
        Ok(Self(conn))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        let end = self.0.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        if let Err(fault) = end {
            // The pool will not take it back (`has_broken`).
            tracing::error!(%fault, "a snapshot did not end");
        }
    }
}

/// The manager of `r2d2_sqlite`, but for one thing: a connection that comes back inside a transaction would
/// pin its snapshot for ever, so it is thrown away.
#[derive(Debug)]
struct Manager(SqliteConnectionManager);

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = rusqlite::Error;

    fn connect(&self) -> Result<Connection, rusqlite::Error> {
        self.0.connect()
    }

    fn is_valid(&self, conn: &mut Connection) -> Result<(), rusqlite::Error> {
        self.0.is_valid(conn)
    }

    fn has_broken(&self, conn: &mut Connection) -> bool {
        !conn.is_autocommit()
    }
}
