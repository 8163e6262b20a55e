//! What comes before an account: trials, requests for an invite, and registering by a code.

use crate::error::Result;
use crate::id::hex;
use crate::race::naive::invitations as naive;
use crate::race::round::{Person, Round, applicant, ask, text};
use crate::race::tally::with_status;
use crate::race::target::Question;
use crate::testing::Reply;
use serde_json::{Value, json};
use std::io;

/// Visitors of one round, so that each client meets the others more than once.
const VISITORS: usize = 8;
/// People that a code lets in; every client tries twice, so that two of them are too many.
const USES: usize = 3;

fn visitors() -> Vec<String> {
    (0..VISITORS).map(|_| format!("visitor-{}", hex(12))).collect()
}

/// Every client asks for the trial of each visitor, in the same order.
pub(super) fn trial(round: &mut Round<'_>) -> Result<()> {
    let visitors = visitors();
    let asked = round.crowd.charge(|_, client| {
        let open = |visitor| client.post("/api/trials", &json!({"visitor_id": visitor}));
        visitors.iter().map(open).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(asked.iter().flatten(), &[200, 201]);
    for (n, visitor) in visitors.iter().enumerate() {
        let replies: Vec<&Reply> = asked.iter().filter_map(|replies| replies.get(n)).collect();
        let question = Question {
            ours: "SELECT count(*) FROM trials WHERE visitor_id = ?1",
            naive: naive::TRIALS,
            about: &[visitor],
        };
        let stand = round.target.number(&question)?;
        round.tally.broken(u64::from(stand != 1), || format!("a visitor has {stand} trials"));
        let made = replies.iter().filter(|reply| reply.status == 201).count();
        round.tally.expect("clients told that they made the trial", made, 1);
    }
    Ok(())
}

/// Every client uses one visitor's trial as often as it allows.
pub(super) fn trial_limit(round: &mut Round<'_>) -> Result<()> {
    let visitor = format!("visitor-{}", hex(12));
    let body = json!({"visitor_id": visitor});
    let trial = round.anybody("/api/trials", &body, 201)?;
    let limit = usize::try_from(trial["limit"].as_u64().unwrap_or(0)).unwrap_or(0);
    let path = format!("/api/trials/{}/use", text(&trial, "id"));
    let used = round.crowd.charge(|_, client| {
        (0..limit).map(|_| client.post(&path, &body)).collect::<io::Result<Vec<_>>>()
    })?;
    let used: Vec<Reply> = used.into_iter().flatten().collect();
    round.tally.attempts(&used, &[200, 409]);
    let allowed = with_status(&used, 200);
    round.tally.broken(allowed.abs_diff(limit) as u64, || {
        format!("a trial of {limit} uses was used {allowed} times")
    });
    let question = Question {
        ours: "SELECT used FROM trials WHERE visitor_id = ?1",
        naive: naive::USED,
        about: &[&visitor],
    };
    let stands = usize::try_from(round.target.number(&question)?).unwrap_or(0);
    round.tally.broken(allowed.abs_diff(stands) as u64, || {
        format!("a trial was used {allowed} times and says {stands}")
    });
    Ok(())
}

/// Every client registers somebody with one and the same trial.
pub(super) fn trial_converted(round: &mut Round<'_>) -> Result<()> {
    let visitor = json!({"visitor_id": format!("visitor-{}", hex(12))});
    let trial = round.anybody("/api/trials", &visitor, 201)?;
    let replies = round.crowd.charge(|_, client| {
        let name = hex(12);
        let mut body = applicant(&format!("{name}@example.org"), &format!("h{name}"));
        body["trial_id"] = trial["id"].clone();
        client.post("/api/auth/register", &body)
    })?;
    round.tally.attempts(&replies, &[201]);
    let told = replies.iter().filter(|reply| reply.json()["trial_converted"] == true).count();
    round.tally.broken(told.abs_diff(1) as u64, || format!("a trial became {told} accounts"));
    Ok(())
}

/// Every client asks for an invite for each of some addresses, in the same order.
pub(super) fn invite_request(round: &mut Round<'_>) -> Result<()> {
    let emails: Vec<String> = (0..VISITORS).map(|_| format!("{}@example.org", hex(12))).collect();
    let asked = round.crowd.charge(|_, client| {
        let ask = |email| {
            let body = json!({"email": email, "name": "Ada", "motivation": "I meet people."});
            client.post("/api/invites/requests", &body)
        };
        emails.iter().map(ask).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(asked.iter().flatten(), &[202]);
    for email in &emails {
        let question = Question {
            ours: "SELECT count(*) FROM invite_requests WHERE email_norm = ?1",
            naive: naive::REQUESTS,
            about: &[email],
        };
        let stand = round.target.number(&question)?;
        round.tally.broken(u64::from(stand != 1), || format!("an address has {stand} requests"));
    }
    Ok(())
}

/// An admin that acts through every client.
fn admin(round: &Round<'_>) -> Result<Person> {
    let token = round.target.admin()?;
    Ok(Person { id: String::new(), email: String::new(), token })
}

/// Half of the clients approve a request, the others reject it.
pub(super) fn decision(round: &mut Round<'_>) -> Result<()> {
    let admin = admin(round)?;
    let email = format!("{}@example.org", hex(12));
    let body = json!({"email": email, "name": "Ada", "motivation": ""});
    round.anybody("/api/invites/requests", &body, 202)?;
    let list = "/api/invites/requests?status=pending";
    let page = round.prepare(&admin, "GET", list, &Value::Null, 200)?;
    let items = page["items"].as_array().cloned().unwrap_or_default();
    let id = items.iter().find(|item| item["email"] == *email).map(|item| text(item, "id"));
    let id = id.unwrap_or_default();
    let replies = round.crowd.charge(|n, client| {
        let decision = if n % 2 == 0 { "approve" } else { "reject" };
        let path = format!("/api/invites/requests/{id}/{decision}");
        ask(client, &admin, "POST", &path, &Value::Null)
    })?;
    round.tally.attempts(&replies, &[200, 409]);
    let won = with_status(&replies, 200);
    round.tally.broken(won.abs_diff(1) as u64, || format!("a request was decided {won} times"));
    Ok(())
}

/// Every client registers two people by one code that lets in three.
pub(super) fn invite_code(round: &mut Round<'_>) -> Result<()> {
    let admin = admin(round)?;
    let made = round.prepare(&admin, "POST", "/api/invites", &json!({"max_uses": USES}), 201)?;
    let code = text(&made, "invite_code");
    let replies = round.crowd.charge(|_, client| {
        let register = |_| {
            let name = hex(12);
            let mut body = applicant(&format!("{name}@example.org"), &format!("h{name}"));
            body["invite_code"] = json!(code);
            client.post("/api/auth/register", &body)
        };
        (0..2).map(register).collect::<io::Result<Vec<_>>>()
    })?;
    let replies: Vec<Reply> = replies.into_iter().flatten().collect();
    round.tally.attempts(&replies, &[201, 403]);
    let let_in = with_status(&replies, 201);
    round.tally.broken(let_in.abs_diff(USES) as u64, || {
        format!("a code for {USES} people let {let_in} in")
    });
    Ok(())
}
