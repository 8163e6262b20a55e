//! Webhooks: endpoints, their secrets, and what was delivered to them.

use super::Patching;
use super::users::{ID, TIME, VERSION};
use crate::domain::webhooks::{
    self, Delivery, End, Event, EventId, Overview, Secret, State, Webhook, WebhookId,
};
use crate::http::bodies::users::{PERSON, person_json};
use crate::http::bodies::webhooks::{CONTENT, DESCRIPTION, EVENTS, NEW_WEBHOOK, URL, setting};
use crate::http::page::{self, Page};
use crate::http::precondition::{Edit, Standing, etag};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Field, INTEGER_MAX, Kind, Shape, optional, required};
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::store::Read;
use crate::store::tx::Named;
use serde_json::{Map, Value, json};
use std::sync::Arc;

const SECRET_FIELD: Field =
    optional("secret", "`whsec_…`, shown once; null in a replay.", Kind::Nullable(&Kind::Text));
const WITHHELD_FIELD: Field = optional("secret_withheld", "True in a replay.", Kind::Flag);

const WEBHOOK: Shape = Shape {
    name: "Webhook",
    fields: &[
        required("id", "", ID),
        required("url", "", URL),
        required("description", "", DESCRIPTION),
        required("events", "", EVENTS),
        required("is_active", "", Kind::Flag),
        required("ended_for", "Why we ended it.", Kind::Nullable(&Kind::Choice(End::WORDS))),
        required("version", "", VERSION),
        required("created_at", "", TIME),
        required("updated_at", "", TIME),
        SECRET_FIELD,
        WITHHELD_FIELD,
    ],
};

const CHANGE: Shape = Shape {
    name: "WebhookChange",
    fields: &[
        optional("url", "", URL),
        optional("events", "", EVENTS),
        optional("description", "", DESCRIPTION),
        optional("is_active", "Active again, it begins anew.", Kind::Flag),
        optional("version", "The version it builds upon, if If-Match is absent.", Kind::Version),
        optional("id", "Read-only.", Kind::Text),
        optional("ended_for", "Read-only.", Kind::Text),
        optional("created_at", "Read-only.", Kind::Text),
        optional("updated_at", "Read-only.", Kind::Text),
    ],
};

const PATCHING: Patching = Patching {
    patch: &CHANGE,
    content: &CONTENT,
    read_only: &["id", "ended_for", "created_at", "updated_at"],
};

const COUNT: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };

const DELIVERY: Shape = Shape {
    name: "Delivery",
    fields: &[
        required("id", "The message is `msg_` and this.", ID),
        required("type", "", Kind::Choice(Event::WORDS)),
        required("state", "", Kind::Choice(State::WORDS)),
        required("attempts", "", COUNT),
        required("status", "What the last attempt was answered.", Kind::Nullable(&COUNT)),
        required("error", "Why the last attempt failed.", Kind::Nullable(&Kind::Text)),
        required("latency_ms", "Of the last attempt.", Kind::Nullable(&COUNT)),
        required("created_at", "", TIME),
        required("finished_at", "", Kind::Nullable(&TIME)),
    ],
};

const OVERVIEW: Shape = Shape {
    name: "WebhookOverview",
    fields: &[
        required("webhook", "", Kind::Object(&WEBHOOK)),
        required("owner", "", Kind::Object(&PERSON)),
        required("failing_since", "Every attempt has failed since.", Kind::Nullable(&TIME)),
        required("pending", "Messages on their way.", COUNT),
        required("failed", "Messages that were given up.", COUNT),
    ],
};

const DELETED: Shape = Shape { name: "DeletedWebhook", fields: &[required("deleted", "", ID)] };

const TOLD: &[Reply] =
    &[Reply { status: 200, about: "As it stands now", content: Content::Json(&WEBHOOK) }];
const SENT: &[Reply] =
    &[Reply { status: 202, about: "On its way", content: Content::Json(&DELIVERY) }];

/// `GET /api/webhooks`
pub const LIST_ABOUT: About = About::new(
    "The own endpoints, oldest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&WEBHOOK) }],
)
.query(page::QUERY);
/// `POST /api/webhooks`
pub const CREATE_ABOUT: About = About::new(
    "Makes an endpoint, told of events as Standard Webhooks 1.0 says",
    &[Reply {
        status: 201,
        about: "Made; the secret is shown once",
        content: Content::Json(&WEBHOOK),
    }],
)
.body(&NEW_WEBHOOK)
.problems(&[409]);
/// `GET /api/webhooks/{id}`
pub const FIND_ABOUT: About = About::new(
    "An endpoint",
    &[
        Reply { status: 200, about: "The endpoint", content: Content::Json(&WEBHOOK) },
        Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
    ],
);
/// `PATCH /api/webhooks/{id}`
pub const UPDATE_ABOUT: About =
    About::new("Changes an endpoint by JSON Merge Patch", TOLD).body(&CHANGE).versioned();
