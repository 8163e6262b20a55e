//! The own logins: where one is signed in, and how that ends.

use super::asks::Asks;
use super::icons::Icon;
use super::layout::{Frame, Place, Sheet};
use super::parts::{Act, above, empty, more, time};
use super::words::Words;
use super::{shows, takes};
use crate::domain::sessions::{self, Session};
use crate::http::page::Page;
use crate::http::route::About;
use crate::http::sign_in::no_cookie;
use crate::http::{Ctx, Outcome, Response, ready};
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /sessions`
pub const LIST_ABOUT: About = shows("The own logins");
/// `POST /sessions/{id}/end`
pub const END_ABOUT: About = takes("Ends a login").problems(&[403, 404, 415]);
/// `POST /sessions/end-others`
pub const END_OTHERS_ABOUT: About = takes("Ends every login but this one");

/// The logins. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (asks, page) = (Asks::of(&ctx), Page::of(&ctx));
    ctx.read(|read, who| {
        let (frame, page, member) = (Frame::of(&asks, read, who)?, page?, who.member()?);
        let mut found = sessions::list(read, member.user, page.after, page.fetch())?;
        let next = page.cut(&mut found, |session| session.id);
        let words = &frame.words.settings;
        let others = found.iter().any(|session| member.session() != Some(session.id));
        let content = html! {
            (above("/settings", words.title))
            header {
                div.stack.tight { h1 { (words.sessions) } p.quiet { (words.sessions_lead) } }
                @if others {
                    (Act::new("/sessions/end-others", words.end_others).class("plain")
                        .ask(words.end_others_ask).show(""))
                }
            }
            @if found.is_empty() { (empty(Icon::Key, words.no_sessions, words.no_sessions_lead, &html! {})) }
            ul.list {
                @for session in &found { (row(frame.words, session, member.session() == Some(session.id))) }
            }
            (more(frame.words, next.as_deref()))
        };
        let note = asks.note.as_deref().filter(|note| *note == "ended").map(|_| words.ended);
        Ok(frame.page(200, &Sheet::new(words.sessions, content).at(Place::Settings).note(note)))
    })
}

fn row(all: &Words, session: &Session, is_this: bool) -> Markup {
    let words = &all.settings;
    let name = device(&session.device).unwrap_or_else(|| words.some_device.to_owned());
    html! {
        li.spread {
            div.stack.tight.grow {
                div.row {
                    h2.name title=(session.device) { (name) }
                    @if is_this { span.tag.good { (words.this_one) } }
                }
                p.quiet.small {
                    (words.last_seen) " " (time(all, session.seen)) " · "
                    (words.since) " " (time(all, session.created))
                }
            }
            (Act::new(&format!("/sessions/{}/end", session.id), words.end_session).show(&name))
        }
    }
}

/// What a client says it runs on, as people call it; a text of one's own as it is.
fn device(told: &str) -> Option<String> {
    if !told.contains('/') {
        return Some(told.trim().to_owned()).filter(|told| !told.is_empty());
    }
    // In this order: each names those below it as well.
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &str)]| {
        let found = names.iter().find(|(mark, _)| told.contains(mark));
        found.map(|(_, name)| (*name).to_owned())
    };
    match (named(&browsers), named(&systems)) {
        (Some(browser), Some(system)) => Some(format!("{browser} · {system}")),
        (one, None) | (None, one) => one.or_else(|| told.split('/').next().map(str::to_owned)),
    }
}

/// Ends a login; with this one one is signed out. 303; 404.
pub fn end(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let (id, state) = (ctx.id("id", "session"), Arc::clone(ctx.state()));
    ctx.write(move |tx, who| {
        let (id, member) = (*ready(&id)?, who.member()?);
        sessions::revoke(tx, member.user, id)?;
        Ok(if member.session() == Some(id) {
            Response::new(303).with("Location", "/").with("Set-Cookie", no_cookie(&state))
        } else {
            Response::new(303).with("Location", "/sessions?note=ended")
        })
    })
}

/// Ends every login but this one. 303.
pub fn end_others(ctx: Ctx) -> Outcome {
    ctx.form()?;
    ctx.write(|tx, who| {
        let member = who.member()?;
        sessions::revoke_others(tx, member.user, member.session())?;
        Ok(Response::new(303).with("Location", "/sessions?note=ended"))
    })
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_device_is_called_as_people_call_it() {
        let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                   Version/18.1 Safari/605.1.15";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";
        for (told, name) in [
            (mac, Some("Safari · macOS")),
            (edge, Some("Edge · Windows")),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                Some("Firefox · Linux"),
            ),
            ("curl/8.5.0", Some("curl")),
            ("my laptop", Some("my laptop")),
            (" ", None),
        ] {
            assert_eq!(device(told).as_deref(), name, "{told}");
        }
    }
}
