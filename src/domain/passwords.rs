//! Passwords. Owns table `passwords`, which holds Argon2id hashes only. Hashing is slow on purpose and is
//! done outside every transaction; the row's version shows whether the password is still the same when it is
//! done.

use super::users::UserId;
use crate::config::PasswordCost;
use crate::error::{Error, Result};
use crate::store::{Read, Row, RowResult, Tx, params};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization;

/// Fewest characters (NIST SP 800-63B-4, for passwords that stand alone).
pub const MIN: usize = 15;
/// Most characters.
pub const MAX: usize = 256;

/// An Argon2id hash as a PHC string.
#[derive(Clone, PartialEq, Eq)]
pub struct Hash(String);

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hash(…)")
    }
}

/// A person's hash, and the version that it has.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Whose.
    pub user: UserId,
    /// The hash.
    pub hash: Hash,
    /// Steps by one with each new password, not when the same is hashed anew.
    pub version: i64,
}

/// Why a password is too easy to guess, if it is; `about` is what a guesser knows of the person.
pub fn weakness(password: &str, about: &[&str]) -> Option<String> {
    let length = password.chars().count();
    if length < MIN {
        return Some(format!("has {length} characters; {MIN} are needed"));
    }
    if length > MAX {
        return Some(format!("has more than {MAX} characters"));
    }
    let lower = password.to_lowercase();
    let mut letters: Vec<char> = lower.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() < 5 {
        return Some("repeats too few characters".into());
    }
    let steps = lower.chars().zip(lower.chars().skip(1));
    let runs = steps.filter(|(a, b)| u32::from(*b) == u32::from(*a) + 1).count();
    if runs + 3 >= length {
        return Some("is a sequence".into());
    }
    let known = about.iter().map(|word| word.trim().to_lowercase()).filter(|w| w.len() > 3);
    let mut rest = known.fold(lower, |rest, word| rest.replace(&word, ""));
    for common in
        ["password", "passwort", "qwertyuiop", "qwerty", "letmein", "1234567890", "12345", "abc"]
    {
        rest = rest.replace(common, "");
    }
    (rest.chars().count() < 6).then(|| "is made of what anybody would try first".into())
}

/// Hashes a password with a fresh salt. Takes tens of milliseconds and `cost.memory_kib` of memory.
pub fn hash(password: &str, cost: PasswordCost) -> Result<Hash> {
    let password: String = password.nfc().collect();
    let hashed = argon2(cost)?.hash_password(password.as_bytes());
    Ok(Hash(hashed.map_err(|fault| Error::internal(fault.to_string()))?.to_string()))
}

