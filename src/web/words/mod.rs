//! What the pages say, in each language all of it: a text that one language lacks does not compile. A group of
//! pages has a struct here and a constant in each of the folders `en` and `de`.

pub mod account;
pub mod credits;
pub mod leads;
pub mod progress;
pub mod saved;
pub mod shares;
pub mod stats;
pub mod card;
pub mod cards;
pub mod editor;
pub mod settings;
pub mod shell;
pub mod profile;
pub mod tokens;
pub mod webhooks;
pub mod admin;
pub mod machine;
mod de;
mod en;

use crate::clock::Millis;
use crate::domain::languages::Language;
use crate::error::Fault;

/// The texts of a language.
#[derive(Debug)]
pub struct Words {
    /// Which language.
    pub language: Language,
    /// The frame of every page.
    pub shell: shell::Shell,
    /// Signing in and getting an account.
    pub account: account::Account,
    /// The public card.
    pub card: card::Card,
    /// One's cards.
    pub cards: cards::Cards,
    /// The editor of a card.
    pub editor: editor::Editor,
    /// Settings.
    pub settings: settings::Settings,
    /// The profile.
    pub profile: profile::Profile,
    /// API tokens.
    pub tokens: tokens::Tokens,
    /// Webhooks.
    pub webhooks: webhooks::Webhooks,
    /// Running the installation.
    pub admin: admin::Admin,
    /// Flags and jobs.
    pub machine: machine::Machine,
    /// The inbox.
    pub leads: leads::Leads,
    /// Shares.
    pub shares: shares::Shares,
    /// What became of a card.
    pub stats: stats::Stats,
    /// Credits.
    pub credits: credits::Credits,
    /// Saved cards.
    pub saved: saved::Saved,
    /// Progress.
    pub progress: progress::Progress,
    /// A day, as it is read: `22 Nov 2026`.
    pub day: fn(Millis) -> String,
    /// What separates thousands.
    pub thousands: char,
    /// What separates a whole number from its fraction.
    pub decimal: &'static str,
    /// What is wrong with a field, by the fault's code; else its own words are told.
    pub fault: fn(&Fault) -> Option<String>,
}

impl Words {
    /// The texts of `language`.
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::WORDS,
            Language::De => &de::WORDS,
        }
    }

    /// A whole number, with its thousands apart.
    pub fn number(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut told = if number < 0 { "−".to_owned() } else { String::new() };
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                told.push(self.thousands);
            }
            told.push(digit);
        }
        told
    }

    /// What is wrong with a field, as a sentence.
    pub fn told(&self, fault: &Fault) -> String {
        (self.fault)(fault).unwrap_or_else(|| format!("{}.", capitalised(&fault.detail)))
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Day, month (from 1) and year in UTC.
fn date(at: Millis) -> (i8, i8, i16) {
    let time = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
    (date.day(), date.month(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_days_are_told_as_each_language_does() {
        let (en, de) = (Words::of(Language::En), Words::of(Language::De));
        for (number, english, german) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_000, "1,000", "1.000"),
            (-12_345_678, "−12,345,678", "−12.345.678"),
        ] {
            assert_eq!((en.number(number), de.number(number)), (english.into(), german.into()));
        }
        let day = Millis(1_795_305_600_000);
        assert_eq!(((en.day)(day), (de.day)(day)), ("22 Nov 2026".into(), "22. Nov. 2026".into()));
    }
}
