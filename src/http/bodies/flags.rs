//! Feature flags.

use super::text;
use crate::domain::flags::{self, Setting};
use crate::http::shape::{Field, Kind, Shape, optional};
use serde_json::{Map, Value};

/// What a flag is for.
pub const DESCRIPTION: Kind = Kind::Prose { min: 0, max: flags::DESCRIPTION_MAX };
/// The share of people that it is on for.
pub const PERCENTAGE: Kind = Kind::Integer { min: 0, max: 100 };
/// Whether it is on at all.
pub const ENABLED: Field = optional("enabled", "false if absent.", Kind::Flag);
/// For how many.
pub const SHARE: Field = optional("percentage", "100 if absent.", PERCENTAGE);
/// What it is for.
pub const TEXT: Field = optional("description", "Empty if absent.", DESCRIPTION);

/// What an admin decides.
pub const CONTENT: Shape = Shape { name: "FlagContent", fields: &[ENABLED, SHARE, TEXT] };

/// The setting that a checked body is.
pub fn setting(body: &Map<String, Value>) -> Setting {
    let share = body.get("percentage").and_then(Value::as_u64);
    Setting {
        enabled: body.get("enabled").and_then(Value::as_bool).unwrap_or(false),
        percentage: share.and_then(|share| u8::try_from(share).ok()).unwrap_or(100),
        description: text(body, "description").to_owned(),
    }
}
