//! Leads the naive way: seed 003's `claimLead` as an ORM runs it where nothing raises the isolation, and its queue.

use super::db::Db;
use super::people::text;
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use crate::id::hex;
use rusqlite::{Row, params};
use serde_json::{Value, json};

/// Its table: who works a lead, and no constraint.
pub(super) const SCHEMA: &str = "
CREATE TABLE sales_leads(
  id TEXT PRIMARY KEY NOT NULL, slug TEXT NOT NULL, email TEXT NOT NULL, message TEXT NOT NULL,
  notes TEXT NOT NULL, assigned_to TEXT, version INTEGER NOT NULL
) STRICT;
CREATE INDEX sales_leads_email ON sales_leads(email);
CREATE INDEX sales_leads_assigned ON sales_leads(assigned_to);
";

/// Whether a lead is with a person.
pub(in crate::race) const HOLDS: &str =
    "SELECT count(*) FROM sales_leads WHERE id = ?1 AND assigned_to = ?2";
/// Whether a lead is with nobody, and nobody wrote late.
pub(in crate::race) const FREE: &str =
    "SELECT count(*) FROM sales_leads WHERE id = ?1 AND assigned_to IS NULL AND notes <> 'late'";
/// How many leads an address has left.
pub(in crate::race) const LEFT: &str = "SELECT count(*) FROM sales_leads WHERE email = ?1";

/// Answers a request of anybody, if it is about these.
pub(super) fn answer_anybody(
    db: &Db,
    head: &Head,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    match (head.method.as_str(), path) {
        ("POST", ["api", "public", "cards", slug, "leads"]) => leave(db, slug, body).map(Some),
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
        ("POST", ["api", "leads", "claim-next"]) => claim_next(db, user)?,
        ("POST", ["api", "leads", id, "claim"]) => claim(db, user, id)?,
        ("POST", ["api", "leads", id, "release"]) => release(db, user, id)?,
        ("PATCH", ["api", "leads", id]) => note(db, user, id, body)?,
        _ => return Ok(None),
    };
    Ok(Some(reply))
}

/// Looks whether the same was left before, and leaves it.
fn leave(db: &Db, slug: &str, body: &Value) -> Result<Response> {
    let (email, message) = (text(body, "email"), text(body, "message"));
    let sql = "SELECT id FROM sales_leads WHERE slug = ?1 AND email = ?2 AND message = ?3";
    let known = db.first(sql, params![slug, email, message], |row| row.get::<_, String>(0))?;
    if let Some(id) = known {
        return Ok(Response::json(200, &json!({"id": id, "duplicate": true})));
    }
    let id = hex(16);
    db.run(
        "INSERT INTO sales_leads(id, slug, email, message, notes, version)
         VALUES (?1, ?2, ?3, ?4, '', 1)",
        params![id, slug, email, message],
    )?;
    Ok(Response::json(201, &json!({"id": id})))
}

/// A lead, and with whom it is.
fn find(db: &Db, id: &str) -> Result<(Value, Option<String>)> {
    let sql = "SELECT id, notes, version, assigned_to FROM sales_leads WHERE id = ?1";
    let found = db.first(sql, params![id], |row: &Row<'_>| {
        let (id, notes, version): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let lead = json!({"id": id, "notes": notes, "version": version, "claim_epoch": 0});
        Ok((lead, row.get(3)?))
    })?;
    found.ok_or(Error::NotFound("lead"))
}

fn assign(db: &Db, id: &str, user: Option<&str>) -> Result<()> {
    let sql = "UPDATE sales_leads SET assigned_to = ?2, version = version + 1 WHERE id = ?1";
    db.run(sql, params![id, user]).map(drop)
}

/// `const lead = await tx.lead.findUnique(…)`, `if (!lead || lead.assignedTo) return false`, and the update by
/// its id alone.
fn claim(db: &Db, user: &str, id: &str) -> Result<Response> {
    if let (_, Some(holder)) = find(db, id)? {
        let members = [("claimed_by", json!({"id": holder}))];
        return Err(Error::conflict_with("lead-already-claimed", "It is claimed.", members));
    }
    assign(db, id, Some(user))?;
    Ok(Response::json(200, &json!({"lead": find(db, id)?.0, "claimed": true})))
}

/// `processQueueItem`: findUnique, then update.
fn claim_next(db: &Db, user: &str) -> Result<Response> {
    let sql = "SELECT id FROM sales_leads WHERE assigned_to IS NULL ORDER BY rowid LIMIT 1";
    let Some(id) = db.first(sql, params![], |row| row.get::<_, String>(0))? else {
        return Ok(Response::json(200, &json!({"lead": null})));
    };
    assign(db, &id, Some(user))?;
    Ok(Response::json(200, &json!({"lead": find(db, &id)?.0})))
}

/// The lead, if it was with this person when it was looked at.
fn own(db: &Db, user: &str, id: &str) -> Result<Value> {
    match find(db, id)? {
        (lead, Some(holder)) if holder == user => Ok(lead),
        _ => Err(Error::conflict("not-lead-owner", "It is not yours.")),
    }
}

fn release(db: &Db, user: &str, id: &str) -> Result<Response> {
    own(db, user, id)?;
    assign(db, id, None)?;
    Ok(Response::json(200, &find(db, id)?.0))
}

fn note(db: &Db, user: &str, id: &str, body: &Value) -> Result<Response> {
    own(db, user, id)?;
    let sql = "UPDATE sales_leads SET notes = ?2, version = version + 1 WHERE id = ?1";
    db.run(sql, params![id, text(body, "notes")])?;
    Ok(Response::json(200, &find(db, id)?.0))
}
