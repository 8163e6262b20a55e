//! Progress: points, streak and topics.

use crate::clock::Zone;
use crate::domain::progress::{self, SCORE_MAX, Streak, TOPIC_MAX, TOPICS_MAX};
use crate::error::Error;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, line, optional, required};
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use serde_json::{Map, Value, json};

/// Most that one call adds to a score, or takes from it.
const DELTA_MAX: i64 = 1_000_000;

const DAYS: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };
const DAY: Kind = Kind::Line { min: 10, max: 10, format: Some("date"), rule: None };
const SCORE: Kind = Kind::Integer { min: -SCORE_MAX, max: SCORE_MAX };
const TIME_ZONE: Kind =
    Kind::Line { min: 1, max: 64, format: Some("time-zone"), rule: Some(time_zone_rule) };

fn time_zone_rule(zone: &str) -> Result<(), (&'static str, &'static str)> {
    let fault = ("time-zone", "must be the name of a zone, like Europe/Berlin");
    Zone::named(zone).map(drop).ok_or(fault)
}

const STREAK: Shape = Shape {
    name: "Streak",
    fields: &[
        required("current", "Days in a row; 0 once a day was left out.", DAYS),
        required("longest", "", DAYS),
        required(
            "last_day",
            "The last day that counts, where the person was.",
            Kind::Nullable(&DAY),
        ),
    ],
};

const TOPIC: Shape = Shape {
    name: "Topic",
    fields: &[
        required("topic", "", line(1, TOPIC_MAX)),
        required("score", "The sum of all deltas.", SCORE),
    ],
};

const PROGRESS: Shape = Shape {
    name: "Progress",
    fields: &[
        required("xp", "Points.", DAYS),
        required("level", "Level n begins at 50 · n · (n − 1) points.", DAYS),
        required("streak", "", Kind::Object(&STREAK)),
        required(
            "topics",
            "In the order of their names.",
            Kind::List { of: &Kind::Object(&TOPIC), max: TOPICS_MAX },
        ),
    ],
};

const CHECK_IN: Shape = Shape {
    name: "CheckIn",
    fields: &[optional(
        "time_zone",
        "Where it is today; where the person was last if absent, UTC at first.",
        TIME_ZONE,
    )],
};

const CHECKED_IN: Shape = Shape {
    name: "CheckedIn",
    fields: &[
        required("streak", "", Kind::Object(&STREAK)),
        required("counted", "Whether this was the first of the day.", Kind::Flag),
    ],
};

const ADDITION: Shape = Shape {
    name: "Addition",
    fields: &[required(
        "delta",
        "What is added to the score; 0 only makes the topic.",
        Kind::Integer { min: -DELTA_MAX, max: DELTA_MAX },
    )],
};

/// `GET /api/progress`
pub const FIND_ABOUT: About = About::new(
    "How far one is; zeros before anything was done",
    &[Reply { status: 200, about: "So far", content: Content::Json(&PROGRESS) }],
);
/// `POST /api/progress/checkin`
pub const CHECK_IN_ABOUT: About = About::new(
    "Notes that one is there today; counts once a day",
    &[Reply { status: 200, about: "Noted", content: Content::Json(&CHECKED_IN) }],
)
.body(&CHECK_IN);
/// `POST /api/progress/topics/{topic}`
pub const ADD_ABOUT: About = About::new(
    "Adds to the score in a topic, which begins at 0",
    &[Reply { status: 200, about: "Added", content: Content::Json(&TOPIC) }],
)
.body(&ADDITION)
.problems(&[409]);

fn streak_json(streak: &Streak) -> Value {
    json!({
        "current": streak.current,
        "longest": streak.longest,
        "last_day": streak.last_day.map(|day| day.to_string()),
    })
}

/// The own progress. 200; nothing is made by looking.
pub fn find(ctx: Ctx) -> Outcome {
    ctx.read(|read, who| {
        let progress = progress::find(read, who.user()?)?;
        let topics = progress.topics.iter();
        let topics = topics.map(|topic| json!({"topic": topic.topic, "score": topic.score}));
        let body = json!({
            "xp": progress.xp,
            "level": progress::level(progress.xp),
            "streak": streak_json(&progress.streak),
            "topics": topics.collect::<Value>(),
        });
        Ok(Response::json(200, &body))
    })
}

/// Checks in. 200, also when today has counted already; 422 for a zone that there is not.
pub fn check_in(ctx: Ctx) -> Outcome {
    let zone = ctx.object().map(|body| time_zone(&body));
    ctx.write(move |tx, who| {
        let zone = ready(&zone)?.as_ref();
        let (streak, counted) = progress::check_in(tx, who.user()?, zone)?;
        Ok(Response::json(200, &json!({"streak": streak_json(&streak), "counted": counted})))
    })
}

fn time_zone(body: &Map<String, Value>) -> Option<Zone> {
    body.get("time_zone").and_then(Value::as_str).and_then(|name| Zone::named(name.trim()))
}

/// Adds to a topic's score. 200; 409 `quota-exceeded`, `score-out-of-range`; 422.
pub fn add(ctx: Ctx) -> Outcome {
    let asked = addition(&ctx);
    ctx.write(move |tx, who| {
        let (topic, delta) = ready(&asked)?;
        let score = progress::add(tx, who.user()?, topic, *delta)?;
        Ok(Response::json(200, &json!({"topic": topic, "score": score})))
    })
}

/// The topic in the path and the delta in the body.
fn addition(ctx: &Ctx) -> Result<(String, i64), Problem> {
    let topic = ctx.param("topic").to_owned();
    let body = ctx.object()?;
    progress::topic_rule(&topic).map_err(|(code, detail)| Error::invalid("topic", code, detail))?;
    Ok((topic, body.get("delta").and_then(Value::as_i64).unwrap_or(0)))
}
