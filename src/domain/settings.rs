//! Values of this installation. Owns table `settings`. A value is made once, when it is first needed,
//! and never changes, but for one that says when it was tried whether anything can be written.

use crate::error::Result;
use crate::id::random;
use crate::store::{Tx, params};
use sha2::{Digest, Sha256};

/// The secret that client addresses are hashed with: without it a hash of an address is no secret, since
/// there are few addresses.
#[derive(Clone)]
pub struct Pepper([u8; 32]);

impl Pepper {
    /// A pepper of a test's choice.
    #[cfg(test)]
    pub(crate) const fn of(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A hash of `parts` that only this installation can compute.
    pub fn hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(self.0);
        for part in parts {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.finalize().into()
    }
}

impl std::fmt::Debug for Pepper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pepper(…)")
    }
}

/// This installation's pepper, made by whoever asks first.
pub fn pepper(tx: &Tx<'_>) -> Result<Pepper> {
    tx.change(
        "INSERT INTO settings(name, value) VALUES ('pepper', ?1) ON CONFLICT(name) DO NOTHING",
        params![random::<32>()],
    )?
    .any();
    tx.one("SELECT value FROM settings WHERE name = 'pepper'", [], |row| row.get(0)).map(Pepper)
}

/// Bytes that are tried to be written: more than a request usually writes, for which a little room would not do.
const TRIED_BYTES: i64 = 64 * 1_024;

/// Writes something that was not there before, to see whether there is room again.
pub fn try_to_write(tx: &Tx<'_>) -> Result<()> {
    tx.change(
        "INSERT INTO settings(name, value) VALUES ('tried', randomblob(?1))
         ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        params![TRIED_BYTES],
    )?
    .any();
    Ok(())
}
