//! Jobs: asked for, claimed and ended by many workers at once.

use crate::error::{Error, Result};
use crate::id::hex;
use crate::race::naive::jobs as naive;
use crate::race::round::{Person, Round, ask, text};
use crate::race::tally::with_status;
use crate::race::target::Question;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io;
use std::time::Duration;

/// Jobs that each client asks for before all claim them.
const JOBS_EACH: usize = 4;
/// Keys of one round, so that each client meets the others more than once.
const KEYS: usize = 8;
/// Jobs of one round that are completed and cancelled.
const CONTESTED: usize = 4;
/// Longer than a lease, and than the pause after a first attempt.
const LONG: Duration = Duration::from_mins(1);

/// Whoever works jobs.
fn worker(round: &Round<'_>) -> Result<Person> {
    Ok(Person { id: String::new(), email: String::new(), token: round.target.admin()? })
}

fn claim(client: &mut Client, who: &Person, queue: &str, limit: usize) -> io::Result<Vec<Value>> {
    let body = json!({"queue": queue, "worker": "racer", "limit": limit});
    let reply = ask(client, who, "POST", "/api/jobs/claim", &body)?;
    match (reply.status, &reply.json()["jobs"]) {
        (200, Value::Array(jobs)) => Ok(jobs.clone()),
        _ => Err(io::Error::other(format!("a claim was answered {}", reply.text()))),
    }
}

/// Claims the one job of a queue before the race begins.
fn claim_alone(round: &mut Round<'_>, who: &Person, queue: &str) -> Result<Value> {
    let body = json!({"queue": queue, "worker": "racer", "limit": 1});
    let told = round.prepare(who, "POST", "/api/jobs/claim", &body, 200)?;
    Ok(told["jobs"][0].clone())
}

/// Says that a job is done, under the lease of this claim.
fn complete(client: &mut Client, who: &Person, claimed: &Value) -> io::Result<Reply> {
    let path = format!("/api/jobs/{}/complete", text(claimed, "id"));
    ask(client, who, "POST", &path, &json!({"lease_token": claimed["lease_token"]}))
}

/// All clients claim from one queue, alone and in batches, until it is empty.
pub(super) fn handed_out(round: &mut Round<'_>) -> Result<()> {
    let (who, queue) = (worker(round)?, hex(12));
    let asked = round.crowd.charge(|_, client| {
        let body = json!({"queue": queue, "kind": "race", "payload": {}});
        let ask = |_| ask(client, &who, "POST", "/api/jobs", &body);
        (0..JOBS_EACH).map(ask).collect::<io::Result<Vec<_>>>()
    })?;
    let asked: Vec<Reply> = asked.into_iter().flatten().collect();
    round.tally.attempts(&asked, &[201]);
    let claimed = round.crowd.charge(|n, client| {
        let mut mine = Vec::new();
        loop {
            let some = claim(client, &who, &queue, 1 + n % 3)?;
            if some.is_empty() {
                return Ok(mine);
            }
            mine.extend(some);
        }
    })?;
    let mut times: HashMap<String, u64> = HashMap::new();
    for job in claimed.iter().flatten() {
        *times.entry(text(job, "id")).or_default() += 1;
    }
    round.tally.note("claimed", claimed.iter().flatten().count() as u64);
    let twice = times.values().map(|times| times - 1).sum();
    round.tally.broken(twice, || "a job was handed out to two workers".to_owned());
    round.tally.expect("jobs that were handed out", times.len(), asked.len());
    Ok(())
}

/// A worker stalls until its job is somebody else's, and comes back many times over.
pub(super) fn stale_worker(round: &mut Round<'_>) -> Result<()> {
    let (who, queue) = (worker(round)?, hex(12));
    let body = json!({"queue": queue, "kind": "race", "payload": {}});
    round.prepare(&who, "POST", "/api/jobs", &body, 201)?;
    let first = claim_alone(round, &who, &queue)?;
    // Once for the lease, and once for the pause that follows.
    round.target.pass(LONG)?;
    round.target.pass(LONG)?;
    let second = claim_alone(round, &who, &queue)?;
    let replies = round
        .crowd
        .charge(|n, client| complete(client, &who, if n == 0 { &second } else { &first }))?;
    round.tally.attempts(&replies, &[200, 409]);
    round.tally.expect("completions that counted", with_status(&replies, 200), 1);
    let holder = replies.first().is_some_and(|reply| reply.status == 200);
    round.tally.broken(u64::from(!holder), || "the worker that has it was refused".to_owned());
    Ok(())
}

/// Every client asks for the job of each key, in the same order.
pub(super) fn dedupe(round: &mut Round<'_>) -> Result<()> {
    let who = worker(round)?;
    let kinds: Vec<String> = (0..KEYS).map(|_| format!("kind-{}", hex(12))).collect();
    let replies = round.crowd.charge(|_, client| {
        let ask = |kind| {
            let body = json!({"queue": "q", "kind": kind, "payload": {}, "dedupe_key": "one"});
            ask(client, &who, "POST", "/api/jobs", &body)
        };
        kinds.iter().map(ask).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(replies.iter().flatten(), &[200, 201]);
    for (n, kind) in kinds.iter().enumerate() {
        let told = replies.iter().filter_map(|replies| replies.get(n));
        let made = told.filter(|reply| reply.status == 201).count();
        round.tally.expect("clients told that they made the job", made, 1);
        let open = round.target.number(&Question {
            ours: "SELECT count(*) FROM jobs WHERE kind = ?1 AND state IN ('available', 'running')",
            naive: naive::OPEN,
            about: &[kind],
        })?;
        round.tally.broken(open.abs_diff(1), || format!("one key has {open} open jobs"));
    }
    Ok(())
}

/// Half of the clients complete jobs, all under their leases, the others cancel them.
pub(super) fn cancel(round: &mut Round<'_>) -> Result<()> {
    let (who, queue) = (worker(round)?, hex(12));
    let body = json!({"queue": queue, "kind": "race", "payload": {}});
    for _ in 0..CONTESTED {
        round.prepare(&who, "POST", "/api/jobs", &body, 201)?;
    }
    let jobs = claim(round.crowd.anyone()?, &who, &queue, CONTESTED);
    let jobs = jobs.map_err(Error::internal)?;
    let replies = round.crowd.charge(|n, client| {
        let end = |job| {
            if n % 2 == 0 {
                return complete(client, &who, job);
            }
            let path = format!("/api/jobs/{}/cancel", text(job, "id"));
            ask(client, &who, "POST", &path, &Value::Null)
        };
        jobs.iter().map(end).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(replies.iter().flatten(), &[200, 409]);
    for job in 0..jobs.len() {
        let won = |parity: usize| {
            let told = replies.iter().enumerate().filter(|(n, _)| n % 2 == parity);
            told.filter(|(_, replies)| replies.get(job).is_some_and(|r| r.status == 200)).count()
        };
        let (completed, cancelled) = (won(0), won(1));
        let one = completed == 1 && cancelled == 0 || completed == 0 && cancelled > 0;
        round.tally.broken(u64::from(!one), || {
            format!("a job was completed {completed} times and cancelled {cancelled} times")
        });
    }
    Ok(())
}
