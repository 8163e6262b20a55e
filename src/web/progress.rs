//! Progress: points, days in a row and topics. It is shown here and nowhere else, to whoever comes for it.

use super::asks::Asks;
use super::forms::{Sent, once};
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::words::Words;
use super::{shows, takes};
use crate::clock::Zone;
use crate::domain::progress::{self, Progress, Source};
use crate::http::route::About;
use crate::http::{Ctx, Outcome, Response};
use crate::store::tx::Named;
use maud::{Markup, html};

/// `GET /progress`
pub const SHOW_ABOUT: About = shows("Points, days in a row and topics");
/// `POST /progress/checkin`
pub const CHECK_IN_ABOUT: About = takes("Checks in for today");

/// The own progress. 200.
pub fn show(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    ctx.read(|read, who| {
        let (user, frame) = (who.user()?, Frame::of(&asks, read, who)?);
        let found = progress::find(read, user)?;
        let is_in = progress::is_checked_in(read, user)?;
        let (words, texts) = (frame.words, &frame.words.progress);
        let content = html! {
            header { h1 { (texts.title) } }
            div.figures.wide {
                (level(words, found.xp))
                (streak(words, &found, is_in))
            }
            @if !found.topics.is_empty() { (topics(words, &found)) }
            (sources(words))
        };
        let done = asks.note.as_deref().and_then(texts.done);
        let sheet = Sheet::new(texts.title, content).at(Place::Progress).note(done);
        Ok(frame.page(200, &sheet.scripts(&["zone.js"])))
    })
}

fn level(words: &Words, xp: i64) -> Markup {
    let texts = &words.progress;
    let level = progress::level(xp);
    let (begins, ends) = (progress::level_begins(level), progress::level_begins(level + 1));
    let missing = words.number(ends.saturating_sub(xp));
    html! {
        section.sheet.stack {
            h2 { ((texts.level)(&words.number(level))) }
            p.figure { b { (words.number(xp)) } span.quiet { (texts.points) } }
            progress max=(ends.saturating_sub(begins)) value=(xp.saturating_sub(begins)) aria-label=(texts.way) {}
            p.quiet { ((texts.to_next)(&missing, &words.number(level + 1))) }
        }
    }
}

fn streak(words: &Words, found: &Progress, is_in: bool) -> Markup {
    let (texts, streak) = (&words.progress, &found.streak);
    html! {
        section.sheet.stack {
            h2 { (texts.streak) }
            p.figure {
                b { (words.number(streak.current)) }
                span.quiet { ((texts.days)(streak.current)) }
            }
            @if is_in {
                p { span.tag.good { (icon(Icon::Check)) (texts.is_in) } }
            } @else {
                form method="post" action="/progress/checkin" {
                    (once())
                    // A script puts in where the reader is; without one it stays where it was.
                    input type="hidden" name="time_zone" data-zone;
                    button { (texts.check_in) }
                }
            }
            @if streak.longest > streak.current {
                p.quiet { ((texts.longest)(streak.longest, &words.number(streak.longest))) }
            }
        }
    }
}

fn topics(words: &Words, found: &Progress) -> Markup {
    let texts = &words.progress;
    html! {
        section.stack {
            h2 { (texts.topics) }
            ul.list {
                @for topic in &found.topics {
                    li.spread { span { (topic.topic) } b.number { (words.number(topic.score)) } }
                }
            }
        }
    }
}

fn sources(words: &Words) -> Markup {
    let texts = &words.progress;
    html! {
        details {
            summary { (texts.sources) }
            ul.list {
                @for (source, _) in Source::NAMES {
                    li.spread {
                        span { ((texts.source)(*source)) }
                        span.number { "+" (words.number(source.xp())) }
                    }
                }
            }
        }
    }
}

/// Checks in. 303, also when today has counted already. A zone that we do not know is as good as none.
pub fn check_in(ctx: Ctx) -> Outcome {
    let zone = Zone::named(Sent::of(&ctx)?.text("time_zone").trim());
    ctx.write(move |tx, who| {
        let (_, counted) = progress::check_in(tx, who.user()?, zone.as_ref())?;
        let note = if counted { "counted" } else { "again" };
        Ok(Response::new(303).with("Location", format!("/progress?note={note}")))
    })
}
