//! Time has one door. [`Clock`] gives wall-clock milliseconds that never decrease; whoever waits, waits for
//! a [`Stop`] or for a [`Bell`], both of which can end the wait. Tests turn a manual clock by hand.

#![expect(clippy::disallowed_types, reason = "the one place that asks the system for the time")]

use parking_lot::{Condvar, Mutex};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A monotonic reading, for deadlines and durations. Not a time of day.
pub type Instant = std::time::Instant;

/// A time of day: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub i64);

impl Millis {
    /// This time and `span` more.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// From `earlier` to this time; nothing if `earlier` is the later one.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// RFC 3339 in UTC, with milliseconds: `2026-11-21T22:25:51.004Z`.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => write!(f, "{time:.3}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

/// A clock that never runs backwards: a step back of the system's clock holds it still. Clones share it.
#[derive(Clone)]
pub struct Clock(Arc<Reading>);

struct Reading {
    last: AtomicI64,
    source: Source,
}

enum Source {
    System,
    Manual(AtomicI64),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Arc::new(Reading { last: AtomicI64::new(0), source: Source::System }))
    }

    /// A clock that stands at `start` until [`Clock::advance`] turns it.
    pub fn manual(start: Millis) -> Self {
        let source = Source::Manual(AtomicI64::new(start.0));
        Self(Arc::new(Reading { last: AtomicI64::new(0), source }))
    }

    /// The time now, at least as late as every time given before.
    pub fn now(&self) -> Millis {
        let seen = match &self.0.source {
            Source::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
            Source::Manual(time) => time.load(Ordering::Acquire),
        };
        Millis(self.0.last.fetch_max(seen, Ordering::AcqRel).max(seen))
    }

    /// Turns a manual clock forward. A system clock takes no notice.
    pub fn advance(&self, span: Duration) {
        if let Source::Manual(time) = &self.0.source {
            let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
            time.fetch_add(span, Ordering::AcqRel);
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// A request to stop, which threads wait for. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<(Mutex<bool>, Condvar)>);

impl Stop {
    /// Asks everybody who waits, or will wait, to stop.
    pub fn stop(&self) {
        *self.0.0.lock() = true;
        self.0.1.notify_all();
    }

    /// Whether a stop was asked for.
    pub fn is_stopped(&self) -> bool {
        *self.0.0.lock()
    }

    /// Waits for `span` at most; true as soon as a stop was asked for.
    pub fn wait(&self, span: Duration) -> bool {
        let until = Instant::now() + span;
        let mut stopped = self.0.0.lock();
        while !*stopped {
            if self.0.1.wait_until(&mut stopped, until).timed_out() {
                break;
            }
        }
        *stopped
    }
}

/// What a thread waits for that works when there is something to do: rung then, and at the end. A ring that
/// nobody waits for is kept; two are one.
#[derive(Debug, Default)]
pub struct Bell {
    rung: Mutex<Option<Heard>>,
    changed: Condvar,
}

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Somebody rang.
    Ring,
    /// Nobody did, for as long as the wait was to be.
    Quiet,
    /// There will be nothing to do any more.
    End,
}

impl Bell {
    /// Says that there is something to do.
    pub fn ring(&self) {
        let mut rung = self.rung.lock();
        if rung.is_none() {
            *rung = Some(Heard::Ring);
            self.changed.notify_one();
        }
    }

    /// Says that there will be nothing any more.
    pub fn end(&self) {
        *self.rung.lock() = Some(Heard::End);
        self.changed.notify_one();
    }

    /// Waits for a ring or the end, `patience` at most.
    pub fn wait(&self, patience: Duration) -> Heard {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_never_runs_backwards() {
        let clock = Clock::manual(Millis(5_000));
        assert_eq!(clock.now(), Millis(5_000));
        if let Source::Manual(time) = &clock.0.source {
            time.store(1_000, Ordering::Release);
        }
        assert_eq!(clock.now(), Millis(5_000));
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), Millis(6_000));
    }

    #[test]
    fn times_are_written_as_rfc_3339() {
        assert_eq!(Millis(1_000_000_000_007).to_string(), "2001-09-09T01:46:40.007Z");
        assert_eq!(Millis(0).to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn a_stop_ends_a_wait() {
        let stop = Stop::default();
        let other = stop.clone();
        let waiter =
            std::thread::Builder::new().spawn(move || other.wait(Duration::from_mins(1))).unwrap();
        stop.stop();
        assert!(waiter.join().unwrap());
        assert!(stop.is_stopped());
    }
}
