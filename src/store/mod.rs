//! The only holder of connections. One writer, through which every change goes in group commits
//! (`writer`); a pool of read-only connections, one snapshot per request (`readers`); a thread that
//! keeps the write-ahead log short (`maintenance`). Outside this folder a unit of work sees [`Read`] or
//! [`Tx`], never a connection.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the wall that keeps connections in has its door here"
)]

pub mod tx;
pub mod constraint;
pub mod schema;
mod wal;
mod readers;
mod ticket;
mod batch;
mod writer;
mod maintenance;
mod copies;

pub use rusqlite::{Result as RowResult, Row, ToSql, params, params_from_iter};
pub use tx::{Changed, Read, Tx};

use crate::clock::{Bell, Clock, Heard};
use crate::config::{Config, Limits};
use crate::error::{Error, Result};
use crate::metrics::Metrics;
use maintenance::Maintenance;
use parking_lot::Mutex;
use readers::Readers;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
pub use writer::Figures;
use writer::{Leader, Writer};

/// The name of the database in the data directory.
pub const DATABASE: &str = "cardinal.db";

/// What workers of this process wait for; each kind of work has a bell of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Webhooks to call.
    Webhooks,
    /// Mail to send.
    Mail,
}

impl Lane {
    const ALL: [Self; 2] = [Self::Webhooks, Self::Mail];

    const fn bit(self) -> u8 {
        match self {
            Self::Webhooks => 1,
            Self::Mail => 2,
        }
    }
}

/// SQLite's page, and a frame of the write-ahead log but for its header.
const PAGE_BYTES: u32 = 4_096;

/// The database. Dropping it closes it; [`Store::close`] says whether that went well.
pub struct Store {
    path: PathBuf,
    clock: Clock,
    readers: Readers,
    writer: Arc<Writer>,
    threads: Mutex<Option<(Leader, Maintenance)>>,
    work: [Bell; 2],
    /// Held while a copy is made.
    copying: Mutex<()>,
    busy_timeout: Duration,
}

impl Store {
    /// Opens the database in `config.data_dir`, and makes both if they are absent.
    ///
    /// Refuses a SQLite with the WAL-reset race, a file of another program, and a newer schema. An older one is
    /// upgraded, unless somebody serves it.
    pub fn open(config: &Config, clock: Clock) -> Result<Self> {
        Self::start(&schema::prepare(&config.data_dir, None)?, config, clock)
    }

    /// The same by whoever has the right to serve the directory.
    pub fn open_served(config: &Config, clock: Clock, lock: &ServeLock) -> Result<Self> {
        Self::start(&schema::prepare(&config.data_dir, Some(lock))?, config, clock)
    }

    fn start(path: &Path, config: &Config, clock: Clock) -> Result<Self> {
        let metrics = Arc::new(Metrics::new(clock.now()));
        let writer = Arc::new(Writer::open(path, config, clock.clone(), Arc::clone(&metrics))?);
        let readers = Readers::open(path, &config.limits, metrics)?;
        let maintenance = Maintenance::start(path, config, Arc::clone(&writer))?;
        let leader = Leader::start(Arc::clone(&writer))?;
        let threads = Mutex::new(Some((leader, maintenance)));
        let path = path.to_owned();
        Ok(Self {
            path,
            clock,
            readers,
            writer,
            threads,
            work: Default::default(),
            copying: Mutex::default(),
            busy_timeout: config.limits.busy_timeout,
        })
    }

