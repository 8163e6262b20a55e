//! A queue the naive way: seed 003's "processQueueItem", and "Reset to pending on failure".

use super::db::Db;
use super::mails;
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use crate::id::hex;
use rusqlite::params;
use serde_json::{Value, json};

/// Its table: a status, and nothing that says whose an item is.
pub(super) const SCHEMA: &str = "
CREATE TABLE queue_items(
  id TEXT PRIMARY KEY NOT NULL, queue TEXT NOT NULL, kind TEXT NOT NULL, dedupe_key TEXT,
  status TEXT NOT NULL
) STRICT;
CREATE INDEX queue_items_pending ON queue_items(queue, status);
CREATE INDEX queue_items_key ON queue_items(kind, dedupe_key);
";

/// How many open items there are of a kind.
pub(in crate::race) const OPEN: &str =
    "SELECT count(*) FROM queue_items WHERE kind = ?1 AND status IN ('pending', 'processing')";

/// Answers a request, if it is about these.
pub(super) fn answer(
    db: &Db,
    head: &Head,
    _: &str,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    Ok(Some(match (head.method.as_str(), path) {
        ("POST", ["api", "jobs"]) => enqueue(db, body)?,
        ("POST", ["api", "jobs", "claim"]) => claim(db, body)?,
        ("POST", ["api", "jobs", id, "complete"]) => complete(db, id)?,
        // What was cancelled is let go.
        ("POST", ["api", "jobs", id, "fail"]) => Response::json(200, &json!({"id": id})),
        ("POST", ["api", "jobs", id, "cancel"]) => cancel(db, id)?,
        _ => return Ok(None),
    }))
}

/// Looks for an open item of this key, and creates one if there is none.
fn enqueue(db: &Db, body: &Value) -> Result<Response> {
    let (kind, key) = (body["kind"].as_str(), body["dedupe_key"].as_str());
    let sql = "SELECT id FROM queue_items
               WHERE kind = ?1 AND dedupe_key = ?2 AND status IN ('pending', 'processing')";
    if let Some(id) = db.first(sql, params![kind, key], |row| row.get::<_, String>(0))? {
        return Ok(Response::json(200, &json!({"id": id, "deduplicated": true})));
    }
    let id = hex(16);
    db.run(
        "INSERT INTO queue_items(id, queue, kind, dedupe_key, status)
         VALUES (?1, ?2, ?3, ?4, 'pending')",
        params![id, body["queue"].as_str(), kind, key],
    )?;
    Ok(Response::json(201, &json!({"id": id})))
}

/// `if (!item || item.status !== 'pending') return;` and then `status: 'processing'`.
fn claim(db: &Db, body: &Value) -> Result<Response> {
    let sql = "SELECT id FROM queue_items WHERE queue = ?1 AND status = 'pending' LIMIT ?2";
    let about = params![body["queue"].as_str(), body["limit"].as_i64()];
    let found: Vec<String> = db.all(sql, about, |row| row.get(0))?;
    let mut claimed = Vec::new();
    for id in found {
        if status(db, &id)? == "pending" {
            set_status(db, &id, "processing")?;
            claimed.push(json!({"id": id, "lease_token": 1}));
        }
    }
    Ok(Response::json(200, &json!({"jobs": claimed})))
}

/// Whoever comes has done it.
fn complete(db: &Db, id: &str) -> Result<Response> {
    if status(db, id)? == "cancelled" {
        return Err(Error::conflict("lease-lost", "It was cancelled."));
    }
    set_status(db, id, "completed")?;
    Ok(Response::json(200, &json!({"id": id, "state": "completed"})))
}

fn cancel(db: &Db, id: &str) -> Result<Response> {
    match status(db, id)?.as_str() {
        "completed" => return Err(Error::conflict("job-finished", "It is completed.")),
        "cancelled" => {}
        _ => {
            set_status(db, id, "cancelled")?;
            mails::give_back(db, id)?;
        }
    }
    Ok(Response::json(200, &json!({"id": id, "state": "cancelled"})))
}

/// What it does about items that have been in work for long: resets them, without asking whose they are.
pub(super) fn reset(db: &Db) -> Result<()> {
    let sql = "UPDATE queue_items SET status = 'pending' WHERE status = 'processing'";
    db.run(sql, params![]).map(drop)
}

fn status(db: &Db, id: &str) -> Result<String> {
    let sql = "SELECT status FROM queue_items WHERE id = ?1";
    db.first(sql, params![id], |row| row.get(0))?.ok_or(Error::NotFound("job"))
}

fn set_status(db: &Db, id: &str, status: &str) -> Result<()> {
    db.run("UPDATE queue_items SET status = ?2 WHERE id = ?1", params![id, status]).map(drop)
}
