//! What a person's tier allows. Owns tables `tiers` and `subscriptions`. A limit is read in the
//! transaction of what it limits, from the view `allowances`: so a downgrade holds from its commit on. What
//! a person has already, stays.

use super::ids::UserId;
use super::named;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};
use serde_json::json;

/// How much a person may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// A little; also what everybody may have whose subscription is not active.
    Free,
    /// Enough for most.
    Standard,
    /// Whatever is asked for.
    Unlimited,
}
named!(Tier { Free => "free", Standard => "standard", Unlimited => "unlimited" });

/// Whether a subscription counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Active,
    /// Not at the moment.
    Paused,
    /// Ended by somebody.
    Cancelled,
    /// Ended by time.
    Expired,
}
named!(Status { Active => "active", Paused => "paused", Cancelled => "cancelled", Expired => "expired" });

impl Status {
    /// What may come next. The schema's trigger says the same.
    pub const fn allowed(self) -> &'static [Self] {
        match self {
            Self::Active => &[Self::Paused, Self::Cancelled, Self::Expired],
            Self::Paused => &[Self::Active, Self::Cancelled],
            Self::Cancelled | Self::Expired => &[Self::Active],
        }
    }
}

/// A person's subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Whose it is.
    pub user: UserId,
    /// What it allows while it is active.
    pub tier: Tier,
    /// Whether it counts.
    pub status: Status,
    /// What holds at the moment.
    pub limits: Limits,
    /// When it began.
    pub started: Millis,
    /// When it ends by itself, if it does and is active then.
    pub expires: Option<Millis>,
    /// Steps by one with each change.
    pub version: i64,
}

/// How many of what somebody may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Cards.
    pub max_cards: i64,
    /// Webhooks.
    pub max_webhooks: i64,
}

/// What an admin decides about a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubscriptionChange {
    /// What it allows.
    pub tier: Tier,
    /// Whether it counts.
    pub status: Status,
    /// When it ends by itself.
    pub expires: Option<Millis>,
}

fn from_row(row: &Row<'_>) -> RowResult<Subscription> {
    Ok(Subscription {
        user: row.get(0)?,
        tier: named(row, 1)?,
        status: named(row, 2)?,
        limits: Limits { max_cards: row.get(3)?, max_webhooks: row.get(4)? },
        started: row.get(5)?,
        expires: row.get(6)?,
        version: row.get(7)?,
    })
}

/// Opens a new person's subscription, in the transaction that makes the person.
pub fn open(tx: &Tx<'_>, user: UserId, tier: &str) -> Result<()> {
    tx.change(
        "INSERT INTO subscriptions(user_id, tier, status, version, started_ms)
         SELECT ?1, tier, 'active', 1, ?3 FROM tiers WHERE tier = ?2",
        params![user, tier, tx.now()],
    )?
    .one_or(|| Error::internal(format!("there is no tier {tier:?}")))
}

/// The names of the tiers there are.
pub fn tiers(read: &Read<'_>) -> Result<Vec<String>> {
    read.all("SELECT tier FROM tiers ORDER BY max_cards", [], |row| row.get(0))
}

/// A person's subscription.
pub fn find(read: &Read<'_>, user: UserId) -> Result<Subscription> {
    read.maybe(
        "SELECT s.user_id, s.tier, s.status, a.max_cards, a.max_webhooks,
           s.started_ms, s.expires_ms, s.version
         FROM subscriptions s JOIN allowances a ON a.user_id = s.user_id WHERE s.user_id = ?1",
        params![user],
        from_row,
    )?
    .ok_or(Error::NotFound("person"))
}

/// How many cards a person may have at the moment.
pub fn max_cards(read: &Read<'_>, user: UserId) -> Result<i64> {
    let sql = "SELECT max_cards FROM allowances WHERE user_id = ?1";
    read.one(sql, params![user], |row| row.get(0))
}

/// Changes a subscription if it is still at version `expected` and its status may become the one asked for,
/// `illegal-transition` else. An end in the past is refused while it is active. [`Error::NotFound`] where the
/// version has moved on, which a caller that has read it in this transaction cannot meet.
pub fn update(
    tx: &Tx<'_>,
    user: UserId,
    expected: i64,
    change: &SubscriptionChange,
) -> Result<Subscription> {
    if change.status == Status::Active && change.expires.is_some_and(|end| end <= tx.now()) {
        let detail = "must lie in the future, or be null for a subscription without an end";
        return Err(Error::invalid("/expires_at", "past", detail));
    }
    let leads_there =
        |from: &Status| *from == change.status || from.allowed().contains(&change.status);
    let before = Status::NAMES.iter().filter(|(from, _)| leads_there(from));
    let before: Vec<&str> = before.map(|(_, name)| *name).collect();
    // SCAN: of a list of a few words.
    let stepped = tx.change(
        "UPDATE subscriptions SET tier = ?3, status = ?4, expires_ms = ?5, version = version + 1
         WHERE user_id = ?1 AND version = ?2 AND status IN (SELECT value FROM json_each(?6))",
        params![
            user,
            expected,
            change.tier.name(),
            change.status.name(),
            change.expires,
            json!(before).to_string(),
        ],
    )?;
    let stands = find(tx, user)?;
    stepped.one_or(|| match stands.version {
        version if version == expected => illegal(stands.status, change.status),
        _ => Error::NotFound("person"),
    })?;
    Ok(stands)
}

fn illegal(from: Status, to: Status) -> Error {
    let allowed: Vec<&str> = from.allowed().iter().map(|status| status.name()).collect();
    let detail = format!("From {} a subscription becomes {}.", from.name(), allowed.join(" or "));
    let members =
        [("from", json!(from.name())), ("to", json!(to.name())), ("allowed", json!(allowed))];
    Error::conflict_with("illegal-transition", detail, members)
}

/// Ends subscriptions whose time has come, at most `rows` of them; how many.
pub fn expire(tx: &Tx<'_>, rows: u32) -> Result<usize> {
    let ended = tx.change(
        "UPDATE subscriptions SET status = 'expired', version = version + 1
         WHERE user_id IN (SELECT user_id FROM subscriptions
                           WHERE status = 'active' AND expires_ms <= ?1 LIMIT ?2)",
        params![tx.now(), rows],
    )?;
    Ok(ended.count())
}
