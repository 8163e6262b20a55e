//! A card at its public address, in whatever form: where its slug leads, who may keep it for how long, and who is
//! counted as having seen it.

use super::ctx::{Ctx, Outcome};
use super::rendered::{Copy, Form};
use super::response::Response;
use super::route::{Content, Reply};
use super::state::State;
use super::visitor::Sight;
use crate::clock::Millis;
use crate::domain::callers::Member;
use crate::domain::cards::CardId;
use crate::domain::editions;
use crate::domain::events::{Event, Subject};
use crate::domain::public_cards::{self, Found, PublicCard};
use crate::domain::slugs;
use crate::domain::users::UserId;
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
    /// Whom the reply is for alone: whoever is signed in and asks for a page. `None`: it is for everybody, and says
    /// nothing of anybody.
    pub reader: Option<&'a Member>,
}

/// Answers with what `render` makes of the card at the slug in the path, whose address ends in `suffix`: a reply of
/// 200, which readers may keep and ask whether it stands. `sight`: counted as seen, but by its owner, who looks at it
/// for other reasons than visitors do. `form`: the server keeps it, too. A page for somebody who is signed in is made
/// anew, and kept by nobody. 302 or 301 from a former slug; 308 from upper case; 404 private or unknown; 410 paused or
/// deleted.
pub fn show(
    ctx: Ctx,
    suffix: &'static str,
    (sight, form): (Option<Sight>, Option<Form>),
    render: impl FnOnce(&Asked<'_>) -> Outcome,
) -> Outcome {
    at_slug_of(ctx, suffix, |ctx, slug| {
        let (state, behind) = (Arc::clone(ctx.state()), behind(&ctx, suffix));
        let (fresh, visitor) = (ctx.freshness(), sight.and_then(|sight| ctx.visitor(sight)));
        ctx.read(|read, who| {
            let member = who.member().ok();
            let count = |(card, owner): (CardId, UserId)| {
                let visitor = visitor.filter(|_| member.is_none_or(|member| member.user != owner));
                if let Some(visitor) = visitor {
                    state.note_hit(Subject::Card(card), Event::View, visitor, read.now());
                }
            };
            let reader = reader(member, form);
            let kept = match form.filter(|_| reader.is_none()) {
                Some(form) => state.rendered.standing(read, &slug, form)?,
                None => None,
            };
            if let Some(copy) = kept {
                if cfg!(debug_assertions) {
                    assert_stands(&state, read, &slug, &copy, render);
                }
                let reply = copy.answer(&fresh?)?;
                count((copy.card, copy.owner));
                return Ok(reply);
            }
            match public_cards::by_slug(read, &slug)? {
                Found::Card(card) => {
                    let asked = Asked { state: &state, read, card: &card, reader };
                    let fresh = fresh?;
                    if reader.is_some() {
                        let reply = asked.alone(render(&asked)?);
                        count((card.id, card.owner));
                        return Ok(reply);
                    }
                    let copy = asked.copy(asked.kept(render(&asked)?))?;
                    let reply = copy.answer(&fresh)?;
                    count((card.id, card.owner));
                    if let Some(form) = form {
                        state.rendered.keep(&slug, form, Arc::new(copy));
                    }
                    Ok(reply)
                }
                Found::Moved(now, since) => Ok(moved(read.now(), since, &now, &behind)),
            }
        })
    })
}

/// Whom a reply in this form is for alone. An API token is nobody here: what it may know, its scopes say.
fn reader(member: Option<&Member>, form: Option<Form>) -> Option<&Member> {
    let is_page = matches!(form, Some(Form::Page { .. }));
    member.filter(|member| is_page && member.session().is_some())
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
        Ok(Found::Card(card)) => {
            let asked = Asked { state, read, card: &card, reader: None };
            // A picture may find no painter free.
            render(&asked).map_or(true, |reply| copy.is(&asked.kept(reply)))
        }
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
        let (state, behind) = (Arc::clone(ctx.state()), behind(&ctx, suffix));
        ctx.read(|read, _| match public_cards::by_slug(read, &slug)? {
            Found::Card(card) => render(&Asked { state: &state, read, card: &card, reader: None }),
            Found::Moved(now, since) => Ok(moved(read.now(), since, &now, &behind)),
        })
    })
}

/// What stands in the address behind the slug.
fn behind(ctx: &Ctx, suffix: &str) -> String {
    let query = ctx.request().head.query.as_deref();
    query.map_or_else(|| suffix.to_owned(), |query| format!("{suffix}?{query}"))
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
fn moved(now: Millis, since: Millis, slug: &str, behind: &str) -> Response {
    let settled = now.since(since) > Duration::from_hours(30 * 24);
    let (status, max_age_s) = if settled { (301, 86_400) } else { (302, 300) };
    Response::redirect(status, format!("/c/{slug}{behind}"), max_age_s)
}

impl Asked<'_> {
    /// A reply that was made of the card, ready to be kept.
    pub fn copy(&self, reply: Response) -> Result<Copy> {
        let whose = (self.card.id, self.card.owner);
        Ok(Copy::of(whose, editions::of(self.read, self.card.owner)?, reply))
    }

    /// Anybody may keep it, and asks each time whether it still stands; search engines do not list what is not to be.
    fn kept(&self, mut reply: Response) -> Response {
        reply.set("Cache-Control", "public, max-age=0, must-revalidate, no-transform");
        if reply.header("Cross-Origin-Resource-Policy").is_none() {
            reply.set("Cross-Origin-Resource-Policy", "cross-origin");
        }
        self.listed(reply)
    }

    /// Nobody keeps it, not even the reader's own browser: it says what they have to do with the card, and the next one
    /// at that screen, or behind that proxy, is somebody else.
    fn alone(&self, reply: Response) -> Response {
        self.listed(reply).with("Cache-Control", "private, no-store, no-transform")
    }

    fn listed(&self, reply: Response) -> Response {
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
