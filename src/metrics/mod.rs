//! What is counted while the program runs: atomics, each process's own and nothing when it starts, so that nobody
//! waits for a lock to be counted. What happens in a transaction that is undone and tried again is counted each time:
//! these are figures of work done, not of what stands in the tables.

mod kinds;
mod text;
mod process;

pub use kinds::{Counter, Gauge, Histogram};
pub use process::Process;
pub use text::{CONTENT_TYPE, Labels, Page};

use crate::clock::Millis;

/// What is counted of one server, below HTTP.
#[derive(Debug)]
pub struct Metrics {
    /// When it was begun.
    pub started: Millis,
    /// The write path.
    pub writes: Writes,
    /// The reading connections.
    pub reads: Reads,
    /// Addresses of cards made from their names.
    pub slugs: Slugs,
    /// Requests that bore an Idempotency-Key.
    pub keys: Keys,
    /// Logins by password.
    pub logins: Logins,
    /// Attempts of any kind that were refused because there were too many.
    pub throttled: Counter,
    /// What was done to a job under a lease that was lost.
    pub leases_lost: Counter,
    /// What was seen in public, could not be held in memory and was not counted.
    pub hits_lost: Counter,
}

impl Metrics {
    /// Nothing has happened.
    pub fn new(started: Millis) -> Self {
        Self {
            started,
            writes: Writes::default(),
            reads: Reads::default(),
            slugs: Slugs::default(),
            keys: Keys::default(),
            logins: Logins::default(),
            throttled: Counter::default(),
            leases_lost: Counter::default(),
            hits_lost: Counter::default(),
        }
    }
}

/// The write path.
#[derive(Debug)]
pub struct Writes {
    /// Units answered, kept or not.
    pub units: Counter,
    /// Transactions committed.
    pub commits: Counter,
    /// Transactions begun again because another process held the lock.
    pub retries: Counter,
    /// Transactions that found the lock taken at first and got it.
    pub recovered: Counter,
    /// Transactions that found the lock taken until nobody tried any more.
    pub exhausted: Counter,
    /// How often transactions were begun until they had the lock, or nobody tried any more.
    pub attempts: Histogram,
    /// Units that were refused because too many waited.
    pub refused: Counter,
    /// Batches that were undone because the disk was full.
    pub full: Counter,
    /// Commits that one unit spoiled, so that the others had to run again.
    pub spoiled: Counter,
    /// Units of a batch.
    pub batch: Histogram,
    /// How long COMMIT took, the wait for the disk included.
    pub commit: Histogram,
    /// How long units took from their arrival to their answer.
    pub wait: Histogram,
    /// Checkpoints that copied all of the log.
    pub checkpoints: Counter,
    /// Checkpoints that a reader or a writer kept from the log's end.
    pub checkpoints_partial: Counter,
    /// Checkpoints that failed.
    pub checkpoints_failed: Counter,
}

impl Default for Writes {
    fn default() -> Self {
        Self {
            units: Counter::default(),
            commits: Counter::default(),
            retries: Counter::default(),
            recovered: Counter::default(),
            exhausted: Counter::default(),
            attempts: Histogram::new(ATTEMPTS),
            refused: Counter::default(),
            full: Counter::default(),
            spoiled: Counter::default(),
            batch: Histogram::new(BATCH),
            commit: Histogram::new(WAIT_NS),
            wait: Histogram::new(WAIT_NS),
            checkpoints: Counter::default(),
            checkpoints_partial: Counter::default(),
            checkpoints_failed: Counter::default(),
        }
    }
}

/// The reading connections.
#[derive(Debug, Default)]
pub struct Reads {
    /// Those who wait for one at the moment.
    pub waiting: Gauge,
    /// How many had to wait.
    pub waits: Counter,
    /// How many waited in vain.
    pub refused: Counter,
}

/// Addresses of cards made from their names.
#[derive(Debug)]
pub struct Slugs {
    /// The plain name was free.
    pub first_try: Counter,
    /// It got a suffix.
    pub suffixed: Counter,
    /// Ten were tried and none was free.
    pub exhausted: Counter,
    /// How many were tried.
    pub attempts: Histogram,
}

impl Default for Slugs {
    fn default() -> Self {
        let [first_try, suffixed, exhausted] = [(); 3].map(|()| Counter::default());
        Self { first_try, suffixed, exhausted, attempts: Histogram::new(ATTEMPTS) }
    }
}

/// Requests that bore an Idempotency-Key.
#[derive(Debug, Default)]
pub struct Keys {
    /// The key was new.
    pub new: Counter,
    /// The stored reply was given.
    pub replayed: Counter,
    /// The key had been used for another request.
    pub reused: Counter,
}

/// Logins by password.
#[derive(Debug, Default)]
pub struct Logins {
    /// They are in.
    pub ok: Counter,
    /// Wrong address or password.
    pub failed: Counter,
}

/// How often something was tried.
const ATTEMPTS: &[u64] = &[1, 2, 3, 4, 5, 10];
/// How many units were together.
const BATCH: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256];
/// Nanoseconds of a wait for the disk: 50 µs to 2.5 s.
const WAIT_NS: &[u64] = &[
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000,
];
/// Nanoseconds of a request: 0.25 ms to 5 s.
pub const REQUEST_NS: &[u64] = &[
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000,
    5_000_000_000,
];
