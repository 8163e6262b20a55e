//! What is noted in memory and written a moment later, all that has gathered at once: that a login is in use, or
//! that a card was seen, is no edit, and nobody waits until it is on the disk. What is noted when the program is
//! killed is lost: at most what came within `buffer_time_max` and the time of a commit; of clicks, which are held
//! until it is known whose they are ([`scans`](super::scans)), what came in the second before, too.

use super::scans::Scans;
use crate::clock::{Bell, Heard, Instant, Millis};
use crate::domain::events::{Event, Gathered, Hit, Hits, Subject};
use crate::domain::sessions::SessionId;
use crate::domain::visitors::{Class, Print};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::Duration;

/// Logins noted at once; a further one is noted with its next request.
const USES_MAX: usize = 16_384;

/// Where it gathers. The worker is rung for with the first thing noted, and takes it all.
#[derive(Debug, Default)]
pub struct Buffer {
    noted: Mutex<Noted>,
    bell: Bell,
}

/// What has gathered.
#[derive(Debug, Default)]
pub struct Noted {
    /// Logins, and when each was used last.
    pub uses: HashMap<SessionId, Millis>,
    /// What happened to shares and cards.
    pub hits: Hits,
    /// Clicks that are yet to become hits.
    held: Scans,
}

impl Noted {
    fn is_empty(&self) -> bool {
        self.uses.is_empty() && self.hits.is_empty()
    }

    /// Counts clicks that have been held for long enough.
    fn count_held(&mut self, now: Option<Millis>) {
        for click in self.held.let_go(now) {
            let (class, print) =
                if click.is_scan { (Class::Bot, None) } else { (Class::Human, Some(click.print)) };
            let hit = Hit { subject: Subject::Share(click.share), event: Event::Click, class };
            self.hits.note(hit, print, click.at);
        }
    }
}

impl Buffer {
    /// Notes that a login was used at `now`.
    pub fn note_use(&self, session: SessionId, now: Millis) {
        self.note(|noted| {
            if noted.uses.len() < USES_MAX || noted.uses.contains_key(&session) {
                let seen = noted.uses.entry(session).or_insert(now);
                *seen = now.max(*seen);
            }
        });
    }

    /// Notes that something happened to a share or a card, by a visitor if there is a print.
    pub fn note_hit(&self, hit: Hit, print: Option<Print>, now: Millis) {
        self.note(|noted| match (hit, print) {
            (Hit { subject: Subject::Share(share), event: Event::Click, .. }, Some(print))
                if noted.held.hold(share, print, now) => {}
            _ => noted.hits.note(hit, print, now),
        });
    }

    /// Takes back what could not be written, to be written with what comes.
    pub fn give_back(&self, gathered: impl Iterator<Item = Gathered>) {
        self.note(|noted| gathered.for_each(|(key, tally)| noted.hits.add(key, tally)));
    }

    fn note(&self, note: impl FnOnce(&mut Noted)) {
        let mut noted = self.noted.lock();
        let before = (noted.is_empty(), noted.held.is_empty());
        note(&mut noted);
        let after = (noted.is_empty(), noted.held.is_empty());
        drop(noted);
        if before != after {
            self.bell.ring();
        }
    }

    /// How many logins and how many kinds of hits wait to be written.
    pub fn waiting(&self) -> (usize, usize) {
        let noted = self.noted.lock();
        (noted.uses.len(), noted.hits.kinds())
    }

    /// Takes what has gathered; `now` leaves the clicks that are held yet, and none leaves nothing.
    pub fn take(&self, now: Option<Millis>) -> Noted {
        let mut noted = self.noted.lock();
        noted.count_held(now);
        let held = std::mem::take(&mut noted.held);
        let taken = std::mem::take(&mut *noted);
        noted.held = held;
        taken
    }

    /// Whether clicks are held, which nobody will ring for.
    pub fn holds(&self) -> bool {
        !self.noted.lock().held.is_empty()
    }

    /// Wakes the worker for something that stands in the database.
    pub fn wake(&self) {
        self.bell.ring();
    }

    /// Waits until something has been noted, or somebody wakes it, `patience` at most.
    pub fn wait(&self, patience: Duration) -> Heard {
        self.bell.wait(patience)
    }

    /// Waits all of `span` for more, unless the end comes.
    pub fn gather(&self, span: Duration) -> Heard {
        let until = Instant::now() + span;
        loop {
            let heard = self.bell.wait(until.saturating_duration_since(Instant::now()));
            if heard != Heard::Ring {
                return heard;
            }
        }
    }

    /// Ends the wait for good.
    pub fn end(&self) {
        self.bell.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Ids;

    #[test]
    fn whoever_waits_is_woken_once_for_all_that_gathers() {
        let (buffer, ids) = (Buffer::default(), Ids::new());
        let (one, two) = (ids.next(Millis(1)), ids.next(Millis(2)));
        assert_eq!(buffer.wait(Duration::ZERO), Heard::Quiet);
        buffer.note_use(one, Millis(5));
        buffer.note_use(two, Millis(7));
        buffer.note_use(one, Millis(6));
        // A request that is late with it takes nothing back.
        buffer.note_use(one, Millis(4));
        assert_eq!(buffer.wait(Duration::ZERO), Heard::Ring);
        assert_eq!(buffer.wait(Duration::ZERO), Heard::Quiet);
        assert_eq!(buffer.take(None).uses, HashMap::from([(one, Millis(6)), (two, Millis(7))]));
        assert!(buffer.take(None).is_empty());
        buffer.note_use(one, Millis(8));
        assert_eq!(buffer.gather(Duration::ZERO), Heard::Quiet, "what is there is not all");
        buffer.note_use(two, Millis(8));
        buffer.end();
        assert_eq!(buffer.wait(Duration::from_hours(1)), Heard::End);
        assert_eq!(buffer.gather(Duration::from_hours(1)), Heard::End);
        assert_eq!(buffer.take(None).uses.len(), 2);
    }

    #[test]
    fn memory_is_bounded() {
        let (buffer, ids) = (Buffer::default(), Ids::new());
        let first = ids.next(Millis(0));
        buffer.note_use(first, Millis(0));
        for _ in 0..USES_MAX + 10 {
            buffer.note_use(ids.next(Millis(0)), Millis(0));
        }
        // Whoever is in is kept up to date.
        buffer.note_use(first, Millis(9));
        let uses = buffer.take(None).uses;
        assert_eq!((uses.len(), uses.get(&first)), (USES_MAX, Some(&Millis(9))));
    }
}
