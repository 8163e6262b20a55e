//! Moving credits.

use super::ID;
use crate::domain::credits::{AMOUNT_MAX, MEMO_MAX, Reason};
use crate::http::shape::{Field, Kind, Shape, line, optional, required};

/// Most characters of a key.
const KEY_MAX: usize = 255;

/// So many.
pub const AMOUNT: Kind = Kind::Integer { min: 1, max: AMOUNT_MAX };
/// Why.
pub const REASON: Kind = Kind::Choice(Reason::WORDS);
/// In words.
pub const MEMO: Kind = line(0, MEMO_MAX);

/// How many.
pub const AMOUNT_FIELD: Field = required("amount", "In whole credits.", AMOUNT);
/// Why.
pub const REASON_FIELD: Field = required("reason", "", REASON);
/// In words.
pub const MEMO_FIELD: Field = optional("memo", "", MEMO);
/// What makes it happen once.
pub const KEY_FIELD: Field =
    optional("idempotency_key", "In place of the header field.", line(1, KEY_MAX));

/// What gives credits to a person.
pub const NEW_GRANT: Shape = Shape {
    name: "NewGrant",
    fields: &[
        required("user_id", "Who gets them.", ID),
        AMOUNT_FIELD,
        REASON_FIELD,
        MEMO_FIELD,
        KEY_FIELD,
    ],
};
