//! A card at its public address, in whatever form: where its slug leads, who may keep it for how long, and who is
//! counted as having seen it.

use super::ctx::{Ctx, Outcome};
use super::precondition::Freshness;
use super::rendered::Copy;
use super::response::{Body, Response};
use super::route::{Content, Reply};
use super::state::State;
use super::visitor::Sight;
use crate::clock::Millis;
use crate::domain::events::{Event, Subject};
use crate::domain::public_cards::{self, Found, PublicCard};
use crate::domain::slugs;
use crate::store::Read;
use std::sync::Arc;
use std::time::Duration;

/// What is answered at an address of a card, beside problems.
pub const fn at_slug(about: &'static str, media_type: &'static str) -> [Reply; 5] {
    const NOTHING: Content = Content::Nothing;
    [
        Reply { status: 200, about, content: Content::Media(media_type) },
        Reply { status: 301, about: "It has borne another slug for long", content: NOTHING },
        Reply { status: 302, about: "It bears another slug now", content: NOTHING },
        Reply { status: 304, about: "It is as If-None-Match says", content: NOTHING },
        Reply { status: 308, about: "Slugs are in lower case", content: NOTHING },
    ]
}

/// A card that somebody asks for in public, in the snapshot in which it stands.
#[derive(Debug)]
pub struct Asked<'a> {
    /// What the handlers share.
    pub state: &'a State,
    /// The snapshot.
    pub read: &'a Read<'a>,
    /// What the public sees of it.
    pub card: &'a PublicCard,
    /// What the reader has already.
    pub fresh: &'a Freshness,
}

/// Answers with what `render` makes of the card at the slug in the path, whose address ends in `suffix`; `sight`:
/// counted as seen. 302 or 301 from a former slug; 308 from upper case; 404 private or unknown; 410 paused or deleted.
pub fn show(
    ctx: Ctx,
    suffix: &'static str,
    sight: Option<Sight>,
    render: impl FnOnce(&Asked<'_>) -> Outcome,
) -> Outcome {
    let slug = ctx.param("slug").to_owned();
    if slug.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let lower = slug.to_ascii_lowercase();
        if slugs::is_slug(&lower) {
            let query = ctx.request().head.query.as_deref();
            return Ok(Response::canonical(&format!("/c/{lower}{suffix}"), query));
        }
    }
    let state = Arc::clone(ctx.state());
    let (fresh, visitor) = (ctx.freshness(), sight.and_then(|sight| ctx.visitor(sight)));
    ctx.read(|read, _| match public_cards::by_slug(read, &slug)? {
        Found::Card(card) => {
            let asked = Asked { state: &state, read, card: &card, fresh: &fresh? };
            let reply = render(&asked)?;
            if let Some(visitor) = visitor {
                state.note_hit(Subject::Card(card.id), Event::View, visitor, read.now());
            }
            Ok(reply)
        }
        Found::Moved(now, since) => Ok(moved(read.now(), &now, since, suffix)),
    })
}

/// A rename may be undone, so a redirect is short-lived at first: browsers keep a permanent one for good.
fn moved(now: Millis, slug: &str, since: Millis, suffix: &str) -> Response {
    let settled = now.since(since) > Duration::from_hours(30 * 24);
    let (status, max_age_s) = if settled { (301, 86_400) } else { (302, 300) };
    Response::redirect(status, format!("/c/{slug}{suffix}"), max_age_s)
}

impl Asked<'_> {
    /// The reply with this body, packed if the reader takes it and there is a packed one; 304 if the reader has it.
    pub fn answer(
        &self,
        copy: &Copy,
        packed: bool,
        dress: impl FnOnce(Response) -> Response,
    ) -> Outcome {
        let gzip = copy.gzip.as_ref().filter(|_| packed);
        let (body, coding) = match gzip {
            Some(gzip) => (gzip, "-gz"),
            None => (&copy.plain, ""),
        };
        let mut reply = Response::new(200).with("Content-Type", copy.media_type);
        reply.body = Body::Shared(Arc::clone(body));
        if gzip.is_some() {
            reply.set("Content-Encoding", "gzip");
        }
        let reply = dress(self.kept(reply));
        self.fresh.answer(format!("\"{}{coding}\"", copy.print), || reply)
    }

    /// The same for what is made anew each time, by the print of its body.
    pub fn answer_once(&self, reply: Response) -> Outcome {
        let tag = format!("\"{}\"", super::rendered::print(reply.body.as_ref()));
        self.fresh.answer(tag, || self.kept(reply))
    }

    /// Anybody may keep it, and asks each time whether it still stands; search engines do not list what is not to be.
    fn kept(&self, reply: Response) -> Response {
        let reply = reply
            .with("Cache-Control", "public, max-age=0, must-revalidate, no-transform")
            .with("Cross-Origin-Resource-Policy", "cross-origin");
        if self.card.listed { reply } else { reply.with("X-Robots-Tag", "noindex, nofollow") }
    }
}

/// Whether an `Accept` field asks for pages: it names HTML, and JSON no more than that.
pub fn prefers_pages(accept: &str) -> bool {
    let weight = |media_type: &str| {
        accept.split(',').find_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            parts.next().filter(|name| name.eq_ignore_ascii_case(media_type))?;
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            Some(weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0)))
        })
    };
    let html = weight("text/html").unwrap_or(0.0);
    html > 0.0 && html >= weight("application/json").unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::prefers_pages;

    #[test]
    fn pages_are_for_who_names_them() {
        for (accept, pages) in [
            ("", false),
            ("*/*", false),
            ("application/json", false),
            ("text/html", true),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("application/json, text/html;q=0.5", false),
            ("application/json;q=0.5, TEXT/HTML", true),
            ("text/html;q=0", false),
        ] {
            assert_eq!(prefers_pages(accept), pages, "{accept}");
        }
    }
}
