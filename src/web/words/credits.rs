//! Credits.

use crate::domain::credits::{Kind, Reason};

/// Their texts.
#[derive(Debug)]
pub struct Credits {
    /// Title of the page.
    pub title: &'static str,
    /// What can be spent.
    pub available: &'static str,
    /// What that is.
    pub available_hint: &'static str,
    /// What is set aside.
    pub held: &'static str,
    /// What that is.
    pub held_hint: &'static str,
    /// What is there.
    pub balance: &'static str,
    /// What that is.
    pub balance_hint: &'static str,
    /// What costs what: a mail, by its price and how that is read.
    pub price: fn(i64, &str) -> String,
    /// Title of what is set aside.
    pub pending: &'static str,
    /// Before the time when it is freed.
    pub until: &'static str,
    /// Title of the history.
    pub history: &'static str,
    /// Title where there is none.
    pub empty: &'static str,
    /// What will be there, and how credits come.
    pub empty_help: &'static str,
    /// Column.
    pub day: &'static str,
    /// Column.
    pub what: &'static str,
    /// Column.
    pub why: &'static str,
    /// Column.
    pub amount: &'static str,
    /// Column.
    pub after: &'static str,
    /// What brackets mean.
    pub aside: &'static str,
    /// What a transfer does.
    pub kind: fn(Kind) -> &'static str,
    /// Why.
    pub reason: fn(Reason) -> &'static str,
}
