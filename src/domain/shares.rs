//! Cards that are given to somebody. Owns table `shares`. A share is told apart by its tracking id, a capability:
//! made here of 132 random bits, or by the caller, who can then say "make it" as often as it takes. A share
//! never changes.

use super::cards::CardId;
use super::users::UserId;
use super::{named, public_cards};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::random;
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};

pub use super::ids::{ShareId, ShareKind};

/// The way a card is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// By e-mail.
    Email,
    /// As a link.
    Link,
    /// As a QR code.
    Qr,
    /// By holding a phone to a tag.
    Nfc,
}
named!(Channel { Email => "email", Link => "link", Qr => "qr", Nfc => "nfc" });

/// Fewest and most characters of a tracking id.
pub const TRACKING_ID: (usize, usize) = (16, 64);

/// What a share is told apart by, in public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackingId(String);

impl TrackingId {
    /// One that nobody can guess: 22 characters of 6 random bits.
    pub fn new() -> Self {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let digit = |byte: u8| DIGITS.get(usize::from(byte & 63)).map_or('A', |d| char::from(*d));
        Self(random::<22>().into_iter().map(digit).collect())
    }

    /// Takes one of the caller's making: 16 to 64 letters, digits, `-` and `_`.
    pub fn parse(text: &str) -> Option<Self> {
        let (min, max) = TRACKING_ID;
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let sound = (min..=max).contains(&text.len()) && text.bytes().all(plain);
        sound.then(|| Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for TrackingId {
    fn default() -> Self {
        Self::new()
    }
}

/// A card that was given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Id.
    pub id: ShareId,
    /// What it is told apart by, in public.
    pub tracking_id: String,
    /// The card.
    pub card: CardId,
    /// How it was given.
    pub channel: Channel,
    /// To whom, if that was said: an e-mail address, for its owner's eyes.
    pub recipient: Option<String>,
    /// When.
    pub created: Millis,
}

/// Where a share's link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The share.
    pub share: ShareId,
    /// The slug of its card.
    pub slug: String,
    /// When it was made, if it goes by mail.
    pub mailed: Option<Millis>,
}

/// What is needed to make a share.
#[derive(Debug, Clone)]
pub struct NewShare {
    /// The card: the maker's own.
    pub card: CardId,
    /// How it is given.
    pub channel: Channel,
    /// To whom: an e-mail address.
    pub recipient: Option<String>,
}

fn from_row(row: &Row<'_>) -> RowResult<Share> {
    Ok(Share {
        id: row.get(0)?,
        tracking_id: row.get(1)?,
        card: row.get(2)?,
        channel: named(row, 3)?,
        recipient: row.get(4)?,
        created: row.get(5)?,
    })
}

/// Makes a share of an own card. Nothing else is made of it: who is to get it is told by whoever sends it.
pub fn create(tx: &Tx<'_>, user: UserId, new: &NewShare) -> Result<Share> {
    match insert(tx, user, &TrackingId::new(), new)? {
        Some(share) => Ok(share),
        None => Err(Error::NotFound("card")),
    }
}

/// The share of this tracking id, and whether it was made just now. `tracking-id-taken` if it is another: of
/// somebody else, of another card or by another way; which of these, is not told.
pub fn get_or_create(
    tx: &Tx<'_>,
    user: UserId,
    id: &TrackingId,
    new: &NewShare,
) -> Result<(Share, bool)> {
    if let Some(share) = insert(tx, user, id, new)? {
        return Ok((share, true));
    }
    let stands = tx.maybe(
        "SELECT id, tracking_id, card_id, channel, recipient, created_ms FROM shares
         WHERE tracking_id = ?1 AND user_id = ?2 AND card_id = ?3 AND channel = ?4",
        params![id.as_str(), user, new.card, new.channel.name()],
        from_row,
    )?;
    if let Some(share) = stands {
        return Ok((share, false));
    }
    let owns = "SELECT 1 FROM cards WHERE id = ?1 AND user_id = ?2";
    let owned = tx.maybe(owns, params![new.card, user], |_| Ok(()))?;
    owned.ok_or(Error::NotFound("card"))?;
    Err(Error::conflict("tracking-id-taken", "This tracking id is that of another share."))
}

/// `None` if the card is not the person's or the tracking id is taken.
fn insert(tx: &Tx<'_>, user: UserId, id: &TrackingId, new: &NewShare) -> Result<Option<Share>> {
    tx.changed(
        "INSERT INTO shares(id, tracking_id, card_id, user_id, channel, recipient, created_ms)
         SELECT ?1, ?2, id, user_id, ?5, ?6, ?7 FROM cards WHERE id = ?3 AND user_id = ?4
         ON CONFLICT(tracking_id) DO NOTHING
         RETURNING id, tracking_id, card_id, channel, recipient, created_ms",
        params![
            tx.new_id::<ShareKind>(),
            id.as_str(),
            new.card,
            user,
            new.channel.name(),
            new.recipient,
            tx.now(),
        ],
        from_row,
    )
}

/// An own share.
pub fn find(read: &Read<'_>, user: UserId, tracking_id: &str) -> Result<Share> {
    read.maybe(
        "SELECT id, tracking_id, card_id, channel, recipient, created_ms FROM shares
         WHERE tracking_id = ?1 AND user_id = ?2",
        params![tracking_id, user],
        from_row,
    )?
    .ok_or(Error::NotFound("share"))
}

/// The own shares behind `after`, oldest first.
pub fn list(
    read: &Read<'_>,
    user: UserId,
    after: Option<ShareId>,
    limit: u32,
) -> Result<Vec<Share>> {
    let after = after.unwrap_or(ShareId::from_bytes([0; 16]));
    read.all(
        "SELECT id, tracking_id, card_id, channel, recipient, created_ms FROM shares
         WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        params![user, after, limit],
        from_row,
    )
}

/// The own shares before `before`, newest first.
pub fn latest(
    read: &Read<'_>,
    user: UserId,
    before: Option<ShareId>,
    limit: u32,
) -> Result<Vec<Share>> {
    read.all(
        "SELECT id, tracking_id, card_id, channel, recipient, created_ms FROM shares
         WHERE user_id = ?1 AND id < coalesce(?2, x'ff') ORDER BY id DESC LIMIT ?3",
        params![user, before, limit],
        from_row,
    )
}

/// Which share has this tracking id, whoever's it is.
pub fn by_tracking_id(read: &Read<'_>, tracking_id: &str) -> Result<Option<ShareId>> {
    let sql = "SELECT id FROM shares WHERE tracking_id = ?1";
    read.maybe(sql, params![tracking_id], |row| row.get(0))
}

/// The same, and the slug of its card: told to whom the card itself would be shown, so absent while it is private
/// and gone while it is paused.
pub fn destination(read: &Read<'_>, tracking_id: &str) -> Result<Destination> {
    let found = read.maybe(
        "SELECT s.id, c.id, c.slug, s.created_ms, s.channel = 'email'
         FROM shares s JOIN cards c ON c.id = s.card_id WHERE s.tracking_id = ?1",
        params![tracking_id],
        |row| {
            let (created, is_mailed): (Millis, bool) = (row.get(3)?, row.get(4)?);
            let (share, slug, mailed) = (row.get(0)?, row.get(2)?, is_mailed.then_some(created));
            Ok((row.get::<_, CardId>(1)?, Destination { share, slug, mailed }))
        },
    )?;
    let (card, destination) = found.ok_or(Error::NotFound("share"))?;
    public_cards::assert_visible(read, card)?;
    Ok(destination)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tracking_id_is_plain_text_that_nobody_guesses() {
        let ids: std::collections::HashSet<String> =
            (0..1_000).map(|_| TrackingId::new().0).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(ids.iter().all(|id| id.len() == 22 && TrackingId::parse(id).is_some()));
        let long = "a".repeat(65);
        for wrong in ["", "fifteen_letters", "sixteen letters!", "sechzehn_Zeichenä", &long] {
            assert_eq!(TrackingId::parse(wrong), None, "{wrong}");
        }
    }
}
