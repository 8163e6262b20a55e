//! Logins. Owns tables `sessions` and `session_uses`. A person has any number of them, one per device; none
//! ends another. A login ends at a fixed time, or earlier when it has not been used for a while.

use super::users::UserId;
use crate::clock::Millis;
use crate::config::Limits;
use crate::error::{Error, Result};
use crate::id::{Id, Token, TokenKind};
use crate::store::{Read, Row, RowResult, Tx, params};
use std::time::Duration;

/// Marks a session's id.
#[derive(Debug)]
pub enum SessionKind {}
/// A session's id.
pub type SessionId = Id<SessionKind>;

/// Most characters kept of a device's description.
pub const DEVICE_MAX: usize = 200;

/// A login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Id.
    pub id: SessionId,
    /// What the client said it runs on.
    pub device: String,
    /// When it began.
    pub created: Millis,
    /// When it was used last, as far as that is written down.
    pub seen: Millis,
    /// When it ends by itself as things stand: the earlier of its two ends.
    pub expires: Millis,
}

fn from_row(row: &Row<'_>) -> RowResult<Session> {
    Ok(Session {
        id: row.get(0)?,
        device: row.get(1)?,
        created: row.get(2)?,
        seen: row.get(3)?,
        expires: row.get(4)?,
    })
}

/// Opens a login that lives as long as `limits` say, and gives its token: the only time it is there in the
/// clear.
pub fn open(tx: &Tx<'_>, user: UserId, device: &str, limits: &Limits) -> Result<(Session, Token)> {
    let token = Token::new(TokenKind::Session);
    let id: SessionId = tx.new_id();
    let device: String = device.chars().filter(|c| !c.is_control()).take(DEVICE_MAX).collect();
    let created = tx.now();
    let (end, idle) = (created.plus(limits.session_life), created.plus(limits.session_idle));
    tx.change(
        "INSERT INTO sessions(id, user_id, token_hash, device, created_ms, expires_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![id, user, token.hash(), device, created, end],
    )?
    .any();
    tx.change(
        "INSERT INTO session_uses(session_id, seen_ms, idle_ms) VALUES (?1, ?2, ?3)",
        params![id, created, idle],
    )?
    .any();
    Ok((Session { id, device, created, seen: created, expires: end.min(idle) }, token))
}

/// A person's live logins after `after`, oldest first.
pub fn list(
    read: &Read<'_>,
    user: UserId,
    after: Option<SessionId>,
    limit: u32,
) -> Result<Vec<Session>> {
    read.all(
        "SELECT s.id, s.device, s.created_ms, u.seen_ms, min(s.expires_ms, u.idle_ms)
         FROM sessions s JOIN session_uses u ON u.session_id = s.id
         WHERE s.user_id = ?1 AND s.id > coalesce(?2, x'') AND s.expires_ms > ?4 AND u.idle_ms > ?4
         ORDER BY s.id LIMIT ?3",
        params![user, after, limit, read.now()],
        from_row,
    )
}

/// Writes down when logins were used, and puts off the end that want of use would bring. One that has been
/// revoked meanwhile is not there, and one that has come to its end by the time of writing stays dead, however
/// early it was used: what is late calls nothing back.
pub fn note_uses(tx: &Tx<'_>, uses: &[(SessionId, Millis)], idle: Duration) -> Result<()> {
    for (session, seen) in uses {
        tx.change(
            "UPDATE session_uses SET seen_ms = ?2, idle_ms = max(idle_ms, ?3)
             WHERE session_id = ?1 AND seen_ms < ?2 AND idle_ms > ?4",
            params![session, seen, seen.plus(idle), tx.now()],
        )?
        .any();
    }
    Ok(())
}

/// Revokes a login; its token is dead with the commit.
pub fn revoke(tx: &Tx<'_>, user: UserId, session: SessionId) -> Result<()> {
    tx.credentials_changed();
    tx.change("DELETE FROM sessions WHERE id = ?1 AND user_id = ?2", params![session, user])?
        .one_or(|| Error::NotFound("session"))
}

/// Revokes a person's logins but for `kept`; how many.
pub fn revoke_others(tx: &Tx<'_>, user: UserId, kept: Option<SessionId>) -> Result<usize> {
    tx.credentials_changed();
    let revoked =
        tx.change("DELETE FROM sessions WHERE user_id = ?1 AND id IS NOT ?2", params![user, kept])?;
    Ok(revoked.count())
}

/// Deletes what has ended by itself.
pub fn prune(tx: &Tx<'_>) -> Result<usize> {
    // SCAN: sessions are few, and this runs once a minute.
    let gone = tx.change(
        "DELETE FROM sessions WHERE expires_ms <= ?1
         OR id IN (SELECT session_id FROM session_uses WHERE idle_ms <= ?1)",
        params![tx.now()],
    )?;
    Ok(gone.count())
}
