//! Subscriptions: what a person may have, and how an admin decides it.

use super::Patching;
use super::users::{TIME, VERSION};
use crate::domain::subscriptions::{self, Subscription, SubscriptionChange};
use crate::domain::users::UserId;
use crate::http::bodies::subscriptions::{CONTENT, END, STATUS, TIER, change};
use crate::http::precondition::{Standing, etag};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, optional, required};
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::store::tx::Named;
use serde_json::{Value, json};

const COUNT: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };
const LIMITS: Shape = Shape {
    name: "SubscriptionLimits",
    fields: &[required("max_cards", "", COUNT), required("max_webhooks", "", COUNT)],
};

const SUBSCRIPTION: Shape = Shape {
    name: "Subscription",
    fields: &[
        required("tier", "", TIER),
        required("status", "", STATUS),
        required(
            "limits",
            "What holds now: the tier's while active, else those of free.",
            Kind::Object(&LIMITS),
        ),
        required("started_at", "", TIME),
        required(
            "expires_at",
            "When it ends by itself, give or take a minute; null for never.",
            Kind::Nullable(&TIME),
        ),
        required("version", "", VERSION),
    ],
};

/// What changes a subscription.
const CHANGE: Shape = Shape {
    name: "SubscriptionChange",
    fields: &[
        required("tier", "", TIER),
        required("status", "", STATUS),
        optional("expires_at", "Left as it is if absent; null takes it away.", END),
        optional("version", "The version it builds upon, if If-Match is absent.", Kind::Version),
        optional("limits", "Read-only.", Kind::Free),
        optional("started_at", "Read-only.", Kind::Text),
    ],
};

const PATCHING: Patching =
    Patching { patch: &CHANGE, content: &CONTENT, read_only: &["limits", "started_at"] };

const TOLD: &[Reply] = &[
    Reply { status: 200, about: "It stands so", content: Content::Json(&SUBSCRIPTION) },
    Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
];

/// `GET /api/subscription`
pub const OWN_ABOUT: About = About::new("The own subscription", TOLD);
/// `GET /api/admin/users/{id}/subscription`
pub const FIND_ABOUT: About = About::new("Somebody's subscription", TOLD).problems(&[404]);
/// `PUT /api/admin/users/{id}/subscription`
pub const UPDATE_ABOUT: About = About::new(
    "Changes somebody's subscription",
    &[Reply { status: 200, about: "It stands so now", content: Content::Json(&SUBSCRIPTION) }],
)
.body(&CHANGE)
.problems(&[404, 409])
.versioned();

fn subscription_json(subscription: &Subscription) -> Value {
    let limits = subscription.limits;
    json!({
        "tier": subscription.tier.name(),
        "status": subscription.status.name(),
        "limits": {"max_cards": limits.max_cards, "max_webhooks": limits.max_webhooks},
        "started_at": subscription.started.to_string(),
        "expires_at": subscription.expires.map(|end| end.to_string()),
        "version": subscription.version,
    })
}

fn tag(subscription: &Subscription) -> String {
    etag(subscription.user, subscription.version)
}

fn told(subscription: &Subscription) -> Response {
    Response::json(200, &subscription_json(subscription))
}

/// The own subscription. 200; 304.
pub fn own(ctx: Ctx) -> Outcome {
    let fresh = ctx.freshness();
    ctx.read(|read, who| {
        let subscription = subscriptions::find(read, who.user()?)?;
        fresh?.answer(tag(&subscription), || told(&subscription))
    })
}

/// Somebody's subscription, for an admin. 200; 304; 404.
pub fn find(ctx: Ctx) -> Outcome {
    let (id, fresh): (Result<UserId, Problem>, _) = (ctx.id("id", "person"), ctx.freshness());
    ctx.read(|read, _| {
        let subscription = subscriptions::find(read, id?)?;
        fresh?.answer(tag(&subscription), || told(&subscription))
    })
}

/// Changes somebody's subscription. 200; 404; 409 `illegal-transition`; 422; 409, 412, 428 for its version.
pub fn update(ctx: Ctx) -> Outcome {
    let (id, edit): (Result<UserId, Problem>, _) = (ctx.id("id", "person"), ctx.edit());
    ctx.write(move |tx, _| {
        let stands = subscriptions::find(tx, *ready(&id)?)?;
        let resource = || subscription_json(&stands);
        let tag_of_it = tag(&stands);
        let body = edit.admit(&Standing {
            version: stands.version,
            etag: &tag_of_it,
            resource: &resource,
        })?;
        let change = change(&PATCHING.merged(resource(), body)?, &stands);
        let same = SubscriptionChange {
            tier: stands.tier,
            status: stands.status,
            expires: stands.expires,
        };
        if change == same {
            return Ok(told(&stands).with("ETag", tag_of_it));
        }
        let now = subscriptions::update(tx, stands.user, stands.version, &change)?;
        Ok(told(&now).with("ETag", tag(&now)))
    })
}
