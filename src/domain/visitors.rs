//! Who looks at cards, without knowing who it is. Owns tables `visitor_salts` and `event_uniques`. A visitor of a
//! day is a hash under that day's salt; the salt goes when the next day is over, the hashes with it, and what
//! stays is their number. No address and no User-Agent is ever written.

use super::cards::CardId;
use super::named;
use crate::clock::{Day, Millis, Zone};
use crate::error::Result;
use crate::id::random;
use crate::store::{Tx, params};
use sha2::{Digest, Sha256};

/// What asks, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A person, or what cannot be told from one.
    Human,
    /// A program: search engines, previews of links, scanners.
    Bot,
    /// A mail service that fetches every picture by itself: no evidence that anybody read the mail.
    MailProxy,
    /// A browser that fetches what may be asked for next.
    Prefetch,
}
named!(Class {
    Human => "human",
    Bot => "bot",
    MailProxy => "mail_proxy",
    Prefetch => "prefetch",
});

/// What tells visitors apart within this program: a hash of address and User-Agent under the installation's
/// pepper. Held in memory until it is hashed again, never written.
pub type Print = [u8; 16];

/// Most visitors that are told apart of one card on one day, or about so many: whoever makes them up does not fill
/// the disk.
const VISITORS_MAX: i64 = 100_000;

/// The day that a time is counted to: UTC's.
pub fn day_of(time: Millis) -> Day {
    Zone::UTC.day(time)
}

/// Notes that somebody with these prints saw a card on a day; how many of them are new that day. A card that
/// is gone has had no visitors.
pub fn note(tx: &Tx<'_>, card: CardId, day: Day, prints: &[Print]) -> Result<i64> {
    if prints.is_empty() {
        return Ok(0);
    }
    let salt = salt(tx, day)?;
    let mut fresh = 0;
    for print in prints {
        let noted = tx.change(
            "INSERT INTO event_uniques(day, card_id, visitor) SELECT ?1, id, ?3 FROM cards
             WHERE id = ?2 AND NOT EXISTS(SELECT 1 FROM card_days
               WHERE card_id = ?2 AND day = ?1 AND class = 'human' AND visitors >= ?4)
             ON CONFLICT(day, card_id, visitor) DO NOTHING",
            params![day.0, card, visitor(&salt, card, print), VISITORS_MAX],
        )?;
        fresh += i64::from(noted.count() == 1);
    }
    Ok(fresh)
}

/// A visitor of this card on the salt's day: the first half of SHA-256.
fn visitor(salt: &[u8; 16], card: CardId, print: &Print) -> [u8; 16] {
    let hash = Sha256::new_with_prefix(salt).chain_update(card.as_bytes()).chain_update(print);
    hash.finalize().first_chunk().copied().unwrap_or_default()
}

/// The salt of a day, made by whoever needs it first.
fn salt(tx: &Tx<'_>, day: Day) -> Result<[u8; 16]> {
    tx.change(
        "INSERT INTO visitor_salts(day, salt) VALUES (?1, ?2) ON CONFLICT(day) DO NOTHING",
        params![day.0, random::<16>()],
    )?
    .any();
    tx.one("SELECT salt FROM visitor_salts WHERE day = ?1", params![day.0], |row| row.get(0))
}

/// Deletes the salts of the days before yesterday, so that none lives for more than 48 hours, and at most `limit`
/// of their hashes; how many of these.
pub fn prune(tx: &Tx<'_>, limit: u32) -> Result<usize> {
    let yesterday = day_of(tx.now()).before();
    tx.change("DELETE FROM visitor_salts WHERE day < ?1", params![yesterday.0])?.any();
    let gone = tx.change(
        "DELETE FROM event_uniques WHERE (day, card_id, visitor) IN
           (SELECT day, card_id, visitor FROM event_uniques WHERE day < ?1 LIMIT ?2)",
        params![yesterday.0, limit],
    )?;
    Ok(gone.count())
}
