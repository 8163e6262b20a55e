//! The profile.

use crate::web::words::profile::Profile;

pub(super) const WORDS: Profile = Profile {
    title: "Profil",
    lead: "Schreib es einmal; jede Karte zeigt davon, was du wählst. Leer lassen darfst du alles.",
    personal: "Du",
    personal_lead: "Wer du bist, abseits der Arbeit. Adressen und Nummern bleiben privat, bis eine Karte sie \
        zeigt.",
    professional: "Deine Arbeit",
    professional_lead: "Was du tust, wo, und wie man dich dort erreicht.",
    field: |name| match name {
        "full_name" => "Voller Name",
        "date_of_birth" => "Geburtsdatum",
        "primary_email" => "E-Mail",
        "secondary_email" => "Zweite E-Mail",
        "mobile_number" => "Mobil",
        "phone_number" => "Telefon",
        "whatsapp_number" => "WhatsApp",
        "home_address" => "Privatadresse",
        "bio" => "Über dich",
        "pronouns" => "Pronomen",
        "website" => "Website",
        "designation" => "Funktion",
        "department" => "Abteilung",
        "company_name" => "Firma",
        "company_website" => "Website der Firma",
        "office_email" => "E-Mail im Büro",
        "office_phone" => "Telefon im Büro",
        "office_address" => "Büroadresse",
        "office_hours" => "Bürozeiten",
        _ => "",
    },
    hint: |name| match name {
        "bio" => "Was du in der ersten Minute sagen würdest.",
        "office_hours" => "Je eine Zeile: Mo–Fr 9–17",
        "website" => "Mit https://",
        _ => "",
    },
    saved: "Gespeichert. Deine Karten zeigen es schon.",
    merged: "Gespeichert. Was anderswo inzwischen geändert wurde, blieb auch erhalten.",
    conflict_lead: |n| {
        let what = match n {
            1 => "Ein Feld wurde".to_owned(),
            n => format!("{n} Felder wurden"),
        };
        format!(
            "Dein Profil wurde anderswo gespeichert, während du es bearbeitet hast. Nichts ist verloren: {what} \
             auf beiden Seiten geändert, du entscheidest."
        )
    },
    saved_at: "Zuletzt gespeichert",
    discard: "Beim Gespeicherten bleiben",
    photo: "Foto",
    photo_lead: "Nur das Bild bleibt: Aufnahmeort und Kamera werden daraus entfernt.",
    photo_alt: "Dein Foto",
    choose: "Bild auswählen",
    photo_hint: "PNG, JPEG oder WebP, bis 5 MB.",
    upload: "Dieses Bild nehmen",
    remove: "Foto entfernen",
    photo_saved: "Dein Foto ist auf deinen Karten.",
    photo_removed: "Dein Foto ist entfernt.",
    photo_fault: |name| match name {
        "image-missing" => "Wähle zuerst ein Bild.",
        "image-type-mismatch" => {
            "Das ist kein Bild, das hier zu lesen ist. PNG, JPEG und WebP gehen."
        }
        "image-animated" => "Dieses Bild bewegt sich. Wähle eins, das stillhält.",
        "image-too-large" => "Dieses Bild hat zu viele Bildpunkte. 12 Megapixel passen immer.",
        _ => "Dieses Bild ist nicht zu lesen: beschädigt oder unvollständig.",
    },
};
