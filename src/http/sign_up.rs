//! What a person gives to get an account: the same over the API and in the forms.

use super::shape::{Field, Kind, Shape, line, optional, required};
use crate::domain::passwords;
use crate::domain::users::{self, NewUser, Role};
use crate::error::{Error, Result};
use crate::id::Id;
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
const PASSWORD: Kind = Kind::Secret { min: passwords::MIN, max: passwords::MAX };

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

fn id_rule(text: &str) -> Result<(), (&'static str, &'static str)> {
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
    let handle = new.handle.clone().unwrap_or_default();
    let local = new.email.split('@').next().unwrap_or_default();
    let about = [new.email.as_str(), local, &new.display_name, &handle];
    match passwords::weakness(&password, &about) {
        Some(weakness) => Err(Error::invalid("/password", "weak-password", weakness)),
        None => Ok((new, password)),
    }
}
