//! What a scenario is run against: an address to attack, and a database to ask afterwards.

use crate::config::Registration;
use crate::error::Result;
use std::net::SocketAddr;
use std::time::Duration;

/// What a scenario needs of the server it attacks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stage {
    /// The tier of new people.
    pub(super) tier: &'static str,
    /// The server's clock stands still, so that no wait ends during a round.
    pub(super) frozen: bool,
    /// Each round takes a new installation.
    pub(super) fresh: bool,
    /// What mailing a share takes; nobody but the clients sends mail then.
    pub(super) mail_price: i64,
    /// Who may register.
    pub(super) registration: Registration,
    /// Webhooks are called, on this machine.
    pub(super) calls: bool,
}

/// A server with a scratch database, both gone when it is dropped.
pub(super) trait Target: Sync {
    /// Where it listens.
    fn address(&self) -> SocketAddr;

    /// The token of the link that makes the first admin.
    fn set_up_token(&self) -> String;

    /// A person's cards as they stand in the database.
    fn cards(&self, user: &str) -> Result<Vec<CardRow>>;

    /// How many cards bear a slug.
    fn bearers(&self, slug: &str) -> Result<usize>;

    /// How many accounts have this e-mail address or this handle.
    fn accounts(&self, email: &str, handle: &str) -> Result<usize>;

    /// How many admins there are.
    fn admins(&self) -> Result<usize>;

    /// The token of a new admin's login, made behind the program's back.
    fn admin(&self) -> Result<String>;

    /// A number that its database is asked for; nothing there counts as 0.
    fn number(&self, question: &Question<'_>) -> Result<i64>;

    /// Lets so much time pass where the clock stands still, and has done whatever is due then: jobs whose worker
    /// has not been heard of for long are somebody else's.
    fn pass(&self, span: Duration) -> Result<()>;

    /// How many guesses at this account's password are counted.
    fn guesses(&self, email: &str) -> Result<usize>;

    /// Everything else that must hold in its database, whatever was done: one line for each fault.
    fn audit(&self) -> Result<Vec<String>>;
}

/// A question to either database, in its own words. The parameters are the same texts for both; an id is 16
/// bytes in ours: `unhex(replace(?1, '-', ''))`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    /// For ours.
    pub(super) ours: &'static str,
    /// For the naive one.
    pub(super) naive: &'static str,
    /// The parameters.
    pub(super) about: &'a [&'a str],
}

/// What is asked of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CardRow {
    /// Public name.
    pub(super) slug: String,
    /// Name.
    pub(super) name: String,
    /// Whether it is its owner's default.
    pub(super) is_default: bool,
    /// Its version; none where versions are not kept.
    pub(super) version: Option<i64>,
    /// The labels of its links, in order.
    pub(super) links: Vec<String>,
}
