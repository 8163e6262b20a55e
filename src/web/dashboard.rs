//! One's cards, side by side: what became of each, and what can be done with it.

use super::asks::Asks;
use super::card;
use super::forms::{Sent, once};
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::{shows, takes};
use crate::clock::{Day, Zone};
use crate::domain::card_stats;
use crate::domain::cards::{self, Card, CardId, Visibility};
use crate::domain::links::NewLink;
use crate::domain::public_cards::{self, PublicCard};
use crate::error::{Error, Result};
use crate::http::route::About;
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `GET /cards`
pub const LIST_ABOUT: About = shows("The own cards");
/// `POST /cards/{id}/duplicate`
pub const DUPLICATE_ABOUT: About = takes("Makes a card like another").problems(&[404]);
/// `POST /cards/{id}/active`
pub const ACTIVE_ABOUT: About = takes("Shows or pauses a card").problems(&[404]);
/// `POST /cards/{id}/default`
pub const DEFAULT_ABOUT: About = takes("Makes a card the default").problems(&[404]);
/// `GET /cards/{id}/delete`
pub const ASK_ABOUT: About = shows("The question whether to delete a card");
/// `POST /cards/{id}/delete`
pub const DELETE_ABOUT: About = takes("Deletes a card").problems(&[404, 409]).edits();

/// Cards of a page.
const PAGE: u32 = 24;
/// Days that are told.
const DAYS: usize = 30;
/// How high and how broad a curve is drawn.
const CURVE: (i64, i64) = (24, 120);

/// A card with what is told of it.
struct Item {
    card: Card,
    shown: PublicCard,
    /// How often people saw it, by day.
    views: Vec<i64>,
}

/// The cards, oldest first. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (asks, state) = (Asks::of(&ctx), Arc::clone(ctx.state()));
    let after = ctx.query("after").and_then(|id| CardId::parse(&id));
    ctx.read(|read, who| {
        let (frame, user) = (Frame::of(&asks, read, who)?, who.user()?);
        let mut found = cards::list(read, user, after, PAGE + 1)?;
        let rest = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let next = found.last().filter(|_| rest).map(|card| card.id);
        let today = Zone::UTC.day(read.now());
        let first = Day(today.0 - i64::try_from(DAYS).unwrap_or(0) + 1);
        let mut views: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for (card, day, count) in card_stats::views(read, user, (first, today))? {
            let days = views.entry(card.to_string()).or_insert_with(|| vec![0; DAYS]);
            if let Some(of_day) =
                usize::try_from(day.0 - first.0).ok().and_then(|at| days.get_mut(at))
            {
                *of_day = count;
            }
        }
        let items = found.into_iter().map(|card| {
            let views = views.remove(&card.id.to_string()).unwrap_or_default();
            Ok(Item { shown: public_cards::draft(read, card.clone())?, card, views })
        });
        let items: Vec<Item> = items.collect::<Result<_>>()?;
        Ok(rendered(&frame, &state, asks.note.as_deref(), &items, next))
    })
}

fn rendered(
    frame: &Frame,
    state: &State,
    note: Option<&str>,
    items: &[Item],
    next: Option<CardId>,
) -> Response {
    let words = &frame.words.cards;
    let content = html! {
        header {
            h1 { (words.title) }
            @if !items.is_empty() {
                a.button href="/cards/new" data-key="n" { (icon(Icon::Add)) (words.new) }
            }
        }
        @if items.is_empty() {
            div.empty {
                (icon(Icon::Card))
                h2 { (words.empty_title) }
                p { (words.empty) }
                a.button href="/cards/new" { (words.empty_go) }
            }
        } @else {
            ul.cards {
                @for item in items { (shown(frame, state, item)) }
            }
            @if let Some(next) = next {
                p { a.button.plain href={ "/cards?after=" (next) } { (words.more_cards) } }
            }
        }
    };
    let done = match note {
        Some("paused") => Some(words.done_paused),
        Some("resumed") => Some(words.done_resumed),
        Some("default") => Some(words.done_default),
        Some("deleted") => Some(words.done_deleted),
        Some("duplicated") => Some(words.done_duplicated),
        _ => None,
    };
    let style = card::styles(items.iter().map(|item| &item.shown));
    frame.page(200, &Sheet::new(words.title, content).at(Place::Cards).note(done).style(style))
}

