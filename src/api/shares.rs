//! Shares: cards given to somebody, told apart by a tracking id.

use super::users::{ID, TIME};
use crate::domain::events::{self, Event, Happened};
use crate::domain::mails::{self, Mail};
use crate::domain::shares::{self, Share, TRACKING_ID, TrackingId};
use crate::error::Error;
use crate::http::bodies::shares::{CARD, CHANNEL, NEW_SHARE, new_share, wants_mail};
use crate::http::page::{self, Page};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Field, INTEGER_MAX, Kind, Shape, required};
use crate::http::sign_up::EMAIL;
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::store::Read;
use crate::store::tx::Named;
use serde_json::{Map, Value, json};
use std::sync::Arc;

const TOTAL: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };

/// A tracking id in a body.
pub(super) const TRACKING: Kind = Kind::Line {
    min: TRACKING_ID.0,
    max: TRACKING_ID.1,
    format: Some("tracking-id"),
    rule: Some(tracking_rule),
};

const KNOWN_SHARE: Shape = Shape {
    name: "KnownShare",
    fields: &[
        required("card_id", "An own card.", CARD),
        required("channel", "How it is given.", CHANNEL),
    ],
};

const HAPPENED: Shape = Shape {
    name: "Happened",
    fields: &[
        required("first_at", "", Kind::Nullable(&TIME)),
        required("first_human_at", "Without programs.", Kind::Nullable(&TIME)),
        required("total", "Without prefetches.", TOTAL),
        required("human_total", "Without programs.", TOTAL),
    ],
};

const MAIL: Shape = Shape {
    name: "Mail",
    fields: &[
        required("job_id", "What sends it.", ID),
        required("state", "", Kind::Choice(mails::State::WORDS)),
        required("price", "What it costs, in credits; given back if it is not sent.", TOTAL),
        required("error", "Why the last attempt failed.", Kind::Nullable(&Kind::Text)),
        required("finished_at", "", Kind::Nullable(&TIME)),
    ],
};

/// Of a share that is mailed.
const MAIL_FIELD: Field =
    required("mail", "Null unless it is mailed.", Kind::Nullable(&Kind::Object(&MAIL)));

const SHARE: Shape = Shape {
    name: "Share",
    fields: &[
        required("tracking_id", "", TRACKING),
        required("card_id", "", ID),
        required("channel", "", CHANNEL),
        required("recipient", "", Kind::Nullable(&EMAIL)),
        required("url", "Leads to the card.", Kind::Text),
        required("pixel_url", "The picture that tells of an opened mail.", Kind::Text),
        required("created_at", "", TIME),
        MAIL_FIELD,
    ],
};

const TRACKED_SHARE: Shape = Shape {
    name: "TrackedShare",
    fields: &[
        required("tracking_id", "", TRACKING),
        required("card_id", "", ID),
        required("channel", "", CHANNEL),
        required("recipient", "", Kind::Nullable(&EMAIL)),
        required("url", "Leads to the card.", Kind::Text),
        required("pixel_url", "The picture that tells of an opened mail.", Kind::Text),
        required("created_at", "", TIME),
        MAIL_FIELD,
        required("opened", "", Kind::Object(&HAPPENED)),
        required("clicked", "", Kind::Object(&HAPPENED)),
        required("viewed", "", Kind::Object(&HAPPENED)),
        required("bounced", "", Kind::Object(&HAPPENED)),
    ],
};

/// `GET /api/shares`
pub const LIST_ABOUT: About = About::new(
    "The own shares with what came of them, oldest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&TRACKED_SHARE) }],
)
.query(page::QUERY);
/// `POST /api/shares`
pub const CREATE_ABOUT: About = About::new(
    "Makes a share of an own card, and mails it with `send`",
    &[Reply { status: 201, about: "Made", content: Content::Json(&SHARE) }],
)
.body(&NEW_SHARE)
.problems(&[404, 409]);
/// `PUT /api/shares/{tracking_id}`
pub const PUT_ABOUT: About = About::new(
    "The share of a tracking id of the caller's making: made by the first call, the same afterwards",
    &[
        Reply { status: 201, about: "Made", content: Content::Json(&SHARE) },
        Reply { status: 200, about: "It was there", content: Content::Json(&SHARE) },
    ],
)
.body(&KNOWN_SHARE)
.problems(&[404, 409]);
/// `GET /api/shares/{tracking_id}`
pub const FIND_ABOUT: About = About::new(
    "A share with what came of it",
    &[Reply { status: 200, about: "The share", content: Content::Json(&TRACKED_SHARE) }],
);

