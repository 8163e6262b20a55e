//! Cards as everybody sees them. All public outputs are made from one projection, `PublicCard`.

use super::card_json::object;
use super::users::TIME;
use crate::domain::public_cards::{self, PublicCard};
use crate::http::public_card;
use crate::http::rendered::Form;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, optional, required};
use crate::http::state::State;
use crate::http::visitor::Sight;
use crate::http::{Ctx, Outcome, Response};
use crate::store::tx::Named;
use serde::{Serialize, Serializer};

const LINK: Shape = Shape {
    name: "PublicLink",
    fields: &[
        required("platform", "", Kind::Text),
        required("label", "", Kind::Text),
        required("url", "", Kind::Text),
    ],
};

const PERSON: Shape = Shape {
    name: "PublicPerson",
    fields: &[
        optional("full_name", "", Kind::Text),
        optional("date_of_birth", "", Kind::Text),
        optional("primary_email", "", Kind::Text),
        optional("secondary_email", "", Kind::Text),
        optional("mobile_number", "", Kind::Text),
        optional("phone_number", "", Kind::Text),
        optional("whatsapp_number", "", Kind::Text),
        optional("home_address", "", Kind::Text),
        optional("bio", "", Kind::Text),
        optional("pronouns", "", Kind::Text),
        optional("website", "", Kind::Text),
        optional("designation", "", Kind::Text),
        optional("department", "", Kind::Text),
        optional("company_name", "", Kind::Text),
        optional("company_website", "", Kind::Text),
        optional("office_email", "", Kind::Text),
        optional("office_phone", "", Kind::Text),
        optional("office_address", "", Kind::Text),
        optional("office_hours", "", Kind::Text),
    ],
};

/// A card as everybody sees it.
pub(super) const PUBLIC_CARD: Shape = Shape {
    name: "PublicCard",
    fields: &[
        required("slug", "", Kind::Text),
        required("url", "", Kind::Text),
        required("name", "", Kind::Text),
        required("handle", "", Kind::Text),
        required("template_type", "", Kind::Text),
        required("design", "", Kind::Free),
        required("person", "What the card shows of the profile.", Kind::Object(&PERSON)),
        required("links", "", Kind::List { of: &Kind::Object(&LINK), max: 50 }),
        required("photo_url", "", Kind::Nullable(&Kind::Text)),
        required("updated_at", "", TIME),
    ],
};

const SHOWN: &[Reply] = &[
    Reply { status: 200, about: "The card", content: Content::Json(&PUBLIC_CARD) },
    Reply { status: 200, about: "The card", content: Content::Media("text/html") },
    Reply { status: 301, about: "It has borne another slug for long", content: Content::Nothing },
    Reply { status: 302, about: "It bears another slug now", content: Content::Nothing },
    Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
    Reply { status: 308, about: "Slugs are in lower case", content: Content::Nothing },
];

/// `GET /c/{slug}` and `GET /c/{slug}.json`
pub const SHOW_ABOUT: About =
    About::new("A card as everybody sees it", SHOWN).problems(&[404, 410]);
/// `GET /u/{handle}`
pub const DEFAULT_ABOUT: About = About::new(
    "A person's default card",
    &[Reply { status: 302, about: "There it is", content: Content::Nothing }],
)
.problems(&[404]);

/// A card as everybody sees it.
#[derive(Debug, Serialize)]
pub(super) struct PublicCardJson<'a> {
    slug: &'a str,
    url: String,
    name: &'a str,
    handle: &'a str,
    template_type: &'static str,
    #[serde(serialize_with = "object")]
    design: &'a str,
    #[serde(serialize_with = "members")]
    person: &'a [(&'static str, String)],
    links: Vec<PublicLinkJson<'a>>,
    photo_url: Option<String>,
    updated_at: String,
}

#[derive(Debug, Serialize)]
struct PublicLinkJson<'a> {
    platform: &'a str,
    label: &'a str,
    url: &'a str,
}

/// Writes names and values as an object, in their order.
fn members<S: Serializer>(
    members: &[(&'static str, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
}

/// A card at its slug, counted as seen where it is not the reader's own. 200; 304; 404 private or unknown; 410 paused
/// or deleted.
pub fn show(ctx: Ctx) -> Outcome {
    let as_json = matches!(ctx.request().head.path.rsplit_once('.'), Some((_, "json")));
    let suffix = if as_json { ".json" } else { "" };
    public_card::show(ctx, suffix, (Some(Sight::Page), Some(Form::Json)), |asked| {
        Ok(Response::json(200, &public_card_json(asked.state, asked.card)).with("Vary", "Accept"))
    })
}

/// A card's public representation.
pub(super) fn public_card_json<'a>(state: &State, card: &'a PublicCard) -> PublicCardJson<'a> {
    let links = card.links.iter().map(|link| PublicLinkJson {
        platform: &link.platform,
        label: &link.label,
        url: &link.url,
    });
    PublicCardJson {
        slug: &card.slug,
        url: state.card_url(&card.slug),
        name: &card.name,
        handle: &card.handle,
        template_type: card.template.name(),
        design: &card.design,
        person: &card.person,
        links: links.collect(),
        photo_url: card.photo.map(|hash| state.photo_url(hash)),
        updated_at: card.updated.to_string(),
    }
}

/// A person's default card. 302; 404 while it is private or paused.
pub fn default(ctx: Ctx) -> Outcome {
    let handle = ctx.param("handle").to_owned();
    ctx.read(|read, _| {
        let slug = public_cards::default_slug(read, &handle)?;
        Ok(Response::redirect(302, format!("/c/{slug}"), 0))
    })
}
