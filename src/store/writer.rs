//! The one write path: group commit.
//!
//! Callers queue their unit of work, and somebody leads: begins one transaction, runs every queued unit in
//! its own savepoint in order of arrival (those that arrive meanwhile too, up to a bound), commits once and
//! only then releases the replies. So one wait for the disk serves a whole batch.
//!
//! Who leads: a caller that finds nobody leading leads itself, on its own thread, in a plain transaction with
//! no savepoint and nobody to wait for. Where units have queued up behind it, it hands leadership to the
//! writer's own thread, which keeps it until the queue is empty: passed from caller to caller, each batch
//! would begin on another core with cold caches, among a dozen threads that have just been woken.
//!
//! What holds:
//! * a unit is answered only after the COMMIT that holds its effect has returned;
//! * a unit that fails or panics leaves nothing behind and its batch mates alone;
//! * if COMMIT is refused for what a unit did (a deferred foreign key), the units run again one by one,
//!   each in a transaction of its own, so that only the guilty one fails;
//! * a fault after which SQLite rolls back by itself (a full disk) fails the whole batch: nobody is told
//!   of an effect that is gone;
//! * between processes SQLite's own lock decides: a BEGIN that finds it taken is tried again, a bounded
//!   number of times, with full jitter. A version conflict never is.

use super::batch::Desk;
use super::schema::{self, Purpose};
use super::ticket::{Done, Job, Slot, Ticket};
use super::tx::Tx;
use crate::clock::{Bell, Clock, Heard, Instant};
use crate::config::Config;
use crate::error::{Error, Result, Unavailable};
use crate::metrics::Metrics;
use parking_lot::Mutex;
use rusqlite::Connection;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long closing waits for readers of the log.
const CLOSE_WAIT: Duration = Duration::from_millis(100);

/// The writer: its connection, and the callers that wait for it.
pub(super) struct Writer {
    queue: Mutex<Queue>,
    queue_max: usize,
    /// Empty once the store is closed.
    desk: Mutex<Option<Desk>>,
    wal_frames: AtomicU32,
    wal_frames_max: u32,
    /// Rung when the log has grown past its bound.
    log_grown: Arc<Bell>,
    /// Rung when the writer's own thread is to lead.
    to_lead: Bell,
    /// The last that tried to write found the disk full.
    is_full: AtomicBool,
    metrics: Arc<Metrics>,
}

struct Queue {
    jobs: VecDeque<Job>,
    /// Somebody leads, or has been told to.
    led: bool,
    closed: bool,
}

/// What the writer has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Transactions committed.
    pub commits: u64,
    /// Units answered, kept or not.
    pub units: u64,
    /// Transactions begun again because another process held the lock.
    pub retries: u64,
    /// Frames (of 4,096 bytes) in the write-ahead log after the last commit.
    pub wal_frames: u32,
}

impl Writer {
    pub(super) fn open(
        path: &Path,
        config: &Config,
        clock: Clock,
        metrics: Arc<Metrics>,
    ) -> Result<Self> {
        let limits = config.limits.clone();
        let purpose = Purpose::Write(config.synchronous);
        let conn = schema::connect(path, purpose, &super::limits_of(&limits))?;
        let frames = limits.wal_bytes_checkpoint / u64::from(super::PAGE_BYTES);
        Ok(Self {
            queue: Mutex::new(Queue { jobs: VecDeque::new(), led: false, closed: false }),
            queue_max: limits.write_queue_max,
            desk: Mutex::new(Some(Desk::new(conn, clock, limits, Arc::clone(&metrics)))),
            wal_frames: AtomicU32::new(0),
            wal_frames_max: u32::try_from(frames).unwrap_or(u32::MAX),
            log_grown: Arc::default(),
            to_lead: Bell::default(),
            is_full: AtomicBool::new(false),
            metrics,
        })
    }

