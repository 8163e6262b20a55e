//! What becomes of jobs. Every verb is one statement that names the state it begins from; whatever a worker tells is
//! fenced by its lease: the job is running under this token, and the lease is not over. No instant is a holder's
//! (`lease_until_ms > now`) and the reaper's (`<=`).

use super::{Claim, Job, JobId, Lease, NewJob, State, find, lane, open_with_key, worker};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::random;
use crate::store::tx::Named;
use crate::store::{Changed, Read, Tx, params};
use serde_json::json;
use std::time::Duration;

/// Bytes of payload after which a claim takes no further job: its answer has to be kept for an Idempotency-Key.
const CLAIM_BYTES: usize = 512 * 1_024;
/// One claim in so many takes whatever has been due for [`PATIENCE`] first, so that no priority starves.
const FAIR_EVERY: u8 = 10;
/// How long a job waits behind those of lower priority before that.
const PATIENCE: Duration = Duration::from_mins(1);
/// The first pause after a failure is at most this; each further one may be twice as long,
const BACKOFF_BASE_MS: i64 = 1_000;
/// up to this.
const BACKOFF_CAP_MS: i64 = 6 * 60 * 60 * 1_000;
/// How long a job that is completed or cancelled is kept.
const DONE_KEPT: Duration = Duration::from_hours(24);
/// How long one that was given up is kept.
const DEAD_KEPT: Duration = Duration::from_hours(30 * 24);

/// Asks for work in the transaction of what makes it necessary; and whether an open job of this kind and key was
/// there already, which is returned then, whatever its queue.
pub fn enqueue(tx: &Tx<'_>, new: &NewJob) -> Result<(Job, bool)> {
    let id = tx.new_id();
    let run_at = new.run_at.map_or(tx.now(), |at| at.max(tx.now()));
    let made = tx.change(
        "INSERT INTO jobs(id, queue, kind, payload, state, priority, run_ms, max_attempts,
           dedupe_key, created_ms)
         VALUES (?1, ?2, ?3, ?4, 'available', ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT(kind, dedupe_key)
           WHERE dedupe_key IS NOT NULL AND state IN ('available', 'running') DO NOTHING",
        params![
            id,
            new.queue,
            new.kind,
            new.payload,
            new.priority,
            run_at,
            new.max_attempts,
            new.dedupe_key,
            tx.now(),
        ],
    )?;
    if made.count() == 1 {
        ring(tx, &new.queue);
        return Ok((find(tx, id)?, false));
    }
    Ok((open_with_key(tx, &new.kind, new.dedupe_key.as_deref())?, true))
}

/// Wakes the worker of this queue, if it is one of the program's own.
fn ring(tx: &Tx<'_>, queue: &str) {
    if let Some(lane) = lane(queue) {
        tx.made_work(lane);
    }
}

/// Hands out jobs that are due, each to nobody else before its lease is over, in the order of their priority. Less
/// than asked for where there are no more, or where their payloads are long.
pub fn claim(tx: &Tx<'_>, claim: &Claim) -> Result<Vec<Job>> {
    let [chance] = random::<1>();
    let is_fair = chance < u8::MAX / FAIR_EVERY;
    let (mut claimed, mut bytes) = (Vec::new(), 0);
    while claimed.len() < claim.limit && bytes < CLAIM_BYTES {
        let longest = if is_fair { take_longest_waiting(tx, claim)? } else { None };
        let next = if longest.is_some() { longest } else { take_first(tx, claim)? };
        let Some(id) = next else { break };
        let job = find(tx, id)?;
        bytes += job.payload.len();
        claimed.push(job);
    }
    Ok(claimed)
}

