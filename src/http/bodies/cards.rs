//! Cards, as they come in.

use crate::domain::cards::{Content, LeadRouting, NAME_MAX, NewCard, Template, Visibility};
use crate::domain::links::{self, LinkId, NewLink};
use crate::domain::profiles::Section;
use crate::domain::slugs;
use crate::http::shape::{Kind, Shape, line, optional, required};
use crate::store::tx::Named;
use serde_json::{Map, Value};

/// A card's name.
pub const NAME: Kind = line(1, NAME_MAX);
/// A card's public name.
pub const SLUG: Kind =
    Kind::Line { min: 1, max: slugs::MAX, format: Some("slug"), rule: Some(slug_rule) };
/// How it looks.
pub const TEMPLATE: Kind = Kind::Choice(Template::WORDS);
/// Who may see it.
pub const VISIBILITY: Kind = Kind::Choice(Visibility::WORDS);
/// Who gets its leads.
pub const ROUTING: Kind = Kind::Choice(LeadRouting::WORDS);

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
    LinkId::parse(id).map(drop).ok_or(fault)
}

const PERSONAL_FIELDS: &[&str] = Section::Personal.fields();
const PROFESSIONAL_FIELDS: &[&str] = Section::Professional.fields();

const LINK_ID: Kind = Kind::Line { min: 36, max: 36, format: Some("uuid"), rule: Some(id_rule) };
/// What it shows.
pub const FIELDS_CONFIG: Shape = Shape {
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
/// Colour, font and layout.
pub const DESIGN_CONFIG: Shape = Shape {
    name: "DesignConfig",
    fields: &[
        optional("primary_color", "#rrggbb", COLOR),
        optional("font", "", Kind::Choice(&["sans", "serif", "mono"])),
        optional("layout", "", Kind::Choice(&["vertical", "horizontal"])),
    ],
};

/// What a link leads to.
pub const PLATFORM: Kind =
    Kind::Line { min: 1, max: links::PLATFORM_MAX, format: None, rule: Some(links::platform_rule) };
/// What a link shows.
pub const LABEL: Kind = line(0, links::LABEL_MAX);
/// Where a link leads.
pub const URL: Kind =
    Kind::Line { min: 1, max: links::URL_MAX, format: Some("uri"), rule: Some(links::url_rule) };

const NEW_LINK: Shape = Shape {
    name: "NewLink",
    fields: &[
        optional("id", "The link of this card that it is to be.", LINK_ID),
        required("platform", "What it leads to: github, phone, …", PLATFORM),
        optional("label", "What is shown; the platform's name if absent.", LABEL),
        required("url", "https:, mailto:, tel:, sms: or http:", URL),
    ],
};
/// The links of a card, in order.
pub const NEW_LINKS: Kind = Kind::List { of: &Kind::Object(&NEW_LINK), max: links::PER_CARD_MAX };

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

/// A new card from a checked body.
pub fn new_card(body: &Map<String, Value>) -> NewCard {
    NewCard {
        slug: text(body, "slug").map(str::to_owned),
        content: content(body),
        links: new_links(body),
    }
}

/// A member that is text, trimmed.
pub fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str).map(str::trim)
}

/// What its owner decides about a card, from a checked body.
pub fn content(body: &Map<String, Value>) -> Content {
    fn word<T: Named>(body: &Map<String, Value>, name: &str, otherwise: T) -> T {
        text(body, name).and_then(T::from_name).unwrap_or(otherwise)
    }
    let object = |name: &str| match body.get(name) {
        Some(Value::Object(members)) if !members.is_empty() => {
            Value::Object(members.clone()).to_string()
        }
        _ => "{}".to_owned(),
    };
    Content {
        name: text(body, "name").unwrap_or_default().to_owned(),
        template: word(body, "template_type", Template::PersonalSmall),
        fields_config: object("fields_config"),
        design_config: object("design_config"),
        visibility: word(body, "visibility", Visibility::Public),
        lead_routing: word(body, "lead_routing", LeadRouting::Owner),
    }
}

/// Its links, from a checked body.
pub fn new_links(body: &Map<String, Value>) -> Vec<NewLink> {
    let links = body.get("links").and_then(Value::as_array).into_iter().flatten();
    let members = links.filter_map(Value::as_object);
    members
        .map(|link| NewLink {
            id: text(link, "id").and_then(LinkId::parse),
            platform: text(link, "platform").unwrap_or_default().to_owned(),
            label: text(link, "label").unwrap_or_default().to_owned(),
            url: text(link, "url").unwrap_or_default().to_owned(),
        })
        .collect()
}
