//! Cards in public that a person has put by. Owns table `saved_cards`. Said again, saving and unsaving change
//! nothing.

use super::cards::CardId;
use super::public_cards::{self, PublicCard};
use super::users::UserId;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::store::{Read, Tx, params};
use std::fmt;

/// A card that somebody has saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedCard {
    /// The card.
    pub card: CardId,
    /// When it was saved.
    pub saved: Millis,
    /// What the public sees of it; nothing while it is private or paused.
    pub shown: Option<PublicCard>,
}

/// A saved card's place in the list: when it was saved, then which card it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(Millis, CardId);

impl Place {
    /// The place that a text names; `None` if it names none.
    pub fn parse(text: &str) -> Option<Self> {
        let (saved, card) = text.split_once('.')?;
        Some(Self(Millis(saved.parse().ok()?), CardId::parse(card)?))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Millis(saved), card) = self;
        write!(f, "{saved}.{card}")
    }
}

impl SavedCard {
    /// Its place in the list.
    pub const fn place(&self) -> Place {
        Place(self.saved, self.card)
    }
}

/// Saves a card that the public can see. True if it was not saved before.
pub fn save(tx: &Tx<'_>, user: UserId, card: CardId) -> Result<bool> {
    let saved = tx.change(
        "INSERT INTO saved_cards(user_id, card_id, created_ms)
         SELECT ?1, id, ?3 FROM cards
         WHERE id = ?2 AND is_active = 1 AND visibility <> 'private'
         ON CONFLICT(user_id, card_id) DO NOTHING",
        params![user, card, tx.now()],
    )?;
    if saved.count() == 1 {
        return Ok(true);
    }
    public_cards::assert_visible(tx, card)?;
    Ok(false)
}

/// Takes a card out, also one that the public no longer sees. True if it was saved before.
pub fn unsave(tx: &Tx<'_>, user: UserId, card: CardId) -> Result<bool> {
    let taken = tx.change(
        "DELETE FROM saved_cards WHERE user_id = ?1 AND card_id = ?2",
        params![user, card],
    )?;
    if taken.count() == 1 {
        return Ok(true);
    }
    public_cards::assert_visible(tx, card)?;
    Ok(false)
}

/// Whether somebody has saved a card.
pub fn has(read: &Read<'_>, user: UserId, card: CardId) -> Result<bool> {
    read.one(
        "SELECT EXISTS(SELECT 1 FROM saved_cards WHERE user_id = ?1 AND card_id = ?2)",
        params![user, card],
        |row| row.get(0),
    )
}

/// What somebody has saved, before the place `before`, newest first.
pub fn list(
    read: &Read<'_>,
    user: UserId,
    before: Option<Place>,
    limit: u32,
) -> Result<Vec<SavedCard>> {
    let Place(time, card) =
        before.unwrap_or(Place(Millis(i64::MAX), CardId::from_bytes([255; 16])));
    let rows: Vec<(CardId, Millis)> = read.all(
        "SELECT card_id, created_ms FROM saved_cards
         WHERE user_id = ?1 AND (created_ms, card_id) < (?2, ?3)
         ORDER BY created_ms DESC, card_id DESC LIMIT ?4",
        params![user, time, card, limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let whole = rows.into_iter().map(|(card, saved)| {
        let shown = match public_cards::by_id(read, card) {
            Ok(shown) => Some(shown),
            Err(Error::NotFound(_) | Error::Gone(_)) => None,
            Err(fault) => return Err(fault),
        };
        Ok(SavedCard { card, saved, shown })
    });
    whole.collect()
}