/// `DELETE /api/webhooks/{id}`
pub const DELETE_ABOUT: About = About::new(
    "Deletes an endpoint and what is on its way there",
    &[Reply { status: 200, about: "Deleted", content: Content::Json(&DELETED) }],
)
.query(super::cards::VERSION_QUERY)
.versioned();
/// `POST /api/webhooks/{id}/rotate`
pub const ROTATE_ABOUT: About =
    About::new("Gives an endpoint a new secret; the old one signs, too, for a day", TOLD);
/// `POST /api/webhooks/{id}/test`
pub const TEST_ABOUT: About = About::new("Sends an endpoint a `ping`", SENT);
/// `GET /api/webhooks/{id}/deliveries`
pub const DELIVERIES_ABOUT: About = About::new(
    "What was sent to an endpoint, newest first; kept for 30 days",
    &[Reply { status: 200, about: "A page", content: Content::Page(&DELIVERY) }],
)
.query(page::QUERY);
/// `POST /api/webhooks/{id}/deliveries/{delivery}/retry`
pub const RETRY_ABOUT: About =
    About::new("Sends a message again that was given up", SENT).problems(&[409]);

/// `GET /api/admin/webhooks`
pub const LIST_EVERYBODYS_ABOUT: About = About::new(
    "Everybody's endpoints, oldest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&OVERVIEW) }],
)
.query(&[FAILING_QUERY, page::LIMIT_QUERY, page::CURSOR_QUERY]);
/// `GET /api/admin/webhooks/{id}/deliveries`
pub const ANYBODYS_DELIVERIES_ABOUT: About = About::new(
    "What was sent to anybody's endpoint, newest first; kept for 30 days",
    &[Reply { status: 200, about: "A page", content: Content::Page(&DELIVERY) }],
)
.query(page::QUERY);
const FAILING_QUERY: Field = optional(
    "failing",
    "True: only those at which every attempt fails, or that we have ended.",
    Kind::Flag,
);

fn webhook_json(webhook: &Webhook) -> Value {
    let setting = &webhook.setting;
    json!({
        "id": webhook.id,
        "url": setting.url,
        "description": setting.description,
        "events": setting.events.iter().map(|event| event.name()).collect::<Vec<_>>(),
        "is_active": setting.is_active,
        "ended_for": webhook.ended_for.map(Named::name),
        "version": webhook.version,
        "created_at": webhook.created.to_string(),
        "updated_at": webhook.updated.to_string(),
    })
}

/// An endpoint with the secret that is shown this once.
fn with_secret(status: u16, webhook: &Webhook, secret: &Secret) -> Response {
    let mut body = webhook_json(webhook);
    if let Value::Object(members) = &mut body {
        members.insert("secret".into(), json!(secret.reveal()));
    }
    Response::json_with_secret(status, body, "secret").with("ETag", tag(webhook))
}

fn delivery_json(delivery: &Delivery) -> Value {
    json!({
        "id": delivery.event,
        "type": delivery.kind.name(),
        "state": delivery.state.name(),
        "attempts": delivery.attempts,
        "status": delivery.status,
        "error": delivery.error,
        "latency_ms": delivery.latency.map(|latency| latency.as_millis()),
        "created_at": delivery.created.to_string(),
        "finished_at": delivery.finished.map(|at| at.to_string()),
    })
}

fn tag(webhook: &Webhook) -> String {
    etag(webhook.id, webhook.version)
}

/// The own endpoints. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    ctx.read(|read, who| {
        let page = page?;
        let found = webhooks::list(read, who.user()?, page.after, page.fetch())?;
        Ok(page.reply(found, |webhook| webhook.id, webhook_json))
    })
}

/// Makes an endpoint. 201 with its secret; 409 `quota-exceeded`; 422.
pub fn create(ctx: Ctx) -> Outcome {
    let new = ctx.object().and_then(|body| Ok(setting(&body, &ctx.state().guard)?));
    ctx.write(move |tx, who| {
        let secret = Secret::new();
        let made = webhooks::create(tx, who.user()?, ready(&new)?, &secret)?;
        let location = format!("/api/webhooks/{}", made.id);
        Ok(with_secret(201, &made, &secret).with("Location", location))
    })
}

/// An endpoint. 200; 304; 404.
pub fn find(ctx: Ctx) -> Outcome {
    let (id, fresh) = (ctx.id("id", "webhook"), ctx.freshness());
    ctx.read(|read, who| {
        let found = webhooks::find(read, who.user()?, id?)?;
        fresh?.answer(tag(&found), || Response::json(200, &webhook_json(&found)))
    })
}

