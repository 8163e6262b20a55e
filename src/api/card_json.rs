//! A card as JSON.

use crate::domain::cards::Card;
use crate::domain::links::Link;
use crate::http::Response;
use crate::http::state::State;
use crate::id::Id;
use crate::store::tx::Named;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A card, to its owner.
#[derive(Debug, Serialize)]
pub(super) struct CardJson<'a> {
    id: Id<crate::domain::cards::CardKind>,
    user_id: Id<crate::domain::users::UserKind>,
    slug: &'a str,
    name: &'a str,
    template_type: &'static str,
    #[serde(serialize_with = "object")]
    fields_config: &'a str,
    #[serde(serialize_with = "object")]
    design_config: &'a str,
    visibility: &'static str,
    lead_routing: &'static str,
    is_default: bool,
    is_active: bool,
    links: Vec<LinkJson<'a>>,
    url: String,
    version: i64,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<bool>,
}

/// A link, to its card's owner.
#[derive(Debug, Serialize)]
struct LinkJson<'a> {
    id: Id<crate::domain::links::LinkKind>,
    platform: &'a str,
    label: &'a str,
    url: &'a str,
}

/// Writes an object that is kept as text, as it is.
pub(super) fn object<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue = serde_json::from_str(text).map_err(serde::ser::Error::custom)?;
    raw.serialize(serializer)
}

/// What is written as it is, its members in their order.
pub(super) fn raw(value: &impl Serialize) -> Option<Box<RawValue>> {
    serde_json::value::to_raw_value(value).ok()
}

/// A card's representation.
pub(super) fn card_json<'a>(state: &State, card: &'a Card) -> CardJson<'a> {
    let content = &card.content;
    let link = |link: &'a Link| LinkJson {
        id: link.id,
        platform: &link.platform,
        label: &link.label,
        url: &link.url,
    };
    CardJson {
        id: card.id,
        user_id: card.user,
        slug: &card.slug,
        name: &content.name,
        template_type: content.template.name(),
        fields_config: &content.fields_config,
        design_config: &content.design_config,
        visibility: content.visibility.name(),
        lead_routing: content.lead_routing.name(),
        is_default: card.is_default,
        is_active: card.is_active,
        links: card.links.iter().map(link).collect(),
        url: state.card_url(&card.slug),
        version: card.version,
        created_at: card.created.to_string(),
        updated_at: card.updated.to_string(),
        changed: None,
    }
}

/// A reply that tells a card that was to be set to something, and whether that changed it.
pub(super) fn told_set(state: &State, card: &Card, changed: bool) -> Response {
    Response::json(200, &CardJson { changed: Some(changed), ..card_json(state, card) })
}

/// A reply that tells a card.
pub(super) fn told(status: u16, state: &State, card: &Card) -> Response {
    Response::json(status, &card_json(state, card))
}
