//! One batch of units on the writer's connection: begin, a savepoint each, commit; and what happens
//! when that goes wrong.

use super::constraint::{is_busy, is_constraint};
use super::ticket::{Done, Job, Outcome};
use super::tx::{Epoch, Tx};
use super::wal;
use crate::clock::{Clock, Instant, Stop};
use crate::config::Limits;
use crate::error::{Error, Result, Unavailable};
use crate::id::{Ids, random};
use crate::metrics::Metrics;
use rusqlite::Connection;
use std::sync::Arc;
use std::time::Duration;

/// What the leader works with; whoever holds it is the only one who writes.
pub(super) struct Desk {
    conn: Connection,
    clock: Clock,
    limits: Limits,
    ids: Ids,
    epoch: Epoch,
    metrics: Arc<Metrics>,
    /// `PRAGMA data_version`: another process has committed when it changes.
    data_version: i64,
}

/// Units with what their callers are to be told, once the leader has the time.
pub(super) type Answers = Vec<(Job, Done)>;

/// What a batch did, for the figures.
#[derive(Default, Clone, Copy)]
pub(super) struct Effort {
    pub(super) commits: u64,
    /// Frames in the write-ahead log after the last commit.
    pub(super) wal_frames: u32,
    /// The disk was full for the last that tried to write.
    pub(super) is_full: bool,
}

impl Desk {
    pub(super) fn new(
        conn: Connection,
        clock: Clock,
        limits: Limits,
        metrics: Arc<Metrics>,
    ) -> Self {
        wal::watch(&conn);
        let (ids, epoch) = (Ids::new(), Epoch::new());
        Self { conn, clock, limits, ids, epoch, metrics, data_version: 0 }
    }

    pub(super) const fn conn(&self) -> &Connection {
        &self.conn
    }

    /// Takes units from `next` and answers for each, until there are none or the batch is full.
    pub(super) fn run(&mut self, mut next: impl FnMut() -> Option<Job>) -> (Answers, Effort) {
        let mut effort = Effort::default();
        let mut batch = Batch::default();
        let Some(first) = next() else { return (batch.ran, effort) };
        if let Err(fault) = self.begin() {
            // Those who came meanwhile have waited with the first: one after the other they would wait so
            // long again each.
            let waiting = std::iter::once(first).chain(std::iter::from_fn(next));
            batch.ran.extend(waiting.map(|job| (job, Done::Ran)));
            self.abandon(&mut batch, &mut effort, &fault);
            return (batch.ran, effort);
        }
        let until = Instant::now() + self.limits.batch_time_max;
        let mut job = Some(first);
        while let Some(unit) = job {
            if let Err(fault) = self.unit(unit, &mut batch) {
                self.abandon(&mut batch, &mut effort, &fault);
                return (batch.ran, effort);
            }
            let full = batch.ran.len() >= self.limits.batch_units_max || Instant::now() >= until;
            job = if full { None } else { next() };
        }
        self.finish(&mut batch, &mut effort);
        (batch.ran, effort)
    }

    /// Runs one unit inside the open transaction. An error means that the transaction is lost.
    fn unit(&mut self, unit: Job, batch: &mut Batch) -> Result<()> {
        // The first to keep anything needs no savepoint: until then the transaction is its own.
        let alone = batch.kept == 0;
        let began = self.epoch.value();
        if !alone {
            self.execute("SAVEPOINT unit")?;
        }
        let outcome = unit.run(&self.tx());
        // SQLite rolls everything back by itself after some faults (a full disk); a statement that came
        // after that would have been a transaction of its own.
        let lost = self.conn.is_autocommit();
        let (is_kept, done) = match outcome {
            Outcome::Keep => (true, Done::Ran),
            Outcome::Undo => (false, Done::Ran),
            Outcome::Panic(panic) => (false, Done::Panicked(panic)),
        };
        batch.ran.push((unit, done));
        if lost {
            return Err(Error::Unavailable(Unavailable::DiskFull));
        }
        if is_kept {
            batch.kept += 1;
            return if alone { Ok(()) } else { self.execute("RELEASE unit") };
        }
        self.undo(alone)?;
        if self.epoch.value() != began {
            self.epoch.step();
        }
        Ok(())
    }

