//! Who gets in, and who no longer does.

use crate::error::Result;
use crate::id::hex;
use crate::race::round::{PASSWORD, Person, Round, applicant, ask, ask_with, look, text};
use crate::race::tally::with_status;
use crate::testing::Reply;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// Every client registers, in turn with one e-mail address for all and with one handle for all.
pub(super) fn registration(round: &mut Round<'_>) -> Result<()> {
    let (unique, number) = (hex(12), round.number);
    let asked = |n: usize| {
        let (own, shared) = (format!("{unique}{n}"), unique.clone());
        let (email, handle) = if number.is_multiple_of(2) { (shared, own) } else { (own, shared) };
        applicant(&format!("{email}@example.org"), &format!("h{handle}"))
    };
    let replies = round.crowd.charge(|n, client| client.post("/api/auth/register", &asked(n)))?;
    round.tally.attempts(&replies, &[201, 409]);
    let accounts =
        round.target.accounts(&format!("{unique}@example.org"), &format!("h{unique}"))?;
    if accounts == 1 {
        round.tally.expect("clients told that they registered", with_status(&replies, 201), 1);
    } else {
        round.tally.broken(1, || format!("{accounts} accounts share an address or a handle"));
    }
    Ok(())
}

/// Every client sends the form of the set-up link; each with an address of its own.
pub(super) fn set_up(round: &mut Round<'_>) -> Result<()> {
    let token = round.target.set_up_token();
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let replies = round.crowd.charge(|n, client| {
        let email = format!("admin{n}@example.org");
        let fields = [
            ("token", token.as_str()),
            ("display_name", "Admin"),
            ("email", &email),
            ("password", PASSWORD),
        ];
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        client.send("POST", "/setup", &form, body.extend_pairs(fields).finish().as_bytes())
    })?;
    round.tally.attempts(&replies, &[303, 409]);
    let admins = round.target.admins()?;
    if admins == 1 {
        round.tally.expect("clients told that they are the admin", with_status(&replies, 303), 1);
    } else {
        round.tally.broken(1, || format!("an installation has {admins} admins"));
    }
    Ok(())
}

/// Admins of one installation.
const ADMINS: usize = 8;

/// Every client acts as an admin who takes the role from all others and then steps down: one of them cannot.
pub(super) fn last_admin(round: &mut Round<'_>) -> Result<()> {
    let admins = (0..ADMINS).map(|_| {
        let token = round.target.admin()?;
        let who = Person { id: String::new(), email: String::new(), token };
        let me = round.prepare(&who, "GET", "/api/me", &Value::Null, 200)?;
        Ok(Person { id: text(&me, "id"), ..who })
    });
    let admins: Vec<Person> = admins.collect::<Result<_>>()?;
    let replies = round.crowd.charge(|n, client| {
        let in_turn = || admins.iter().cycle().skip(n % ADMINS);
        let Some(who) = in_turn().next() else { return Ok(Vec::new()) };
        let take = |whom: &Person| {
            let path = format!("/api/admin/users/{}/role", whom.id);
            ask(client, who, "PUT", &path, &json!({"role": "member"}))
        };
        in_turn().skip(1).take(ADMINS).map(take).collect()
    })?;
    // Whoever is an admin no more is told so.
    let replies: Vec<Reply> = replies.into_iter().flatten().collect();
    round.tally.attempts(&replies, &[200, 403, 409]);
    let left = round.target.admins()?;
    round.tally.expect("admins who are left", left, 1);
    Ok(())
}

/// Every client guesses at one person's password. The server's clock stands still, so no wait ends.
pub(super) fn guesses(round: &mut Round<'_>) -> Result<()> {
    const ALLOWED: usize = 5;
    let who = round.person()?;
    let replies = round.crowd.charge(|n, client| {
        let guess = |m| json!({"email": who.email, "password": format!("guess {m} of client {n}")});
        // Each tries three times, so that a small crowd reaches the limit, too.
        let tries = (0..3).map(|m| client.post("/api/auth/login", &guess(m)));
        tries.collect::<std::io::Result<Vec<Reply>>>()
    })?;
    let replies: Vec<Reply> = replies.into_iter().flatten().collect();
    round.tally.attempts(&replies, &[401, 429]);
    let tried = with_status(&replies, 401);
    let must = replies.len().min(ALLOWED);
    round.tally.broken(tried.abs_diff(must) as u64, || {
        format!("{tried} guesses were tried where {ALLOWED} are allowed")
    });
    if tried == must {
        round.tally.expect("guesses that are counted", round.target.guesses(&who.email)?, must);
    }
    Ok(())
}

/// What a client of [`revoked_token`] came back with.
enum Back {
    /// Its requests, up to the first that was refused.
    Wrote(Vec<Reply>),
    /// The revocation, and how many cards there were when it was acknowledged.
    Revoked(Reply, usize),
}

/// All clients but one make cards with an API token until they are refused; that one revokes it and counts
/// the cards as soon as this is acknowledged. No card may come after that.
pub(super) fn revoked_token(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let asked = json!({"name": "To be revoked", "scopes": ["cards:read", "cards:write"]});
    let made = round.prepare(&who, "POST", "/api/tokens", &asked, 201)?;
    let (secret, id) = (text(&made, "token"), text(&made, "id"));
    let target = round.target;
    let acknowledged = AtomicBool::new(false);
    let count = || target.cards(&who.id).map(|cards| cards.len()).map_err(std::io::Error::other);
    let back = round.crowd.charge(|n, client| {
        if n == 0 {
            // Lets the others get into their stride.
            for _ in 0..3 {
                drop(look(client, &who, "/api/me")?);
            }
            let path = format!("/api/tokens/{id}");
            let reply = ask(client, &who, "DELETE", &path, &Value::Null)?;
            let cards = count()?;
            acknowledged.store(true, Ordering::Release);
            return Ok(Back::Revoked(reply, cards));
        }
        let (mut replies, mut go_on) = (Vec::new(), true);
        while go_on {
            // What is begun after the revocation is the last try, whatever comes of it.
            let last = acknowledged.load(Ordering::Acquire);
            let body = json!({"name": format!("Written {n}")});
            let reply = ask_with(client, &secret, "POST", "/api/cards", &[], &body)?;
            go_on = reply.status == 201 && !last;
            replies.push(reply);
        }
        Ok(Back::Wrote(replies))
    })?;
    let mut when_acknowledged = 0;
    for came in &back {
        match came {
            Back::Wrote(replies) => round.tally.attempts(replies, &[201, 401]),
            Back::Revoked(reply, cards) => {
                round.tally.attempt(reply, &[200]);
                when_acknowledged = *cards;
            }
        }
    }
    let stand = round.target.cards(&who.id)?.len();
    round.tally.broken(stand.abs_diff(when_acknowledged) as u64, || {
        format!("{when_acknowledged} cards when the revocation was acknowledged, {stand} later")
    });
    Ok(())
}
