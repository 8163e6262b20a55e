//! Business cards. Owns tables `cards` and `card_holders`. Every person who has a card has exactly one
//! default card at every instant; the schema holds that, and the verbs here never give it cause to refuse.

use super::links::{self, Link, NewLink};
use super::progress::{self, Source};
use super::users::UserId;
use super::webhooks::{self, Event};
use super::{slugs, subscriptions};
use crate::clock::Millis;
use crate::error::{Error, Result, Unavailable};
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};
use serde_json::json;

mod content;

pub use super::ids::{CardId, CardKind};
pub use content::{Content, LeadRouting, NAME_MAX, Template, Visibility};

/// A card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Id.
    pub id: CardId,
    /// Owner.
    pub user: UserId,
    /// Public name.
    pub slug: String,
    /// What its owner decides.
    pub content: Content,
    /// Whether it is its owner's default card.
    pub is_default: bool,
    /// Whether it can be seen at all.
    pub is_active: bool,
    /// Its links.
    pub links: Vec<Link>,
    /// Steps by one with each change.
    pub version: i64,
    /// When it was made.
    pub created: Millis,
    /// When it was changed last.
    pub updated: Millis,
}

/// What is needed to make a card.
#[derive(Debug, Clone)]
pub struct NewCard {
    /// The slug asked for; made from the name if absent.
    pub slug: Option<String>,
    /// What its owner decides.
    pub content: Content,
    /// Its links.
    pub links: Vec<NewLink>,
}

/// A query for whole cards but for their links; `$rest` begins behind the table's name.
macro_rules! select_cards {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, slug, name, template_type, fields_config, design_config, visibility,
               lead_routing, is_default, is_active, version, created_ms, updated_ms
             FROM cards ",
            $rest
        )
    };
}
pub(super) use select_cards;

pub(super) fn from_row(row: &Row<'_>) -> RowResult<Card> {
    Ok(Card {
        id: row.get(0)?,
        user: row.get(1)?,
        slug: row.get(2)?,
        content: Content {
            name: row.get(3)?,
            template: named(row, 4)?,
            fields_config: row.get(5)?,
            design_config: row.get(6)?,
            visibility: named(row, 7)?,
            lead_routing: named(row, 8)?,
        },
        is_default: row.get(9)?,
        is_active: row.get(10)?,
        links: Vec::new(),
        version: row.get(11)?,
        created: row.get(12)?,
        updated: row.get(13)?,
    })
}

/// Makes a card; the person's first is the default. `quota-exceeded`, `slug-taken` (a slug that was asked
/// for), `slug-exhausted` (ten tries at one made from the name).
pub fn create(tx: &Tx<'_>, user: UserId, new: &NewCard) -> Result<Card> {
    let is_default = hold_one_more(tx, user)?;
    let mut card = Card {
        id: tx.new_id(),
        user,
        slug: String::new(),
        content: new.content.clone(),
        is_default,
        is_active: true,
        links: Vec::new(),
        version: 1,
        created: tx.now(),
        updated: tx.now(),
    };
    match &new.slug {
        Some(asked) => {
            card.slug.clone_from(asked);
            if !insert(tx, &card)? {
                return Err(slug_taken(tx, asked)?);
            }
        }
        None => insert_named(tx, &mut card)?,
    }
    if !new.links.is_empty() {
        card.links = links::plan(tx, &[], &new.links)?;
        links::replace(tx, user, card.id, &card.links)?;
    }
    tell(tx, Event::CardCreated, &card)?;
    Ok(card)
}

/// Tells the owner's webhooks what became of a card.
fn tell(tx: &Tx<'_>, event: Event, card: &Card) -> Result<()> {
    let data = json!({"card_id": card.id, "slug": card.slug, "version": card.version});
    webhooks::emit(tx, card.user, event, &data)
}

/// A card as it stands after a change, which the owner's webhooks are told.
fn changed(tx: &Tx<'_>, user: UserId, id: CardId) -> Result<Card> {
    let card = find(tx, user, id)?;
    tell(tx, Event::CardUpdated, &card)?;
    Ok(card)
}