    /// Runs `work` on one snapshot of the database.
    pub fn read<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Read<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.read(self.clock.now(), work)
    }

    /// Runs `work` as one atomic step, and returns when it is durable. An error, or a panic, undoes all
    /// that `work` did and nothing else.
    ///
    /// `work` may be run more than once before one run counts (a locked database, a commit that
    /// another unit spoiled), so it must have no effect but those through [`Tx`].
    pub fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let made_work = Arc::new(AtomicU8::new(0));
        let noted = Arc::clone(&made_work);
        let done = self.writer.write(move |tx| {
            let outcome = work(tx);
            noted.store(tx.lanes_with_work(), Ordering::Release);
            outcome
        });
        // By whoever made it, so that it is there when it is looked for.
        let lanes = made_work.load(Ordering::Acquire);
        for lane in Lane::ALL.into_iter().filter(|lane| done.is_ok() && lanes & lane.bit() != 0) {
            self.ring_for_work(lane);
        }
        done
    }

    /// Waits until a unit has made work of a kind, `patience` at most. Of several who wait, one is woken.
    pub fn wait_for_work(&self, lane: Lane, patience: Duration) -> Heard {
        self.bell(lane).wait(patience)
    }

    /// Wakes another, by one who found work and supposes that there is more.
    pub fn ring_for_work(&self, lane: Lane) {
        self.bell(lane).ring();
    }

    /// Ends that wait for good.
    pub fn end_work(&self, lane: Lane) {
        self.bell(lane).end();
    }

    const fn bell(&self, lane: Lane) -> &Bell {
        let [webhooks, mail] = &self.work;
        match lane {
            Lane::Webhooks => webhooks,
            Lane::Mail => mail,
        }
    }

    /// The clock that [`Read::now`] shows.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Units that wait for the writer at the moment.
    pub fn queue_depth(&self) -> usize {
        self.writer.depth()
    }

    /// What the writer has done since it was opened.
    pub fn writer_figures(&self) -> Figures {
        self.writer.figures()
    }

    /// Where what happens here, and what is done with it, is counted.
    pub fn metrics(&self) -> &Metrics {
        self.writer.metrics()
    }

    /// Whether the disk was full for the last that tried to write. It is until a write succeeds.
    pub fn is_full(&self) -> bool {
        self.writer.is_full()
    }

    /// How many reading connections there are, and how many of them are free.
    pub fn reader_figures(&self) -> (u32, u32) {
        self.readers.figures()
    }

    /// What the database takes on its disk, and how much of that is left.
    pub fn room(&self) -> Room {
        let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        let disk = rustix::fs::statvfs(&self.path).ok();
        Room {
            database_bytes: bytes(&self.path),
            log_bytes: bytes(Path::new(&log)),
            free_bytes: disk.map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize)),
        }
    }

    /// Takes no more writes, finishes those that wait, copies the log into the database and closes it.
    pub fn close(&self) -> Result<()> {
        let Some((leader, maintenance)) = self.threads.lock().take() else { return Ok(()) };
        maintenance.end();
        let closed = self.writer.close();
        leader.end();
        closed
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Err(fault) = self.close() {
            tracing::error!(%fault, "the database was not closed in order");
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

/// What the database takes on its disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Bytes of the database.
    pub database_bytes: u64,
    /// Bytes of its write-ahead log, which keeps the size it once had.
    pub log_bytes: u64,
    /// Bytes of the disk that are left, if that can be known.
    pub free_bytes: Option<u64>,
}

/// The right to serve a data directory, held by at most one process at a time.
#[derive(Debug)]
pub struct ServeLock(#[expect(dead_code, reason = "held, not read")] std::fs::File);

impl ServeLock {
    /// Takes the lock of `data_dir`; `None` while another process serves it.
    pub fn take(data_dir: &Path) -> Result<Option<Self>> {
        schema::make_data_dir(data_dir)?;
        let path: PathBuf = data_dir.join("serve.lock");
        let file = std::fs::File::options().create(true).append(true).mode(0o600).open(&path);
        let file = file.map_err(|fault| {
            Error::internal(format!("{} cannot be written: {fault}", path.display()))
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(fault)) => Err(Error::internal(fault)),
        }
    }
}

/// The SQLite that is built in.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

fn limits_of(limits: &Limits) -> schema::Pragmas {
    schema::Pragmas { busy_timeout: limits.busy_timeout }
}
