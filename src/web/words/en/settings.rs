//! Settings.

use crate::web::words::settings::Settings;

pub(super) const WORDS: Settings = Settings {
    title: "Settings",
    saved: "Saved.",
    language: "Language",
    automatic: "As the browser asks",
};
