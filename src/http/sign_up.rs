//! What a person gives to get an account, or a new password: the same over the API and in the forms.

use super::shape::{Kind, Shape, line, optional, required};
use crate::domain::users::{self, NewUser, Role, User};
use crate::domain::{passwords, resets};
use crate::error::{Error, Result};
use crate::id::Token;
use crate::store::Read;
use serde_json::{Map, Value};

/// An e-mail address in a body.
pub const EMAIL: Kind = Kind::Line {
    min: 3,
    max: users::EMAIL_MAX,
    format: Some("email"),
    rule: Some(users::email_rule),
};
/// A handle in a body.
pub const HANDLE: Kind = Kind::Line {
    min: 1,
    max: users::HANDLE_MAX,
    format: Some("handle"),
    rule: Some(users::handle_rule),
};
/// A new password in a body.
pub const PASSWORD: Kind = Kind::Secret { min: passwords::MIN, max: passwords::MAX };

/// What registers a person.
pub const SHAPE: Shape = Shape {
    name: "Register",
    fields: &[
        required("email", "", EMAIL),
        required("password", "15 to 256 characters.", PASSWORD),
        required("display_name", "", line(1, users::DISPLAY_NAME_MAX)),
        optional("handle", "Made from the name if absent.", HANDLE),
    ],
};

/// What sets a new password, beside what proves that one may.
pub const NEW_PASSWORD: Shape = Shape {
    name: "NewPassword",
    fields: &[required("new_password", "15 to 256 characters.", PASSWORD)],
};

/// A new person from a body of this shape, and the password; `weak-password`.
pub fn read(body: &Map<String, Value>, role: Role) -> Result<(NewUser, String)> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let new = NewUser {
        email: text("email").trim().to_owned(),
        handle: body.get("handle").and_then(Value::as_str).map(users::normalise_handle),
        display_name: text("display_name").trim().to_owned(),
        role,
    };
    let password = text("password").to_owned();
    let handle = new.handle.as_deref().unwrap_or_default();
    strong(&password, "/password", [&new.email, &new.display_name, handle])?;
    Ok((new, password))
}

/// Refuses a new password that is too easy to guess; `weak-password`. A guesser knows the person's e-mail address,
/// name and handle.
fn strong(password: &str, pointer: &str, [email, name, handle]: [&str; 3]) -> Result<()> {
    let local = email.split('@').next().unwrap_or_default();
    match passwords::weakness(password, &[email, local, name, handle]) {
        Some(weakness) => Err(Error::invalid(pointer, "weak-password", weakness)),
        None => Ok(()),
    }
}

/// Refuses a new password of somebody with an account; `weak-password`.
pub fn admit_password(password: &str, user: &User) -> Result<()> {
    strong(password, "/new_password", [&user.email, &user.display_name, &user.handle])
}

/// Whether a link would set this password: not if the link is dead; `weak-password` if it is alive.
pub fn is_redeemable(read: &Read<'_>, link: Option<&Token>, password: &str) -> Result<bool> {
    let holder = link.map_or(Err(Error::Gone("link")), |token| resets::holder(read, token));
    match holder {
        Ok(user) => admit_password(password, &user).map(|()| true),
        Err(Error::Gone(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}
