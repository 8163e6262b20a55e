//! Keeps the write-ahead log short without making writers wait.
//!
//! A PASSIVE checkpoint runs beside the writer, so it never catches up with one that writes all the
//! time, and a log that is never caught up with never restarts from its beginning. So it is done in two
//! strokes: PASSIVE copies the bulk while commits go on, over again until little is left; then, in the
//! pause between two batches, RESTART copies the rest and waits a moment for readers of the old log,
//! after which the next commit begins at the log's beginning. The file keeps its size: overwriting it
//! spares the file system's own journal.

use super::schema::{self, Purpose};
use super::writer::Writer;
use crate::clock::{Bell, Heard};
use crate::config::{Config, Limits};
use crate::error::{Error, Result};
use rusqlite::Connection;
use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the log is looked at when nobody rings.
const IDLE: Duration = Duration::from_secs(30);
/// Frames that RESTART may have to copy while writers wait.
const TAIL_FRAMES: i64 = 256;
/// Strokes of PASSIVE before RESTART takes whatever is left.
const STROKES_MAX: u32 = 4;
/// How long RESTART waits for readers that still use the old log.
const READERS_WAIT: Duration = Duration::from_millis(20);

/// The thread that checkpoints.
pub(super) struct Maintenance {
    bell: Arc<Bell>,
    thread: JoinHandle<()>,
}

impl Maintenance {
    pub(super) fn start(path: &Path, config: &Config, writer: Arc<Writer>) -> Result<Self> {
        let pragmas = schema::Pragmas { busy_timeout: READERS_WAIT };
        let conn = schema::connect(path, Purpose::Maintain(config.synchronous), &pragmas)?;
        let bell = writer.log_grown();
        let ears = Arc::clone(&bell);
        let checkpointer =
            Checkpointer { conn, writer, limits: config.limits.clone(), in_vain: Cell::new(0) };
        let thread = std::thread::Builder::new()
            .name("cardinal-wal".into())
            .stack_size(256 * 1_024)
            .spawn(move || {
                while ears.wait(IDLE) != Heard::End {
                    checkpointer.run();
                }
            })
            .map_err(Error::internal)?;
        Ok(Self { bell, thread })
    }

    pub(super) fn end(self) {
        self.bell.end();
        if self.thread.join().is_err() {
            tracing::error!("the checkpointing thread panicked");
        }
    }
}

struct Checkpointer {
    conn: Connection,
    writer: Arc<Writer>,
    limits: Limits,
    /// Frames in the log when a RESTART met a reader that did not end in time.
    in_vain: Cell<i64>,
}

/// The log after a checkpoint.
struct Log {
    /// Readers or writers kept it from its end.
    is_partial: bool,
    /// Frames in the log.
    frames: i64,
    /// Frames of it that are in the database.
    done: i64,
}

impl Checkpointer {
    fn run(&self) {
        let enough = self.limits.wal_bytes_checkpoint / u64::from(super::PAGE_BYTES);
        let enough = i64::try_from(enough).unwrap_or(i64::MAX);
        let mut frames = 0;
        for stroke in 1..=STROKES_MAX {
            let Some(log) = self.checkpoint("PASSIVE") else { return };
            frames = log.frames;
            if stroke == 1 && frames < enough {
                return;
            }
            if log.frames - log.done <= TAIL_FRAMES {
                break;
            }
        }
        // A snapshot that stays would make every writer wait at every ring: after a RESTART in vain the log
        // has to grow by as much again.
        if frames >= self.in_vain.get() + enough || frames < self.in_vain.get() {
            let log = self.writer.pause(|| self.checkpoint("RESTART"));
            let in_vain = log.filter(|log| log.is_partial).map_or(0, |log| log.frames);
            self.in_vain.set(in_vain);
        }
    }

    /// `None` if another checkpoint runs.
    fn checkpoint(&self, mode: &str) -> Option<Log> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let told = self.conn.query_row(&sql, [], |row| {
            Ok(Log { is_partial: row.get(0)?, frames: row.get(1)?, done: row.get(2)? })
        });
        let writes = &self.writer.metrics().writes;
        match &told {
            Ok(log) if log.is_partial => writes.checkpoints_partial.step(),
            Ok(_) => writes.checkpoints.step(),
            Err(_) => writes.checkpoints_failed.step(),
        }
        match told {
            Ok(log) if log.frames >= 0 => Some(log),
            Ok(_) => None,
            Err(fault) => {
                tracing::warn!(%fault, mode, "a checkpoint failed");
                None
            }
        }
    }
}
