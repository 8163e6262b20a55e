//! Work that nobody waits for: writes what has been noted in memory, takes back jobs whose lease is over, ends what
//! has come to its end and deletes, a little at a time, what has expired.

mod hands;
mod webhooks;
mod mail;

use crate::clock::{Heard, Instant, Millis};
use crate::domain::events::Gathered;
use crate::domain::sessions::SessionId;
use crate::domain::{
    credits, events, idempotency, jobs, mails, resets, sessions, subscriptions, throttle, visitors,
};
use crate::error::{Error, Result};
use crate::http::scans::TOGETHER;
use crate::http::state::State;
use hands::{Craft, Hands};
use mail::Mailing;
use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use webhooks::Calling;

/// Between two rounds of deletion.
const ROUND: Duration = Duration::from_mins(1);
/// Between two looks at the leases that workers hold, at least: many short ones keep nobody busy.
const LOOK: Duration = Duration::from_secs(1);
/// Rows of one transaction: small, so that nobody who writes waits for long.
const ROWS: u32 = 500;

/// The thread that does it.
#[derive(Debug)]
pub struct Worker {
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
    hands: Vec<Hands>,
}

impl Worker {
    /// Starts it, by whoever has the right to serve: what the last one had in hand when it ended is due again.
    pub fn start(state: Arc<State>) -> Result<Self> {
        let mailing = Mailing::new(&state)?;
        take_back(&state)?;
        let its = Arc::clone(&state);
        let thread =
            std::thread::Builder::new().name("cardinal-worker".into()).spawn(move || work(&its));
        let mut worker =
            Self { thread: Some(thread.map_err(Error::internal)?), state, hands: Vec::new() };
        let (state, limits) = (&worker.state, &worker.state.config.limits);
        let calling = Hands::start(state, Calling::new(state), limits.webhook_calls_max);
        let mailing = Hands::start(state, mailing, limits.mail_senders_max);
        for hands in [calling, mailing] {
            worker.hands.push(hands.map_err(Error::internal)?);
        }
        Ok(worker)
    }
}

/// Ends it; what has been noted until then is written first.
impl Drop for Worker {
    fn drop(&mut self) {
        self.hands.clear();
        self.state.buffer.end();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the worker panicked");
        }
    }
}

/// Sleeps until something is noted, a lease ends or a round is due. While no job is leased only the round wakes it.
fn work(state: &State) {
    let mut round = Instant::now() + ROUND;
    let mut heard = Heard::Quiet;
    while heard != Heard::End {
        let lease_end = reap(state).unwrap_or_else(|fault| {
            tracing::warn!(%fault, "jobs were not taken back");
            Some(LOOK)
        });
        let to_round = round.saturating_duration_since(Instant::now());
        let patience = lease_end.map_or(to_round, |end| end.max(LOOK).min(to_round));
        let held = if state.buffer.holds() { TOGETHER } else { patience };
        heard = state.buffer.wait(patience.min(held));
        if heard == Heard::Ring {
            heard = state.buffer.gather(state.config.limits.buffer_time_max);
        }
        let now = (heard != Heard::End).then(|| state.store.clock().now());
        tell(flush_until(state, now), "what was noted was not written");
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

/// Writes all that has been noted.
pub fn flush(state: &State) -> Result<()> {
    flush_until(state, None)
}

/// Writes what has been noted, but for clicks that are held yet `now`. A login's use that cannot be written is lost:
/// one that goes on is noted again. What happened to shares and cards is kept for the next time.
fn flush_until(state: &State, now: Option<Millis>) -> Result<()> {
    let noted = state.buffer.take(now);
    if noted.hits.lost() > 0 {
        state.store.metrics().hits_lost.add(noted.hits.lost());
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

/// Takes back jobs whose lease is over; how long the first of the others lasts yet.
pub fn reap(state: &State) -> Result<Option<Duration>> {
    loop {
        let end = state.store.read(|read| {
            Ok::<_, Error>(jobs::next_lease_end(read)?.map(|end| end.since(read.now())))
        })?;
        if end != Some(Duration::ZERO) {
            return Ok(end);
        }
        let count = state.store.write::<_, Error, _>(|tx| {
            let over = jobs::reap(tx, ROWS)?;
            mails::settle(tx, &over)?;
            Ok(over.len())
        })?;
        tracing::info!(count, "jobs were taken back: their leases ran out");
    }
}

/// Makes due again what the program's own workers had in hand when it was killed.
fn take_back(state: &State) -> Result<()> {
    for queue in [Calling::QUEUE, Mailing::QUEUE] {
        let count = state.store.write::<_, Error, _>(move |tx| {
            let held = jobs::take_back(tx, queue)?;
            mails::settle(tx, &held)?;
            Ok(held.len())
        })?;
        if count > 0 {
            tracing::warn!(
                count,
                queue,
                "jobs were taken back: the program ended while it did them"
            );
        }
    }
    Ok(())
}

/// Ends subscriptions whose time has come, and deletes what has expired.
pub fn prune(state: &State) -> Result<()> {
    while state.store.write(|tx| subscriptions::expire(tx, ROWS))? == ROWS as usize {}
    while state.store.write(|tx| idempotency::prune(tx, ROWS))? == ROWS as usize {}
    while state.store.write(|tx| credits::expire(tx, ROWS))? == ROWS as usize {}
    while state.store.write(|tx| jobs::prune(tx, ROWS))? == ROWS as usize {}
    while state.store.write(|tx| crate::domain::webhooks::prune(tx, ROWS))? == ROWS as usize {}
    while state.store.write(|tx| mails::prune(tx, ROWS))? == ROWS as usize {}
    while state.store.write(|tx| visitors::prune(tx, ROWS))? == ROWS as usize {}
    let window = state.config.limits.login_window;
    state.store.write(move |tx| {
        throttle::prune(tx, window)?;
        resets::prune(tx)?;
        sessions::prune(tx)
    })?;
    Ok(())
}
