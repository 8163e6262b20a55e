//! What happens to shares and cards: opened, followed, seen, bounced. Owns table `event_firsts`. What is the first
//! of its kind, one upsert decides: whoever makes the row. What happens in public is gathered in memory
//! ([`Hits`]) and written by [`apply`] a moment later, one batch after the other, so the first stays the first.

use super::ids::{CardId, ShareId};
use super::users::UserId;
use super::visitors::{Class, Print, day_of};
use super::{card_stats, named, webhooks};
use crate::clock::{Day, Millis};
use crate::error::{Error, Result};
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};
use serde_json::json;
use std::collections::{HashMap, HashSet, VecDeque};

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The mail with it was opened.
    Open,
    /// Its link was followed.
    Click,
    /// It was seen.
    View,
    /// The mail with it came back.
    Bounce,
}
named!(Event { Open => "open", Click => "click", View => "view", Bounce => "bounce" });

/// What it happens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A share.
    Share(ShareId),
    /// A card.
    Card(CardId),
}

impl Subject {
    const fn kind(self) -> &'static str {
        match self {
            Self::Share(_) => "share",
            Self::Card(_) => "card",
        }
    }

    const fn id(&self) -> &[u8; 16] {
        match self {
            Self::Share(id) => id.as_bytes(),
            Self::Card(id) => id.as_bytes(),
        }
    }
}

/// What is known of one kind of event of one subject. All of it, by people or not, but for prefetches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Happened {
    /// When it happened first.
    pub first: Option<Millis>,
    /// When it happened first by a person's doing.
    pub first_human: Option<Millis>,
    /// How often it happened.
    pub total: i64,
    /// How often by a person's doing.
    pub human_total: i64,
}

/// What a report of an event came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Whether it was the first of its kind.
    pub is_first: bool,
    /// When the first was.
    pub first: Millis,
    /// How many there have been.
    pub total: i64,
}

/// Whose report of an event counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reporter {
    /// Whoever the share belongs to.
    Owner(UserId),
    /// Somebody whose word counts for every share.
    Admin,
}

/// Counts what is reported of a share, now. It counts as a person's doing: whoever reports it knows better than a
/// header field. A share that is not the reporter's is as absent as none.
pub fn record(
    tx: &Tx<'_>,
    reporter: Reporter,
    tracking_id: &str,
    event: Event,
) -> Result<Recorded> {
    let owner = match reporter {
        Reporter::Owner(user) => Some(user),
        Reporter::Admin => None,
    };
    let recorded = tx.changed(
        "INSERT INTO event_firsts(subject_kind, subject_id, type, first_ms, first_human_ms, last_ms, total,
           human_total)
         SELECT 'share', id, ?3, ?4, ?4, ?4, 1, 1 FROM shares
         WHERE tracking_id = ?1 AND (user_id = ?2 OR ?2 IS NULL)
         ON CONFLICT(subject_kind, subject_id, type) DO UPDATE SET
           first_human_ms = coalesce(first_human_ms, max(first_ms, excluded.first_human_ms)),
           last_ms = max(last_ms, excluded.last_ms),
           total = total + 1, human_total = human_total + 1
         RETURNING total = 1, first_ms, total, subject_id",
        params![tracking_id, owner, event.name(), tx.now()],
        |row| {
            let recorded = Recorded { is_first: row.get(0)?, first: row.get(1)?, total: row.get(2)? };
            Ok((recorded, row.get::<_, ShareId>(3)?))
        },
    )?;
    let (recorded, share) = recorded.ok_or(Error::NotFound("share"))?;
    if event == Event::Click {
        card_stats::count_clicks(tx, share, (day_of(tx.now()), Class::Human), 1)?;
    }
    if event == Event::Open && recorded.is_first {
        tell_opened(tx, share)?;
    }
    Ok(recorded)
}

/// Tells the webhooks of whose share it is that it was opened for the first time.
fn tell_opened(tx: &Tx<'_>, share: ShareId) -> Result<()> {
    let (owner, tracking_id, card): (UserId, String, CardId) = tx.one(
        "SELECT user_id, tracking_id, card_id FROM shares WHERE id = ?1",
        params![share],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let data = json!({"tracking_id": tracking_id, "card_id": card});
    webhooks::emit(tx, owner, webhooks::Event::ShareOpened, &data)
}

/// What is counted together while it is gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hit {
    /// What it happened to.
    pub subject: Subject,
    /// What happened.
    pub event: Event,
    /// By whom.
    pub class: Class,
}

/// How often it was gathered, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    count: i64,
    first: Millis,
    last: Millis,
    prints: HashSet<Print>,
}

/// Most entries that are gathered: tallies and prints, a hundred bytes each.
const ENTRIES_MAX: usize = 65_536;

