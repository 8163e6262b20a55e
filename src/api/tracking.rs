//! What counts by itself: the picture in a mail and the link of a share; and what is said of privacy.

use crate::domain::events::{Event, Subject};
use crate::domain::mails;
use crate::domain::shares::{self, Destination, TrackingId};
use crate::http::response::Body;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, required};
use crate::http::visitor::Sight;
use crate::http::{Ctx, Outcome, Response};
use serde_json::json;
use std::sync::Arc;

/// One transparent pixel.
const PIXEL: &[u8; 43] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\
    \x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// `GET /t/{tracking_id}.gif`
pub const PIXEL_ABOUT: About = About::new(
    "The picture that tells of an opened mail; the same for every id, known or not",
    &[Reply { status: 200, about: "One transparent pixel", content: Content::Media("image/gif") }],
);
/// `GET /t/{tracking_id}`
pub const FOLLOW_ABOUT: About = About::new(
    "Leads to a share's card",
    &[Reply { status: 302, about: "There it is", content: Content::Nothing }],
)
.problems(&[404, 410]);

const GPC: Shape = Shape {
    name: "GlobalPrivacyControl",
    fields: &[required("gpc", "", Kind::Flag), required("lastUpdate", "A date.", Kind::Text)],
};
/// `GET /.well-known/gpc.json`
pub const GPC_ABOUT: About = About::new(
    "That Global Privacy Control is honoured",
    &[Reply { status: 200, about: "It is", content: Content::Json(&GPC) }],
);

/// The pixel, counted as an opened mail. Always 200, also while the database cannot be read: a mail must not
/// show a broken picture.
pub fn pixel(ctx: Ctx) -> Outcome {
    let visitor = ctx.visitor(Sight::Picture);
    let id = TrackingId::parse(ctx.param("tracking_id"));
    let state = Arc::clone(ctx.state());
    let counted = ctx.read(|read, _| {
        if let (Some(visitor), Some(id)) = (visitor, id)
            && let Some(share) = shares::by_tracking_id(read, id.as_str())?
        {
            state.note_hit(Subject::Share(share), Event::Open, visitor, read.now());
        }
        Ok(picture())
    });
    Ok(counted.unwrap_or_else(|problem| {
        tracing::warn!(code = problem.code, "an opened mail was not counted");
        picture()
    }))
}

fn picture() -> Response {
    let mut reply = Response::new(200)
        .with("Content-Type", "image/gif")
        .with("Cache-Control", "no-store, no-cache, must-revalidate, private, max-age=0")
        .with("Pragma", "no-cache")
        .with("Expires", "Thu, 01 Jan 1970 00:00:00 GMT")
        .with("Cross-Origin-Resource-Policy", "cross-origin");
    reply.body = Body::Static(PIXEL);
    reply
}

/// A share's link, counted as followed. 302, which nobody may keep; 404 also while the card is private, 410 while it
/// is paused. It leads to the card of the share and nowhere else, whatever the request says.
pub fn follow(ctx: Ctx) -> Outcome {
    let visitor = ctx.visitor(Sight::Page);
    let id = ctx.param("tracking_id").to_owned();
    let state = Arc::clone(ctx.state());
    ctx.read(|read, _| {
        let Destination { share, slug, mailed } = shares::destination(read, &id)?;
        if let Some(visitor) = visitor {
            let unread = mailed.map(|made| mails::is_unread(read, share, made)).transpose()?;
            let visitor = if unread == Some(true) { visitor.as_scan() } else { visitor };
            state.note_hit(Subject::Share(share), Event::Click, visitor, read.now());
        }
        Ok(Response::redirect(302, format!("/c/{slug}"), 0))
    })
}

/// That `Sec-GPC` is honoured (W3C Global Privacy Control, §4). 200.
pub fn gpc(_: Ctx) -> Outcome {
    Ok(Response::json(200, &json!({"gpc": true, "lastUpdate": "2026-11-22"})))
}
