//! Links that set a new password. Owns table `password_resets`. A person has one live link at most, and it is
//! used at most once.

use super::passwords::{self, Hash};
use super::settings::Pepper;
use super::users::{self, User, UserId};
use super::{sessions, throttle};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{Token, TokenKind};
use crate::store::{Read, Tx, params};
use std::time::Duration;

/// How long a dead link is kept: long enough to be looked into.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// A link that has just been made.
#[derive(Debug)]
pub struct Link {
    /// Its secret: the only time it is there in the clear.
    pub token: Token,
    /// When it ends by itself.
    pub expires: Millis,
}

impl Link {
    /// Its address on the server that people reach by `public_url`.
    pub fn url(&self, public_url: &str) -> String {
        format!("{public_url}/reset?token={}", self.token.reveal())
    }
}

/// Makes a link for a person; one that was made before is dead with it. `account-disabled`.
pub fn create(tx: &Tx<'_>, user: UserId, life: Duration) -> Result<Link> {
    let link = Link { token: Token::new(TokenKind::Reset), expires: tx.now().plus(life) };
    tx.change(
        "UPDATE password_resets SET used_ms = ?2 WHERE user_id = ?1 AND used_ms IS NULL",
        params![user, tx.now()],
    )?
    .any();
    let made = tx.change(
        "INSERT INTO password_resets(token_hash, user_id, created_ms, expires_ms)
         SELECT ?1, id, ?3, ?4 FROM users WHERE id = ?2 AND disabled_ms IS NULL",
        params![link.token.hash(), user, tx.now(), link.expires],
    )?;
    if made.count() == 0 {
        let person = users::find(tx, user)?;
        let detail = format!("The account {} is disabled.", person.email);
        return Err(Error::conflict("account-disabled", detail));
    }
    Ok(link)
}

/// Whose password a link would set now. [`Error::Gone`] if it is dead.
pub fn holder(read: &Read<'_>, token: &Token) -> Result<User> {
    let user = read.maybe(
        "SELECT r.user_id FROM password_resets r JOIN users u ON u.id = r.user_id
         WHERE r.token_hash = ?1 AND r.used_ms IS NULL AND r.expires_ms > ?2
           AND u.disabled_ms IS NULL",
        params![token.hash(), read.now()],
        |row| row.get(0),
    )?;
    user.map_or(Err(gone()), |user| users::find(read, user))
}

fn gone() -> Error {
    Error::Gone("link")
}

/// What the use of a link has done.
#[derive(Debug)]
pub struct Reset {
    /// Whose password was set.
    pub user: User,
    /// How many logins ended with it.
    pub revoked: usize,
}

/// Uses a link up: its person has the new password, no login any more, and all attempts to guess it back.
/// [`Error::Gone`] if it is dead.
pub fn redeem(tx: &Tx<'_>, token: &Token, hash: &Hash, pepper: &Pepper) -> Result<Reset> {
    let user: Option<UserId> = tx.changed(
        "UPDATE password_resets SET used_ms = ?2
         WHERE token_hash = ?1 AND used_ms IS NULL AND expires_ms > ?2
           AND EXISTS(SELECT 1 FROM users WHERE id = user_id AND disabled_ms IS NULL)
         RETURNING user_id",
        params![token.hash(), tx.now()],
        |row| row.get(0),
    )?;
    let user = users::find(tx, user.ok_or_else(gone)?)?;
    passwords::set(tx, user.id, hash)?;
    let revoked = sessions::revoke_others(tx, user.id, None)?;
    throttle::forget(tx, &throttle::account(pepper, &users::normalise_email(&user.email)))?;
    Ok(Reset { user, revoked })
}

/// Deletes links that have long been dead.
pub fn prune(tx: &Tx<'_>) -> Result<usize> {
    let kept_ms = i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
    // SCAN: links are few, and this runs once a minute.
    let gone = tx.change(
        "DELETE FROM password_resets WHERE expires_ms + ?2 <= ?1",
        params![tx.now(), kept_ms],
    )?;
    Ok(gone.count())
}
