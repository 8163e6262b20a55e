//! Trials: what a visitor without an account may try, so many times.

use super::users::ID;
use crate::domain::throttle;
use crate::domain::trials::{self, Trial, TrialId, VISITOR_MAX};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, line, required};
use crate::http::{Ctx, Outcome, Response, ready};
use serde_json::{Map, Value, json};

const VISITOR: Shape = Shape {
    name: "Visitor",
    fields: &[required("visitor_id", "What the client calls its visitor.", line(1, VISITOR_MAX))],
};

const COUNT: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };

const TRIAL: Shape = Shape {
    name: "Trial",
    fields: &[
        required("id", "", ID),
        required("used", "", COUNT),
        required("limit", "", COUNT),
        required("remaining", "", COUNT),
    ],
};

const SPENT: Shape = Shape {
    name: "SpentTrial",
    fields: &[required("used", "", COUNT), required("remaining", "", COUNT)],
};

/// `POST /api/trials`
pub const OPEN_ABOUT: About = About::new(
    "The trial of this visitor at this address: made by the first call, the same afterwards",
    &[
        Reply { status: 201, about: "Made", content: Content::Json(&TRIAL) },
        Reply { status: 200, about: "It was there", content: Content::Json(&TRIAL) },
    ],
)
.body(&VISITOR)
.problems(&[429]);
/// `POST /api/trials/{id}/use`
pub const SPEND_ABOUT: About = About::new(
    "Uses a trial once; never above its limit",
    &[Reply { status: 200, about: "Used", content: Content::Json(&SPENT) }],
)
.body(&VISITOR)
.problems(&[404, 409]);

fn visitor(body: &Map<String, Value>) -> &str {
    body.get("visitor_id").and_then(Value::as_str).unwrap_or_default().trim()
}

/// The trial of a visitor. 201 by the call that makes it, 200 afterwards; 422; 429.
pub fn open(ctx: Ctx) -> Outcome {
    let body = ctx.object();
    let state = ctx.state();
    let ip_hash = state.pepper.hash(&[b"trial", &ctx.client().subscriber()]);
    let limit = state.config.limits.trial_uses_max;
    let counted = ctx.anonymous_writes(b"trials");
    ctx.write(move |tx, _| {
        let visitor = visitor(ready(&body)?);
        if let Some((subject, allowance)) = &counted {
            throttle::reserve(tx, subject, *allowance)?;
        }
        let (trial, made) = trials::open(tx, &ip_hash, visitor, limit)?;
        if let Some((subject, _)) = counted.as_ref().filter(|_| !made) {
            throttle::refund(tx, subject)?;
        }
        Ok(Response::json(if made { 201 } else { 200 }, &trial_json(&trial)))
    })
}

fn trial_json(trial: &Trial) -> Value {
    json!({
        "id": trial.id,
        "used": trial.used,
        "limit": trial.limit,
        "remaining": trial.limit - trial.used,
    })
}

/// Uses a trial once. 200; 404; 409 `trial-exhausted`, `trial-converted`; 422.
pub fn spend(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "trial");
    let body = ctx.object();
    ctx.write(move |tx, _| {
        let id: TrialId = *ready(&id)?;
        let trial = trials::spend(tx, id, visitor(ready(&body)?))?;
        let left = trial.limit - trial.used;
        Ok(Response::json(200, &json!({"used": trial.used, "remaining": left})))
    })
}
