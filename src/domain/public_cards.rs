//! What the public sees of a card: one projection, from which every public output is made, so that no
//! other field can leave. Writes nothing.

use super::cards::{self, Card, CardId, Template, Visibility, select_cards};
use super::links::{self, Link};
use super::photos::PhotoHash;
use super::profiles::Section;
use super::slugs::{self, Former};
use super::users::{self, UserId};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::store::tx::Named;
use crate::store::{Read, params};
use serde_json::{Map, Value};

/// A card as everybody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicCard {
    /// Which card it is: for those who count, no part of what is shown.
    pub id: CardId,
    /// Whose it is: no part of what is shown either.
    pub owner: UserId,
    /// Public name.
    pub slug: String,
    /// The card's name.
    pub name: String,
    /// Its owner's handle.
    pub handle: String,
    /// Look.
    pub template: Template,
    /// Colour, font and layout: a JSON object.
    pub design: String,
    /// Whether search engines may list it.
    pub listed: bool,
    /// The fields of its owner's profile that it shows and that hold something, in the order of
    /// [`Section::fields`].
    pub person: Vec<(&'static str, String)>,
    /// The links it shows.
    pub links: Vec<Link>,
    /// Its owner's photo.
    pub photo: Option<PhotoHash>,
    /// When it was changed last.
    pub updated: Millis,
}

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// To a card.
    Card(Box<PublicCard>),
    /// To a card that bears another slug now, since this time.
    Moved(String, Millis),
}

/// What stands at a slug. A private card is as absent as none; a paused or deleted one is gone.
pub fn by_slug(read: &Read<'_>, slug: &str) -> Result<Found> {
    let standing = read.maybe(select_cards!("WHERE slug = ?1"), params![slug], cards::from_row)?;
    if let Some(card) = standing {
        return project(read, card).map(|card| Found::Card(Box::new(card)));
    }
    match slugs::former(read, slug)? {
        Some(Former::Moved(card, since)) => moved(read, card, since),
        Some(Former::Deleted) => Err(Error::Gone("card")),
        None => Err(Error::NotFound("card")),
    }
}

/// What the public sees of the card of this id; private and paused as at its slug.
pub fn by_id(read: &Read<'_>, id: CardId) -> Result<PublicCard> {
    let card = read.maybe(select_cards!("WHERE id = ?1"), params![id], cards::from_row)?;
    project(read, card.ok_or(Error::NotFound("card"))?)
}

/// The card that a text names: by its id, by its slug, or by one that it has borne. Whether it is to be seen
/// is another question.
pub fn named(read: &Read<'_>, text: &str) -> Result<CardId> {
    let by_id = "SELECT id FROM cards WHERE id = ?1";
    let by_slug = "SELECT id FROM cards WHERE slug = ?1";
    let slug = text.to_ascii_lowercase();
    let found = match read.maybe(by_id, params![CardId::parse(text)], |row| row.get(0))? {
        None => read.maybe(by_slug, params![slug], |row| row.get(0))?,
        found => found,
    };
    if let Some(card) = found {
        return Ok(card);
    }
    match slugs::former(read, &slug)? {
        Some(Former::Moved(card, _)) => Ok(card),
        Some(Former::Deleted) => Err(Error::Gone("card")),
        None => Err(Error::NotFound("card")),
    }
}

/// Nothing, if the public can see the card; else why not.
pub fn assert_visible(read: &Read<'_>, id: CardId) -> Result<()> {
    let card = read.maybe(select_cards!("WHERE id = ?1"), params![id], cards::from_row)?;
    visible(&card.ok_or(Error::NotFound("card"))?)
}

/// The slug of a person's default card; absent while it is private or paused.
pub fn default_slug(read: &Read<'_>, handle: &str) -> Result<String> {
    let handle = users::normalise_handle(handle);
    read.maybe(
        "SELECT c.slug FROM users u JOIN cards c ON c.default_owner = u.id
         WHERE u.handle = ?1 AND c.is_active = 1 AND c.visibility <> 'private'",
        params![handle],
        |row| row.get(0),
    )?
    .ok_or(Error::NotFound("card"))
}

/// A former slug says where the card is only to whom the card itself would be shown.
fn moved(read: &Read<'_>, card: CardId, since: Millis) -> Result<Found> {
    let card = read.maybe(select_cards!("WHERE id = ?1"), params![card], cards::from_row)?;
    let card = card.ok_or(Error::Gone("card"))?;
    visible(&card)?;
    Ok(Found::Moved(card.slug, since))
}