    fn tx(&self) -> Tx<'_> {
        Tx::new(&self.conn, self.clock.now(), &self.ids, &self.epoch, &self.metrics)
    }

    fn undo(&mut self, alone: bool) -> Result<()> {
        if alone {
            self.execute("ROLLBACK")?;
            return self.begin();
        }
        self.execute("ROLLBACK TO unit")?;
        self.execute("RELEASE unit")
    }

    /// Commits; where that is refused for what one of the units did, runs them all again one by one: also
    /// those that were refused, for what they met may have been undone with the others.
    fn finish(&mut self, batch: &mut Batch, effort: &mut Effort) {
        if batch.kept == 0 {
            if let Err(fault) = self.execute("ROLLBACK") {
                tracing::error!(%fault, "an empty transaction did not end");
            }
            return;
        }
        let Err(fault) = self.commit(effort) else { return };
        if is_constraint(&fault) {
            self.roll_back();
            self.metrics.writes.spoiled.step();
            for (job, done) in &mut batch.ran {
                if !matches!(done, Done::Panicked(_)) {
                    *done = self.single(job, effort);
                }
            }
            return;
        }
        tracing::error!(%fault, units = batch.kept, "a commit failed");
        self.abandon(batch, effort, &fault.into());
    }

    /// One unit in a transaction of its own.
    fn single(&mut self, job: &Job, effort: &mut Effort) -> Done {
        if let Err(fault) = self.begin() {
            return Done::Failed(fault);
        }
        let outcome = job.run(&self.tx());
        let done = match outcome {
            Outcome::Keep => match self.commit(effort) {
                Ok(()) => return Done::Ran,
                Err(fault) => {
                    let fault = Error::from(fault);
                    effort.is_full |= is_full(&fault);
                    Done::Failed(fault)
                }
            },
            Outcome::Undo => Done::Ran,
            Outcome::Panic(panic) => Done::Panicked(panic),
        };
        self.roll_back();
        done
    }

    /// Tells everybody in a batch that was undone: also those who were refused, for what they met is gone.
    fn abandon(&mut self, batch: &mut Batch, effort: &mut Effort, fault: &Error) {
        self.roll_back();
        if is_full(fault) {
            effort.is_full = true;
            self.metrics.writes.full.step();
        }
        for (_, done) in &mut batch.ran {
            if matches!(done, Done::Panicked(_)) {
                continue;
            }
            *done = Done::Failed(match fault {
                Error::Unavailable(why) => Error::Unavailable(*why),
                other => Error::internal(other.to_string()),
            });
        }
    }

    /// `BEGIN IMMEDIATE`, again while another process holds the lock: bounded, with full jitter.
    fn begin(&mut self) -> Result<()> {
        let writes = &self.metrics.writes;
        let mut attempt = 1;
        loop {
            let begun = self.conn.prepare_cached("BEGIN IMMEDIATE").and_then(|mut s| s.execute([]));
            match begun {
                Ok(_) => {
                    writes.attempts.note(attempt.into());
                    if attempt > 1 {
                        writes.recovered.step();
                    }
                    return self.notice_others();
                }
                Err(fault) if is_busy(&fault) && attempt < self.limits.busy_attempts_max => {
                    let pause = jitter(attempt, self.limits.busy_backoff_max);
                    tracing::warn!(attempt, pause_ms = pause.as_millis(), "the database is locked");
                    writes.retries.step();
                    Stop::default().wait(pause);
                    attempt += 1;
                }
                Err(fault) => {
                    writes.attempts.note(attempt.into());
                    if attempt > 1 {
                        writes.exhausted.step();
                    }
                    return Err(fault.into());
                }
            }
        }
    }

    /// What is remembered about credentials is void when another process may have changed them.
    fn notice_others(&mut self) -> Result<()> {
        let version = self
            .conn
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get::<_, i64>(0))?;
        if version != self.data_version {
            self.data_version = version;
            self.epoch.step();
        }
        Ok(())
    }

    fn commit(&mut self, effort: &mut Effort) -> Result<(), rusqlite::Error> {
        let began = Instant::now();
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        self.metrics.writes.commit.note_time(began.elapsed());
        effort.commits += 1;
        effort.wal_frames = wal::frames();
        effort.is_full = false;
        Ok(())
    }

    fn roll_back(&mut self) {
        self.epoch.step();
        if self.conn.is_autocommit() {
            return;
        }
        if let Err(fault) = self.execute("ROLLBACK") {
            tracing::error!(%fault, "a transaction did not roll back");
        }
    }

    fn execute(&self, sql: &str) -> Result<()> {
        self.conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}

#[derive(Default)]
struct Batch {
    /// Units in the order they came, with what their callers are to be told if the commit stands.
    ran: Answers,
    /// How many of them have changes in the open transaction.
    kept: usize,
}

const fn is_full(fault: &Error) -> bool {
    matches!(fault, Error::Unavailable(Unavailable::DiskFull))
}

/// Full jitter (S§14): anything up to a bound that doubles with each attempt.
fn jitter(attempt: u32, cap: Duration) -> Duration {
    let bound = Duration::from_millis(5).saturating_mul(1 << attempt.min(10)).min(cap);
    bound.mul_f64(f64::from(u32::from_le_bytes(random())) / f64::from(u32::MAX))
}
