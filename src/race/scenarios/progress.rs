//! What counts once, what adds up, and what a subscription allows.

use crate::error::{Error, Result};
use crate::race::round::{Person, Round, ask, look};
use crate::race::target::Question;
use crate::testing::Reply;
use serde_json::{Value, json};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// People in one round: the clients meet at each of them.
const PEOPLE: usize = 8;
/// Topics of one round, and how often each client adds to each of them.
const TOPICS: usize = 4;
const ADDITIONS: usize = 3;
/// Points of a first card and of a check-in.
const FIRST_CARD: i64 = 50;
const CHECK_IN: i64 = 10;
/// Cards that a subscription allows that is not active.
const FREE_CARDS: usize = 5;

const POINTS: Question<'_> = Question {
    ours: "SELECT xp FROM progress WHERE user_id = unhex(replace(?1, '-', ''))",
    naive: "SELECT xp FROM user_gamification WHERE user_id = ?1",
    about: &[],
};
const TOPIC_ROWS: Question<'_> = Question {
    ours: "SELECT count(*) FROM topics WHERE user_id = unhex(replace(?1, '-', ''))",
    naive: "SELECT count(*) FROM topic_progress WHERE user_id = ?1",
    about: &[],
};
const CARDS: Question<'_> = Question {
    ours: "SELECT count(*) FROM cards WHERE user_id = unhex(replace(?1, '-', ''))",
    naive: "SELECT count(*) FROM business_cards WHERE user_id = ?1",
    about: &[],
};

/// Asks about a person.
fn number(round: &Round<'_>, question: Question<'_>, who: &Person) -> Result<i64> {
    round.target.number(&Question { about: &[&who.id], ..question })
}

fn people(round: &mut Round<'_>) -> Result<Vec<Person>> {
    (0..PEOPLE).map(|_| round.person()).collect()
}

/// Every client makes a card for each of some people who have none, and checks in as that person: one card is
/// the first, one call the first of the day.
pub(super) fn xp(round: &mut Round<'_>) -> Result<()> {
    let people = people(round)?;
    let done = round.crowd.charge(|_, client| {
        let mut replies = Vec::with_capacity(2 * PEOPLE);
        for who in &people {
            replies.push(ask(client, who, "POST", "/api/cards", &json!({"name": "Ada"}))?);
            replies.push(ask(client, who, "POST", "/api/progress/checkin", &json!({}))?);
        }
        Ok(replies)
    })?;
    round.tally.attempts(done.iter().flatten(), &[200, 201]);
    for who in &people {
        let (points, must) = (number(round, POINTS, who)?, FIRST_CARD + CHECK_IN);
        round.tally.broken(u64::from(points != must), || {
            format!("a first card and a check-in brought {points} points instead of {must}")
        });
    }
    Ok(())
}

