//! What is shared, and what is counted of it.

use crate::clock::Stop;
use crate::error::Result;
use crate::race::round::{Person, Round, ask, text};
use crate::race::target::Question;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::io;
use std::time::Duration;

/// Shares in one round: the clients meet at each of them.
const SHARES: usize = 8;
/// How often each client of [`views`] looks at a share's picture and at its card.
const LOOKS: usize = 3;
/// How long counts stand still before they are taken for the last word: what is seen in public is written a moment
/// later.
const STILL: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(10);

const SHARE_ROWS: Question<'_> = Question {
    ours: "SELECT count(*) FROM shares WHERE tracking_id = ?1",
    naive: "SELECT count(*) FROM tracked_shares WHERE tracking_id = ?1",
    about: &[],
};
const SALTS: Question<'_> = Question {
    ours: "SELECT count(*) FROM visitor_salts",
    naive: "SELECT count(*) FROM daily_salts",
    about: &[],
};

/// A person's card and some shares of it.
fn shared(round: &mut Round<'_>) -> Result<(Person, Value, Vec<String>)> {
    let who = round.person()?;
    let card = round.card(&who, "Ada")?;
    let body = json!({"card_id": card["id"], "channel": "email"});
    let shares = (0..SHARES).map(|_| {
        let share = round.prepare(&who, "POST", "/api/shares", &body, 201)?;
        Ok(text(&share, "tracking_id"))
    });
    let shares = shares.collect::<Result<Vec<_>>>()?;
    Ok((who, card, shares))
}

/// A browser looks at something in public.
fn look(client: &mut Client, path: &str, browser: usize) -> io::Result<Reply> {
    let agent = format!("Mozilla/5.0 (X11; Linux x86_64; rv:{browser}.0) Gecko/20100101 Firefox");
    client.send("GET", path, &[("User-Agent", &agent), ("Accept", "application/json")], b"")
}

/// Reads counts again and again until they are what they must be, or have stood still for long; what they are then.
fn settled(must: &[u64], mut read: impl FnMut() -> Result<Vec<u64>>) -> Result<Vec<u64>> {
    let (never, mut still, mut counts) = (Stop::default(), Duration::ZERO, read()?);
    while counts != must && still < STILL {
        never.wait(LOOK_EVERY);
        let next = read()?;
        still = if next == counts { still + LOOK_EVERY } else { Duration::ZERO };
        counts = next;
    }
    Ok(counts)
}

/// How often a share was opened, as its owner is told.
fn opened(round: &mut Round<'_>, who: &Person, share: &str) -> Result<u64> {
    let path = format!("/api/shares/{share}");
    let told = round.prepare(who, "GET", &path, &Value::Null, 200)?;
    Ok(told["opened"]["total"].as_u64().unwrap_or(0))
}

/// A card's views and visitors in the last days.
fn seen(round: &mut Round<'_>, who: &Person, card: &Value) -> Result<(u64, u64)> {
    let path = format!("/api/cards/{}/stats?days=2", text(card, "id"));
    let told = round.prepare(who, "GET", &path, &Value::Null, 200)?;
    let days = told["days"].as_array().map(Vec::as_slice).unwrap_or_default();
    let sum = |name: &str| days.iter().filter_map(|day| day[name].as_u64()).sum();
    Ok((sum("views"), sum("unique_visitors")))
}