fn tracking_rule(text: &str) -> Result<(), (&'static str, &'static str)> {
    let sound = TrackingId::parse(text).map(drop);
    sound.ok_or(("tracking-id", "must be 16 to 64 letters, digits, - and _"))
}

fn mail_json(mail: Option<&Mail>) -> Value {
    let Some(mail) = mail else { return Value::Null };
    json!({
        "job_id": mail.job,
        "state": mail.state.name(),
        "price": mail.price,
        "error": mail.error,
        "finished_at": mail.finished.map(|at| at.to_string()),
    })
}

fn share_json(state: &State, share: &Share, mail: Option<&Mail>) -> Map<String, Value> {
    let url = state.share_url(&share.tracking_id);
    let members = [
        ("tracking_id", json!(share.tracking_id)),
        ("card_id", json!(share.card)),
        ("channel", json!(share.channel.name())),
        ("recipient", json!(share.recipient)),
        ("pixel_url", json!(format!("{url}.gif"))),
        ("url", json!(url)),
        ("created_at", json!(share.created.to_string())),
        ("mail", mail_json(mail)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A share with what came of it, read in the same snapshot.
fn tracked_json(state: &State, read: &Read<'_>, share: &Share) -> Result<Value, Error> {
    let all = events::of_share(read, share.id)?;
    let mut members = share_json(state, share, mails::of_share(read, share.id)?.as_ref());
    for (name, event) in [
        ("opened", Event::Open),
        ("clicked", Event::Click),
        ("viewed", Event::View),
        ("bounced", Event::Bounce),
    ] {
        let happened = all.iter().find(|(known, _)| *known == event);
        let Happened { first, first_human, total, human_total } =
            happened.map(|(_, happened)| *happened).unwrap_or_default();
        let told = json!({
            "first_at": first.map(|time| time.to_string()),
            "first_human_at": first_human.map(|time| time.to_string()),
            "total": total,
            "human_total": human_total,
        });
        members.insert(name.to_owned(), told);
    }
    Ok(Value::Object(members))
}

/// The own shares. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    let state = Arc::clone(ctx.state());
    ctx.read(|read, who| {
        let page = page?;
        let shares = shares::list(read, who.user()?, page.after, page.fetch())?;
        let whole = shares
            .into_iter()
            .map(|share| tracked_json(&state, read, &share).map(|json| (share.id, json)));
        let whole = whole.collect::<Result<Vec<_>, Error>>()?;
        Ok(page.reply(whole, |(id, _)| *id, |(_, json)| json.clone()))
    })
}

/// Makes a share, and with `send` a mail of it: the share, the job and the charge together or nothing. 201; 404; 409
/// `insufficient-credits`, `card-hidden`; 422.
pub fn create(ctx: Ctx) -> Outcome {
    let new = ctx.object().and_then(|body| {
        let new = new_share(&body)?;
        Ok((wants_mail(&body, &new)?, new))
    });
    let state = Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let (user, (is_mailed, new)) = (who.user()?, ready(&new)?);
        let share = shares::create(tx, user, new)?;
        let price = state.config.mail.share_price;
        let mail = is_mailed.then(|| mails::send(tx, user, &share, price)).transpose()?;
        let at = format!("/api/shares/{}", share.tracking_id);
        Ok(Response::json(201, &share_json(&state, &share, mail.as_ref())).with("Location", at))
    })
}

/// The share of this tracking id. 201 by the call that makes it, 200 afterwards; 404 for a card that is not the
/// caller's; 409 `tracking-id-taken`; 422.
pub fn put(ctx: Ctx) -> Outcome {
    let id = TrackingId::parse(ctx.param("tracking_id")).ok_or_else(|| {
        let detail = "must be 16 to 64 letters, digits, - and _";
        Problem::from(Error::invalid("tracking_id", "tracking-id", detail))
    });
    let new = ctx.object().and_then(|body| Ok(new_share(&body)?));
    let state = Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let (new, id) = (ready(&new)?, ready(&id)?);
        let (share, made) = shares::get_or_create(tx, who.user()?, id, new)?;
        let mail = mails::of_share(tx, share.id)?;
        let body = share_json(&state, &share, mail.as_ref());
        Ok(Response::json(if made { 201 } else { 200 }, &body))
    })
}

/// An own share. 200; 404.
pub fn find(ctx: Ctx) -> Outcome {
    let id = ctx.param("tracking_id").to_owned();
    let state = Arc::clone(ctx.state());
    ctx.read(|read, who| {
        let share = shares::find(read, who.user()?, &id)?;
        Ok(Response::json(200, &tracked_json(&state, read, &share)?))
    })
}
