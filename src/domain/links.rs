//! A card's links. Owns table `card_links`. The list is replaced as a whole, under the card's version; a
//! link that stays keeps its id, and with it the history of its clicks.

use super::ids::{CardId, UserId};
use super::progress::{self, Source};
use crate::error::{Error, Fault, Result};
use crate::id::Id;
use crate::store::{Read, Tx, params};

/// Marks a link's id.
#[derive(Debug)]
pub enum LinkKind {}
/// A link's id.
pub type LinkId = Id<LinkKind>;

/// Most links of a card.
pub const PER_CARD_MAX: usize = 50;
/// Most characters of an address.
pub const URL_MAX: usize = 2_048;
/// Most characters of a label.
pub const LABEL_MAX: usize = 80;
/// Most characters of a platform's name.
pub const PLATFORM_MAX: usize = 32;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Id.
    pub id: LinkId,
    /// What it leads to: `github`, `phone`, …
    pub platform: String,
    /// What is shown; empty for the platform's own name.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// A link as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// The link of this card that it is to be, if it is to be one.
    pub id: Option<LinkId>,
    /// What it leads to.
    pub platform: String,
    /// What is shown.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// What a platform's name must be like.
pub fn platform_rule(platform: &str) -> Result<(), (&'static str, &'static str)> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fault = ("platform", "must be lower-case letters a-z, digits and -");
    if platform.bytes().all(plain) { Ok(()) } else { Err(fault) }
}

/// What an address must be like: one that opens a page, a mail, a call or a message, and nothing that
/// runs or hides something.
pub fn url_rule(url: &str) -> Result<(), (&'static str, &'static str)> {
    if url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(("url", "must have no spaces and no control characters"));
    }
    let Ok(parsed) = url::Url::parse(url) else {
        return Err(("url", "must be a whole address, with its scheme"));
    };
    match parsed.scheme() {
        "http" | "https" if !parsed.username().is_empty() || parsed.password().is_some() => {
            Err(("url_userinfo", "must not hide its host behind a user name"))
        }
        "http" | "https" | "mailto" | "tel" | "sms" if !parsed.path().is_empty() => Ok(()),
        "http" | "https" | "mailto" | "tel" | "sms" => Err(("url", "leads nowhere")),
        _ => Err(("url_scheme", "must begin with https:, mailto:, tel:, sms: or http:")),
    }
}

/// A card's links in their order.
pub fn of_card(read: &Read<'_>, card: CardId) -> Result<Vec<Link>> {
    read.all(
        "SELECT id, platform, label, url FROM card_links WHERE card_id = ?1 ORDER BY position",
        params![card],
        |row| {
            Ok(Link {
                id: row.get(0)?,
                platform: row.get(1)?,
                label: row.get(2)?,
                url: row.get(3)?,
            })
        },
    )
}

/// The list as it will stand: a link asked for by id keeps it, one that is the same in platform and address
/// as a link that stands keeps that one's, any other gets a new one.
pub fn plan(tx: &Tx<'_>, standing: &[Link], asked: &[NewLink]) -> Result<Vec<Link>> {
    let mut faults = Vec::new();
    let mut kept: Vec<LinkId> = Vec::new();
    for (n, link) in asked.iter().enumerate() {
        let Some(id) = link.id else { continue };
        let told = |code, detail: &str| Fault {
            pointer: format!("/links/{n}/id"),
            code,
            detail: detail.to_owned(),
        };
        if !standing.iter().any(|standing| standing.id == id) {
            faults.push(told("unknown-link", "is no link of this card"));
        } else if kept.contains(&id) {
            faults.push(told("duplicate", "stands twice"));
        }
        kept.push(id);
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut planned = Vec::with_capacity(asked.len());
    for link in asked {
        let same = |standing: &&Link| {
            let alike = standing.platform == link.platform && standing.url == link.url;
            alike && !kept.contains(&standing.id)
        };
        let id = link.id.or_else(|| standing.iter().find(same).map(|standing| standing.id));
        let id = id.unwrap_or_else(|| tx.new_id());
        kept.push(id);
        let (platform, label, url) = (link.platform.clone(), link.label.clone(), link.url.clone());
        planned.push(Link { id, platform, label, url });
    }
    Ok(planned)
}

/// Puts `links` in the place of whatever stood. The caller has stepped the card's version. The first link of
/// a person's first list counts for `user`, whose card it is.
pub fn replace(tx: &Tx<'_>, user: UserId, card: CardId, links: &[Link]) -> Result<()> {
    tx.change("DELETE FROM card_links WHERE card_id = ?1", params![card])?.any();
    for (position, link) in (0_i64..).zip(links) {
        tx.change(
            "INSERT INTO card_links(card_id, position, id, platform, label, url)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![card, position, link.id, link.platform, link.label, link.url],
        )?
        .any();
    }
    if !links.is_empty() {
        progress::award(tx, user, Source::FirstLink, "")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_open_something_are_taken() {
        for good in [
            "https://example.org",
            "http://localhost:8080/a?b=c#d",
            "mailto:ada@example.org",
            "tel:+4930123456",
            "sms:+4930123456",
            "https://例え.jp/ü",
        ] {
            assert_eq!(url_rule(good), Ok(()), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "https://good.example@evil.example/",
            "https://",
            "mailto:",
            "example.org",
            "//example.org",
            "https://exa mple.org",
            "",
        ] {
            assert!(url_rule(bad).is_err(), "{bad}");
        }
    }
}