/// Takes the job of the lowest priority that is due, the one that has waited longest among those. Goes from one
/// priority in use to the next by the index, so that what is not due is not gone through, however much it is.
fn take_first(tx: &Tx<'_>, claim: &Claim) -> Result<Option<JobId>> {
    let (now, lease) = (tx.now(), millis(claim.lease));
    // SCAN: of `class`, the priorities up to the first that has a job due.
    tx.changed(
        "UPDATE jobs SET state = 'running', attempt = attempt + 1, lease_token = lease_token + 1,
           worker = ?3, lease_ms = ?4, lease_until_ms = ?2 + ?4
         WHERE state = 'available' AND id = (
           WITH RECURSIVE class(priority, id) AS (
             SELECT -1, NULL
             UNION ALL
             SELECT a.priority, (
               SELECT j.id FROM jobs j WHERE j.state = 'available' AND j.queue = ?1
                 AND j.priority = a.priority AND j.run_ms <= ?2
               ORDER BY j.run_ms, j.id LIMIT 1)
             FROM class JOIN jobs a ON a.rowid = (
               SELECT n.rowid FROM jobs n WHERE n.state = 'available' AND n.queue = ?1
                 AND n.priority > class.priority
               ORDER BY n.priority LIMIT 1)
             WHERE class.id IS NULL)
           SELECT id FROM class WHERE id IS NOT NULL)
         RETURNING id",
        params![claim.queue, now, claim.worker, lease],
        |row| row.get(0),
    )
}

/// Takes the job that has been due longest, if for more than [`PATIENCE`].
fn take_longest_waiting(tx: &Tx<'_>, claim: &Claim) -> Result<Option<JobId>> {
    let (now, lease) = (tx.now(), millis(claim.lease));
    tx.changed(
        "UPDATE jobs SET state = 'running', attempt = attempt + 1, lease_token = lease_token + 1,
           worker = ?3, lease_ms = ?4, lease_until_ms = ?2 + ?4
         WHERE state = 'available' AND id = (
           SELECT id FROM jobs WHERE state = 'available' AND queue = ?1 AND run_ms <= ?2 - ?5
           ORDER BY run_ms, id LIMIT 1)
         RETURNING id",
        params![claim.queue, now, claim.worker, lease, millis(PATIENCE)],
        |row| row.get(0),
    )
}

/// Says that a job is done. Whoever does a job inside this database calls it in the transaction of the effect: then
/// the effect is there if and only if it was counted. `lease-lost`.
pub fn complete(tx: &Tx<'_>, lease: Lease) -> Result<Job> {
    let done = tx.change(
        "UPDATE jobs SET state = 'completed', finished_ms = ?3, lease_ms = NULL,
           lease_until_ms = NULL
         WHERE id = ?1 AND lease_token = ?2 AND state = 'running' AND lease_until_ms > ?3
           AND cancel_requested = 0",
        params![lease.job, lease.token, tx.now()],
    )?;
    answer(tx, lease, done)
}

/// Holds a job for another lease from now on: of `length`, or as long as the one before. `lease-lost`.
pub fn heartbeat(tx: &Tx<'_>, lease: Lease, length: Option<Duration>) -> Result<Job> {
    let held = tx.change(
        "UPDATE jobs SET lease_ms = coalesce(?4, lease_ms),
           lease_until_ms = ?3 + coalesce(?4, lease_ms)
         WHERE id = ?1 AND lease_token = ?2 AND state = 'running' AND lease_until_ms > ?3
           AND cancel_requested = 0",
        params![lease.job, lease.token, tx.now(), length.map(millis)],
    )?;
    answer(tx, lease, held)
}

/// Says that an attempt failed: the job is available again after `retry_after` or the back-off, or dead if it was the
/// last. One that was to be cancelled is cancelled. `lease-lost`.
pub fn fail(tx: &Tx<'_>, lease: Lease, error: &str, retry_after: Option<Duration>) -> Result<Job> {
    let end = End { error: Some(error), pause: retry_after, ..End::HELD };
    let ended = end_attempt(tx, lease, &end)?;
    answer(tx, lease, ended)
}

/// Says that an attempt failed and that none would go better: the job is dead at once. One that was to be cancelled is
/// cancelled. `lease-lost`.
pub fn give_up(tx: &Tx<'_>, lease: Lease, error: &str) -> Result<Job> {
    let end = End { error: Some(error), is_last: true, ..End::HELD };
    let ended = end_attempt(tx, lease, &end)?;
    answer(tx, lease, ended)
}

/// Puts a job off without having tried: the attempt does not count. One that was to be cancelled is cancelled.
/// `lease-lost`.
pub fn snooze(tx: &Tx<'_>, lease: Lease, pause: Duration) -> Result<Job> {
    let end = End { counts: false, pause: Some(pause), ..End::HELD };
    let ended = end_attempt(tx, lease, &end)?;
    answer(tx, lease, ended)
}

