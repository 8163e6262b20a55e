//! What a person gives to get an account, or a new password: the same over the API and in the forms.

use super::shape::{Field, Kind, Shape, line, optional, required};
use crate::domain::users::{self, NewUser, Role, User};
use crate::domain::{passwords, resets};
use crate::error::{Error, Result};
use crate::id::{Id, Token};
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
/// An id in a body.
const ID: Kind = Kind::Line { min: 1, max: 36, format: Some("uuid"), rule: Some(id_rule) };
/// A new password in a body.
pub const PASSWORD: Kind = Kind::Secret { min: passwords::MIN, max: passwords::MAX };

const EMAIL_FIELD: Field = required("email", "", EMAIL);
const PASSWORD_FIELD: Field = required("password", "15 to 256 characters.", PASSWORD);
const NAME_FIELD: Field = required("display_name", "", line(1, users::DISPLAY_NAME_MAX));
const HANDLE_FIELD: Field = optional("handle", "Made from the name if absent.", HANDLE);

/// What makes a person.
pub const SHAPE: Shape =
    Shape { name: "SignUp", fields: &[EMAIL_FIELD, PASSWORD_FIELD, NAME_FIELD, HANDLE_FIELD] };

/// What registers a person: the same, and what the person comes with.
pub const REGISTER: Shape = Shape {
    name: "Register",
    fields: &[
        EMAIL_FIELD,
        PASSWORD_FIELD,
        NAME_FIELD,
        HANDLE_FIELD,
        optional("invite_code", "Where registration takes one.", line(0, 200)),
        optional("trial_id", "The trial that led here.", ID),
    ],
};

/// What sets a new password, beside what proves that one may.
pub const NEW_PASSWORD: Shape = Shape {
    name: "NewPassword",
    fields: &[required("new_password", "15 to 256 characters.", PASSWORD)],
};

/// The rule of an id in a body.
pub fn id_rule(text: &str) -> Result<(), (&'static str, &'static str)> {
    let known = Id::<()>::parse(text);
    known.map(drop).ok_or(("uuid", "must be an id"))
}

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
