//! What visitors without an account have tried. Owns table `trials`. One row per client address and visitor;
//! an upsert makes it, a counter with a condition uses it up, and whoever registers with it first has it.

use super::progress::{self, Source};
use super::users::UserId;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::store::{Row, RowResult, Tx, params};
use serde_json::json;

/// Marks a trial's id.
#[derive(Debug)]
pub enum TrialKind {}
/// A trial's id.
pub type TrialId = Id<TrialKind>;

/// Most characters of a visitor's id, which the client makes up.
pub const VISITOR_MAX: usize = 200;

/// A trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// Id.
    pub id: TrialId,
    /// Uses so far.
    pub used: i64,
    /// Most uses.
    pub limit: i64,
    /// Whether somebody has registered with it.
    pub converted: bool,
}

fn from_row(row: &Row<'_>) -> RowResult<Trial> {
    Ok(Trial { id: row.get(0)?, used: row.get(1)?, limit: row.get(2)?, converted: row.get(3)? })
}

/// The trial of a visitor at an address, and whether it was made just now, with `limit` uses.
/// `ip_hash` is a keyed hash of the address; the key never changes, or the limit would begin again.
pub fn open(tx: &Tx<'_>, ip_hash: &[u8; 32], visitor: &str, limit: u32) -> Result<(Trial, bool)> {
    let made = tx.change(
        "INSERT INTO trials(id, ip_hash, visitor_id, use_limit, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT(ip_hash, visitor_id) DO NOTHING",
        params![tx.new_id::<TrialKind>(), ip_hash, visitor, limit, tx.now()],
    )?;
    let trial = tx.one(
        "SELECT id, used, use_limit, converted_ms IS NOT NULL FROM trials
         WHERE ip_hash = ?1 AND visitor_id = ?2",
        params![ip_hash, visitor],
        from_row,
    )?;
    Ok((trial, made.count() == 1))
}

/// Uses a visitor's trial once. `trial-exhausted`, `trial-converted`; somebody else's is as absent as none.
pub fn spend(tx: &Tx<'_>, id: TrialId, visitor: &str) -> Result<Trial> {
    let spent = tx.changed(
        "UPDATE trials SET used = used + 1
         WHERE id = ?1 AND visitor_id = ?2 AND used < use_limit AND converted_ms IS NULL
         RETURNING id, used, use_limit, converted_ms IS NOT NULL",
        params![id, visitor],
        from_row,
    )?;
    if let Some(trial) = spent {
        return Ok(trial);
    }
    let stands = tx.maybe(
        "SELECT id, used, use_limit, converted_ms IS NOT NULL FROM trials
         WHERE id = ?1 AND visitor_id = ?2",
        params![id, visitor],
        from_row,
    )?;
    let trial = stands.ok_or(Error::NotFound("trial"))?;
    let (code, detail) = if trial.converted {
        ("trial-converted", "Somebody has registered with this trial.")
    } else {
        ("trial-exhausted", "This trial is used up. Register to go on.")
    };
    let members = [("used", json!(trial.used)), ("limit", json!(trial.limit))];
    Err(Error::conflict_with(code, detail, members))
}

/// Notes that `user` registered with a trial, which brings points; false if somebody did before, or there is
/// none.
pub fn convert(tx: &Tx<'_>, id: TrialId, user: UserId) -> Result<bool> {
    let converted = tx.change(
        "UPDATE trials SET converted_ms = ?3, user_id = ?2 WHERE id = ?1 AND converted_ms IS NULL",
        params![id, user, tx.now()],
    )?;
    if converted.count() == 0 {
        return Ok(false);
    }
    progress::award(tx, user, Source::TrialConverted, "")
}
