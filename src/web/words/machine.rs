//! Flags and jobs.

use crate::domain::jobs::State as JobState;

/// Its texts.
#[derive(Debug)]
pub struct Machine {
    /// A flag is on.
    pub on: &'static str,
    /// A flag is off.
    pub off: &'static str,
    /// It is on for a share.
    pub on_for: fn(i64) -> String,
    /// Switches it on.
    pub enabled: &'static str,
    /// What it does.
    pub enabled_hint: &'static str,
    /// The share of people.
    pub percentage: &'static str,
    /// What it does.
    pub percentage_hint: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Its name.
    pub key: &'static str,
    /// What it must be like.
    pub key_hint: &'static str,
    /// It is not; without a full stop.
    pub key_fault: &'static str,
    /// There is one; without a full stop.
    pub key_taken: &'static str,
    /// The most there may be; without a full stop.
    pub too_many: &'static str,
    /// Makes one.
    pub make_flag: &'static str,
    /// There is none.
    pub no_flags: &'static str,
    /// What would be here.
    pub no_flags_lead: &'static str,
    /// How it stands.
    pub state_head: &'static str,
    /// When it was changed last.
    pub changed: &'static str,
    /// Nobody has.
    pub never: &'static str,
    /// A version.
    pub version: fn(i64) -> String,
    /// Turns it over.
    pub turn_on: &'static str,
    /// Turns it over.
    pub turn_off: &'static str,
    /// Those it is set apart for.
    pub apart: &'static str,
    /// What that means.
    pub apart_lead: &'static str,
    /// Whom.
    pub whom: &'static str,
    /// For one person.
    pub turn_on_for: &'static str,
    /// For one person.
    pub turn_off_for: &'static str,
    /// As the rest again.
    pub rejoin: &'static str,
    /// Nobody has this address; without a full stop.
    pub nobody: &'static str,
    /// What was changed.
    pub history: &'static str,
    /// Nothing was.
    pub never_changed: &'static str,
    /// What an entry changed.
    pub changes: fn(&str) -> String,
    /// The queues.
    pub queues: &'static str,
    /// A queue.
    pub queue: &'static str,
    /// Due later.
    pub scheduled: &'static str,
    /// Jobs, newest first.
    pub newest: &'static str,
    /// A job.
    pub job: &'static str,
    /// How a job stands.
    pub job_state: fn(JobState) -> &'static str,
    /// However they stand.
    pub any_state: &'static str,
    /// Chooses.
    pub filter: &'static str,
    /// Chooses nothing.
    pub all_jobs: &'static str,
    /// There is none.
    pub no_jobs: &'static str,
    /// What would be here.
    pub no_jobs_lead: &'static str,
    /// Attempts so far.
    pub attempts: &'static str,
    /// When it was asked for.
    pub asked: &'static str,
    /// Not before.
    pub not_before: &'static str,
    /// Who has it.
    pub worker: &'static str,
    /// Until when.
    pub lease: &'static str,
    /// When it was over.
    pub finished: &'static str,
    /// It is to be cancelled.
    pub cancelling: &'static str,
    /// What that means.
    pub cancelling_lead: &'static str,
    /// Why the last attempt failed.
    pub last_error: &'static str,
    /// What it is done with.
    pub payload: &'static str,
    /// Makes it available again.
    pub retry: &'static str,
    /// Cancels it.
    pub cancel: &'static str,
    /// Asks before.
    pub cancel_ask: &'static str,
}
