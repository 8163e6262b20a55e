//! Webhooks the naive way.

use super::db::Db;
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use crate::id::hex;
use rusqlite::params;
use serde_json::{Value, json};

/// Its tables.
pub(super) const SCHEMA: &str = "
CREATE TABLE hooks(id TEXT PRIMARY KEY NOT NULL, user_id TEXT NOT NULL, url TEXT NOT NULL) STRICT;
CREATE INDEX hooks_user ON hooks(user_id);
CREATE TABLE hook_messages(hook_id TEXT NOT NULL, event TEXT NOT NULL) STRICT;
CREATE INDEX hook_messages_of ON hook_messages(hook_id, event);
";

/// How many messages there are to a person's.
pub(in crate::race) const MESSAGES: &str =
    "SELECT count(*) FROM hook_messages JOIN hooks ON id = hook_id WHERE user_id = ?1";
/// How many there are to one.
pub(in crate::race) const MESSAGES_TO: &str =
    "SELECT count(*) FROM hook_messages WHERE hook_id = ?1";

/// How many a person has.
pub(in crate::race) const COUNT: &str = "SELECT count(*) FROM hooks WHERE user_id = ?1";
/// How many the tier of everybody allows.
const MAX: i64 = 2;

/// Answers a request of `user`, if it is about these.
pub(super) fn answer(
    db: &Db,
    head: &Head,
    user: &str,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    match (head.method.as_str(), path) {
        ("POST", ["api", "webhooks"]) => create(db, user, body).map(Some),
        ("DELETE", ["api", "webhooks", id]) => delete(db, id).map(Some),
        _ => Ok(None),
    }
}

/// Seed 000's program counts first and inserts then.
fn create(db: &Db, user: &str, body: &Value) -> Result<Response> {
    let count: i64 = db.first(COUNT, params![user], |row| row.get(0))?.unwrap_or(0);
    if count >= MAX {
        return Err(Error::conflict("quota-exceeded", "Your tier allows no more."));
    }
    let (id, url) = (hex(16), body["url"].as_str().unwrap_or_default());
    db.run("INSERT INTO hooks(id, user_id, url) VALUES (?1, ?2, ?3)", params![id, user, url])?;
    Ok(Response::json(201, &json!({"id": id})))
}

/// What is on its way there, and then the webhook.
fn delete(db: &Db, id: &str) -> Result<Response> {
    db.run("DELETE FROM hook_messages WHERE hook_id = ?1", params![id])?;
    db.run("DELETE FROM hooks WHERE id = ?1", params![id])?;
    Ok(Response::json(200, &json!({"deleted": id})))
}

/// A message to each webhook of a person, unless there is one about this event already (seed 001, "Root cause").
pub(super) fn tell(db: &Db, user: &str, event: &str) -> Result<()> {
    let sql = "SELECT id FROM hooks WHERE user_id = ?1";
    let hooks: Vec<String> = db.all(sql, params![user], |row| row.get(0))?;
    for hook in hooks {
        let sql = "SELECT 1 FROM hook_messages WHERE hook_id = ?1 AND event = ?2";
        if db.first(sql, params![hook, event], |_| Ok(()))?.is_none() {
            let sql = "INSERT INTO hook_messages(hook_id, event) VALUES (?1, ?2)";
            db.run(sql, params![hook, event])?;
        }
    }
    Ok(())
}
