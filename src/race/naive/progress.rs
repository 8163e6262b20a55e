//! Points, streaks, topics and subscriptions the naive way: each row is looked for, then made or overwritten
//! with what the look makes of it.

use super::db::Db;
use super::people::text;
use crate::clock::{Clock, Zone};
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use rusqlite::params;
use serde_json::{Value, json};

/// Its tables. Seed 001: every row is unique per person, so a lost race is an error nobody expected (P2002).
pub(super) const SCHEMA: &str = "
CREATE TABLE user_gamification(user_id TEXT PRIMARY KEY NOT NULL, xp INTEGER NOT NULL) STRICT;
CREATE TABLE daily_streaks(
  user_id TEXT PRIMARY KEY NOT NULL, current INTEGER NOT NULL, longest INTEGER NOT NULL,
  last_day INTEGER NOT NULL
) STRICT;
CREATE TABLE topic_progress(
  user_id TEXT NOT NULL, topic TEXT NOT NULL, score INTEGER NOT NULL, PRIMARY KEY(user_id, topic)
) STRICT;
CREATE TABLE user_subscriptions(
  user_id TEXT PRIMARY KEY NOT NULL, tier TEXT NOT NULL, status TEXT NOT NULL, version INTEGER NOT NULL
) STRICT;
";

/// Points of a first card, as in ours.
pub(super) const FIRST_CARD: i64 = 50;
const CHECK_IN: i64 = 10;

/// Answers a request of `user`, if it is about these.
pub(super) fn answer(
    db: &Db,
    head: &Head,
    user: &str,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    let reply = match (head.method.as_str(), path) {
        ("GET", ["api", "progress"]) => progress(db, user),
        ("POST", ["api", "progress", "checkin"]) => check_in(db, user),
        ("POST", ["api", "progress", "topics", topic]) => add(db, user, topic, body),
        ("GET", ["api", "admin", "users", id, "subscription"]) => {
            Ok(Response::json(200, &subscription(db, id)?))
        }
        ("PUT", ["api", "admin", "users", id, "subscription"]) => change(db, id, body),
        _ => return Ok(None),
    };
    reply.map(Some)
}

fn progress(db: &Db, user: &str) -> Result<Response> {
    let streak = streak(db, user)?.unwrap_or((0, 0, 0));
    let sql = "SELECT topic, score FROM topic_progress WHERE user_id = ?1";
    let topics = db.all(sql, params![user], |row| {
        let (topic, score): (String, i64) = (row.get(0)?, row.get(1)?);
        Ok(json!({"topic": topic, "score": score}))
    })?;
    let streak = json!({"current": streak.0, "longest": streak.1});
    Ok(Response::json(200, &json!({"streak": streak, "topics": topics})))
}

/// Seed 001, `UserGamification`: `findUnique`, then `create`, or `update` to what was found and more.
pub(super) fn award(db: &Db, user: &str, xp: i64) -> Result<()> {
    let sql = "SELECT xp FROM user_gamification WHERE user_id = ?1";
    let found: Option<i64> = db.first(sql, params![user], |row| row.get(0))?;
    let sql = match found {
        Some(_) => "UPDATE user_gamification SET xp = ?2 WHERE user_id = ?1",
        None => "INSERT INTO user_gamification(user_id, xp) VALUES (?1, ?2)",
    };
    db.run(sql, params![user, found.unwrap_or(0) + xp])?;
    Ok(())
}

