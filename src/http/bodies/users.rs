//! The own account, what an admin makes of somebody's, and somebody as others are told of.

use super::{ID, text};
use crate::domain::users::{self, Role, UserChange, UserId};
use crate::http::shape::{Kind, Shape, line, required};
use crate::http::sign_up::HANDLE;
use serde_json::{Map, Value, json};

/// What a person may change about the account.
pub const CONTENT: Shape = Shape {
    name: "UserContent",
    fields: &[
        required("display_name", "", line(1, users::DISPLAY_NAME_MAX)),
        required("handle", "", HANDLE),
    ],
};

/// Somebody as others are told of.
pub const PERSON: Shape = Shape {
    name: "Person",
    fields: &[
        required("id", "", ID),
        required("display_name", "", line(1, users::DISPLAY_NAME_MAX)),
    ],
};

/// Somebody as JSON, as others are told of.
pub fn person_json((id, display_name): &(UserId, String)) -> Value {
    json!({"id": id, "display_name": display_name})
}

/// What gives somebody a role.
pub const ROLE: Shape =
    Shape { name: "RoleChange", fields: &[required("role", "", Kind::Choice(Role::WORDS))] };

/// The change that a checked body asks for.
pub fn change(body: &Map<String, Value>) -> UserChange {
    UserChange {
        handle: users::normalise_handle(text(body, "handle")),
        display_name: text(body, "display_name").to_owned(),
    }
}
