//! What the program's own workers have in common: threads that take one job of a queue after the other, each under a
//! lease, and sleep until there is one.

use crate::clock::Heard;
use crate::domain::jobs::{self, Claim, Job};
use crate::error::{Error, Result};
use crate::http::state::State;
use crate::store::Lane;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two looks for jobs that are due when nobody rings: another process may have made them.
const LOOK: Duration = Duration::from_mins(1);
/// How long a thread pauses after a fault.
const FAULT_PAUSE: Duration = Duration::from_secs(1);

/// What is done with the jobs of a queue.
pub(super) trait Craft: Send + Sync + 'static {
    /// The queue.
    const QUEUE: &'static str;
    /// Where its threads wait.
    const LANE: Lane;
    /// How long a job is a thread's own: longer than it takes.
    const LEASE: Duration;

    /// Does one job, and tells under its lease what came of it.
    fn perform(&self, state: &State, job: &Job) -> Result<()>;
}

/// The threads that work a queue.
#[derive(Debug)]
pub(super) struct Hands {
    state: Arc<State>,
    lane: Lane,
    threads: Vec<JoinHandle<()>>,
}

impl Hands {
    /// Starts so many.
    pub(super) fn start<C: Craft>(
        state: &Arc<State>,
        craft: C,
        count: usize,
    ) -> std::io::Result<Self> {
        let craft = Arc::new(craft);
        let threads = (0..count).map(|n| {
            let (state, craft) = (Arc::clone(state), Arc::clone(&craft));
            let name = jobs::worker(C::QUEUE, n);
            std::thread::Builder::new()
                .name(name.clone())
                .spawn(move || work(&state, &*craft, &name))
        });
        let threads = threads.collect::<std::io::Result<_>>()?;
        Ok(Self { state: Arc::clone(state), lane: C::LANE, threads })
    }
}

/// Ends them; a job that is being done is waited for.
impl Drop for Hands {
    fn drop(&mut self) {
        self.state.store.end_work(self.lane);
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!(lane = ?self.lane, "a thread that does jobs panicked");
            }
        }
    }
}

/// Works as long as there is something to do, and sleeps until there is.
fn work<C: Craft>(state: &State, craft: &C, name: &str) {
    loop {
        let patience = match next(state, craft, name) {
            Ok(patience) => patience,
            Err(fault) => {
                tracing::warn!(%fault, queue = C::QUEUE, "a job was not done");
                Some(FAULT_PAUSE)
            }
        };
        let patience = patience.unwrap_or(Duration::ZERO).min(LOOK);
        if state.store.wait_for_work(C::LANE, patience) == Heard::End {
            return;
        }
    }
}

/// Does one job; how long there is nothing to do then, or none if there may be more.
fn next<C: Craft>(state: &State, craft: &C, name: &str) -> Result<Option<Duration>> {
    // A look leaves the writer alone; only what is due is claimed.
    let due = state.store.read::<_, Error>(|read| {
        Ok(jobs::next_due(read, C::QUEUE)?.map(|due| due.since(read.now())))
    })?;
    if due != Some(Duration::ZERO) {
        return Ok(Some(due.unwrap_or(LOOK)));
    }
    let claim = Claim { queue: C::QUEUE.into(), worker: name.into(), limit: 1, lease: C::LEASE };
    let claimed = state.store.write::<_, Error, _>(move |tx| jobs::claim(tx, &claim))?;
    let Some(job) = claimed.into_iter().next() else { return Ok(None) };
    state.store.ring_for_work(C::LANE);
    // A lease has an end, which somebody has to watch.
    state.buffer.wake();
    craft.perform(state, &job)?;
    Ok(None)
}
