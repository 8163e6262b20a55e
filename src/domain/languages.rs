//! The languages that pages speak. Owns table `languages`: what people chose; whoever chose none is spoken to as
//! the browser asks.

use super::users::UserId;
use crate::error::Result;
use crate::store::tx::{Named, named};
use crate::store::{Read, Tx, params};

/// A language that all pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

super::named!(Language { En => "en", De => "de" });

impl Language {
    /// The best of ours for an `Accept-Language` field (RFC 9110 §12.5.4, lookup of RFC 4647 §3.4): by weight,
    /// then by place; `de-AT` is served by `de`. English if nothing fits.
    pub fn accepted(field: &str) -> Self {
        let mut best = (0.0, Self::default());
        for range in field.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |weight| {
                weight.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0)
            });
            let primary = tag.split('-').next().unwrap_or_default();
            if let Some(language) = Self::from_name(primary)
                && weight > best.0
            {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// What a person chose.
pub fn of(read: &Read<'_>, user: UserId) -> Result<Option<Language>> {
    let sql = "SELECT language FROM languages WHERE user_id = ?1";
    read.maybe(sql, params![user], |row| named(row, 0))
}

/// Chooses a language for a person's pages; `None` leaves it to the browser again.
pub fn choose(tx: &Tx<'_>, user: UserId, language: Option<Language>) -> Result<()> {
    let Some(language) = language else {
        return tx.change("DELETE FROM languages WHERE user_id = ?1", params![user]).map(drop);
    };
    tx.change(
        "INSERT INTO languages(user_id, language) VALUES (?1, ?2)
         ON CONFLICT(user_id) DO UPDATE SET language = excluded.language",
        params![user, language.name()],
    )
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_of_ours_is_taken() {
        use Language::{De, En};
        for (field, language) in [
            ("", En),
            ("de", De),
            ("de-AT,de;q=0.9,en;q=0.8", De),
            ("en-GB,en;q=0.9,de;q=0.8", En),
            ("fr-FR, fr;q=0.9, de;q=0.5, en;q=0.4", De),
            ("fr", En),
            ("DE-ch", De),
            ("en;q=0.1, de ; q=0.2", De),
            ("de;q=0, en;q=0", En),
            ("de;q=9", En),
            ("*", En),
            ("der, eng", En),
            (";;q=,,", En),
        ] {
            assert_eq!(Language::accepted(field), language, "{field:?}");
        }
    }
}
