//! The own password.

use super::sessions::{REVOKED, revoked};
use crate::domain::{passwords, sessions, users};
use crate::error::Error;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, required};
use crate::http::sign_in::Guess;
use crate::http::sign_up::{PASSWORD, admit_password};
use crate::http::{Ctx, Outcome, Problem, ready};
use serde_json::{Map, Value};
use std::sync::Arc;

const CHANGE: Shape = Shape {
    name: "PasswordChange",
    fields: &[
        required("current_password", "", Kind::Secret { min: 0, max: passwords::MAX }),
        required("new_password", "15 to 256 characters.", PASSWORD),
    ],
};

/// `POST /api/me/password`
pub const CHANGE_ABOUT: About = About::new(
    "Changes the own password, and ends every login but the one that asks",
    &[Reply { status: 200, about: "Changed", content: Content::Json(&REVOKED) }],
)
.body(&CHANGE)
.problems(&[409, 429]);

/// Changes the own password. 200; 403 `wrong-password`; 409 `no-password`; 422 `weak-password`; 429. API tokens
/// live on.
///
/// Two doors, as in a login: the attempt is counted before it is made, and the second door changes what the
/// first one saw, or nothing. That the current password is wrong is told behind the second, where a stored reply
/// is looked for first: whoever has changed it and asks again with the same key is wrong about it by now.
pub fn change(ctx: Ctx) -> Outcome {
    let body = ctx.object();
    let (guess, state) = (Guess::of(&ctx), Arc::clone(ctx.state()));
    let (counted, asked) = (guess.clone(), body.clone());
    let (credential, email) = ctx.first_door(move |tx, who| {
        let new = text(ready(&asked)?, "new_password");
        let user = users::find(tx, who.user()?)?;
        admit_password(&new, &user)?;
        let email = users::normalise_email(&user.email);
        let credential = passwords::find(tx, user.id)?.ok_or_else(none)?;
        counted.count(tx, &email)?;
        Ok((credential, email))
    })?;
    let body = body?;
    let (current, new) = (text(&body, "current_password"), text(&body, "new_password"));
    let hash = state.hashers.run(|| {
        let matches = passwords::matches(&current, &credential.hash)?;
        matches.then(|| passwords::hash(&new, state.config.password_cost)).transpose()
    })??;
    ctx.write(move |tx, who| {
        let hash = hash.as_ref().ok_or_else(wrong)?;
        if !passwords::replace(tx, &credential, hash)? {
            return Err(wrong().into());
        }
        guess.give_back(tx, &email)?;
        let member = who.member()?;
        Ok(revoked(sessions::revoke_others(tx, member.user, member.session())?))
    })
}

fn text(body: &Map<String, Value>, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// No 401: a client would take it for the end of its login.
const fn wrong() -> Error {
    Error::forbidden("wrong-password", "The current password is another one.")
}

fn none() -> Problem {
    let detail = "This account has no password yet. Ask an admin for a link that sets one.";
    Error::conflict("no-password", detail).into()
}
