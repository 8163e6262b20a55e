//! The public card.

use crate::web::words::card::Card;

pub(super) const WORDS: Card = Card {
    save: "Kontakt speichern",
    call: "Anrufen",
    mail: "E-Mail",
    message_them: "Nachricht",
    map: "Karte",
    actions: "Kontakt aufnehmen",
    photo_of: |name| format!("Foto von {name}"),
    links: "Links",
    elsewhere: "Im Netz",
    direct: "Direkt",
    about: "Über mich",
    facts: "Kontakt",
    mobile: "Mobil",
    phone: "Telefon",
    office_phone: "Büro",
    whatsapp: "WhatsApp",
    email: "E-Mail",
    office_email: "E-Mail im Büro",
    website: "Webseite",
    company_website: "Firma",
    address: "Adresse",
    office_address: "Büro",
    hours: "Bürozeiten",
    birthday: "Geburtstag",
    exchange: "Kontakt austauschen",
    exchange_lead: |name| format!("Lass deinen Kontakt hier, dann kann {name} sich melden."),
    your_name: "Dein Name",
    your_email: "Deine E-Mail-Adresse",
    your_phone: "Deine Telefonnummer",
    your_company: "Deine Firma",
    your_message: "Nachricht",
    consent: |name| format!("{name} darf das behalten und sich bei mir melden."),
    fate: |name| {
        format!(
            "Es geht an {name} und wer für sie oder ihn antwortet, sonst an niemanden. Auf Wunsch wird es \
             jederzeit gelöscht."
        )
    },
    send: "Abschicken",
    leave_empty: "Bitte leer lassen",
    sent: "Danke",
    sent_lead: |name| format!("{name} hat jetzt deinen Kontakt."),
    back: "Zurück zur Karte",
    throttled: "Gerade kam viel aus deinem Netz. Was du geschrieben hast, ist noch da: ein paar Minuten \
     warten, dann abschicken.",
    closed: "Diese Karte nimmt gerade keine Kontakte an. Was du geschrieben hast, ist noch da; nichts wurde \
     verschickt.",
    qr: "QR-Code",
    qr_hint: "Kamera darauf richten, und diese Karte geht auf.",
    share: "Teilen",
    copied: "Adresse kopiert",
    privacy: "Keine Cookies, niemand wird verfolgt. Besuche werden nur gezählt.",
    description: |name| format!("Die Visitenkarte von {name}."),
    member: "Angemeldet",
    keep: "Karte merken",
    kept: "Gemerkt",
    unkeep: "Entfernen",
    own: "Das ist deine Karte.",
    own_hint: "Deine Besuche werden nicht gezählt.",
    edit: "Bearbeiten",
    preview: "Vorschau",
    nobody: "Dein Name",
};
