//! Saved cards.

use crate::web::words::saved::Saved;

pub(super) const WORDS: Saved = Saved {
    title: "Gemerkte Karten",
    empty: "Noch keine Karte gemerkt",
    empty_help: "Öffne eine Karte und wähle „Karte merken“: dann steht sie hier, immer auf dem neuesten Stand.",
    hidden: "Eine Karte, die gerade nicht zu sehen ist",
    hidden_help: "Sie ist angehalten oder privat und kommt von selbst wieder.",
    remove: "Entfernen",
    remove_of: |name| format!("{name} entfernen"),
    done: |code| match code {
        "saved" => Some("Gemerkt."),
        "removed" => Some("Entfernt."),
        _ => None,
    },
};
