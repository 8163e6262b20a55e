//! The set-up link: makes the installation's first admin, once.

use super::asks::Asks;
use super::forms::{Field, Sent, faults, summary};
use super::layout::{Frame, Sheet, mark};
use super::{SENT, shows};
use crate::domain::users::{self, NewUser, Role};
use crate::domain::{passwords, sessions};
use crate::error::{Error, Fault, Result};
use crate::http::access::device;
use crate::http::route::About;
use crate::http::sign_in::cookie;
use crate::http::sign_up;
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::id::{Token, TokenKind};
use maud::html;
use std::sync::Arc;

/// `GET /setup`
pub const FORM_ABOUT: About =
    shows("The form that makes the first admin; takes the token of the set-up link")
        .problems(&[404, 409]);
/// `POST /setup`
pub const SUBMIT_ABOUT: About = About::new("Makes the first admin and signs the admin in", SENT)
    .problems(&[403, 404, 409, 415]);

/// The form. 200; 404 without the right token; 409 `already-set-up`.
pub fn form(ctx: Ctx) -> Outcome {
    let (token, asks) = (ctx.query("token").unwrap_or_default(), Asks::of(&ctx));
    let state = Arc::clone(ctx.state());
    ctx.read(|read, _| {
        admit(&state, &token)?;
        if users::has_admin(read)? {
            return Err(already());
        }
        Ok(rendered(&asks, 200, &token, &Sent::default(), &[]))
    })
}

fn admit(state: &State, token: &str) -> Result<(), Problem> {
    let known = Token::parse(token, &[TokenKind::SetUp]).is_some_and(|t| state.is_set_up_token(&t));
    if known { Ok(()) } else { Err(Error::NotFound("set-up link").into()) }
}

fn already() -> Problem {
    Error::conflict("already-set-up", "This installation has an admin already.").into()
}

/// Makes the admin. 303 with the session's cookie; 404; 409; 422 with the form.
pub fn submit(ctx: Ctx) -> Outcome {
    let (mut sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let token = sent.take("token");
    let state = Arc::clone(ctx.state());
    admit(&state, &token)?;
    let (new, password) = match read(&sent) {
        Ok(new) => new,
        Err(error) => return Ok(rendered(&asks, 422, &token, &sent, &faults(error)?)),
    };
    let cost = state.config.password_cost;
    let hash = state.hashers.run(|| passwords::hash(&password, cost))?;
    let device = device(&ctx.request().head);
    let hash = hash.map_err(Problem::from);
    ctx.write(move |tx, _| {
        let user = users::create_first_admin(tx, &new, &state.config.default_tier)?;
        passwords::create(tx, user.id, ready(&hash)?)?;
        let (_, token) = sessions::open(tx, user.id, &device, &state.config.limits)?;
        let onward = Response::new(303).with("Location", "/cards/new");
        Ok(onward.with("Set-Cookie", cookie(&state, &token)))
    })
}

fn read(sent: &Sent) -> Result<(NewUser, String)> {
    let asked = sent.body();
    sign_up::SHAPE.check(&asked)?;
    sign_up::read(&asked, Role::Admin)
}

fn rendered(asks: &Asks, status: u16, token: &str, sent: &Sent, faults: &[Fault]) -> Response {
    let frame = Frame::anonymous(asks);
    let words = &frame.words.account;
    let show = |field: Field<'_>| field.show(frame.words, sent, faults);
    let content = html! {
        span.brand { (mark()) "Cardinal" }
        header.stack.tight {
            h1 { (words.set_up) }
            p.quiet { (words.set_up_lead) }
        }
        form method="post" action="/setup" {
            (summary(frame.words, faults))
            input type="hidden" name="token" value=(token);
            (show(Field::line("display_name", words.name).autocomplete("name").max(100).required()))
            (show(Field::line("email", words.email).kind("email").autocomplete("username").required()))
            (show(Field::line("password", words.password).kind("password").autocomplete("new-password")
                .hint(words.password_hint).required()))
            button { (words.set_up) }
        }
    };
    frame.page(status, &Sheet::new(words.set_up, content))
}
