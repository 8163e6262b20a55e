//! A unit of work on its way through the writer, and the place where its caller waits for it.

use super::tx::Tx;
use crate::error::{Error, Result};
use parking_lot::{Condvar, Mutex};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What one run of a unit came to.
pub(super) enum Outcome {
    /// Its changes stand, if the commit does.
    Keep,
    /// It answered an error: its changes are undone.
    Undo,
    /// It panicked: its changes are undone, and the panic goes on in its caller.
    Panic(Box<dyn Any + Send>),
}

/// What its caller is told.
pub(super) enum Done {
    /// It ran and its result counts.
    Ran,
    /// It panicked.
    Panicked(Box<dyn Any + Send>),
    /// The writer failed it; nothing of it stands.
    Failed(Error),
}

/// Where a caller waits for its unit to be done.
pub(super) struct Ticket {
    done: Mutex<Option<Done>>,
    turned: Condvar,
}

impl Ticket {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { done: Mutex::new(None), turned: Condvar::new() })
    }

    pub(super) fn wait(&self) -> Done {
        let mut done = self.done.lock();
        loop {
            match done.take() {
                Some(done) => return done,
                None => self.turned.wait(&mut done),
            }
        }
    }

    fn turn(&self, done: Done) {
        *self.done.lock() = Some(done);
        self.turned.notify_one();
    }
}

/// A unit of work, its result's type erased: the result itself goes to its caller's slot.
pub(super) struct Job {
    work: Box<dyn Fn(&Tx<'_>) -> Outcome + Send>,
    ticket: Option<Arc<Ticket>>,
}

/// Where a unit leaves its result for its caller.
pub(super) type Slot<T, E> = Arc<Mutex<Option<Result<T, E>>>>;

impl Job {
    pub(super) fn new<T, E, F>(work: F, ticket: Arc<Ticket>) -> (Self, Slot<T, E>)
    where
        F: Fn(&Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        let slot: Slot<T, E> = Arc::default();
        let filled = Arc::clone(&slot);
        let work = move |tx: &Tx<'_>| match catch_unwind(AssertUnwindSafe(|| work(tx))) {
            Ok(result) => {
                let outcome = if result.is_ok() { Outcome::Keep } else { Outcome::Undo };
                *filled.lock() = Some(result);
                outcome
            }
            Err(panic) => Outcome::Panic(panic),
        };
        (Self { work: Box::new(work), ticket: Some(ticket) }, slot)
    }

    pub(super) fn run(&self, tx: &Tx<'_>) -> Outcome {
        (self.work)(tx)
    }

    pub(super) fn answer(mut self, done: Done) {
        if let Some(ticket) = self.ticket.take() {
            ticket.turn(done);
        }
    }
}

/// Whatever happens to the writer, no caller waits for ever.
impl Drop for Job {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            ticket.turn(Done::Failed(Error::internal("the writer lost a unit")));
        }
    }
}
