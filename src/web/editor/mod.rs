//! The editor of a card. The form bears what it began with, so that whatever was saved elsewhere meanwhile is put
//! together with what it brings: field by field, link by link (`merge`). What both sides changed is asked
//! (`conflict`). Nothing that was typed is ever thrown away.

mod address;
mod attempt;
mod conflict;
mod draft;
mod fields;
mod merge;
mod page;
mod preview;

pub use draft::Draft;
pub use page::{Desk, faults, profiles_of};
pub use preview::{PREVIEW_ABOUT, SEND_PREVIEW_ABOUT, preview, send_preview};

pub use attempt::Attempt;

use self::conflict::Conflict;
use self::merge::{Merged, merge};
use super::asks::Asks;
use super::forms::Sent;
use super::layout::Frame;
use super::{HTML, shows};
use crate::domain::cards::{self, Card, CardId};
use crate::domain::links;
use crate::error::{Error, Fault, Result};
use crate::http::bodies::cards::{NEW_CARD, content, new_links};
use crate::http::route::{About, Content, Reply};
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::store::Tx;
use std::sync::Arc;

/// `GET /cards/{id}/edit`
pub const FORM_ABOUT: About = shows("The editor of a card");
/// `POST /cards/{id}/edit`
pub const SUBMIT_ABOUT: About = About::new(
    "Saves a card with its links, put together with what was saved elsewhere meanwhile",
    &[
        Reply { status: 303, about: "Saved", content: Content::Nothing },
        Reply { status: 200, about: "The form with its links in another order", content: HTML },
        Reply { status: 404, about: "The card is gone; the form makes it anew", content: HTML },
        Reply {
            status: 409,
            about: "Both sides changed the same: asks which counts",
            content: HTML,
        },
        Reply { status: 422, about: "The form with its faults", content: HTML },
    ],
)
.problems(&[403, 415])
.edits();

/// The editor. 200; 404.
pub fn form(ctx: Ctx) -> Outcome {
    let (asks, id, state) = (Asks::of(&ctx), ctx.id("id", "card"), Arc::clone(ctx.state()));
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let card = cards::find(read, who.user()?, id?)?;
        let draft = Draft::of(&card)?;
        let words = &frame.words.editor;
        let note = match asks.note.as_deref() {
            Some("saved") => Some((words.saved)(card.version)),
            Some("merged") => Some((words.merged)(card.version)),
            Some("copy") => Some(words.created_copy.to_owned()),
            _ => None,
        };
        let desk = Desk {
            frame: &frame,
            state: &state,
            card: Some(&card),
            draft: &draft,
            base: &draft,
            version: card.version,
            faults: &[],
            focus: None,
            profiles: profiles_of(read, card.user)?,
        };
        Ok(desk.page(200, &card.content.name, None, note))
    })
}

/// Saves a card, or shows its links in another order.
pub fn submit(ctx: Ctx) -> Outcome {
    let attempt = Attempt::of(&Sent::of(&ctx)?);
    if attempt.rearranges() { rearrange(ctx, attempt) } else { save(ctx, attempt) }
}

/// The form with its links in another order. 200; 404 with a form that makes the card anew.
fn rearrange(ctx: Ctx, attempt: Attempt) -> Outcome {
    let (asks, id, state) = (Asks::of(&ctx), ctx.id("id", "card"), Arc::clone(ctx.state()));
    ctx.read(|read, who| {
        let (frame, user) = (Frame::of(&asks, read, who)?, who.user()?);
        let profiles = profiles_of(read, user)?;
        let (base, version) = (attempt.base.clone(), attempt.version);
        let (draft, focus) = attempt.rearranged();
        let card = id.and_then(|id| Ok(cards::find(read, user, id)?));
        let Ok(card) = card else { return Ok(gone(&frame, &state, &draft, profiles)) };
        let base = base.map_or_else(|| Draft::of(&card), Ok)?;
        let desk = Desk {
            frame: &frame,
            state: &state,
            card: Some(&card),
            draft: &draft,
            base: &base,
            version,
            faults: &[],
            focus,
            profiles,
        };
        Ok(desk.page(200, &card.content.name, None, None))
    })
}

