//! One's cards, side by side, and how they come and go.

use crate::web::words::cards::Cards;

pub(super) const WORDS: Cards = Cards {
    title: "Deine Karten",
    new: "Neue Karte",
    empty_title: "Hier stehen bald deine Karten",
    empty: "Eine Karte ist deine eigene Seite mit QR-Code. Wer ihn scannt, hat deine Daten im Telefon.",
    empty_go: "Erste Karte anlegen",
    default: "Hauptkarte",
    paused: "Angehalten",
    private: "Privat",
    unlisted: "Nicht gelistet",
    no_views: "Noch keine Aufrufe",
    edit: "Bearbeiten",
    open: "Ansehen",
    copy_link: "Link kopieren",
    share: "Teilen",
    more: "Mehr",
    duplicate: "Duplizieren",
    pause: "Anhalten",
    resume: "Fortsetzen",
    make_default: "Zur Hauptkarte machen",
    delete: "Löschen…",
    stats: "Statistik",
    qr_svg: "QR-Code (SVG)",
    qr_png: "QR-Code (PNG)",
    more_cards: "Weitere Karten",
    done_duplicated: "Hier ist die Kopie. Sie hat eine eigene Adresse.",
    done_paused: "Angehalten. Die Adresse sagt das, bis du fortsetzt.",
    done_resumed: "Wieder im Netz.",
    done_default: "Das ist jetzt deine Hauptkarte.",
    done_deleted: "Gelöscht. Die Adresse führt nie zu jemand anderem.",
    quota: |n| {
        if n == 1 {
            "Dein Tarif erlaubt eine Karte, und die hast du. Nichts ging verloren.".into()
        } else {
            format!("Dein Tarif erlaubt {n} Karten, und die hast du. Nichts ging verloren.")
        }
    },
    views: |told, n| {
        if n == 1 { "1 Aufruf in 30 Tagen".into() } else { format!("{told} Aufrufe in 30 Tagen") }
    },
    copy_of: |name| format!("{name} (Kopie)"),
    delete_title: |name| format!("„{name}“ löschen?"),
    delete_lead: |url| {
        format!(
            "{url} funktioniert dann nie wieder, gedruckte Codes auch nicht. Kontakte und Statistik dieser \
             Karte gehen mit. Anhalten behält alles."
        )
    },
    delete_default: "Deine älteste andere Karte wird zur Hauptkarte.",
    delete_last: "Das ist deine letzte Karte, und ihre Adresse kann verbreitet sein. Halte sie stattdessen an.",
    delete_stale: "Diese Karte wurde gerade geändert. Sieh noch einmal, ob sie weg soll.",
    delete_go: "Endgültig löschen",
    first_title: "Deine erste Karte",
    first_lead: "Namen prüfen, Aussehen wählen, fertig. Alles lässt sich später ändern.",
    new_title: "Neue Karte",
    create: "Karte anlegen",
    gone_title: "Diese Karte gibt es nicht mehr",
    gone_lead: "Sie wurde gelöscht, aber was du geschrieben hast, ist hier. Du kannst eine neue Karte \
     daraus machen.",
    ready_title: "Deine Karte ist fertig",
    ready_private: "Diese Karte siehst gerade nur du. Ändere das beim Bearbeiten, bevor du sie teilst.",
    ready_try: "Probier es mit dem Telefon",
    ready_how: "Kamera auf den Code halten. Die Karte öffnet sich, mit einem Knopf, der deinen Kontakt \
     speichert.",
    ready_qr: |url| format!("QR-Code, der zu {url} führt"),
    ready_next: "Wie es weitergeht",
    ready_profile: "Daten ergänzen",
    ready_profile_why: "Telefon, E-Mail, Firma: was andere speichern.",
    ready_edit: "Links hinzufügen",
    ready_edit_why: "Websites, Netzwerke, ein Kalender.",
    ready_cards: "Alle Karten ansehen",
};
