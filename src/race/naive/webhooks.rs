//! Webhooks the naive way.

use super::db::Db;
use crate::domain::webhooks::{Secret, sign};
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use crate::id::hex;
use rusqlite::params;
use serde_json::{Value, json};
use ureq::Agent;

/// Its tables.
pub(super) const SCHEMA: &str = "
CREATE TABLE hooks(
  id TEXT PRIMARY KEY NOT NULL, user_id TEXT NOT NULL, url TEXT NOT NULL, secret BLOB NOT NULL,
  old_secret BLOB, is_active INTEGER NOT NULL, version INTEGER NOT NULL
) STRICT;
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

/// It calls in the request that makes it necessary: nothing is under way once all are answered.
pub(in crate::race) const UNDER_WAY: &str = "SELECT 0 WHERE ?1 IS NOT NULL";

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
        ("GET", ["api", "webhooks", id]) => Ok(Some(Response::json(200, &standing(db, id)?))),
        ("PATCH", ["api", "webhooks", id]) => begin_anew(db, id, body).map(Some),
        ("POST", ["api", "webhooks", id, "rotate"]) => rotate(db, id).map(Some),
        ("POST", ["api", "webhooks", id, "test"]) => ping(db, id).map(Some),
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
    let secret = Secret::new();
    db.run(
        "INSERT INTO hooks(id, user_id, url, secret, is_active, version) VALUES (?1, ?2, ?3, ?4, 1, 1)",
        params![id, user, url, secret.as_bytes()],
    )?;
    Ok(Response::json(201, &json!({"id": id, "version": 1, "secret": secret.reveal()})))
}

fn standing(db: &Db, id: &str) -> Result<Value> {
    let sql = "SELECT is_active, version FROM hooks WHERE id = ?1";
    let found = db.first(sql, params![id], |row| {
        let (is_active, version): (bool, i64) = (row.get(0)?, row.get(1)?);
        Ok(json!({"id": id, "is_active": is_active, "version": version}))
    });
    found?.ok_or(Error::NotFound("webhook"))
}

/// Writes back what was read, but for whether it is active: as an ORM saves what it has loaded.
fn set_active(db: &Db, id: &str, seen: &Value, is_active: bool) -> Result<Value> {
    let version = seen["version"].as_i64().unwrap_or(0) + 1;
    let sql = "UPDATE hooks SET is_active = ?2, version = ?3 WHERE id = ?1";
    db.run(sql, params![id, is_active, version])?;
    Ok(json!({"id": id, "is_active": is_active, "version": version}))
}

/// The version is compared with what was read, and the change is written then.
fn begin_anew(db: &Db, id: &str, body: &Value) -> Result<Response> {
    let seen = standing(db, id)?;
    if seen["version"] != body["version"] {
        return Err(Error::conflict("version-conflict", "It was changed meanwhile."));
    }
    let now = if seen["is_active"] == true { seen } else { set_active(db, id, &seen, true)? };
    Ok(Response::json(200, &now))
}

/// The secret is read, and written back as the one of before beside the new one.
fn rotate(db: &Db, id: &str) -> Result<Response> {
    let seen = standing(db, id)?;
    let sql = "SELECT secret FROM hooks WHERE id = ?1";
    let old: Option<Vec<u8>> = db.first(sql, params![id], |row| row.get(0))?;
    let (secret, version) = (Secret::new(), seen["version"].as_i64().unwrap_or(0) + 1);
    let sql = "UPDATE hooks SET old_secret = ?2, secret = ?3, version = ?4 WHERE id = ?1";
    db.run(sql, params![id, old, secret.as_bytes(), version])?;
    Ok(Response::json(200, &json!({"id": id, "version": version, "secret": secret.reveal()})))
}

/// Calls a webhook there and then, signed by the secret and the one of before, each looked for when it is needed; an
/// answer that it is gone ends it.
fn ping(db: &Db, id: &str) -> Result<Response> {
    let secret = |sql: &str| -> Result<Option<Secret>> {
        let found: Option<Option<[u8; 32]>> = db.first(sql, params![id], |row| row.get(0))?;
        Ok(found.flatten().map(Secret::from_bytes))
    };
    let new = secret("SELECT secret FROM hooks WHERE id = ?1")?;
    let old = secret("SELECT old_secret FROM hooks WHERE id = ?1")?;
    let secrets: Vec<Secret> = [new, old].into_iter().flatten().collect();
    let sql = "SELECT url FROM hooks WHERE id = ?1";
    let url: Option<String> = db.first(sql, params![id], |row| row.get(0))?;
    let (event, body) = (hex(16), r#"{"type":"ping"}"#);
    let message = format!("msg_{event}");
    let agent = Agent::new_with_config(Agent::config_builder().http_status_as_error(false).build());
    let answer = agent
        .post(url.unwrap_or_default())
        .header("webhook-id", &message)
        .header("webhook-timestamp", "1")
        .header("webhook-signature", sign(&secrets, &message, 1, body)?)
        .send(body)
        .map_err(Error::internal)?;
    if answer.status() == 410 {
        let seen = standing(db, id)?;
        if seen["is_active"] == true {
            set_active(db, id, &seen, false)?;
        }
    }
    Ok(Response::json(202, &json!({"id": event})))
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
