//! The editor of a card, and what it says when a card was changed elsewhere.

use crate::web::words::editor::Editor;

pub(super) const WORDS: Editor = Editor {
    name: "Name der Karte",
    name_hint: "Steht dort, wo im Profil kein Name ist.",
    slug: "Adresse",
    slug_hint: |url| format!("{url}/c/… Die alte führt weiter hierher."),
    slug_new: |url| format!("{url}/c/… Leer gelassen, wird sie aus dem Namen gemacht."),
    slug_taken: "Diese Adresse ist vergeben.",
    slug_free: "Frei:",
    look: "Aussehen",
    template: "Vorlage",
    templates: [
        ("Visitenkarte", "Hochkant, mittig, Foto rund"),
        ("Brief", "Foto, Text, Liste von Links"),
        ("Geschäftskarte", "85 × 55 mm, passt auf Karton"),
        ("Briefkopf", "Firma, Öffnungszeiten, Karte"),
        ("Eigene", "Farbe, Schrift und Anordnung entscheiden"),
    ],
    color: "Farbe",
    color_hint: "Schrift darauf bleibt lesbar, was du auch wählst.",
    font: "Schrift",
    fonts: ["Wie die Vorlage", "Ohne Serifen", "Mit Serifen", "Feste Breite"],
    layout: "Anordnung",
    layouts: ["Wie die Vorlage", "Untereinander", "Nebeneinander"],
    layout_hint: "Zählt nur bei „Eigene“.",
    links: "Links",
    links_hint: "Eine Webadresse, E-Mail-Adresse oder Telefonnummer.",
    links_none: "Noch keine Links.",
    link_url: "Ziel",
    link_label: "Beschriftung",
    link_platform: "Art",
    link_automatic: "Nach dem Ziel",
    link_shown: "Zeigen",
    link_number: |n| format!("Link {n}"),
    link_up: "Nach oben",
    link_down: "Nach unten",
    link_remove: "Entfernen",
    link_add: "Link hinzufügen",
    link_most: "Eine Karte hat höchstens 50 Links.",
    link_moved: |n| format!("Jetzt an Stelle {n}."),
    drag: "Zum Umordnen ziehen",
    shows: "Aus deinem Profil gezeigt",
    shows_hint: "Die Inhalte sind auf allen deinen Karten gleich.",
    shows_edit: "Profil bearbeiten",
    shows_empty: |n| {
        if n == 1 {
            "1 Feld, das noch leer ist".into()
        } else {
            format!("{n} Felder, die noch leer sind")
        }
    },
    further: "Adresse, Links und mehr",
    sections: ["Person", "Arbeit"],
    fields: [
        "Name",
        "Geburtstag",
        "E-Mail",
        "Zweite E-Mail",
        "Mobil",
        "Telefon",
        "WhatsApp",
        "Anschrift",
        "Über mich",
        "Pronomen",
        "Website",
        "Titel",
        "Abteilung",
        "Firma",
        "Website der Firma",
        "E-Mail im Büro",
        "Telefon im Büro",
        "Anschrift des Büros",
        "Bürozeiten",
    ],
    visibility: "Wer sie sieht",
    visibilities: [
        ("Alle", "Suchmaschinen dürfen sie führen"),
        ("Wer den Link hat", "Suchmaschinen sollen sie nicht führen"),
        ("Nur du", "Für alle anderen gibt es sie nicht"),
    ],
    routing: "Wer ihre Kontakte bekommt",
    routings: [
        ("Du", "Sie kommen in deine eigene Liste"),
        ("Das Team", "Wer zuerst zugreift, hat ihn"),
    ],
    preview: "Vorschau",
    preview_go: "Vorschau auffrischen",
    whole: "Ganze Karte",
    undo: "Änderungen verwerfen",
    saved: |n| format!("Gespeichert, Version {n}"),
    merged: |n| {
        format!(
            "Gespeichert, Version {n}. Was anderswo inzwischen geändert wurde, blieb auch erhalten."
        )
    },
    created_copy: "Das ist die Kopie. Gib ihr einen Namen.",
    dirty: "Nicht gespeichert",
    saving: "Wird gespeichert…",
    elsewhere: "In einem anderen Tab geändert",
    review: "Ansehen",
    offline: "Offline: auf diesem Gerät aufgehoben",
    restored: "Nicht gespeicherte Änderungen von vorhin sind wieder da.",
    gone: "In einem anderen Tab gelöscht: Speichern bietet an, sie neu anzulegen",
    sign_in: "Zum Speichern anmelden",
    sign_in_lead: "Deine Anmeldung ist abgelaufen. Nichts ist verloren: anmelden, dann wird gespeichert.",
    sign_in_wrong: "Das hat nicht geklappt. Prüfe Adresse und Passwort.",
    conflict: "Zwei Änderungen treffen sich",
    conflict_lead: |n| {
        if n == 0 {
            "Diese Karte wurde anderswo gespeichert, während du sie bearbeitet hast. Nichts trifft \
             aufeinander: Das kommt bei beidem heraus."
                .into()
        } else if n == 1 {
            "Diese Karte wurde anderswo gespeichert, während du sie bearbeitet hast. Nichts ist verloren: \
             Eine Sache wurde auf beiden Seiten geändert, du entscheidest.".into()
        } else {
            format!(
                "Diese Karte wurde anderswo gespeichert, während du sie bearbeitet hast. Nichts ist \
                 verloren: {n} Dinge wurden auf beiden Seiten geändert, du entscheidest."
            )
        }
    },
    conflict_when: "Anderswo gespeichert:",
    yours: "Deins",
    theirs: "Anderswo gespeichert",
    other: "Etwas anderes",
    other_value: "Stattdessen",
    removed: "Entfernt",
    empty: "Leer",
    choose: "Bitte eines davon wählen.",
    order: "Reihenfolge der Links",
    merged_for_you: |n| {
        if n == 1 {
            "1 Änderung für dich übernommen".into()
        } else {
            format!("{n} Änderungen für dich übernommen")
        }
    },
    merged_yours: "Von dir, behalten",
    merged_theirs: "Von anderswo, übernommen",
    save_as: |n| format!("Als Version {n} speichern"),
    shown: "gezeigt",
    hidden: "nicht gezeigt",
    keys: [("Strg+S", "Speichern"), ("p", "Vorschau auffrischen")],
};