/// Counts a card more for its holder, if the subscription allows it now; true if it is the first. Check and act are one
/// statement: the step of a counter that is there, else its beginning at 1.
fn hold_one_more(tx: &Tx<'_>, user: UserId) -> Result<bool> {
    let stepped = tx.change(
        "UPDATE card_holders SET card_count = card_count + 1
         WHERE user_id = ?1
           AND card_count < (SELECT max_cards FROM allowances WHERE user_id = ?1)",
        params![user],
    )?;
    if stepped.count() == 1 {
        return Ok(false);
    }
    let begun = tx.change(
        "INSERT INTO card_holders(user_id, card_count) VALUES (?1, 1)
         ON CONFLICT(user_id) DO NOTHING",
        params![user],
    )?;
    if begun.count() == 1 {
        progress::award(tx, user, Source::FirstCard, "")?;
        return Ok(true);
    }
    let max = subscriptions::max_cards(tx, user)?;
    let detail = format!("Your subscription allows {max} cards now; you have no fewer.");
    Err(Error::conflict_with("quota-exceeded", detail, [("limit", json!(max))]))
}

/// Inserts under the plain slug of the name, or with a suffix while that is taken.
fn insert_named(tx: &Tx<'_>, card: &mut Card) -> Result<()> {
    let base = slugs::slugify(&card.content.name);
    let counted = &tx.metrics().slugs;
    for attempt in 0..slugs::ATTEMPTS {
        card.slug = slugs::candidate(&base, attempt);
        if insert(tx, card)? {
            let which = if attempt == 0 { &counted.first_try } else { &counted.suffixed };
            which.step();
            counted.attempts.note(attempt as u64 + 1);
            return Ok(());
        }
    }
    counted.exhausted.step();
    counted.attempts.note(slugs::ATTEMPTS as u64);
    Err(Error::Unavailable(Unavailable::SlugExhausted))
}

/// False if the slug is another card's, was another person's or is reserved: the statement does nothing
/// then, by ON CONFLICT or by a trigger.
fn insert(tx: &Tx<'_>, card: &Card) -> Result<bool> {
    let content = &card.content;
    let inserted = tx.change(
        "INSERT INTO cards(id, user_id, slug, name, template_type, fields_config, design_config,
           visibility, lead_routing, is_default, created_ms, updated_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
         ON CONFLICT(slug) DO NOTHING",
        params![
            card.id,
            card.user,
            card.slug,
            content.name,
            content.template.name(),
            content.fields_config,
            content.design_config,
            content.visibility.name(),
            content.lead_routing.name(),
            card.is_default,
            card.created,
        ],
    )?;
    Ok(inserted.count() == 1)
}

fn slug_taken(read: &Read<'_>, slug: &str) -> Result<Error> {
    let suggestions = json!(slugs::suggestions(read, slug)?);
    let detail = format!("The address {slug:?} is taken.");
    Ok(Error::conflict_with("slug-taken", detail, [("suggestions", suggestions)]))
}

/// A person's card; somebody else's is as absent as none.
pub fn find(read: &Read<'_>, user: UserId, id: CardId) -> Result<Card> {
    let found =
        read.maybe(select_cards!("WHERE id = ?1 AND user_id = ?2"), params![id, user], from_row)?;
    let mut card = found.ok_or(Error::NotFound("card"))?;
    card.links = links::of_card(read, card.id)?;
    Ok(card)
}

/// A person's cards after `after`, oldest first.
pub fn list(read: &Read<'_>, user: UserId, after: Option<CardId>, limit: u32) -> Result<Vec<Card>> {
    let mut cards = read.all(
        select_cards!("WHERE user_id = ?1 AND id > coalesce(?2, x'') ORDER BY id LIMIT ?3"),
        params![user, after, limit],
        from_row,
    )?;
    for card in &mut cards {
        card.links = links::of_card(read, card.id)?;
    }
    Ok(cards)
}

/// Gives a card new content, and a new slug if it differs, provided it is still at version `expected`.
/// The old slug goes on leading to it. `slug-taken`.
pub fn update(
    tx: &Tx<'_>,
    card: &Card,
    expected: i64,
    slug: &str,
    content: &Content,
) -> Result<Card> {
    save(tx, card, expected, (slug, content), &card.links)
}

/// Gives a card all that its owner decides at once, as [`update`] and [`replace_links`] do by parts: one step of
/// its version, so that nobody sees the one without the other. `links` are as [`links::plan`] has planned them.
/// What stands already changes nothing.
pub fn save(
    tx: &Tx<'_>,
    card: &Card,
    expected: i64,
    (slug, content): (&str, &Content),
    links: &[Link],
) -> Result<Card> {
    if slug == card.slug && *content == card.content && links == card.links {
        return Ok(card.clone());
    }
    if slug != card.slug {
        if !slug_is_free_for(tx, card, slug)? {
            return Err(slug_taken(tx, slug)?);
        }
        slugs::retire(tx, &card.slug, card.user, card.id)?;
    }
    tx.change(
        "UPDATE cards SET slug = ?4, name = ?5, template_type = ?6, fields_config = ?7,
           design_config = ?8, visibility = ?9, lead_routing = ?10,
           version = version + 1, updated_ms = ?11
         WHERE id = ?1 AND user_id = ?2 AND version = ?3",
        params![
            card.id,
            card.user,
            expected,
            slug,
            content.name,
            content.template.name(),
            content.fields_config,
            content.design_config,
            content.visibility.name(),
            content.lead_routing.name(),
            tx.now(),
        ],
    )?
    .one_or(|| Error::NotFound("card"))?;
    if links != card.links {
        links::replace(tx, card.user, card.id, links)?;
    }
    changed(tx, card.user, card.id)
}

