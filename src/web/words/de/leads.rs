//! The inbox.

use crate::domain::leads::{Reason, Status};
use crate::web::words::leads::Leads;

pub(super) const WORDS: Leads = Leads {
    title: "Kontakte",
    list: "Die Liste",
    views: "Nach Stand",
    all: "Alle",
    status: |status| match status {
        Status::Open => "Offen",
        Status::Claimed => "In Arbeit",
        Status::Closed => "Erledigt",
        Status::Converted => "Gewonnen",
    },
    search: "Suchen",
    with: "Bei",
    with_anyone: "allen",
    with_me: "mir",
    with_nobody: "niemandem",
    show: "Zeigen",
    show_all: "Alle zeigen",
    csv: "Als CSV laden",
    claim_next: "Nächsten übernehmen",
    empty: "Noch keine Kontakte",
    empty_help: "Wer auf einer deiner Karten seine Daten hinterlässt, steht hier, samt Nachricht. \
                 Teile eine Karte, dann kommt der erste.",
    empty_go: "Eine Karte teilen",
    none: "Dazu passt hier nichts.",
    choose: "Wähle einen Kontakt zum Lesen",
    choose_keys: "Mit der Tastatur: j und k gehen durch die Liste, c übernimmt, ? zeigt alle Tasten.",
    back: "Alle Kontakte",
    you: "Du",
    gone: "Jemand, der nicht mehr da ist",
    by_card: "Über die Karte",
    came: "Gekommen",
    email: "E-Mail",
    phone: "Telefon",
    company: "Firma",
    message: "Nachricht",
    claim: "Übernehmen",
    convert: "Als gewonnen abschließen",
    close: "Erledigen",
    reopen: "Wieder aufnehmen",
    release: "Zurückgeben",
    notes: "Notizen",
    notes_hint: "Lesen können sie alle, die diesen Kontakt sehen.",
    save_notes: "Notizen speichern",
    reassign: "Weitergeben",
    reassign_to: "An wen (E-Mail)",
    reassign_go: "Weitergeben",
    reassign_none: "Freigeben",
    reassign_unknown: "Hier hat niemand diese Adresse, oder das Konto ist gesperrt.",
    history: "Verlauf",
    left: |name| format!("Von {name} hinterlassen"),
    epoch: |reason, name| match reason {
        Reason::Routed => format!("Ging an {name}, über die eigene Karte"),
        Reason::Claimed => format!("Von {name} übernommen"),
        Reason::Reassigned => format!("An {name} weitergegeben"),
        Reason::Released => "Ans Team zurückgegeben".into(),
        Reason::Left => "Wieder beim Team: wer ihn hatte, ist nicht mehr da".into(),
    },
    free: "Darum kümmert sich noch niemand.",
    held: |name| format!("Darum kümmert sich {name}."),
    held_by_you: "Darum kümmerst du dich.",
    lost: |name, seconds| match seconds {
        0 => format!("{name} war einen Augenblick schneller als du."),
        1 => format!("{name} war eine Sekunde schneller als du."),
        2..=59 => format!("{name} war {seconds} Sekunden schneller als du."),
        60..=119 => format!("{name} war eine Minute schneller als du."),
        120..=3_599 => format!("{name} war {} Minuten schneller als du.", seconds / 60),
        _ => format!("{name} hat das schon übernommen."),
    },
    over: "Das ist abgeschlossen: hier gibt es nichts zu übernehmen oder zurückzugeben.",
    relieved: |name| {
        format!(
            "Darum kümmert sich jetzt {name}, deshalb wurde nichts gespeichert. Was du geschrieben hast, steht unten."
        )
    },
    relieved_free: "Das ist jetzt bei niemandem, deshalb wurde nichts gespeichert. Was du geschrieben hast, steht \
                    unten; übernimm den Kontakt, um es zu speichern.",
    own: "Dieser Kontakt kam über deine Karte und ist nur für dich: er wird nicht weitergegeben.",
    stale: "Die Notizen haben sich geändert, während du geschrieben hast. Nichts wurde überschrieben: beides steht \
            unten.",
    standing: "Was jetzt dort steht",
    typed: "Was du geschrieben hast",
    standing_none: "Nichts.",
    done: |code| {
        Some(match code {
            "claimed" => "Übernommen.",
            "saved" => "Gespeichert.",
            "closed" => "Erledigt.",
            "converted" => "Gewonnen. Gut gemacht!",
            "reopened" => "Wieder in Arbeit.",
            "released" => "Zurückgegeben: jetzt kann jemand anders übernehmen.",
            "reassigned" => "Weitergegeben.",
            "none-open" => "Nichts ist offen: alle Kontakte sind in guten Händen.",
            _ => return None,
        })
    },
    key_next: "der nächste Kontakt",
    key_previous: "der Kontakt davor",
};