fn shown(frame: &Frame, state: &State, item: &Item) -> Markup {
    let (words, shell) = (&frame.words.cards, &frame.words.shell);
    let card = &item.card;
    let (at, public) = (format!("/cards/{}", card.id), format!("/c/{}", card.slug));
    let url = state.card_url(&card.slug);
    let heading = format!("card-{}", card.slug);
    html! {
        li.mine aria-labelledby=(heading) {
            a.face href={ (at) "/edit" } tabindex="-1" aria-hidden="true" {
                (card::small(&item.shown, frame.words))
            }
            div.about {
                div.spread {
                    h2 id=(heading) { a href={ (at) "/edit" } dir="auto" { (card.content.name) } }
                    span.row {
                        @if card.is_default { span.ribbon { (icon(Icon::Star)) (words.default) } }
                        @if !card.is_active { span.tag.warn { (icon(Icon::Pause)) (words.paused) } }
                        @match card.content.visibility {
                            Visibility::Private => span.tag { (words.private) },
                            Visibility::Unlisted => span.tag { (words.unlisted) },
                            Visibility::Public => {}
                        }
                    }
                }
                p.small { a.quiet href=(public) { (url) } }
                (views(frame, &at, &item.views))
                div.row.acts {
                    a.button.plain.tight href={ (at) "/edit" } { (icon(Icon::Edit)) (words.edit) }
                    a.button.plain.tight href=(public) { (icon(Icon::External)) (words.open) }
                    button.plain.tight type="button" data-copy=(url) data-copied=(shell.copied) {
                        (icon(Icon::Copy)) span data-label { (words.copy_link) }
                    }
                    (more(frame, card, &at, &public))
                }
            }
        }
    }
}

/// What is done less often.
fn more(frame: &Frame, card: &Card, at: &str, public: &str) -> Markup {
    let words = &frame.words.cards;
    let (active, shown, verb) = if card.is_active {
        ("false", Icon::Pause, words.pause)
    } else {
        ("true", Icon::Play, words.resume)
    };
    html! {
        details.more {
            summary.button.plain.tight aria-label={ (words.more) ": " (card.content.name) } title=(words.more) {
                (icon(Icon::More))
            }
            ul.menu {
                li { a href={ "/shares?card=" (card.id) } { (icon(Icon::Share)) (words.share) } }
                li { a href={ (at) "/stats" } { (icon(Icon::Chart)) (words.stats) } }
                li { a href={ (public) "/qr.svg" } download { (icon(Icon::Qr)) (words.qr_svg) } }
                li { a href={ (public) "/qr.png" } download { (icon(Icon::Qr)) (words.qr_png) } }
                li {
                    form method="post" action={ (at) "/duplicate" } {
                        (once())
                        button { (icon(Icon::Copy)) (words.duplicate) }
                    }
                }
                li {
                    form method="post" action={ (at) "/active" } {
                        input type="hidden" name="active" value=(active);
                        button { (icon(shown)) (verb) }
                    }
                }
                @if !card.is_default {
                    li {
                        form method="post" action={ (at) "/default" } {
                            button { (icon(Icon::Star)) (words.make_default) }
                        }
                    }
                }
                li { a.danger href={ (at) "/delete" } { (icon(Icon::Trash)) (words.delete) } }
            }
        }
    }
}

/// The views of thirty days as a curve, and as a sentence.
fn views(frame: &Frame, at: &str, days: &[i64]) -> Markup {
    let words = &frame.words.cards;
    let sum: i64 = days.iter().sum();
    html! {
        p.views {
            @if sum == 0 {
                span.quiet.small { (words.no_views) }
            } @else {
                (curve(days))
                a.small href={ (at) "/stats" } { ((words.views)(&frame.words.number(sum), sum)) }
            }
        }
    }
}

/// A curve without axes: its height is the best day's.
fn curve(days: &[i64]) -> Markup {
    let (height, width) = CURVE;
    let most = days.iter().copied().max().unwrap_or(1).max(1);
    let steps = i64::try_from(days.len()).unwrap_or(1).saturating_sub(1).max(1);
    let points = (0_i64..).zip(days).map(|(n, count)| {
        let (x, y) = (n * width / steps, height - 2 - count * (height - 4) / most);
        format!("{x} {y}")
    });
    let path = format!("M{}", points.collect::<Vec<_>>().join("L"));
    html! {
        svg.curve viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) aria-hidden="true"
            focusable="false" {
            path.area d={ (path) "V" (height) "H0z" } {}
            path d=(path) {}
        }
    }
}

/// Makes a card like another, with an address of its own. 303 to its editor; 404; to the list's page with what is
/// wrong if there can be no more.
pub fn duplicate(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let (asks, id) = (Asks::of(&ctx), ctx.id("id", "card"));
    ctx.write(move |tx, who| {
        let (frame, user) = (Frame::of(&asks, tx, who)?, who.user()?);
        let card = cards::find(tx, user, *ready(&id)?)?;
        let copy = |link: &crate::domain::links::Link| NewLink {
            id: None,
            platform: link.platform.clone(),
            label: link.label.clone(),
            url: link.url.clone(),
        };
        let mut content = card.content.clone();
        let name = (frame.words.cards.copy_of)(&content.name);
        content.name = name.chars().take(cards::NAME_MAX).collect();
        let hidden = public_cards::Chosen::by(&card)?;
        // Links that it does not show have other ids in the copy: the copy takes those over that it does.
        let links = card.links.iter().filter(|link| hidden.link(link)).map(copy).collect();
        content.fields_config = hidden.without_links();
        let new = cards::NewCard { slug: None, content, links };
        match cards::create(tx, user, &new) {
            Ok(made) => Ok(onward(&format!("/cards/{}/edit?note=copy", made.id))),
            Err(error) => Err(refused(&frame, error)?),
        }
    })
}

