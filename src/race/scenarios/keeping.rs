//! What somebody who has cards always has: one default, a card at least, and the names once shown.

use crate::error::Result;
use crate::id::hex;
use crate::race::round::{Person, Round, ask, look, text};
use crate::race::tally::with_status;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::io;

/// Cards that the default is moved between.
const STANDING: usize = 6;
/// More than these are not made at once, so that one page of a list holds them all.
const MAKERS_MAX: usize = 150;
/// More tries than there are changes by others.
const TRIES_MAX: usize = 4_096;

/// Half of the clients move the default, the others make a card, make it the default and delete it, so that
/// another takes its place; all the while others count the defaults.
pub(super) fn default(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let standing = (0..STANDING)
        .map(|n| Ok(text(&round.card(&who, &format!("Standing {n}"))?, "id")))
        .collect::<Result<Vec<_>>>()?;
    let (done, mut seen) = round.crowd.charge_watched(
        |n, client| {
            if n % 2 == 0 && n / 2 < MAKERS_MAX {
                return come_and_go(client, &who);
            }
            let ids = standing.iter().cycle().skip(n).take(3);
            ids.map(|id| {
                ask(client, &who, "PUT", &format!("/api/cards/{id}/default"), &Value::Null)
            })
            .collect()
        },
        |client| {
            let cards = look(client, &who, "/api/cards?limit=200")?;
            let cards = cards["items"].as_array().cloned().unwrap_or_default();
            Ok(cards.iter().filter(|card| card["is_default"] == true).count())
        },
    )?;
    round.tally.attempts(done.iter().flatten(), &[200, 201, 409]);
    round.tally.note("looks", seen.len() as u64);
    // A state that is seen again and again is one.
    seen.dedup();
    let wrong = seen.iter().filter(|defaults| **defaults != 1).count();
    round.tally.broken(wrong as u64, || {
        let example = seen.iter().find(|defaults| **defaults != 1).copied().unwrap_or(0);
        format!("a reader saw {example} default cards")
    });
    let cards = round.target.cards(&who.id)?;
    let defaults = cards.iter().filter(|card| card.is_default).count();
    round.tally.expect("default cards that stand", defaults, 1);
    Ok(())
}

fn come_and_go(client: &mut Client, who: &Person) -> io::Result<Vec<Reply>> {
    let made = ask(client, who, "POST", "/api/cards", &json!({"name": "Passing"}))?;
    let id = text(&made.json(), "id");
    let moved = ask(client, who, "PUT", &format!("/api/cards/{id}/default"), &Value::Null)?;
    let version = moved.json()["version"].as_i64().unwrap_or(1);
    let mut replies = vec![made, moved];
    replies.append(&mut delete_by_all_means(client, who, &id, version)?);
    Ok(replies)
}

/// Deletes a card, also one that was changed meanwhile: a version that turns out to be stale is replaced by
/// the one that stands.
fn delete_by_all_means(
    client: &mut Client,
    who: &Person,
    id: &str,
    version: i64,
) -> io::Result<Vec<Reply>> {
    let (mut replies, mut version) = (Vec::new(), Some(version));
    while let Some(expected) = version.filter(|_| replies.len() < TRIES_MAX) {
        let path = format!("/api/cards/{id}?version={expected}");
        let reply = ask(client, who, "DELETE", &path, &Value::Null)?;
        version = reply.json()["currentVersion"].as_i64();
        replies.push(reply);
    }
    Ok(replies)
}

/// Somebody has two cards; half of the clients delete the one, half the other.
pub(super) fn last_card(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let ids = [text(&round.card(&who, "One")?, "id"), text(&round.card(&who, "Two")?, "id")];
    let replies = round.crowd.charge(|n, client| {
        let [one, two] = &ids;
        let id = if n % 2 == 0 { one } else { two };
        delete_by_all_means(client, &who, id, 1)
    })?;
    let replies: Vec<Reply> = replies.into_iter().flatten().collect();
    round.tally.attempts(&replies, &[200, 404, 409]);
    let cards = round.target.cards(&who.id)?;
    let sound = matches!(cards.as_slice(), [card] if card.is_default);
    round.tally.broken(u64::from(!sound), || match cards.as_slice() {
        [_] => "the card that stayed is not the default".into(),
        cards => format!("of two cards {} stayed", cards.len()),
    });
    if sound {
        round.tally.expect("deletions that count", with_status(&replies, 200), 1);
    }
    Ok(())
}

/// One client renames a card while the others ask for the name that it leaves: for new cards, and for
/// cards they have.
pub(super) fn former_slug(round: &mut Round<'_>) -> Result<()> {
    let (owner, people) = (round.person()?, round.people()?);
    let (old, new) = (format!("old-{}", hex(8)), format!("new-{}", hex(8)));
    let asked = json!({"name": "Printed", "slug": old});
    let card = round.prepare(&owner, "POST", "/api/cards", &asked, 201)?;
    let rival = round.person()?;
    let other = round.card(&rival, "Rival")?;
    let path = |card: &Value| format!("/api/cards/{}", text(card, "id"));
    let (mine, theirs) = (path(&card), path(&other));
    let replies = round.crowd.charge(|n, client| {
        if n == 0 {
            return ask(client, &owner, "PATCH", &mine, &json!({"version": 1, "slug": new}));
        }
        match people.get(n).filter(|_| n % 2 == 0) {
            Some(who) => ask(client, who, "POST", "/api/cards", &asked),
            None => ask(client, &rival, "PATCH", &theirs, &json!({"version": 1, "slug": old})),
        }
    })?;
    round.tally.attempts(replies.iter().take(1), &[200]);
    round.tally.attempts(replies.iter().skip(1), &[409]);
    round.tally.expect("cards that bear the former name", round.target.bearers(&old)?, 0);
    round.tally.expect("cards that bear the new name", round.target.bearers(&new)?, 1);
    let client = round.crowd.anyone()?;
    let shown = client.get(&format!("/c/{old}")).map_err(crate::error::Error::internal)?;
    let leads = shown.header("Location").is_some_and(|to| to.ends_with(&format!("/c/{new}")));
    round.tally.broken(u64::from(!leads), || format!("the former name answers {}", shown.status));
    Ok(())
}
