//! What programs look for at fixed places: whom to tell of a weakness, and what to crawl.

use crate::error::Error;
use crate::http::route::{About, Content, Reply};
use crate::http::{Ctx, Outcome, Response};
use std::fmt::Write;
use std::time::Duration;

const TEXT: &str = "text/plain; charset=utf-8";

/// How long what stands in `security.txt` may be relied upon: RFC 9116 wants less than a year.
const VALID: Duration = Duration::from_hours(180 * 24);

/// What is to be crawled: cards and what they show. Not the application, and no link that counts who follows it.
const ROBOTS: &str =
    "User-agent: *\nAllow: /c/\nAllow: /u/\nAllow: /photos/\nAllow: /assets/\nDisallow: /\n";

/// `GET /.well-known/security.txt`
pub const SECURITY_ABOUT: About = About::new(
    "Whom to tell of a weakness (RFC 9116); 404 unless the operator says (`--security-contact`)",
    &[Reply { status: 200, about: "Contacts", content: Content::Media("text/plain") }],
)
.problems(&[404]);
/// `GET /robots.txt`
pub const ROBOTS_ABOUT: About = About::new(
    "What crawlers may look at (RFC 9309): cards, and nothing else",
    &[Reply { status: 200, about: "The rules", content: Content::Media("text/plain") }],
);

/// The contacts, with an end to how long they hold: at midnight in half a year, so that the text is the same all day.
/// 200; 404 where there is no contact.
#[expect(clippy::needless_pass_by_value, reason = "a handler")]
pub fn security(ctx: Ctx) -> Outcome {
    /// Milliseconds of a day.
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    let state = ctx.state();
    let contacts = &state.config.security_contacts;
    if contacts.is_empty() {
        return Err(Error::NotFound("page").into());
    }
    let mut text = String::new();
    for contact in contacts {
        // A String takes everything.
        writeln!(text, "Contact: {contact}").unwrap_or_default();
    }
    let mut expires = state.store.clock().now().plus(VALID);
    expires.0 -= expires.0.rem_euclid(DAY_MS);
    let canonical = format!("{}/.well-known/security.txt", state.public_url);
    writeln!(text, "Expires: {expires}\nCanonical: {canonical}").unwrap_or_default();
    Ok(Response::bytes(200, TEXT, text.into_bytes()).with("Cache-Control", "public, max-age=86400"))
}

/// The rules. 200.
pub fn robots(_: Ctx) -> Outcome {
    let reply = Response::bytes(200, TEXT, ROBOTS.into());
    Ok(reply.with("Cache-Control", "public, max-age=86400"))
}
