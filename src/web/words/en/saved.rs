//! Saved cards.

use crate::web::words::saved::Saved;

pub(super) const WORDS: Saved = Saved {
    title: "Saved cards",
    empty: "No saved cards yet",
    empty_help: "Open somebody's card and choose “Save card”: it stands here then, always as it is now.",
    hidden: "A card that is not shown just now",
    hidden_help: "Its owner has paused it or made it private. It comes back by itself.",
    remove: "Remove",
    remove_of: |name| format!("Remove {name}"),
    done: |code| match code {
        "saved" => Some("Saved."),
        "removed" => Some("Removed."),
        _ => None,
    },
};
