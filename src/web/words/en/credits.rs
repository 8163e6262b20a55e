//! Credits.

use crate::domain::credits::{Kind, Reason};
use crate::web::words::credits::Credits;

pub(super) const WORDS: Credits = Credits {
    title: "Credits",
    available: "Available",
    available_hint: "to spend now",
    held: "Set aside",
    held_hint: "until it is taken or freed",
    balance: "Balance",
    balance_hint: "both together",
    price: |price, number| match price {
        0 => "Sending a card by mail costs nothing here.".into(),
        1 => "Sending a card by mail costs 1 credit; what is not delivered is given back.".into(),
        _ => format!(
            "Sending a card by mail costs {number} credits; what is not delivered is given back."
        ),
    },
    pending: "Set aside just now",
    until: "frees itself",
    history: "History",
    empty: "Nothing has moved yet",
    empty_help: "Credits pay for extras. An admin gives them; whatever comes and goes stands here.",
    day: "When",
    what: "What",
    why: "Why",
    amount: "Credits",
    after: "Balance",
    aside: "Numbers in brackets were set aside or freed and changed no balance.",
    kind: |kind| match kind {
        Kind::Grant => "Received",
        Kind::Charge => "Spent",
        Kind::Reservation => "Set aside",
        Kind::Capture => "Spent, set aside before",
        Kind::Void => "Freed",
        Kind::Expiry => "Freed: time was up",
        Kind::Reversal => "Taken back",
    },
    reason: |reason| match reason {
        Reason::Purchase => "Purchase",
        Reason::Promotion => "Present",
        Reason::Refund => "Refund",
        Reason::Adjustment => "Correction",
        Reason::Feature => "Extra",
        Reason::Other => "Other",
    },
};
