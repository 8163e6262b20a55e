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
use crate::config::{Config, Limits};
use crate::error::{Error, Result};
use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;
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

/// Rung by the writer when the log has grown past its bound, and at the end.
#[derive(Default)]
pub(super) struct Bell {
    rung: Mutex<Rung>,
    changed: Condvar,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Rung {
    #[default]
    Not,
    Checkpoint,
    End,
}

impl Bell {
    pub(super) fn ring(&self) {
        let mut rung = self.rung.lock();
        if *rung == Rung::Not {
            *rung = Rung::Checkpoint;
            self.changed.notify_one();
        }
    }

    fn end(&self) {
        *self.rung.lock() = Rung::End;
        self.changed.notify_one();
    }

    /// Waits for a ring, or for the idle time to pass; false at the end.
    fn wait(&self) -> bool {
        let mut rung = self.rung.lock();
        if *rung == Rung::Not {
            self.changed.wait_for(&mut rung, IDLE);
        }
        let go_on = *rung != Rung::End;
        if go_on {
            *rung = Rung::Not;
        }
        go_on
    }
}

/// The thread that checkpoints.
pub(super) struct Maintenance {
    bell: Arc<Bell>,
    thread: JoinHandle<()>,
}

impl Maintenance {
    pub(super) fn start(path: &Path, config: &Config, writer: Arc<Writer>) -> Result<Self> {
        let pragmas = schema::Pragmas { busy_timeout: READERS_WAIT };
        let conn = schema::connect(path, Purpose::Maintain(config.synchronous), &pragmas)?;
        let bell = writer.bell();
        let ears = Arc::clone(&bell);
        let checkpointer = Checkpointer { conn, writer, limits: config.limits.clone() };
        let thread = std::thread::Builder::new()
            .name("cardinal-wal".into())
            .stack_size(256 * 1_024)
            .spawn(move || {
                while ears.wait() {
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
}

impl Checkpointer {
    fn run(&self) {
        let enough = self.limits.wal_bytes_checkpoint / u64::from(super::PAGE_BYTES);
        for stroke in 1..=STROKES_MAX {
            let Some((frames, copied)) = self.checkpoint("PASSIVE") else { return };
            if stroke == 1 && u64::try_from(frames).unwrap_or(0) < enough {
                return;
            }
            if frames - copied <= TAIL_FRAMES {
                break;
            }
        }
        self.writer.pause(|| self.checkpoint("RESTART"));
    }

    /// Frames in the log, and how many of them are in the database; `None` if another checkpoint runs.
    fn checkpoint(&self, mode: &str) -> Option<(i64, i64)> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let told = self.conn.query_row(&sql, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        });
        match told {
            Ok((_, frames, copied)) if frames >= 0 => Some((frames, copied)),
            Ok(_) => None,
            Err(fault) => {
                tracing::warn!(%fault, mode, "a checkpoint failed");
                None
            }
        }
    }
}
