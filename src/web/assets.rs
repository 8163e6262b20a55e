//! Files that are part of the program. Their names carry a hash of their content, so they may be kept for
//! good.

use crate::error::Error;
use crate::http::route::{About, Content, Reply};
use crate::http::{Body, Ctx, Outcome, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("cardinal.css");

/// The style sheet's name.
static STYLE_NAME: LazyLock<String> = LazyLock::new(|| {
    let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(STYLE.as_bytes()).into();
    format!("cardinal-{a:02x}{b:02x}{c:02x}{d:02x}.css")
});

/// `GET /assets/{name}`
pub const ABOUT: About = About::new(
    "A file of the pages",
    &[Reply { status: 200, about: "The file", content: Content::Media("text/css") }],
);

/// Where the style sheet is.
pub fn style_path() -> String {
    format!("/assets/{}", *STYLE_NAME)
}

/// A file. 200; 404.
#[expect(clippy::needless_pass_by_value, reason = "a handler takes its context")]
pub fn asset(ctx: Ctx) -> Outcome {
    if ctx.param("name") != *STYLE_NAME {
        return Err(Error::NotFound("file").into());
    }
    let mut reply = Response::new(200)
        .with("Content-Type", "text/css; charset=utf-8")
        .with("Cache-Control", "public, max-age=31536000, immutable");
    reply.body = Body::Static(STYLE.as_bytes());
    Ok(reply)
}