/// What is gathered in public until it is written. Bounded: what does not fit is counted as lost.
#[derive(Debug, Default)]
pub struct Hits {
    tallies: HashMap<(Hit, Day), Tally>,
    prints: usize,
    lost: u64,
}

/// What was gathered of one kind on one day.
pub type Gathered = ((Hit, Day), Tally);

impl Hits {
    /// Whether nothing has been gathered.
    pub fn is_empty(&self) -> bool {
        self.tallies.is_empty() && self.lost == 0
    }

    /// How many kinds of hits have been gathered, each by day.
    pub fn kinds(&self) -> usize {
        self.tallies.len()
    }

    /// How many were lost for want of room.
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    /// Gathers one hit, by a visitor if there is a print.
    pub fn note(&mut self, hit: Hit, print: Option<Print>, now: Millis) {
        let prints = print.into_iter().collect();
        self.add((hit, day_of(now)), Tally { count: 1, first: now, last: now, prints });
    }

    /// Adds what was gathered before.
    pub fn add(&mut self, key: (Hit, Day), tally: Tally) {
        let room = ENTRIES_MAX.saturating_sub(self.tallies.len() + self.prints);
        match self.tallies.get_mut(&key) {
            None if room == 0 => self.lost += tally.count.unsigned_abs(),
            None => {
                self.prints += tally.prints.len();
                self.tallies.insert(key, tally);
            }
            Some(stands) => {
                stands.count += tally.count;
                stands.first = stands.first.min(tally.first);
                stands.last = stands.last.max(tally.last);
                let before = stands.prints.len();
                // A visitor for whom there is no room is a view without a visitor.
                stands.prints.extend(tally.prints.into_iter().take(room));
                self.prints += stands.prints.len() - before;
            }
        }
    }

    /// What was gathered, in the order in which it happened, in parts that each write about `rows` rows.
    pub fn into_parts(self, rows: usize) -> VecDeque<Vec<Gathered>> {
        let mut all: Vec<Gathered> = self.tallies.into_iter().collect();
        all.sort_by_key(|(_, tally)| tally.first);
        let (mut parts, mut part, mut filled) = (VecDeque::new(), Vec::new(), 0);
        for (key, tally) in all.into_iter().flat_map(|(key, tally)| tally.split(key, rows)) {
            filled += 1 + tally.prints.len();
            part.push((key, tally));
            if filled >= rows {
                parts.push_back(std::mem::take(&mut part));
                filled = 0;
            }
        }
        if !part.is_empty() {
            parts.push_back(part);
        }
        parts
    }
}

impl Tally {
    /// The same as several, none of which has more than `max` prints. Every print stands for a hit at least.
    fn split(self, key: (Hit, Day), max: usize) -> Vec<Gathered> {
        let Self { mut count, first, last, prints } = self;
        let mut prints: Vec<Print> = prints.into_iter().collect();
        let mut split = Vec::new();
        while prints.len() > max {
            let some: HashSet<Print> = prints.split_off(prints.len() - max).into_iter().collect();
            let hits = i64::try_from(some.len()).unwrap_or(0);
            count -= hits;
            split.push((key, Self { count: hits, first, last, prints: some }));
        }
        split.push((key, Self { count, first, last, prints: prints.into_iter().collect() }));
        split
    }
}

