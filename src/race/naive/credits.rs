//! Credits the naive way: seed 004, "BAD: Read-modify-write without locking", and its step 4.

use super::db::Db;
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use crate::id::hex;
use rusqlite::params;
use serde_json::{Value, json};

/// Its tables: a balance with the client, a history beside it, and no constraint.
pub(super) const SCHEMA: &str = "
CREATE TABLE client_credits(user_id TEXT PRIMARY KEY NOT NULL, balance INTEGER NOT NULL) STRICT;
CREATE TABLE credit_history(
  id TEXT PRIMARY KEY NOT NULL, user_id TEXT NOT NULL, amount INTEGER NOT NULL, kind TEXT NOT NULL,
  state TEXT NOT NULL, key TEXT
) STRICT;
CREATE INDEX credit_history_key ON credit_history(key);
";

/// What a person has.
pub(in crate::race) const BALANCE: &str = "SELECT balance FROM client_credits WHERE user_id = ?1";

/// How often a key was applied.
pub(in crate::race) const APPLIED: &str = "SELECT count(*) FROM credit_history WHERE key = ?1";

/// Answers a request of `user`, if it is about these.
pub(super) fn answer(
    db: &Db,
    head: &Head,
    user: &str,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    let key = head.headers.get("idempotency-key").or(body["idempotency_key"].as_str());
    let amount = body["amount"].as_i64().unwrap_or(0);
    let reply = match (head.method.as_str(), path) {
        ("POST", ["api", "credits", "grants"]) => {
            let to = body["user_id"].as_str().unwrap_or_default();
            apply(db, to, amount, "grant", key)?
        }
        ("POST", ["api", "credits", "charges"]) => apply(db, user, -amount, "charge", key)?,
        ("POST", ["api", "credits", "reservations"]) => {
            apply(db, user, -amount, "reservation", key)?
        }
        ("POST", ["api", "credits", "reservations", id, how]) => resolve(db, id, how)?,
        ("POST", ["api", "credits", "transfers", id, "reversal"]) => reverse(db, id)?,
        _ => return Ok(None),
    };
    Ok(Some(reply))
}

/// `const balance = await getBalance(clientId)`, add, `await updateBalance(clientId, newBalance)`; whether it
/// was applied already is asked before, and noted afterwards.
fn apply(db: &Db, user: &str, amount: i64, kind: &str, key: Option<&str>) -> Result<Response> {
    let sql = "SELECT id FROM credit_history WHERE key = ?1";
    if let Some(id) = db.first(sql, params![key], |row| row.get::<_, String>(0))? {
        return Ok(Response::json(201, &json!({"id": id})));
    }
    let balance = balance(db, user)?;
    if balance + amount < 0 {
        return Err(Error::conflict("insufficient-credits", "There is not enough."));
    }
    set_balance(db, user, balance + amount)?;
    let id = hex(16);
    db.run(
        "INSERT INTO credit_history(id, user_id, amount, kind, state, key)
         VALUES (?1, ?2, ?3, ?4, 'pending', ?5)",
        params![id, user, amount, kind, key],
    )?;
    Ok(Response::json(201, &json!({"id": id, "state": "pending"})))
}

pub(super) fn balance(db: &Db, user: &str) -> Result<i64> {
    Ok(db.first(BALANCE, params![user], |row| row.get(0))?.unwrap_or(0))
}

pub(super) fn set_balance(db: &Db, user: &str, balance: i64) -> Result<()> {
    db.run(
        "INSERT INTO client_credits(user_id, balance) VALUES (?1, ?2)
         ON CONFLICT(user_id) DO UPDATE SET balance = excluded.balance",
        params![user, balance],
    )
    .map(drop)
}

/// Looks whether it is resolved, resolves it, and gives back what is not taken.
fn resolve(db: &Db, id: &str, how: &str) -> Result<Response> {
    let (user, amount, state) = find(db, id)?;
    if state != "pending" {
        return Err(Error::conflict("reservation-resolved", "It is resolved."));
    }
    let state = if how == "capture" { "captured" } else { "voided" };
    set_state(db, id, state)?;
    if how == "void" {
        set_balance(db, &user, balance(db, &user)? - amount)?;
    }
    Ok(Response::json(200, &json!({"id": id, "state": state})))
}

/// Looks whether it was reversed, gives back, and notes it.
fn reverse(db: &Db, id: &str) -> Result<Response> {
    let (user, amount, state) = find(db, id)?;
    if state == "reversed" {
        return Err(Error::conflict("already-reversed", "It was reversed."));
    }
    set_balance(db, &user, balance(db, &user)? - amount)?;
    set_state(db, id, "reversed")?;
    Ok(Response::json(201, &json!({"id": id})))
}

fn find(db: &Db, id: &str) -> Result<(String, i64, String)> {
    let sql = "SELECT user_id, amount, state FROM credit_history WHERE id = ?1";
    let found = db.first(sql, params![id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    found.ok_or(Error::NotFound("transfer"))
}

fn set_state(db: &Db, id: &str, state: &str) -> Result<()> {
    let sql = "UPDATE credit_history SET state = ?2 WHERE id = ?1";
    db.run(sql, params![id, state]).map(drop)
}
