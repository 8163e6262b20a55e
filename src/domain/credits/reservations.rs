//! Credits set aside. Owns table `credit_holds`: a reservation is resolved by whoever takes its hold away.

use super::ledger::{
    Link, REVENUE, Sides, account_of, change, counter, note, tell_charged, unbearable,
};
use super::{AccountId, Kind, Order, Reason, Transfer, TransferId};
use crate::clock::Millis;
use crate::domain::ids::UserId;
use crate::domain::named;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};
use serde_json::json;
use std::time::Duration;

/// What became of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing yet.
    Pending,
    /// It was taken, or a part of it.
    Captured,
    /// It was freed.
    Voided,
    /// It was freed because its time had come.
    Expired,
}
named!(State {
    Pending => "pending",
    Captured => "captured",
    Voided => "voided",
    Expired => "expired",
});

/// Credits set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// Its transfer.
    pub id: TransferId,
    /// How much.
    pub amount: i64,
    /// Why.
    pub reason: Reason,
    /// In words.
    pub memo: String,
    /// When it frees itself.
    pub expires: Millis,
    /// What became of it.
    pub state: State,
    /// How much was taken, if it was.
    pub captured: Option<i64>,
}

/// Sets credits of a person aside for `life`. `insufficient-credits`.
pub fn reserve(tx: &Tx<'_>, user: UserId, order: &Order, life: Duration) -> Result<Reservation> {
    let (account, expires) = (account_of(user), tx.now().plus(life));
    let Some(moved) = change(tx, account, 0, order.amount)? else {
        return Err(unbearable(tx, account, order.amount)?);
    };
    let sides = Sides { debit: account, credit: REVENUE };
    let link = Link::Expires(expires);
    let noted = note(tx, Kind::Reservation, (account, &moved), sides, order, link)?;
    tx.change(
        "INSERT INTO credit_holds(transfer_id, expires_ms) VALUES (?1, ?2)",
        params![noted.id, expires],
    )?
    .any();
    find_reservation(tx, user, noted.id)
}

/// A query for reservations with what became of them; `$rest` begins behind the joined tables.
macro_rules! select_reservations {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.amount, r.reason, r.memo, r.expires_ms, d.kind, d.amount
             FROM credit_transfers r LEFT JOIN credit_transfers d ON d.resolves_id = r.id ",
            $rest
        )
    };
}

/// One whose time has come is expired, whether or not somebody has cleared it away yet.
fn reservation_from_row(row: &Row<'_>, now: Millis) -> RowResult<Reservation> {
    let expires: Millis = row.get(4)?;
    let resolved: Option<String> = row.get(5)?;
    let state = match resolved.as_deref().and_then(Kind::from_name) {
        Some(Kind::Capture) => State::Captured,
        Some(Kind::Void) => State::Voided,
        Some(_) => State::Expired,
        None if expires <= now => State::Expired,
        None => State::Pending,
    };
    Ok(Reservation {
        id: row.get(0)?,
        amount: row.get(1)?,
        reason: named(row, 2)?,
        memo: row.get(3)?,
        expires,
        state,
        captured: if state == State::Captured { row.get(6)? } else { None },
    })
}

/// A person's reservation; somebody else's is as absent as none.
pub fn find_reservation(read: &Read<'_>, user: UserId, id: TransferId) -> Result<Reservation> {
    let now = read.now();
    read.maybe(
        select_reservations!("WHERE r.id = ?1 AND r.account_id = ?2 AND r.kind = 'reservation'"),
        params![id, user],
        |row| reservation_from_row(row, now),
    )?
    .ok_or(Error::NotFound("reservation"))
}

