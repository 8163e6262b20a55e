//! Shares.

use crate::domain::events::Event;
use crate::domain::mails::State;
use crate::domain::shares::Channel;

/// Their texts.
#[derive(Debug)]
pub struct Shares {
    /// Title of the page.
    pub title: &'static str,
    /// Title of the form.
    pub make: &'static str,
    /// Field: which card.
    pub card: &'static str,
    /// Field: by which way.
    pub by: &'static str,
    /// A way.
    pub channel: fn(Channel) -> &'static str,
    /// Field: to whom.
    pub recipient: &'static str,
    /// Who sees that.
    pub recipient_hint: &'static str,
    /// Makes it.
    pub go: &'static str,
    /// Makes it and mails it, by the price and how that is read.
    pub send: fn(i64, &str) -> String,
    /// What becomes of mail that nobody sends.
    pub unsent: &'static str,
    /// Credits are too few: what it takes, and what is available.
    pub too_few: fn(&str, &str) -> String,
    /// Nobody would be shown the card.
    pub hidden: &'static str,
    /// How a mail stands.
    pub mail: fn(State) -> &'static str,
    /// Made.
    pub done: &'static str,
    /// Title where there is no card to share.
    pub no_card: &'static str,
    /// What is missing then.
    pub no_card_help: &'static str,
    /// Makes a card.
    pub no_card_go: &'static str,
    /// Title where nothing was shared.
    pub empty: &'static str,
    /// What will be there.
    pub empty_help: &'static str,
    /// When it was made.
    pub made: &'static str,
    /// When it was opened first.
    pub opened: &'static str,
    /// When its link was followed first.
    pub clicked: &'static str,
    /// How often people followed its link.
    pub clicks: &'static str,
    /// In place of a time.
    pub not_yet: &'static str,
    /// Back to the list.
    pub all: &'static str,
    /// Title of the link.
    pub link: &'static str,
    /// Copies it.
    pub copy: &'static str,
    /// What the picture is.
    pub qr: &'static str,
    /// What to do with the link.
    pub help: fn(Channel) -> &'static str,
    /// Opens the code that holds the contact itself.
    pub offline: &'static str,
    /// What that picture is.
    pub offline_of: fn(&str) -> String,
    /// What to do with it.
    pub offline_help: &'static str,
    /// What it does not do.
    pub offline_copy: &'static str,
    /// The contact does not fit.
    pub offline_too_long: &'static str,
    /// Title of what came of it.
    pub came: &'static str,
    /// What a figure counts.
    pub event: fn(Event) -> &'static str,
    /// So many more by programs, by their number and how it is read.
    pub programs: fn(i64, &str) -> String,
    /// The first of its kind, by a person or by a program.
    pub first: fn(Event, bool) -> &'static str,
    /// The share was made.
    pub made_at: &'static str,
    /// Nothing came of it so far.
    pub nothing: &'static str,
}