    pub(super) fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let began = Instant::now();
        let ticket = Ticket::new();
        let (job, slot) = Job::new(work, Arc::clone(&ticket));
        if self.enqueue(job)? {
            self.lead();
        }
        let done = ticket.wait();
        self.metrics.writes.wait.note_time(began.elapsed());
        match done {
            Done::Ran => taken(&slot),
            Done::Panicked(panic) => resume_unwind(panic),
            Done::Failed(fault) => Err(fault.into()),
        }
    }

    /// Queues a unit; true if its caller has to lead.
    fn enqueue(&self, job: Job) -> Result<bool> {
        let mut queue = self.queue.lock();
        if queue.closed {
            return Err(Error::Unavailable(Unavailable::Draining));
        }
        if queue.jobs.len() >= self.queue_max {
            drop(queue);
            self.metrics.writes.refused.step();
            return Err(Error::Unavailable(Unavailable::Busy));
        }
        queue.jobs.push_back(job);
        Ok(!std::mem::replace(&mut queue.led, true))
    }

    /// Runs one batch, then hands leadership on, then releases the replies: in this order, so that the
    /// writer's thread is on its way while they are told.
    fn lead(&self) {
        let mut desk = self.desk.lock();
        let hand_on = HandOn(self);
        let Some(open) = desk.as_mut() else {
            // Closed: whoever still waits is told so.
            let late = std::mem::take(&mut self.queue.lock().jobs);
            let closed = || Done::Failed(Error::Unavailable(Unavailable::Draining));
            for job in late {
                job.answer(closed());
            }
            return;
        };
        let (answers, effort) = open.run(|| self.queue.lock().jobs.pop_front());
        drop(desk);
        drop(hand_on);
        let writes = &self.metrics.writes;
        writes.units.add(answers.len() as u64);
        writes.commits.add(effort.commits);
        if !answers.is_empty() {
            writes.batch.note(answers.len() as u64);
        }
        // Before the replies: whoever has one sees it.
        if effort.is_full || effort.commits > 0 {
            self.is_full.store(effort.is_full, Ordering::Release);
        }
        if effort.commits > 0 {
            self.wal_frames.store(effort.wal_frames, Ordering::Relaxed);
            if effort.wal_frames >= self.wal_frames_max {
                self.log_grown.ring();
            }
        }
        for (job, done) in answers {
            job.answer(done);
        }
    }

    /// Keeps all writers away from the database while `work` runs between two batches.
    pub(super) fn pause<T>(&self, work: impl FnOnce() -> T) -> T {
        let desk = self.desk.lock();
        let result = work();
        drop(desk);
        result
    }

    pub(super) fn log_grown(&self) -> Arc<Bell> {
        Arc::clone(&self.log_grown)
    }

    pub(super) fn depth(&self) -> usize {
        self.queue.lock().jobs.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Acquire)
    }

    pub(super) const fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    pub(super) fn figures(&self) -> Figures {
        let writes = &self.metrics.writes;
        Figures {
            commits: writes.commits.value(),
            units: writes.units.value(),
            retries: writes.retries.value(),
            wal_frames: self.wal_frames.load(Ordering::Relaxed),
        }
    }

    /// Takes no more units, finishes those that wait, empties the log into the database, closes it.
    pub(super) fn close(&self) -> Result<()> {
        self.queue.lock().closed = true;
        loop {
            let Some(desk) = &mut *self.desk.lock() else { return Ok(()) };
            let (answers, _) = desk.run(|| self.queue.lock().jobs.pop_front());
            if answers.is_empty() {
                break;
            }
            for (job, done) in answers {
                job.answer(done);
            }
        }
        match self.desk.lock().take() {
            Some(desk) => shut(desk.conn()),
            None => Ok(()),
        }
    }
}

/// The writer's own thread, which leads while there is a queue.
pub(super) struct Leader {
    writer: Arc<Writer>,
    thread: JoinHandle<()>,
}

impl Leader {
    pub(super) fn start(writer: Arc<Writer>) -> Result<Self> {
        /// It has nothing to look after by itself.
        const PATIENCE: Duration = Duration::from_hours(1);
        let led = Arc::clone(&writer);
        let thread = std::thread::Builder::new()
            .name("cardinal-writer".into())
            .spawn(move || {
                loop {
                    match led.to_lead.wait(PATIENCE) {
                        // Whatever happens to one batch, the next has a leader.
                        Heard::Ring => drop(catch_unwind(AssertUnwindSafe(|| led.lead()))),
                        Heard::Quiet => {}
                        Heard::End => return,
                    }
                }
            })
            .map_err(Error::internal)?;
        Ok(Self { writer, thread })
    }

    /// Ends it, once the writer is closed.
    pub(super) fn end(self) {
        self.writer.to_lead.end();
        if self.thread.join().is_err() {
            tracing::error!("the writer's thread panicked");
        }
    }
}

/// Hands leadership to the writer's thread if there is a queue, also when the leader panics.
struct HandOn<'w>(&'w Writer);

impl Drop for HandOn<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue.lock();
        match queue.jobs.front() {
            Some(_) => self.0.to_lead.ring(),
            None => queue.led = false,
        }
    }
}

fn taken<T, E: From<Error>>(slot: &Slot<T, E>) -> Result<T, E> {
    slot.lock().take().unwrap_or_else(|| Err(Error::internal("a unit left no result").into()))
}

/// Empties the log. A server beside a short command may not write meanwhile, so its readers are not
/// waited for long: whoever closes last empties it, too.
fn shut(conn: &Connection) -> Result<()> {
    let optimised = conn.execute_batch("PRAGMA optimize");
    conn.busy_timeout(CLOSE_WAIT)?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(optimised?)
}
