//! The own password.

use crate::domain::passwords;
use crate::http::shape::{Kind, Shape, required};
use crate::http::sign_up::PASSWORD;

/// What changes it.
pub const CHANGE: Shape = Shape {
    name: "PasswordChange",
    fields: &[
        required("current_password", "", Kind::Secret { min: 0, max: passwords::MAX }),
        required("new_password", "15 to 256 characters.", PASSWORD),
    ],
};
