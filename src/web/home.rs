//! The first page: says what this is and what to do next.

use super::layout::page;
use crate::domain::users;
use crate::http::route::{About, Content, Reply};
use crate::http::{Ctx, Outcome};
use maud::html;

/// `GET /`
pub const ABOUT: About = About::new(
    "The first page",
    &[Reply { status: 200, about: "The page", content: Content::Media("text/html") }],
);

/// The first page. 200.
pub fn show(ctx: Ctx) -> Outcome {
    let url = ctx.state().public_url.clone();
    ctx.read(|read, _| {
        let ready = users::has_admin(read)?;
        let content = html! {
            h1 { "Cardinal" }
            p { "Business cards that people keep, from your own machine." }
            @if ready {
                p {
                    "Cards are made and changed over the API, described in "
                    a href="/api/openapi.json" { "openapi.json" }
                    ". A card is found at " code { (url) "/c/…" } "."
                }
            } @else {
                p {
                    "Nobody runs this installation yet. Open the set-up link that the program printed "
                    "when it started: it makes you its admin."
                }
            }
        };
        Ok(page(200, "Cardinal", &content))
    })
}
