//! Flags, saved cards and settings.

use crate::error::Result;
use crate::id::hex;
use crate::race::round::{Person, Round, applicant, ask, ask_with, look, text};
use crate::race::target::Question;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// Things of one kind that every client goes for, one after the other, in a round.
const CHANCES: usize = 4;

/// How often a client saves and unsaves in a round.
const TURNS: usize = 6;

fn admin(round: &Round<'_>) -> Result<Person> {
    Ok(Person { id: String::new(), email: String::new(), token: round.target.admin()? })
}

/// Every client makes the same new flags, each in one of the three ways to say that they are new.
pub(super) fn first_flag(round: &mut Round<'_>) -> Result<()> {
    let who = admin(round)?;
    let keys: Vec<String> = (0..CHANCES).map(|_| format!("flag-{}", hex(12))).collect();
    let replies = round.crowd.charge(|n, client| {
        let make = |key: &String| {
            let path = format!("/api/flags/{key}");
            let own = format!("of client {n}");
            let silent = json!({"enabled": true, "description": own});
            let from_0 = json!({"enabled": true, "description": own, "version": 0});
            match n % 3 {
                0 => ask_with(client, &who.token, "PUT", &path, &[], &silent),
                1 => ask_with(client, &who.token, "PUT", &path, &[], &from_0),
                _ => {
                    let absent = [("If-None-Match", "*")];
                    ask_with(client, &who.token, "PUT", &path, &absent, &silent)
                }
            }
        };
        keys.iter().map(make).collect::<io::Result<Vec<Reply>>>()
    })?;
    round.tally.attempts(replies.iter().flatten(), &[201, 409, 412, 428]);
    for (at, key) in keys.iter().enumerate() {
        let of_key: Vec<&Reply> = replies.iter().filter_map(|replies| replies.get(at)).collect();
        let made = of_key.iter().filter(|reply| reply.status == 201);
        let (made, mut stands) = (made.collect::<Vec<_>>(), look_at(round, &who, key)?);
        round.tally.expect("clients told that they made a flag", made.len(), 1);
        if let [made] = made.as_slice() {
            let kept = stands["description"].take() == made.json()["description"];
            round.tally.broken(u64::from(!kept), || "the flag is not the one that was made".into());
        }
    }
    Ok(())
}

fn look_at(round: &mut Round<'_>, who: &Person, key: &str) -> Result<Value> {
    round.prepare(who, "GET", &format!("/api/flags/{key}"), &Value::Null, 200)
}

/// Every client toggles once by a key of its own, and once more by its neighbour's: each key counts once.
pub(super) fn toggle(round: &mut Round<'_>) -> Result<()> {
    let who = admin(round)?;
    let (flag, unique) = (format!("flag-{}", hex(12)), hex(12));
    let path = format!("/api/flags/{flag}");
    round.prepare(&who, "PUT", &path, &json!({"enabled": false}), 201)?;
    let (path, count) = (format!("{path}/toggle"), round.crowd.len());
    let replies = round.crowd.charge(|n, client| {
        let toggle = |m: usize| {
            let key = format!("{unique}-{}", m % count);
            ask_with(client, &who.token, "POST", &path, &[("Idempotency-Key", &key)], &json!({}))
        };
        [n, n + 1].map(toggle).into_iter().collect::<io::Result<Vec<Reply>>>()
    })?;
    let replies: Vec<Reply> = replies.into_iter().flatten().collect();
    round.tally.attempts(&replies, &[200]);
    let replayed = |reply: &&Reply| reply.header("Idempotent-Replayed") == Some("true");
    round.tally.expect("toggles replayed", replies.iter().filter(replayed).count(), count);
    let stands = look_at(round, &who, &flag)?;
    let steps = stands["version"].as_i64().unwrap_or(0).abs_diff(1);
    round.tally.broken(steps.abs_diff(count as u64), || {
        format!("a flag was turned by {count} keys and has been turned {steps} times")
    });
    let odd = count % 2 == 1;
    round.tally.broken(u64::from(stands["enabled"] != odd), || {
        format!("a flag that was off is {} after {count} toggles", stands["enabled"])
    });
    Ok(())
}

/// What a client of [`kill_switch`] came back with.
enum Back {
    /// Its registrations, up to the first that was refused.
    Came(Vec<Reply>),
    /// Switching off, and how many accounts there were when it was acknowledged.
    Closed(Reply, i64),
}

