//! Time has one door. [`Clock`] gives wall-clock milliseconds that never decrease; whoever waits, waits for
//! a [`Stop`] or for a [`Bell`], both of which can end the wait. Tests turn a manual clock by hand. What day it
//! is somewhere, a [`Zone`] says.

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

    /// The time that an RFC 3339 text names; `None` if it names none. What is finer than a millisecond is cut off.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(|time: jiff::Timestamp| Self(time.as_millisecond()))
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

/// A day of the calendar: days since 1970-01-01, wherever that day is lived through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day before.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

/// ISO 8601: `2026-11-21`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0.saturating_mul(DAY_S)) {
            Ok(time) => write!(f, "{}", jiff::tz::Offset::UTC.to_datetime(time).date()),
            Err(_) => write!(f, "day {}", self.0),
        }
    }
}

const DAY_S: i64 = 24 * 60 * 60;

/// A time zone of the IANA database, a copy of which is in the binary: days are the same on every machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(jiff::tz::TimeZone::UTC);

    /// The zone of this name, however its letters are cased; `None` if there is none.
    pub fn named(name: &str) -> Option<Self> {
        let zone = jiff::tz::TimeZone::get(name).ok();
        zone.filter(|zone| !zone.is_unknown()).map(Self)
    }

    /// Its name, as the database writes it.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day it is there at this time.
    pub fn day(&self, time: Millis) -> Day {
        let second = time.0.div_euclid(1_000);
        let offset_s = jiff::Timestamp::from_second(second)
            .map_or(0, |time| i64::from(self.0.to_offset(time).seconds()));
        Day(second.saturating_add(offset_s).div_euclid(DAY_S))
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
        self.changed.notify_all();
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
    fn times_are_read_as_they_are_written() {
        for text in ["2001-09-09T01:46:40.007Z", "1970-01-01T00:00:00.000Z"] {
            assert_eq!(Millis::parse(text).unwrap().to_string(), text);
        }
        let elsewhere = Millis::parse("2026-11-22T01:00:00.0019+05:30").unwrap();
        assert_eq!(elsewhere.to_string(), "2026-11-21T19:30:00.001Z");
        for text in ["", "tomorrow", "2026-11-22", "2026-11-22T01:00:00", "2026-13-01T00:00:00Z"] {
            assert_eq!(Millis::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_where_it_is_lived_through() {
        let time = Millis::parse("2026-11-21T22:30:00Z").unwrap();
        let day = |zone: &str| Zone::named(zone).unwrap().day(time).to_string();
        assert_eq!(day("UTC"), "2026-11-21");
        assert_eq!(day("Europe/Berlin"), "2026-11-21");
        assert_eq!(day("europe/kyiv"), "2026-11-22");
        assert_eq!(day("Pacific/Kiritimati"), "2026-11-22");
        assert_eq!(Zone::named("europe/berlin").unwrap().name(), "Europe/Berlin");
        // Half a second before the epoch is the day before it.
        assert_eq!(Zone::UTC.day(Millis(-500)), Day(-1));
        assert_eq!(Day(-1).to_string(), "1969-12-31");
        for nowhere in ["", "Mars/Olympus", "Etc/Unknown", "../UTC", "UTC+2"] {
            assert_eq!(Zone::named(nowhere), None, "{nowhere}");
        }
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
