//! The shapes of cards: what comes in, what goes out, and what the routes say of themselves.

use super::users::{ID, TIME, VERSION};
use crate::domain::cards::{LeadRouting, NAME_MAX, Template, Visibility};
use crate::domain::profiles::Section;
use crate::domain::{links, slugs};
use crate::http::page;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Field, Kind, Shape, line, optional, required};

const NAME: Kind = line(1, NAME_MAX);
const SLUG: Kind =
    Kind::Line { min: 1, max: slugs::MAX, format: Some("slug"), rule: Some(slug_rule) };
const TEMPLATE: Kind = Kind::Choice(Template::WORDS);
const VISIBILITY: Kind = Kind::Choice(Visibility::WORDS);
const ROUTING: Kind = Kind::Choice(LeadRouting::WORDS);

fn slug_rule(slug: &str) -> Result<(), (&'static str, &'static str)> {
    let fault = ("slug", "must be lower-case letters a-z and digits, with single - between them");
    if slugs::is_slug(slug) { Ok(()) } else { Err(fault) }
}

fn color_rule(color: &str) -> Result<(), (&'static str, &'static str)> {
    let digits = color.strip_prefix('#').unwrap_or_default();
    let hex = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex { Ok(()) } else { Err(("color", "must be # and six hexadecimal digits")) }
}

fn id_rule(id: &str) -> Result<(), (&'static str, &'static str)> {
    let fault = ("uuid", "must be a UUID");
    links::LinkId::parse(id).map(drop).ok_or(fault)
}

const PERSONAL_FIELDS: &[&str] = Section::Personal.fields();
const PROFESSIONAL_FIELDS: &[&str] = Section::Professional.fields();

const LINK_ID: Kind = Kind::Line { min: 36, max: 36, format: Some("uuid"), rule: Some(id_rule) };
const FIELDS_CONFIG: Shape = Shape {
    name: "FieldsConfig",
    fields: &[
        optional(
            "personal",
            "Fields of the personal profile that are shown.",
            Kind::List { of: &Kind::Choice(PERSONAL_FIELDS), max: PERSONAL_FIELDS.len() },
        ),
        optional(
            "professional",
            "Fields of the professional profile that are shown.",
            Kind::List { of: &Kind::Choice(PROFESSIONAL_FIELDS), max: PROFESSIONAL_FIELDS.len() },
        ),
        optional(
            "links",
            "Links that are shown: all, or these ids.",
            Kind::Either(&[
                Kind::Choice(&["all"]),
                Kind::List { of: &LINK_ID, max: links::PER_CARD_MAX },
            ]),
        ),
    ],
};
const COLOR: Kind = Kind::Line { min: 7, max: 7, format: Some("color"), rule: Some(color_rule) };
const DESIGN_CONFIG: Shape = Shape {
    name: "DesignConfig",
    fields: &[
        optional("primary_color", "#rrggbb", COLOR),
        optional("font", "", Kind::Choice(&["sans", "serif", "mono"])),
        optional("layout", "", Kind::Choice(&["vertical", "horizontal"])),
    ],
};

const PLATFORM: Kind =
    Kind::Line { min: 1, max: links::PLATFORM_MAX, format: None, rule: Some(links::platform_rule) };
const LABEL: Kind = line(0, links::LABEL_MAX);
const URL: Kind =
    Kind::Line { min: 1, max: links::URL_MAX, format: Some("uri"), rule: Some(links::url_rule) };

const LINK: Shape = Shape {
    name: "Link",
    fields: &[
        required("id", "", ID),
        required("platform", "", PLATFORM),
        required("label", "", LABEL),
        required("url", "", URL),
    ],
};
const NEW_LINK: Shape = Shape {
    name: "NewLink",
    fields: &[
        optional("id", "The link of this card that it is to be.", LINK_ID),
        required("platform", "What it leads to: github, phone, …", PLATFORM),
        optional("label", "What is shown; the platform's name if absent.", LABEL),
        required("url", "https:, mailto:, tel:, sms: or http:", URL),
    ],
};
const NEW_LINKS: Kind = Kind::List { of: &Kind::Object(&NEW_LINK), max: links::PER_CARD_MAX };

/// A card, to its owner.
pub const CARD: Shape = Shape {
    name: "Card",
    fields: &[
        required("id", "", ID),
        required("user_id", "", ID),
        required("slug", "Its public name: /c/{slug}.", SLUG),
        required("name", "", NAME),
        required("template_type", "", TEMPLATE),
        required("fields_config", "", Kind::Object(&FIELDS_CONFIG)),
        required("design_config", "", Kind::Object(&DESIGN_CONFIG)),
        required("visibility", "", VISIBILITY),
        required("lead_routing", "", ROUTING),
        required("is_default", "Exactly one card of a person is.", Kind::Flag),
        required("is_active", "A paused card answers 410 in public.", Kind::Flag),
        required("links", "", Kind::List { of: &Kind::Object(&LINK), max: links::PER_CARD_MAX }),
        required("url", "Where it is found.", Kind::Text),
        required("version", "", VERSION),
        required("created_at", "", TIME),
        required("updated_at", "", TIME),
        CHANGED,
    ],
};

const CHANGED: Field =
    optional("changed", "Whether it was otherwise before; told by PUT …/active.", Kind::Flag);