fn visible(card: &Card) -> Result<()> {
    match (card.content.visibility, card.is_active) {
        (Visibility::Private, _) => Err(Error::NotFound("card")),
        (_, false) => Err(Error::Gone("card")),
        _ => Ok(()),
    }
}

/// What a card shows of a section, unless it says otherwise.
const fn shown_unasked(section: Section) -> &'static [&'static str] {
    match section {
        Section::Personal => &["full_name", "pronouns", "bio", "website"],
        Section::Professional => &["designation", "company_name"],
    }
}

/// What a card was told to show: its `fields_config`.
#[derive(Debug, Default)]
pub struct Chosen(Map<String, Value>);

impl Chosen {
    /// By the owner of `card`.
    pub fn by(card: &Card) -> Result<Self> {
        let config = &card.content.fields_config;
        serde_json::from_str(config).map(Self).map_err(Error::internal)
    }

    /// The same with every link shown.
    pub fn without_links(self) -> String {
        let Self(mut chosen) = self;
        chosen.remove("links");
        Value::Object(chosen).to_string()
    }

    fn list(&self, name: &str) -> Option<impl Iterator<Item = &str>> {
        let list = self.0.get(name).and_then(Value::as_array)?;
        Some(list.iter().filter_map(Value::as_str))
    }

    /// Whether a field of the profile is shown, if it holds something.
    pub fn field(&self, section: Section, field: &str) -> bool {
        match self.list(section.name()) {
            Some(mut chosen) => chosen.any(|chosen| chosen == field),
            None => shown_unasked(section).contains(&field),
        }
    }

    /// Whether a link is shown.
    pub fn link(&self, link: &Link) -> bool {
        let Some(mut chosen) = self.list("links") else { return true };
        let id = link.id.to_string();
        chosen.any(|chosen| chosen.eq_ignore_ascii_case(&id))
    }
}

/// What a card tells of its owner.
struct Owner {
    handle: String,
    photo: Option<PhotoHash>,
    person: Vec<(&'static str, String)>,
}

/// One statement for all of it. A column that was not chosen is not even taken out of its row. Behind the
/// first two stand the fields of both sections, in their order.
fn owner(read: &Read<'_>, user: UserId, chosen: &Chosen) -> Result<Owner> {
    read.one(
        "SELECT u.handle, f.hash, a.full_name, a.date_of_birth, a.primary_email, a.secondary_email,
           a.mobile_number, a.phone_number, a.whatsapp_number, a.home_address, a.bio, a.pronouns,
           a.website, b.designation, b.department, b.company_name, b.company_website,
           b.office_email, b.office_phone, b.office_address, b.office_hours
         FROM users u
         LEFT JOIN photos f ON f.user_id = u.id
         LEFT JOIN personal_info a ON a.user_id = u.id
         LEFT JOIN professional_info b ON b.user_id = u.id
         WHERE u.id = ?1",
        params![user],
        |row| {
            let sections = [Section::Personal, Section::Professional];
            let fields =
                sections.iter().flat_map(|s| s.fields().iter().map(move |field| (*s, *field)));
            let mut person = Vec::new();
            for (column, (section, field)) in (2..).zip(fields) {
                if chosen.field(section, field)
                    && let Some(text) = row.get(column)?
                {
                    person.push((field, text));
                }
            }
            Ok(Owner {
                handle: row.get(0)?,
                photo: row.get::<_, Option<_>>(1)?.map(PhotoHash),
                person,
            })
        },
    )
}

fn project(read: &Read<'_>, mut card: Card) -> Result<PublicCard> {
    visible(&card)?;
    card.links = links::of_card(read, card.id)?;
    draft(read, card)
}

/// What the card of this id shows, to its owner: private and paused as well.
pub fn own(read: &Read<'_>, user: UserId, id: CardId) -> Result<PublicCard> {
    draft(read, cards::find(read, user, id)?)
}

/// What a card would show if it stood as it is given, its links included.
pub fn draft(read: &Read<'_>, card: Card) -> Result<PublicCard> {
    let chosen = Chosen::by(&card)?;
    let owner = owner(read, card.user, &chosen)?;
    let mut links = card.links;
    links.retain(|link| chosen.link(link));
    Ok(PublicCard {
        id: card.id,
        owner: card.user,
        slug: card.slug,
        name: card.content.name,
        handle: owner.handle,
        template: card.content.template,
        design: card.content.design_config,
        listed: card.content.visibility == Visibility::Public,
        person: owner.person,
        links,
        photo: owner.photo,
        updated: card.updated,
    })
}
