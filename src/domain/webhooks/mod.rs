//! Webhooks (Standard Webhooks 1.0): people are told what happens where they want to be told. Owns tables
//! `webhooks`, `webhook_failures` and `deliveries`. A message is a row, made in the transaction of what it tells
//! together with the job that delivers it; it goes out after that is committed, at least once, signed.

mod guard;
mod endpoints;
mod deliveries;
mod signature;

use super::ids::UserId;
use super::named;
use crate::clock::Millis;
use crate::id::Id;

pub use deliveries::{
    Attempt, DELIVER, Delivery, Outcome, State, Told, begin, emit, find_delivery, finish,
    list_deliveries, prune, redeliver, test,
};
pub use endpoints::{create, delete, find, find_anybodys, list, list_everybodys, rotate, update};
pub use guard::Guard;
pub use signature::{Secret, sign};

/// Marks an endpoint's id.
#[derive(Debug)]
pub enum WebhookKind {}
/// An endpoint's id.
pub type WebhookId = Id<WebhookKind>;

/// Marks an event's id.
#[derive(Debug)]
pub enum EventKind {}
/// An event's id: a message's, at each endpoint that is told.
pub type EventId = Id<EventKind>;

/// Most characters of an address.
pub const URL_MAX: usize = 2_048;
/// Most characters of a description.
pub const DESCRIPTION_MAX: usize = 200;

/// What can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A card was made.
    CardCreated,
    /// A card was changed.
    CardUpdated,
    /// A card was deleted.
    CardDeleted,
    /// Somebody left a lead at a card.
    LeadCreated,
    /// A lead was claimed.
    LeadClaimed,
    /// A share was opened for the first time.
    ShareOpened,
    /// Credits were charged.
    CreditsCharged,
    /// Somebody tries the endpoint.
    Ping,
}
named!(Event {
    CardCreated => "card.created",
    CardUpdated => "card.updated",
    CardDeleted => "card.deleted",
    LeadCreated => "lead.created",
    LeadClaimed => "lead.claimed",
    ShareOpened => "share.opened",
    CreditsCharged => "credits.charged",
    Ping => "ping",
});

/// Why an endpoint was ended by us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It answered 410.
    Gone,
    /// Nothing has arrived there for five days.
    Failing,
}
named!(End { Gone => "gone", Failing => "failing" });

/// What a person decides about an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Where to.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// What is told: names of [`Event`], each once, in their order.
    pub events: Vec<Event>,
    /// Whether anything is told.
    pub is_active: bool,
}

/// An endpoint, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Id.
    pub id: WebhookId,
    /// Whose.
    pub user: UserId,
    /// What its owner decides.
    pub setting: Setting,
    /// Why it was ended by us, if it was.
    pub ended_for: Option<End>,
    /// Steps by one with each change.
    pub version: i64,
    /// When it was made.
    pub created: Millis,
    /// When it was changed last.
    pub updated: Millis,
}

/// An endpoint, whose it is and how it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The endpoint.
    pub webhook: Webhook,
    /// Whose, and what the person is called.
    pub owner: (UserId, String),
    /// Since when every attempt has failed, if they do.
    pub failing_since: Option<Millis>,
    /// Messages on their way.
    pub pending: i64,
    /// Messages that were given up, of those that are kept.
    pub failed: i64,
}
