//! The page of a link that sets a new password, once.

use super::HTML;
use super::asks::Asks;
use super::forms::{Field, Sent, summary};
use super::layout::{Frame, Sheet, mark};
use crate::domain::{passwords, resets};
use crate::error::{Error, Fault};
use crate::http::route::{About, Reply};
use crate::http::sign_up::{self, is_redeemable};
use crate::http::{Ctx, Outcome, Response};
use crate::id::{Token, TokenKind};
use maud::html;
use std::sync::Arc;

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

fn token(text: &str) -> Option<Token> {
    Token::parse(text, &[TokenKind::Reset])
}

/// The form. 200; 410 once the link is dead, or if there is none.
pub fn form(ctx: Ctx) -> Outcome {
    let (text, asks) = (ctx.query("token").unwrap_or_default(), Asks::of(&ctx));
    let Some(token) = token(&text) else { return Ok(dead(&asks)) };
    ctx.read(|read, _| match resets::holder(read, &token) {
        Ok(_) => Ok(rendered(&asks, 200, &text, &[])),
        Err(Error::Gone(_)) => Ok(dead(&asks)),
        Err(fault) => Err(fault.into()),
    })
}

/// Sets the new password. 200; 410; 422 with the form. Two doors, for the reason that `POST /api/auth/reset` has.
pub fn submit(ctx: Ctx) -> Outcome {
    let (mut sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let text = sent.take("token");
    let Some(token) = token(&text) else { return Ok(dead(&asks)) };
    let password = match read(&sent) {
        Ok(password) => password,
        Err(faults) => return Ok(rendered(&asks, 422, &text, &faults)),
    };
    let state = Arc::clone(ctx.state());
    let (link, new) = (token.clone(), password.clone());
    let checked = ctx.first_door(move |tx, _| match is_redeemable(tx, Some(&link), &new) {
        Err(Error::Invalid(faults)) => Ok(Err(faults)),
        other => Ok(Ok(other?)),
    })?;
    match checked {
        Ok(true) => {}
        Ok(false) => return Ok(dead(&asks)),
        Err(faults) => return Ok(rendered(&asks, 422, &text, &faults)),
    }
    let (pepper, cost) = (state.pepper.clone(), state.config.password_cost);
    let hash = state.hashers.run(|| passwords::hash(&password, cost))??;
    ctx.write(move |tx, _| match resets::redeem(tx, &token, &hash, &pepper) {
        Ok(reset) => Ok(done(&asks, &reset.user.email)),
        Err(Error::Gone(_)) => Ok(dead(&asks)),
        Err(fault) => Err(fault.into()),
    })
}

fn read(sent: &Sent) -> Result<String, Vec<Fault>> {
    let faults = sign_up::NEW_PASSWORD.faults(&sent.body());
    if faults.is_empty() { Ok(sent.text("new_password").to_owned()) } else { Err(faults) }
}

fn rendered(asks: &Asks, status: u16, token: &str, faults: &[Fault]) -> Response {
    let frame = Frame::anonymous(asks);
    let words = &frame.words.account;
    let field = Field::line("new_password", words.new_password).kind("password");
    let field = field.autocomplete("new-password").hint(words.password_hint).required();
    let content = html! {
        span.brand { (mark()) "Cardinal" }
        header.stack.tight {
            h1 { (words.reset) }
            p.quiet { (words.reset_lead) }
        }
        form method="post" action="/reset" {
            (summary(frame.words, faults))
            input type="hidden" name="token" value=(token);
            (field.show(frame.words, &Sent::default(), faults))
            button { (words.reset) }
        }
    };
    frame.page(status, &Sheet::new(words.reset, content))
}

fn done(asks: &Asks, email: &str) -> Response {
    let frame = Frame::anonymous(asks);
    let words = &frame.words.account;
    let content = html! {
        h1 { (words.reset_done) }
        p { ((words.reset_done_lead)(email)) }
        p { a.button href="/login" { (words.sign_in) } }
    };
    frame.page(200, &Sheet::new(words.reset_done, content))
}

fn dead(asks: &Asks) -> Response {
    let frame = Frame::anonymous(asks);
    let words = &frame.words.account;
    let content = html! {
        h1 { (words.dead) }
        p { (words.dead_lead) }
    };
    frame.page(410, &Sheet::new(words.dead, content))
}
