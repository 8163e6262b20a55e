//! English.

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

/// All of it. What is wrong with a field the faults themselves say in English.
pub(super) const WORDS: Words = Words {
    language: Language::En,
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
        let names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
        let month = names.split(' ').nth(usize::try_from(month).unwrap_or(1) - 1);
        format!("{day} {} {year}", month.unwrap_or_default())
    },
    thousands: ',',
    decimal: ".",
    fault: |_| None,
};
