//! Cards in public that a person has put by. They are named by id or, since the public is shown no ids, by the
//! address they are found at.

use super::public_cards::{PUBLIC_CARD, public_card_json};
use super::users::{ID, TIME};
use crate::domain::cards::CardId;
use crate::domain::public_cards;
use crate::domain::saved_cards::{self, Place, SavedCard};
use crate::domain::users::UserId;
use crate::error::Result;
use crate::http::page::{self, Cursor, Page};
use crate::http::precondition::{Edit, Standing, etag};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, required};
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Problem, Response};
use crate::store::Tx;
use serde_json::{Value, json};
use std::sync::Arc;

const SAVED_CARD: Shape = Shape {
    name: "SavedCard",
    fields: &[
        required("card_id", "", ID),
        required("saved_at", "", TIME),
        required(
            "card",
            "Null while it is private or paused.",
            Kind::Nullable(&Kind::Object(&PUBLIC_CARD)),
        ),
    ],
};

const CHANGED: Shape = Shape {
    name: "SavedCardChange",
    fields: &[
        required("card_id", "", ID),
        required("changed", "Whether this request changed it.", Kind::Flag),
    ],
};

/// `GET /api/saved`
pub const LIST_ABOUT: About = About::new(
    "The saved cards, saved last first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&SAVED_CARD) }],
)
.query(page::QUERY);
/// `PUT /api/saved/{card_id}`
pub const SAVE_ABOUT: About = About::new(
    "Saves a card that the public can see, by its id or slug",
    &[Reply { status: 200, about: "Saved", content: Content::Json(&CHANGED) }],
)
.problems(&[410, 412]);
/// `DELETE /api/saved/{card_id}`
pub const UNSAVE_ABOUT: About = About::new(
    "Takes a card out of the saved ones, by its id or slug",
    &[Reply { status: 200, about: "Not saved", content: Content::Json(&CHANGED) }],
)
.problems(&[410, 412]);

impl Cursor for Place {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

fn saved_json(state: &State, saved: &SavedCard) -> Value {
    json!({
        "card_id": saved.card,
        "saved_at": saved.saved.to_string(),
        "card": saved.shown.as_ref().map(|card| public_card_json(state, card)),
    })
}

/// The own saved cards. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    let state = Arc::clone(ctx.state());
    ctx.read(|read, who| {
        let page = page?;
        let found = saved_cards::list(read, who.user()?, page.after, page.fetch())?;
        Ok(page.reply(found, SavedCard::place, |saved| saved_json(&state, saved)))
    })
}

/// Saves a card. 200; 404 unknown or private; 410 paused or deleted; 412.
pub fn save(ctx: Ctx) -> Outcome {
    change(ctx, saved_cards::save)
}

/// Takes a card out. 200, also one that is private or paused by now; else 404, 410, 412.
pub fn unsave(ctx: Ctx) -> Outcome {
    change(ctx, saved_cards::unsave)
}

fn change(ctx: Ctx, verb: fn(&Tx<'_>, UserId, CardId) -> Result<bool>) -> Outcome {
    let (name, edit) = (ctx.param("card_id").to_owned(), ctx.edit());
    ctx.write(move |tx, who| {
        let user = who.user()?;
        let card = public_cards::named(tx, &name)?;
        admit(tx, user, card, &edit)?;
        let changed = verb(tx, user, card)?;
        Ok(Response::json(200, &json!({"card_id": card, "changed": changed})))
    })
}

/// `If-Match: *` asks that it be saved, `If-None-Match: *` that it be not; it has no tag to match.
fn admit(tx: &Tx<'_>, user: UserId, card: CardId, edit: &Edit) -> Result<(), Problem> {
    let saved = saved_cards::has(tx, user, card)?;
    if !saved {
        // Else the answer would tell a card that nobody may see from one that there is not.
        public_cards::assert_visible(tx, card)?;
    }
    let resource = || json!({"card_id": card, "saved": saved});
    let version = i64::from(saved);
    let standing = Standing { version, etag: &etag(card, version), resource: &resource };
    edit.admit_unversioned(&standing).map(drop)
}
