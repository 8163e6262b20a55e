//! The HTTP API: one file per noun, the same noun as in `domain`. A handler takes from the request what it
//! says, opens one door, calls one verb and says the answer.

pub mod users;
pub mod sessions;
pub mod tokens;
mod card_json;
mod card_shapes;
pub mod cards;
pub mod public_cards;
pub mod health;

use crate::error::{Error, Fault};
use crate::http::Problem;
use serde_json::{Map, Value};

/// Lets members that only the server sets pass where they say what stands, so that a whole resource can be
/// sent back, and refuses them where they say something else.
fn refuse_read_only(
    body: &Map<String, Value>,
    standing: &Value,
    read_only: &[&str],
) -> Result<(), Problem> {
    let differs =
        |name: &&&str| body.get(**name).is_some_and(|sent| standing.get(**name) != Some(sent));
    let faults: Vec<Fault> = read_only
        .iter()
        .filter(differs)
        .map(|name| Fault {
            pointer: format!("/{name}"),
            code: "read-only",
            detail: "is set by the server and differs from what stands".into(),
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults).into()) }
}
