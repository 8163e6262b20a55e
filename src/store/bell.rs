//! What a thread of the store waits for.

use parking_lot::{Condvar, Mutex};
use std::time::Duration;

/// Rung when there is something to do, and at the end. A ring that nobody waits for is kept; two are one.
#[derive(Default)]
pub(super) struct Bell {
    rung: Mutex<Option<Heard>>,
    changed: Condvar,
}

/// Why a wait ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Somebody rang.
    Ring,
    /// Nobody did, for as long as the wait was to be.
    Quiet,
    /// There will be nothing to do any more.
    End,
}

impl Bell {
    pub(super) fn ring(&self) {
        let mut rung = self.rung.lock();
        if rung.is_none() {
            *rung = Some(Heard::Ring);
            self.changed.notify_one();
        }
    }

    pub(super) fn end(&self) {
        *self.rung.lock() = Some(Heard::End);
        self.changed.notify_one();
    }

    /// Waits for a ring or the end, `patience` at most.
    pub(super) fn wait(&self, patience: Duration) -> Heard {
        let mut rung = self.rung.lock();
        if rung.is_none() {
            self.changed.wait_for(&mut rung, patience);
        }
        match *rung {
            Some(Heard::End) => Heard::End,
            Some(_) => {
                *rung = None;
                Heard::Ring
            }
            None => Heard::Quiet,
        }
    }
}
