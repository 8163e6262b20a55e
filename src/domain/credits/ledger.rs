//! Accounts and transfers: both sides of each. Owns tables `credit_accounts` and `credit_transfers`.

use super::{AccountId, Balance, Kind, Order, Transfer, TransferId};
use crate::clock::Millis;
use crate::domain::ids::UserId;
use crate::domain::webhooks::{self, Event};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};
use serde_json::json;

/// The most that an account holds: what JavaScript counts exactly.
const BALANCE_MAX: i64 = (1 << 53) - 1;
/// Where credits come from.
const ISSUANCE: AccountId = house(1);
/// Where they go.
pub(super) const REVENUE: AccountId = house(2);

const fn house(number: u8) -> AccountId {
    Id::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number])
}

/// Opens a new person's account, in the transaction that makes the person.
pub fn open(tx: &Tx<'_>, user: UserId) -> Result<()> {
    tx.change("INSERT INTO credit_accounts(id, kind) VALUES (?1, 'user')", params![user])?.any();
    Ok(())
}

pub(super) fn account_of(user: UserId) -> AccountId {
    Id::from_bytes(*user.as_bytes())
}

/// What stands on a person's account.
pub fn balance(read: &Read<'_>, user: UserId) -> Result<Balance> {
    read.maybe(
        "SELECT id, posted, held FROM credit_accounts WHERE id = ?1 AND kind = 'user'",
        params![user],
        |row| Ok(Balance { account: row.get(0)?, posted: row.get(1)?, held: row.get(2)? }),
    )?
    .ok_or(Error::NotFound("person"))
}

/// What a change left on an account, and the number of the transfer that made it.
pub(super) struct Moved {
    pub(super) posted: i64,
    pub(super) seq: i64,
}

/// Changes what stands on a person's account by `posted` and `held`, if it can bear that.
pub(super) fn change(
    tx: &Tx<'_>,
    account: AccountId,
    posted: i64,
    held: i64,
) -> Result<Option<Moved>> {
    tx.changed(
        "UPDATE credit_accounts SET posted = posted + ?2, held = held + ?3, moves = moves + 1
         WHERE id = ?1 AND posted + ?2 - held - ?3 >= 0 AND posted + ?2 <= ?4
         RETURNING posted, moves",
        params![account, posted, held, BALANCE_MAX],
        |row| Ok(Moved { posted: row.get(0)?, seq: row.get(1)? }),
    )
}

/// The other side, which is the house's.
pub(super) fn counter(tx: &Tx<'_>, account: AccountId, posted: i64) -> Result<()> {
    tx.change(
        "UPDATE credit_accounts SET posted = posted + ?2, moves = moves + 1 WHERE id = ?1",
        params![account, posted],
    )?
    .one_or(|| Error::internal("the house has no account"))
}

/// Why an account could not bear a change, asked afterwards.
pub(super) fn unbearable(read: &Read<'_>, account: AccountId, taking: i64) -> Result<Error> {
    let balance = balance(read, Id::from_bytes(*account.as_bytes()))?;
    if taking <= 0 {
        let detail = format!("An account holds at most {BALANCE_MAX} credits.");
        return Ok(Error::conflict("balance-limit", detail));
    }
    let available = balance.available();
    Ok(Error::conflict_with(
        "insufficient-credits",
        format!("This takes {taking} credits, and {available} are available."),
        [
            ("balance", json!(balance.posted)),
            ("held", json!(balance.held)),
            ("available", json!(available)),
            ("required", json!(taking)),
        ],
    ))
}

/// What links a transfer to another.
#[derive(Clone, Copy)]
pub(super) enum Link {
    None,
    /// A reservation's end of life.
    Expires(Millis),
    Resolves(TransferId),
    Reverses(TransferId),
}

/// Both sides of a transfer: `debit` loses, `credit` gains.
#[derive(Clone, Copy)]
pub(super) struct Sides {
    pub(super) debit: AccountId,
    pub(super) credit: AccountId,
}

/// Writes a transfer down. `account` is the person's, one of its sides.
pub(super) fn note(
    tx: &Tx<'_>,
    kind: Kind,
    (account, moved): (AccountId, &Moved),
    sides: Sides,
    order: &Order,
    link: Link,
) -> Result<Transfer> {
    let (actor, key) = match &order.by {
        Some((user, key)) => (Some(*user), key.clone()),
        None => (None, None),
    };
    let transfer = Transfer {
        id: tx.new_id(),
        kind,
        debit: sides.debit,
        credit: sides.credit,
        amount: order.amount,
        reason: order.reason,
        memo: order.memo.clone(),
        balance_after: moved.posted,
        seq: moved.seq,
        created: tx.now(),
        key,
    };
    let (mut expires, mut resolves, mut reverses) = (None, None, None);
    match link {
        Link::None => {}
        Link::Expires(at) => expires = Some(at),
        Link::Resolves(id) => resolves = Some(id),
        Link::Reverses(id) => reverses = Some(id),
    }
    tx.change(
        "INSERT INTO credit_transfers(id, account_id, seq, kind, debit_id, credit_id, amount, reason,
           memo, balance_after, created_ms, expires_ms, resolves_id, reverses_id, actor, idempotency_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        params![
            transfer.id,
            account,
            transfer.seq,
            kind.name(),
            transfer.debit,
            transfer.credit,
            transfer.amount,
            transfer.reason.name(),
            transfer.memo,
            transfer.balance_after,
            transfer.created,
            expires,
            resolves,
            reverses,
            actor,
            transfer.key,
        ],
    )?
    .any();
    Ok(transfer)
}

