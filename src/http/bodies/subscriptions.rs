//! Subscriptions.

use crate::clock::Millis;
use crate::domain::subscriptions::{Status, Subscription, SubscriptionChange, Tier};
use crate::http::shape::{Kind, Shape, optional, required};
use crate::store::tx::Named;
use serde_json::{Map, Value};

/// How much somebody may have.
pub const TIER: Kind = Kind::Choice(Tier::WORDS);
/// Whether it counts.
pub const STATUS: Kind = Kind::Choice(Status::WORDS);
/// When it ends by itself.
pub const END: Kind =
    Kind::Line { min: 1, max: 40, format: Some("date-time"), rule: Some(time_rule) };

fn time_rule(time: &str) -> Result<(), (&'static str, &'static str)> {
    let fault = ("time", "must be a time since 1970 as RFC 3339 writes it: 2026-11-21T22:25:51Z");
    Millis::parse(time).filter(|time| time.0 >= 0).map(drop).ok_or(fault)
}

/// What an admin decides.
pub const CONTENT: Shape = Shape {
    name: "SubscriptionContent",
    fields: &[
        required("tier", "", TIER),
        required("status", "", STATUS),
        optional("expires_at", "", END),
    ],
};

/// What checked members come to.
pub fn change(whole: &Map<String, Value>, stands: &Subscription) -> SubscriptionChange {
    let text = |name: &str| whole.get(name).and_then(Value::as_str).map(str::trim);
    SubscriptionChange {
        tier: text("tier").and_then(Tier::from_name).unwrap_or(stands.tier),
        status: text("status").and_then(Status::from_name).unwrap_or(stands.status),
        expires: text("expires_at").and_then(Millis::parse),
    }
}
