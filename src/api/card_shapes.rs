//! The shapes of cards: what comes in, what goes out, and what the routes say of themselves.

use super::users::{ID, TIME, VERSION};
use crate::domain::links;
use crate::http::bodies::cards::{
    DESIGN_CONFIG, FIELDS_CONFIG, LABEL, NAME, NEW_CARD, NEW_LINKS, PLATFORM, ROUTING, SLUG,
    TEMPLATE, URL, VISIBILITY,
};
use crate::http::page;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Field, Kind, Shape, optional, required};

const LINK: Shape = Shape {
    name: "Link",
    fields: &[
        required("id", "", ID),
        required("platform", "", PLATFORM),
        required("label", "", LABEL),
        required("url", "", URL),
    ],
};
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
