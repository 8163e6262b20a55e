//! Shares and what is counted of them the naive way: found, looked at, and written back as found and more.

use super::db::Db;
use super::mails;
use super::webhooks;
use crate::clock::{Clock, Zone};
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use crate::id::hex;
use rusqlite::params;
use serde_json::{Value, json};

/// Its tables. Seed 003: an e-mail has its tracking id, `openedAt` and, beside it, a count.
pub(super) const SCHEMA: &str = "
CREATE TABLE tracked_shares(
  tracking_id TEXT PRIMARY KEY NOT NULL, user_id TEXT NOT NULL, card_id TEXT NOT NULL,
  channel TEXT NOT NULL, opened_at TEXT, opens INTEGER NOT NULL
) STRICT;
CREATE TABLE card_views(
  card_id TEXT PRIMARY KEY NOT NULL, views INTEGER NOT NULL, visitors INTEGER NOT NULL
) STRICT;
CREATE TABLE daily_salts(day INTEGER NOT NULL, salt TEXT NOT NULL) STRICT;
CREATE INDEX daily_salts_day ON daily_salts(day);
CREATE TABLE card_visitors(card_id TEXT NOT NULL, visitor TEXT NOT NULL) STRICT;
CREATE INDEX card_visitors_card ON card_visitors(card_id, visitor);
";

/// Answers a request of anybody, if it is about these.
pub(super) fn answer_anybody(
    db: &Db,
    head: &Head,
    path: &[&str],
    _body: &Value,
) -> Result<Option<Response>> {
    match (head.method.as_str(), path) {
        ("GET", ["t", picture]) => {
            let id = picture.trim_end_matches(".gif");
            if find(db, id)?.is_some() {
                open(db, id)?;
            }
            Ok(Some(Response::bytes(200, "image/gif", b"GIF89a".to_vec())))
        }
        ("GET", ["c", slug]) => see(db, head, slug).map(Some),
        _ => Ok(None),
    }
}

/// Answers a request of `user`, if it is about these.
pub(super) fn answer(
    db: &Db,
    head: &Head,
    user: &str,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    let reply = match (head.method.as_str(), path) {
        ("POST", ["api", "shares"]) => create(db, user, &hex(16), body),
        ("PUT", ["api", "shares", id]) => get_or_create(db, user, id, body),
        ("GET", ["api", "shares", id]) => {
            Ok(Response::json(200, &find(db, id)?.ok_or(Error::NotFound("share"))?))
        }
        ("POST", ["api", "events"]) => {
            let id = body["tracking_id"].as_str().unwrap_or_default();
            let (first, first_at) = open(db, id)?;
            Ok(Response::json(200, &json!({"first": first, "first_at": first_at})))
        }
        ("GET", ["api", "cards", id, "stats"]) => stats(db, id),
        _ => return Ok(None),
    };
    reply.map(Some)
}

fn find(db: &Db, id: &str) -> Result<Option<Value>> {
    let sql =
        "SELECT card_id, channel, opened_at, opens FROM tracked_shares WHERE tracking_id = ?1";
    db.first(sql, params![id], |row| {
        let (card, channel): (String, String) = (row.get(0)?, row.get(1)?);
        let (opened_at, opens): (Option<String>, i64) = (row.get(2)?, row.get(3)?);
        let opened = json!({"first_at": opened_at, "total": opens});
        Ok(json!({"tracking_id": id, "card_id": card, "channel": channel, "opened": opened}))
    })
}

/// Seed 001, "Root cause": findUnique, and if there is none, create (P2002).
fn get_or_create(db: &Db, user: &str, id: &str, body: &Value) -> Result<Response> {
    match find(db, id)? {
        Some(share) => Ok(Response::json(200, &share)),
        None => create(db, user, id, body),
    }
}

fn create(db: &Db, user: &str, id: &str, body: &Value) -> Result<Response> {
    let sql = "INSERT INTO tracked_shares(tracking_id, user_id, card_id, channel, opens)
               VALUES (?1, ?2, ?3, ?4, 0)";
    db.run(sql, params![id, user, body["card_id"].as_str(), body["channel"].as_str()])?;
    let mut share = find(db, id)?.unwrap_or_default();
    if body["send"] == true {
        share["mail"] = mails::send(db, user)?;
    }
    Ok(Response::json(201, &share))
}

/// Seed 003, "BAD - Race condition!": findUnique; if it is not opened, set `openedAt`. The count is what was found
/// and one more.
fn open(db: &Db, id: &str) -> Result<(bool, String)> {
    let sql = "SELECT opened_at, opens, user_id FROM tracked_shares WHERE tracking_id = ?1";
    let found: Option<(Option<String>, i64, String)> =
        db.first(sql, params![id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let (opened_at, opens, user) = found.ok_or(Error::NotFound("share"))?;
    let first = opened_at.is_none();
    let opened_at = opened_at.unwrap_or_else(|| Clock::system().now().to_string());
    let sql = "UPDATE tracked_shares SET opened_at = ?2, opens = ?3 WHERE tracking_id = ?1";
    db.run(sql, params![id, opened_at, opens + 1])?;
    if first {
        webhooks::tell(db, &user, id)?;
    }
    Ok((first, opened_at))
}

/// A card in public: counted as seen, by a visitor who is looked for among those of the day.
fn see(db: &Db, head: &Head, slug: &str) -> Result<Response> {
    let sql = "SELECT id FROM business_cards WHERE slug = ?1";
    let card: Option<String> = db.first(sql, params![slug], |row| row.get(0))?;
    let card = card.ok_or(Error::NotFound("card"))?;
    let visitor = salt(db)? + head.headers.get("user-agent").unwrap_or_default();
    let sql = "SELECT 1 FROM card_visitors WHERE card_id = ?1 AND visitor = ?2";
    let is_new = db.first(sql, params![card, visitor], |_| Ok(()))?.is_none();
    if is_new {
        let sql = "INSERT INTO card_visitors(card_id, visitor) VALUES (?1, ?2)";
        db.run(sql, params![card, visitor])?;
    }
    let (views, visitors) = counted(db, &card)?.unwrap_or((0, 0));
    let sql = match (views, visitors) {
        (0, 0) => "INSERT INTO card_views(card_id, views, visitors) VALUES (?1, ?2, ?3)",
        _ => "UPDATE card_views SET views = ?2, visitors = ?3 WHERE card_id = ?1",
    };
    db.run(sql, params![card, views + 1, visitors + i64::from(is_new)])?;
    Ok(Response::json(200, &json!({"slug": slug})))
}

/// The salt of the day: findFirst, and if there is none, create.
fn salt(db: &Db) -> Result<String> {
    let day = Zone::UTC.day(Clock::system().now()).0;
    let sql = "SELECT salt FROM daily_salts WHERE day = ?1";
    if let Some(salt) = db.first(sql, params![day], |row| row.get(0))? {
        return Ok(salt);
    }
    let salt = hex(16);
    db.run("INSERT INTO daily_salts(day, salt) VALUES (?1, ?2)", params![day, salt])?;
    Ok(salt)
}

fn counted(db: &Db, card: &str) -> Result<Option<(i64, i64)>> {
    let sql = "SELECT views, visitors FROM card_views WHERE card_id = ?1";
    db.first(sql, params![card], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn stats(db: &Db, card: &str) -> Result<Response> {
    let (views, visitors) = counted(db, card)?.unwrap_or((0, 0));
    let day = json!({"views": views, "unique_visitors": visitors});
    Ok(Response::json(200, &json!({"card_id": card, "days": [day]})))
}
