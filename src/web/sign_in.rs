//! Signing in and out. Whoever came for a page is led to it afterwards; whoever sent a form with a login that had
//! ended gets it back, as it was, to be sent again.

use super::asks::{Asks, is_local};
use super::forms::{Field, Sent};
use super::layout::{Frame, Sheet, mark};
use super::words::Words;
use super::{HTML, SENT, shows};
use crate::config::Registration;
use crate::domain::callers::Credential;
use crate::domain::sessions;
use crate::http::access;
use crate::http::route::{About, Content, Reply};
use crate::http::sign_in::{Attempt, cookie, no_cookie};
use crate::http::{Caller, Ctx, Outcome, Problem, Response};
use crate::id::{Token, TokenKind};
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /login`
pub const FORM_ABOUT: About = shows("The form that signs in");
/// `POST /login`
pub const SUBMIT_ABOUT: About =
    About::new("Signs in with a cookie", SENT).problems(&[401, 403, 415, 429]);
/// `POST /logout`
pub const LOGOUT_ABOUT: About = About::new("Signs out", SENT).problems(&[403, 415]);

/// `GET /open`
pub const OPEN_ABOUT: About = About::new(
    "Signs in whoever started the program, by the link that it opened, once",
    &[
        Reply { status: 303, about: "Signed in", content: Content::Nothing },
        Reply { status: 410, about: "The link is dead", content: HTML },
    ],
);

/// What somebody was about to do who has to sign in first.
#[derive(Debug, Clone, Default)]
pub struct Errand {
    /// The page to go to.
    next: String,
    /// The form to send there, as it was sent.
    form: Option<String>,
}

impl Errand {
    /// Nothing in particular.
    pub fn none() -> Self {
        Self::default()
    }

    /// To see a page, if it is one of ours.
    pub fn page(next: &str) -> Self {
        let next = if is_local(next) { next.to_owned() } else { String::new() };
        Self { next, form: None }
    }

    /// To send a form to a page, if it is one of ours.
    pub fn form(to: &str, form: &str) -> Self {
        Self { form: is_local(to).then(|| form.to_owned()), ..Self::page(to) }
    }
}

/// The form. 200; 303 for whoever is signed in already.
pub fn form(ctx: Ctx) -> Outcome {
    let (asks, mode) = (Asks::of(&ctx), ctx.state().config.registration);
    let errand = Errand::page(&ctx.query("next").unwrap_or_default());
    ctx.read(|_, who| {
        if matches!(who, Caller::Member(_)) {
            return Ok(onward(&errand));
        }
        let frame = Frame::anonymous(&asks);
        let why = Some(frame.words.account.sign_in_first).filter(|_| !errand.next.is_empty());
        Ok(rendered(&frame, 200, mode, &errand, "", why))
    })
}

/// Signs in. 303 with the session's cookie; 200 with the form that was kept; 401 and 429 with the form that signs in.
pub fn submit(ctx: Ctx) -> Outcome {
    let sent = Sent::of(&ctx)?;
    let (asks, state) = (Asks::of(&ctx), Arc::clone(ctx.state()));
    let errand = match sent.text("form") {
        "" => Errand::page(sent.text("next")),
        form => Errand::form(sent.text("next"), form),
    };
    let again = {
        let (mode, errand, email) =
            (state.config.registration, errand.clone(), sent.text("email").to_owned());
        let frame = Frame::anonymous(&asks);
        move |problem| refused(problem, &frame, mode, &errand, &email)
    };
    let attempt = Attempt::of(&ctx, sent.text("email"), sent.text("password"), "");
    let counted = attempt.clone();
    let credential = ctx.first_door(move |tx, _| Ok(counted.count(tx)?)).map_err(&again)?;
    let proof = attempt.prove(&state, credential).map_err(&again)?;
    let done = ctx.write(move |tx, _| {
        let (_, _, token) = proof.sign_in(tx, &state.config.limits)?;
        let reply = match &errand.form {
            None => onward(&errand),
            Some(form) => resume(&Frame::anonymous(&asks), &errand.next, form),
        };
        Ok(reply.with("Set-Cookie", cookie(&state, &token)))
    });
    done.map_err(again)
}

/// A refusal as the form again; what is no matter of signing in stays what it is.
fn refused(
    problem: Problem,
    frame: &Frame,
    mode: Registration,
    errand: &Errand,
    email: &str,
) -> Problem {
    let words = &frame.words.account;
    let why = match problem.status {
        401 => words.wrong,
        429 => words.throttled,
        _ => return problem,
    };
    let mut page = rendered(frame, problem.status, mode, errand, email, Some(why));
    for (name, value) in problem.headers.iter().filter(|(name, _)| *name == "Retry-After") {
        page.set(name, value.clone());
    }
    Problem::page(page)
}

/// Signs in whoever started the program. 303 with the session's cookie; 410.
pub fn open(ctx: Ctx) -> Outcome {
    let (asks, state) = (Asks::of(&ctx), Arc::clone(ctx.state()));
    let token = Token::parse(&ctx.query("token").unwrap_or_default(), &[TokenKind::Entry]);
    let now = state.store.clock().now();
    let Some(user) = token.and_then(|token| state.take_entry(&token, now)) else {
        let frame = Frame::anonymous(&asks);
        let words = &frame.words.account;
        let content = html! {
            h1 { (words.dead) }
            p { a.button href="/login" { (words.sign_in) } }
        };
        return Ok(frame.page(410, &Sheet::new(words.dead, content)));
    };
    let device = access::device(&ctx.request().head);
    ctx.write(move |tx, _| {
        let (_, token) = sessions::open(tx, user, &device, &state.config.limits)?;
        Ok(onward(&Errand::none()).with("Set-Cookie", cookie(&state, &token)))
    })
}

/// Ends the login. 303.
pub fn logout(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let state = Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        if let Caller::Member(member) = who
            && let Credential::Session(session) = member.credential
        {
            sessions::revoke(tx, member.user, session)?;
        }
        let gone = Response::new(303).with("Location", "/").with("Set-Cookie", no_cookie(&state));
        Ok(gone.with("Clear-Site-Data", "\"storage\""))
    })
}

/// Where somebody goes who is signed in.
fn onward(errand: &Errand) -> Response {
    let next = if errand.next.is_empty() { "/cards" } else { &errand.next };
    Response::new(303).with("Location", next.to_owned())
}

/// The form that signs in, where a form came with a login that had ended. 401.
pub fn kept(frame: &Frame, errand: &Errand) -> Response {
    let why = Some(frame.words.account.expired);
    rendered(frame, 401, Registration::Closed, errand, "", why)
}

/// The form.
pub fn rendered(
    frame: &Frame,
    status: u16,
    mode: Registration,
    errand: &Errand,
    email: &str,
    why: Option<&str>,
) -> Response {
    let words = &frame.words.account;
    let sent = Sent::standing([("email", email.to_owned())]);
    let (address, password) = fields(frame.words);
    let content = html! {
        span.brand { (mark()) "Cardinal" }
        header.stack.tight {
            h1 { (words.sign_in) }
            @if let Some(why) = why {
                p role="alert" { (why) }
            } @else {
                p.quiet { (words.sign_in_lead) }
            }
        }
        form method="post" action="/login" {
            input type="hidden" name="next" value=(errand.next);
            @if let Some(form) = &errand.form { input type="hidden" name="form" value=(form); }
            (address.show(frame.words, &sent, &[]))
            (password.show(frame.words, &sent, &[]))
            button { (words.sign_in) }
        }
        (others(frame.words, mode))
    };
    frame.page(status, &Sheet::new(words.sign_in, content))
}

fn fields(words: &Words) -> (Field<'_>, Field<'_>) {
    let account = &words.account;
    let address = Field::line("email", account.email).kind("email").autocomplete("username");
    let password = Field::line("password", account.password).kind("password");
    (address.required(), password.autocomplete("current-password").required())
}

/// What else somebody may have come for.
fn others(words: &Words, mode: Registration) -> Markup {
    let words = &words.account;
    html! {
        details {
            summary { (words.forgotten) }
            p.hint { (words.forgotten_help) }
        }
        @if mode != Registration::Closed {
            p { a href="/register" { (words.no_account) } }
        }
    }
}

/// The form that was kept, to be sent once more: a reply cannot make a browser send it again by itself.
fn resume(frame: &Frame, to: &str, form: &str) -> Response {
    let words = &frame.words.account;
    let fields = url::form_urlencoded::parse(form.as_bytes());
    let content = html! {
        h1 { (words.resume) }
        p { (words.resume_lead) }
        form method="post" action=(to) {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button { (words.resume_go) }
        }
    };
    frame.page(200, &Sheet::new(words.resume, content))
}
