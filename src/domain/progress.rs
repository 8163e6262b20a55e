//! What people have done, counted. Owns tables `progress`, `xp_events`, `streaks` and `topics`. Nobody adds up
//! by reading and writing back: a thing counts because its row could be inserted, and sums grow in the
//! statement itself.

use super::ids::UserId;
use super::named;
use crate::clock::{Day, Zone};
use crate::error::{Error, Result};
use crate::store::tx::Named;
use crate::store::{Read, Row, RowResult, Tx, params};

/// Most characters of a topic's name.
pub const TOPIC_MAX: usize = 64;
/// Most topics of a person.
pub const TOPICS_MAX: usize = 100;
/// The greatest and, negated, the least score: what JavaScript holds exactly, as the schema's CHECK says.
pub const SCORE_MAX: i64 = (1 << 53) - 1;

/// What brings points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The first card ever.
    FirstCard,
    /// The first link on any card.
    FirstLink,
    /// A day's check-in.
    CheckIn,
    /// The first save of a profile.
    FirstProfile,
    /// The first photo.
    FirstPhoto,
    /// An account that a trial became.
    TrialConverted,
    /// Something that came of a lead.
    LeadConverted,
}
named!(Source {
    FirstCard => "first-card",
    FirstLink => "first-link",
    CheckIn => "check-in",
    FirstProfile => "first-profile",
    FirstPhoto => "first-photo",
    TrialConverted => "trial-converted",
    LeadConverted => "lead-converted",
});

impl Source {
    /// The points it brings.
    pub const fn xp(self) -> i64 {
        match self {
            Self::FirstCard | Self::TrialConverted => 50,
            Self::FirstProfile | Self::LeadConverted => 30,
            Self::FirstLink | Self::FirstPhoto => 20,
            Self::CheckIn => 10,
        }
    }
}

/// Counts a thing done, once for ever: `id` tells things of one source apart and is empty where there is
/// only one. True if it counts; false, and nothing happens, if it was counted before.
pub fn award(tx: &Tx<'_>, user: UserId, source: Source, id: &str) -> Result<bool> {
    let noted = tx.change(
        "INSERT INTO xp_events(user_id, source, source_id, xp, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT(user_id, source, source_id) DO NOTHING",
        params![user, source.name(), id, source.xp(), tx.now()],
    )?;
    if noted.count() == 0 {
        return Ok(false);
    }
    tx.change(
        "INSERT INTO progress(user_id, xp) VALUES (?1, ?2)
         ON CONFLICT(user_id) DO UPDATE SET xp = xp + excluded.xp",
        params![user, source.xp()],
    )?
    .any();
    Ok(true)
}

/// The level that so many points make: level n begins at 50·n·(n − 1).
pub const fn level(xp: i64) -> i64 {
    // n·(n − 1) ≤ xp / 50, solved for n; both sides are whole numbers, so cutting off loses nothing.
    let fifties = if xp > 0 { xp / 50 } else { 0 };
    1_i64.saturating_add(1_i64.saturating_add(fifties.saturating_mul(4)).isqrt()) / 2
}

/// The points at which a level begins.
pub const fn level_begins(level: i64) -> i64 {
    level.saturating_mul(level.saturating_sub(1)).saturating_mul(50)
}

/// How somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Points.
    pub xp: i64,
    /// Days in a row.
    pub streak: Streak,
    /// By topic, in the order of their names.
    pub topics: Vec<Topic>,
}

/// Days in a row on which somebody checked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Streak {
    /// Of the row that goes on; 0 once a day was left out.
    pub current: i64,
    /// Of the longest row there was.
    pub longest: i64,
    /// The last of those days; `None` before the first.
    pub last_day: Option<Day>,
}

/// How somebody does in a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its name.
    pub topic: String,
    /// The sum of all deltas.
    pub score: i64,
}

/// A person's progress; nothing yet is zeros.
pub fn find(read: &Read<'_>, user: UserId) -> Result<Progress> {
    let sql = "SELECT xp FROM progress WHERE user_id = ?1";
    let xp: Option<i64> = read.maybe(sql, params![user], |row| row.get(0))?;
    let topics = read.all(
        "SELECT topic, score FROM topics WHERE user_id = ?1 ORDER BY topic",
        params![user],
        |row| Ok(Topic { topic: row.get(0)?, score: row.get(1)? }),
    )?;
    Ok(Progress { xp: xp.unwrap_or(0), streak: streak(read, user)?, topics })
}

/// A person's streak as it stands today.
fn streak(read: &Read<'_>, user: UserId) -> Result<Streak> {
    let found = read.maybe(
        "SELECT current, longest, last_day, time_zone FROM streaks WHERE user_id = ?1",
        params![user],
        |row| Ok((from_row(row)?, row.get::<_, String>(3)?)),
    )?;
    let Some((streak, zone)) = found else { return Ok(Streak::default()) };
    let yesterday = known(&zone).day(read.now()).before();
    let goes_on = streak.last_day.is_some_and(|last| last >= yesterday);
    Ok(Streak { current: if goes_on { streak.current } else { 0 }, ..streak })
}

