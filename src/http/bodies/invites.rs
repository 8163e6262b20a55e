//! Invite codes.

use super::text;
use crate::domain::invites::{NOTE_MAX, NewInvite, USES_MAX};
use crate::http::shape::{Kind, Shape, line, optional};
use serde_json::{Map, Value};
use std::time::Duration;

/// How many people a code lets in.
pub const USES: Kind = Kind::Integer { min: 1, max: USES_MAX as i64 };

/// What makes a code.
pub const NEW_INVITE: Shape = Shape {
    name: "NewInvite",
    fields: &[
        optional("max_uses", "How many people it lets in; 1 if absent.", USES),
        optional("expires_in_days", "14 if absent.", Kind::Integer { min: 1, max: 365 }),
        optional("note", "For the admins.", line(0, NOTE_MAX)),
    ],
};

/// The code that a checked body asks for; it lives as long as `life` if nobody says.
pub fn new_invite(body: &Map<String, Value>, life: Duration) -> NewInvite {
    let number = |name: &str| body.get(name).and_then(Value::as_u64);
    NewInvite {
        note: text(body, "note").to_owned(),
        max_uses: number("max_uses").and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
        life: number("expires_in_days").map_or(life, |days| Duration::from_hours(days * 24)),
    }
}
