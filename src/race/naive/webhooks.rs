//! Webhooks the naive way.

use super::db::Db;
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use crate::id::hex;
use rusqlite::params;
use serde_json::{Value, json};

/// Its table.
pub(super) const SCHEMA: &str = "
CREATE TABLE hooks(id TEXT PRIMARY KEY NOT NULL, user_id TEXT NOT NULL, url TEXT NOT NULL) STRICT;
CREATE INDEX hooks_user ON hooks(user_id);
";

/// How many a person has.
pub(in crate::race) const COUNT: &str = "SELECT count(*) FROM hooks WHERE user_id = ?1";
/// How many the tier of everybody allows.
const MAX: i64 = 2;

/// Answers a request of `user`, if it is about these. Seed 000's program counts first and inserts then.
pub(super) fn answer(
    db: &Db,
    head: &Head,
    user: &str,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    let ("POST", ["api", "webhooks"]) = (head.method.as_str(), path) else { return Ok(None) };
    let count: i64 = db.first(COUNT, params![user], |row| row.get(0))?.unwrap_or(0);
    if count >= MAX {
        return Err(Error::conflict("quota-exceeded", "Your tier allows no more."));
    }
    let (id, url) = (hex(16), body["url"].as_str().unwrap_or_default());
    db.run("INSERT INTO hooks(id, user_id, url) VALUES (?1, ?2, ?3)", params![id, user, url])?;
    Ok(Some(Response::json(201, &json!({"id": id}))))
}
