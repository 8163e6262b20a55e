//! Flags, saved cards and settings the naive way.

use super::db::Db;
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use rusqlite::{Row, params};
use serde_json::{Value, json};

/// Its tables. Seed 001: one flag of a name and one row of settings for a person, so that a lost race is an
/// error nobody expected (P2002); nothing holds that a card is saved once.
pub(super) const SCHEMA: &str = "
CREATE TABLE feature_flags(
  key TEXT PRIMARY KEY NOT NULL, enabled INTEGER NOT NULL, description TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE TABLE processed_toggles(key TEXT NOT NULL, reply TEXT NOT NULL) STRICT;
CREATE INDEX processed_toggles_key ON processed_toggles(key);
CREATE TABLE accessibility(
  user_id TEXT PRIMARY KEY NOT NULL, high_contrast INTEGER NOT NULL, text_scale REAL NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE TABLE bookmarks(user_id TEXT NOT NULL, card_id TEXT NOT NULL) STRICT;
CREATE INDEX bookmarks_user ON bookmarks(user_id, card_id);
";

/// Answers a request of `user`, if it is about these.
pub(super) fn answer(
    db: &Db,
    head: &Head,
    user: &str,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    Ok(Some(match (head.method.as_str(), path) {
        ("GET", ["api", "flags", key]) => Response::json(200, &standing(db, key)?),
        ("PUT", ["api", "flags", key]) => save_flag(db, head, key, body)?,
        ("POST", ["api", "flags", key, "toggle"]) => {
            toggle_once(db, key, head.headers.get("idempotency-key"))?
        }
        ("GET", ["api", "settings", "accessibility"]) => {
            let found = settings(db, user)?;
            Response::json(200, &found.unwrap_or(json!({"version": 0})))
        }
        ("PATCH", ["api", "settings", "accessibility"]) => save_settings(db, user, body)?,
        ("PUT", ["api", "saved", card]) => save_card(db, user, card)?,
        ("DELETE", ["api", "saved", card]) => unsave_card(db, user, card)?,
        _ => return Ok(None),
    }))
}

/// Asked before somebody registers; what is done afterwards does not ask again.
pub(super) fn registration_is_on(db: &Db) -> Result<bool> {
    Ok(flag(db, "registration")?.is_none_or(|flag| flag["enabled"] == true))
}

fn flag(db: &Db, key: &str) -> Result<Option<Value>> {
    let sql = "SELECT enabled, description, version FROM feature_flags WHERE key = ?1";
    db.first(sql, params![key], |row: &Row<'_>| {
        let enabled: bool = row.get(0)?;
        let (description, version): (String, i64) = (row.get(1)?, row.get(2)?);
        Ok(json!({"enabled": enabled, "description": description, "version": version}))
    })
}

fn standing(db: &Db, key: &str) -> Result<Value> {
    let unsaved = json!({"enabled": true, "description": "", "version": 0});
    match flag(db, key)? {
        None if key == "registration" => Ok(unsaved),
        found => found.ok_or(Error::NotFound("flag")),
    }
}

/// Seed 001, "Files fixed": `FeatureFlag`, as it was before: find, and if there is none, create.
pub(super) fn save_flag(db: &Db, head: &Head, key: &str, body: &Value) -> Result<Response> {
    let enabled = body["enabled"].as_bool().unwrap_or(false);
    let description = body["description"].as_str().unwrap_or_default();
    let found = flag(db, key)?;
    let Some(found) = found else {
        let sql =
            "INSERT INTO feature_flags(key, enabled, description, version) VALUES (?1, ?2, ?3, 1)";
        db.run(sql, params![key, enabled, description])?;
        return Ok(Response::json(201, &standing(db, key)?));
    };
    if head.headers.get("if-none-match").is_some() || body["version"] != found["version"] {
        return Err(Error::conflict("version-conflict", "It was changed meanwhile."));
    }
    let sql = "UPDATE feature_flags SET enabled = ?2, description = ?3, version = version + 1
               WHERE key = ?1";
    db.run(sql, params![key, enabled, description])?;
    Ok(Response::json(200, &standing(db, key)?))
}

/// Seed 004, step 4, "check if already applied", around what an ORM makes of a toggle: read, turn, write back.
fn toggle_once(db: &Db, flag_key: &str, key: Option<&str>) -> Result<Response> {
    let sql = "SELECT reply FROM processed_toggles WHERE key = ?1";
    let existing: Option<String> = db.first(sql, params![key], |row| row.get(0))?;
    if let Some(reply) = existing {
        let reply = Response::bytes(200, "application/json", reply.into_bytes());
        return Ok(reply.with("Idempotent-Replayed", "true"));
    }
    let seen = standing(db, flag_key)?;
    let version = seen["version"].as_i64().unwrap_or(0) + 1;
    let enabled = seen["enabled"] != true;
    let sql = "UPDATE feature_flags SET enabled = ?2, version = ?3 WHERE key = ?1";
    db.run(sql, params![flag_key, enabled, version])?;
    let reply = json!({"enabled": enabled, "version": version});
    let sql = "INSERT INTO processed_toggles(key, reply) VALUES (?1, ?2)";
    db.run(sql, params![key, reply.to_string()])?;
    Ok(Response::json(200, &reply))
}

fn settings(db: &Db, user: &str) -> Result<Option<Value>> {
    let sql = "SELECT high_contrast, text_scale, version FROM accessibility WHERE user_id = ?1";
    db.first(sql, params![user], |row: &Row<'_>| {
        let (high_contrast, text_scale): (bool, f64) = (row.get(0)?, row.get(1)?);
        let version: i64 = row.get(2)?;
        Ok(json!({"high_contrast": high_contrast, "text_scale": text_scale, "version": version}))
    })
}

/// Seed 001, "Confirmed impact": `AccessibilitySettings.create()`, duplicate `userId`.
fn save_settings(db: &Db, user: &str, body: &Value) -> Result<Response> {
    if settings(db, user)?.is_some() {
        return Err(Error::conflict("version-conflict", "They were changed meanwhile."));
    }
    db.run(
        "INSERT INTO accessibility(user_id, high_contrast, text_scale, version) VALUES (?1, ?2, ?3, 1)",
        params![user, body["high_contrast"].as_bool(), body["text_scale"].as_f64()],
    )?;
    Ok(Response::json(200, &json!(settings(db, user)?)))
}

fn is_saved(db: &Db, user: &str, card: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM bookmarks WHERE user_id = ?1 AND card_id = ?2";
    Ok(db.first(sql, params![user, card], |_| Ok(()))?.is_some())
}

/// Seed 001's "findFirst + create".
fn save_card(db: &Db, user: &str, card: &str) -> Result<Response> {
    let changed = !is_saved(db, user, card)?;
    if changed {
        let sql = "INSERT INTO bookmarks(user_id, card_id) VALUES (?1, ?2)";
        db.run(sql, params![user, card])?;
    }
    Ok(Response::json(200, &json!({"card_id": card, "changed": changed})))
}

fn unsave_card(db: &Db, user: &str, card: &str) -> Result<Response> {
    let changed = is_saved(db, user, card)?;
    if changed {
        let sql = "DELETE FROM bookmarks WHERE user_id = ?1 AND card_id = ?2";
        db.run(sql, params![user, card])?;
    }
    Ok(Response::json(200, &json!({"card_id": card, "changed": changed})))
}