/// All clients but one register until they are refused; that one switches registration off and counts the
/// accounts as soon as this is acknowledged. Nobody may come after that.
pub(super) fn kill_switch(round: &mut Round<'_>) -> Result<()> {
    const PATH: &str = "/api/flags/registration";
    let who = admin(round)?;
    let accounts = Question {
        ours: "SELECT count(*) FROM users",
        naive: "SELECT count(*) FROM app_users",
        about: &[],
    };
    let unique = hex(12);
    let target = round.target;
    let closed = AtomicBool::new(false);
    let back = round.crowd.charge(|n, client| {
        if n == 0 {
            // Lets the others get into their stride.
            let mut stands = Value::Null;
            for _ in 0..3 {
                stands = look(client, &who, PATH)?;
            }
            let off = json!({"enabled": false, "version": stands["version"]});
            let reply = ask(client, &who, "PUT", PATH, &off)?;
            let count = target.number(&accounts).map_err(io::Error::other)?;
            closed.store(true, Ordering::Release);
            return Ok(Back::Closed(reply, count));
        }
        Ok(Back::Came(come_in(client, &format!("{unique}-{n}"), &closed)?))
    })?;
    let mut when_closed = 0;
    for came in &back {
        match came {
            Back::Came(replies) => round.tally.attempts(replies, &[201, 403]),
            Back::Closed(reply, count) => {
                round.tally.attempt(reply, &[200, 201]);
                when_closed = *count;
            }
        }
    }
    let stand = target.number(&accounts)?;
    round.tally.broken(stand.abs_diff(when_closed), || {
        format!(
            "{when_closed} accounts when registration was acknowledged as closed, {stand} later"
        )
    });
    let version = round.prepare(&who, "GET", PATH, &Value::Null, 200)?["version"].take();
    round.prepare(&who, "PUT", PATH, &json!({"enabled": true, "version": version}), 200)?;
    Ok(())
}

/// Registers one after the other, until somebody is refused or was the last to begin.
fn come_in(client: &mut Client, name: &str, closed: &AtomicBool) -> io::Result<Vec<Reply>> {
    let (mut replies, mut go_on) = (Vec::new(), true);
    while go_on {
        // What is begun after it is closed is the last try, whatever comes of it.
        let last = closed.load(Ordering::Acquire);
        let name = format!("{name}-{}", replies.len());
        let body = applicant(&format!("{name}@example.org"), &format!("h{name}"));
        let reply = client.post("/api/auth/register", &body)?;
        go_on = reply.status == 201 && !last;
        replies.push(reply);
    }
    Ok(replies)
}

/// Every client is the first to save settings, of several people one after the other.
pub(super) fn settings(round: &mut Round<'_>) -> Result<()> {
    const PATH: &str = "/api/settings/accessibility";
    let people = (0..CHANCES).map(|_| round.person()).collect::<Result<Vec<Person>>>()?;
    // Fractions that are the same in decimal digits and in binary ones.
    let scale = |n: usize| 1.0 + f64::from(u8::try_from(n % 256).unwrap_or(0)) / 256.0;
    let replies = round.crowd.charge(|n, client| {
        let body = json!({"version": 0, "high_contrast": true, "text_scale": scale(n)});
        let saves = people.iter().map(|who| ask(client, who, "PATCH", PATH, &body));
        saves.collect::<io::Result<Vec<Reply>>>()
    })?;
    round.tally.attempts(replies.iter().flatten(), &[200, 409]);
    for (at, who) in people.iter().enumerate() {
        let first = replies.iter().enumerate().filter_map(|(n, replies)| {
            replies.get(at).filter(|reply| reply.status == 200).map(|_| n)
        });
        let first: Vec<usize> = first.collect();
        round.tally.expect("clients told that theirs is the first save", first.len(), 1);
        let stands = round.prepare(who, "GET", PATH, &Value::Null, 200)?;
        let kept = stands["version"] == 1
            && first.iter().any(|n| stands["text_scale"] == json!(scale(*n)));
        round.tally.broken(u64::from(!kept), || format!("what stands is nobody's: {stands}"));
    }
    Ok(())
}

/// Every client saves and unsaves the same cards for the same person, in turns of its own.
pub(super) fn saved(round: &mut Round<'_>) -> Result<()> {
    let (who, owner) = (round.person()?, round.person()?);
    let cards = (0..CHANCES).map(|_| Ok(text(&round.card(&owner, "To be saved")?, "id")));
    let cards = cards.collect::<Result<Vec<String>>>()?;
    let replies = round.crowd.charge(|n, client| {
        let turns = (0..TURNS * CHANCES).map(|m| {
            let (turn, at) = (m / CHANCES, m % CHANCES);
            let path = format!("/api/saved/{}", cards.get(at).map_or("", String::as_str));
            let method = if (n + turn).is_multiple_of(2) { "PUT" } else { "DELETE" };
            Ok((at, method, ask(client, &who, method, &path, &Value::Null)?))
        });
        turns.collect::<io::Result<Vec<(usize, &str, Reply)>>>()
    })?;
    let replies: Vec<(usize, &str, Reply)> = replies.into_iter().flatten().collect();
    round.tally.attempts(replies.iter().map(|(_, _, reply)| reply), &[200]);
    for (at, card) in cards.iter().enumerate() {
        let changed = |method: &str| {
            let told = replies.iter().filter(|(of, asked, reply)| {
                (*of, *asked) == (at, method) && reply.json()["changed"] == true
            });
            i64::try_from(told.count()).unwrap_or(i64::MAX)
        };
        let must = changed("PUT") - changed("DELETE");
        let rows = round.target.number(&Question {
            ours: "SELECT count(*) FROM saved_cards WHERE user_id = unhex(replace(?1, '-', ''))
                     AND card_id = unhex(replace(?2, '-', ''))",
            naive: "SELECT count(*) FROM bookmarks WHERE user_id = ?1 AND card_id = ?2",
            about: &[&who.id, card],
        })?;
        round.tally.broken(rows.abs_diff(must), || {
            format!("by the answers a card is saved {must} times, and it is {rows} times")
        });
    }
    Ok(())
}
