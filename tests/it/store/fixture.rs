//! A store over a scratch folder, and a way to make a batch of exactly the units one wants.

use cardinal::clock::{Clock, Instant, Stop};
use cardinal::config::{Config, Limits};
use cardinal::error::{Error, Result};
use cardinal::store::{DATABASE, Store, Tx, params};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tempfile::TempDir;

/// Longer than anything takes here, even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Scratch {
    pub(crate) store: Arc<Store>,
    pub(crate) config: Config,
    pub(crate) dir: TempDir,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Limits)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::new(dir.path());
        change(&mut config.limits);
        let store = Arc::new(Store::open(&config, Clock::system()).unwrap());
        Self { store, config, dir }
    }

    /// With batches that take in whatever comes while their first unit runs.
    pub(crate) fn patient(change: impl FnOnce(&mut Limits)) -> Self {
        Self::with(|limits| {
            limits.batch_time_max = PATIENCE;
            change(limits);
        })
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join(DATABASE)
    }

    /// Bytes of the write-ahead log.
    pub(crate) fn log_bytes(&self) -> u64 {
        let path = self.path().with_extension("db-wal");
        std::fs::metadata(path).map_or(0, |log| log.len())
    }

    /// A connection like that of another program.
    pub(crate) fn stranger(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    /// The names in `settings` but for what Cardinal itself puts there, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.store.read(names).unwrap()
    }

    /// Does `work` on a thread of its own.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let store = Arc::clone(&self.store);
        Builder::new().spawn(move || work(&store)).unwrap()
    }

    /// Keeps the writer in a unit until the returned hold is let go.
    pub(crate) fn hold(&self) -> Hold {
        let (entered, release) = (Stop::default(), Stop::default());
        let (told, heard) = (entered.clone(), release.clone());
        let thread = self.spawn(move |store| {
            store.write::<_, Error, _>(move |_| {
                told.stop();
                heard.wait(PATIENCE);
                Ok(())
            })
        });
        assert!(entered.wait(PATIENCE), "the unit did not run");
        Hold { release, thread }
    }

    /// Starts `work` and waits until it stands in the queue behind the others.
    pub(crate) fn queue<T, F>(&self, work: F) -> JoinHandle<Result<T>>
    where
        T: Send + 'static,
        F: Fn(&Tx<'_>) -> Result<T> + Send + 'static,
    {
        let before = self.store.queue_depth();
        let thread = self.spawn(move |store| store.write(work));
        eventually("a unit in the queue", || self.store.queue_depth() > before);
        thread
    }
}

/// A unit that keeps the writer.
pub(crate) struct Hold {
    release: Stop,
    thread: JoinHandle<Result<()>>,
}

impl Hold {
    pub(crate) fn let_go(self) {
        self.release.stop();
        self.thread.join().unwrap().unwrap();
    }
}

pub(crate) fn names(read: &cardinal::store::Read<'_>) -> Result<Vec<String>> {
    read.all("SELECT name FROM settings ORDER BY name", [], |row| row.get(0))
}

/// Writes a row.
pub(crate) fn note(tx: &Tx<'_>, name: &str) -> Result<()> {
    tx.change("INSERT INTO settings(name, value) VALUES (?1, x'00')", params![name])?
        .one_or(|| Error::internal("no row"))
}

/// Breaks what only COMMIT looks at: a holder of cards who has none.
pub(crate) fn break_at_commit(tx: &Tx<'_>) -> Result<()> {
    let person = tx.new_id::<()>();
    tx.change(
        "INSERT INTO users(id, email, email_norm, handle, display_name, role, created_ms, updated_ms)
         VALUES (?1, 'a@b', hex(?1), lower(hex(?1)), 'A', 'member', 0, 0)",
        params![person],
    )?
    .any();
    tx.change("INSERT INTO card_holders(user_id, card_count) VALUES (?1, 1)", params![person])?
        .one_or(|| Error::internal("no row"))
}

/// Waits until `holds`.
pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) {
    let (begun, nobody) = (Instant::now(), Stop::default());
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        nobody.wait(Duration::from_millis(1));
    }
}
