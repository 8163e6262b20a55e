//! Webhooks.

use crate::domain::webhooks::{End, Event, State};

/// Its texts.
#[derive(Debug)]
pub struct Webhooks {
    /// Title.
    pub title: &'static str,
    /// What they are for.
    pub lead: &'static str,
    /// Makes one.
    pub make: &'static str,
    /// There is none.
    pub none: &'static str,
    /// What would be here.
    pub none_lead: &'static str,
    /// It is told.
    pub active: &'static str,
    /// It is not told.
    pub paused: &'static str,
    /// Why it was ended by us.
    pub ended: fn(End) -> &'static str,
    /// Where to.
    pub url: &'static str,
    /// What helps.
    pub url_hint: &'static str,
    /// What is told.
    pub events: &'static str,
    /// What happened.
    pub event: fn(Event) -> &'static str,
    /// What it is for.
    pub description: &'static str,
    /// The most there may be; without a full stop.
    pub too_many: &'static str,
    /// Title of the page with the secret.
    pub secret: &'static str,
    /// What to do with it.
    pub secret_lead: &'static str,
    /// In place of the secret.
    pub withheld: &'static str,
    /// Goes on.
    pub done: &'static str,
    /// Sends a ping.
    pub test: &'static str,
    /// Pauses it.
    pub pause: &'static str,
    /// Lets it go on.
    pub resume: &'static str,
    /// It is on its way.
    pub sent: &'static str,
    /// What it is set to.
    pub edit: &'static str,
    /// What was delivered.
    pub deliveries: &'static str,
    /// Nothing was.
    pub no_deliveries: &'static str,
    /// What would be here.
    pub no_deliveries_lead: &'static str,
    /// What happened.
    pub event_head: &'static str,
    /// How it stands.
    pub state_head: &'static str,
    /// How a message stands.
    pub state: fn(State) -> &'static str,
    /// What it was answered.
    pub answer: &'static str,
    /// Attempts so far.
    pub attempts: &'static str,
    /// When it happened.
    pub when: &'static str,
    /// Sends it again.
    pub again: &'static str,
    /// Opens what makes a new secret.
    pub rotate: &'static str,
    /// What that does.
    pub rotate_lead: &'static str,
    /// Makes it.
    pub rotate_go: &'static str,
    /// Opens what deletes it.
    pub delete: &'static str,
    /// What that does.
    pub delete_lead: &'static str,
    /// Deletes it.
    pub delete_go: &'static str,
    /// It is gone.
    pub deleted: &'static str,
    /// Before the day since which nothing arrives.
    pub failing_since: &'static str,
    /// Shows those that fail.
    pub only_failing: &'static str,
    /// Shows all again.
    pub all: &'static str,
    /// None fails.
    pub none_failing: &'static str,
    /// What would be here.
    pub none_failing_lead: &'static str,
    /// What would be here, where nobody has one.
    pub none_anywhere: &'static str,
    /// When it was made.
    pub made: &'static str,
}
