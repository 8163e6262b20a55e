//! Everybody's webhooks: how each does, and what was delivered to it. Only its owner changes one.

use super::super::asks::Asks;
use super::super::icons::Icon;
use super::super::layout::{Frame, Place, Sheet};
use super::super::parts::{above, day, empty, more};
use super::super::shows;
use super::super::webhooks::log::log;
use super::super::webhooks::{tag, told_of};
use super::{Tab, head};
use crate::domain::webhooks::{self, Overview, State};
use crate::http::page::Page;
use crate::http::route::About;
use crate::http::{Ctx, Outcome};
use maud::{Markup, html};

/// `GET /admin/webhooks`
pub const LIST_ABOUT: About = shows("Everybody's webhooks; ?failing=true shows those that fail");
/// `GET /admin/webhooks/{id}`
pub const SHOW_ABOUT: About =
    shows("Anybody's webhook and what was delivered to it").problems(&[404]);

/// Everybody's webhooks. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (asks, page) = (Asks::of(&ctx), Page::of(&ctx));
    let only_failing = ctx.query("failing").as_deref() == Some("true");
    ctx.read(|read, who| {
        let (frame, page) = (Frame::of(&asks, read, who)?, page?);
        let mut found = webhooks::list_everybodys(read, only_failing, page.after, page.fetch())?;
        let next = page.cut(&mut found, |overview| overview.webhook.id);
        let words = &frame.words.webhooks;
        let everybodys = html! { a.button.plain href="/admin/webhooks" { (words.all) } };
        let content = html! {
            (head(frame.words, Tab::Webhooks, words.title, &html! {}))
            @if only_failing && found.is_empty() {
                (empty(Icon::Check, words.none_failing, words.none_failing_lead, &everybodys))
            } @else if found.is_empty() {
                (empty(Icon::Webhook, words.none, words.none_anywhere, &html! {}))
            } @else {
                div.row {
                    @if only_failing { (everybodys) } @else {
                        a.button.plain href="/admin/webhooks?failing=true" { (words.only_failing) }
                    }
                }
                (table(&frame, &found))
            }
            (more(frame.words, next.as_deref()))
        };
        Ok(frame.page(200, &Sheet::new(words.title, content).at(Place::Admin)))
    })
}

fn table(frame: &Frame, found: &[Overview]) -> Markup {
    let (all, words) = (frame.words, &frame.words.webhooks);
    let (on_their_way, given_up) = ((words.state)(State::Pending), (words.state)(State::Failed));
    html! {
        table.table {
            caption.visually-hidden { (words.title) }
            thead { tr {
                th scope="col" { (words.url) }
                th scope="col" { (all.admin.person) }
                th scope="col" { (words.state_head) }
                th.number scope="col" { (on_their_way) }
                th.number scope="col" { (given_up) }
            } }
            tbody {
                @for one in found {
                    tr {
                        td data-label=(words.url) {
                            a.break href={ "/admin/webhooks/" (one.webhook.id) } { (one.webhook.setting.url) }
                        }
                        td.name data-label=(all.admin.person) { (owner(one)) }
                        td data-label=(words.state_head) { (standing(frame, one)) }
                        td.number data-label=(on_their_way) { (all.number(one.pending)) }
                        td.number data-label=(given_up) { (all.number(one.failed)) }
                    }
                }
            }
        }
    }
}

fn owner(one: &Overview) -> Markup {
    html! { a.break href={ "/admin/people/" (one.owner.0) } { (one.owner.1) } }
}

/// How a webhook stands, and since when nothing arrives there.
fn standing(frame: &Frame, one: &Overview) -> Markup {
    html! {
        (tag(frame.words, &one.webhook))
        @if let Some(since) = one.failing_since {
            " " span.tag.warn { (frame.words.webhooks.failing_since) " " (day(frame.words, since)) }
        }
    }
}

/// Anybody's webhook and what was delivered to it. 200; 404.
pub fn show(ctx: Ctx) -> Outcome {
    let (asks, id, page) = (Asks::of(&ctx), ctx.id("id", "webhook"), Page::of(&ctx));
    ctx.read(|read, who| {
        let (frame, one) = (Frame::of(&asks, read, who)?, webhooks::find_anybodys(read, id?)?);
        let (page, webhook) = (page?, &one.webhook);
        let mut found = webhooks::list_deliveries(read, webhook.id, page.after, page.fetch())?;
        let next = page.cut(&mut found, |delivery| delivery.event);
        let (all, words) = (frame.words, &frame.words.webhooks);
        let content = html! {
            (above("/admin/webhooks", words.title))
            header {
                div.stack.tight.grow {
                    h1.address { (webhook.setting.url) }
                    div.row { (standing(&frame, &one)) }
                }
            }
            dl.facts {
                dt { (all.admin.person) } dd { (owner(&one)) }
                dt { (words.events) } dd { (told_of(&webhook.setting.events)) }
                @if !webhook.setting.description.is_empty() {
                    dt { (words.description) } dd { (webhook.setting.description) }
                }
                dt { (words.made) } dd { (day(all, webhook.created)) }
            }
            (log(all, &found, next.as_deref(), None))
        };
        Ok(frame.page(200, &Sheet::new(webhook.setting.url.clone(), content).at(Place::Admin)))
    })
}
