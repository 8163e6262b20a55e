//! A webhook: what it is set to, and what was delivered to it.

use super::super::asks::Asks;
use super::super::forms::{Sent, summary};
use super::super::layout::{Frame, Place, Sheet};
use super::super::parts::{Act, above, collisions};
use super::super::{HTML, shows, takes};
use super::log::log;
use super::{fields, shown, tag};
use crate::domain::webhooks::{self, Delivery, EventId, Secret, Setting, Webhook, WebhookId};
use crate::error::{Error, Fault, Result};
use crate::http::bodies::webhooks::{NEW_WEBHOOK, setting};
use crate::http::page::Page;
use crate::http::route::{About, Reply};
use crate::http::{Caller, Ctx, Outcome, Problem, Response, ready};
use crate::store::tx::Named;
use crate::store::{Read, Tx};
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /webhooks/{id}`
pub const SHOW_ABOUT: About = shows("A webhook and what was delivered to it").problems(&[404]);
/// `POST /webhooks/{id}`
pub const UPDATE_ABOUT: About = takes("Changes a webhook").problems(&[403, 404, 415]).edits();
/// `POST /webhooks/{id}/active`
pub const ACTIVE_ABOUT: About =
    takes("Pauses a webhook or lets it go on").problems(&[403, 404, 415]).edits();
/// `POST /webhooks/{id}/rotate`
pub const ROTATE_ABOUT: About = About::new(
    "Gives a webhook a new secret",
    &[Reply { status: 200, about: "The secret, shown once", content: HTML }],
)
.problems(&[403, 404, 415]);
/// `POST /webhooks/{id}/test`
pub const TEST_ABOUT: About = takes("Sends a webhook a ping").problems(&[403, 404, 415]);
/// `POST /webhooks/{id}/delete`
pub const DELETE_ABOUT: About = takes("Deletes a webhook").problems(&[403, 404, 415]).edits();
/// `POST /webhooks/{id}/deliveries/{delivery}/retry`
pub const RETRY_ABOUT: About = takes("Sends a message again").problems(&[403, 404, 409, 415]);

/// The page.
struct View {
    frame: Frame,
    webhook: Webhook,
    deliveries: Vec<Delivery>,
    next: Option<String>,
}

impl View {
    fn of(
        asks: &Asks,
        read: &Read<'_>,
        who: &Caller,
        id: WebhookId,
        page: &Page<EventId>,
    ) -> Result<Self> {
        let webhook = webhooks::find(read, who.user()?, id)?;
        let mut deliveries = webhooks::list_deliveries(read, webhook.id, page.after, page.fetch())?;
        let next = page.cut(&mut deliveries, |delivery| delivery.event);
        Ok(Self { frame: Frame::of(asks, read, who)?, webhook, deliveries, next })
    }

    fn page(&self, status: u16, sent: Option<(&Sent, &[Fault])>, note: Option<&str>) -> Response {
        let (all, words) = (self.frame.words, &self.frame.words.webhooks);
        let (id, setting) = (self.webhook.id, &self.webhook.setting);
        let standing = standing(setting);
        let (sent, faults) = sent.unwrap_or((&standing, &[]));
        let content = html! {
            (above("/webhooks", words.title))
            header {
                div.stack.tight.grow {
                    h1.address { (setting.url) }
                    div.row { (tag(all, &self.webhook)) }
                }
                div.row {
                    (Act::new(&format!("/webhooks/{id}/test"), words.test).class("plain").show(""))
                    (self.pause())
                }
            }
            (log(all, &self.deliveries, self.next.as_deref(), Some(id)))
            section.stack {
                h2 { (words.edit) }
                form.stack.narrow method="post" action={ "/webhooks/" (id) } {
                    (summary(all, faults))
                    input type="hidden" name="version" value=(self.webhook.version);
                    (fields(all, sent, faults))
                    div { button { (all.shell.save) } }
                }
            }
            (self.grave())
        };
        self.frame
            .page(status, &Sheet::new(setting.url.clone(), content).at(Place::Settings).note(note))
    }

    fn pause(&self) -> Markup {
        let words = &self.frame.words.webhooks;
        let (path, version) =
            (format!("/webhooks/{}/active", self.webhook.id), self.webhook.version.to_string());
        let is_active = self.webhook.setting.is_active;
        let (label, value) = if is_active { (words.pause, "0") } else { (words.resume, "1") };
        Act::new(&path, label)
            .class("plain")
            .says(&[("active", value), ("version", &version)])
            .show("")
    }

    /// What cannot be undone stands apart, behind a click.
    fn grave(&self) -> Markup {
        let words = &self.frame.words.webhooks;
        let (id, version) = (self.webhook.id, self.webhook.version.to_string());
        html! {
            section.stack.graves {
                details {
                    summary { (words.rotate) }
                    div.stack {
                        p.quiet { (words.rotate_lead) }
                        (Act::new(&format!("/webhooks/{id}/rotate"), words.rotate_go).class("plain").show(""))
                    }
                }
                details {
                    summary { (words.delete) }
                    div.stack {
                        p.quiet { (words.delete_lead) }
                        (Act::new(&format!("/webhooks/{id}/delete"), words.delete_go).class("danger")
                            .says(&[("version", &version)]).show(""))
                    }
                }
            }
        }
    }
}

/// What stands, as the form holds it.
fn standing(setting: &Setting) -> Sent {
    let events = setting.events.iter().map(|event| ("events", event.name().to_owned()));
    let texts = [("url", setting.url.clone()), ("description", setting.description.clone())];
    Sent::standing(events.chain(texts))
}

/// An endpoint and its deliveries. 200; 404.
pub fn show(ctx: Ctx) -> Outcome {
    let (asks, id, page) = (Asks::of(&ctx), ctx.id("id", "webhook"), Page::of(&ctx));
    ctx.read(|read, who| {
        let view = View::of(&asks, read, who, id?, &page?)?;
        let words = &view.frame.words.webhooks;
        let note = match asks.note.as_deref() {
            Some("saved") => Some(view.frame.words.settings.saved),
            Some("sent") => Some(words.sent),
            _ => None,
        };
        Ok(view.page(200, None, note))
    })
}

/// Where a webhook's page is, with what has been done.
fn onward(id: WebhookId, note: &str) -> Response {
    Response::new(303).with("Location", format!("/webhooks/{id}?note={note}"))
}

/// Changes an endpoint. 303; 404; 409 if it was changed meanwhile; 422.
pub fn update(ctx: Ctx) -> Outcome {
    let (sent, asks, page) = (Sent::of(&ctx)?, Asks::of(&ctx), Page::of(&ctx)?);
    let (id, state) = (ctx.id("id", "webhook"), Arc::clone(ctx.state()));
    let body = sent.typed(&NEW_WEBHOOK);
    ctx.write(move |tx, who| {
        let id = *ready(&id)?;
        let webhook = webhooks::find(tx, who.user()?, id)?;
        let again = |status: u16, faults: &[Fault]| -> Result<Response, Problem> {
            let view = View::of(&asks, tx, who, id, &page)?;
            Ok(view.page(status, Some((&sent, faults)), None))
        };
        let asked = match NEW_WEBHOOK.check(&body).and_then(|()| setting(&body, &state.guard)) {
            Ok(asked) => Setting { is_active: webhook.setting.is_active, ..asked },
            Err(Error::Invalid(faults)) => return Err(Problem::page(again(422, &faults)?)),
            Err(error) => return Err(error.into()),
        };
        if asked == webhook.setting {
            return Ok(onward(id, "saved"));
        }
        if sent.version() != webhook.version {
            let stands = &webhook.setting;
            let fields = [
                ("url", asked.url.as_str(), stands.url.as_str()),
                ("description", &asked.description, &stands.description),
            ];
            let found = collisions(Frame::of(&asks, tx, who)?.words, fields);
            return Err(Problem::stale_page(again(409, &found)?));
        }
        webhooks::update(tx, &webhook, webhook.version, &asked)?;
        Ok(onward(id, "saved"))
    })
}

/// Does something with an endpoint of the caller's.
fn with<F>(ctx: Ctx, verb: F) -> Outcome
where
    F: Fn(&Tx<'_>, &Caller, &Webhook, &Sent) -> Outcome + Send + 'static,
{
    let (sent, id) = (Sent::of(&ctx)?, ctx.id("id", "webhook"));
    ctx.write(move |tx, who| {
        let webhook = webhooks::find(tx, who.user()?, *ready(&id)?)?;
        verb(tx, who, &webhook, &sent)
    })
}

/// A change that builds upon another version than stands.
fn admit(webhook: &Webhook, sent: &Sent) -> Result<(), Problem> {
    if sent.version() == webhook.version {
        return Ok(());
    }
    Err(Error::conflict("version-conflict", "It was changed meanwhile.").into())
}

/// Pauses an endpoint or lets it go on. 303; 404; 409.
pub fn set_active(ctx: Ctx) -> Outcome {
    with(ctx, |tx, _, webhook, sent| {
        let asked = Setting { is_active: sent.text("active") == "1", ..webhook.setting.clone() };
        if asked != webhook.setting {
            admit(webhook, sent)?;
            webhooks::update(tx, webhook, webhook.version, &asked)?;
        }
        Ok(onward(webhook.id, "saved"))
    })
}

/// Gives an endpoint a new secret. 200 with it, once; 404.
pub fn rotate(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    with(ctx, move |tx, who, webhook, _| {
        let secret = Secret::new();
        let rotated = webhooks::rotate(tx, webhook, &secret)?;
        Ok(shown(&Frame::of(&asks, tx, who)?, &rotated, &secret))
    })
}

/// Sends an endpoint a ping. 303; 404.
pub fn test(ctx: Ctx) -> Outcome {
    with(ctx, |tx, _, webhook, _| {
        webhooks::test(tx, webhook.id)?;
        Ok(onward(webhook.id, "sent"))
    })
}

/// Deletes an endpoint. 303; 404; 409.
pub fn delete(ctx: Ctx) -> Outcome {
    with(ctx, |tx, _, webhook, sent| {
        admit(webhook, sent)?;
        webhooks::delete(tx, webhook, webhook.version)?;
        Ok(Response::new(303).with("Location", "/webhooks?note=deleted"))
    })
}

/// Sends a message again. 303; 404; 409 `not-failed`.
pub fn retry(ctx: Ctx) -> Outcome {
    let event = ctx.id("delivery", "delivery");
    with(ctx, move |tx, _, webhook, _| {
        webhooks::redeliver(tx, webhook.id, *ready(&event)?)?;
        Ok(onward(webhook.id, "sent"))
    })
}
