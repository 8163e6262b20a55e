//! The public page of a card: one document that needs nothing but the photo. Its style stands in it, and so does the
//! little script that shares; both are allowed by their hashes.

use super::asks::Asks;
use super::assets::{compressed, takes_gzip};
use super::card::{self, Design, Palette, View};
use super::contact;
use super::icons::{Icon, icon};
use super::layout::hash_source;
use super::linked_data;
use super::qr;
use super::words::Words;
use crate::domain::flags::{self, Builtin};
use crate::domain::public_cards::PublicCard;
use crate::domain::saved_cards;
use crate::error::Result;
use crate::http::public_card::{self, Asked};
use crate::http::rendered::Form;
use crate::http::visitor::Sight;
use crate::http::{Ctx, Outcome, Response};
use crate::store::tx::Named;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::sync::LazyLock;

/// The script that shares, and what a policy allows it by.
static SHARE: LazyLock<(String, String)> = LazyLock::new(|| {
    let script = include_str!("static/card/share.js").to_owned();
    let source = hash_source(&script);
    (script, source)
});

/// A document around a card or about it.
pub(super) struct Document<'a> {
    /// Title of the window.
    pub title: String,
    /// What else stands in the head.
    pub head: Markup,
    /// What else its style says.
    pub style: &'static str,
    /// What it shows.
    pub body: Markup,
    /// Whose card it is about.
    pub card: &'a PublicCard,
    /// The texts.
    pub words: &'static Words,
}

impl Document<'_> {
    /// The document, and what it may load.
    pub(super) fn rendered(self) -> (String, String) {
        let design = Design::of(&self.card.design);
        let style = style(self.card, design, self.style);
        let (script, source) = &*SHARE;
        let day = Palette::light(design.accent);
        let night = Palette::dark(design.accent);
        let page = html! {
            (DOCTYPE)
            html lang=(self.words.language.name()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) }
                    meta name="theme-color" media="(prefers-color-scheme: light)" content=(day.paper);
                    meta name="theme-color" media="(prefers-color-scheme: dark)" content=(night.paper);
                    link rel="icon" type="image/svg+xml" href=(favicon(design));
                    (self.head)
                    style { (PreEscaped(&style)) }
                }
                body.(design.class()) {
                    (self.body)
                    script type="module" { (PreEscaped(script)) }
                }
            }
        };
        let policy = format!(
            "default-src 'none'; style-src {}; script-src {source}; img-src 'self' data:; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            hash_source(&style)
        );
        (page.into_string(), policy)
    }
}

/// Everything of the style sheets but what only people read.
fn style(card: &PublicCard, design: Design, more: &str) -> String {
    let mut style = card::rules(&format!(".{}", design.class()), design.accent, false);
    for sheet in card::style_sheet(card.template).into_iter().chain([more]) {
        let mut rest = sheet;
        while let Some((before, behind)) = rest.split_once("/*") {
            style.push_str(before);
            rest = behind.split_once("*/").map_or("", |(_, behind)| behind);
        }
        style.push_str(rest);
    }
    style.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A card in its colour, as small as a tab shows it.
fn favicon(design: Design) -> String {
    let colour = design.accent.to_string().replace('#', "%23");
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect y='5' \
         width='32' height='22' rx='4' fill='{colour}'/%3E%3C/svg%3E"
    )
}

/// What the page's address says nothing of, and the page depends upon.
const VARY: &str = "Accept, Accept-Language, Accept-Encoding, Cookie";

/// A card's page, counted as seen; for whoever is signed in with what they can do with the card. 200; 304; 404; 410.
pub fn show(ctx: Ctx) -> Outcome {
    let (language, is_packed) = (Asks::of(&ctx).language, takes_gzip(&ctx));
    let form = Form::Page { language, is_packed };
    public_card::show(ctx, "", (Some(Sight::Page), Some(form)), |asked| {
        let (page, policy) = rendered(asked, Words::of(language))?;
        let body = if is_packed { compressed(page.as_bytes()) } else { page.into_bytes() };
        let reply = Response::bytes(200, "text/html; charset=utf-8", body)
            .with("Content-Security-Policy", policy)
            .with("Content-Language", language.name())
            .with("Cross-Origin-Resource-Policy", "same-origin")
            .with("Referrer-Policy", "same-origin")
            .with("Vary", VARY);
        Ok(if is_packed { reply.with("Content-Encoding", "gzip") } else { reply })
    })
}

/// The page, and what it may load.
fn rendered(asked: &Asked<'_>, words: &'static Words) -> Result<(String, String)> {
    let card = asked.card;
    let takes_leads = flags::is_on(asked.read, Builtin::LeadsForm, &card.id.to_string())?;
    let view = View::of(card, &words.card);
    let url = asked.state.card_url(&card.slug);
    let form = html! {
        @if takes_leads { (contact::folded(words, &view)) }
    };
    let standing = standing(asked)?;
    let document = Document {
        title: linked_data::title(&view),
        head: linked_data::head(&view, words, &url, &asked.state.public_url),
        style: standing.map_or("", |_| include_str!("static/card/member.css")),
        body: html! {
            @if let Some(standing) = standing { (bar(card, words, standing)) }
            main.whole { (card::card(card, words, &form)) }
            (foot(words, &url))
        },
        card,
        words,
    };
    Ok(document.rendered())
}

/// How whoever is signed in stands to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is theirs.
    Own,
    /// They have saved it.
    Saved,
    /// Neither.
    Other,
}

fn standing(asked: &Asked<'_>) -> Result<Option<Standing>> {
    let Some(reader) = asked.reader else { return Ok(None) };
    if reader.user == asked.card.owner {
        return Ok(Some(Standing::Own));
    }
    let is_saved = saved_cards::has(asked.read, reader.user, asked.card.id)?;
    Ok(Some(if is_saved { Standing::Saved } else { Standing::Other }))
}

/// What somebody who is signed in can do with a card. The forms bear no key that makes them count once: a card that is
/// saved is saved, however often that is said; and with one, saving again what was taken out on another page would be
/// answered, and not done.
fn bar(card: &PublicCard, words: &Words, standing: Standing) -> Markup {
    let says = &words.card;
    let form = |verb: &str, button: &Markup| {
        html! {
            form method="post" action={ "/saved/" (card.slug) (verb) } {
                input type="hidden" name="next" value={ "/c/" (card.slug) };
                (button)
            }
        }
    };
    html! {
        aside.member aria-label=(says.member) {
            @match standing {
                Standing::Other => (form("", &html! { button { (icon(Icon::Star)) (says.keep) } })),
                Standing::Saved => {
                    p { a href="/saved" { (icon(Icon::Check)) (says.kept) } }
                    (form("/remove", &html! { button { (says.unkeep) } }))
                }
                Standing::Own => {
                    p { (says.own) " " span { (says.own_hint) } }
                    a.do href={ "/cards/" (card.id) "/edit" } { (icon(Icon::Edit)) (says.edit) }
                }
            }
        }
    }
}

fn foot(words: &Words, url: &str) -> Markup {
    let says = &words.card;
    html! {
        footer.foot {
            button type="button" hidden data-share=(url) data-copied=(says.copied) {
                (icon(Icon::Share)) span aria-live="polite" { (says.share) }
            }
            details {
                summary { (icon(Icon::Qr)) (says.qr) }
                (qr::code(url, says.qr))
                p { (says.qr_hint) }
                p.url { (url.split_once("://").map_or(url, |(_, bare)| bare)) }
            }
            p.privacy { (says.privacy) }
        }
    }
}
