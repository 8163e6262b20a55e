//! Getting an account.

use super::asks::Asks;
use super::forms::{Field, Sent, fault, faults, once, summary};
use super::layout::{Frame, Sheet, mark};
use super::{shows, takes};
use crate::config::Registration as Mode;
use crate::error::{Error, Fault};
use crate::http::route::About;
use crate::http::sign_in::cookie;
use crate::http::sign_up::{self, Registration};
use crate::http::{Caller, Ctx, Outcome, Problem, Response};
use maud::html;
use std::sync::Arc;

/// `GET /register`
pub const FORM_ABOUT: About = shows("The form that makes an account");
/// `POST /register`
pub const SUBMIT_ABOUT: About = takes("Makes an account and signs in");

/// The form. 200, also where nobody may register, to say so; 303 for whoever is signed in.
pub fn form(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    let state = Arc::clone(ctx.state());
    let sent = Sent::standing([("invite_code", ctx.query("invite").unwrap_or_default())]);
    ctx.read(|_, who| {
        if matches!(who, Caller::Member(_)) {
            return Ok(Response::new(303).with("Location", "/cards"));
        }
        let form = Form { frame: Frame::anonymous(&asks), mode: state.config.registration };
        Ok(form.rendered(200, &state.public_url, &sent, &[]))
    })
}

/// Makes the account. 303 to the first card, with the session's cookie; 422 with the form.
pub fn submit(ctx: Ctx) -> Outcome {
    let sent = Sent::of(&ctx)?;
    let (asks, state) = (Asks::of(&ctx), Arc::clone(ctx.state()));
    let form = Form { frame: Frame::anonymous(&asks), mode: state.config.registration };
    let url = state.public_url.clone();
    let refused = move |error: Error| {
        let found = form.faults(error)?;
        Err(Problem::page(form.rendered(422, &url, &sent, &found)))
    };
    let sent = Sent::of(&ctx)?;
    let body = sent.body();
    let admitted = sign_up::admit(state.config.registration, sent.text("invite_code"));
    let read = admitted.and_then(|code| {
        sign_up::REGISTER.check(&body)?;
        Registration::of(&state, &ctx.request().head, &body, code)
    });
    let registration = match read {
        Ok(registration) => registration,
        Err(error) => return refused(error),
    };
    ctx.write(move |tx, _| match registration.complete(tx, &state.config) {
        Ok(made) => {
            let onward = Response::new(303).with("Location", "/cards/new");
            Ok(onward.with("Set-Cookie", cookie(&state, &made.token)))
        }
        Err(error) => refused(error),
    })
}

struct Form {
    frame: Frame,
    mode: Mode,
}

impl Form {
    /// A refusal as what is wrong with a field.
    fn faults(&self, error: Error) -> Result<Vec<Fault>, Error> {
        let words = &self.frame.words.account;
        match &error {
            Error::Conflict(conflict) => match conflict.code {
                "email-taken" => Ok(vec![fault("email", "taken", words.email_taken)]),
                "handle-taken" => Ok(vec![fault("handle", "taken", words.handle_taken)]),
                _ => Err(error),
            },
            Error::Forbidden(denied) => match denied.code {
                "invite-required" => Ok(vec![fault("invite_code", "required", denied.detail)]),
                "invite-invalid" => Ok(vec![fault("invite_code", "invalid", words.invite_invalid)]),
                _ => Ok(vec![Fault {
                    pointer: String::new(),
                    code: denied.code,
                    detail: words.closed.to_owned(),
                }]),
            },
            _ => faults(error),
        }
    }

    fn rendered(&self, status: u16, url: &str, sent: &Sent, faults: &[Fault]) -> Response {
        let (all, words) = (self.frame.words, &self.frame.words.account);
        let show = |field: Field<'_>| field.show(all, sent, faults);
        let handle_hint = (words.handle_hint)(url);
        let content = html! {
            span.brand { (mark()) "Cardinal" }
            header.stack.tight {
                h1 { (words.register) }
                p.quiet { @if self.mode == Mode::Closed { (words.closed) } @else { (words.register_lead) } }
            }
            @if self.mode != Mode::Closed {
                form method="post" action="/register" {
                    (summary(all, faults))
                    @if self.mode == Mode::Invite {
                        (show(Field::line("invite_code", words.invite_code).hint(words.invite_hint).required()))
                    }
                    (show(Field::line("display_name", words.name).autocomplete("name").max(100).required()))
                    (show(Field::line("email", words.email).kind("email").autocomplete("username").required()))
                    (show(Field::line("password", words.password).kind("password")
                        .autocomplete("new-password").hint(words.password_hint).required()))
                    (show(Field::line("handle", words.handle).hint(&handle_hint).max(50)))
                    (once())
                    button { (words.register) }
                }
            }
            @if self.mode == Mode::Invite { p { a href="/invite" { (words.ask_invite) } } }
            p { a href="/login" { (words.have_account) } }
        };
        self.frame.page(status, &Sheet::new(words.register, content))
    }
}