/// Every client checks in as each of some people, on one day: the server's clock stands still.
pub(super) fn check_in(round: &mut Round<'_>) -> Result<()> {
    let people = people(round)?;
    let done = round.crowd.charge(|_, client| {
        let enter = |who| ask(client, who, "POST", "/api/progress/checkin", &json!({}));
        people.iter().map(enter).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(done.iter().flatten(), &[200]);
    for (n, who) in people.iter().enumerate() {
        let told = done.iter().filter_map(|replies| replies.get(n)).map(Reply::json);
        let counted = told.filter(|told| told["counted"] == true).count();
        round.tally.expect("check-ins told that they count", counted, 1);
        let progress = look(round.crowd.anyone()?, who, "/api/progress");
        let streak = progress.map_err(Error::internal)?["streak"].take();
        let sound = streak["current"] == 1 && streak["longest"] == 1;
        round.tally.broken(u64::from(!sound), || format!("after one day a streak is {streak}"));
    }
    Ok(())
}

/// Every client adds to the same topics of one person, each as often as the others.
pub(super) fn topics(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let done = round.crowd.charge(|n, client| {
        let steps = (0..ADDITIONS * TOPICS).map(|step| {
            let path = format!("/api/progress/topics/topic-{}", (n + step) % TOPICS);
            ask(client, &who, "POST", &path, &json!({"delta": 1}))
        });
        steps.collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(done.iter().flatten(), &[200]);
    let progress = look(round.crowd.anyone()?, &who, "/api/progress");
    let progress = progress.map_err(Error::internal)?;
    let must = (ADDITIONS * done.len()) as u64;
    for topic in progress["topics"].as_array().into_iter().flatten() {
        let score = topic["score"].as_u64().unwrap_or(0);
        round.tally.broken(must.abs_diff(score), || {
            format!("{must} was added to a topic, one by one, and it has {score}")
        });
    }
    let rows = number(round, TOPIC_ROWS, &who)?;
    round.tally.broken(u64::from(usize::try_from(rows) != Ok(TOPICS)), || {
        format!("{TOPICS} topics have {rows} rows")
    });
    Ok(())
}

/// An admin of the target.
fn admin(round: &Round<'_>) -> Result<Person> {
    Ok(Person { id: String::new(), email: String::new(), token: round.target.admin()? })
}

fn path(who: &Person) -> String {
    format!("/api/admin/users/{}/subscription", who.id)
}

/// What changes a subscription.
fn change(tier: &str, status: &str, version: &Value) -> Value {
    json!({"tier": tier, "status": status, "version": version})
}

/// Some people's subscriptions have expired. Half of the clients, all of whom have seen that version, make
/// each active again, the others pause it, which cannot be.
pub(super) fn subscription(round: &mut Round<'_>) -> Result<()> {
    let (admin, people) = (admin(round)?, people(round)?);
    let mut seen = Value::Null;
    for who in &people {
        let stands = round.prepare(&admin, "GET", &path(who), &Value::Null, 200)?;
        let expired = change("standard", "expired", &stands["version"]);
        seen = round.prepare(&admin, "PUT", &path(who), &expired, 200)?["version"].take();
    }
    let done = round.crowd.charge(|n, client| {
        let status = if n % 2 == 0 { "active" } else { "paused" };
        let change = change("standard", status, &seen);
        let step = |who| ask(client, &admin, "PUT", &path(who), &change);
        people.iter().map(step).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(done.iter().flatten(), &[200, 409]);
    let illegal = done.iter().skip(1).step_by(2).flatten();
    let taken = illegal.filter(|reply| reply.status == 200).count();
    round.tally.expect("illegal steps that count", taken, 0);
    for (n, who) in people.iter().enumerate() {
        let of_one = done.iter().filter_map(|replies| replies.get(n));
        let won = of_one.filter(|reply| reply.status == 200).count();
        round.tally.expect("changes of one version that count", won, 1);
        let stands = round.prepare(&admin, "GET", &path(who), &Value::Null, 200)?;
        let sound = stands["status"] == "active"
            && stands["version"].as_i64() == seen.as_i64().map(|version| version + 1);
        round.tally.broken(u64::from(!sound), || format!("a subscription stands as {stands}"));
    }
    Ok(())
}

/// What a client of [`downgrade`] came back with.
enum Back {
    /// Its requests, up to the first that was refused.
    Made(Vec<Reply>),
    /// The downgrade, and how many cards there were when it was acknowledged.
    Downgraded(Reply, i64),
}

/// All clients but one make cards for one person until they are refused; that one, an admin, puts the person on
/// the free tier and counts the cards as soon as this is acknowledged. None may come after that.
pub(super) fn downgrade(round: &mut Round<'_>) -> Result<()> {
    let (admin, who) = (admin(round)?, round.person()?);
    for n in 0..FREE_CARDS {
        round.card(&who, &format!("Card {n}"))?;
    }
    let stands = round.prepare(&admin, "GET", &path(&who), &Value::Null, 200)?;
    let free = change("free", "active", &stands["version"]);
    let (target, acknowledged) = (round.target, AtomicBool::new(false));
    let count = || target.number(&Question { about: &[&who.id], ..CARDS });
    let back = round.crowd.charge(|n, client| {
        if n == 0 {
            // Lets the others get into their stride.
            for _ in 0..3 {
                drop(look(client, &who, "/api/me")?);
            }
            let reply = ask(client, &admin, "PUT", &path(&who), &free)?;
            let cards = count().map_err(io::Error::other)?;
            acknowledged.store(true, Ordering::Release);
            return Ok(Back::Downgraded(reply, cards));
        }
        let (mut replies, mut go_on) = (Vec::new(), true);
        while go_on {
            // What is begun after the downgrade is the last try, whatever comes of it.
            let last = acknowledged.load(Ordering::Acquire);
            let reply = ask(client, &who, "POST", "/api/cards", &json!({"name": "One more"}))?;
            go_on = reply.status == 201 && !last;
            replies.push(reply);
        }
        Ok(Back::Made(replies))
    })?;
    let mut when_acknowledged = 0;
    for came in &back {
        match came {
            Back::Made(replies) => round.tally.attempts(replies, &[201, 409]),
            Back::Downgraded(reply, cards) => {
                round.tally.attempt(reply, &[200]);
                when_acknowledged = *cards;
            }
        }
    }
    let stand = number(round, CARDS, &who)?;
    round.tally.broken(stand.abs_diff(when_acknowledged), || {
        format!("{when_acknowledged} cards when the downgrade was acknowledged, {stand} later")
    });
    Ok(())
}
