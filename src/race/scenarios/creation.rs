//! Cards made at once.

use crate::error::Result;
use crate::id::hex;
use crate::race::naive::webhooks as naive;
use crate::race::round::{Round, ask, ask_with, text};
use crate::race::tally::with_status;
use crate::race::target::Question;
use serde_json::json;
use std::collections::BTreeSet;

/// How many people get their first cards in one round.
const PEOPLE: usize = 8;

/// Every client makes a card for each of some people who have none, in the same order: they meet at each.
pub(super) fn first_card(round: &mut Round<'_>) -> Result<()> {
    let people = (0..PEOPLE).map(|_| round.person()).collect::<Result<Vec<_>>>()?;
    let made = round.crowd.charge(|_, client| {
        let make = |who| ask(client, who, "POST", "/api/cards", &json!({"name": "Ada Lovelace"}));
        people.iter().map(make).collect::<Result<Vec<_>, _>>()
    })?;
    round.tally.attempts(made.iter().flatten(), &[201]);
    for (n, person) in people.iter().enumerate() {
        let answers = made.iter().filter_map(|replies| replies.get(n));
        let told = answers.filter(|reply| reply.json()["is_default"] == true).count();
        let cards = round.target.cards(&person.id)?;
        let stand = cards.iter().filter(|card| card.is_default).count();
        if stand == 1 {
            round.tally.expect("cards called the default in answers", told, 1);
        } else {
            round.tally.broken(1, || format!("a person has {stand} default cards"));
        }
        round.tally.expect("cards of a person", cards.len(), made.len());
    }
    Ok(())
}

/// Every client makes a card of the same name, for a person of its own.
pub(super) fn one_name(round: &mut Round<'_>) -> Result<()> {
    let people = round.people()?;
    let plain = format!("my-card-{}", hex(8));
    let body = json!({"name": plain.replace('-', " ")});
    let made = round.crowd.charge(|n, client| match people.get(n) {
        Some(who) => ask(client, who, "POST", "/api/cards", &body),
        None => Err(std::io::Error::other("a client is nobody")),
    })?;
    round.tally.attempts(&made, &[201]);
    let slugs: Vec<String> = made.iter().map(|reply| text(&reply.json(), "slug")).collect();
    let distinct: BTreeSet<&String> = slugs.iter().collect();
    round.tally.broken((slugs.len() - distinct.len()) as u64, || {
        let of = slugs.len();
        format!("{of} cards of one name have {} slugs between them", distinct.len())
    });
    for slug in distinct {
        let sound = slug.strip_prefix(&plain).is_some_and(is_suffix);
        round.tally.broken(u64::from(!sound), || format!("a slug is {slug:?}"));
        let bearers = round.target.bearers(slug)?;
        // One that the answers gave away already is not counted again.
        let told = slugs.iter().filter(|given| *given == slug).count();
        round.tally.broken(u64::from(bearers != told), || {
            format!("{bearers} cards bear the slug {slug:?}")
        });
    }
    let plainly = slugs.iter().filter(|slug| **slug == plain).count();
    round.tally.broken(u64::from(plainly == 0), || "nobody has the plain slug".into());
    Ok(())
}

/// Whether a slug may end so behind the plain name: not at all, or with six hexadecimal digits.
fn is_suffix(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or_default();
    text.is_empty() || (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Every client asks for the same slug.
pub(super) fn chosen_slug(round: &mut Round<'_>) -> Result<()> {
    let people = round.people()?;
    let slug = format!("chosen-{}", hex(8));
    let body = json!({"name": "Ada", "slug": slug});
    let made = round.crowd.charge(|n, client| match people.get(n) {
        Some(who) => ask(client, who, "POST", "/api/cards", &body),
        None => Err(std::io::Error::other("a client is nobody")),
    })?;
    round.tally.attempts(&made, &[201, 409]);
    let bearers = round.target.bearers(&slug)?;
    if bearers == 1 {
        round.tally.expect("clients told that they have the slug", with_status(&made, 201), 1);
    } else {
        round.tally.broken(1, || format!("{bearers} cards bear one chosen slug"));
    }
    Ok(())
}

/// Every client makes a webhook for each of some people, whose tier allows two.
pub(super) fn webhook_quota(round: &mut Round<'_>) -> Result<()> {
    const ALLOWED: usize = 2;
    let people = (0..PEOPLE).map(|_| round.person()).collect::<Result<Vec<_>>>()?;
    let body = json!({"url": "https://example.org/hook", "events": ["ping"]});
    let made = round.crowd.charge(|_, client| {
        // Twice, so that two clients are enough to want too many.
        let make = |who| ask(client, who, "POST", "/api/webhooks", &body);
        people.iter().chain(&people).map(make).collect::<Result<Vec<_>, _>>()
    })?;
    round.tally.attempts(made.iter().flatten(), &[201, 409]);
    for person in &people {
        let question = Question {
            ours: "SELECT count(*) FROM webhooks WHERE user_id = unhex(replace(?1, '-', ''))",
            naive: naive::COUNT,
            about: &[&person.id],
        };
        let stand = usize::try_from(round.target.number(&question)?).unwrap_or(0);
        round.tally.broken(u64::from(stand != ALLOWED), || {
            format!("a person whose tier allows {ALLOWED} webhooks has {stand}")
        });
    }
    Ok(())
}

/// Every client makes a card for one person, whose tier allows five.
pub(super) fn quota(round: &mut Round<'_>) -> Result<()> {
    const ALLOWED: usize = 5;
    let who = round.person()?;
    let body = json!({"name": "One more"});
    let made = round.crowd.charge(|_, client| {
        // Each tries twice, so that a small crowd reaches the limit, too.
        let first = ask(client, &who, "POST", "/api/cards", &body)?;
        Ok([first, ask(client, &who, "POST", "/api/cards", &body)?])
    })?;
    let made: Vec<_> = made.into_iter().flatten().collect();
    round.tally.attempts(&made, &[201, 409]);
    let (have, must) = (round.target.cards(&who.id)?.len(), made.len().min(ALLOWED));
    if have == must {
        round.tally.expect("cards made, by the answers", with_status(&made, 201), must);
    } else {
        round.tally.broken(1, || format!("a person whose tier allows 5 cards has {have}"));
    }
    Ok(())
}

/// Every client sends the same request with the same key: once by intent, and again for not having heard.
pub(super) fn one_key(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let key = hex(16);
    let fields = [("Idempotency-Key", key.as_str())];
    let body = json!({"name": "Sent again"});
    let made = round
        .crowd
        .charge(|_, client| ask_with(client, &who.token, "POST", "/api/cards", &fields, &body))?;
    round.tally.attempts(&made, &[201]);
    let cards = round.target.cards(&who.id)?.len();
    round.tally.broken(u64::from(cards != 1), || format!("one key made {cards} cards"));
    if cards == 1 {
        let bodies: BTreeSet<&[u8]> = made.iter().map(|reply| reply.body.as_slice()).collect();
        round.tally.expect("different answers to one request", bodies.len(), 1);
        let again =
            made.iter().filter(|reply| reply.header("Idempotent-Replayed") == Some("true")).count();
        round.tally.expect("answers marked as replayed", again, made.len() - 1);
    }
    Ok(())
}
