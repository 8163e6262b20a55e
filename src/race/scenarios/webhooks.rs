//! What is told to webhooks: once to each, and nothing to one that is gone.

use crate::error::Result;
use crate::race::naive::webhooks as naive;
use crate::race::round::{Person, Round, ask, text};
use crate::race::target::Question;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::io;

/// Shares in a round, each of which can be opened for the first time.
const SHARES: usize = 8;
/// Webhooks that a person has.
const WEBHOOKS: usize = 2;

/// A person with webhooks that are told of opened shares, and some shares.
fn listening(round: &mut Round<'_>) -> Result<(Person, Vec<String>, Vec<String>)> {
    let who = round.person()?;
    let card = round.card(&who, "Ada")?;
    let hook = json!({"url": "https://example.org/hook", "events": ["share.opened"]});
    let webhooks = (0..WEBHOOKS)
        .map(|_| Ok(text(&round.prepare(&who, "POST", "/api/webhooks", &hook, 201)?, "id")))
        .collect::<Result<_>>()?;
    let share = json!({"card_id": card["id"], "channel": "link"});
    let shares = (0..SHARES)
        .map(|_| {
            let made = round.prepare(&who, "POST", "/api/shares", &share, 201)?;
            Ok(text(&made, "tracking_id"))
        })
        .collect::<Result<_>>()?;
    Ok((who, webhooks, shares))
}

/// Reports that a share was opened.
fn open(client: &mut Client, who: &Person, share: &str) -> io::Result<Reply> {
    let body = json!({"tracking_id": share, "type": "open"});
    ask(client, who, "POST", "/api/events", &body)
}

/// Every client reports the same events: each webhook is told of each once.
pub(super) fn one_message(round: &mut Round<'_>) -> Result<()> {
    let (who, _, shares) = listening(round)?;
    let done = round.crowd.charge(|_, client| {
        shares.iter().map(|share| open(client, &who, share)).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(done.iter().flatten(), &[200]);
    let question = Question {
        ours: "SELECT count(*) FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
               WHERE w.user_id = unhex(replace(?1, '-', ''))",
        naive: naive::MESSAGES,
        about: &[&who.id],
    };
    let told = usize::try_from(round.target.number(&question)?).unwrap_or(0);
    round.tally.expect("messages about first events", told, SHARES * WEBHOOKS);
    Ok(())
}

/// One client deletes the webhooks while the others report events: nothing is left for what is gone.
pub(super) fn webhook_delete(round: &mut Round<'_>) -> Result<()> {
    let (who, webhooks, shares) = listening(round)?;
    let done = round.crowd.charge(|n, client| {
        if n > 0 {
            return shares.iter().map(|share| open(client, &who, share)).collect();
        }
        let delete = |webhook| {
            let path = format!("/api/webhooks/{webhook}?version=1");
            ask(client, &who, "DELETE", &path, &Value::Null)
        };
        webhooks.iter().map(delete).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(done.iter().flatten(), &[200]);
    for webhook in &webhooks {
        let question = Question {
            ours: "SELECT (SELECT count(*) FROM deliveries
                           WHERE webhook_id = unhex(replace(?1, '-', '')))
                     + (SELECT count(*) FROM jobs WHERE kind = 'webhook.deliver'
                          AND state IN ('available', 'running')
                          AND json_extract(payload, '$.webhook_id') = ?1)",
            naive: naive::MESSAGES_TO,
            about: &[webhook],
        };
        let left = usize::try_from(round.target.number(&question)?).unwrap_or(0);
        round.tally.expect("messages to a webhook that is gone", left, 0);
    }
    Ok(())
}
