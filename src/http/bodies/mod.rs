//! What bodies and forms hold, one file per noun: the shapes that the API and the pages share, and how a checked one
//! is read. What only one of the two takes stands with it.

pub mod accessibility;
pub mod cards;
pub mod credits;
pub mod flags;
pub mod invites;
pub mod leads;
pub mod new_leads;
pub mod passwords;
pub mod profiles;
pub mod shares;
pub mod subscriptions;
pub mod tokens;
pub mod users;
pub mod webhooks;

use super::shape::{INTEGER_MAX, Kind};
use serde_json::{Map, Value};

/// A time in a reply.
pub const TIME: Kind = Kind::Line { min: 20, max: 30, format: Some("date-time"), rule: None };
/// An id in a reply.
pub const ID: Kind = Kind::Line { min: 36, max: 36, format: Some("uuid"), rule: None };
/// A version in a reply.
pub const VERSION: Kind = Kind::Integer { min: 1, max: INTEGER_MAX };

/// A member's text without white space at its ends; empty if there is none.
fn text<'a>(body: &'a Map<String, Value>, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default().trim()
}
