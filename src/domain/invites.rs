//! Who may register where that takes an invite. Owns tables `invite_requests` and `invites`. A request stands
//! once per e-mail address and is decided once; a code is used up inside the registration that it lets in.

use super::named;
use super::users::{self, UserId};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{Id, Token, TokenKind};
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};
use serde_json::{Value, json};
use std::time::Duration;

/// Marks a request's id.
#[derive(Debug)]
pub enum RequestKind {}
/// A request's id.
pub type RequestId = Id<RequestKind>;

/// Marks an invite's id.
#[derive(Debug)]
pub enum InviteKind {}
/// An invite's id.
pub type InviteId = Id<InviteKind>;

/// Most characters of what somebody says about wanting in.
pub const MOTIVATION_MAX: usize = 2_000;
/// Most characters of an admin's note about an invite.
pub const NOTE_MAX: usize = 200;
/// Most people that one code lets in.
pub const USES_MAX: u32 = 10_000;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing yet.
    Pending,
    /// A code was made for it.
    Approved,
    /// Nothing comes of it.
    Rejected,
}
named!(Status { Pending => "pending", Approved => "approved", Rejected => "rejected" });

/// Somebody who asks to be let in.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Address as typed.
    pub email: String,
    /// Name.
    pub name: String,
    /// Why; may be empty.
    pub motivation: String,
}

/// A request as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Id.
    pub id: RequestId,
    /// Address as typed.
    pub email: String,
    /// Name.
    pub name: String,
    /// Why.
    pub motivation: String,
    /// What became of it.
    pub status: Status,
    /// When it was made.
    pub created: Millis,
    /// When it was decided, if it is.
    pub decided: Option<Millis>,
    /// Id and name of the admin who decided, while there is such an account.
    pub decided_by: Option<(UserId, String)>,
}

/// A query for whole requests; `$rest` begins behind the joined tables.
macro_rules! select_requests {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.email, r.name, r.motivation, r.status, r.created_ms, r.decided_ms,
               u.id, u.display_name
             FROM invite_requests r LEFT JOIN users u ON u.id = r.decided_by ",
            $rest
        )
    };
}

fn request_from_row(row: &Row<'_>) -> RowResult<Request> {
    let decider: (Option<UserId>, Option<String>) = (row.get(7)?, row.get(8)?);
    Ok(Request {
        id: row.get(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        motivation: row.get(3)?,
        status: named(row, 4)?,
        created: row.get(5)?,
        decided: row.get(6)?,
        decided_by: decider.0.zip(decider.1),
    })
}

/// Notes a request; true if it is the first of its address. Whether it was, and what became of it, is nobody's
/// business but the admins'.
pub fn request(tx: &Tx<'_>, new: &NewRequest) -> Result<bool> {
    let noted = tx.change(
        "INSERT INTO invite_requests(id, email, email_norm, name, motivation, created_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT(email_norm) DO NOTHING",
        params![
            tx.new_id::<RequestKind>(),
            new.email,
            users::normalise_email(&new.email),
            new.name,
            new.motivation,
            tx.now(),
        ],
    )?;
    Ok(noted.count() == 1)
}

/// The requests after `after`, oldest first; those of one status, or all.
pub fn requests(
    read: &Read<'_>,
    status: Option<Status>,
    after: Option<RequestId>,
    limit: u32,
) -> Result<Vec<Request>> {
    read.all(
        select_requests!(
            "WHERE r.id > coalesce(?1, x'') AND (?2 IS NULL OR r.status = ?2)
             ORDER BY r.id LIMIT ?3"
        ),
        params![after, status.map(Named::name), limit],
        request_from_row,
    )
}

/// Decides a request, once: `already-decided` tells by whom and when.
fn decide(tx: &Tx<'_>, id: RequestId, by: UserId, status: Status) -> Result<Request> {
    let decided = tx.change(
        "UPDATE invite_requests SET status = ?3, decided_ms = ?4, decided_by = ?2
         WHERE id = ?1 AND status = 'pending'",
        params![id, by, status.name(), tx.now()],
    )?;
    let stands = tx.maybe(select_requests!("WHERE r.id = ?1"), params![id], request_from_row)?;
    let request = stands.ok_or(Error::NotFound("request"))?;
    if decided.count() == 1 { Ok(request) } else { Err(already_decided(&request)) }
}

fn already_decided(request: &Request) -> Error {
    let by = request.decided_by.as_ref();
    let name = by.map_or("somebody who has left", |(_, name)| name);
    let at = request.decided.map(|at| at.to_string());
    Error::conflict_with(
        "already-decided",
        format!("This request was {} by {name}.", request.status.name()),
        [
            ("decision", json!(request.status.name())),
            (
                "decided_by",
                by.map_or(Value::Null, |(id, name)| json!({"id": id, "display_name": name})),
            ),
            ("decided_at", json!(at)),
        ],
    )
}

/// Approves a request: makes a code that lets one person in. `already-decided`.
pub fn approve(tx: &Tx<'_>, id: RequestId, by: UserId, life: Duration) -> Result<(Invite, Token)> {
    let request = decide(tx, id, by, Status::Approved)?;
    create(tx, &NewInvite { note: request.email, max_uses: 1, life }, Some(id))
}

/// Rejects a request. `already-decided`.
pub fn reject(tx: &Tx<'_>, id: RequestId, by: UserId) -> Result<Request> {
    decide(tx, id, by, Status::Rejected)
}

/// What is needed to make an invite.
#[derive(Debug, Clone)]
pub struct NewInvite {
    /// An admin's note.
    pub note: String,
    /// How many people it lets in.
    pub max_uses: u32,
    /// How long.
    pub life: Duration,
}

/// An invite, without its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Id.
    pub id: InviteId,
    /// An admin's note.
    pub note: String,
    /// How many people it has let in.
    pub uses: u32,
    /// How many people it lets in.
    pub max_uses: u32,
    /// When it was made.
    pub created: Millis,
    /// When it ends.
    pub expires: Millis,
}

