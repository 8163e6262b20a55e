//! German.

mod account;
mod credits;
mod leads;
mod progress;
mod saved;
mod shares;
mod stats;
mod card;
mod cards;
mod editor;
mod settings;
mod shell;
mod machine;
mod admin;
mod webhooks;
mod tokens;
mod profile;

use super::{Words, date};
use crate::domain::languages::Language;
use crate::error::Fault;

/// All of it.
pub(super) const WORDS: Words = Words {
    language: Language::De,
    shell: shell::WORDS,
    account: account::WORDS,
    card: card::WORDS,
    cards: cards::WORDS,
    editor: editor::WORDS,
    settings: settings::WORDS,
    profile: profile::WORDS,
    tokens: tokens::WORDS,
    webhooks: webhooks::WORDS,
    admin: admin::WORDS,
    machine: machine::WORDS,
    leads: leads::WORDS,
    shares: shares::WORDS,
    stats: stats::WORDS,
    credits: credits::WORDS,
    saved: saved::WORDS,
    progress: progress::WORDS,
    day: |at| {
        let (day, month, year) = date(at);
        let names = "Jan. Feb. März Apr. Mai Juni Juli Aug. Sep. Okt. Nov. Dez.";
        let month = names.split(' ').nth(usize::try_from(month).unwrap_or(1) - 1);
        format!("{day}. {} {year}", month.unwrap_or_default())
    },
    thousands: '.',
    decimal: ",",
    fault: |fault| told(fault).map(str::to_owned),
};

/// What is wrong with a field, by the fault's code.
fn told(fault: &Fault) -> Option<&'static str> {
    Some(match fault.code {
        "required" | "blank" => "Bitte ausfüllen.",
        "email" => "Das ist keine E-Mail-Adresse.",
        "handle" => {
            "Nur Buchstaben von a bis z, Ziffern, Bindestrich und Unterstrich, höchstens 50."
        }
        "slug" => "Nur Buchstaben von a bis z, Ziffern und Bindestriche.",
        "weak-password" => {
            "Zu leicht zu erraten oder zu kurz: mindestens 15 Zeichen, und nicht Name oder Adresse."
        }
        "too-short" => "Zu kurz.",
        "too-long" => "Zu lang.",
        "length" => "Die Länge passt nicht.",
        "control" => "Enthält Zeichen, die man nicht sehen kann.",
        "choice" => "Bitte eine der Möglichkeiten wählen.",
        "range" => "Liegt außerhalb des Bereichs.",
        "consent" => "Ohne Einverständnis geht es nicht.",
        "url" | "scheme" => "Das ist keine Adresse, zu der man gehen kann.",
        "date" => "Das ist kein Datum.",
        "phone" => "Das ist keine Telefonnummer.",
        "color" | "colour" => "Das ist keine Farbe.",
        "type" | "uuid" | "number" => "Das ist nicht von der richtigen Art.",
        "too-many" => "Das sind zu viele.",
        "unknown" => "Das gehört nicht hierher.",
        _ => return None,
    })
}
