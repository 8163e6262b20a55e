//! Leads: left once, claimed by one, and written to by nobody who was relieved.

use crate::error::Result;
use crate::id::hex;
use crate::race::naive::leads as naive;
use crate::race::round::{Person, Round, ask, text};
use crate::race::tally::with_status;
use crate::race::target::Question;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io;

/// Leads, or forms, that every client goes for in a round, one after the other.
const CHANCES: usize = 4;
/// Leads that are handed out in a round.
const STOCK: usize = 48;
/// How often a client tries to work the one lead of a round.
const TURNS: usize = 6;

/// The slug of a new card whose leads are the team's.
fn team_card(round: &mut Round<'_>) -> Result<String> {
    let owner = round.person()?;
    let body = json!({"name": format!("Team {}", hex(8)), "lead_routing": "team"});
    let card = round.prepare(&owner, "POST", "/api/cards", &body, 201)?;
    Ok(text(&card, "slug"))
}

fn form(email: &str) -> Value {
    json!({"name": "Grace", "email": email, "message": "Call me.", "consent": true})
}

fn desk(slug: &str) -> String {
    format!("/api/public/cards/{slug}/leads")
}

/// Leaves so many leads at a card; their ids.
fn stock(round: &mut Round<'_>, slug: &str, count: usize) -> Result<Vec<String>> {
    let leave = |_| {
        let form = form(&format!("{}@example.org", hex(12)));
        Ok(text(&round.anybody(&desk(slug), &form, 201)?, "id"))
    };
    (0..count).map(leave).collect()
}

/// The person of a client.
fn person(people: &[Person], client: usize) -> io::Result<&Person> {
    people.get(client).ok_or_else(|| io::Error::other("a client is nobody"))
}

fn act(client: &mut Client, who: &Person, path: &str, body: &Value) -> io::Result<Reply> {
    ask(client, who, "POST", path, body)
}

