//! The set-up link: makes the installation's first admin, once.

use super::forms::{Field, PASSWORD_HINT, input, sent};
use super::layout::page;
use crate::domain::users::{self, NewUser, Role};
use crate::domain::{passwords, sessions};
use crate::error::{Error, Fault};
use crate::http::access::{COOKIE_HTTP, COOKIE_HTTPS, device};
use crate::http::route::{About, Content, Reply};
use crate::http::sign_up;
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::id::{Token, TokenKind};
use maud::{Markup, html};
use serde_json::{Map, Value};
use std::sync::Arc;

const PAGE: &[Reply] =
    &[Reply { status: 200, about: "The form", content: Content::Media("text/html") }];

/// `GET /setup`
pub const FORM_ABOUT: About =
    About::new("The form that makes the first admin; takes the token of the set-up link", PAGE)
        .problems(&[404, 409]);
/// `POST /setup`
pub const SUBMIT_ABOUT: About = About::new(
    "Makes the first admin and signs the admin in",
    &[
        Reply { status: 303, about: "Made", content: Content::Nothing },
        Reply {
            status: 422,
            about: "The form with its faults",
            content: Content::Media("text/html"),
        },
    ],
)
.problems(&[404, 409]);

/// The form. 200; 404 without the right token; 409 `already-set-up`.
pub fn form(ctx: Ctx) -> Outcome {
    let token = ctx.query("token").unwrap_or_default();
    let state = Arc::clone(ctx.state());
    ctx.read(|read, _| {
        admit(&state, &token)?;
        if users::has_admin(read)? {
            return Err(already());
        }
        Ok(page(200, "Set up Cardinal", &rendered(&token, &Map::new(), &[])))
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
    let body = sent(&ctx);
    let token = body.get("token").and_then(Value::as_str).unwrap_or_default().to_owned();
    let state = Arc::clone(ctx.state());
    admit(&state, &token)?;
    let (new, password) = match read(&body) {
        Ok(new) => new,
        Err(faults) => return Ok(page(422, "Set up Cardinal", &rendered(&token, &body, &faults))),
    };
    let cost = state.config.password_cost;
    let hash = state.hashers.run(|| passwords::hash(&password, cost))?;
    let device = device(&ctx.request().head);
    let hash = hash.map_err(Problem::from);
    ctx.write(move |tx, _| {
        let user = users::create_first_admin(tx, &new, &state.config.default_tier)?;
        passwords::create(tx, user.id, ready(&hash)?)?;
        let (_, token) = sessions::open(tx, user.id, &device, &state.config.limits)?;
        Ok(Response::new(303).with("Location", "/").with("Set-Cookie", cookie(&state, &token)))
    })
}

/// Only this host's pages send it back, no script reads it.
fn cookie(state: &State, token: &Token) -> String {
    let secret = token.reveal();
    let life_s = state.config.limits.session_life.as_secs();
    let (name, secure) =
        if state.is_https() { (COOKIE_HTTPS, " Secure;") } else { (COOKIE_HTTP, "") };
    format!("{name}={secret}; Path=/;{secure} HttpOnly; SameSite=Lax; Max-Age={life_s}")
}

fn read(body: &Map<String, Value>) -> Result<(NewUser, String), Vec<Fault>> {
    let mut asked = body.clone();
    asked.remove("token");
    // A form sends a field that was left empty.
    asked.retain(|name, value| name != "handle" || value.as_str() != Some(""));
    let read = sign_up::SHAPE.check(&asked).and_then(|()| sign_up::read(&asked, Role::Admin));
    read.map_err(|fault| match fault {
        Error::Invalid(faults) => faults,
        other => vec![Fault { pointer: String::new(), code: "refused", detail: other.to_string() }],
    })
}

const FIELDS: [Field; 3] = [
    Field {
        name: "display_name",
        label: "Your name",
        kind: "text",
        autocomplete: "name",
        hint: "",
    },
    Field { name: "email", label: "E-mail", kind: "email", autocomplete: "email", hint: "" },
    Field {
        name: "password",
        label: "Password",
        kind: "password",
        autocomplete: "new-password",
        hint: PASSWORD_HINT,
    },
];

fn rendered(token: &str, sent: &Map<String, Value>, faults: &[Fault]) -> Markup {
    html! {
        h1 { "Set up Cardinal" }
        p { "This makes you the admin of this installation. The link works once." }
        form method="post" action="/setup" {
            input type="hidden" name="token" value=(token);
            @for field in &FIELDS {
                (input(field, sent, faults))
            }
            button { "Set up Cardinal" }
        }
    }
}
