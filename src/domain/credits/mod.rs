//! Credits. Owns tables `credit_accounts`, `credit_transfers` and `credit_holds`: a ledger in which every transfer
//! has two sides and none is ever changed (seed 004). Whether there is enough is asked by taking it; a reservation
//! is resolved by taking its hold away, so it is resolved once.

mod ledger;
mod reservations;

use super::ids::UserId;
use super::named;
use crate::clock::Millis;
use crate::id::Id;

pub use ledger::{balance, charge, give_back, grant, history, open, reverse};
pub use reservations::{
    Reservation, Resolution, State, expire, find_reservation, reservations, reserve, resolve,
};

/// Marks an account's id. A person's account has the person's id.
#[derive(Debug)]
pub enum AccountKind {}
/// An account's id.
pub type AccountId = Id<AccountKind>;

/// Marks a transfer's id.
#[derive(Debug)]
pub enum TransferKind {}
/// A transfer's id; a reservation's, too.
pub type TransferId = Id<TransferKind>;

/// The most that one transfer moves.
pub const AMOUNT_MAX: i64 = 1_000_000_000_000;
/// Most characters of a memo.
pub const MEMO_MAX: usize = 500;

/// What a transfer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Gives credits to a person.
    Grant,
    /// Takes them for something.
    Charge,
    /// Sets them aside.
    Reservation,
    /// Takes what was set aside, or a part of it; the rest is free again.
    Capture,
    /// Frees what was set aside.
    Void,
    /// The same, because its time has come.
    Expiry,
    /// Takes a grant, charge or capture back.
    Reversal,
}
named!(Kind {
    Grant => "grant",
    Charge => "charge",
    Reservation => "reservation",
    Capture => "capture",
    Void => "void",
    Expiry => "expiry",
    Reversal => "reversal",
});

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Somebody paid.
    Purchase,
    /// A present.
    Promotion,
    /// Something went wrong before.
    Refund,
    /// A correction.
    Adjustment,
    /// Something of the product.
    Feature,
    /// Anything else; the memo says.
    Other,
}
named!(Reason {
    Purchase => "purchase",
    Promotion => "promotion",
    Refund => "refund",
    Adjustment => "adjustment",
    Feature => "feature",
    Other => "other",
});

/// What stands on a person's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// The account.
    pub account: AccountId,
    /// What is there.
    pub posted: i64,
    /// What of it is set aside.
    pub held: i64,
}

impl Balance {
    /// What can be spent.
    pub const fn available(&self) -> i64 {
        self.posted - self.held
    }
}

/// What somebody asks to be moved.
#[derive(Debug, Clone)]
pub struct Order {
    /// Who asks, and the key that makes it happen once; none for what the program does by itself.
    pub by: Option<(UserId, Option<String>)>,
    /// How much: 1 to [`AMOUNT_MAX`].
    pub amount: i64,
    /// Why.
    pub reason: Reason,
    /// In words; may be empty.
    pub memo: String,
}

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Id.
    pub id: TransferId,
    /// What it did.
    pub kind: Kind,
    /// The side it took from.
    pub debit: AccountId,
    /// The side it gave to.
    pub credit: AccountId,
    /// How much.
    pub amount: i64,
    /// Why.
    pub reason: Reason,
    /// In words.
    pub memo: String,
    /// What the person's account held afterwards.
    pub balance_after: i64,
    /// Its number among those of the person's account, from 1.
    pub seq: i64,
    /// When.
    pub created: Millis,
    /// The key it was asked for with.
    pub key: Option<String>,
}
