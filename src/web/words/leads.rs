//! The inbox.

use crate::domain::leads::{Reason, Status};

/// Its texts.
#[derive(Debug)]
pub struct Leads {
    /// Title of the page.
    pub title: &'static str,
    /// What the list is called.
    pub list: &'static str,
    /// What the ways to choose by status are called.
    pub views: &'static str,
    /// Whatever the status.
    pub all: &'static str,
    /// A status.
    pub status: fn(Status) -> &'static str,
    /// Field: what is searched for.
    pub search: &'static str,
    /// Field: with whom.
    pub with: &'static str,
    /// With anybody or nobody.
    pub with_anyone: &'static str,
    /// With whoever reads this.
    pub with_me: &'static str,
    /// With nobody.
    pub with_nobody: &'static str,
    /// Shows what was chosen.
    pub show: &'static str,
    /// Shows all again.
    pub show_all: &'static str,
    /// The list as a file.
    pub csv: &'static str,
    /// Takes the oldest that is open.
    pub claim_next: &'static str,
    /// Title where there is none.
    pub empty: &'static str,
    /// How to get the first one.
    pub empty_help: &'static str,
    /// To one's cards, which bring them.
    pub empty_go: &'static str,
    /// Where a choice leaves none.
    pub none: &'static str,
    /// In the pane, before one is chosen.
    pub choose: &'static str,
    /// Beside it: keys help.
    pub choose_keys: &'static str,
    /// Back to the list, on a phone.
    pub back: &'static str,
    /// Whoever reads this, as the one it is with.
    pub you: &'static str,
    /// Somebody who has no account any more.
    pub gone: &'static str,
    /// By which card it came.
    pub by_card: &'static str,
    /// When it came.
    pub came: &'static str,
    /// Facts.
    pub email: &'static str,
    /// Facts.
    pub phone: &'static str,
    /// Facts.
    pub company: &'static str,
    /// What they wrote.
    pub message: &'static str,
    /// Takes it.
    pub claim: &'static str,
    /// Something came of it.
    pub convert: &'static str,
    /// Nothing came of it.
    pub close: &'static str,
    /// Works it again.
    pub reopen: &'static str,
    /// Gives it back to the team.
    pub release: &'static str,
    /// Title and field.
    pub notes: &'static str,
    /// Who sees them.
    pub notes_hint: &'static str,
    /// Saves them.
    pub save_notes: &'static str,
    /// Title: hands it on.
    pub reassign: &'static str,
    /// Field: to whom.
    pub reassign_to: &'static str,
    /// Hands it on.
    pub reassign_go: &'static str,
    /// Takes it from whoever has it.
    pub reassign_none: &'static str,
    /// There is nobody of that address.
    pub reassign_unknown: &'static str,
    /// Title: what became of it.
    pub history: &'static str,
    /// When it was left, by name of the sender.
    pub left: fn(&str) -> String,
    /// What began an epoch, by the reason and the name.
    pub epoch: fn(Reason, &str) -> String,
    /// Nobody works it.
    pub free: &'static str,
    /// Who works it, by name.
    pub held: fn(&str) -> String,
    /// Whoever reads this works it.
    pub held_by_you: &'static str,
    /// It was claimed before, by name and seconds between.
    pub lost: fn(&str, u64) -> String,
    /// It is closed or converted, so there is nothing to take.
    pub over: &'static str,
    /// It is with somebody else by now; nothing was saved.
    pub relieved: fn(&str) -> String,
    /// It is with nobody by now; nothing was saved.
    pub relieved_free: &'static str,
    /// It is one person's alone.
    pub own: &'static str,
    /// Somebody, or another tab, was faster: nothing was overwritten.
    pub stale: &'static str,
    /// Title of what stands.
    pub standing: &'static str,
    /// Title of what was typed.
    pub typed: &'static str,
    /// Where nothing stands.
    pub standing_none: &'static str,
    /// What has just been done, by its code.
    pub done: fn(&str) -> Option<&'static str>,
    /// To the next one in the list.
    pub key_next: &'static str,
    /// To the one before.
    pub key_previous: &'static str,
}
