//! Pages, rendered on the server, escaped by type (`maud`). One file per page; all work without a script.

pub mod assets;
pub mod asks;
pub mod icons;
pub mod words;
pub mod layout;
pub mod forms;
pub mod faults;
pub mod parts;
pub mod merge;
pub mod conflicts;
pub mod card;
pub mod home;
pub mod setup;
pub mod sign_in;
pub mod register;
pub mod invite_requests;
pub mod reset;
pub mod settings;
pub mod account;
pub mod sessions;
pub mod tokens;
pub mod webhooks;
pub mod profile;
pub mod admin;
pub mod turning;
pub mod keys;
pub mod chart;
pub mod qr;
mod inbox;
mod offline_code;
mod lead_pane;
pub mod leads;
pub mod shares;
pub mod stats;
pub mod credits;
pub mod saved;
pub mod progress;
pub mod public_card;
pub mod contact;
mod linked_data;
pub mod picture;
pub mod dashboard;
pub mod editor;
pub mod new_cards;

use crate::http::route::{About, Content, Reply};

/// What a page is made of.
const HTML: Content = Content::Media("text/html");
/// A page that shows something.
const SHOWN: &[Reply] = &[Reply { status: 200, about: "The page", content: HTML }];
/// A form that was sent: done, or back with its faults.
const SENT: &[Reply] = &[
    Reply { status: 303, about: "Done; leads on", content: Content::Nothing },
    Reply { status: 422, about: "The form with its faults", content: HTML },
];
/// A form whose answer is shown once.
const SHOWN_ONCE: &[Reply] = &[
    Reply { status: 200, about: "Done; what it made is shown once", content: HTML },
    Reply { status: 422, about: "The form with its faults", content: HTML },
];

/// A page that shows something.
const fn shows(summary: &'static str) -> About {
    About::new(summary, SHOWN)
}

/// What a form is sent to.
const fn takes(summary: &'static str) -> About {
    About::new(summary, SENT).problems(&[403, 415])
}