/// How an attempt ended that completed nothing.
struct End<'a> {
    /// The lease is not over; else it is.
    is_held: bool,
    /// Whether it counts as an attempt.
    counts: bool,
    error: Option<&'a str>,
    /// Until the next one; a back-off if absent.
    pause: Option<Duration>,
    /// Whether there is none.
    is_last: bool,
}

impl End<'_> {
    /// The end of an attempt that its worker tells of.
    const HELD: Self =
        Self { is_held: true, counts: true, error: None, pause: None, is_last: false };
}

/// The back-off is a random share of a span that doubles with each attempt ("full jitter"), so that those who failed
/// together do not come back together.
fn end_attempt(tx: &Tx<'_>, lease: Lease, end: &End<'_>) -> Result<Changed> {
    let share = u32::from_le_bytes(random());
    tx.change(
        "UPDATE jobs SET
           state = CASE WHEN cancel_requested = 1 THEN 'cancelled'
                        WHEN ?11 OR attempt - ?5 >= max_attempts THEN 'dead' ELSE 'available' END,
           finished_ms = iif(cancel_requested = 1 OR ?11 OR attempt - ?5 >= max_attempts, ?3, NULL),
           run_ms = iif(cancel_requested = 1 OR ?11 OR attempt - ?5 >= max_attempts, run_ms,
             ?3 + coalesce(?7, (?8 * min(?10, ?9 << min(attempt - 1, 30))) >> 32)),
           attempt = attempt - ?5, last_error = coalesce(?6, last_error), lease_ms = NULL,
           lease_until_ms = NULL
         WHERE id = ?1 AND lease_token = ?2 AND state = 'running'
           AND (lease_until_ms > ?3) = ?4",
        params![
            lease.job,
            lease.token,
            tx.now(),
            end.is_held,
            !end.counts,
            end.error,
            end.pause.map(millis),
            share,
            BACKOFF_BASE_MS,
            BACKOFF_CAP_MS,
            end.is_last,
        ],
    )
}

/// The job as it is now, or why its worker has lost it. A worker that is told `cancelled` drops its work and says so
/// by [`fail`]; if it does not, the end of the lease does.
fn answer(tx: &Tx<'_>, lease: Lease, changed: Changed) -> Result<Job> {
    let job = find(tx, lease.job)?;
    if changed.count() == 1 {
        return Ok(job);
    }
    tx.metrics().leases_lost.step();
    let (reason, detail) = match job.state {
        _ if job.lease_token != lease.token => ("reclaimed", "It was claimed anew since."),
        State::Running if job.lease_until > Some(tx.now()) => {
            ("cancelled", "It was cancelled meanwhile.")
        }
        State::Running | State::Available => ("expired", "Its lease is over."),
        State::Completed => ("completed", "It is completed."),
        State::Dead => ("dead", "It was given up."),
        State::Cancelled => ("cancelled", "It was cancelled meanwhile."),
    };
    let members = [("reason", json!(reason)), ("state", json!(job.state.name()))];
    let detail = format!("This job is no longer yours. {detail} Discard what you did.");
    Err(Error::conflict_with("lease-lost", detail, members))
}

/// Cancels a job: at once if nobody has it, else as soon as its worker asks or lets it go. Again is well; a job that
/// is completed or dead is `job-finished`.
pub fn cancel(tx: &Tx<'_>, id: JobId) -> Result<Job> {
    let cancelled = tx.change(
        "UPDATE jobs SET cancel_requested = (state = 'running'),
           finished_ms = iif(state = 'available', ?2, NULL),
           state = iif(state = 'available', 'cancelled', state)
         WHERE id = ?1 AND state IN ('available', 'running')",
        params![id, tx.now()],
    )?;
    let job = find(tx, id)?;
    match (cancelled.count(), job.state) {
        (0, State::Completed | State::Dead) => Err(finished(&job)),
        _ => Ok(job),
    }
}

