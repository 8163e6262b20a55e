//! Cards: making, reading, changing, deleting; links, default and pause.

use super::Patching;
use super::card_json::{card_json, raw, told, told_set};
use crate::domain::cards::{self, Card, CardId};
use crate::error::Error;
use crate::http::bodies::cards::{content, new_card, new_links, text};
use crate::http::page::Page;
use crate::http::precondition::{Edit, Standing, etag};
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use serde_json::{Map, Value, json};

pub use super::card_shapes::*;

/// Makes a card. 201; 409 `quota-exceeded`, `slug-taken`; 422; 503 `slug-exhausted`.
pub fn create(ctx: Ctx) -> Outcome {
    let new = ctx.object().map(|body| new_card(&body));
    let state = std::sync::Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let card = cards::create(tx, who.user()?, ready(&new)?)?;
        let location = format!("/api/cards/{}", card.id);
        Ok(told(201, &state, &card).with("ETag", tag(&card)).with("Location", location))
    })
}

fn tag(card: &Card) -> String {
    etag(card.id, card.version)
}

/// The own cards, oldest first. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    let state = std::sync::Arc::clone(ctx.state());
    ctx.read(|read, who| {
        let page = page?;
        let found = cards::list(read, who.user()?, page.after, page.fetch())?;
        Ok(page.reply(found, |card| card.id, |card| raw(&card_json(&state, card))))
    })
}

/// A card. 200; 304; 404.
pub fn find(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "card");
    let state = std::sync::Arc::clone(ctx.state());
    let fresh = ctx.freshness();
    ctx.read(|read, who| {
        let card = cards::find(read, who.user()?, id?)?;
        fresh?.answer(tag(&card), || told(200, &state, &card))
    })
}

/// Changes a card by merge patch. 200; 404; 409 `slug-taken`; 422; 409, 412, 428 for its version.
pub fn update(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "card");
    patch(ctx, id)
}

/// The seed's form: the id stands in the body.
pub fn update_by_body(ctx: Ctx) -> Outcome {
    let edit = ctx.edit();
    let id = match edit.member("id") {
        Some(Value::String(text)) => CardId::parse(text).ok_or(Error::NotFound("card")),
        Some(_) => Err(Error::invalid("/id", "type", "must be a string")),
        None => Err(Error::invalid("/id", "required", "is required")),
    };
    // A body that is no JSON has no id to miss: its own fault is told.
    let id = id.map_err(|fault| edit.unreadable().unwrap_or_else(|| fault.into()));
    patch(ctx, id)
}

const PATCHING: Patching =
    Patching { patch: &CARD_PATCH, content: &CARD_CONTENT, read_only: READ_ONLY };

fn patch(ctx: Ctx, id: Result<CardId, Problem>) -> Outcome {
    let edit = ctx.edit();
    let state = std::sync::Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let card = cards::find(tx, who.user()?, *ready(&id)?)?;
        let body = admit(&edit, &state, &card)?;
        let whole = PATCHING.merged(json!(card_json(&state, &card)), body)?;
        let (slug, content) = (text(&whole, "slug").unwrap_or_default(), content(&whole));
        let card = cards::update(tx, &card, card.version, slug, &content)?;
        Ok(told(200, &state, &card).with("ETag", tag(&card)))
    })
}

/// Lets a change pass that builds upon the card as it stands.
fn admit<'e>(
    edit: &'e Edit,
    state: &State,
    card: &Card,
) -> Result<&'e Map<String, Value>, Problem> {
    let resource = || json!(card_json(state, card));
    edit.admit(&Standing { version: card.version, etag: &tag(card), resource: &resource })
}

/// Replaces a card's links as a whole. 200; 404; 422; 409, 412, 428 for the card's version.
pub fn replace_links(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "card");
    let (edit, body) = (ctx.edit(), ctx.object());
    let state = std::sync::Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let card = cards::find(tx, who.user()?, *ready(&id)?)?;
        admit(&edit, &state, &card)?;
        let links = new_links(ready(&body)?);
        // No ETag: what was stored is not what was sent (RFC 9110 §9.3.4).
        Ok(told(200, &state, &cards::replace_links(tx, &card, card.version, &links)?))
    })
}

/// Makes a card the default. 200, also when it is already; 404; 412 if an `If-Match` says otherwise.
pub fn make_default(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "card");
    let edit = ctx.edit();
    let state = std::sync::Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let card = cards::find(tx, who.user()?, *ready(&id)?)?;
        admit_unversioned(&edit, &state, &card)?;
        Ok(told(200, &state, &cards::make_default(tx, card.user, card.id)?))
    })
}

fn admit_unversioned(edit: &Edit, state: &State, card: &Card) -> Result<(), Problem> {
    let resource = || json!(card_json(state, card));
    let tag = tag(card);
    let standing = Standing { version: card.version, etag: &tag, resource: &resource };
    edit.admit_unversioned(&standing).map(drop)
}

/// Shows or pauses a card. 200, and whether it was otherwise; 404; 422; 412 if an `If-Match` says otherwise.
pub fn set_active(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "card");
    let (edit, body) = (ctx.edit(), ctx.object());
    let state = std::sync::Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let card = cards::find(tx, who.user()?, *ready(&id)?)?;
        admit_unversioned(&edit, &state, &card)?;
        let active = ready(&body)?.get("active").and_then(Value::as_bool).unwrap_or(true);
        let set = cards::set_active(tx, card.user, card.id, active)?;
        Ok(told_set(&state, &set, set.version > card.version))
    })
}

/// Deletes a card. 200 with the id of the card that became the default, if one did; 404; 409 `last-card`;
/// 409, 412, 428 for its version.
pub fn delete(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "card");
    let edit = ctx.edit();
    let state = std::sync::Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let card = cards::find(tx, who.user()?, *ready(&id)?)?;
        admit(&edit, &state, &card)?;
        let promoted = cards::delete(tx, &card, card.version)?;
        Ok(Response::json(200, &json!({"deleted": card.id, "promoted_card_id": promoted})))
    })
}