/// What cannot be done with a card, as a page.
fn refused(frame: &Frame, error: Error) -> Result<Problem, Error> {
    let words = &frame.words.cards;
    let told = match &error {
        Error::Conflict(conflict) if conflict.code == "quota-exceeded" => {
            let limit = conflict.members.get("limit").and_then(serde_json::Value::as_i64);
            (words.quota)(limit.unwrap_or_default())
        }
        Error::Conflict(conflict) if conflict.code == "last-card" => words.delete_last.to_owned(),
        _ => return Err(error),
    };
    let content = html! {
        header { h1 { (words.title) } }
        p.advice role="alert" { (icon(Icon::Warning)) (told) }
        p { a.button.plain href="/cards" { (words.ready_cards) } }
    };
    Ok(Problem::page(frame.page(409, &Sheet::new(words.title, content).at(Place::Cards))))
}

fn onward(to: &str) -> Response {
    Response::new(303).with("Location", to.to_owned())
}

/// Shows or pauses a card. 303; 404.
pub fn set_active(ctx: Ctx) -> Outcome {
    let active = Sent::of(&ctx)?.text("active") == "true";
    let id = ctx.id("id", "card");
    ctx.write(move |tx, who| {
        cards::set_active(tx, who.user()?, *ready(&id)?, active)?;
        Ok(onward(if active { "/cards?note=resumed" } else { "/cards?note=paused" }))
    })
}

/// Makes a card the default. 303; 404.
pub fn make_default(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let id = ctx.id("id", "card");
    ctx.write(move |tx, who| {
        cards::make_default(tx, who.user()?, *ready(&id)?)?;
        Ok(onward("/cards?note=default"))
    })
}

/// Asks whether to delete a card. 200; 404.
pub fn ask_delete(ctx: Ctx) -> Outcome {
    let (asks, id, state) = (Asks::of(&ctx), ctx.id("id", "card"), Arc::clone(ctx.state()));
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let user = who.user()?;
        let card = cards::find(read, user, id?)?;
        let is_last = cards::list(read, user, None, 2)?.len() == 1;
        Ok(question(&frame, &state, &card, if is_last { Asked::Last } else { Asked::First }))
    })
}

/// What there is to say before a card is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// What deleting does.
    First,
    /// That it has changed since it was asked.
    Again,
    /// That the last card stays.
    Last,
}

fn question(frame: &Frame, state: &State, card: &Card, asked: Asked) -> Response {
    let (is_last, is_stale) = (asked == Asked::Last, asked == Asked::Again);
    let (words, title) = (&frame.words.cards, (frame.words.cards.delete_title)(&card.content.name));
    let url = state.card_url(&card.slug);
    let content = html! {
        header { h1 dir="auto" { (title) } }
        @if is_stale { p.advice role="alert" { (icon(Icon::Warning)) (words.delete_stale) } }
        @if is_last {
            p { (words.delete_last) }
            div.row {
                @if card.is_active {
                    form method="post" action={ "/cards/" (card.id) "/active" } {
                        input type="hidden" name="active" value="false";
                        button { (icon(Icon::Pause)) (words.pause) }
                    }
                }
                a.button.plain href="/cards" { (frame.words.shell.cancel) }
            }
        } @else {
            p { ((words.delete_lead)(&url)) }
            @if card.is_default { p { (words.delete_default) } }
            form.row method="post" action={ "/cards/" (card.id) "/delete" } {
                input type="hidden" name="version" value=(card.version);
                button.danger { (icon(Icon::Trash)) (words.delete_go) }
                a.button.plain href="/cards" { (frame.words.shell.cancel) }
            }
        }
    };
    let status = if is_stale { 409 } else { 200 };
    frame.page(status, &Sheet::new(title, content).at(Place::Cards))
}

/// Deletes a card as it was asked about. 303; 404; 409 with the question again if it has changed, or if it is the
/// last.
pub fn delete(ctx: Ctx) -> Outcome {
    let seen: i64 = Sent::of(&ctx)?.text("version").parse().unwrap_or(0);
    let (asks, id, state) = (Asks::of(&ctx), ctx.id("id", "card"), Arc::clone(ctx.state()));
    ctx.write(move |tx, who| {
        let card = cards::find(tx, who.user()?, *ready(&id)?)?;
        let frame = Frame::of(&asks, tx, who)?;
        if card.version != seen {
            let page = question(&frame, &state, &card, Asked::Again);
            return Err(Problem::stale_page(page));
        }
        match cards::delete(tx, &card, seen) {
            Ok(_) => Ok(onward("/cards?note=deleted")),
            Err(error) => Err(refused(&frame, error)?),
        }
    })
}
