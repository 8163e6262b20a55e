//! Passwords, sessions and reset links the naive way.

use super::db::Db;
use super::people;
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use crate::id::hex;
use rusqlite::params;
use serde_json::{Value, json};

/// Its tables.
pub(super) const SCHEMA: &str = "
CREATE TABLE reset_links(token TEXT PRIMARY KEY NOT NULL, user_id TEXT NOT NULL, used INTEGER NOT NULL) STRICT;
CREATE INDEX access_tokens_user ON access_tokens(user_id);
";

/// Answers a request of anybody, if it is about these.
pub(super) fn answer_anybody(
    db: &Db,
    head: &Head,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    match (head.method.as_str(), path) {
        ("POST", ["api", "auth", "reset"]) => redeem(db, body).map(Some),
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
        ("POST", ["api", "sessions", "revoke-others"]) => revoke_others(db, head, user)?,
        ("POST", ["api", "me", "password"]) => change(db, head, user, body)?,
        ("PUT", ["api", "admin", "users", id, "role"]) => people::set_role(db, user, id, body)?,
        ("POST", ["api", "admin", "users", id, "reset-link"]) => make_link(db, id)?,
        _ => return Ok(None),
    };
    Ok(Some(reply))
}

/// Whoever asks had a session a moment ago (seed 002 looks the session up first, in a query of its own); that
/// it has been revoked since is not asked again.
fn revoke_others(db: &Db, head: &Head, user: &str) -> Result<Response> {
    let sql = "DELETE FROM access_tokens WHERE user_id = ?1 AND token <> ?2";
    let revoked = db.run(sql, params![user, people::token(head)])?;
    Ok(Response::json(200, &json!({"revoked": revoked})))
}

/// Seed 003, "Check-Then-Update": the current password is checked, then the new one is written, then the
/// sessions that there are by then are deleted. A login that has been checked meanwhile comes after all that.
fn change(db: &Db, head: &Head, user: &str, body: &Value) -> Result<Response> {
    let sql = "SELECT password FROM app_users WHERE id = ?1";
    let hash: Option<String> = db.first(sql, params![user], |row| row.get(0))?;
    if !people::matches(&people::text(body, "current_password"), &hash.unwrap_or_default())? {
        return Err(Error::forbidden("wrong-password", "The current password is another one."));
    }
    set_password(db, user, &people::text(body, "new_password"))?;
    revoke_others(db, head, user)
}

fn set_password(db: &Db, user: &str, password: &str) -> Result<()> {
    let sql = "UPDATE app_users SET password = ?2 WHERE id = ?1";
    db.run(sql, params![user, people::hash(password)?]).map(drop)
}

fn make_link(db: &Db, user: &str) -> Result<Response> {
    let token = format!("{}{}", hex(16), hex(16));
    let sql = "INSERT INTO reset_links(token, user_id, used) VALUES (?1, ?2, 0)";
    db.run(sql, params![token, user])?;
    Ok(Response::json(201, &json!({"url": format!("http://localhost/reset?token={token}")})))
}

/// Seed 003, "Check-Then-Update": a link that is unused is used, then marked as used.
fn redeem(db: &Db, body: &Value) -> Result<Response> {
    let token = people::text(body, "token");
    let sql = "SELECT user_id FROM reset_links WHERE token = ?1 AND used = 0";
    let user: Option<String> = db.first(sql, params![token], |row| row.get(0))?;
    let user = user.ok_or(Error::Gone("link"))?;
    set_password(db, &user, &people::text(body, "new_password"))?;
    db.run("UPDATE reset_links SET used = 1 WHERE token = ?1", params![token])?;
    let revoked = db.run("DELETE FROM access_tokens WHERE user_id = ?1", params![user])?;
    Ok(Response::json(200, &json!({"revoked": revoked})))
}
