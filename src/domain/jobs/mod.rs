//! Jobs: work that outlives the request that asked for it (seed 003's "processQueueItem"). Owns table `jobs`. A worker
//! claims a job for a while, its lease; every claim has a number of its own, and whatever is told under an older one,
//! or after the lease, changes nothing. So a job is handed to one worker at a time, and completed once, whoever
//! stalls, crashes or comes back late. It may run more than once: what it does outside of this database should bear
//! its id as an idempotency key.

mod queue;
mod depths;

use super::named;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{Id, random};
use crate::store::tx::{Named, named};
use crate::store::{Lane, Read, Row, RowResult, params};
use std::time::Duration;

pub use depths::{Depth, depths};
pub use queue::{
    cancel, claim, complete, enqueue, fail, give_up, heartbeat, next_due, next_lease_end, prune,
    reap, retry, snooze, take_back,
};

/// Marks a job's id.
#[derive(Debug)]
pub enum JobKind {}
/// A job's id.
pub type JobId = Id<JobKind>;

/// Most characters of a queue's name.
pub const QUEUE_MAX: usize = 64;
/// Most characters of a kind.
pub const KIND_MAX: usize = 100;
/// Most characters of a worker's name.
pub const WORKER_MAX: usize = 100;
/// Most characters of a dedupe key.
pub const DEDUPE_KEY_MAX: usize = 200;
/// Most characters of an attempt's error.
pub const ERROR_MAX: usize = 10_000;
/// Most bytes of a payload, as JSON.
pub const PAYLOAD_BYTES_MAX: usize = 64 * 1_024;
/// The priority that goes last.
pub const PRIORITY_MAX: i64 = 1_000;
/// The priority where nobody says.
pub const PRIORITY: i64 = 100;
/// Attempts where nobody says.
pub const ATTEMPTS: i64 = 10;
/// A lease where nobody says.
pub const LEASE: Duration = Duration::from_secs(30);

/// The queue of the jobs that call webhooks. The program's own queues are called as nobody else calls one.
pub const WEBHOOKS: &str = "cardinal-webhooks";
/// The queue of the jobs that send mail.
pub const MAIL: &str = "cardinal-mail";

/// Where the workers of a queue wait that are the program's own; none for a queue that others work.
pub fn lane(queue: &str) -> Option<Lane> {
    match queue {
        WEBHOOKS => Some(Lane::Webhooks),
        MAIL => Some(Lane::Mail),
        _ => None,
    }
}

/// What a worker of the program's own calls itself.
pub fn worker(queue: &str, number: impl std::fmt::Display) -> String {
    format!("{queue}-{number}")
}

/// The pause after the `attempt`-th failure as a plan has it, its last one from then on; give or take a tenth, so
/// that those who failed together do not come back together.
pub fn planned_pause(plan: &[Duration], attempt: i64) -> Duration {
    let at = usize::try_from(attempt - 1).unwrap_or(0).min(plan.len().saturating_sub(1));
    let planned = plan.get(at).copied().unwrap_or_default();
    let chance = u32::from(u16::from_le_bytes(random()));
    planned * 9 / 10 + planned / 5 * chance / u32::from(u16::MAX)
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// To be claimed, once its time has come.
    Available,
    /// A worker has it.
    Running,
    /// Done.
    Completed,
    /// Its last attempt failed.
    Dead,
    /// Not to be done any more.
    Cancelled,
}
named!(State {
    Available => "available",
    Running => "running",
    Completed => "completed",
    Dead => "dead",
    Cancelled => "cancelled",
});

/// What is to be done.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Which workers are to do it.
    pub queue: String,
    /// What it is.
    pub kind: String,
    /// What it is done with: JSON of at most [`PAYLOAD_BYTES_MAX`].
    pub payload: String,
    /// Not before this; at once if absent.
    pub run_at: Option<Millis>,
    /// 0 to [`PRIORITY_MAX`]; the lower goes first.
    pub priority: i64,
    /// Attempts before it is given up.
    pub max_attempts: i64,
    /// As long as a job of this kind with this key is open, there is no second.
    pub dedupe_key: Option<String>,
}

