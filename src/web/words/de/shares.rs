//! Shares.

use crate::domain::events::Event;
use crate::domain::mails::State;
use crate::domain::shares::Channel;
use crate::web::words::shares::Shares;

pub(super) const WORDS: Shares = Shares {
    title: "Geteilt",
    make: "Eine Karte teilen",
    card: "Karte",
    by: "Per",
    channel: |channel| match channel {
        Channel::Email => "E-Mail",
        Channel::Link => "Link",
        Channel::Qr => "QR-Code",
        Channel::Nfc => "NFC-Chip",
    },
    recipient: "Für wen (E-Mail)",
    recipient_hint: "Nur für dich: damit du weißt, wessen Link es ist.",
    go: "Link erstellen",
    send: |price, number| match price {
        0 => "Per E-Mail senden".into(),
        _ => format!("Per E-Mail senden, Guthaben: {number}"),
    },
    unsent: "E-Mail ist nicht eingerichtet: Sie wird in Dateien geschrieben, die jemand senden muss.",
    too_few: |required, available| {
        format!(
            "Eine E-Mail kostet {required} vom Guthaben, verfügbar sind {available}. Nichts wurde verschickt; der Link \
             ist kostenlos."
        )
    },
    hidden: "Diese Karte ist privat oder angehalten: eine E-Mail führte ins Leere, deshalb ging keine hinaus.",
    mail: |state| match state {
        State::Queued => "Die E-Mail ist unterwegs",
        State::Sent => "Verschickt",
        State::Failed => "Die E-Mail war nicht zuzustellen und hat nichts gekostet",
        State::Cancelled => "Die E-Mail wurde abgesagt und hat nichts gekostet",
    },
    done: "Der Link ist fertig.",
    no_card: "Noch keine Karte zum Teilen",
    no_card_help: "Geteilt wird mit einem eigenen Link auf eine deiner Karten: du siehst, wann er zum ersten Mal \
                   geöffnet wurde.",
    no_card_go: "Karte erstellen",
    empty: "Noch nichts geteilt",
    empty_help: "Jedes Mal entsteht ein eigener Link. Sobald ihn jemand öffnet, siehst du hier, wann.",
    made: "Erstellt",
    opened: "Zuerst geöffnet",
    clicked: "Zuerst geklickt",
    clicks: "Klicks",
    not_yet: "noch nicht",
    all: "Alles Geteilte",
    link: "Der Link",
    copy: "Link kopieren",
    qr: "QR-Code des Links",
    help: |channel| match channel {
        Channel::Email => {
            "Setze den Link in deine E-Mail. Wer ihm folgt, sieht die Karte, und du siehst, wann."
        }
        Channel::Link => {
            "Schicke den Link mit einer Nachricht. Wer ihm folgt, sieht die Karte, und du siehst, wann."
        }
        Channel::Qr => {
            "Zeige oder drucke den Code. Wer ihn scannt, sieht die Karte, und du siehst, wann."
        }
        Channel::Nfc => {
            "Schreibe den Link mit dem Telefon auf einen Chip. Wer es daran hält, sieht die Karte, und du siehst, wann."
        }
    },
    offline: "Der Kontakt selbst als Code: braucht kein Netz",
    offline_of: |name| format!("QR-Code mit dem Kontakt von {name}"),
    offline_help: "Kamera darauf halten: Das Telefon bietet an, Name, Firma, Titel, Nummer, E-Mail und Link zu \
        speichern, ganz ohne Netz.",
    offline_copy: "Es ist eine Kopie: Was du später änderst, steht nicht darin, und niemand wird gezählt.",
    offline_too_long: "Name, Firma, Titel, Nummer und E-Mail dieser Karte sind länger als die 1.000 Bytes, die \
        Kameras von einem Code lesen. Kürze sie, oder nimm den Code mit der Adresse der Karte.",
    came: "Was daraus wurde",
    event: |event| match event {
        Event::Open => "Geöffnet",
        Event::Click => "Geklickt",
        Event::View => "Angesehen",
        Event::Bounce => "Zurückgekommen",
    },
    programs: |count, number| {
        if count == 1 {
            "und einmal von einem Programm".into()
        } else {
            format!("und {number}-mal von Programmen")
        }
    },
    first: |event, by_person| match (event, by_person) {
        (Event::Open, true) => "Zum ersten Mal geöffnet",
        (Event::Open, false) => "Von einem Maildienst geöffnet",
        (Event::Click, true) => "Zum ersten Mal geklickt",
        (Event::Click, false) => "Von einem Programm geprüft",
        (Event::View, true) => "Karte zum ersten Mal angesehen",
        (Event::View, false) => "Karte von einem Programm geholt",
        (Event::Bounce, _) => "Die E-Mail kam zurück",
    },
    made_at: "Link erstellt",
    nothing: "Noch nichts: das erste Öffnen wird hier stehen.",
};
