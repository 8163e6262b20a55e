//! The page of a link that sets a new password, once.

use super::forms::{Field, PASSWORD_HINT, input, sent};
use super::layout::page;
use crate::domain::{passwords, resets};
use crate::error::{Error, Fault};
use crate::http::route::{About, Content, Reply};
use crate::http::sign_up::{self, is_redeemable};
use crate::http::{Ctx, Outcome, Response};
use crate::id::{Token, TokenKind};
use maud::html;
use serde_json::{Map, Value};
use std::sync::Arc;

const HTML: Content = Content::Media("text/html");
const DEAD: Reply = Reply { status: 410, about: "The link is dead", content: HTML };

/// `GET /reset`
pub const FORM_ABOUT: About = About::new(
    "The form that sets a new password; takes the token of the link",
    &[Reply { status: 200, about: "The form", content: HTML }, DEAD],
);
/// `POST /reset`
pub const SUBMIT_ABOUT: About = About::new(
    "Sets the new password and ends every login",
    &[
        Reply { status: 200, about: "It is set", content: HTML },
        DEAD,
        Reply { status: 422, about: "The form with its faults", content: HTML },
    ],
);

const TITLE: &str = "Set a new password";

fn token(text: &str) -> Option<Token> {
    Token::parse(text, &[TokenKind::Reset])
}

/// The form. 200; 410 once the link is dead, or if there is none.
pub fn form(ctx: Ctx) -> Outcome {
    let text = ctx.query("token").unwrap_or_default();
    let Some(token) = token(&text) else { return Ok(dead()) };
    ctx.read(|read, _| match resets::holder(read, &token) {
        Ok(_) => Ok(rendered(200, &text, &[])),
        Err(Error::Gone(_)) => Ok(dead()),
        Err(fault) => Err(fault.into()),
    })
}

/// Sets the new password. 200; 410; 422 with the form. Two doors, for the reason that `POST /api/auth/reset` has.
pub fn submit(ctx: Ctx) -> Outcome {
    let mut asked = sent(&ctx);
    let text =
        asked.remove("token").as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(token) = token(&text) else { return Ok(dead()) };
    let password = match read(&asked) {
        Ok(password) => password,
        Err(faults) => return Ok(rendered(422, &text, &faults)),
    };
    let state = Arc::clone(ctx.state());
    let (link, new) = (token.clone(), password.clone());
    let checked = ctx.first_door(move |tx, _| match is_redeemable(tx, Some(&link), &new) {
        Err(Error::Invalid(faults)) => Ok(Err(faults)),
        other => Ok(Ok(other?)),
    })?;
    match checked {
        Ok(true) => {}
        Ok(false) => return Ok(dead()),
        Err(faults) => return Ok(rendered(422, &text, &faults)),
    }
    let (pepper, cost) = (state.pepper.clone(), state.config.password_cost);
    let hash = state.hashers.run(|| passwords::hash(&password, cost))??;
    ctx.write(move |tx, _| match resets::redeem(tx, &token, &hash, &pepper) {
        Ok(reset) => Ok(done(&reset.user.email)),
        Err(Error::Gone(_)) => Ok(dead()),
        Err(fault) => Err(fault.into()),
    })
}

fn read(asked: &Map<String, Value>) -> Result<String, Vec<Fault>> {
    let faults = sign_up::NEW_PASSWORD.faults(asked);
    let password = asked.get(FIELD.name).and_then(Value::as_str).unwrap_or_default();
    if faults.is_empty() { Ok(password.to_owned()) } else { Err(faults) }
}

const FIELD: Field = Field {
    name: "new_password",
    label: "New password",
    kind: "password",
    autocomplete: "new-password",
    hint: PASSWORD_HINT,
};

fn rendered(status: u16, token: &str, faults: &[Fault]) -> Response {
    let content = html! {
        h1 { (TITLE) }
        p { "It ends every login. The link works once." }
        form method="post" action="/reset" {
            input type="hidden" name="token" value=(token);
            (input(&FIELD, &Map::new(), faults))
            button { (TITLE) }
        }
    };
    page(status, TITLE, &content)
}

fn done(email: &str) -> Response {
    let content = html! {
        h1 { "Your password is set" }
        p { "Every login of " strong { (email) } " has ended. Log in again with the new password." }
    };
    page(200, "Your password is set", &content)
}

fn dead() -> Response {
    let content = html! {
        h1 { "This link is dead" }
        p {
            "It has been used, has run out, or another one was made after it. "
            "Ask whoever gave it to you for a new one."
        }
    };
    page(410, "This link is dead", &content)
}
