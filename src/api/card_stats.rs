//! What became of a card, day by day.

use super::users::ID;
use crate::clock::Day;
use crate::domain::card_stats::{self, CardDay, ShareDay};
use crate::domain::shares::Channel;
use crate::domain::visitors;
use crate::error::Error;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Field, INTEGER_MAX, Kind, Shape, optional, required};
use crate::http::{Ctx, Outcome, Problem, Response};
use crate::store::tx::Named;
use serde_json::{Value, json};

/// Days that are told when nobody says.
const DAYS: u16 = 30;
/// Most days.
const DAYS_MAX: u16 = 365;

const COUNT: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };
const DATE: Kind = Kind::Line { min: 10, max: 10, format: Some("date"), rule: None };

const LINK_DAY: Shape = Shape {
    name: "LinkDay",
    fields: &[
        required("tracking_id", "The share whose link it is.", Kind::Text),
        required("channel", "", Kind::Choice(Channel::WORDS)),
        required("clicks", "By people.", COUNT),
        required("bot_clicks", "By programs.", COUNT),
    ],
};

const BOTS: Shape = Shape {
    name: "BotDay",
    fields: &[required("views", "", COUNT), required("clicks", "", COUNT)],
};

const CARD_DAY: Shape = Shape {
    name: "CardDay",
    fields: &[
        required("day", "In UTC.", DATE),
        required("views", "By people.", COUNT),
        required("unique_visitors", "Of this day: not to be added up over days.", COUNT),
        required("clicks", "On links of the card's shares, by people.", COUNT),
        required(
            "links",
            "The clicks by link: the 20 most followed.",
            Kind::List { of: &Kind::Object(&LINK_DAY), max: 20 },
        ),
        required("leads", "Left at the card.", COUNT),
        required("bots", "The same by programs.", Kind::Object(&BOTS)),
        required("prefetches", "Fetched by a browser before anybody asked.", COUNT),
    ],
};

const STATS: Shape = Shape {
    name: "CardStats",
    fields: &[
        required("card_id", "", ID),
        required(
            "days",
            "Every day asked for, today last.",
            Kind::List { of: &Kind::Object(&CARD_DAY), max: DAYS_MAX as usize },
        ),
    ],
};

const QUERY: &[Field] = &[optional(
    "days",
    "How many, today among them.",
    Kind::Integer { min: 1, max: DAYS_MAX as i64 },
)];

/// `GET /api/cards/{id}/stats`
pub const FIND_ABOUT: About = About::new(
    "Views, visitors and clicks of an own card, day by day",
    &[Reply { status: 200, about: "The days", content: Content::Json(&STATS) }],
)
.query(QUERY);

fn days(ctx: &Ctx) -> Result<u16, Problem> {
    let Some(text) = ctx.query("days") else { return Ok(DAYS) };
    let days = text.parse().ok().filter(|days| (1..=DAYS_MAX).contains(days));
    days.ok_or_else(|| Error::invalid("days", "range", "must be from 1 to 365").into())
}

fn day_json(day: Day, told: &CardDay) -> Value {
    let link = |share: &ShareDay| {
        json!({
            "tracking_id": share.tracking_id,
            "channel": share.channel.name(),
            "clicks": share.clicks,
            "bot_clicks": share.bot_clicks,
        })
    };
    json!({
        "day": day.to_string(),
        "views": told.views,
        "unique_visitors": told.visitors,
        "clicks": told.clicks,
        "links": told.shares.iter().map(link).collect::<Vec<_>>(),
        "leads": told.leads,
        "bots": {"views": told.bot_views, "clicks": told.bot_clicks},
        "prefetches": told.prefetches,
    })
}

/// The days of an own card. 200; 404; 422.
pub fn find(ctx: Ctx) -> Outcome {
    let (id, days) = (ctx.id("id", "card"), days(&ctx));
    ctx.read(|read, who| {
        let (id, days) = (id?, days?);
        let today = visitors::day_of(read.now());
        let first = Day(today.0 - i64::from(days) + 1);
        let told = card_stats::of_card(read, who.user()?, id, (first, today))?;
        let nothing = CardDay::default();
        let all = (first.0..=today.0).map(Day);
        let all = all.map(|day| day_json(day, told.get(&day).unwrap_or(&nothing)));
        let body = json!({"card_id": id, "days": all.collect::<Vec<_>>()});
        Ok(Response::json(200, &body))
    })
}