/// Whether today has counted, where the person was last.
pub fn is_checked_in(read: &Read<'_>, user: UserId) -> Result<bool> {
    let found = read.maybe(
        "SELECT last_day, time_zone FROM streaks WHERE user_id = ?1",
        params![user],
        |row| Ok((Day(row.get(0)?), row.get::<_, String>(1)?)),
    )?;
    Ok(found.is_some_and(|(last, zone)| last >= known(&zone).day(read.now())))
}

fn from_row(row: &Row<'_>) -> RowResult<Streak> {
    Ok(Streak { current: row.get(0)?, longest: row.get(1)?, last_day: Some(Day(row.get(2)?)) })
}

/// A zone that was known when it was stored; an upgrade may have brought a database without it.
fn known(zone: &str) -> Zone {
    Zone::named(zone).unwrap_or(Zone::UTC)
}

/// Notes that somebody is there today: where `zone` says, else where the person was last. The streak as it
/// stands then, and whether this call counted: the first of a day does.
///
/// A day counts once, and no day before one that has counted: neither a move to the west, which brings a
/// day again, nor a clock that was set back takes anything away. A streak goes on by the day after its last,
/// in the new zone or in the one that stood, so that a move to the east, which leaves a day out, breaks none.
pub fn check_in(tx: &Tx<'_>, user: UserId, zone: Option<&Zone>) -> Result<(Streak, bool)> {
    let stood = "SELECT time_zone FROM streaks WHERE user_id = ?1";
    let stood: Option<String> = tx.maybe(stood, params![user], |row| row.get(0))?;
    let stood = stood.map_or(Zone::UTC, |zone| known(&zone));
    let zone = zone.unwrap_or(&stood);
    let today = zone.day(tx.now());
    let counted = tx.changed(
        "INSERT INTO streaks(user_id, current, longest, last_day, time_zone) VALUES (?1, 1, 1, ?2, ?3)
         ON CONFLICT(user_id) DO UPDATE SET
           current = CASE WHEN min(excluded.last_day, ?4) <= last_day + 1 THEN current + 1 ELSE 1 END,
           longest = max(longest,
             CASE WHEN min(excluded.last_day, ?4) <= last_day + 1 THEN current + 1 ELSE 1 END),
           last_day = excluded.last_day,
           time_zone = excluded.time_zone
         WHERE excluded.last_day > last_day
         RETURNING current, longest, last_day",
        params![user, today.0, zone.name(), stood.day(tx.now()).0],
        from_row,
    )?;
    if let Some(streak) = counted {
        award(tx, user, Source::CheckIn, &today.to_string())?;
        return Ok((streak, true));
    }
    tx.change(
        "UPDATE streaks SET time_zone = ?2 WHERE user_id = ?1 AND time_zone <> ?2",
        params![user, zone.name()],
    )?
    .any();
    Ok((streak(tx, user)?, false))
}

/// What a topic's name must be like.
pub fn topic_rule(topic: &str) -> Result<(), (&'static str, &'static str)> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if (1..=TOPIC_MAX).contains(&topic.len()) && topic.bytes().all(plain) {
        return Ok(());
    }
    Err(("topic", "must be 1 to 64 lower-case letters a-z, digits and -"))
}

/// Adds `delta` to a person's score in a topic, which begins at 0; the score then. `quota-exceeded` for one
/// topic too many, `score-out-of-range`.
pub fn add(tx: &Tx<'_>, user: UserId, topic: &str, delta: i64) -> Result<i64> {
    let most = i64::try_from(TOPICS_MAX).unwrap_or(i64::MAX);
    let added = tx.changed(
        "INSERT INTO topics(user_id, topic, score)
         SELECT ?1, ?2, ?3
         WHERE EXISTS(SELECT 1 FROM topics WHERE user_id = ?1 AND topic = ?2)
            OR (SELECT count(*) FROM topics WHERE user_id = ?1) < ?4
         ON CONFLICT(user_id, topic) DO UPDATE SET score = score + excluded.score
         WHERE score + excluded.score BETWEEN -?5 AND ?5
         RETURNING score",
        params![user, topic, delta, most, SCORE_MAX],
        |row| row.get(0),
    )?;
    if let Some(score) = added {
        return Ok(score);
    }
    let sql = "SELECT score FROM topics WHERE user_id = ?1 AND topic = ?2";
    let stands: Option<i64> = tx.maybe(sql, params![user, topic], |row| row.get(0))?;
    Err(stands.map_or_else(too_many_topics, out_of_range))
}

fn too_many_topics() -> Error {
    let members = [("limit", TOPICS_MAX.into())];
    let detail = format!("You have {TOPICS_MAX} topics, which is as many as there can be.");
    Error::conflict_with("quota-exceeded", detail, members)
}

fn out_of_range(score: i64) -> Error {
    let detail = format!("A score is from -{SCORE_MAX} to {SCORE_MAX}; this one is {score}.");
    Error::conflict_with("score-out-of-range", detail, [("score", score.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_begins_at_fifty_times_n_times_n_less_one() {
        for n in 1..2_000 {
            let begins = level_begins(n);
            assert_eq!((begins, level(begins)), (50 * n * (n - 1), n));
            assert_eq!(level(begins + 100 * n - 1), n);
        }
        assert_eq!(level(-1), 1);
        assert!(level(i64::MAX) > 1);
    }
}