/// A person's reservations before `before`, newest first.
pub fn reservations(
    read: &Read<'_>,
    user: UserId,
    before: Option<TransferId>,
    limit: u32,
) -> Result<Vec<Reservation>> {
    let now = read.now();
    read.all(
        select_reservations!(
            "WHERE r.account_id = ?1 AND r.kind = 'reservation'
               AND r.seq < coalesce((SELECT seq FROM credit_transfers WHERE id = ?2), r.seq + 1)
             ORDER BY r.seq DESC LIMIT ?3"
        ),
        params![user, before, limit],
        |row| reservation_from_row(row, now),
    )
}

/// How a reservation is to be resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Take so much of it, or all.
    Capture(Option<i64>),
    /// Free it.
    Void,
}

/// Resolves a person's reservation, at most once: `reservation-resolved` tells how it was before, and an
/// expired one is. More than was set aside is not there to be taken: a fault of `amount`.
pub fn resolve(
    tx: &Tx<'_>,
    user: UserId,
    id: TransferId,
    by: (UserId, Option<String>),
    resolution: Resolution,
) -> Result<(Reservation, Transfer)> {
    let standing = find_reservation(tx, user, id)?;
    let released = tx.change(
        "DELETE FROM credit_holds WHERE transfer_id = ?1 AND expires_ms > ?2",
        params![id, tx.now()],
    )?;
    if released.count() == 0 {
        let state = standing.state.name();
        let detail = format!("This reservation is {state} already.");
        return Err(Error::conflict_with(
            "reservation-resolved",
            detail,
            [("state", json!(state))],
        ));
    }
    let (kind, amount, taken) = match resolution {
        Resolution::Capture(asked) => {
            let taken = asked.unwrap_or(standing.amount);
            if taken > standing.amount {
                let detail = format!("is more than the {} that were reserved", standing.amount);
                return Err(Error::invalid("/amount", "exceeds-reservation", detail));
            }
            (Kind::Capture, taken, taken)
        }
        Resolution::Void => (Kind::Void, standing.amount, 0),
    };
    let (reason, memo) = (standing.reason, standing.memo.clone());
    let order = Order { by: Some(by), amount, reason, memo };
    let transfer = release(tx, account_of(user), &standing, kind, &order, taken)?;
    Ok((find_reservation(tx, user, id)?, transfer))
}

/// Frees what was set aside, takes `taken` of it, and writes that down.
fn release(
    tx: &Tx<'_>,
    account: AccountId,
    standing: &Reservation,
    kind: Kind,
    order: &Order,
    taken: i64,
) -> Result<Transfer> {
    let moved = change(tx, account, -taken, -standing.amount)?;
    let moved = moved.ok_or_else(|| Error::internal("a reservation was not held"))?;
    let sides = Sides { debit: account, credit: REVENUE };
    let noted = note(tx, kind, (account, &moved), sides, order, Link::Resolves(standing.id))?;
    if taken > 0 {
        counter(tx, REVENUE, taken)?;
        tell_charged(tx, Id::from_bytes(*account.as_bytes()), &noted)?;
    }
    Ok(noted)
}

/// Frees reservations whose time has come, at most `limit`; how many.
pub fn expire(tx: &Tx<'_>, limit: u32) -> Result<usize> {
    let due: Vec<(TransferId, AccountId)> = tx.all(
        "SELECT h.transfer_id, t.account_id
         FROM credit_holds h JOIN credit_transfers t ON t.id = h.transfer_id
         WHERE h.expires_ms <= ?1 ORDER BY h.expires_ms LIMIT ?2",
        params![tx.now(), limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (id, account) in &due {
        let standing = find_reservation(tx, Id::from_bytes(*account.as_bytes()), *id)?;
        tx.change("DELETE FROM credit_holds WHERE transfer_id = ?1", params![id])?
            .one_or(|| Error::internal("a hold was taken away meanwhile"))?;
        let (amount, reason, memo) = (standing.amount, standing.reason, standing.memo.clone());
        let order = Order { by: None, amount, reason, memo };
        release(tx, *account, &standing, Kind::Expiry, &order, 0)?;
    }
    Ok(due.len())
}
