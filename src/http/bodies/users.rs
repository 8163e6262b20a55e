//! The own account.

use super::text;
use crate::domain::users::{self, UserChange};
use crate::http::shape::{Shape, line, required};
use crate::http::sign_up::HANDLE;
use serde_json::{Map, Value};

/// What a person may change about the account.
pub const CONTENT: Shape = Shape {
    name: "UserContent",
    fields: &[
        required("display_name", "", line(1, users::DISPLAY_NAME_MAX)),
        required("handle", "", HANDLE),
    ],
};

/// The change that a checked body asks for.
pub fn change(body: &Map<String, Value>) -> UserChange {
    UserChange {
        handle: users::normalise_handle(text(body, "handle")),
        display_name: text(body, "display_name").to_owned(),
    }
}
