//! Settings: how pages are to be.

use super::asks::Asks;
use super::forms::Sent;
use super::layout::{Frame, Place, Sheet};
use super::{shows, takes};
use crate::domain::languages::{self, Language};
use crate::http::route::About;
use crate::http::{Ctx, Outcome, Response};
use crate::store::tx::Named;
use maud::{Markup, html};

/// `GET /settings`
pub const SHOW_ABOUT: About = shows("Settings");
/// `POST /settings/language`
pub const LANGUAGE_ABOUT: About = takes("Chooses the language of pages");

/// The settings. 200.
pub fn show(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let words = &frame.words.settings;
        let chosen = languages::of(read, who.user()?)?;
        let content = html! {
            header { h1 { (words.title) } }
            (language(&frame, chosen))
        };
        let done = asks.note.as_deref().filter(|note| *note == "saved").map(|_| words.saved);
        Ok(frame.page(200, &Sheet::new(words.title, content).at(Place::Settings).note(done)))
    })
}

fn language(frame: &Frame, chosen: Option<Language>) -> Markup {
    let words = &frame.words.settings;
    let choices = [("", words.automatic), ("en", "English"), ("de", "Deutsch")];
    let standing = chosen.map_or("", Named::name);
    html! {
        section.stack {
            h2 { (words.language) }
            form.row method="post" action="/settings/language" {
                label.visually-hidden for="language" { (words.language) }
                select #language.grow name="language" {
                    @for (value, name) in choices {
                        option value=(value) lang=[Some(value).filter(|v| !v.is_empty())]
                            selected[value == standing] { (name) }
                    }
                }
                button.plain { (frame.words.shell.save) }
            }
        }
    }
}

/// Chooses the language; one that we do not speak leaves it to the browser. 303.
pub fn choose_language(ctx: Ctx) -> Outcome {
    let chosen = Language::from_name(Sent::of(&ctx)?.text("language"));
    ctx.write(move |tx, who| {
        languages::choose(tx, who.user()?, chosen)?;
        Ok(Response::new(303).with("Location", "/settings?note=saved"))
    })
}
