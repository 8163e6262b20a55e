//! How somebody needs the pages to be.

use crate::domain::accessibility::{Settings, TEXT_SCALE_MAX, TEXT_SCALE_MIN};
use crate::http::shape::{Field, Kind, Shape, optional};
use serde_json::{Map, Value};

/// Size of text.
pub const SCALE: Kind = Kind::Number { min: TEXT_SCALE_MIN, max: TEXT_SCALE_MAX };
/// What that is.
pub const SCALE_ABOUT: &str = "Size of text, as a multiple of the normal one.";

/// High contrast.
pub const CONTRAST: Field = optional("high_contrast", "", Kind::Flag);
/// Little motion.
pub const MOTION: Field = optional("reduced_motion", "", Kind::Flag);
/// Large text.
pub const LARGE: Field = optional("large_text", "", Kind::Flag);
/// Letters that are told apart more easily.
pub const FONT: Field = optional("dyslexia_font", "", Kind::Flag);
/// Size of text, which may be left out.
pub const SIZE: Field = optional("text_scale", SCALE_ABOUT, SCALE);
/// Whether keys of one character do nothing.
pub const KEYS: Field = optional(
    "no_character_keys",
    "Keys of one character do nothing on the pages. Said only where it is true.",
    Kind::Flag,
);

/// All of it.
pub const CONTENT: Shape =
    Shape { name: "AccessibilityContent", fields: &[CONTRAST, MOTION, LARGE, FONT, SIZE, KEYS] };

/// What is not said, or null, is the default.
pub fn settings(body: &Map<String, Value>) -> Settings {
    let flag = |name: &str| body.get(name).and_then(Value::as_bool).unwrap_or(false);
    Settings {
        high_contrast: flag("high_contrast"),
        reduced_motion: flag("reduced_motion"),
        large_text: flag("large_text"),
        dyslexia_font: flag("dyslexia_font"),
        text_scale: body.get("text_scale").and_then(Value::as_f64).unwrap_or(1.0),
        no_character_keys: flag("no_character_keys"),
    }
}