/// Every client claims each of some leads for a person of its own, in the same order.
pub(super) fn lead(round: &mut Round<'_>) -> Result<()> {
    let people = round.people()?;
    let slug = team_card(round)?;
    let leads = stock(round, &slug, CHANCES)?;
    let replies = round.crowd.charge(|n, client| {
        let who = person(&people, n)?;
        let claim = |id| act(client, who, &format!("/api/leads/{id}/claim"), &Value::Null);
        leads.iter().map(claim).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(replies.iter().flatten(), &[200, 409]);
    for (at, id) in leads.iter().enumerate() {
        let told: Vec<(&Person, &Reply)> =
            people.iter().zip(replies.iter().filter_map(|replies| replies.get(at))).collect();
        let won: Vec<_> = told.iter().filter(|(_, reply)| reply.status == 200).collect();
        round.tally.expect("people who won a lead", won.len(), 1);
        let [(winner, _)] = won.as_slice() else { continue };
        let misled = told.iter().filter(|(_, reply)| reply.status == 409);
        let misled = misled.filter(|(_, r)| r.json()["claimed_by"]["id"] != winner.id.as_str());
        round.tally.expect("losers told of another winner", misled.count(), 0);
        let holds = round.target.number(&Question {
            ours: "SELECT count(*) FROM leads WHERE id = unhex(replace(?1, '-', ''))
                     AND assigned_to = unhex(replace(?2, '-', ''))",
            naive: naive::HOLDS,
            about: &[id, &winner.id],
        })?;
        round.tally.broken(u64::from(holds != 1), || "a lead is not with its winner".into());
    }
    Ok(())
}

/// Every client takes the next lead again and again, until there is none.
pub(super) fn claim_next(round: &mut Round<'_>) -> Result<()> {
    let people = round.people()?;
    let slug = team_card(round)?;
    let stock: BTreeSet<String> = stock(round, &slug, STOCK)?.into_iter().collect();
    let taken = round.crowd.charge(|n, client| {
        let (who, mut taken) = (person(&people, n)?, Vec::new());
        loop {
            let reply = act(client, who, "/api/leads/claim-next", &Value::Null)?;
            let is_last = reply.json()["lead"].is_null();
            taken.push(reply);
            if is_last {
                return Ok(taken);
            }
        }
    })?;
    let taken: Vec<Reply> = taken.into_iter().flatten().collect();
    round.tally.attempts(&taken, &[200]);
    let leads = taken.iter().map(|reply| text(&reply.json()["lead"], "id"));
    let leads: Vec<String> = leads.filter(|id| !id.is_empty()).collect();
    let handed = leads.len();
    round.tally.broken(handed.abs_diff(STOCK) as u64, || {
        format!("{STOCK} leads were handed out {handed} times")
    });
    let unlike = leads.into_iter().collect::<BTreeSet<_>>() != stock;
    round.tally.broken(u64::from(unlike), || "not each lead was handed out".into());
    Ok(())
}

/// What came of one claim that was won: a note, the release, and another note behind it.
struct Turn {
    note: Reply,
    release: Reply,
    late: Reply,
}

/// All want to work one lead. Whoever has it notes something, gives it back, and writes once more, at the
/// version that stands then unless somebody has taken the lead meanwhile.
pub(super) fn release(round: &mut Round<'_>) -> Result<()> {
    let people = round.people()?;
    let slug = team_card(round)?;
    let id = stock(round, &slug, 1)?.concat();
    let path = format!("/api/leads/{id}");
    let turns = round.crowd.charge(|n, client| {
        let who = person(&people, n)?;
        let (mut claims, mut turns) = (Vec::new(), Vec::new());
        for turn in 0..TURNS {
            let claim = act(client, who, &format!("{path}/claim"), &Value::Null)?;
            let lead = claim.json()["lead"].take();
            claims.push(claim);
            if lead.is_null() {
                continue;
            }
            let (epoch, version) = (&lead["claim_epoch"], lead["version"].as_i64().unwrap_or(0));
            let notes = |notes: String, version: i64| {
                json!({"notes": notes, "claim_epoch": epoch, "version": version})
            };
            let note = ask(client, who, "PATCH", &path, &notes(format!("{n}.{turn}"), version))?;
            let release =
                act(client, who, &format!("{path}/release"), &json!({"claim_epoch": epoch}))?;
            let late = ask(client, who, "PATCH", &path, &notes("late".into(), version + 2))?;
            turns.push(Turn { note, release, late });
        }
        Ok((claims, turns))
    })?;
    let (claims, turns): (Vec<_>, Vec<_>) = turns.into_iter().unzip();
    let (claims, turns) = (claims.concat(), turns.into_iter().flatten().collect::<Vec<_>>());
    round.tally.attempts(&claims, &[200, 409]);
    round.tally.expect("claims that were won", turns.len(), with_status(&claims, 200));
    for turn in &turns {
        round.tally.attempt(&turn.note, &[200]);
        round.tally.attempt(&turn.release, &[200]);
        round.tally.attempt(&turn.late, &[409]);
    }
    let free = round.target.number(&Question {
        ours: "SELECT count(*) FROM leads WHERE id = unhex(replace(?1, '-', ''))
                 AND assigned_to IS NULL AND notes <> 'late'",
        naive: naive::FREE,
        about: &[&id],
    })?;
    round.tally.broken(u64::from(free != 1), || "a lead that all gave back is not free".into());
    Ok(())
}

/// Every client sends the same forms, in the same order.
pub(super) fn one_lead(round: &mut Round<'_>) -> Result<()> {
    let path = desk(&team_card(round)?);
    let emails: Vec<String> = (0..CHANCES).map(|_| format!("{}@example.org", hex(12))).collect();
    let replies = round.crowd.charge(|_, client| {
        let send = |email: &String| client.post(&path, &form(email));
        emails.iter().map(send).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(replies.iter().flatten(), &[200, 201]);
    for (at, email) in emails.iter().enumerate() {
        let told: Vec<&Reply> = replies.iter().filter_map(|replies| replies.get(at)).collect();
        let new = told.iter().filter(|reply| reply.status == 201).count();
        round.tally.expect("clients told that they left a lead", new, 1);
        let ids: BTreeSet<String> = told.iter().map(|reply| text(&reply.json(), "id")).collect();
        round.tally.expect("ids told for one lead", ids.len(), 1);
        let stand = round.target.number(&Question {
            ours: "SELECT count(*) FROM leads WHERE email_norm = ?1",
            naive: naive::LEFT,
            about: &[email],
        })?;
        round.tally.broken(u64::from(stand != 1), || format!("one form made {stand} leads"));
    }
    Ok(())
}
