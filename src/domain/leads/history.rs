//! With whom a lead was, and since when. Owns table `lead_claims`: one row for each epoch, never changed.

use super::LeadId;
use crate::clock::Millis;
use crate::domain::named;
use crate::domain::users::UserId;
use crate::error::{Error, Result};
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};

/// What began an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The card's leads are its owner's.
    Routed,
    /// The person took it.
    Claimed,
    /// An admin gave it to the person.
    Reassigned,
    /// The person before gave it back, or an admin took it.
    Released,
    /// The person before has no account any more.
    Left,
}
named!(Reason {
    Routed => "routed",
    Claimed => "claimed",
    Reassigned => "reassigned",
    Released => "released",
    Left => "left",
});

/// One epoch of a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// Its number, from 1.
    pub number: i64,
    /// Id and name of the person it was with, as long as there is such an account.
    pub holder: Option<(UserId, String)>,
    /// What began it.
    pub reason: Reason,
    /// When.
    pub began: Millis,
    /// When the next one began; `None`: it goes on.
    pub ended: Option<Millis>,
}

/// A change of who works a lead, as the statement that made it tells it.
pub(super) struct Step {
    pub(super) lead: LeadId,
    epoch: i64,
    holder: Option<UserId>,
}

impl Step {
    /// From `RETURNING id, claim_epoch, assigned_to`.
    pub(super) fn from_row(row: &Row<'_>) -> RowResult<Self> {
        Ok(Self { lead: row.get(0)?, epoch: row.get(1)?, holder: row.get(2)? })
    }
}

/// Writes the epoch that has begun, in the transaction of the change that began it.
pub(super) fn note(tx: &Tx<'_>, step: &Step, reason: Reason) -> Result<()> {
    tx.change(
        "INSERT INTO lead_claims(lead_id, epoch, user_id, reason, began_ms)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![step.lead, step.epoch, step.holder, reason.name(), tx.now()],
    )?
    .one_or(|| Error::internal("an epoch of a lead was not written"))
}

/// When an epoch of a lead began.
pub(super) fn began(read: &Read<'_>, lead: LeadId, epoch: i64) -> Result<Millis> {
    let sql = "SELECT began_ms FROM lead_claims WHERE lead_id = ?1 AND epoch = ?2";
    read.one(sql, params![lead, epoch], |row| row.get(0))
}

/// A lead's epochs before number `before`, newest first.
pub fn history(
    read: &Read<'_>,
    lead: LeadId,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Epoch>> {
    read.all(
        "SELECT c.epoch, u.id, u.display_name, c.reason, c.began_ms, n.began_ms
         FROM lead_claims c
         LEFT JOIN users u ON u.id = c.user_id
         LEFT JOIN lead_claims n ON n.lead_id = c.lead_id AND n.epoch = c.epoch + 1
         WHERE c.lead_id = ?1 AND c.epoch < coalesce(?2, 9007199254740991)
         ORDER BY c.epoch DESC LIMIT ?3",
        params![lead, before, limit],
        |row| {
            let holder: (Option<UserId>, Option<String>) = (row.get(1)?, row.get(2)?);
            Ok(Epoch {
                number: row.get(0)?,
                holder: holder.0.zip(holder.1),
                reason: named(row, 3)?,
                began: row.get(4)?,
                ended: row.get(5)?,
            })
        },
    )
}
