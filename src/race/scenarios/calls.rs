//! Webhooks that are called meanwhile: their secrets, and what follows from an answer.

use crate::clock::{Instant, Stop};
use crate::domain::webhooks::{Secret, sign};
use crate::error::{Error, Result};
use crate::race::naive::webhooks as naive;
use crate::race::receiver::{Message, Receiver};
use crate::race::round::{Person, Round, ask, look, text};
use crate::race::tally::with_status;
use crate::race::target::Question;
use crate::testing::{Client, Reply};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use std::io;
use std::time::Duration;

/// What every client does in a round, so that each meets the others more than once.
const TURNS: usize = 2;
/// Every so many-th client changes the secret.
const ROTATES: usize = 4;
/// More tries than others can be faster.
const TRIES_MAX: usize = 512;
/// How long what is under way may take, and between two looks at it.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(1);

/// A person with a webhook that leads to `receiver`; the webhook.
fn listening(round: &mut Round<'_>, receiver: &Receiver) -> Result<(Person, Value)> {
    let who = round.person()?;
    let hook = json!({"url": receiver.url(), "events": ["card.created"]});
    let made = round.prepare(&who, "POST", "/api/webhooks", &hook, 201)?;
    Ok((who, made))
}

fn ping(client: &mut Client, who: &Person, path: &str) -> io::Result<Reply> {
    ask(client, who, "POST", &format!("{path}/test"), &json!({}))
}

/// The secret that a reply shows.
fn secret(told: &Value) -> Result<Secret> {
    let text = text(told, "secret");
    let bytes = text.strip_prefix("whsec_").and_then(|text| BASE64.decode(text).ok());
    let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.map(Secret::from_bytes).ok_or_else(|| Error::internal("a webhook has no secret"))
}

/// Some clients change the secret and send a message each time, the others send messages: every change is a step of
/// its own, and every message bears the signature of the secret of its moment and of the one before, no other pair;
/// whoever has changed it is called with that one or a later one from then on.
pub(super) fn rotation(round: &mut Round<'_>) -> Result<()> {
    let receiver = Receiver::start(200)?;
    let (who, made) = listening(round, &receiver)?;
    let path = format!("/api/webhooks/{}", text(&made, "id"));
    let done = round.crowd.charge(|n, client| {
        let turn = |_| {
            let rotated = match n % ROTATES {
                0 => Some(ask(client, &who, "POST", &format!("{path}/rotate"), &json!({}))?),
                _ => None,
            };
            Ok((rotated, ping(client, &who, &path)?))
        };
        (0..TURNS).map(turn).collect::<io::Result<Vec<_>>>()
    })?;
    let done: Vec<(Option<Reply>, Reply)> = done.into_iter().flatten().collect();
    let rotated = || done.iter().filter_map(|(rotated, _)| rotated.as_ref());
    round.tally.attempts(rotated(), &[200]);
    round.tally.attempts(done.iter().map(|(_, sent)| sent), &[202]);

    // The secrets in the order of their versions, the first at version 1.
    let mut secrets = vec![(1, secret(&made)?)];
    for told in rotated().filter(|reply| reply.status == 200).map(Reply::json) {
        secrets.push((told["version"].as_i64().unwrap_or(0), secret(&told)?));
    }
    secrets.sort_by_key(|(version, _)| *version);
    let lost = secrets.iter().zip(1..).filter(|((version, _), step)| version != step).count();
    round.tally.broken(lost as u64, || "two changes of a secret are one step".into());
    let messages = receiver.messages(done.len());
    round.tally.expect("messages that came", messages.len(), done.len());
    let secrets: Vec<Secret> = secrets.into_iter().map(|(_, secret)| secret).collect();
    for message in &messages {
        let sent = done
            .iter()
            .find(|(_, sent)| message.id.strip_prefix("msg_") == sent.json()["id"].as_str());
        let least = sent.and_then(|(rotated, _)| rotated.as_ref()?.json()["version"].as_i64());
        let sound = is_signed(message, &secrets, least.unwrap_or(1))?;
        round.tally.broken(u64::from(!sound), || {
            format!("a message is signed {} by secrets that were never a pair", message.signature)
        });
    }
    Ok(())
}

/// Whether a message is signed by the secret of a version from `least` on and by the one before that, if there is one.
fn is_signed(message: &Message, secrets: &[Secret], least: i64) -> Result<bool> {
    let least = usize::try_from(least - 1).unwrap_or(0);
    for newest in least..secrets.len() {
        let pair = secrets.iter().take(newest + 1).rev().take(2).cloned().collect::<Vec<_>>();
        if sign(&pair, &message.id, message.timestamp_s, &message.body)? == message.signature {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Half of the clients send messages, which are answered 410; the others begin the endpoint anew each time that they
/// find it ended, or not: every end that counts was followed by a beginning, but for the last.
pub(super) fn gone(round: &mut Round<'_>) -> Result<()> {
    let receiver = Receiver::start(410)?;
    let (who, made) = listening(round, &receiver)?;
    let path = format!("/api/webhooks/{}", text(&made, "id"));
    let done = round.crowd.charge(|n, client| {
        if n % 2 == 0 {
            return (0..TURNS).map(|_| Ok((ping(client, &who, &path)?, false))).collect();
        }
        let begun = (0..TURNS).map(|_| begin_anew(client, &who, &path));
        begun.collect::<io::Result<Vec<_>>>().map(|begun| begun.concat())
    })?;
    let done: Vec<(Reply, bool)> = done.into_iter().flatten().collect();
    round.tally.attempts(done.iter().map(|(reply, _)| reply), &[200, 202, 409]);
    let replies: Vec<Reply> = done.iter().map(|(reply, _)| reply.clone()).collect();
    receiver.messages(with_status(&replies, 202));
    still(round, &who)?;

    let stands = round.prepare(&who, "GET", &path, &Value::Null, 200)?;
    let begun = done.iter().filter(|(_, stepped)| *stepped).count();
    let ended = begun + usize::from(stands["is_active"] == false);
    let version = usize::try_from(stands["version"].as_i64().unwrap_or(0)).unwrap_or(0);
    round.tally.expect("the version after its ends and beginnings", version, 1 + begun + ended);
    Ok(())
}

/// Looks at the endpoint and makes it active, again and again until nobody was faster; each try, and whether it was a
/// step.
fn begin_anew(client: &mut Client, who: &Person, path: &str) -> io::Result<Vec<(Reply, bool)>> {
    let mut tries: Vec<(Reply, bool)> = Vec::new();
    while tries.len() < TRIES_MAX && tries.last().is_none_or(|(last, _)| last.status == 409) {
        let seen = look(client, who, path)?;
        let body = json!({"is_active": true, "version": seen["version"]});
        let reply = ask(client, who, "PATCH", path, &body)?;
        let stepped = reply.status == 200 && reply.json()["version"] != seen["version"];
        tries.push((reply, stepped));
    }
    Ok(tries)
}

/// Waits until nothing is under way to a person's webhooks any more.
fn still(round: &Round<'_>, who: &Person) -> Result<()> {
    let question = Question {
        ours: "SELECT count(*) FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
               WHERE w.user_id = unhex(replace(?1, '-', '')) AND d.state = 'pending'",
        naive: naive::UNDER_WAY,
        about: &[&who.id],
    };
    let (begun, nobody) = (Instant::now(), Stop::default());
    while round.target.number(&question)? > 0 {
        if begun.elapsed() > PATIENCE {
            return Err(Error::internal("what is under way does not arrive"));
        }
        nobody.wait(LOOK);
    }
    Ok(())
}
