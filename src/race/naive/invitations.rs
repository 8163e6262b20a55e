//! Trials and invites the naive way.

use super::db::Db;
use super::people::text;
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use crate::id::hex;
use rusqlite::params;
use serde_json::{Value, json};

/// Its tables. Seed 001: `TrialSession` is unique by address and visitor, `InviteRequest` by address, so a lost
/// race is an error that nobody expected (P2002).
pub(super) const SCHEMA: &str = "
CREATE TABLE trial_sessions(
  id TEXT PRIMARY KEY NOT NULL, ip_hash TEXT NOT NULL, visitor_id TEXT NOT NULL,
  used INTEGER NOT NULL, max_uses INTEGER NOT NULL, user_id TEXT, UNIQUE(ip_hash, visitor_id)
) STRICT;
CREATE TABLE invitation_requests(
  id TEXT PRIMARY KEY NOT NULL, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, status TEXT NOT NULL
) STRICT;
CREATE TABLE invitation_codes(
  id TEXT PRIMARY KEY NOT NULL, code TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL,
  max_uses INTEGER NOT NULL
) STRICT;
";

/// How many trials a visitor has.
pub(in crate::race) const TRIALS: &str =
    "SELECT count(*) FROM trial_sessions WHERE visitor_id = ?1";
/// How often a visitor's trial was used.
pub(in crate::race) const USED: &str = "SELECT used FROM trial_sessions WHERE visitor_id = ?1";
/// How many requests an address has.
pub(in crate::race) const REQUESTS: &str =
    "SELECT count(*) FROM invitation_requests WHERE email = ?1";

/// Answers a request of anybody, if it is about these.
pub(super) fn answer_anybody(
    db: &Db,
    head: &Head,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    let reply = match (head.method.as_str(), path) {
        ("POST", ["api", "trials"]) => trial(db, &text(body, "visitor_id"))?,
        ("POST", ["api", "trials", id, "use"]) => spend(db, id)?,
        ("POST", ["api", "invites", "requests"]) => request(db, body)?,
        _ => return Ok(None),
    };
    Ok(Some(reply))
}

/// Answers a request of `user`, if it is about these.
pub(super) fn answer(
    db: &Db,
    head: &Head,
    _user: &str,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    let reply = match (head.method.as_str(), path) {
        ("GET", ["api", "invites", "requests"]) => requests(db)?,
        ("POST", ["api", "invites", "requests", id, "approve"]) => decide(db, id, "approved")?,
        ("POST", ["api", "invites", "requests", id, "reject"]) => decide(db, id, "rejected")?,
        ("POST", ["api", "invites"]) => invite(db, body)?,
        _ => return Ok(None),
    };
    Ok(Some(reply))
}

/// Seed 001, `trial-service.ts` before it was mended: findUnique, and if there is none, create.
fn trial(db: &Db, visitor: &str) -> Result<Response> {
    let sql =
        "SELECT id, used, max_uses FROM trial_sessions WHERE ip_hash = ?1 AND visitor_id = ?2";
    let find = || {
        db.first(sql, params!["local", visitor], |row| {
            let (id, used, limit): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(json!({"id": id, "used": used, "limit": limit, "remaining": limit - used}))
        })
    };
    if let Some(trial) = find()? {
        return Ok(Response::json(200, &trial));
    }
    db.run(
        "INSERT INTO trial_sessions(id, ip_hash, visitor_id, used, max_uses)
         VALUES (?1, 'local', ?2, 0, 10)",
        params![hex(16), visitor],
    )?;
    Ok(Response::json(201, &find()?))
}

/// Seed 003, "Counter increments with conditions", unmended: read, compare, write what was read and one.
fn spend(db: &Db, id: &str) -> Result<Response> {
    let sql = "SELECT used, max_uses FROM trial_sessions WHERE id = ?1";
    let found: Option<(i64, i64)> =
        db.first(sql, params![id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (used, limit) = found.ok_or(Error::NotFound("trial"))?;
    if used >= limit {
        return Err(Error::conflict("trial-exhausted", "This trial is used up."));
    }
    let sql = "UPDATE trial_sessions SET used = ?2 WHERE id = ?1";
    db.run(sql, params![id, used + 1])?;
    Ok(Response::json(200, &json!({"used": used + 1, "remaining": limit - used - 1})))
}

/// The trial that an account can come of: looked up before the account is made, and noted afterwards.
pub(super) fn find_open(db: &Db, id: &str) -> Result<Option<String>> {
    let sql = "SELECT id FROM trial_sessions WHERE id = ?1 AND user_id IS NULL";
    db.first(sql, params![id], |row| row.get(0))
}

/// Notes it.
pub(super) fn convert(db: &Db, id: &str, user: &str) -> Result<()> {
    let sql = "UPDATE trial_sessions SET user_id = ?2 WHERE id = ?1";
    db.run(sql, params![id, user]).map(drop)
}

/// Seed 001, `invites/request/route.ts` before it was mended.
fn request(db: &Db, body: &Value) -> Result<Response> {
    let email = text(body, "email");
    let sql = "SELECT 1 FROM invitation_requests WHERE email = ?1";
    if db.first(sql, params![email], |_| Ok(()))?.is_none() {
        db.run(
            "INSERT INTO invitation_requests(id, email, name, status)
             VALUES (?1, ?2, ?3, 'pending')",
            params![hex(16), email, text(body, "name")],
        )?;
    }
    Ok(Response::json(202, &json!({"requested": true})))
}

fn requests(db: &Db) -> Result<Response> {
    let sql = "SELECT id, email FROM invitation_requests WHERE status = 'pending'";
    let items = db.all(sql, params![], |row| {
        let (id, email): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(json!({"id": id, "email": email}))
    })?;
    Ok(Response::json(200, &json!({"items": items, "next_cursor": null})))
}

/// Looks whether it is decided, and decides it.
fn decide(db: &Db, id: &str, status: &str) -> Result<Response> {
    let sql = "SELECT 1 FROM invitation_requests WHERE id = ?1 AND status = 'pending'";
    if db.first(sql, params![id], |_| Ok(()))?.is_none() {
        return Err(Error::conflict("already-decided", "This request is decided."));
    }
    let sql = "UPDATE invitation_requests SET status = ?2 WHERE id = ?1";
    db.run(sql, params![id, status])?;
    Ok(Response::json(200, &json!({"status": status})))
}

fn invite(db: &Db, body: &Value) -> Result<Response> {
    let code = hex(16);
    db.run(
        "INSERT INTO invitation_codes(id, code, uses, max_uses) VALUES (?1, ?2, 0, ?3)",
        params![hex(16), code, body["max_uses"].as_i64()],
    )?;
    Ok(Response::json(201, &json!({"invite_code": code})))
}

/// Looks whether a code has uses left; the use is counted when the account is made.
pub(super) fn check(db: &Db, code: &str) -> Result<i64> {
    let sql = "SELECT uses FROM invitation_codes WHERE code = ?1 AND uses < max_uses";
    let found = db.first(sql, params![code], |row| row.get(0))?;
    found.ok_or(Error::forbidden("invite-invalid", "This code is used up."))
}

/// Counts the use.
pub(super) fn used(db: &Db, code: &str, uses: i64) -> Result<()> {
    let sql = "UPDATE invitation_codes SET uses = ?2 WHERE code = ?1";
    db.run(sql, params![code, uses + 1]).map(drop)
}
