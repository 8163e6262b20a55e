//! API tokens.

use super::text;
use crate::domain::tokens::{self, NewToken, Scope, Scopes};
use crate::http::shape::{Kind, Shape, line, optional, required};
use crate::store::tx::Named;
use serde_json::{Map, Value};

/// Scopes by their names.
pub const SCOPES: Kind = Kind::List { of: &Kind::Choice(Scope::WORDS), max: Scope::WORDS.len() };
/// What its owner calls a token.
pub const NAME: Kind = line(1, tokens::NAME_MAX);

/// What makes a token.
pub const NEW_TOKEN: Shape = Shape {
    name: "NewToken",
    fields: &[
        required("name", "What you call it.", NAME),
        required("scopes", "What it may do.", SCOPES),
        optional("expires_in_days", "For good if absent.", Kind::Integer { min: 1, max: 3_650 }),
    ],
};

/// The token that a checked body asks for.
pub fn new_token(body: &Map<String, Value>) -> NewToken {
    let names = body.get("scopes").and_then(Value::as_array).into_iter().flatten();
    let scopes = names.filter_map(Value::as_str).filter_map(Scope::from_name);
    NewToken {
        name: text(body, "name").to_owned(),
        scopes: scopes.fold(Scopes::default(), Scopes::with),
        expires_in_days: body
            .get("expires_in_days")
            .and_then(Value::as_u64)
            .and_then(|days| u32::try_from(days).ok()),
    }
}