fn admit<'e>(edit: &'e Edit, webhook: &Webhook) -> Result<&'e Map<String, Value>, Problem> {
    let (tag, resource) = (tag(webhook), || webhook_json(webhook));
    edit.admit(&Standing { version: webhook.version, etag: &tag, resource: &resource })
}

/// Changes an endpoint by merge patch. 200; 404; 422; 409, 412, 428 for its version.
pub fn update(ctx: Ctx) -> Outcome {
    let (id, edit) = (ctx.id("id", "webhook"), ctx.edit());
    let state = Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let webhook = webhooks::find(tx, who.user()?, *ready(&id)?)?;
        let body = admit(&edit, &webhook)?;
        let whole = PATCHING.merged(webhook_json(&webhook), body)?;
        let setting = setting(&whole, &state.guard)?;
        let told = if setting == webhook.setting {
            webhook
        } else {
            webhooks::update(tx, &webhook, webhook.version, &setting)?
        };
        Ok(Response::json(200, &webhook_json(&told)).with("ETag", tag(&told)))
    })
}

/// Deletes an endpoint. 200; 404; 409, 412, 428 for its version.
pub fn delete(ctx: Ctx) -> Outcome {
    let (id, edit) = (ctx.id("id", "webhook"), ctx.edit());
    ctx.write(move |tx, who| {
        let webhook = webhooks::find(tx, who.user()?, *ready(&id)?)?;
        admit(&edit, &webhook)?;
        webhooks::delete(tx, &webhook, webhook.version)?;
        Ok(Response::json(200, &json!({"deleted": webhook.id})))
    })
}

/// Gives an endpoint a new secret. 200 with it; 404.
pub fn rotate(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "webhook");
    ctx.write(move |tx, who| {
        let webhook = webhooks::find(tx, who.user()?, *ready(&id)?)?;
        let secret = Secret::new();
        Ok(with_secret(200, &webhooks::rotate(tx, &webhook, &secret)?, &secret))
    })
}

/// Sends an endpoint a `ping`, also one that is not active. 202; 404.
pub fn test(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "webhook");
    ctx.write(move |tx, who| {
        let webhook = webhooks::find(tx, who.user()?, *ready(&id)?)?;
        Ok(Response::json(202, &delivery_json(&webhooks::test(tx, webhook.id)?)))
    })
}

/// What was sent to an endpoint. 200; 404.
pub fn deliveries(ctx: Ctx) -> Outcome {
    let (id, page) = (ctx.id("id", "webhook"), Page::of(&ctx));
    ctx.read(|read, who| {
        let webhook = webhooks::find(read, who.user()?, id?)?;
        logged(read, webhook.id, &page?)
    })
}

/// Everybody's endpoints. 200.
pub fn list_everybodys(ctx: Ctx) -> Outcome {
    let (page, failing) = (Page::of(&ctx), ctx.query("failing"));
    ctx.read(|read, _| {
        let page = page?;
        let only_failing = failing.as_deref() == Some("true");
        let found = webhooks::list_everybodys(read, only_failing, page.after, page.fetch())?;
        Ok(page.reply(found, |overview| overview.webhook.id, overview_json))
    })
}

fn overview_json(overview: &Overview) -> Value {
    json!({
        "webhook": webhook_json(&overview.webhook),
        "owner": person_json(&overview.owner),
        "failing_since": overview.failing_since.map(|since| since.to_string()),
        "pending": overview.pending,
        "failed": overview.failed,
    })
}

/// What was sent to anybody's endpoint. 200; 404.
pub fn anybodys_deliveries(ctx: Ctx) -> Outcome {
    let (id, page) = (ctx.id("id", "webhook"), Page::of(&ctx));
    ctx.read(|read, _| {
        let found = webhooks::find_anybodys(read, id?)?;
        logged(read, found.webhook.id, &page?)
    })
}

fn logged(read: &Read<'_>, id: WebhookId, page: &Page<EventId>) -> Outcome {
    let found = webhooks::list_deliveries(read, id, page.after, page.fetch())?;
    Ok(page.reply(found, |delivery| delivery.event, delivery_json))
}

/// Sends a message again. 202; 404; 409 `not-failed`.
pub fn retry(ctx: Ctx) -> Outcome {
    let (id, event) = (ctx.id("id", "webhook"), ctx.id("delivery", "delivery"));
    ctx.write(move |tx, who| {
        let webhook = webhooks::find(tx, who.user()?, *ready(&id)?)?;
        let again = webhooks::redeliver(tx, webhook.id, *ready(&event)?)?;
        Ok(Response::json(202, &delivery_json(&again)))
    })
}