/// Makes an invite, and gives its code: the only time it is there in the clear.
pub fn create(tx: &Tx<'_>, new: &NewInvite, request: Option<RequestId>) -> Result<(Invite, Token)> {
    let code = Token::new(TokenKind::Invite);
    let invite = Invite {
        id: tx.new_id(),
        note: new.note.chars().take(NOTE_MAX).collect(),
        uses: 0,
        max_uses: new.max_uses,
        created: tx.now(),
        expires: tx.now().plus(new.life),
    };
    tx.change(
        "INSERT INTO invites(id, code_hash, request_id, note, max_uses, created_ms, expires_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            invite.id,
            code.hash(),
            request,
            invite.note,
            invite.max_uses,
            invite.created,
            invite.expires,
        ],
    )?
    .any();
    Ok((invite, code))
}

/// The invites after `after`, oldest first.
pub fn list(read: &Read<'_>, after: Option<InviteId>, limit: u32) -> Result<Vec<Invite>> {
    read.all(
        "SELECT id, note, uses, max_uses, created_ms, expires_ms FROM invites
         WHERE id > coalesce(?1, x'') ORDER BY id LIMIT ?2",
        params![after, limit],
        |row| {
            Ok(Invite {
                id: row.get(0)?,
                note: row.get(1)?,
                uses: row.get(2)?,
                max_uses: row.get(3)?,
                created: row.get(4)?,
                expires: row.get(5)?,
            })
        },
    )
}

/// Withdraws an invite: its code lets nobody in any more.
pub fn withdraw(tx: &Tx<'_>, id: InviteId) -> Result<()> {
    tx.change("DELETE FROM invites WHERE id = ?1", params![id])?
        .one_or(|| Error::NotFound("invite"))
}

/// Lets one person in by a code, in the transaction that makes the person. `invite-invalid`: unknown, used up,
/// expired or withdrawn, which are told apart to nobody.
pub fn redeem(tx: &Tx<'_>, code: &str) -> Result<()> {
    let invalid = || {
        let detail = "This invite code is unknown, used up or expired.";
        Error::forbidden("invite-invalid", detail)
    };
    let code = Token::parse(code, &[TokenKind::Invite]).ok_or_else(invalid)?;
    tx.change(
        "UPDATE invites SET uses = uses + 1
         WHERE code_hash = ?1 AND uses < max_uses AND expires_ms > ?2",
        params![code.hash(), tx.now()],
    )?
    .one_or(invalid)
}
