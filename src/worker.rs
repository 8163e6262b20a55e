//! Work that nobody asks for: a little at a time, ends what has come to its end and deletes what has expired.

use crate::clock::Stop;
use crate::domain::{idempotency, sessions, subscriptions, throttle};
use crate::error::Result;
use crate::http::state::State;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two rounds.
const ROUND: Duration = Duration::from_mins(1);
/// Rows of one transaction: small, so that nobody who writes waits for long.
const ROWS: u32 = 500;

/// The thread that does it.
#[derive(Debug)]
pub struct Worker {
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts it.
    pub fn start(state: Arc<State>) -> std::io::Result<Self> {
        let stop = Stop::default();
        let heard = stop.clone();
        let thread =
            std::thread::Builder::new().name("cardinal-worker".into()).spawn(move || {
                while !heard.wait(ROUND) {
                    if let Err(fault) = prune(&state) {
                        tracing::warn!(%fault, "what has expired was left as it is");
                    }
                }
            })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.stop();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the worker panicked");
        }
    }
}

/// Ends subscriptions whose time has come, and deletes what has expired.
pub fn prune(state: &State) -> Result<()> {
    while state.store.write(|tx| subscriptions::expire(tx, ROWS))? == ROWS as usize {}
    while state.store.write(|tx| idempotency::prune(tx, ROWS))? == ROWS as usize {}
    let window = state.config.limits.login_window;
    state.store.write(move |tx| {
        throttle::prune(tx, window)?;
        sessions::prune(tx)
    })?;
    Ok(())
}
