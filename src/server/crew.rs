//! The threads that serve connections: one each, and a thread whose connection has ended waits a while
//! for the next one, since starting a thread costs about as much as a short connection does.

use super::registry::Seat;
use crate::clock::Instant;
use crate::config::Limits;
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::thread::Builder;
use std::time::Duration;

/// What a thread does with a connection.
pub(super) type Serve = dyn Fn(&Seat) + Send + Sync;

/// All threads that serve connections of one server.
#[derive(Debug)]
pub(super) struct Crew {
    stack_bytes: usize,
    parked_deadline: Duration,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Connections handed to parked threads; never more than there are parked threads.
    handed: VecDeque<Seat>,
    parked: usize,
    threads: usize,
    dismissed: bool,
}

impl Crew {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            stack_bytes: limits.connection_stack_bytes,
            parked_deadline: limits.parked_deadline,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Has `seat` served by a parked thread or a new one. Fails, and drops the seat, if no thread can
    /// be started.
    pub(super) fn take_on(self: &Arc<Self>, seat: Seat, serve: &Arc<Serve>) -> io::Result<()> {
        let mut state = self.state.lock();
        if state.handed.len() < state.parked {
            state.handed.push_back(seat);
            drop(state);
            self.changed.notify_one();
            return Ok(());
        }
        state.threads += 1;
        drop(state);
        let membership = Membership(Arc::clone(self));
        let serve = Arc::clone(serve);
        Builder::new()
            .name("connection".into())
            .stack_size(self.stack_bytes)
            .spawn(move || membership.work(seat, serve))
            .map(drop)
    }

    /// Lets parked threads go, and the others as soon as their connection has ended.
    pub(super) fn dismiss(&self) {
        self.state.lock().dismissed = true;
        self.changed.notify_all();
    }

    /// Waits until every thread has gone; false if some are left after `span`.
    pub(super) fn wait_gone(&self, span: Duration) -> bool {
        let until = Instant::now() + span;
        let mut state = self.state.lock();
        while state.threads > 0 {
            if self.changed.wait_until(&mut state, until).timed_out() {
                return state.threads == 0;
            }
        }
        true
    }

    /// The next connection for a thread that has none; `None` if it is to end.
    fn next(&self) -> Option<Seat> {
        let until = Instant::now() + self.parked_deadline;
        let mut state = self.state.lock();
        state.parked += 1;
        while state.handed.is_empty() && !state.dismissed {
            if self.changed.wait_until(&mut state, until).timed_out() {
                break;
            }
        }
        state.parked -= 1;
        state.handed.pop_front()
    }
}

/// A thread's membership, counted until it is dropped, even by a panic.
struct Membership(Arc<Crew>);

impl Membership {
    fn work(self, first: Seat, serve: Arc<Serve>) {
        let mut seat = Some(first);
        while let Some(current) = seat {
            serve(&current);
            drop(current);
            seat = self.0.next();
        }
        // What is served may own a database: it must be let go before the thread counts as gone.
        drop(serve);
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.0.state.lock().threads -= 1;
        self.0.changed.notify_all();
    }
}
