//! Saved cards: those of others that somebody wants to find again.

use super::asks::{Asks, is_local};
use super::forms::{Sent, once};
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::parts::more;
use super::turning::{address, turned_by};
use super::words::Words;
use super::{card, shows, takes};
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

/// Cards of a page: each is drawn, and brings its colours.
const PAGE: u32 = 24;

/// The saved cards. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    let before = ctx.query("cursor").and_then(|cursor| saved_cards::Place::parse(&cursor));
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let found = saved_cards::list(read, who.user()?, before, PAGE + 1)?;
        let (saved, last) = turned_by(PAGE, found, |saved| saved.place().to_string());
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
                ul.cards.saved { @for (n, card) in saved.iter().enumerate() { (item(words, n, card)) } }
                (more(words, next.as_deref()))
            }
        };
        let done = asks.note.as_deref().and_then(texts.done);
        let style = card::styles(saved.iter().filter_map(|saved| saved.shown.as_ref()));
        let sheet = Sheet::new(texts.title, content).at(Place::Saved).note(done).style(style);
        Ok(frame.page(200, &sheet))
    })
}

/// A saved card as it looks, or what stands in its place while nobody is to see it.
fn item(words: &'static Words, n: usize, saved: &SavedCard) -> Markup {
    let texts = &words.saved;
    let heading = format!("saved-{n}");
    let name = saved.shown.as_ref().map_or(texts.hidden, |card| &card.name);
    html! {
        li.mine aria-labelledby=(heading) {
            @match &saved.shown {
                Some(shown) => {
                    a.face href={ "/c/" (shown.slug) } tabindex="-1" aria-hidden="true" { (card::small(shown, words)) }
                }
                None => div.face.gone { (icon(Icon::Pause)) },
            }
            div.spread {
                div.about.grow {
                    @match &saved.shown {
                        Some(shown) => (about(shown, &heading)),
                        None => {
                            h2 id=(heading) { (texts.hidden) }
                            p.quiet.small { (texts.hidden_help) }
                        }
                    }
                }
                form method="post" action=(format!("/saved/{}/remove", saved.card)) {
                    (once())
                    button.plain.tight aria-label=((texts.remove_of)(name)) { (texts.remove) }
                }
            }
        }
    }
}

fn about(card: &PublicCard, heading: &str) -> Markup {
    let of = |name: &str| {
        let found = card.person.iter().find(|(field, _)| *field == name);
        found.map(|(_, text)| text.as_str()).filter(|text| !text.is_empty())
    };
    let work: Vec<&str> = [of("designation"), of("company_name")].into_iter().flatten().collect();
    html! {
        h2 id=(heading) { a href={ "/c/" (card.slug) } dir="auto" { (card.name) } }
        @if !work.is_empty() { p.quiet.small { bdi { (work.join(" · ")) } } }
        p.quiet.small { "@" (card.handle) }
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