/// Saves a card with its links in one step. 303; 404, 409 and 422 with what was typed.
fn save(ctx: Ctx, attempt: Attempt) -> Outcome {
    let (asks, id, state) = (Asks::of(&ctx), ctx.id::<_>("id", "card"), Arc::clone(ctx.state()));
    ctx.write(move |tx, who| {
        let (frame, user) = (Frame::of(&asks, tx, who)?, who.user()?);
        let card = match cards::find(tx, user, *ready(&id)?) {
            Ok(card) => card,
            Err(Error::NotFound(_)) => {
                let profiles = profiles_of(tx, user)?;
                return Err(Problem::page(gone(&frame, &state, &attempt.draft, profiles)));
            }
            Err(error) => return Err(error.into()),
        };
        let theirs = Draft::of(&card)?;
        let merged = put_together(&attempt, &theirs);
        let is_asked = attempt.is_review && merged.draft != theirs;
        if is_asked || !merged.told.collisions.is_empty() {
            let conflict = Conflict {
                frame: &frame,
                card: &card,
                base: attempt.base.as_ref().unwrap_or(&theirs),
                theirs: &theirs,
                merged: &merged,
                is_again: !attempt.unanswered.is_empty(),
            };
            let page = conflict.page();
            let is_looked_at = merged.told.collisions.is_empty();
            return Err(if is_looked_at { Problem::page(page) } else { Problem::stale_page(page) });
        }
        if merged.draft == theirs {
            return Ok(onward(card.id, "saved"));
        }
        let note = if merged.told.taken.is_empty() { "saved" } else { "merged" };
        match write(tx, &card, &merged.draft) {
            Ok(card) => Ok(onward(card.id, note)),
            Err(error) => {
                let found = faults(&frame, error)?;
                Err(Problem::page(again(
                    tx,
                    &frame,
                    &state,
                    &card,
                    (&merged.draft, &theirs),
                    &found,
                )?))
            }
        }
    })
}

/// What was sent, put together with what stands. What was asked and not answered is asked again, even where it
/// would no longer collide.
fn put_together(attempt: &Attempt, theirs: &Draft) -> Merged {
    // Where nobody knows what a form began with, whatever differs is asked.
    let unknown = Draft::unknown();
    let mut merged = merge(attempt.base.as_ref().unwrap_or(&unknown), &attempt.draft, theirs);
    let Merged { draft, told } = &mut merged;
    told.ask_again(&attempt.unanswered, |name| conflict::is_asked(name, draft, theirs));
    merged
}

/// Gives the card all of a draft that builds upon it, in one step of its version.
fn write(tx: &Tx<'_>, card: &Card, draft: &Draft) -> Result<Card> {
    let body = draft.body();
    NEW_CARD.check(&body)?;
    let planned = links::plan(tx, &card.links, &new_links(&body))?;
    let mut content = content(&body);
    content.fields_config = draft.fields_config(&planned);
    cards::save(tx, card, card.version, (draft.text("slug"), &content), &planned)
}

/// The form again, put together with what stands. 422.
fn again(
    tx: &Tx<'_>,
    frame: &Frame,
    state: &State,
    card: &Card,
    (draft, base): (&Draft, &Draft),
    faults: &[Fault],
) -> Result<Response> {
    let profiles = profiles_of(tx, card.user)?;
    let (focus, version, card) = (None, card.version, Some(card));
    let desk = Desk { frame, state, card, draft, base, version, faults, focus, profiles };
    let title = desk.card.map_or("", |card| &card.content.name);
    Ok(desk.page(422, title, None, None))
}

/// The card is gone: what was typed can become another. 404.
fn gone(
    frame: &Frame,
    state: &State,
    draft: &Draft,
    profiles: [Option<crate::domain::profiles::Profile>; 2],
) -> Response {
    let mut draft = draft.clone();
    for row in &mut draft.links {
        row.id.clear();
    }
    let words = &frame.words.cards;
    let (card, version, faults, focus) = (None, 0, &[][..], None);
    let desk =
        Desk { frame, state, card, draft: &draft, base: &draft, version, faults, focus, profiles };
    desk.page(404, words.gone_title, Some(words.gone_lead), None)
}

fn onward(card: CardId, note: &str) -> Response {
    Response::new(303).with("Location", format!("/cards/{card}/edit?note={note}"))
}
