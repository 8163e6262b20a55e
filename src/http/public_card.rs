//! A card at its public address, in whatever form: where its slug leads, who may keep it for how long, and who is
//! counted as having seen it.

use super::ctx::{Ctx, Outcome};
use super::rendered::{Copy, Form};
use super::response::Response;
use super::route::{Content, Reply};
use super::state::State;
use super::visitor::Sight;
use crate::clock::Millis;
use crate::domain::cards::CardId;
use crate::domain::editions;
use crate::domain::events::{Event, Subject};
use crate::domain::public_cards::{self, Found, PublicCard};
use crate::domain::slugs;
use crate::error::Result;
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
}

/// Answers with what `render` makes of the card at the slug in the path, whose address ends in `suffix`: a reply of
/// 200, which readers may keep and ask whether it stands. `sight`: counted as seen. `form`: the server keeps it, too.
/// 302 or 301 from a former slug; 308 from upper case; 404 private or unknown; 410 paused or deleted.
pub fn show(
    ctx: Ctx,
    suffix: &'static str,
    (sight, form): (Option<Sight>, Option<Form>),
    render: impl FnOnce(&Asked<'_>) -> Outcome,
) -> Outcome {
    at_slug_of(ctx, suffix, |ctx, slug| {
        let state = Arc::clone(ctx.state());
        let (fresh, visitor) = (ctx.freshness(), sight.and_then(|sight| ctx.visitor(sight)));
        let count = |card: CardId, read: &Read<'_>| {
            if let Some(visitor) = visitor {
                state.note_hit(Subject::Card(card), Event::View, visitor, read.now());
            }
        };
        ctx.read(|read, _| {
            let kept = match form {
                Some(form) => state.rendered.standing(read, &slug, form)?,
                None => None,
            };
            if let Some(copy) = kept {
                if cfg!(debug_assertions) {
                    assert_stands(&state, read, &slug, &copy, render);
                }
                let reply = copy.answer(&fresh?)?;
                count(copy.card, read);
                return Ok(reply);
            }
            match public_cards::by_slug(read, &slug)? {
                Found::Card(card) => {
                    let asked = Asked { state: &state, read, card: &card };
                    let fresh = fresh?;
                    let copy = asked.copy(asked.kept(render(&asked)?))?;
                    let reply = copy.answer(&fresh)?;
                    count(card.id, read);
                    if let Some(form) = form {
                        state.rendered.keep(&slug, form, Arc::new(copy));
                    }
                    Ok(reply)
                }
                Found::Moved(now, since) => Ok(moved(read.now(), &now, since, suffix)),
            }
        })
    })
}

/// A copy that is told says what would be made anew: debug builds make it anew each time and compare.
fn assert_stands(
    state: &State,
    read: &Read<'_>,
    slug: &str,
    copy: &Copy,
    render: impl FnOnce(&Asked<'_>) -> Outcome,
) {
    let stands = match public_cards::by_slug(read, slug) {
        Ok(Found::Card(card)) => match render(&Asked { state, read, card: &card }) {
            Ok(reply) => copy.is(&Asked { state, read, card: &card }.kept(reply)),
            // A picture may find no painter free.
            Err(_) => true,
        },
        _ => false,
    };
    assert!(stands, "a copy of {slug} is of yesterday");
}

/// The same for a page about a card, which nobody keeps.
pub fn show_once(
    ctx: Ctx,
    suffix: &'static str,
    render: impl FnOnce(&Asked<'_>) -> Outcome,
) -> Outcome {
    at_slug_of(ctx, suffix, |ctx, slug| {
        let state = Arc::clone(ctx.state());
        ctx.read(|read, _| match public_cards::by_slug(read, &slug)? {
            Found::Card(card) => render(&Asked { state: &state, read, card: &card }),
            Found::Moved(now, since) => Ok(moved(read.now(), &now, since, suffix)),
        })
    })
}

/// Goes on with the slug in the path, if it is in lower case.
fn at_slug_of(ctx: Ctx, suffix: &str, go_on: impl FnOnce(Ctx, String) -> Outcome) -> Outcome {
    let slug = ctx.param("slug").to_owned();
    if slug.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let lower = slug.to_ascii_lowercase();
        if slugs::is_slug(&lower) {
            let query = ctx.request().head.query.as_deref();
            return Ok(Response::canonical(&format!("/c/{lower}{suffix}"), query));
        }
    }
    go_on(ctx, slug)
}

/// A rename may be undone, so a redirect is short-lived at first: browsers keep a permanent one for good.
fn moved(now: Millis, slug: &str, since: Millis, suffix: &str) -> Response {
    let settled = now.since(since) > Duration::from_hours(30 * 24);
    let (status, max_age_s) = if settled { (301, 86_400) } else { (302, 300) };
    Response::redirect(status, format!("/c/{slug}{suffix}"), max_age_s)
}

impl Asked<'_> {
    fn copy(&self, reply: Response) -> Result<Copy> {
        Ok(Copy::of(self.card.id, editions::of(self.read, self.card.owner)?, reply))
    }

    /// Anybody may keep it, and asks each time whether it still stands; search engines do not list what is not to be.
    fn kept(&self, mut reply: Response) -> Response {
        reply.set("Cache-Control", "public, max-age=0, must-revalidate, no-transform");
        if reply.header("Cross-Origin-Resource-Policy").is_none() {
            reply.set("Cross-Origin-Resource-Policy", "cross-origin");
        }
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
