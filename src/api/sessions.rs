//! Logging in and out, and the logins that there are.

use super::users::{ID, TIME, USER, user_json};
use crate::config::PasswordCost;
use crate::domain::callers::Credential;
use crate::domain::passwords::{self, Hash};
use crate::domain::sessions::{self, Session};
use crate::domain::settings::Pepper;
use crate::domain::throttle::{self, Allowance, Subject};
use crate::domain::{tokens, users};
use crate::error::{Error, Result};
use crate::http::page::{self, Page};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, line, optional, required};
use crate::http::sign_up::EMAIL;
use crate::http::state::Gate;
use crate::http::{Ctx, Outcome, Problem, Response, access, ready};
use crate::id::{Token, TokenKind};
use crate::store::Tx;
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
        required("last_seen_at", "To within a minute.", TIME),
        required("expires_at", "If it is not used again.", TIME),
        required("current", "Whether this request came with it.", Kind::Flag),
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

/// How many logins ended.
pub(super) const REVOKED: Shape = Shape {
    name: "Revoked",
    fields: &[required("revoked", "How many.", Kind::Integer { min: 0, max: INTEGER_MAX })],
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
    &[Reply { status: 200, about: "Ended", content: Content::Json(&REVOKED) }],
);
/// `GET /api/sessions`
pub const LIST_ABOUT: About = About::new(
    "The own logins, oldest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&SESSION) }],
)
.query(page::QUERY);
/// `DELETE /api/sessions/{id}`
pub const DELETE_ABOUT: About = About::new(
    "Ends a login",
    &[Reply { status: 200, about: "Ended", content: Content::Json(&REVOKED) }],
);
/// `POST /api/sessions/revoke-others`
pub const REVOKE_OTHERS_ABOUT: About = About::new(
    "Ends every login but the one that asks; all, if an API token does",
    &[Reply { status: 200, about: "Ended", content: Content::Json(&REVOKED) }],
);

/// A guess at a password, which counts at the account and for the address it comes from.
#[derive(Clone)]
pub(super) struct Guess {
    pepper: Pepper,
    account: Allowance,
    address: Option<(Subject, Allowance)>,
}

impl Guess {
    pub(super) fn of(ctx: &Ctx) -> Self {
        let (pepper, limits) = (&ctx.state().pepper, &ctx.state().config.limits);
        let window = limits.login_window;
        let address = (!ctx.client().is_local()).then(|| {
            let subject = pepper.hash(&[b"login-address", &ctx.client().subscriber()]);
            (subject, Allowance { free: limits.login_address_max, window })
        });
        let account = Allowance { free: limits.login_account_max, window };
        Self { pepper: pepper.clone(), account, address }
    }

    /// Counts it, or refuses it, before it is made.
    pub(super) fn count(&self, tx: &Tx<'_>, email_norm: &str) -> Result<()> {
        throttle::reserve(tx, &throttle::account(&self.pepper, email_norm), self.account)?;
        self.address.iter().try_for_each(|(subject, free)| throttle::reserve(tx, subject, *free))
    }

    /// Gives it back: it was right.
    pub(super) fn give_back(&self, tx: &Tx<'_>, email_norm: &str) -> Result<()> {
        throttle::refund(tx, &throttle::account(&self.pepper, email_norm))?;
        self.address.iter().try_for_each(|(subject, _)| throttle::refund(tx, subject))
    }
}

/// Logs in. 200; 401 `invalid-credentials`, the same for an unknown address and a wrong password, after the
/// same work; 429.
///
/// Two doors: the first counts the attempt before it is made and takes the hash, then the password is
/// checked with the writer free, and the second opens the session only if the password is still the one.
/// Where the cost of a hash has risen since, the password is hashed anew on the way.
pub fn login(ctx: Ctx) -> Outcome {
    let body = ctx.object()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (password, asked) = (text("password").to_owned(), text("device").trim().to_owned());
    let device = if asked.is_empty() { access::device(&ctx.request().head) } else { asked };
    let (guess, email) = (Guess::of(&ctx), users::normalise_email(text("email")));
    let state = Arc::clone(ctx.state());

    let (counted, about) = (guess.clone(), email.clone());
    let credential = ctx.first_door(move |tx, _| {
        counted.count(tx, &about)?;
        Ok(passwords::find_by_email(tx, &about)?)
    })?;
    let cost = state.config.password_cost;
    let hash = match &credential {
        Some(credential) => credential.hash.clone(),
        None => decoy(&state.hashers, cost)?,
    };
    let matches = state.hashers.run(|| passwords::matches(&password, &hash))??;
    let Some(credential) = credential.filter(|_| matches) else { return Err(wrong()) };
    let hashed = || state.hashers.run(|| passwords::hash(&password, cost));
    let outdated = passwords::is_outdated(&credential.hash, cost)?;
    let dearer = if outdated { Some(hashed()??) } else { None };

    ctx.write(move |tx, _| {
        if !passwords::still_stands(tx, &credential)? {
            return Err(wrong());
        }
        guess.give_back(tx, &email)?;
        if let Some(dearer) = &dearer {
            passwords::rehash(tx, &credential, dearer)?;
        }
        let user = users::find(tx, credential.user)?;
        let (session, token) = sessions::open(tx, user.id, &device, &state.config.limits)?;
        let body = json!({
            "user": user_json(&user),
            "token": token.reveal(),
            "expires_at": session.expires.to_string(),
            "session": session_json(&session, true),
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

fn session_json(session: &Session, current: bool) -> Value {
    json!({
        "id": session.id,
        "device": session.device,
        "created_at": session.created.to_string(),
        "last_seen_at": session.seen.to_string(),
        "expires_at": session.expires.to_string(),
        "current": current,
    })
}

/// Ends the login, or revokes the API token, that the request came with. 200.
pub fn logout(ctx: Ctx) -> Outcome {
    ctx.write(|tx, who| {
        let member = who.member()?;
        match member.credential {
            Credential::Session(session) => sessions::revoke(tx, member.user, session)?,
            Credential::Token(token, _) => tokens::revoke(tx, member.user, token)?,
        }
        Ok(revoked(1).with("Clear-Site-Data", "\"cookies\", \"storage\""))
    })
}

/// How many logins ended. 200.
pub(super) fn revoked(count: usize) -> Response {
    Response::json(200, &json!({"revoked": count}))
}

/// The own logins. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    ctx.read(|read, who| {
        let (page, member) = (page?, who.member()?);
        let found = sessions::list(read, member.user, page.after, page.fetch())?;
        let rendered =
            |session: &Session| session_json(session, member.session() == Some(session.id));
        Ok(page.reply(found, |session| session.id, rendered))
    })
}

/// Ends a login: another device's, or this one. 200; 404.
pub fn delete(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "session");
    ctx.write(move |tx, who| {
        sessions::revoke(tx, who.user()?, *ready(&id)?)?;
        Ok(revoked(1))
    })
}

/// Ends every login but the one that asks; all of them, if an API token does. 200.
pub fn revoke_others(ctx: Ctx) -> Outcome {
    ctx.write(|tx, who| {
        let member = who.member()?;
        Ok(revoked(sessions::revoke_others(tx, member.user, member.session())?))
    })
}