/// Makes a job that is dead or cancelled available again, with an attempt at least, and one that waits for its time
/// at once. `job-finished` if it is completed, `job-running` if a worker has it, `duplicate-job` if another of its
/// kind and key was asked for meanwhile.
pub fn retry(tx: &Tx<'_>, id: JobId) -> Result<Job> {
    let again = tx.change(
        "UPDATE jobs SET run_ms = iif(state = 'available', min(run_ms, ?2), ?2),
           max_attempts = max(max_attempts, attempt + 1), state = 'available',
           cancel_requested = 0, finished_ms = NULL
         WHERE id = ?1 AND state IN ('available', 'dead', 'cancelled')",
        params![id, tx.now()],
    )?;
    let job = find(tx, id)?;
    match (again.count(), job.state) {
        (1, _) => {
            ring(tx, &job.queue);
            Ok(job)
        }
        (_, State::Running) => {
            let state = ("state", json!(job.state.name()));
            Err(Error::conflict_with("job-running", "A worker has this job.", [state]))
        }
        _ => Err(finished(&job)),
    }
}

fn finished(job: &Job) -> Error {
    let state = job.state.name();
    let detail = format!("This job is {state}.");
    Error::conflict_with("job-finished", detail, [("state", json!(state))])
}

/// When the next job of a queue is due; none waits if there is none.
pub fn next_due(read: &Read<'_>, queue: &str) -> Result<Option<Millis>> {
    read.maybe(
        "SELECT run_ms FROM jobs WHERE state = 'available' AND queue = ?1 ORDER BY run_ms, id LIMIT 1",
        params![queue],
        |row| row.get(0),
    )
}

/// When the first of all leases ends; nobody has a job if there is none.
pub fn next_lease_end(read: &Read<'_>) -> Result<Option<Millis>> {
    read.one("SELECT min(lease_until_ms) FROM jobs WHERE state = 'running'", [], |row| row.get(0))
}

/// Takes back jobs whose lease is over, at most `limit`, as if their workers had said that they failed; which.
pub fn reap(tx: &Tx<'_>, limit: u32) -> Result<Vec<JobId>> {
    let over: Vec<Lease> = tx.all(
        "SELECT id, lease_token FROM jobs WHERE state = 'running' AND lease_until_ms <= ?1
         ORDER BY lease_until_ms LIMIT ?2",
        params![tx.now(), limit],
        |row| Ok(Lease { job: row.get(0)?, token: row.get(1)? }),
    )?;
    let error = Some("The lease ran out.");
    end_all(tx, &over, &End { is_held: false, error, ..End::HELD })
}

/// Takes back the jobs that the program's own workers had in a queue when it ended without letting them go: to be
/// called by whoever has the right to serve, before its own workers begin; which.
pub fn take_back(tx: &Tx<'_>, queue: &str) -> Result<Vec<JobId>> {
    let held: Vec<Lease> = tx.all(
        "SELECT id, lease_token FROM jobs
         WHERE state = 'running' AND lease_until_ms > ?2 AND queue = ?1 AND worker GLOB ?3",
        params![queue, tx.now(), format!("{}*", worker(queue, ""))],
        |row| Ok(Lease { job: row.get(0)?, token: row.get(1)? }),
    )?;
    let error = Some("The program ended meanwhile.");
    end_all(tx, &held, &End { error, ..End::HELD })
}

fn end_all(tx: &Tx<'_>, leases: &[Lease], end: &End<'_>) -> Result<Vec<JobId>> {
    for lease in leases {
        // One by one: each has a back-off of its own.
        end_attempt(tx, *lease, end)?.one_or(|| Error::internal("a lease was ended meanwhile"))?;
    }
    Ok(leases.iter().map(|lease| lease.job).collect())
}

/// Deletes jobs that have been over for long, at most `limit`; how many.
pub fn prune(tx: &Tx<'_>, limit: u32) -> Result<usize> {
    let before = |kept: Duration| Millis(tx.now().0 - millis(kept));
    let gone = tx.change(
        "DELETE FROM jobs WHERE id IN (
           SELECT id FROM jobs WHERE finished_ms <= ?1 AND state IN ('completed', 'cancelled')
           UNION ALL
           SELECT id FROM jobs WHERE finished_ms <= ?2 AND state = 'dead'
           LIMIT ?3)",
        params![before(DONE_KEPT), before(DEAD_KEPT), limit],
    )?;
    Ok(gone.count())
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
