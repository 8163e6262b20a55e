//! Settings.

use crate::web::words::settings::Settings;

pub(super) const WORDS: Settings = Settings {
    title: "Einstellungen",
    saved: "Gespeichert.",
    language: "Sprache",
    automatic: "Wie der Browser wünscht",
};
