//! Logging in and out, and the logins that there are.

use super::users::{ID, TIME, USER, user_json};
use crate::domain::callers::Credential;
use crate::domain::sessions::{self, Session};
use crate::domain::{passwords, tokens};
use crate::http::page::{self, Page};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, line, optional, required};
use crate::http::sign_in::Attempt;
use crate::http::sign_up::EMAIL;
use crate::http::{Ctx, Outcome, Response, ready};
use serde_json::{Value, json};
use std::sync::Arc;

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
        required("last_seen_at", "To within five minutes.", TIME),
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

/// Logs in. 200; 401 `invalid-credentials`, the same for an unknown address and a wrong password, after the
/// same work; 429.
///
/// Two doors, as `sign_in` needs them.
pub fn login(ctx: Ctx) -> Outcome {
    let body = ctx.object()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let attempt = Attempt::of(&ctx, text("email"), text("password"), text("device"));
    let (state, counted) = (Arc::clone(ctx.state()), attempt.clone());
    let credential = ctx.first_door(move |tx, _| Ok(counted.count(tx)?))?;
    let proof = attempt.prove(&state, credential)?;
    ctx.write(move |tx, _| {
        let (user, session, token) = proof.sign_in(tx, &state.config.limits)?;
        let body = json!({
            "user": user_json(&user),
            "token": token.reveal(),
            "expires_at": session.expires.to_string(),
            "session": session_json(&session, true),
        });
        Ok(Response::json_with_secret(200, body, "token"))
    })
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
