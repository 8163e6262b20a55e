//! What a person's tier allows. Owns tables `tiers` and `subscriptions`. A limit is read in the
//! transaction of what it limits.

use super::ids::UserId;
use super::named;
use crate::error::{Error, Result};
use crate::store::{Read, Tx, params};

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

/// How many cards a person may have.
pub fn max_cards(read: &Read<'_>, user: UserId) -> Result<i64> {
    read.one(
        "SELECT max_cards FROM subscriptions JOIN tiers USING(tier) WHERE user_id = ?1",
        params![user],
        |row| row.get(0),
    )
}
