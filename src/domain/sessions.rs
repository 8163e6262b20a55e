//! Logins. Owns table `sessions`. A person has any number of them, one per device; none ends another.

use super::users::UserId;
use crate::clock::Millis;
use crate::error::Result;
use crate::id::{Id, Token, TokenKind};
use crate::store::{Tx, params};
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
    /// When it ends by itself.
    pub expires: Millis,
}

/// Opens a login, and gives its token: the only time it is there in the clear.
pub fn open(tx: &Tx<'_>, user: UserId, device: &str, life: Duration) -> Result<(Session, Token)> {
    let token = Token::new(TokenKind::Session);
    let session = Session {
        id: tx.new_id(),
        device: device.chars().filter(|c| !c.is_control()).take(DEVICE_MAX).collect(),
        created: tx.now(),
        expires: tx.now().plus(life),
    };
    tx.change(
        "INSERT INTO sessions(id, user_id, token_hash, device, created_ms, expires_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![session.id, user, token.hash(), session.device, session.created, session.expires],
    )?
    .any();
    Ok((session, token))
}

/// Ends a login; its token is dead with the commit.
pub fn end(tx: &Tx<'_>, user: UserId, session: SessionId) -> Result<()> {
    tx.credentials_changed();
    tx.change("DELETE FROM sessions WHERE id = ?1 AND user_id = ?2", params![session, user])?.any();
    Ok(())
}

/// Deletes what has expired.
pub fn prune(tx: &Tx<'_>) -> Result<usize> {
    // SCAN: sessions are few, and this runs once a minute.
    Ok(tx.change("DELETE FROM sessions WHERE expires_ms <= ?1", params![tx.now()])?.count())
}
