//! A card as its page would show it, before anybody has saved it: for a frame beside the editor.

use super::attempt::Attempt;
use super::draft::Draft;
use crate::clock::Millis;
use crate::domain::cards::Card;
use crate::domain::links::{Link, LinkId, url_rule};
use crate::domain::public_cards;
use crate::domain::users::UserId;
use crate::http::bodies::cards::content;
use crate::http::route::{About, Reply};
use crate::http::{Ctx, Outcome, Response};
use crate::id::Ids;
use crate::store::Read;
use crate::store::tx::Named;
use crate::web::asks::Asks;
use crate::web::card;
use crate::web::forms::Sent;
use crate::web::layout::{Frame, hash_source};
use crate::web::{HTML, shows};
use maud::{DOCTYPE, PreEscaped, html};
use std::sync::Arc;

/// `GET /cards/preview`
pub const PREVIEW_ABOUT: About =
    shows("A card that is being edited, for a frame beside the editor");
/// `POST /cards/preview`
pub const SEND_PREVIEW_ABOUT: About = About::new(
    "The same of what the editor's form holds",
    &[Reply { status: 200, about: "The page", content: HTML }],
)
.problems(&[403, 415]);

/// How a card looks in a frame that has room for its head alone.
const PEEK: &str = include_str!("../static/card/peek.css");

/// What `?draft=` holds. 200.
pub fn preview(ctx: Ctx) -> Outcome {
    let draft = ctx.query("draft").and_then(|packed| Draft::unpacked(&packed));
    rendered(ctx, &draft.unwrap_or_default())
}

/// What the editor's form holds. 200.
pub fn send_preview(ctx: Ctx) -> Outcome {
    let draft = Attempt::of(&Sent::of(&ctx)?).draft;
    rendered(ctx, &draft)
}

fn rendered(ctx: Ctx, draft: &Draft) -> Outcome {
    let (asks, state) = (Asks::of(&ctx), Arc::clone(ctx.state()));
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let card = standing(read, &state.ids, who.user()?, draft);
        let shown = public_cards::draft(read, card)?;
        let accent = card::Design::of(&shown.design).accent;
        let sheets = [&card::style_sheet(shown.template)[..], &[PEEK]].concat();
        let style = sheets.concat() + &card::rules(":root", accent, true);
        let page = html! {
            (DOCTYPE)
            html lang=(frame.words.language.name()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (shown.name) }
                    style { (PreEscaped(&style)) }
                }
                body { main { (card::card(&shown, frame.words, &html! {})) } }
            }
        };
        let policy = format!(
            "default-src 'none'; style-src {}; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'self'",
            hash_source(&style)
        );
        let page = page.into_string().into_bytes();
        Ok(Response::bytes(200, "text/html; charset=utf-8", page)
            .with("Content-Security-Policy", policy)
            .with("Content-Language", frame.words.language.name())
            .with("X-Frame-Options", "SAMEORIGIN"))
    })
}

/// A draft as a card that stands, with the links that it shows and that lead somewhere: an address that is not right
/// yet must not run anything.
fn standing(read: &Read<'_>, ids: &Ids, user: UserId, draft: &Draft) -> Card {
    let rows = draft.links.iter().filter(|row| row.shown && url_rule(&row.url).is_ok());
    let link = |row: &super::draft::Row| Link {
        id: LinkId::parse(&row.id).unwrap_or_else(|| ids.next(read.now())),
        platform: row.platform.clone(),
        label: row.label.clone(),
        url: row.url.clone(),
    };
    Card {
        id: ids.next(read.now()),
        user,
        slug: draft.text("slug").to_owned(),
        content: content(&draft.body()),
        is_default: false,
        is_active: true,
        links: rows.map(link).collect(),
        version: 1,
        created: Millis(0),
        updated: read.now(),
    }
}