/// Every client reports that the mail of each of some shares was opened: one of them is the first.
pub(super) fn first_event(round: &mut Round<'_>) -> Result<()> {
    let (who, _, shares) = shared(round)?;
    let done = round.crowd.charge(|_, client| {
        let report = |share| {
            let body = json!({"tracking_id": share, "type": "open"});
            ask(client, &who, "POST", "/api/events", &body)
        };
        shares.iter().map(report).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(done.iter().flatten(), &[200]);
    for (n, share) in shares.iter().enumerate() {
        let told: Vec<Value> =
            done.iter().filter_map(|replies| replies.get(n)).map(Reply::json).collect();
        let firsts = told.iter().filter(|told| told["first"] == true).count();
        round.tally.expect("callers told that theirs is the first", firsts, 1);
        let first_at = told.first().map(|told| told["first_at"].clone()).unwrap_or_default();
        let others = told.iter().filter(|told| told["first_at"] != first_at).count();
        round.tally.expect("callers told of another first time", others, 0);
        let (total, must) = (opened(round, &who, share)?, done.len() as u64);
        round.tally.broken(must.abs_diff(total), || {
            format!("a share was reported opened {must} times and counts {total}")
        });
    }
    Ok(())
}

/// Every client asks for the shares of the same tracking ids: each is made once.
pub(super) fn share(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let card = round.card(&who, "Ada")?;
    let body = json!({"card_id": card["id"], "channel": "qr"});
    let ids: Vec<String> = (0..SHARES).map(|_| crate::id::hex(16) + "-of-all").collect();
    let done = round.crowd.charge(|_, client| {
        let put = |id| ask(client, &who, "PUT", &format!("/api/shares/{id}"), &body);
        ids.iter().map(put).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(done.iter().flatten(), &[200, 201]);
    for (n, id) in ids.iter().enumerate() {
        let of_one: Vec<&Reply> = done.iter().filter_map(|replies| replies.get(n)).collect();
        let made = of_one.iter().filter(|reply| reply.status == 201).count();
        round.tally.expect("callers told that they made a share", made, 1);
        let first = of_one.first().map(|reply| reply.json());
        let others = of_one.iter().filter(|reply| Some(reply.json()) != first).count();
        round.tally.expect("callers told of another share", others, 0);
        let rows = round.target.number(&Question { about: &[id], ..SHARE_ROWS })?;
        round.tally.broken(u64::from(rows != 1), || format!("a tracking id has {rows} shares"));
    }
    Ok(())
}

/// Every client looks at the pictures of some shares and at their card: each look counts, once.
pub(super) fn views(round: &mut Round<'_>) -> Result<()> {
    let (who, card, shares) = shared(round)?;
    let page = format!("/c/{}", text(&card, "slug"));
    let done = round.crowd.charge(|n, client| {
        let mut replies = Vec::with_capacity(2 * LOOKS * SHARES);
        for share in std::iter::repeat_n(&shares, LOOKS).flatten() {
            replies.push(look(client, &format!("/t/{share}.gif"), n)?);
            replies.push(look(client, &page, n)?);
        }
        Ok(replies)
    })?;
    round.tally.attempts(done.iter().flatten(), &[200]);
    let looks = (LOOKS * done.len()) as u64;
    let must: Vec<u64> =
        shares.iter().map(|_| looks).chain([looks * shares.len() as u64]).collect();
    let counts = settled(&must, || {
        let counts = shares.iter().map(|share| opened(round, &who, share));
        let mut counts = counts.collect::<Result<Vec<_>>>()?;
        counts.push(seen(round, &who, &card)?.0);
        Ok(counts)
    })?;
    for (must, count) in must.into_iter().zip(counts) {
        round.tally.broken(must.abs_diff(count), || {
            format!("what was looked at {must} times counts {count}")
        });
    }
    Ok(())
}

/// Every client is the first visitor of the day, twice, on a new installation: there is one salt, and each client
/// is one visitor.
pub(super) fn salt(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let card = round.card(&who, "Ada")?;
    let page = format!("/c/{}", text(&card, "slug"));
    let done =
        round.crowd.charge(|n, client| Ok([look(client, &page, n)?, look(client, &page, n)?]))?;
    round.tally.attempts(done.iter().flatten(), &[200]);
    let must = [2 * done.len() as u64, done.len() as u64];
    let told =
        settled(&must, || seen(round, &who, &card).map(|(views, people)| vec![views, people]))?;
    for ((what, must), told) in ["looks at", "visitors of"].into_iter().zip(must).zip(told) {
        round.tally.broken(must.abs_diff(told), || format!("{must} {what} a card count {told}"));
    }
    let salts = round.target.number(&SALTS)?;
    round.tally.broken(u64::from(salts != 1), || format!("a day has {salts} salts"));
    Ok(())
}
