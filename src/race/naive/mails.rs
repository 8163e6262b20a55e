//! Mails that cost the naive way: the balance is looked at, the mail is queued, and the balance is written back; a mail
//! that is cancelled is looked at, marked, and given back.

use super::credits::{balance, set_balance};
use super::db::Db;
use crate::error::{Error, Result};
use crate::id::hex;
use rusqlite::params;
use serde_json::{Value, json};

/// Its table: whose a mail is, and what it took.
pub(super) const SCHEMA: &str = "
CREATE TABLE queued_mails(job_id TEXT PRIMARY KEY NOT NULL, user_id TEXT NOT NULL, price INTEGER NOT NULL) STRICT;
CREATE INDEX queued_mails_user ON queued_mails(user_id);
";

/// How many mails of a person there are.
pub(in crate::race) const MADE: &str = "SELECT count(*) FROM queued_mails WHERE user_id = ?1";
/// How many of them were sent.
pub(in crate::race) const SENT: &str =
    "SELECT count(*) FROM queued_mails JOIN queue_items ON id = job_id
    WHERE user_id = ?1 AND status = 'completed'";

/// What a mail takes.
const PRICE: i64 = 10;

/// Pays for a mail and queues it.
pub(super) fn send(db: &Db, user: &str) -> Result<Value> {
    let has = balance(db, user)?;
    if has < PRICE {
        return Err(Error::conflict("insufficient-credits", "There is not enough."));
    }
    let id = hex(16);
    let sql =
        "INSERT INTO queue_items(id, queue, kind, status) VALUES (?1, 'mail', 'share', 'pending')";
    db.run(sql, params![id])?;
    let sql = "INSERT INTO queued_mails(job_id, user_id, price) VALUES (?1, ?2, ?3)";
    db.run(sql, params![id, user, PRICE])?;
    set_balance(db, user, has - PRICE)?;
    Ok(json!({"job_id": id}))
}

/// Gives back what a mail took, if the job is one.
pub(super) fn give_back(db: &Db, job: &str) -> Result<()> {
    let sql = "SELECT user_id, price FROM queued_mails WHERE job_id = ?1";
    let found: Option<(String, i64)> =
        db.first(sql, params![job], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if let Some((user, price)) = found {
        set_balance(db, &user, balance(db, &user)? + price)?;
    }
    Ok(())
}
