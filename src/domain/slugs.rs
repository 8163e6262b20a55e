//! Slugs: the public names of cards. Owns table `slugs`, which holds the names no card bears at the
//! moment and that are not free: reserved words and former names. The name a card bears stands in
//! `cards.slug`; triggers in `schema.sql` make the two one namespace. A name once shown in public is
//! never given to another person, because it may be printed.

use super::ids::{CardId, UserId};
use crate::clock::Millis;
use crate::error::Result;
use crate::id::hex;
use crate::store::{Read, Tx, params};
use unicode_normalization::UnicodeNormalization;

/// Longest name made from a text; a suffix of `-` and 8 digits still fits [`MAX`].
pub const BASE_MAX: usize = 60;
/// Longest name.
pub const MAX: usize = 69;
/// Names that are tried before `slug-exhausted`: the plain one, seven with 6 random hexadecimal digits, two
/// with 8.
pub const ATTEMPTS: usize = 10;

/// What a text without a single usable character becomes.
const FALLBACK: &str = "card";

/// Words that nobody gets: the first path segments of this and any likely later version, and what would
/// mislead.
pub const RESERVED: &[&str] = &[
    "about",
    "account",
    "admin",
    "administrator",
    "api",
    "app",
    "apple-touch-icon",
    "assets",
    "auth",
    "billing",
    "blog",
    "c",
    "cardinal",
    "cards",
    "contact",
    "credits",
    "dashboard",
    "delete",
    "docs",
    "edit",
    "embed",
    "events",
    "false",
    "favicon",
    "flags",
    "health",
    "healthz",
    "help",
    "home",
    "index",
    "invite",
    "invites",
    "jobs",
    "leads",
    "legal",
    "livez",
    "login",
    "logout",
    "mail",
    "manifest",
    "me",
    "metrics",
    "moderator",
    "new",
    "null",
    "ofrep",
    "postmaster",
    "press",
    "pricing",
    "privacy",
    "profile",
    "q",
    "qr",
    "readyz",
    "register",
    "reset",
    "robots",
    "root",
    "saved",
    "search",
    "security",
    "sessions",
    "settings",
    "setup",
    "shares",
    "signin",
    "signout",
    "signup",
    "sitemap",
    "static",
    "status",
    "support",
    "system",
    "t",
    "team",
    "terms",
    "test",
    "tokens",
    "true",
    "u",
    "undefined",
    "unsubscribe",
    "user",
    "users",
    "vcf",
    "webhooks",
    "well-known",
    "www",
];

/// The slug of a text: NFKC, transliterated to ASCII, lower case, runs of anything else one `-`.
/// `Bob's Card` → `bobs-card`, `Jörg Müller` → `jorg-muller`, `李雷` → `li-lei`, `🦀` → `crab`, `???` → `card`.
pub fn slugify(text: &str) -> String {
    let ascii = deunicode::deunicode_with_tofu(&text.nfkc().collect::<String>(), " ");
    let mut slug = String::with_capacity(ascii.len().min(BASE_MAX));
    for letter in ascii.chars() {
        let gap = slug.is_empty() || slug.ends_with('-');
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter),
            ' ' | '_' | '-' | '/' | '.' | ',' | '+' | '&' | '|' if !gap => slug.push('-'),
            _ => {}
        }
        if slug.len() == BASE_MAX {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { FALLBACK.to_owned() } else { slug.to_owned() }
}

/// Whether a text can be a slug as it is: lower-case letters and digits, single `-` between them.
pub fn is_slug(text: &str) -> bool {
    let parts = || text.split('-');
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    (1..=MAX).contains(&text.len()) && parts().all(|part| !part.is_empty() && plain(part))
}

/// Whether a word is kept from everybody.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// The name to try at `attempt` (0 to 9) for this base.
pub fn candidate(base: &str, attempt: usize) -> String {
    let base = base.get(..base.len().min(BASE_MAX)).unwrap_or(base).trim_end_matches('-');
    match attempt {
        0 => base.to_owned(),
        1..8 => format!("{base}-{}", hex(6)),
        _ => format!("{base}-{}", hex(8)),
    }
}

/// Lays the reserved words down. A word that was given away before it was reserved stays its owner's.
pub fn reserve_words(tx: &Tx<'_>) -> Result<()> {
    for word in RESERVED {
        tx.change(
            "INSERT INTO slugs(slug, retired_ms)
             SELECT ?1, ?2 WHERE NOT EXISTS(SELECT 1 FROM cards WHERE slug = ?1)
             ON CONFLICT(slug) DO NOTHING",
            params![word, tx.now()],
        )?
        .any();
    }
    Ok(())
}

