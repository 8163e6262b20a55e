//! Saved cards: those of others that somebody wants to find again.

use super::asks::{Asks, is_local};
use super::forms::{Sent, once};
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::parts::more;
use super::turning::{FETCH, address, turned};
use super::words::Words;
use super::{shows, takes};
use crate::domain::cards::CardId;
use crate::domain::public_cards::{self, PublicCard};
use crate::domain::saved_cards::{self, SavedCard};
use crate::domain::users::UserId;
use crate::error::Result;
use crate::http::route::About;
use crate::http::{Ctx, Outcome, Response};
use crate::store::Tx;
use maud::{Markup, html};

/// `GET /saved`
pub const LIST_ABOUT: About = shows("The saved cards");
/// `POST /saved/{card_id}`
pub const SAVE_ABOUT: About =
    takes("Saves a card, by its id or slug").problems(&[403, 404, 410, 415]);
/// `POST /saved/{card_id}/remove`
pub const REMOVE_ABOUT: About =
    takes("Takes a card out, by its id or slug").problems(&[403, 404, 410, 415]);

/// The saved cards. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    let before = ctx.query("cursor").and_then(|cursor| saved_cards::Place::parse(&cursor));
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let found = saved_cards::list(read, who.user()?, before, FETCH)?;
        let (saved, last) = turned(found, |saved| saved.place().to_string());
        let next = last.map(|last| address("/saved", &[("cursor", &last)]));
        let (words, texts) = (frame.words, &frame.words.saved);
        let content = html! {
            header { h1 { (texts.title) } }
            @if saved.is_empty() {
                div.empty {
                    (icon(Icon::Star))
                    h2 { (texts.empty) }
                    p { (texts.empty_help) }
                }
            } @else {
                ul.saved { @for card in &saved { li.sheet { (row(words, card)) } } }
                (more(words, next.as_deref()))
            }
        };
        let done = asks.note.as_deref().and_then(texts.done);
        Ok(frame.page(200, &Sheet::new(texts.title, content).at(Place::Saved).note(done)))
    })
}

fn row(words: &Words, saved: &SavedCard) -> Markup {
    let texts = &words.saved;
    let name = saved.shown.as_ref().map_or(texts.hidden, |card| &card.name);
    html! {
        @match &saved.shown {
            Some(card) => (shown(card)),
            None => {
                span.face aria-hidden="true" { "–" }
                div.stack.tight {
                    strong { (texts.hidden) }
                    span.quiet.small { (texts.hidden_help) }
                }
            }
        }
        form method="post" action=(format!("/saved/{}/remove", saved.card)) {
            (once())
            button.plain.tight aria-label=((texts.remove_of)(name)) { (texts.remove) }
        }
    }
}

fn shown(card: &PublicCard) -> Markup {
    let of = |name: &str| {
        let found = card.person.iter().find(|(field, _)| *field == name);
        found.map(|(_, text)| text.as_str()).filter(|text| !text.is_empty())
    };
    let work: Vec<&str> = [of("designation"), of("company_name")].into_iter().flatten().collect();
    html! {
        @match card.photo {
            Some(photo) => img.face src=(format!("/photos/{photo}.jpg")) alt="" width="56" height="56" loading="lazy";,
            None => span.face aria-hidden="true" { (card.name.chars().next().unwrap_or('–')) },
        }
        div.stack.tight {
            strong { a href=(format!("/c/{}", card.slug)) { bdi { (card.name) } } }
            @if !work.is_empty() { span.quiet.small { bdi { (work.join(" · ")) } } }
            span.quiet.small { "@" (card.handle) }
        }
    }
}

/// Saves a card. 303 to the saved ones, or back to the page that the form names; 404, 410.
pub fn save(ctx: Ctx) -> Outcome {
    change(ctx, saved_cards::save, "saved")
}

/// Takes a card out. The same.
pub fn remove(ctx: Ctx) -> Outcome {
    change(ctx, saved_cards::unsave, "removed")
}

fn change(
    ctx: Ctx,
    verb: fn(&Tx<'_>, UserId, CardId) -> Result<bool>,
    note: &'static str,
) -> Outcome {
    let (name, sent) = (ctx.param("card_id").to_owned(), Sent::of(&ctx)?);
    let back = Some(sent.text("next")).filter(|next| is_local(next)).map(str::to_owned);
    let onward = back.unwrap_or_else(|| format!("/saved?note={note}"));
    ctx.write(move |tx, who| {
        verb(tx, who.user()?, public_cards::named(tx, &name)?)?;
        Ok(Response::new(303).with("Location", onward.clone()))
    })
}
