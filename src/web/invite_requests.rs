//! Asking for an invite.

use super::asks::Asks;
use super::forms::{Field, Sent, once, summary};
use super::layout::{Frame, Sheet, mark};
use super::{shows, takes};
use crate::domain::{invites, throttle};
use crate::error::{Error, Fault};
use crate::http::route::About;
use crate::http::sign_up;
use crate::http::{Ctx, Outcome, Response};
use maud::html;

/// `GET /invite`
pub const FORM_ABOUT: About = shows("The form that asks for an invite");
/// `POST /invite`
pub const SUBMIT_ABOUT: About = takes("Asks for an invite; known addresses are told the same");

/// The form. 200.
pub fn form(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    let done = asks.note.as_deref() == Some("asked");
    ctx.read(|_, _| {
        let frame = Frame::anonymous(&asks);
        Ok(if done { thanks(&frame) } else { rendered(&frame, 200, &Sent::default(), &[]) })
    })
}

/// Asks. 303; 422 with the form; 429.
pub fn submit(ctx: Ctx) -> Outcome {
    let (sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let body = sent.body();
    let frame = Frame::anonymous(&asks);
    if let Err(Error::Invalid(faults)) = sign_up::INVITE_REQUEST.check(&body) {
        return Ok(rendered(&frame, 422, &sent, &faults));
    }
    let new = sign_up::invite_request(&body);
    let counted = ctx.anonymous_writes(b"invite-requests");
    ctx.write(move |tx, _| {
        if let Some((subject, allowance)) = &counted {
            throttle::reserve(tx, subject, *allowance)?;
        }
        invites::request(tx, &new)?;
        Ok(Response::new(303).with("Location", "/invite?note=asked"))
    })
}

fn rendered(frame: &Frame, status: u16, sent: &Sent, faults: &[Fault]) -> Response {
    let words = &frame.words.account;
    let show = |field: Field<'_>| field.show(frame.words, sent, faults);
    let content = html! {
        span.brand { (mark()) "Cardinal" }
        header.stack.tight {
            h1 { (words.ask_invite) }
            p.quiet { (words.ask_invite_lead) }
        }
        form method="post" action="/invite" {
            (summary(frame.words, faults))
            (show(Field::line("name", words.name).autocomplete("name").max(100).required()))
            (show(Field::line("email", words.email).kind("email").autocomplete("email").required()))
            (show(Field::line("motivation", words.motivation).kind("textarea").hint(words.motivation_hint)
                .max(invites::MOTIVATION_MAX)))
            (once())
            button { (words.ask_invite) }
        }
        p { a href="/login" { (words.have_account) } }
    };
    frame.page(status, &Sheet::new(words.ask_invite, content))
}

fn thanks(frame: &Frame) -> Response {
    let words = &frame.words.account;
    let content = html! {
        span.brand { (mark()) "Cardinal" }
        h1 { (words.asked) }
        p { (words.asked_lead) }
    };
    frame.page(200, &Sheet::new(words.asked, content))
}
