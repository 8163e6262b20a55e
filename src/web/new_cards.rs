//! Making a card, and what comes right after.

use super::asks::Asks;
use super::editor::{Desk, Draft, faults, profiles_of};
use super::forms::Sent;
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::{editor, shows, takes};
use crate::domain::cards::{self, Visibility};
use crate::domain::users::UserId;
use crate::error::{Fault, Result};
use crate::http::bodies::cards::{NEW_CARD, new_card};
use crate::http::route::About;
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Problem, Response};
use crate::store::{Read, Tx};
use maud::html;
use std::sync::Arc;

/// `GET /cards/new`
pub const FORM_ABOUT: About = shows("The form that makes a card");
/// `POST /cards`
pub const SUBMIT_ABOUT: About = takes("Makes a card with its links");
/// `GET /cards/{id}/ready`
pub const READY_ABOUT: About = shows("A card that was just made: its code and its address");

/// The form, with the person's name in it. 200.
pub fn form(ctx: Ctx) -> Outcome {
    let (asks, state) = (Asks::of(&ctx), Arc::clone(ctx.state()));
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let name = frame.person.as_ref().map_or("", |person| &person.display_name);
        rendered(read, (&frame, &state), who.user()?, (200, &Draft::new(name)), (&[], None))
    })
}

/// Makes the card. 303; 422 with the form.
pub fn submit(ctx: Ctx) -> Outcome {
    let (asks, state) = (Asks::of(&ctx), Arc::clone(ctx.state()));
    let attempt = editor::Attempt::of(&Sent::of(&ctx)?);
    if attempt.rearranges() {
        return rearranged(ctx, attempt);
    }
    ctx.write(move |tx, who| {
        let user = who.user()?;
        match create(tx, user, &attempt.draft) {
            Ok(card) => Ok(Response::new(303).with("Location", format!("/cards/{card}/ready"))),
            Err(error) => {
                let frame = Frame::of(&asks, tx, who)?;
                let found = faults(&frame, error)?;
                let about = (422, &attempt.draft);
                Err(Problem::page(rendered(tx, (&frame, &state), user, about, (&found, None))?))
            }
        }
    })
}

/// The form with its links in another order. 200.
fn rearranged(ctx: Ctx, attempt: editor::Attempt) -> Outcome {
    let (asks, state) = (Asks::of(&ctx), Arc::clone(ctx.state()));
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let (draft, focus) = attempt.rearranged();
        rendered(read, (&frame, &state), who.user()?, (200, &draft), (&[], focus))
    })
}

fn create(tx: &Tx<'_>, user: UserId, draft: &Draft) -> Result<cards::CardId> {
    let mut body = draft.body();
    if draft.text("slug").is_empty() {
        body.remove("slug");
    }
    NEW_CARD.check(&body)?;
    let new = new_card(&body);
    let card = cards::create(tx, user, &new)?;
    if draft.links.iter().all(|row| row.shown) {
        return Ok(card.id);
    }
    // Which links it shows can be said only now that they have ids: still the same step, and nobody saw another.
    let mut content = card.content.clone();
    content.fields_config = draft.fields_config(&card.links);
    Ok(cards::update(tx, &card, card.version, &card.slug, &content)?.id)
}

fn rendered(
    read: &Read<'_>,
    (frame, state): (&Frame, &State),
    user: UserId,
    (status, draft): (u16, &Draft),
    (faults, focus): (&[Fault], Option<usize>),
) -> Outcome {
    let words = &frame.words.cards;
    let is_first = cards::list(read, user, None, 1)?.is_empty();
    let (title, lead) = if is_first {
        (words.first_title, Some(words.first_lead))
    } else {
        (words.new_title, None)
    };
    let profiles = profiles_of(read, user)?;
    let (card, version) = (None, 0);
    let desk = Desk { frame, state, card, draft, base: draft, version, faults, focus, profiles };
    Ok(desk.page(status, title, lead, None))
}

/// Its code, its address and what comes next. 200; 404.
pub fn ready(ctx: Ctx) -> Outcome {
    let (asks, id, state) = (Asks::of(&ctx), ctx.id("id", "card"), Arc::clone(ctx.state()));
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let card = cards::find(read, who.user()?, id?)?;
        let (words, shell) = (&frame.words.cards, &frame.words.shell);
        let url = state.card_url(&card.slug);
        let links = format!("/cards/{}/edit#links", card.id);
        let content = html! {
            header.stack.tight { h1 { (words.ready_title) } }
            div.ready {
                figure {
                    img.qr src={ "/c/" (card.slug) "/qr.svg" } width="264" height="264" alt=((words.ready_qr)(&url));
                    figcaption.stack.tight {
                        @if card.content.visibility == Visibility::Private {
                            p.advice { (icon(Icon::Warning)) (words.ready_private) }
                        } @else {
                            h2 { (words.ready_try) }
                            p { (words.ready_how) }
                        }
                        p.link { a href={ "/c/" (card.slug) } { (url) } }
                        div.row {
                            button.plain type="button" data-copy=(url) data-copied=(shell.copied) {
                                (icon(Icon::Copy)) span data-label { (words.copy_link) }
                            }
                            a.button.plain href={ "/c/" (card.slug) } { (icon(Icon::External)) (words.open) }
                        }
                    }
                }
                section.stack {
                    h2 { (words.ready_next) }
                    ul.list.next {
                        @for (href, shown, word, why) in [
                            ("/profile".to_owned(), Icon::Person, words.ready_profile, words.ready_profile_why),
                            (links, Icon::Link, words.ready_edit, words.ready_edit_why),
                            ("/cards".to_owned(), Icon::Card, words.ready_cards, ""),
                        ] {
                            li { a href=(href) { (icon(shown)) span { b { (word) } " " span.quiet { (why) } } } }
                        }
                    }
                }
            }
        };
        Ok(frame.page(200, &Sheet::new(words.ready_title, content).at(Place::Cards)))
    })
}
