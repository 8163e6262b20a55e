//! What a person gives to get an account: the same over the API and in the forms.

use super::shape::{Kind, Shape, line, optional, required};
use crate::domain::passwords;
use crate::domain::users::{self, NewUser, Role};
use crate::error::{Error, Result};
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
const PASSWORD: Kind = Kind::Secret { min: passwords::MIN, max: passwords::MAX };

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