/// What makes a card.
pub const NEW_CARD: Shape = Shape {
    name: "NewCard",
    fields: &[
        required("name", "1 to 100 characters.", NAME),
        optional("slug", "Made from the name if absent.", SLUG),
        optional("template_type", "personal-small if absent.", TEMPLATE),
        optional("fields_config", "What it shows of the profile.", Kind::Object(&FIELDS_CONFIG)),
        optional("design_config", "How it looks.", Kind::Object(&DESIGN_CONFIG)),
        optional("visibility", "public if absent.", VISIBILITY),
        optional("lead_routing", "owner if absent.", ROUTING),
        optional("links", "Its links, in order.", NEW_LINKS),
    ],
};

/// A card's own members after a merge patch.
pub(super) const CARD_CONTENT: Shape = Shape {
    name: "CardContent",
    fields: &[
        required("name", "", NAME),
        required("slug", "", SLUG),
        optional("template_type", "", TEMPLATE),
        optional("fields_config", "", Kind::Object(&FIELDS_CONFIG)),
        optional("design_config", "", Kind::Object(&DESIGN_CONFIG)),
        optional("visibility", "", VISIBILITY),
        optional("lead_routing", "", ROUTING),
        CHANGED,
    ],
};

/// What a merge patch may hold; null gives a member its default.
pub(super) const CARD_PATCH: Shape = Shape {
    name: "CardPatch",
    fields: &[
        optional("name", "", NAME),
        optional("slug", "The old one goes on leading to the card.", SLUG),
        optional("template_type", "", TEMPLATE),
        optional("fields_config", "Merged.", Kind::Object(&FIELDS_CONFIG)),
        optional("design_config", "Merged.", Kind::Object(&DESIGN_CONFIG)),
        optional("visibility", "", VISIBILITY),
        optional("lead_routing", "", ROUTING),
        optional("version", "The version it builds upon, if If-Match is absent.", Kind::Version),
        optional("id", "Read-only; says which card in PATCH /api/cards.", Kind::Text),
        optional("user_id", "Read-only.", Kind::Text),
        optional("url", "Read-only.", Kind::Text),
        optional("is_default", "Read-only: PUT …/default.", Kind::Flag),
        optional("is_active", "Read-only: PUT …/active.", Kind::Flag),
        optional("links", "Read-only: PUT …/links.", Kind::List { of: &Kind::Free, max: 50 }),
        optional("created_at", "Read-only.", Kind::Text),
        optional("updated_at", "Read-only.", Kind::Text),
        CHANGED,
    ],
};

/// Members that PATCH leaves alone.
pub(super) const READ_ONLY: &[&str] =
    &["id", "user_id", "url", "is_default", "is_active", "links", "created_at", "updated_at"];

const LINKS: Shape = Shape {
    name: "Links",
    fields: &[
        required("links", "The whole list, in order.", NEW_LINKS),
        optional("version", "The card's version it builds upon.", Kind::Version),
    ],
};
const ACTIVE: Shape =
    Shape { name: "Active", fields: &[required("active", "False pauses the card.", Kind::Flag)] };
const DELETED: Shape = Shape {
    name: "DeletedCard",
    fields: &[
        required("deleted", "", ID),
        required("promoted_card_id", "The card that became the default.", Kind::Nullable(&ID)),
    ],
};

/// `?version=` of a DELETE.
pub const VERSION_QUERY: &[Field] =
    &[optional("version", "The version it builds upon, if If-Match is absent.", Kind::Version)];

const TOLD: &[Reply] =
    &[Reply { status: 200, about: "The card as it stands now", content: Content::Json(&CARD) }];

/// `POST /api/cards`
pub const CREATE_ABOUT: About = About::new(
    "Makes a card; a person's first is the default",
    &[Reply { status: 201, about: "Made", content: Content::Json(&CARD) }],
)
.body(&NEW_CARD)
.problems(&[409]);
/// `GET /api/cards`
pub const LIST_ABOUT: About = About::new(
    "The own cards, oldest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&CARD) }],
)
.query(page::QUERY);
/// `GET /api/cards/{id}`
pub const FIND_ABOUT: About = About::new(
    "A card",
    &[
        Reply { status: 200, about: "The card", content: Content::Json(&CARD) },
        Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
    ],
);
/// `PATCH /api/cards/{id}` and `PATCH /api/cards`
pub const UPDATE_ABOUT: About = About::new("Changes a card by JSON Merge Patch", TOLD)
    .body(&CARD_PATCH)
    .problems(&[409])
    .versioned();
/// `PUT /api/cards/{id}/links`
pub const LINKS_ABOUT: About = About::new("Replaces a card's links as a whole", TOLD)
    .body(&LINKS)
    .problems(&[409])
    .versioned();
/// `PUT /api/cards/{id}/default`
pub const DEFAULT_ABOUT: About =
    About::new("Makes a card the default; both cards' versions step", TOLD).problems(&[412]);
/// `PUT /api/cards/{id}/active`
pub const ACTIVE_ABOUT: About =
    About::new("Shows or pauses a card", TOLD).body(&ACTIVE).problems(&[412]);
/// `DELETE /api/cards/{id}`
pub const DELETE_ABOUT: About = About::new(
    "Deletes a card; the oldest that remains becomes the default if it was",
    &[Reply { status: 200, about: "Deleted", content: Content::Json(&DELETED) }],
)
.query(VERSION_QUERY)
.problems(&[409])
.versioned();
