//! Credits: spent, reserved and given back by many at once.

use crate::error::Result;
use crate::id::hex;
use crate::race::naive::credits as naive;
use crate::race::round::{Person, Round, ask_with, text};
use crate::race::tally::with_status;
use crate::race::target::Question;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::io;

/// What one charge takes.
const PRICE: usize = 10;
/// Charges that somebody can pay for; every client tries as many, so that two of them are too many.
const AFFORDED: usize = 8;

/// Sends an order with a key of its own.
fn order(client: &mut Client, who: &Person, path: &str, body: &Value) -> io::Result<Reply> {
    let key = hex(16);
    ask_with(client, &who.token, "POST", path, &[("Idempotency-Key", &key)], body)
}

/// Somebody with so many credits, and the admin who gave them.
pub(super) fn customer(round: &mut Round<'_>, credits: usize) -> Result<(Person, Person)> {
    let who = round.person()?;
    let admin = Person { id: String::new(), email: String::new(), token: round.target.admin()? };
    let body = json!({"user_id": who.id, "amount": credits, "reason": "purchase"});
    paid(round, &admin, "/api/credits/grants", &body)?;
    Ok((who, admin))
}

/// An order that is done before the race begins.
fn paid(round: &mut Round<'_>, who: &Person, path: &str, body: &Value) -> Result<Value> {
    let mut body = body.clone();
    body["idempotency_key"] = json!(hex(16));
    round.prepare(who, "POST", path, &body, 201)
}

/// What stands on somebody's account.
fn balance(round: &Round<'_>, who: &Person) -> Result<i64> {
    round.target.number(&Question {
        ours: "SELECT posted - held FROM credit_accounts
               WHERE id = unhex(replace(?1, '-', ''))",
        naive: naive::BALANCE,
        about: &[&who.id],
    })
}

/// Counts a violation unless so much is left.
pub(super) fn expect_left(round: &mut Round<'_>, who: &Person, must: usize) -> Result<()> {
    let stands = balance(round, who)?;
    let must = i64::try_from(must).unwrap_or(i64::MAX);
    round.tally.broken(u64::from(stands != must), || {
        format!("an account that should hold {must} credits holds {stands}")
    });
    Ok(())
}

/// Every client spends as much as there is.
pub(super) fn spend(round: &mut Round<'_>) -> Result<()> {
    let (who, _) = customer(round, PRICE * AFFORDED)?;
    let body = json!({"amount": PRICE, "reason": "feature"});
    let replies = round.crowd.charge(|_, client| {
        let charge = |_| order(client, &who, "/api/credits/charges", &body);
        (0..AFFORDED).map(charge).collect::<io::Result<Vec<_>>>()
    })?;
    let replies: Vec<Reply> = replies.into_iter().flatten().collect();
    round.tally.attempts(&replies, &[201, 409]);
    let taken = with_status(&replies, 201);
    round.tally.broken(taken.abs_diff(AFFORDED) as u64, || {
        format!("{taken} charges were paid with the credits for {AFFORDED}")
    });
    expect_left(round, &who, 0)
}

/// Every client sends the same charge with the same key.
pub(super) fn one_key(round: &mut Round<'_>) -> Result<()> {
    let (who, _) = customer(round, 10_000)?;
    let body = json!({"amount": PRICE, "reason": "feature"});
    let key = hex(16);
    let replies = round.crowd.charge(|_, client| {
        let key = [("Idempotency-Key", key.as_str())];
        ask_with(client, &who.token, "POST", "/api/credits/charges", &key, &body)
    })?;
    round.tally.attempts(&replies, &[201]);
    let taken = round.target.number(&Question {
        ours: "SELECT count(*) FROM credit_transfers WHERE idempotency_key = ?1",
        naive: naive::APPLIED,
        about: &[&key],
    })?;
    round.tally.broken(taken.abs_diff(1), || format!("one key took {taken} times"));
    expect_left(round, &who, 10_000 - PRICE)
}

/// Half of the clients capture a reservation, the others void it.
pub(super) fn reservation(round: &mut Round<'_>) -> Result<()> {
    let (who, _) = customer(round, 10_000)?;
    let body = json!({"amount": PRICE, "reason": "feature"});
    let reserved = paid(round, &who, "/api/credits/reservations", &body)?;
    let path = format!("/api/credits/reservations/{}", text(&reserved, "id"));
    let replies = round.crowd.charge(|n, client| {
        let how = if n % 2 == 0 { "capture" } else { "void" };
        order(client, &who, &format!("{path}/{how}"), &json!({}))
    })?;
    round.tally.attempts(&replies, &[200, 409]);
    let won: Vec<Value> =
        replies.iter().filter(|reply| reply.status == 200).map(Reply::json).collect();
    round.tally.broken(won.len().abs_diff(1) as u64, || {
        format!("a reservation was resolved {} times", won.len())
    });
    let captured = won.first().is_some_and(|told| told["state"] == "captured");
    if won.len() == 1 {
        expect_left(round, &who, if captured { 10_000 - PRICE } else { 10_000 })?;
    }
    Ok(())
}

/// Every client reverses one charge.
pub(super) fn reversal(round: &mut Round<'_>) -> Result<()> {
    let (who, admin) = customer(round, 10_000)?;
    let body = json!({"amount": PRICE, "reason": "feature"});
    let charged = paid(round, &who, "/api/credits/charges", &body)?;
    let path = format!("/api/credits/transfers/{}/reversal", text(&charged, "id"));
    let replies =
        round.crowd.charge(|_, client| order(client, &admin, &path, &json!({"memo": ""})))?;
    round.tally.attempts(&replies, &[201, 409]);
    let won = with_status(&replies, 201);
    round.tally.broken(won.abs_diff(1) as u64, || format!("a charge was reversed {won} times"));
    if won == 1 {
        expect_left(round, &who, 10_000)?;
    }
    Ok(())
}
