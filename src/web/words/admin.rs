//! Running the installation: how it does, people, invites.

use crate::domain::credits::Reason;
use crate::domain::invites::Status as InviteStatus;
use crate::domain::subscriptions::{Status, Tier};
use std::time::Duration;

/// Its texts.
#[derive(Debug)]
pub struct Admin {
    /// How it does.
    pub overview: &'static str,
    /// Everybody with an account.
    pub people: &'static str,
    /// Requests and codes.
    pub invites: &'static str,
    /// Feature flags.
    pub flags: &'static str,
    /// Jobs.
    pub jobs: &'static str,
    /// The four figures.
    pub figures: &'static str,
    /// Before the time from which they count.
    pub figures_since: &'static str,
    /// Edits that met another: title and sentence.
    pub conflicts: (&'static str, fn(&str, &str) -> String),
    /// What succeeded in the end.
    pub retries: (&'static str, fn(&str, &str) -> String),
    /// Cards without an address.
    pub slugs: (&'static str, fn(&str, &str) -> String),
    /// Attempts until success.
    pub attempts: (&'static str, fn(&str, &str) -> String),
    /// By how many it is measured.
    pub measured: fn(u64) -> String,
    /// There is nothing to measure.
    pub nothing_yet: &'static str,
    /// A threshold.
    pub worry_above: fn(&str) -> String,
    /// A threshold.
    pub worry_below: fn(&str) -> String,
    /// It is as it should be.
    pub well: &'static str,
    /// It is not.
    pub worry: &'static str,
    /// How the server stands.
    pub health: &'static str,
    /// Nothing can be written.
    pub disk_full: &'static str,
    /// How long it has been running.
    pub uptime: &'static str,
    /// A duration.
    pub duration: fn(Duration) -> String,
    /// The database.
    pub database: &'static str,
    /// Its write-ahead log.
    pub log: &'static str,
    /// The disk.
    pub disk: &'static str,
    /// What is left of it.
    pub free: fn(&str) -> String,
    /// Memory in use.
    pub memory: &'static str,
    /// Jobs that are due.
    pub due: &'static str,
    /// Jobs that a worker has.
    pub running: &'static str,
    /// Jobs that were given up.
    pub dead: &'static str,
    /// How mail is sent.
    pub mail: &'static str,
    /// Where mail is written that nobody sends.
    pub outbox: fn(&str) -> String,
    /// The program.
    pub program: &'static str,
    /// A copy.
    pub backup: &'static str,
    /// What it is.
    pub backup_lead: &'static str,
    /// Takes it away.
    pub download: fn(&str) -> String,
    /// Looks for somebody.
    pub search: &'static str,
    /// What to look for.
    pub search_hint: &'static str,
    /// Nobody was found.
    pub nobody: &'static str,
    /// What helps.
    pub nobody_lead: &'static str,
    /// Shows everybody.
    pub everybody: &'static str,
    /// Somebody.
    pub person: &'static str,
    /// What somebody may.
    pub role: &'static str,
    /// Before the day of the account.
    pub joined: &'static str,
    /// Somebody who is locked out.
    pub disabled: &'static str,
    /// Somebody who runs the installation.
    pub admin_role: &'static str,
    /// Anybody.
    pub member_role: &'static str,
    /// What the roles may, of somebody.
    pub role_lead: &'static str,
    /// The same, of oneself.
    pub own_role_lead: &'static str,
    /// Saves it.
    pub save_role: &'static str,
    /// It is done.
    pub role_saved: &'static str,
    /// There would be nobody left; without a full stop.
    pub last_admin: &'static str,
    /// In or out.
    pub access: &'static str,
    /// What an admin can do.
    pub access_lead: &'static str,
    /// Makes a link.
    pub reset: &'static str,
    /// Nobody locks themselves out.
    pub oneself: &'static str,
    /// Locks out.
    pub disable: &'static str,
    /// Asks before.
    pub disable_ask: &'static str,
    /// Lets in again.
    pub enable: &'static str,
    /// It is done.
    pub locked_out: &'static str,
    /// It is done.
    pub let_in: &'static str,
    /// Title of the page with a link.
    pub reset_title: &'static str,
    /// What to do with it.
    pub reset_lead: &'static str,
    /// In place of what is shown once.
    pub withheld: &'static str,
    /// Goes on.
    pub done: &'static str,
    /// What somebody may have.
    pub subscription: &'static str,
    /// What holds now.
    pub limits: fn(&str, &str) -> String,
    /// How much.
    pub tier_label: &'static str,
    /// A tier.
    pub tier: fn(Tier) -> &'static str,
    /// Whether it counts.
    pub status_label: &'static str,
    /// A status.
    pub status: fn(Status) -> &'static str,
    /// When something ends, above its day.
    pub expires: &'static str,
    /// The day on which a subscription ends.
    pub expires_day: &'static str,
    /// The time of that day.
    pub expires_time: &'static str,
    /// What it means to leave them empty.
    pub expires_hint: &'static str,
    /// A day that is none; without a full stop, as are the next.
    pub no_day: &'static str,
    /// A time that is none.
    pub no_time: &'static str,
    /// A time without a day.
    pub no_day_for_time: &'static str,
    /// An end that has passed.
    pub ended: &'static str,
    /// No end.
    pub endless: &'static str,
    /// Saves it.
    pub save_subscription: &'static str,
    /// What cannot come next; without a full stop.
    pub illegal: &'static str,
    /// What stands on the account.
    pub balance: fn(&str, &str) -> String,
    /// How many.
    pub amount: &'static str,
    /// Why.
    pub reason_label: &'static str,
    /// A reason.
    pub reason: fn(Reason) -> &'static str,
    /// In words.
    pub memo: &'static str,
    /// Gives them.
    pub give: &'static str,
    /// It is done.
    pub given: &'static str,
    /// More than an account holds; without a full stop.
    pub too_much: fn(&str) -> String,
    /// Who asks to be let in.
    pub requests: &'static str,
    /// Nobody waits.
    pub no_requests: &'static str,
    /// What would be here.
    pub no_requests_lead: &'static str,
    /// Opens those that are decided.
    pub decided: fn(i64) -> String,
    /// Before the time of a request.
    pub asked: &'static str,
    /// What became of it.
    pub decision: fn(InviteStatus) -> &'static str,
    /// Lets somebody in.
    pub approve: &'static str,
    /// Does not.
    pub reject: &'static str,
    /// It is done.
    pub rejected: &'static str,
    /// Somebody decided first.
    pub faster: fn(&str) -> String,
    /// Codes that let people in.
    pub codes: &'static str,
    /// How many people it has let in.
    pub uses: &'static str,
    /// Ends a code.
    pub withdraw: &'static str,
    /// Asks before.
    pub withdraw_ask: &'static str,
    /// It is done.
    pub withdrawn: &'static str,
    /// Makes a code without a request.
    pub new_code: &'static str,
    /// How many people it lets in.
    pub max_uses: &'static str,
    /// How long it lives.
    pub days: &'static str,
    /// Makes it.
    pub make_code: &'static str,
    /// Title of the page with a code.
    pub code_title: &'static str,
    /// What to do with it.
    pub code_lead: &'static str,
}
