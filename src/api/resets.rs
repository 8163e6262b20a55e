//! Links that set a new password: an admin makes one, whoever gets it uses it once.

use super::users::TIME;
use crate::domain::{passwords, resets};
use crate::error::Error;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, optional, required};
use crate::http::sign_up::{EMAIL, PASSWORD, is_redeemable};
use crate::http::{Ctx, Outcome, Response, ready};
use crate::id::{Token, TokenKind};
use serde_json::{Value, json};
use std::sync::Arc;

const LINK: Shape = Shape {
    name: "ResetLink",
    fields: &[
        required("url", "Shown once; null in a replay.", Kind::Nullable(&Kind::Text)),
        required("expires_at", "", TIME),
        optional("secret_withheld", "True in a replay.", Kind::Flag),
    ],
};

const REDEMPTION: Shape = Shape {
    name: "PasswordReset",
    fields: &[
        required("token", "From the link's address.", Kind::Text),
        required("new_password", "15 to 256 characters.", PASSWORD),
    ],
};

const RESET: Shape = Shape {
    name: "PasswordWasReset",
    fields: &[
        required("email", "What to log in with.", EMAIL),
        required("revoked", "Logins that ended.", Kind::Integer { min: 0, max: INTEGER_MAX }),
    ],
};

/// `POST /api/admin/users/{id}/reset-link`
pub const CREATE_ABOUT: About = About::new(
    "Makes a link that sets a new password, once, and ends the one that was made before",
    &[Reply { status: 201, about: "Made", content: Content::Json(&LINK) }],
)
.problems(&[409]);
/// `POST /api/auth/reset`
pub const REDEEM_ABOUT: About = About::new(
    "Sets a new password by a link's token, once, and ends every login",
    &[Reply { status: 200, about: "Set", content: Content::Json(&RESET) }],
)
.body(&REDEMPTION)
.problems(&[410]);

/// Makes a link for a person. 201 with the secret; 404; 409 `account-disabled`.
pub fn create(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "person");
    let state = Arc::clone(ctx.state());
    ctx.write(move |tx, _| {
        let link = resets::create(tx, *ready(&id)?, state.config.limits.reset_life)?;
        let url = link.url(&state.public_url);
        let body = json!({"url": url, "expires_at": link.expires.to_string()});
        Ok(Response::json_with_secret(201, body, "url"))
    })
}

/// Sets a new password. 200; 410 once the link is dead, or if there is none; 422 `weak-password`. Signs nobody in.
///
/// Two doors: a password is hashed only for a link that is alive, and the second door uses it up or does nothing.
/// That it is dead is told there, where a stored reply is looked for first: whoever has used it and asks again with
/// the same key has a dead one by now.
pub fn redeem(ctx: Ctx) -> Outcome {
    let body = ctx.object()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (token, password) =
        (Token::parse(text("token"), &[TokenKind::Reset]), text("new_password"));
    let state = Arc::clone(ctx.state());
    let (asked, new) = (token.clone(), password.to_owned());
    let alive = ctx.first_door(move |tx, _| Ok(is_redeemable(tx, asked.as_ref(), &new)?))?;
    let (pepper, cost) = (state.pepper.clone(), state.config.password_cost);
    let hashed = || state.hashers.run(|| passwords::hash(password, cost));
    let hash = if alive { Some(hashed()??) } else { None };
    ctx.write(move |tx, _| {
        let (Some(token), Some(hash)) = (&token, &hash) else {
            return Err(Error::Gone("link").into());
        };
        let reset = resets::redeem(tx, token, hash, &pepper)?;
        Ok(Response::json(200, &json!({"email": reset.user.email, "revoked": reset.revoked})))
    })
}
