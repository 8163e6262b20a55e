//! What bodies and forms hold, one file per noun: the shapes that the API and the pages share, and how a checked one
//! is read. What only one of the two takes stands with it.

pub mod leads;
pub mod shares;

use serde_json::{Map, Value};

/// A member's text without white space at its ends; empty if there is none.
fn text<'a>(body: &'a Map<String, Value>, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default().trim()
}