/// Current, longest, last day.
fn streak(db: &Db, user: &str) -> Result<Option<(i64, i64, i64)>> {
    let sql = "SELECT current, longest, last_day FROM daily_streaks WHERE user_id = ?1";
    db.first(sql, params![user], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

/// Seed 001, `DailyStreak`: what was found decides whether today is new.
fn check_in(db: &Db, user: &str) -> Result<Response> {
    let today = Zone::UTC.day(Clock::system().now()).0;
    let found = streak(db, user)?;
    let (current, longest, last_day) = found.unwrap_or((0, 0, today - 1));
    let counted = last_day < today;
    let current = if last_day == today - 1 { current + 1 } else { 1 };
    let longest = longest.max(current);
    if counted {
        let sql = match found {
            Some(_) => {
                "UPDATE daily_streaks SET current = ?2, longest = ?3, last_day = ?4 WHERE user_id = ?1"
            }
            None => {
                "INSERT INTO daily_streaks(user_id, current, longest, last_day) VALUES (?1, ?2, ?3, ?4)"
            }
        };
        db.run(sql, params![user, current, longest, today])?;
        award(db, user, CHECK_IN)?;
    }
    let streak = json!({"current": current, "longest": longest});
    Ok(Response::json(200, &json!({"streak": streak, "counted": counted})))
}

/// Seed 001, `Progress`, adaptive difficulty: the new score is made of the one that was read.
fn add(db: &Db, user: &str, topic: &str, body: &Value) -> Result<Response> {
    let sql = "SELECT score FROM topic_progress WHERE user_id = ?1 AND topic = ?2";
    let found: Option<i64> = db.first(sql, params![user, topic], |row| row.get(0))?;
    let score = found.unwrap_or(0) + body["delta"].as_i64().unwrap_or(0);
    let sql = match found {
        Some(_) => "UPDATE topic_progress SET score = ?3 WHERE user_id = ?1 AND topic = ?2",
        None => "INSERT INTO topic_progress(user_id, topic, score) VALUES (?1, ?2, ?3)",
    };
    db.run(sql, params![user, topic, score])?;
    Ok(Response::json(200, &json!({"topic": topic, "score": score})))
}

/// A subscription as it is found.
fn standing(db: &Db, user: &str) -> Result<Option<Value>> {
    let sql = "SELECT tier, status, version FROM user_subscriptions WHERE user_id = ?1";
    db.first(sql, params![user], |row| {
        let (tier, status): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(json!({"tier": tier, "status": status, "version": row.get::<_, i64>(2)?}))
    })
}

/// Seed 001, `UserSubscription`: looked for, and made when somebody first asks.
fn subscription(db: &Db, user: &str) -> Result<Value> {
    if let Some(found) = standing(db, user)? {
        return Ok(found);
    }
    db.run(
        "INSERT INTO user_subscriptions(user_id, tier, status, version)
         VALUES (?1, 'unlimited', 'active', 1)",
        params![user],
    )?;
    standing(db, user)?.ok_or(Error::NotFound("person"))
}

/// Version and status are compared with what was read, and the change is written then.
fn change(db: &Db, user: &str, body: &Value) -> Result<Response> {
    let stands = subscription(db, user)?;
    if stands["version"] != body["version"] {
        return Err(Error::conflict("version-conflict", "It was changed meanwhile."));
    }
    let (tier, status) = (text(body, "tier"), text(body, "status"));
    let (from, version) = (text(&stands, "status"), stands["version"].as_i64().unwrap_or(0) + 1);
    let legal = match from.as_str() {
        "active" => true,
        "paused" => status == "active" || status == "cancelled",
        _ => status == "active",
    };
    if !legal {
        return Err(Error::conflict("illegal-transition", "It does not go that way."));
    }
    let sql =
        "UPDATE user_subscriptions SET tier = ?2, status = ?3, version = ?4 WHERE user_id = ?1";
    db.run(sql, params![user, tier, status, version])?;
    Ok(Response::json(200, &json!({"tier": tier, "status": status, "version": version})))
}

/// What a person's subscription allows by a look before the card is made: seed 000, "Contexts".
pub(super) fn max_cards(db: &Db, user: &str, otherwise: i64) -> Result<i64> {
    let found = standing(db, user)?;
    Ok(found.map_or(otherwise, |found| match (found["tier"].as_str(), found["status"].as_str()) {
        (Some("unlimited"), Some("active")) => 1_000_000,
        (Some("standard"), Some("active")) => 50,
        _ => 5,
    }))
}
