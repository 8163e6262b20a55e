//! How often somebody may try. Owns table `login_attempts`. An attempt is counted before it is made and
//! given back when it succeeds: counting afterwards would let any number of parallel guesses through.

use super::settings::Pepper;
use crate::error::{Error, Result};
use crate::store::{Tx, params};
use std::time::Duration;

/// What attempts are counted for: a keyed hash of an account or an address.
pub type Subject = [u8; 32];

/// How many attempts are free within a window, after which each further one has to wait: 2 s, then 4 s,
/// doubling up to the window. Nobody is locked out for good.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// Attempts before the first wait.
    pub free: u32,
    /// What they are counted in.
    pub window: Duration,
}

/// The account with this normalised e-mail address, whether there is one or not.
pub fn account(pepper: &Pepper, email_norm: &str) -> Subject {
    pepper.hash(&[b"login-account", email_norm.as_bytes()])
}

/// Counts an attempt, or refuses it.
pub fn reserve(tx: &Tx<'_>, subject: &Subject, allowance: Allowance) -> Result<()> {
    let window_ms = i64::try_from(allowance.window.as_millis()).unwrap_or(i64::MAX);
    let counted = tx.change(
        "INSERT INTO login_attempts(subject, attempts, window_ms, retry_ms) VALUES (?1, 1, ?2, 0)
         ON CONFLICT(subject) DO UPDATE SET
           attempts = CASE WHEN window_ms + ?3 <= ?2 THEN 1 ELSE attempts + 1 END,
           window_ms = CASE WHEN window_ms + ?3 <= ?2 THEN ?2 ELSE window_ms END,
           retry_ms = CASE WHEN window_ms + ?3 <= ?2 OR attempts + 1 < ?4 THEN 0
                      ELSE ?2 + min(?3, 1000 << min(attempts + 2 - ?4, 20)) END
         WHERE retry_ms <= ?2",
        params![subject, tx.now(), window_ms, allowance.free],
    )?;
    if counted.count() == 1 {
        return Ok(());
    }
    tx.metrics().throttled.step();
    let retry_ms: i64 = tx.one(
        "SELECT retry_ms FROM login_attempts WHERE subject = ?1",
        params![subject],
        |row| row.get(0),
    )?;
    let wait_s = (retry_ms - tx.now().0).max(0).unsigned_abs().div_ceil(1_000);
    Err(Error::Throttled { retry_after_s: u32::try_from(wait_s).unwrap_or(u32::MAX).max(1) })
}

/// Gives an attempt back that has succeeded, and with it the wait it brought.
pub fn refund(tx: &Tx<'_>, subject: &Subject) -> Result<()> {
    tx.change(
        "UPDATE login_attempts SET attempts = max(attempts - 1, 0), retry_ms = 0 WHERE subject = ?1",
        params![subject],
    )?
    .any();
    Ok(())
}

/// Gives every attempt back.
pub fn forget(tx: &Tx<'_>, subject: &Subject) -> Result<()> {
    tx.change("DELETE FROM login_attempts WHERE subject = ?1", params![subject])?.any();
    Ok(())
}

/// Deletes what no longer counts.
pub fn prune(tx: &Tx<'_>, window: Duration) -> Result<usize> {
    let window_ms = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
    // SCAN: the table holds one window's attempts.
    let gone = tx.change(
        "DELETE FROM login_attempts WHERE window_ms + ?2 <= ?1 AND retry_ms <= ?1",
        params![tx.now(), window_ms],
    )?;
    Ok(gone.count())
}
