//! Logging in and out.

use super::users::{ID, TIME, USER, user_json};
use crate::config::PasswordCost;
use crate::domain::callers::Credential;
use crate::domain::passwords::{self, Hash};
use crate::domain::sessions::{self, Session};
use crate::domain::throttle::{self, Allowance, Subject};
use crate::domain::{tokens, users};
use crate::error::Error;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, line, optional, required};
use crate::http::sign_up::EMAIL;
use crate::http::state::Gate;
use crate::http::{Ctx, Outcome, Problem, Response, access};
use crate::id::{Token, TokenKind};
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};

const LOGIN: Shape = Shape {
    name: "Login",
    fields: &[
        required("email", "", EMAIL),
        required("password", "", Kind::Secret { min: 0, max: passwords::MAX }),
        optional("device", "What to call this device.", line(0, sessions::DEVICE_MAX)),
    ],
};

const SESSION: Shape = Shape {
    name: "Session",
    fields: &[
        required("id", "", ID),
        required("device", "", line(0, sessions::DEVICE_MAX)),
        required("created_at", "", TIME),
        required("expires_at", "", TIME),
        required("current", "", Kind::Flag),
    ],
};

const LOGGED_IN: Shape = Shape {
    name: "LoggedIn",
    fields: &[
        required("user", "", Kind::Object(&USER)),
        required("token", "Shown once; null in a replay.", Kind::Nullable(&Kind::Text)),
        required("expires_at", "", TIME),
        required("session", "", Kind::Object(&SESSION)),
        optional("secret_withheld", "True in a replay.", Kind::Flag),
    ],
};

const LOGGED_OUT: Shape = Shape {
    name: "LoggedOut",
    fields: &[required("revoked", "1 for a login.", Kind::Integer { min: 0, max: 1 })],
};

/// `POST /api/auth/login`
pub const LOGIN_ABOUT: About = About::new(
    "Logs in with e-mail address and password",
    &[Reply { status: 200, about: "Logged in", content: Content::Json(&LOGGED_IN) }],
)
.body(&LOGIN)
.problems(&[401, 429]);
/// `POST /api/auth/logout`
pub const LOGOUT_ABOUT: About = About::new(
    "Ends this login: its token is dead",
    &[Reply { status: 200, about: "Ended", content: Content::Json(&LOGGED_OUT) }],
);

/// The attempts that a login counts as: at the account, and from the address.
#[derive(Clone)]
struct Attempt {
    subjects: Vec<(Subject, Allowance)>,
    email_norm: String,
}

impl Attempt {
    fn of(ctx: &Ctx, email_norm: String) -> Self {
        let (pepper, limits) = (&ctx.state().pepper, &ctx.state().config.limits);
        let window = limits.login_window;
        let account = pepper.hash(&[b"login-account", email_norm.as_bytes()]);
        let mut subjects = vec![(account, Allowance { free: limits.login_account_max, window })];
        if !ctx.client().is_local() {
            let address = pepper.hash(&[b"login-address", &ctx.client().subscriber()]);
            subjects.push((address, Allowance { free: limits.login_address_max, window }));
        }
        Self { subjects, email_norm }
    }
}

/// Logs in. 200; 401 `invalid-credentials`, the same for an unknown address and a wrong password, after the
/// same work; 429.
///
/// Two doors: the first counts the attempt before it is made and takes the hash, then the password is
/// checked with the writer free, and the second opens the session only if the hash is still the one.
pub fn login(ctx: Ctx) -> Outcome {
    let body = ctx.object()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (password, asked) = (text("password").to_owned(), text("device").trim().to_owned());
    let device = if asked.is_empty() { access::device(&ctx.request().head) } else { asked };
    let attempt = Attempt::of(&ctx, users::normalise_email(text("email")));
    let state = Arc::clone(ctx.state());

    let counted = attempt.clone();
    let credential = ctx.first_door(move |tx, _| {
        for (subject, allowance) in &counted.subjects {
            throttle::reserve(tx, subject, *allowance)?;
        }
        Ok(passwords::find_by_email(tx, &counted.email_norm)?)
    })?;
    let cost = state.config.password_cost;
    let hash = match &credential {
        Some(credential) => credential.hash.clone(),
        None => decoy(&state.hashers, cost)?,
    };
    let matches = state.hashers.run(|| passwords::matches(&password, &hash))??;
    let Some(credential) = credential.filter(|_| matches) else { return Err(wrong()) };

    ctx.write(move |tx, _| {
        if !passwords::still_stands(tx, &credential)? {
            return Err(wrong());
        }
        for (subject, _) in &attempt.subjects {
            throttle::refund(tx, subject)?;
        }
        let user = users::find(tx, credential.user)?;
        let life = state.config.limits.session_life;
        let (session, token) = sessions::open(tx, user.id, &device, life)?;
        let body = json!({
            "user": user_json(&user),
            "token": token.reveal(),
            "expires_at": session.expires.to_string(),
            "session": session_json(&session),
        });
        Ok(Response::json_with_secret(200, body, "token"))
    })
}

fn wrong() -> Problem {
    Error::unauthenticated("invalid-credentials", "Wrong e-mail address or password.").into()
}

/// A hash of nobody's password, checked in place of an unknown person's, so that the time tells nothing.
fn decoy(hashers: &Gate, cost: PasswordCost) -> Result<Hash, Problem> {
    static DECOYS: OnceLock<Mutex<Vec<(u32, u32, Hash)>>> = OnceLock::new();
    let decoys = DECOYS.get_or_init(Mutex::default);
    let same = |(memory, passes, _): &&(u32, u32, Hash)| {
        (*memory, *passes) == (cost.memory_kib, cost.passes)
    };
    if let Some((_, _, hash)) = decoys.lock().iter().find(same) {
        return Ok(hash.clone());
    }
    let secret = Token::new(TokenKind::Session);
    let hash = hashers.run(|| passwords::hash(secret.reveal(), cost))??;
    decoys.lock().push((cost.memory_kib, cost.passes, hash.clone()));
    Ok(hash)
}

fn session_json(session: &Session) -> Value {
    json!({
        "id": session.id,
        "device": session.device,
        "created_at": session.created.to_string(),
        "expires_at": session.expires.to_string(),
        "current": true,
    })
}

/// Ends the login, or revokes the API token, that the request came with. 200.
pub fn logout(ctx: Ctx) -> Outcome {
    ctx.write(|tx, who| {
        let member = who.member()?;
        match member.credential {
            Credential::Session(session) => sessions::end(tx, member.user, session)?,
            Credential::Token(token, _) => tokens::revoke(tx, member.user, token)?,
        }
        Ok(Response::json(200, &json!({"revoked": 1}))
            .with("Clear-Site-Data", "\"cookies\", \"storage\""))
    })
}
