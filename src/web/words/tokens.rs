//! API tokens.

use crate::domain::tokens::Scope;

/// Its texts.
#[derive(Debug)]
pub struct Tokens {
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
    /// Before the day on which it was made.
    pub made: &'static str,
    /// Before the day on which it ends.
    pub ends: &'static str,
    /// It does not end.
    pub for_good: &'static str,
    /// Ends one.
    pub revoke: &'static str,
    /// Asks before.
    pub revoke_ask: &'static str,
    /// It has ended.
    pub revoked: &'static str,
    /// What one calls it.
    pub name: &'static str,
    /// What helps.
    pub name_hint: &'static str,
    /// What it may do.
    pub scopes: &'static str,
    /// What helps.
    pub scopes_hint: &'static str,
    /// What a scope allows.
    pub scope: fn(Scope) -> &'static str,
    /// None is ticked; without a full stop.
    pub no_scope: &'static str,
    /// When it ends.
    pub expiry: &'static str,
    /// How long it lives, by its days; empty for good.
    pub life: fn(&str) -> String,
    /// The most there may be; without a full stop.
    pub too_many: &'static str,
    /// Title of the page with the secret.
    pub made_title: &'static str,
    /// What to do with it.
    pub made_lead: &'static str,
    /// In place of the secret.
    pub withheld: &'static str,
    /// Goes on.
    pub done: &'static str,
}
