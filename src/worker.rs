//! Work that nobody waits for: writes what has been noted in memory, ends what has come to its end and deletes, a
//! little at a time, what has expired.

use crate::clock::{Heard, Instant, Millis};
use crate::domain::events::Gathered;
use crate::domain::sessions::SessionId;
use crate::domain::{
    credits, events, idempotency, resets, sessions, subscriptions, throttle, visitors,
};
use crate::error::{Error, Result};
use crate::http::state::State;
use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two rounds of deletion.
const ROUND: Duration = Duration::from_mins(1);
/// Rows of one transaction: small, so that nobody who writes waits for long.
const ROWS: u32 = 500;

/// The thread that does it.
#[derive(Debug)]
pub struct Worker {
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts it.
    pub fn start(state: Arc<State>) -> std::io::Result<Self> {
        let its = Arc::clone(&state);
        let thread =
            std::thread::Builder::new().name("cardinal-worker".into()).spawn(move || work(&its))?;
        Ok(Self { state, thread: Some(thread) })
    }
}

/// Ends it; what has been noted until then is written first.
impl Drop for Worker {
    fn drop(&mut self) {
        self.state.buffer.end();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the worker panicked");
        }
    }
}

/// Sleeps until something is noted or a round is due.
fn work(state: &State) {
    let mut round = Instant::now() + ROUND;
    let mut heard = Heard::Quiet;
    while heard != Heard::End {
        heard = state.buffer.wait(round.saturating_duration_since(Instant::now()));
        if heard == Heard::Ring {
            heard = state.buffer.gather(state.config.limits.buffer_time_max);
        }
        tell(flush(state), "what was noted was not written");
        if Instant::now() >= round {
            tell(prune(state), "what has expired was not deleted");
            round = Instant::now() + ROUND;
        }
    }
}

fn tell(done: Result<()>, what: &str) {
    if let Err(fault) = done {
        tracing::warn!(%fault, "{what}");
    }
}

/// Writes what has been noted. A login's use that cannot be written is lost: one that goes on is noted again.
/// What happened to shares and cards is kept for the next time.
pub fn flush(state: &State) -> Result<()> {
    let noted = state.buffer.take();
    if noted.hits.lost() > 0 {
        tracing::warn!(lost = noted.hits.lost(), "more was seen than could be noted");
    }
    let counted = count(state, noted.hits.into_parts(ROWS as usize));
    let uses: Vec<(SessionId, Millis)> = noted.uses.into_iter().collect();
    let idle = state.config.limits.session_idle;
    for some in uses.chunks(ROWS as usize) {
        let some = some.to_vec();
        state.store.write::<_, Error, _>(move |tx| sessions::note_uses(tx, &some, idle))?;
    }
    counted
}

/// Counts what has been gathered, a part at a time, in the order in which it happened.
fn count(state: &State, mut parts: VecDeque<Vec<Gathered>>) -> Result<()> {
    while let Some(part) = parts.pop_front() {
        let some = part.clone();
        if let Err(fault) = state.store.write(move |tx| events::apply(tx, &some)) {
            parts.push_front(part);
            state.buffer.give_back(parts.into_iter().flatten());
            return Err(fault);
        }
    }
    Ok(())
}

/// Ends subscriptions whose time has come, and deletes what has expired.
pub fn prune(state: &State) -> Result<()> {
    while state.store.write(|tx| subscriptions::expire(tx, ROWS))? == ROWS as usize {}
    while state.store.write(|tx| idempotency::prune(tx, ROWS))? == ROWS as usize {}
    while state.store.write(|tx| credits::expire(tx, ROWS))? == ROWS as usize {}
    while state.store.write(|tx| visitors::prune(tx, ROWS))? == ROWS as usize {}
    let window = state.config.limits.login_window;
    state.store.write(move |tx| {
        throttle::prune(tx, window)?;
        resets::prune(tx)?;
        sessions::prune(tx)
    })?;
    Ok(())
}
