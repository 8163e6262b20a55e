//! Credits.

use crate::domain::credits::{Kind, Reason};
use crate::web::words::credits::Credits;

pub(super) const WORDS: Credits = Credits {
    title: "Guthaben",
    available: "Verfügbar",
    available_hint: "jetzt auszugeben",
    held: "Vorgemerkt",
    held_hint: "bis es gebraucht oder frei wird",
    balance: "Kontostand",
    balance_hint: "beides zusammen",
    price: |price, number| match price {
        0 => "Eine Karte per E-Mail zu senden kostet hier nichts.".into(),
        _ => format!(
            "Eine Karte per E-Mail zu senden kostet {number} vom Guthaben; was nicht ankommt, gibt es zurück."
        ),
    },
    pending: "Gerade vorgemerkt",
    until: "wird frei",
    history: "Verlauf",
    empty: "Noch keine Bewegung",
    empty_help: "Mit Guthaben bezahlst du Extras. Du bekommst es von der Verwaltung; was kommt und geht, steht hier.",
    day: "Wann",
    what: "Was",
    why: "Wofür",
    amount: "Betrag",
    after: "Stand",
    aside: "Was in Klammern steht, wurde vorgemerkt oder frei und hat den Kontostand nicht geändert.",
    kind: |kind| match kind {
        Kind::Grant => "Erhalten",
        Kind::Charge => "Ausgegeben",
        Kind::Reservation => "Vorgemerkt",
        Kind::Capture => "Ausgegeben, war vorgemerkt",
        Kind::Void => "Frei geworden",
        Kind::Expiry => "Frei geworden: Zeit abgelaufen",
        Kind::Reversal => "Zurückgenommen",
    },
    reason: |reason| match reason {
        Reason::Purchase => "Kauf",
        Reason::Promotion => "Geschenk",
        Reason::Refund => "Erstattung",
        Reason::Adjustment => "Korrektur",
        Reason::Feature => "Extra",
        Reason::Other => "Sonstiges",
    },
};
