//! Events of shares that are reported: by whoever sends the mails, or shows the card elsewhere.

use super::shares::TRACKING;
use super::users::TIME;
use crate::domain::events::{self, Event, Reporter};
use crate::domain::users::Role;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, required};
use crate::http::{Ctx, Outcome, Response, ready};
use crate::store::tx::Named;
use serde_json::{Value, json};

const REPORT: Shape = Shape {
    name: "EventReport",
    fields: &[
        required("tracking_id", "The share.", TRACKING),
        required("type", "What happened.", Kind::Choice(Event::WORDS)),
    ],
};

const RECORDED: Shape = Shape {
    name: "RecordedEvent",
    fields: &[
        required("first", "Whether this is the first of its kind.", Kind::Flag),
        required("first_at", "When the first was.", TIME),
        required("total", "How many there have been.", Kind::Integer { min: 1, max: INTEGER_MAX }),
    ],
};

/// `POST /api/events`
pub const RECORD_ABOUT: About = About::new(
    "Counts an event of a share; exactly one caller is told that it was the first",
    &[Reply { status: 200, about: "Counted", content: Content::Json(&RECORDED) }],
)
.body(&REPORT)
.problems(&[404]);

/// Counts an event of an own share, or of any share if an admin says so. 200; 404; 422.
pub fn record(ctx: Ctx) -> Outcome {
    let body = ctx.object();
    ctx.write(move |tx, who| {
        let body = ready(&body)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let member = who.member()?;
        let reporter = match member.role {
            Role::Admin => Reporter::Admin,
            Role::Member => Reporter::Owner(member.user),
        };
        // The body's shape knows no other word.
        let event = Event::from_name(text("type")).unwrap_or(Event::Open);
        let told = events::record(tx, reporter, text("tracking_id").trim(), event)?;
        let body = json!({
            "first": told.is_first,
            "first_at": told.first.to_string(),
            "total": told.total,
        });
        Ok(Response::json(200, &body))
    })
}
