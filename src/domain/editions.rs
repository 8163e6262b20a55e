//! Editions of what the public sees of people's cards. Owns table `public_editions`, whose numbers the schema steps
//! with every change of what is shown, whoever makes it: another process, too. A copy that was made of one edition is
//! what a snapshot shows in which that edition stands. Writes nothing itself.

use super::users::UserId;
use crate::error::Result;
use crate::store::{Read, params};

/// What somebody's cards, and those of some others, were made public as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// Whose: the last byte of an id.
    part: [u8; 1],
    number: i64,
}

/// The edition of a person's cards in this snapshot.
pub fn of(read: &Read<'_>, user: UserId) -> Result<Edition> {
    let [.., part] = *user.as_bytes();
    Ok(Edition { part: [part], number: number(read, [part])? })
}

/// Whether an edition is the one of this snapshot.
pub fn stands(read: &Read<'_>, edition: Edition) -> Result<bool> {
    Ok(number(read, edition.part)? == edition.number)
}

fn number(read: &Read<'_>, part: [u8; 1]) -> Result<i64> {
    let sql = "SELECT edition FROM public_editions WHERE part = ?1";
    read.one(sql, params![part], |row| row.get(0))
}