/// Notes that `card` is about to leave its name, which goes on leading to it.
pub fn retire(tx: &Tx<'_>, slug: &str, user: UserId, card: CardId) -> Result<()> {
    leave(tx, slug, user, Some(card))
}

/// Notes that the card that bears this name is about to be deleted: the address answers 410 from then on,
/// and so do the names it bore before.
pub fn retire_deleted(tx: &Tx<'_>, slug: &str, user: UserId, card: CardId) -> Result<()> {
    leave(tx, slug, user, None)?;
    tx.change("UPDATE slugs SET card_id = NULL WHERE card_id = ?1", params![card])?.any();
    Ok(())
}

fn leave(tx: &Tx<'_>, slug: &str, user: UserId, card: Option<CardId>) -> Result<()> {
    tx.change(
        "INSERT INTO slugs(slug, user_id, card_id, retired_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT(slug) DO UPDATE SET user_id = excluded.user_id, card_id = excluded.card_id,
           retired_ms = excluded.retired_ms",
        params![slug, user, card, tx.now()],
    )?
    .any();
    Ok(())
}

/// Notes that a person is about to be deleted with all cards.
pub fn retire_all(tx: &Tx<'_>, user: UserId) -> Result<()> {
    tx.change(
        "INSERT INTO slugs(slug, user_id, card_id, retired_ms)
         SELECT slug, user_id, NULL, ?2 FROM cards WHERE user_id = ?1
         ON CONFLICT(slug) DO UPDATE SET card_id = NULL, retired_ms = excluded.retired_ms",
        params![user, tx.now()],
    )?
    .any();
    // SCAN: a deletion of an account is rare, and `slugs` holds former names only.
    tx.change("UPDATE slugs SET card_id = NULL WHERE user_id = ?1", params![user])?.any();
    Ok(())
}

/// What stands behind a name that no card bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Former {
    /// A card's former name, and since when.
    Moved(CardId, Millis),
    /// The name of a card that was deleted.
    Deleted,
}

/// Looks up a name that no card bears; `None` if it is free or reserved.
pub fn former(read: &Read<'_>, slug: &str) -> Result<Option<Former>> {
    read.maybe(
        "SELECT card_id, retired_ms FROM slugs WHERE slug = ?1 AND user_id IS NOT NULL",
        params![slug],
        |row| {
            let card: Option<CardId> = row.get(0)?;
            let since = row.get(1)?;
            Ok(card.map_or(Former::Deleted, |card| Former::Moved(card, since)))
        },
    )
}

/// Up to three free names near `slug`.
pub fn suggestions(read: &Read<'_>, slug: &str) -> Result<Vec<String>> {
    let base = slugify(slug);
    let mut free = Vec::new();
    for attempt in 1..ATTEMPTS {
        let name = candidate(&base, attempt);
        let taken: bool = read.one(
            "SELECT EXISTS(SELECT 1 FROM cards WHERE slug = ?1)
                 OR EXISTS(SELECT 1 FROM slugs WHERE slug = ?1)",
            params![name],
            |row| row.get(0),
        )?;
        if !taken {
            free.push(name);
        }
        if free.len() == 3 {
            break;
        }
    }
    Ok(free)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_become_slugs() {
        for (name, slug) in [
            ("My Card", "my-card"),
            ("Bob's Card", "bobs-card"),
            ("Jörg Müller", "jorg-muller"),
            ("李雷", "li-lei"),
            ("  --A__b  c-- ", "a-b-c"),
            ("２０２４", "2024"),
            ("Ада Лавлейс", "ada-lavleis"),
            ("???", "card"),
            ("", "card"),
            ("\u{202e}", "card"),
            ("a.b/c", "a-b-c"),
        ] {
            assert_eq!(slugify(name), slug, "{name}");
        }
        assert_eq!(slugify(&"x".repeat(5_000)).len(), BASE_MAX);
        assert!(is_slug(&slugify("🦀🔥")));
    }

    #[test]
    fn the_reserved_words_are_sorted_slugs() {
        assert!(RESERVED.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(RESERVED.iter().all(|word| is_slug(word)));
        assert!(is_reserved("admin") && !is_reserved("ada"));
    }

    proptest! {
        #[test]
        fn whatever_the_name_the_slug_is_one(name in ".{0,200}", attempt in 0..ATTEMPTS) {
            let slug = slugify(&name);
            prop_assert!(is_slug(&slug) && slug.len() <= BASE_MAX, "{slug}");
            prop_assert!(is_slug(&candidate(&slug, attempt)));
            prop_assert_eq!(slugify(&slug), slug);
        }
    }
}
