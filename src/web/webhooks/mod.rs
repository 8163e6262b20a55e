//! The own webhooks: endpoints, and what was delivered to each (`endpoint`).

pub mod endpoint;
pub mod log;

use super::asks::Asks;
use super::forms::{Field, Sent, fault, once, summary};
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::parts::{Once, above, listed, more, tick, told};
use super::words::Words;
use super::{SHOWN_ONCE, shows};
use crate::domain::webhooks::{self, Event, Secret, URL_MAX, Webhook};
use crate::error::{Error, Fault};
use crate::http::bodies::webhooks::{NEW_WEBHOOK, setting};
use crate::http::page::Page;
use crate::http::route::About;
use crate::http::{Ctx, Outcome, Problem, Response};
use crate::store::tx::Named;
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /webhooks`
pub const LIST_ABOUT: About = shows("The own webhooks");
/// `GET /webhooks/new`
pub const FORM_ABOUT: About = shows("The form that makes a webhook");
/// `POST /webhooks`
pub const CREATE_ABOUT: About = About::new("Makes a webhook", SHOWN_ONCE).problems(&[403, 415]);

/// How an endpoint stands, as a tag.
pub fn tag(words: &Words, webhook: &Webhook) -> Markup {
    let words = &words.webhooks;
    match (webhook.ended_for, webhook.setting.is_active) {
        (Some(end), _) => html! { span.tag.warn { (icon(Icon::Warning)) ((words.ended)(end)) } },
        (None, true) => html! { span.tag.good { (words.active) } },
        (None, false) => html! { span.tag { (words.paused) } },
    }
}

/// What an endpoint is told of.
pub fn told_of(events: &[Event]) -> Markup {
    html! { p.scopes { @for event in events { span.tag { (event.name()) } " " } } }
}

/// The endpoints. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (asks, page) = (Asks::of(&ctx), Page::of(&ctx));
    ctx.read(|read, who| {
        let (frame, page) = (Frame::of(&asks, read, who)?, page?);
        let mut found = webhooks::list(read, who.user()?, page.after, page.fetch())?;
        let next = page.cut(&mut found, |webhook| webhook.id);
        let words = &frame.words.webhooks;
        let step =
            html! { a.button href="/webhooks/new" data-key="n" { (icon(Icon::Add)) (words.make) } };
        let rows: Vec<Markup> = found.iter().map(|webhook| row(frame.words, webhook)).collect();
        let none = (Icon::Webhook, words.none, words.none_lead);
        let content = html! {
            (listed(frame.words, (words.title, words.lead), &step, none, &rows))
            (more(frame.words, next.as_deref()))
        };
        let note = asks.note.as_deref().filter(|note| *note == "deleted").map(|_| words.deleted);
        Ok(frame.page(200, &Sheet::new(words.title, content).at(Place::Settings).note(note)))
    })
}

fn row(words: &Words, webhook: &Webhook) -> Markup {
    let (id, setting) = (webhook.id, &webhook.setting);
    html! {
        li.stack.tight {
            div.row {
                h2.name { a href={ "/webhooks/" (id) } { (setting.url) } }
                (tag(words, webhook))
            }
            (told_of(&setting.events))
            @if !setting.description.is_empty() { p.quiet { (setting.description) } }
        }
    }
}

/// The form. 200.
pub fn form(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    ctx.read(|read, who| Ok(rendered(&Frame::of(&asks, read, who)?, 200, &Sent::default(), &[])))
}

fn rendered(frame: &Frame, status: u16, sent: &Sent, faults: &[Fault]) -> Response {
    let (all, words) = (frame.words, &frame.words.webhooks);
    let content = html! {
        (above("/webhooks", words.title))
        header { h1 { (words.make) } }
        form.stack.narrow method="post" action="/webhooks" {
            (summary(all, faults))
            (fields(all, sent, faults))
            (once())
            div.row {
                button { (words.make) }
                a.button.plain href="/webhooks" { (all.shell.cancel) }
            }
        }
    };
    frame.page(status, &Sheet::new(words.make, content).at(Place::Settings))
}

/// What a person decides about an endpoint.
fn fields(all: &Words, sent: &Sent, faults: &[Fault]) -> Markup {
    let words = &all.webhooks;
    let show = |field: Field<'_>| field.show(all, sent, faults);
    let events = Event::NAMES.iter().filter(|(event, _)| *event != Event::Ping);
    html! {
        (show(Field::line("url", words.url).kind("url").hint(words.url_hint).max(URL_MAX).required()))
        fieldset.stack {
            legend { (words.events) }
            @if let Some(fault) = told(all, faults, "events") { p.fault { (fault) } }
            div.ticks {
                @for (event, name) in events {
                    (tick("events", name, (words.event)(*event), "", sent.has("events", name)))
                }
            }
        }
        (show(Field::line("description", words.description).max(webhooks::DESCRIPTION_MAX)))
    }
}

/// Makes an endpoint. 200 with its secret, once; 422 with the form.
pub fn create(ctx: Ctx) -> Outcome {
    let (sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let (body, state) = (sent.typed(&NEW_WEBHOOK), Arc::clone(ctx.state()));
    ctx.write(move |tx, who| {
        let frame = Frame::of(&asks, tx, who)?;
        let words = &frame.words.webhooks;
        let refused = |faults: &[Fault]| Err(Problem::page(rendered(&frame, 422, &sent, faults)));
        let secret = Secret::new();
        let made = NEW_WEBHOOK.check(&body).and_then(|()| setting(&body, &state.guard));
        match made.and_then(|setting| webhooks::create(tx, who.user()?, &setting, &secret)) {
            Ok(made) => Ok(shown(&frame, &made, &secret)),
            Err(Error::Invalid(faults)) => refused(&faults),
            Err(Error::Conflict(why)) if why.code == "quota-exceeded" => {
                refused(&[fault("", "quota", words.too_many)])
            }
            Err(error) => Err(error.into()),
        }
    })
}

/// The page with a secret.
fn shown(frame: &Frame, webhook: &Webhook, secret: &Secret) -> Response {
    let words = &frame.words.webhooks;
    let onward = format!("/webhooks/{}", webhook.id);
    let once = Once {
        title: words.secret,
        lead: words.secret_lead,
        label: &webhook.setting.url,
        withheld: words.withheld,
        onward: (&onward, words.done),
        place: Place::Settings,
    };
    once.page(frame, &secret.reveal())
}