/// Counts what was gathered. What is gone by now counts nothing.
pub fn apply(tx: &Tx<'_>, gathered: &[Gathered]) -> Result<()> {
    for ((hit, day), tally) in gathered {
        if hit.class != Class::Prefetch {
            add(tx, *hit, tally)?;
        }
        let by = (*day, hit.class);
        match (hit.subject, hit.event) {
            (Subject::Card(card), Event::View) => {
                let prints: Vec<Print> = tally.prints.iter().copied().collect();
                card_stats::count_views(tx, card, by, tally.count, &prints)?;
            }
            (Subject::Share(share), Event::Click) => {
                card_stats::count_clicks(tx, share, by, tally.count)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A time of first human doing is never before the first at all: that one stands, whatever was late.
fn add(tx: &Tx<'_>, hit: Hit, tally: &Tally) -> Result<()> {
    let is_human = hit.class == Class::Human;
    let is_first = tx.changed(
        "INSERT INTO event_firsts(subject_kind, subject_id, type, first_ms, first_human_ms, last_ms, total,
           human_total)
         SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8 FROM (
           SELECT id FROM shares WHERE ?1 = 'share' AND id = ?2 UNION ALL
           SELECT id FROM cards WHERE ?1 = 'card' AND id = ?2)
         WHERE true
         ON CONFLICT(subject_kind, subject_id, type) DO UPDATE SET
           first_human_ms = coalesce(first_human_ms, max(first_ms, excluded.first_human_ms)),
           last_ms = max(last_ms, excluded.last_ms),
           total = total + excluded.total, human_total = human_total + excluded.human_total
         RETURNING total = ?7",
        params![
            hit.subject.kind(),
            hit.subject.id(),
            hit.event.name(),
            tally.first,
            is_human.then_some(tally.first),
            tally.last,
            tally.count,
            if is_human { tally.count } else { 0 },
        ],
        |row| row.get(0),
    )?;
    match (hit.subject, hit.event, is_first) {
        (Subject::Share(share), Event::Open, Some(true)) => tell_opened(tx, share),
        _ => Ok(()),
    }
}

/// What has happened to a share, by event.
pub fn of_share(read: &Read<'_>, share: ShareId) -> Result<Vec<(Event, Happened)>> {
    read.all(
        "SELECT type, first_ms, first_human_ms, total, human_total FROM event_firsts
         WHERE subject_kind = 'share' AND subject_id = ?1",
        params![share],
        happened,
    )
}

fn happened(row: &Row<'_>) -> RowResult<(Event, Happened)> {
    let happened = Happened {
        first: row.get(1)?,
        first_human: row.get(2)?,
        total: row.get(3)?,
        human_total: row.get(4)?,
    };
    Ok((named(row, 0)?, happened))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Ids;

    fn hit(class: Class, ids: &Ids) -> Hit {
        Hit { subject: Subject::Card(ids.next(Millis(1))), event: Event::View, class }
    }

    fn whole(hits: Hits) -> Vec<Gathered> {
        hits.into_parts(usize::MAX).into_iter().flatten().collect()
    }

    #[test]
    fn a_part_is_small_and_nothing_is_lost_between_two() {
        let (ids, mut hits) = (Ids::new(), Hits::default());
        let popular = hit(Class::Human, &ids);
        for n in 0..25_u8 {
            hits.note(popular, Some([n; 16]), Millis(1));
            hits.note(popular, None, Millis(2));
            hits.note(hit(Class::Bot, &ids), None, Millis(3));
        }
        let parts = hits.into_parts(10);
        assert!(parts.iter().flatten().all(|(_, tally)| tally.count >= 1));
        let rows = |part: &Vec<Gathered>| part.iter().map(|(_, t)| 1 + t.prints.len()).sum();
        let sizes: Vec<usize> = parts.iter().map(rows).collect();
        assert!(sizes.iter().all(|rows| (1..20).contains(rows)), "{sizes:?}");
        let all: Vec<Gathered> = parts.into_iter().flatten().collect();
        assert_eq!(all.iter().map(|(_, tally)| tally.count).sum::<i64>(), 75);
        assert_eq!(all.iter().map(|(_, tally)| tally.prints.len()).sum::<usize>(), 25);
    }

    #[test]
    fn what_is_alike_is_counted_together() {
        let (ids, mut hits) = (Ids::new(), Hits::default());
        let (human, bot) = (hit(Class::Human, &ids), hit(Class::Bot, &ids));
        assert!(hits.is_empty());
        for (n, print) in [(7, 1), (5, 2), (6, 1)] {
            hits.note(human, Some([print; 16]), Millis(n));
        }
        hits.note(bot, None, Millis(1));
        // A day later it is another day's.
        hits.note(bot, None, Millis(24 * 60 * 60 * 1_000));
        let sorted = whole(hits);
        let told: Vec<_> = sorted
            .iter()
            .map(|((hit, day), tally)| (hit.class, day.0, tally.count, tally.first.0, tally.last.0))
            .collect();
        let next = 24 * 60 * 60 * 1_000;
        assert_eq!(
            told,
            [(Class::Bot, 0, 1, 1, 1), (Class::Human, 0, 3, 5, 7), (Class::Bot, 1, 1, next, next)]
        );
        assert_eq!(sorted[1].1.prints.len(), 2);
    }

    #[test]
    fn what_does_not_fit_is_told_as_lost() {
        let (ids, mut hits) = (Ids::new(), Hits::default());
        let known = hit(Class::Human, &ids);
        hits.note(known, None, Millis(0));
        for _ in 1..ENTRIES_MAX + 10 {
            hits.note(hit(Class::Bot, &ids), None, Millis(0));
        }
        hits.note(known, Some([1; 16]), Millis(9));
        assert_eq!((hits.tallies.len(), hits.lost()), (ENTRIES_MAX, 10));
        let sorted = whole(hits);
        let counted = sorted.iter().find(|((hit, _), _)| *hit == known).unwrap();
        assert_eq!((counted.1.count, counted.1.prints.len()), (2, 0));
    }
}