/// Who wants work.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Of which queue.
    pub queue: String,
    /// What the worker calls itself.
    pub worker: String,
    /// Jobs at most.
    pub limit: usize,
    /// For how long each is its own, unless it asks for more by a heartbeat.
    pub lease: Duration,
}

/// One claim of a job: what its worker shows with all that it tells about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: JobId,
    /// The number of the claim.
    pub token: i64,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// Which workers are to do it.
    pub queue: String,
    /// What it is.
    pub kind: String,
    /// How it stands.
    pub state: State,
    /// The lower goes first.
    pub priority: i64,
    /// Not before this.
    pub run_at: Millis,
    /// Attempts so far, the running one included.
    pub attempt: i64,
    /// Attempts before it is given up.
    pub max_attempts: i64,
    /// Claims so far: the token of the latest.
    pub lease_token: i64,
    /// Until when its worker has it.
    pub lease_until: Option<Millis>,
    /// Who has it, or had it last.
    pub worker: Option<String>,
    /// Keeps a second one of its kind out.
    pub dedupe_key: Option<String>,
    /// Whether it was cancelled while a worker had it.
    pub is_cancel_requested: bool,
    /// Why the last attempt that failed did.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created: Millis,
    /// When it was completed, given up or cancelled.
    pub finished: Option<Millis>,
    /// What it is done with, as JSON.
    pub payload: String,
}

impl Job {
    /// The claim that it was handed out by last.
    pub const fn lease(&self) -> Lease {
        Lease { job: self.id, token: self.lease_token }
    }
}

/// A query for whole jobs; `$rest` begins behind the table's name.
macro_rules! select_jobs {
    ($rest:literal) => {
        concat!(
            "SELECT id, queue, kind, state, priority, run_ms, attempt, max_attempts, lease_token,
               lease_until_ms, worker, dedupe_key, cancel_requested, last_error, created_ms,
               finished_ms, payload
             FROM jobs ",
            $rest
        )
    };
}

fn from_row(row: &Row<'_>) -> RowResult<Job> {
    Ok(Job {
        id: row.get(0)?,
        queue: row.get(1)?,
        kind: row.get(2)?,
        state: named(row, 3)?,
        priority: row.get(4)?,
        run_at: row.get(5)?,
        attempt: row.get(6)?,
        max_attempts: row.get(7)?,
        lease_token: row.get(8)?,
        lease_until: row.get(9)?,
        worker: row.get(10)?,
        dedupe_key: row.get(11)?,
        is_cancel_requested: row.get(12)?,
        last_error: row.get(13)?,
        created: row.get(14)?,
        finished: row.get(15)?,
        payload: row.get(16)?,
    })
}

/// A job.
pub fn find(read: &Read<'_>, id: JobId) -> Result<Job> {
    read.maybe(select_jobs!("WHERE id = ?1"), params![id], from_row)?.ok_or(Error::NotFound("job"))
}

/// The open job of this kind and key.
fn open_with_key(read: &Read<'_>, kind: &str, dedupe_key: Option<&str>) -> Result<Job> {
    read.one(
        select_jobs!(
            "WHERE kind = ?1 AND dedupe_key = ?2 AND dedupe_key IS NOT NULL
               AND state IN ('available', 'running')"
        ),
        params![kind, dedupe_key],
        from_row,
    )
}

/// Jobs before `before`, newest first; those of one queue or in one state, if asked.
pub fn list(
    read: &Read<'_>,
    queue: Option<&str>,
    state: Option<State>,
    before: Option<JobId>,
    limit: u32,
) -> Result<Vec<Job>> {
    // SCAN: in the order of the ids, as far as the page goes; by readers, for a person.
    read.all(
        select_jobs!(
            "WHERE queue = coalesce(?1, queue) AND state = coalesce(?2, state)
               AND (?3 IS NULL OR id < ?3)
             ORDER BY id DESC LIMIT ?4"
        ),
        params![queue, state.map(Named::name), before, limit],
        from_row,
    )
}
