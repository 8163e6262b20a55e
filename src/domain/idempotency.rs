//! Replies kept for their Idempotency-Key. Owns table `idempotency_keys`. Key, effect and reply commit
//! together: a duplicate that arrives while the first runs waits for the writer and then finds the reply.

use crate::error::{Denied, Error, Result};
use crate::store::{Read, Tx, params};
use std::time::Duration;

/// A request that bears a key.
#[derive(Debug, Clone)]
pub struct Keyed {
    /// Whose key it is: a user's id, or a hash of client address and route.
    pub principal: Vec<u8>,
    /// The key as sent, 1 to 255 printable ASCII characters.
    pub key: String,
    /// SHA-256 of what makes the request this request.
    pub fingerprint: [u8; 32],
}

/// A reply as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// HTTP status.
    pub status: u16,
    /// Header fields as JSON: `[[name, value], …]`.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

/// The reply stored for this key, if it was used before and has not expired. `idempotency-key-reused` if
/// it was used for another request.
pub fn recall(read: &Read<'_>, keyed: &Keyed) -> Result<Option<Stored>> {
    let found = read.maybe(
        "SELECT fingerprint, status, headers, body FROM idempotency_keys
         WHERE principal = ?1 AND key = ?2 AND expires_ms > ?3",
        params![keyed.principal, keyed.key, read.now()],
        |row| {
            let stored = Stored { status: row.get(1)?, headers: row.get(2)?, body: row.get(3)? };
            Ok((row.get::<_, [u8; 32]>(0)?, stored))
        },
    )?;
    match found {
        None => Ok(None),
        Some((fingerprint, stored)) if fingerprint == keyed.fingerprint => Ok(Some(stored)),
        Some(_) => Err(Error::Refused(Denied {
            code: "idempotency-key-reused",
            detail: "This Idempotency-Key was used for another request. Nothing was changed.",
        })),
    }
}

/// Stores a reply, in the transaction of the effect it tells.
pub fn keep(tx: &Tx<'_>, keyed: &Keyed, stored: &Stored, life: Duration) -> Result<()> {
    tx.change(
        "INSERT INTO idempotency_keys(principal, key, fingerprint, status, headers, body, expires_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT(principal, key) DO UPDATE SET fingerprint = excluded.fingerprint,
           status = excluded.status, headers = excluded.headers, body = excluded.body,
           expires_ms = excluded.expires_ms
         WHERE expires_ms <= ?8",
        params![
            keyed.principal,
            keyed.key,
            keyed.fingerprint,
            stored.status,
            stored.headers,
            stored.body,
            tx.now().plus(life),
            tx.now(),
        ],
    )?
    .one_or(|| Error::internal("an idempotency key was used twice in one transaction"))
}

/// Deletes at most `limit` expired rows; how many.
pub fn prune(tx: &Tx<'_>, limit: u32) -> Result<usize> {
    let expired: Vec<(Vec<u8>, String)> = tx.all(
        "SELECT principal, key FROM idempotency_keys WHERE expires_ms <= ?1
         ORDER BY expires_ms LIMIT ?2",
        params![tx.now(), limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (principal, key) in &expired {
        tx.change(
            "DELETE FROM idempotency_keys WHERE principal = ?1 AND key = ?2",
            params![principal, key],
        )?
        .any();
    }
    Ok(expired.len())
}
