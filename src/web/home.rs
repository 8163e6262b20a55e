//! The first page: one's cards, or the way to them.

use super::HTML;
use super::asks::Asks;
use super::layout::{Frame, Sheet, mark};
use super::sign_in::{self, Errand};
use crate::domain::users;
use crate::http::route::{About, Content, Reply};
use crate::http::{Caller, Ctx, Outcome, Response};
use maud::html;

/// `GET /`
pub const ABOUT: About = About::new(
    "The first page: signs in",
    &[
        Reply { status: 200, about: "The form that signs in, or what to do first", content: HTML },
        Reply {
            status: 303,
            about: "To the cards of whoever is signed in",
            content: Content::Nothing,
        },
    ],
);

/// The first page. 200; 303 to the cards of whoever is signed in.
pub fn show(ctx: Ctx) -> Outcome {
    let (asks, mode) = (Asks::of(&ctx), ctx.state().config.registration);
    ctx.read(|read, who| {
        if matches!(who, Caller::Member(_)) {
            return Ok(Response::new(303).with("Location", "/cards"));
        }
        let frame = Frame::anonymous(&asks);
        if users::has_admin(read)? {
            return Ok(sign_in::rendered(&frame, 200, mode, &Errand::none(), "", None));
        }
        let words = &frame.words.account;
        let content = html! {
            span.brand { (mark()) }
            h1 { (words.fresh) }
            p { (words.fresh_lead) }
        };
        Ok(frame.page(200, &Sheet::new(words.set_up, content)))
    })
}
