//! Logins, passwords and reset links.

use crate::error::{Error, Result};
use crate::race::round::{PASSWORD, Person, Round, ask, ask_with, text};
use crate::race::tally::with_status;
use crate::race::target::Question;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// More tries than there are: whoever is held up by other people's logins soon gets through.
const TRIES_MAX: usize = 100_000;

/// The logins of a person.
const SESSIONS: Question<'_> = Question {
    ours: "SELECT count(*) FROM sessions WHERE user_id = unhex(replace(?1, '-', ''))",
    naive: "SELECT count(*) FROM access_tokens WHERE user_id = ?1",
    about: &[],
};

fn sessions(round: &Round<'_>, who: &Person) -> Result<usize> {
    let count = round.target.number(&Question { about: &[&who.id], ..SESSIONS })?;
    Ok(usize::try_from(count).unwrap_or(0))
}

fn log_in(client: &mut Client, who: &Person, password: &str) -> io::Result<Reply> {
    client.post("/api/auth/login", &json!({"email": who.email, "password": password}))
}

/// Asks until it is not too often: more than five logins at once of one person are guesses until the first
/// of them has turned out to be right.
fn patiently(mut ask: impl FnMut() -> io::Result<Reply>) -> io::Result<Reply> {
    for _ in 0..TRIES_MAX {
        let reply = ask()?;
        if reply.status != 429 {
            return Ok(reply);
        }
    }
    Err(io::Error::other("the limit of guesses never ended"))
}

/// Every client logs in as one person; the tokens.
fn log_in_all(round: &mut Round<'_>, who: &Person) -> Result<Vec<Reply>> {
    round.crowd.charge(|_, client| patiently(|| log_in(client, who, PASSWORD)))
}

fn token(reply: &Reply) -> String {
    text(&reply.json(), "token")
}

/// How many of these tokens still open something.
fn alive(round: &mut Round<'_>, tokens: &[String]) -> Result<usize> {
    let client = round.crowd.anyone()?;
    let looks = tokens.iter().map(|token| {
        let reply = ask_with(client, token, "GET", "/api/me", &[], &Value::Null)?;
        Ok(reply.status == 200)
    });
    let looks = looks.collect::<io::Result<Vec<_>>>().map_err(Error::internal)?;
    Ok(looks.into_iter().filter(|alive| *alive).count())
}

/// Every client logs in as the same person; no login may end another. Seed 002 has it so by design ("Concurrent
/// Session Handling"), so there is no naive way of it.
pub(super) fn logins(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let replies = log_in_all(round, &who)?;
    round.tally.attempts(&replies, &[200]);
    let mut tokens: Vec<String> = replies.iter().map(token).collect();
    tokens.sort_unstable();
    tokens.dedup();
    round.tally.expect("tokens given", tokens.len(), replies.len());
    let alive = alive(round, &tokens)?;
    round.tally.expect("logins that live", alive, replies.len());
    // And that of the registration.
    round.tally.expect("logins that stand", sessions(round, &who)?, replies.len() + 1);
    Ok(())
}

/// Every client, each with a login of its own, revokes the others.
pub(super) fn revoke_others(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let tokens: Vec<String> = log_in_all(round, &who)?.iter().map(token).collect();
    let replies = round.crowd.charge(|n, client| {
        let token = tokens.get(n).map_or("", String::as_str);
        ask_with(client, token, "POST", "/api/sessions/revoke-others", &[], &json!({}))
    })?;
    // In any order the first one ends the logins of all who come after.
    round.tally.attempts(&replies, &[200, 401]);
    round.tally.expect("clients that revoked the others", with_status(&replies, 200), 1);
    let winner = replies.iter().zip(&tokens).filter(|(reply, _)| reply.status == 200);
    let winner: Vec<String> = winner.map(|(_, token)| token.clone()).collect();
    let stand = sessions(round, &who)?;
    round.tally.expect("logins that are left", stand, 1);
    let alive = alive(round, &winner)?;
    round.tally.expect("logins left of those who were told so", alive, winner.len());
    Ok(())
}

/// Every client uses the same link, each with a password of its own.
pub(super) fn reset_link(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let admin = Person { token: round.target.admin()?, ..who.clone() };
    let path = format!("/api/admin/users/{}/reset-link", who.id);
    let link = round.prepare(&admin, "POST", &path, &json!({}), 201)?;
    let link = text(&link, "url");
    let token = link.split("token=").nth(1).unwrap_or_default();
    let password = |n: usize| format!("{n} brown owls in the old barn");
    let replies = round.crowd.charge(|n, client| {
        let body = json!({"token": token, "new_password": password(n)});
        client.post("/api/auth/reset", &body)
    })?;
    round.tally.attempts(&replies, &[200, 410]);
    let used = with_status(&replies, 200);
    round.tally.broken(used.abs_diff(1) as u64, || format!("a link was used {used} times"));
    round.tally.expect("logins that live on", sessions(round, &who)?, 0);
    if let Some(winner) = replies.iter().position(|reply| reply.status == 200) {
        let reply = log_in(round.crowd.anyone()?, &who, &password(winner));
        let status = usize::from(reply.map_err(Error::internal)?.status);
        round.tally.expect("a login with the password that was set", status, 200);
    }
    Ok(())
}

/// What a client of [`password`] came back with.
enum Back {
    /// Its logins, each with whether it came too late and succeeded, up to the first that was refused.
    LoggedIn(Vec<(Reply, bool)>),
    /// The change.
    Changed(Reply),
}

/// All clients but one log in with a person's password until they are refused; that one changes it. After that
/// is acknowledged no login but the changer's may live, and the old password opens nothing.
pub(super) fn password(round: &mut Round<'_>) -> Result<()> {
    const NEW: &str = "nineteen red kites over the moor";
    let who = round.person()?;
    let acknowledged = AtomicBool::new(false);
    let back = round.crowd.charge(|n, client| {
        if n == 0 {
            // Lets the others get into their stride.
            for _ in 0..3 {
                drop(ask(client, &who, "GET", "/api/me", &Value::Null)?);
            }
            let body = json!({"current_password": PASSWORD, "new_password": NEW});
            let change = || ask(client, &who, "POST", "/api/me/password", &body);
            let reply = patiently(change)?;
            acknowledged.store(true, Ordering::Release);
            return Ok(Back::Changed(reply));
        }
        let (mut replies, mut go_on) = (Vec::new(), true);
        while go_on {
            // What is begun after the change is the last try, whatever comes of it.
            let last = acknowledged.load(Ordering::Acquire);
            let reply = log_in(client, &who, PASSWORD)?;
            let late = last && reply.status == 200;
            go_on = !last && reply.status != 401;
            replies.push((reply, late));
        }
        Ok(Back::LoggedIn(replies))
    })?;
    let mut tokens = Vec::new();
    for came in &back {
        match came {
            Back::Changed(reply) => round.tally.attempt(reply, &[200]),
            Back::LoggedIn(replies) => {
                round.tally.attempts(replies.iter().map(|(reply, _)| reply), &[200, 401, 429]);
                let late = replies.iter().filter(|(_, late)| *late).count();
                round.tally.expect("late logins with the old password", late, 0);
                let won = replies.iter().filter(|(reply, _)| reply.status == 200);
                tokens.extend(won.map(|(reply, _)| token(reply)));
            }
        }
    }
    let alive = alive(round, &tokens)?;
    round.tally.broken(alive as u64, || format!("{alive} logins outlived a change of password"));
    round.tally.expect("logins that stand", sessions(round, &who)?, 1);
    Ok(())
}
