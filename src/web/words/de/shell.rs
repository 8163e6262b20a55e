//! The frame of every page.

use crate::web::words::shell::Shell;

pub(super) const WORDS: Shell = Shell {
    skip: "Zum Inhalt",
    places: "Orte",
    cards: "Karten",
    leads: "Kontakte",
    shares: "Geteilt",
    saved: "Gemerkt",
    credits: "Guthaben",
    progress: "Fortschritt",
    profile: "Profil",
    settings: "Einstellungen",
    admin: "Verwaltung",
    sign_out: "Abmelden",
    copied: "Kopiert",
    copy: "Kopieren",
    keys: "Tasten",
    keys_off: "Diese Tastenkürzel abschalten",
    close: "Schließen",
    cancel: "Abbrechen",
    save: "Speichern",
    more: "Mehr",
    check: "Bitte prüfen, was markiert ist. Nichts ging verloren.",
    optional: "freiwillig",
    fault_title: |status| match status {
        403 => "Nicht erlaubt",
        404 => "Hier ist nichts",
        405 => "Das geht hier nicht",
        409 | 412 => "Jemand war schneller",
        410 => "Das gibt es nicht mehr",
        413 => "Das ist zu groß",
        429 => "Bitte etwas langsamer",
        503 => "Gerade viel zu tun",
        500..=599 => "Bei uns ging etwas kaputt",
        _ => "Diese Anfrage war nicht zu lesen",
    },
    fault_help: |status, code| match (status, code) {
        (403, "csrf-rejected") => {
            "Das Formular kam von der Seite eines anderen, deshalb wurde nichts geändert. Bitte hier öffnen und \
             noch einmal versuchen."
        }
        (403, _) => "Dieses Konto darf das nicht. Die Verwaltung kann es ändern.",
        (404, _) => {
            "Vielleicht ein Tippfehler in der Adresse, oder die Seite ist nicht für dich bestimmt."
        }
        (410, _) => "Das war einmal hier. Wem es gehörte, hat es angehalten oder gelöscht.",
        (409 | 412, _) => {
            "Es hat sich inzwischen geändert. Nichts wurde überschrieben: noch einmal ansehen und entscheiden."
        }
        (413, _) => "Bitte etwas Kleineres schicken. Davon wurde nichts behalten.",
        (429, _) => {
            "Das waren viele Versuche in kurzer Zeit. Ein paar Minuten warten, dann geht es wieder."
        }
        (503, "disk-full") => {
            "Die Platte dieses Servers ist voll: Lesen geht, Speichern nicht. Nichts wurde geändert."
        }
        (503, _) => "Nichts wurde geändert. Gleich noch einmal versuchen.",
        (500..=599, _) => "Nichts wurde geändert. Mehr steht im Protokoll des Servers.",
        _ => "Nichts wurde geändert. Zurückgehen und noch einmal versuchen.",
    },
    fault_back: "Zur ersten Seite",
    fault_request: "Anfrage",
};