/// Only explains beforehand what the unique column and the triggers would refuse.
fn slug_is_free_for(tx: &Tx<'_>, card: &Card, slug: &str) -> Result<bool> {
    tx.one(
        "SELECT NOT EXISTS(SELECT 1 FROM cards WHERE slug = ?1 AND id <> ?2)
            AND NOT EXISTS(SELECT 1 FROM slugs WHERE slug = ?1 AND user_id IS NOT ?3)",
        params![slug, card.id, card.user],
        |row| row.get(0),
    )
}

/// Puts a list of links in place of the one that stands, under the card's version. The same list again
/// changes nothing.
pub fn replace_links(tx: &Tx<'_>, card: &Card, expected: i64, asked: &[NewLink]) -> Result<Card> {
    let planned = links::plan(tx, &card.links, asked)?;
    save(tx, card, expected, (&card.slug, &card.content), &planned)
}

/// Makes a card its owner's default. The card that was gives way in the same step: clear, then set.
pub fn make_default(tx: &Tx<'_>, user: UserId, id: CardId) -> Result<Card> {
    let card = find(tx, user, id)?;
    if card.is_default {
        return Ok(card);
    }
    let given_way: Option<CardId> = tx.changed(
        "UPDATE cards SET is_default = 0, version = version + 1, updated_ms = ?2
         WHERE user_id = ?1 AND is_default = 1 RETURNING id",
        params![user, tx.now()],
        |row| row.get(0),
    )?;
    let given_way =
        given_way.ok_or_else(|| Error::internal("a person with cards had no default card"))?;
    let card = set_default(tx, user, id)?;
    changed(tx, user, given_way)?;
    Ok(card)
}

fn set_default(tx: &Tx<'_>, user: UserId, id: CardId) -> Result<Card> {
    tx.change(
        "UPDATE cards SET is_default = 1, version = version + 1, updated_ms = ?3
         WHERE id = ?1 AND user_id = ?2 AND is_default = 0",
        params![id, user, tx.now()],
    )?
    .one_or(|| Error::NotFound("card"))?;
    changed(tx, user, id)
}

/// Shows or pauses a card. Saying it again changes nothing.
pub fn set_active(tx: &Tx<'_>, user: UserId, id: CardId, active: bool) -> Result<Card> {
    let set = tx.change(
        "UPDATE cards SET is_active = ?3, version = version + 1, updated_ms = ?4
         WHERE id = ?1 AND user_id = ?2 AND is_active <> ?3",
        params![id, user, active, tx.now()],
    )?;
    if set.count() == 1 { changed(tx, user, id) } else { find(tx, user, id) }
}

/// Deletes a card at version `expected`; if it was the default, the oldest that remains becomes it in the
/// same step and its id is returned. `last-card`: somebody who has cards keeps one.
pub fn delete(tx: &Tx<'_>, card: &Card, expected: i64) -> Result<Option<CardId>> {
    tx.change(
        "UPDATE card_holders SET card_count = card_count - 1 WHERE user_id = ?1 AND card_count > 1",
        params![card.user],
    )?
    .one_or(|| {
        Error::conflict("last-card", "This is your last card, and people may have its address.")
    })?;
    slugs::retire_deleted(tx, &card.slug, card.user, card.id)?;
    tx.change(
        "DELETE FROM cards WHERE id = ?1 AND user_id = ?2 AND version = ?3",
        params![card.id, card.user, expected],
    )?
    .one_or(|| Error::NotFound("card"))?;
    tell(tx, Event::CardDeleted, card)?;
    if !card.is_default {
        return Ok(None);
    }
    let oldest = "SELECT id FROM cards WHERE user_id = ?1 ORDER BY id LIMIT 1";
    let oldest: CardId = tx.one(oldest, params![card.user], |row| row.get(0))?;
    set_default(tx, card.user, oldest)?;
    Ok(Some(oldest))
}
