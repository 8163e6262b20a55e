//! Mails that cost: paid by many at once, and delivered while others cancel them.

use super::credits::{customer, expect_left};
use crate::error::{Error, Result};
use crate::race::naive::mails as naive;
use crate::race::round::{Person, Round, ask, text};
use crate::race::tally::with_status;
use crate::race::target::Question;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::io;

/// What a mail takes.
pub(super) const PRICE: i64 = 10;
/// Mails that somebody can pay for; every client tries as many, so that two of them are too many.
const AFFORDED: usize = 8;
const COST: usize = 10;

/// What mails a new card.
fn wanted(round: &mut Round<'_>, who: &Person) -> Result<Value> {
    let card = round.card(who, "Ada")?;
    let recipient = "grace@example.org";
    Ok(json!({"card_id": card["id"], "channel": "email", "recipient": recipient, "send": true}))
}

/// How many of somebody's mails there are, and how many of them were sent.
fn counted(round: &Round<'_>, who: &Person) -> Result<[usize; 2]> {
    let all = Question {
        ours: "SELECT count(*) FROM mails WHERE user_id = unhex(replace(?1, '-', ''))",
        naive: naive::MADE,
        about: &[&who.id],
    };
    let sent = Question {
        ours: "SELECT count(*) FROM mails
               WHERE user_id = unhex(replace(?1, '-', '')) AND state = 'sent'",
        naive: naive::SENT,
        about: &[&who.id],
    };
    let [all, sent] = [round.target.number(&all)?, round.target.number(&sent)?];
    Ok([all, sent].map(|count| usize::try_from(count).unwrap_or(0)))
}

/// Every client mails as much as there is credit for.
pub(super) fn charged(round: &mut Round<'_>) -> Result<()> {
    let (who, _) = customer(round, COST * AFFORDED)?;
    let body = wanted(round, &who)?;
    let replies = round.crowd.charge(|_, client| {
        let mail = |_| ask(client, &who, "POST", "/api/shares", &body);
        (0..AFFORDED).map(mail).collect::<io::Result<Vec<_>>>()
    })?;
    let replies: Vec<Reply> = replies.into_iter().flatten().collect();
    round.tally.attempts(&replies, &[201, 409]);
    round.tally.expect("mails promised", with_status(&replies, 201), AFFORDED);
    let [made, _] = counted(round, &who)?;
    round.tally.expect("mails made", made, AFFORDED);
    expect_left(round, &who, 0)
}

/// Half of the clients take mails and say that they are delivered, the others cancel all of them.
pub(super) fn cancelled(round: &mut Round<'_>) -> Result<()> {
    let (who, admin) = customer(round, COST * AFFORDED)?;
    let body = wanted(round, &who)?;
    let jobs = (0..AFFORDED).map(|_| {
        let share = round.prepare(&who, "POST", "/api/shares", &body, 201)?;
        Ok(text(&share["mail"], "job_id"))
    });
    let jobs = jobs.collect::<Result<Vec<_>>>()?;
    let replies = round.crowd.charge(|n, client| {
        if n % 2 == 0 {
            return deliver(client, &admin);
        }
        jobs.iter().map(|job| cancel(client, &admin, job)).collect()
    })?;
    round.tally.attempts(replies.iter().flatten(), &[200, 409]);
    // One who delivers may have come too early for a mail, and all who cancel too late.
    for job in &jobs {
        let reply = cancel(round.crowd.anyone()?, &admin, job);
        round.tally.attempts([&reply.map_err(Error::internal)?], &[200, 409]);
    }
    let [_, sent] = counted(round, &who)?;
    expect_left(round, &who, COST * (AFFORDED - sent.min(AFFORDED)))
}

fn cancel(client: &mut Client, admin: &Person, job: &str) -> io::Result<Reply> {
    ask(client, admin, "POST", &format!("/api/jobs/{job}/cancel"), &json!({}))
}

/// Takes a mail after the other and says that it is delivered; what was cancelled meanwhile is let go.
fn deliver(client: &mut Client, admin: &Person) -> io::Result<Vec<Reply>> {
    let mut replies = Vec::new();
    for _ in 0..AFFORDED {
        let claim =
            json!({"queue": "cardinal-mail", "worker": "race", "limit": 1, "lease_seconds": 600});
        let claimed = ask(client, admin, "POST", "/api/jobs/claim", &claim)?.json();
        let job = &claimed["jobs"][0];
        if job.is_null() {
            break;
        }
        let told = |verb: &str| format!("/api/jobs/{}/{verb}", text(job, "id"));
        let lease = json!({"lease_token": job["lease_token"]});
        let done = ask(client, admin, "POST", &told("complete"), &lease)?;
        if done.status == 409 {
            let lease = json!({"lease_token": job["lease_token"], "error": "cancelled"});
            replies.push(ask(client, admin, "POST", &told("fail"), &lease)?);
        }
        replies.push(done);
    }
    Ok(replies)
}