/// Gives credits to a person. `balance-limit`.
pub fn grant(tx: &Tx<'_>, user: UserId, order: &Order) -> Result<Transfer> {
    let account = balance(tx, user)?.account;
    let Some(moved) = change(tx, account, order.amount, 0)? else {
        return Err(unbearable(tx, account, 0)?);
    };
    counter(tx, ISSUANCE, -order.amount)?;
    let sides = Sides { debit: ISSUANCE, credit: account };
    note(tx, Kind::Grant, (account, &moved), sides, order, Link::None)
}

/// Takes credits from a person. `insufficient-credits`.
pub fn charge(tx: &Tx<'_>, user: UserId, order: &Order) -> Result<Transfer> {
    let account = account_of(user);
    let Some(moved) = change(tx, account, -order.amount, 0)? else {
        return Err(unbearable(tx, account, order.amount)?);
    };
    counter(tx, REVENUE, order.amount)?;
    let sides = Sides { debit: account, credit: REVENUE };
    let charged = note(tx, Kind::Charge, (account, &moved), sides, order, Link::None)?;
    tell_charged(tx, user, &charged)?;
    Ok(charged)
}

/// Tells a person's webhooks of a charge or a capture.
pub(super) fn tell_charged(tx: &Tx<'_>, user: UserId, charged: &Transfer) -> Result<()> {
    let data = json!({
        "transfer_id": charged.id,
        "amount": charged.amount,
        "balance_after": charged.balance_after,
    });
    webhooks::emit(tx, user, Event::CreditsCharged, &data)
}

/// Takes a grant, charge or capture back, once: `already-reversed`. A grant that has been spent meanwhile
/// is `insufficient-credits`; what moved nothing is `not-reversible`. `by` is none if the program does so by itself.
pub fn reverse(
    tx: &Tx<'_>,
    id: TransferId,
    by: Option<(UserId, Option<String>)>,
    memo: String,
) -> Result<Transfer> {
    let original = find(tx, id)?;
    let account = match original.kind {
        Kind::Grant => original.credit,
        Kind::Charge | Kind::Capture => original.debit,
        Kind::Reservation | Kind::Void | Kind::Expiry | Kind::Reversal => {
            let detail = format!("A transfer of kind {} cannot be reversed.", original.kind.name());
            return Err(Error::conflict("not-reversible", detail));
        }
    };
    if let Some(reversal) = reversal_of(tx, id)? {
        let detail = "This transfer was reversed before.";
        let members = [("reversal", json!(reversal))];
        return Err(Error::conflict_with("already-reversed", detail, members));
    }
    let (house, gain) = match original.kind {
        Kind::Grant => (ISSUANCE, -original.amount),
        _ => (REVENUE, original.amount),
    };
    let Some(moved) = change(tx, account, gain, 0)? else {
        return Err(unbearable(tx, account, -gain)?);
    };
    counter(tx, house, -gain)?;
    let sides = Sides { debit: original.credit, credit: original.debit };
    let order = Order { by, amount: original.amount, reason: original.reason, memo };
    note(tx, Kind::Reversal, (account, &moved), sides, &order, Link::Reverses(id))
}

/// Takes a charge back for what could not be done, unless somebody has done so; whether it was just now.
pub fn give_back(tx: &Tx<'_>, charge: TransferId, memo: &str) -> Result<bool> {
    if reversal_of(tx, charge)?.is_some() {
        return Ok(false);
    }
    reverse(tx, charge, None, memo.into()).map(|_| true)
}

fn reversal_of(read: &Read<'_>, id: TransferId) -> Result<Option<TransferId>> {
    let sql = "SELECT id FROM credit_transfers WHERE reverses_id = ?1";
    read.maybe(sql, params![id], |row| row.get(0))
}

/// A query for whole transfers; `$rest` begins behind the table's name.
macro_rules! select_transfers {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, debit_id, credit_id, amount, reason, memo, balance_after, seq, created_ms,
               idempotency_key
             FROM credit_transfers ",
            $rest
        )
    };
}

fn from_row(row: &Row<'_>) -> RowResult<Transfer> {
    Ok(Transfer {
        id: row.get(0)?,
        kind: named(row, 1)?,
        debit: row.get(2)?,
        credit: row.get(3)?,
        amount: row.get(4)?,
        reason: named(row, 5)?,
        memo: row.get(6)?,
        balance_after: row.get(7)?,
        seq: row.get(8)?,
        created: row.get(9)?,
        key: row.get(10)?,
    })
}

fn find(read: &Read<'_>, id: TransferId) -> Result<Transfer> {
    read.maybe(select_transfers!("WHERE id = ?1"), params![id], from_row)?
        .ok_or(Error::NotFound("transfer"))
}

/// A person's transfers before `before`, newest first.
pub fn history(
    read: &Read<'_>,
    user: UserId,
    before: Option<TransferId>,
    limit: u32,
) -> Result<Vec<Transfer>> {
    read.all(
        select_transfers!(
            "WHERE account_id = ?1
               AND seq < coalesce((SELECT seq FROM credit_transfers WHERE id = ?2), seq + 1)
             ORDER BY seq DESC LIMIT ?3"
        ),
        params![user, before, limit],
        from_row,
    )
}