/// Whether `password` is the one that was hashed. As slow as [`hash`].
pub fn matches(password: &str, hash: &Hash) -> Result<bool> {
    let password: String = password.nfc().collect();
    let parsed = PasswordHash::new(&hash.0).map_err(|fault| Error::internal(fault.to_string()))?;
    // The parameters stand in the hash.
    Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// Whether `hash` is cheaper to guess at than one of `cost` (memory times passes).
pub fn is_outdated(hash: &Hash, cost: PasswordCost) -> Result<bool> {
    let parsed = PasswordHash::new(&hash.0).map_err(|fault| Error::internal(fault.to_string()))?;
    let stands = Params::try_from(&parsed).map_err(|fault| Error::internal(fault.to_string()))?;
    let work = |memory_kib: u32, passes: u32| u64::from(memory_kib) * u64::from(passes);
    Ok(work(stands.m_cost(), stands.t_cost()) < work(cost.memory_kib, cost.passes))
}

fn argon2(cost: PasswordCost) -> Result<Argon2<'static>> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None)
        .map_err(|fault| Error::internal(fault.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Gives a person without one a password.
pub fn create(tx: &Tx<'_>, user: UserId, hash: &Hash) -> Result<()> {
    tx.change("INSERT INTO passwords(user_id, hash) VALUES (?1, ?2)", params![user, hash.0])?
        .one_or(|| Error::internal("a password was not stored"))
}

/// Gives a person a password in place of the one there was, if there was one.
pub fn set(tx: &Tx<'_>, user: UserId, hash: &Hash) -> Result<()> {
    tx.change(
        "INSERT INTO passwords(user_id, hash) VALUES (?1, ?2)
         ON CONFLICT(user_id) DO UPDATE SET hash = excluded.hash, version = version + 1",
        params![user, hash.0],
    )?
    .one_or(|| Error::internal("a password was not stored"))
}

/// Puts a new password in place of the one that was checked; false if that is another one by now.
pub fn replace(tx: &Tx<'_>, checked: &Credential, hash: &Hash) -> Result<bool> {
    let replaced = tx.change(
        "UPDATE passwords SET hash = ?3, version = version + 1 WHERE user_id = ?1 AND version = ?2",
        params![checked.user, checked.version, hash.0],
    )?;
    Ok(replaced.count() == 1)
}

/// Puts a dearer hash of the same password in place of the one that was checked. Of several who do so at once
/// one does; the others' work is lost, and no harm done.
pub fn rehash(tx: &Tx<'_>, checked: &Credential, hash: &Hash) -> Result<()> {
    tx.change(
        "UPDATE passwords SET hash = ?4, rehashes = rehashes + 1
         WHERE user_id = ?1 AND version = ?2 AND hash = ?3",
        params![checked.user, checked.version, checked.hash.0, hash.0],
    )?
    .any();
    Ok(())
}

/// The credential of a person, if the person has a password.
pub fn find(read: &Read<'_>, user: UserId) -> Result<Option<Credential>> {
    read.maybe(
        "SELECT user_id, hash, version FROM passwords WHERE user_id = ?1",
        params![user],
        from_row,
    )
}

fn from_row(row: &Row<'_>) -> RowResult<Credential> {
    Ok(Credential { user: row.get(0)?, hash: Hash(row.get(1)?), version: row.get(2)? })
}

/// The credential of the account with this normalised address; `None` if there is none, it is disabled or
/// has no password.
pub fn find_by_email(read: &Read<'_>, email_norm: &str) -> Result<Option<Credential>> {
    read.maybe(
        "SELECT p.user_id, p.hash, p.version FROM users u JOIN passwords p ON p.user_id = u.id
         WHERE u.email_norm = ?1 AND u.disabled_ms IS NULL",
        params![email_norm],
        from_row,
    )
}

/// Whether a credential that was checked outside the transaction still stands.
pub fn still_stands(read: &Read<'_>, credential: &Credential) -> Result<bool> {
    read.one(
        "SELECT EXISTS(SELECT 1 FROM users u JOIN passwords p ON p.user_id = u.id
         WHERE u.id = ?1 AND p.version = ?2 AND u.disabled_ms IS NULL)",
        params![credential.user, credential.version],
        |row| row.get(0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_argon2id_and_verifies() {
        let cheap = PasswordCost { memory_kib: 64, passes: 1 };
        let hash = hash("correct horse battery", cheap).unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.0);
        assert!(matches("correct horse battery", &hash).unwrap());
        assert!(!matches("correct horse batterz", &hash).unwrap());
        assert!(!format!("{hash:?}").contains("argon2id"));
    }

    #[test]
    fn a_hash_is_outdated_when_the_cost_has_risen() {
        let cost = |memory_kib, passes| PasswordCost { memory_kib, passes };
        let stands = hash("correct horse battery", cost(64, 2)).unwrap();
        for (cost, outdated) in
            [(cost(64, 2), false), (cost(64, 3), true), (cost(128, 2), true), (cost(128, 1), false)]
        {
            assert_eq!(is_outdated(&stands, cost).unwrap(), outdated, "{cost:?}");
        }
    }

    #[test]
    fn one_password_is_the_same_however_it_is_typed() {
        let cheap = PasswordCost { memory_kib: 64, passes: 1 };
        let hash = hash("über den wolken 7", cheap).unwrap();
        assert!(matches("u\u{308}ber den wolken 7", &hash).unwrap());
    }

    #[test]
    fn what_anybody_would_try_first_is_weak() {
        let about = ["ada@example.org", "Ada Lovelace"];
        for weak in [
            "short",
            "fourteen chars",
            "aaaaaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "abcdefghijklmnopqrst",
            "passwordpassword12345",
            "ada lovelaceada lovelace",
        ] {
            assert!(weakness(weak, &about).is_some(), "{weak}");
        }
        assert!(weakness(&"ab c".repeat(100), &about).is_some());
        assert_eq!(weakness("correct horse battery staple", &about), None);
        assert_eq!(weakness("пятнадцать букв", &about), None);
    }
}
