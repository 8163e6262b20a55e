//! One card changed by many.

use crate::error::Result;
use crate::race::round::{Person, Round, ask, look, text};
use crate::race::tally::with_status;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::io;

/// Links of a list that is put in place of another.
const LINKS: usize = 5;

/// More tries than clients: each is beaten at most once by each of the others.
const TRIES_MAX: usize = 512;

/// Every client has seen version 1 and changes the name.
pub(super) fn one_version(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let card = round.card(&who, "Updated Name")?;
    let path = format!("/api/cards/{}", text(&card, "id"));
    let name = |n: usize| format!("Updated Name {n}");
    let replies = round.crowd.charge(|n, client| {
        ask(client, &who, "PATCH", &path, &json!({"version": 1, "name": name(n)}))
    })?;
    round.tally.attempts(&replies, &[200, 409]);
    let won = with_status(&replies, 200);
    // Each change that was acknowledged and built upon version 1, but for one, is lost.
    round.tally.broken(won.saturating_sub(1) as u64, || {
        format!("{won} clients were told that their edit of version 1 counts")
    });
    round.tally.broken(u64::from(won == 0), || "nobody's edit counts".into());
    if won != 1 {
        return Ok(());
    }
    let winner = replies.iter().position(|reply| reply.status == 200).map(name);
    let stand = round.target.cards(&who.id)?.pop();
    let kept = stand.map(|card| (card.name, card.version));
    round.tally.broken(u64::from(kept != winner.map(|name| (name, Some(2)))), || {
        format!("after one edit the card is {kept:?}")
    });
    let told = |reply: &&Reply| {
        let problem = reply.json();
        problem["error"] != "Version conflict" || problem["currentVersion"] != 2
    };
    let untold = replies.iter().filter(|reply| reply.status == 409).filter(told).count();
    round.tally.expect("losers not told the current version", untold, 0);
    Ok(())
}

/// Every client raises a number by reading it and writing it back; whoever loses looks again.
pub(super) fn counter(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let card = round.card(&who, "0")?;
    let path = format!("/api/cards/{}", text(&card, "id"));
    let number = |name: &str| name.parse::<u64>().unwrap_or(0);
    let raise = |seen: &Value| {
        let next = number(&text(seen, "name")) + 1;
        json!({"version": seen["version"], "name": next.to_string()})
    };
    let done = round.crowd.charge(|_, client| until_done(client, &who, &path, "", &raise))?;
    let raised = done.len() as u64;
    round.tally.attempts(done.iter().flatten(), &[200, 409]);

    let stand = round.target.cards(&who.id)?.pop();
    let kept = stand.as_ref().map_or(0, |card| number(&card.name));
    round.tally.broken(raised.abs_diff(kept), || {
        format!("a number was raised {raised} times and is {kept}")
    });
    if kept == raised {
        // Versions of successful writes: 2, 3, …, each exactly once.
        let won = done.iter().filter_map(|replies| replies.last());
        let mut versions: Vec<i64> =
            won.filter_map(|reply| reply.json()["version"].as_i64()).collect();
        versions.sort_unstable();
        let steps = versions.iter().zip(2..).all(|(version, step)| *version == step);
        let last = stand.and_then(|card| card.version);
        let sound = steps && versions.len() == done.len() && last == versions.last().copied();
        round.tally.broken(u64::from(!sound), || format!("the versions given are {versions:?}"));
    }
    Ok(())
}

/// Reads something and changes it by what `change` makes of it, again and again until that counts.
pub(super) fn until_done(
    client: &mut Client,
    who: &Person,
    path: &str,
    below: &str,
    change: &impl Fn(&Value) -> Value,
) -> io::Result<Vec<Reply>> {
    let mut seen = look(client, who, path)?;
    let (method, target) =
        (if below.is_empty() { "PATCH" } else { "PUT" }, format!("{path}{below}"));
    let mut replies = Vec::new();
    let mut stale = true;
    while stale && replies.len() < TRIES_MAX {
        let reply = ask(client, who, method, &target, &change(&seen))?;
        stale = reply.status == 409;
        if stale {
            seen = reply.json()["current"].take();
        }
        replies.push(reply);
    }
    Ok(replies)
}

/// Every client puts a list of its own in place of the one that stands, while others read.
pub(super) fn links(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let card = round.card(&who, "Links")?;
    let path = format!("/api/cards/{}", text(&card, "id"));
    let list = |label: &str| {
        let link = |n| {
            let url = format!("https://example.org/{label}/{n}");
            json!({"platform": "website", "label": label, "url": url})
        };
        (0..LINKS).map(link).collect::<Value>()
    };
    let first = json!({"version": card["version"], "links": list("first")});
    round.prepare(&who, "PUT", &format!("{path}/links"), &first, 200)?;

    let (done, mut seen) = round.crowd.charge_watched(
        |n, client| {
            let label = format!("list-{n}");
            let replace = |seen: &Value| json!({"version": seen["version"], "links": list(&label)});
            until_done(client, &who, &path, "/links", &replace)
        },
        |client| {
            let card = look(client, &who, &path)?;
            let links = card["links"].as_array().cloned().unwrap_or_default();
            Ok(links.iter().map(|link| text(link, "label")).collect::<Vec<_>>())
        },
    )?;
    round.tally.attempts(done.iter().flatten(), &[200, 409]);
    round.tally.note("looks", seen.len() as u64);
    // A state that is seen again and again is one.
    seen.dedup();
    let torn = seen.iter().filter(|labels| !is_whole(labels)).count();
    round.tally.broken(torn as u64, || {
        seen.iter().find(|labels| !is_whole(labels)).map(|labels| told(labels)).unwrap_or_default()
    });
    let stand = round.target.cards(&who.id)?.pop().map(|card| card.links).unwrap_or_default();
    round.tally.broken(u64::from(!is_whole(&stand)), || told(&stand));
    // Where versions are kept, the list that stands is that of the last.
    let won = done.iter().filter_map(|replies| replies.last()).map(Reply::json);
    let versions = won.filter_map(|card| Some((card["version"].as_i64()?, card)));
    if let Some((_, last)) = versions.max_by_key(|(version, _)| *version) {
        let lost = !stand.contains(&text(&last["links"][0], "label"));
        round.tally.broken(u64::from(lost), || format!("the last list is lost; {}", told(&stand)));
    }
    Ok(())
}

/// Every client gives a card a name and links that tell whose they are, in one save of the editor's form, while
/// others read.
pub(super) fn editor(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let card = round.card(&who, "first")?;
    let path = format!("/api/cards/{}", text(&card, "id"));
    let page = format!("/cards/{}/edit", text(&card, "id"));
    let link = |n| json!({"platform": "website", "label": "first", "url": format!("https://example.org/{n}")});
    let first =
        json!({"version": card["version"], "links": (0..LINKS).map(link).collect::<Value>()});
    round.prepare(&who, "PUT", &format!("{path}/links"), &first, 200)?;

    let (done, mut seen) = round.crowd.charge_watched(
        |n, client| until_saved(client, &who, &page, &format!("save-{n}")),
        |client| {
            let card = look(client, &who, &path)?;
            let links = card["links"].as_array().cloned().unwrap_or_default();
            let labels = links.iter().map(|link| text(link, "label"));
            Ok(std::iter::once(text(&card, "name")).chain(labels).collect::<Vec<_>>())
        },
    )?;
    round.tally.attempts(done.iter().flatten(), &[303, 409]);
    round.tally.note("looks", seen.len() as u64);
    seen.dedup();
    let torn = |save: &&Vec<String>| {
        save.len() != LINKS + 1 || save.windows(2).any(|pair| pair.first() != pair.last())
    };
    let count = seen.iter().filter(torn).count();
    round.tally.broken(count as u64, || {
        let save = seen.iter().find(torn).cloned().unwrap_or_default();
        let (name, labels) =
            save.split_first().map_or((String::new(), &[][..]), |(n, l)| (n.clone(), l));
        format!("the card was called {name}; {}", told(labels))
    });
    let unsaved =
        done.iter().filter(|replies| replies.last().is_none_or(|last| last.status != 303));
    round.tally.expect("clients that never came to save", unsaved.count(), 0);
    Ok(())
}

/// Opens the editor and saves, again and again until nobody else was faster.
fn until_saved(
    client: &mut Client,
    who: &Person,
    page: &str,
    label: &str,
) -> io::Result<Vec<Reply>> {
    let bearer = format!("Bearer {}", who.token);
    let mut replies: Vec<Reply> = Vec::new();
    while replies.len() < TRIES_MAX && replies.last().is_none_or(|last| last.status == 409) {
        let opened = client.send("GET", page, &[("Authorization", &bearer)], b"")?.text();
        let value = |name: &str| {
            let tag = opened.split_once(&format!(" name=\"{name}\"")).map(|(_, rest)| rest);
            let tag = tag.and_then(|rest| rest.split('>').next()).unwrap_or_default();
            let value = tag.split_once(" value=\"").map_or("", |(_, rest)| rest);
            value.split('"').next().unwrap_or_default().to_owned()
        };
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for name in ["version", "base", "slug"] {
            form.append_pair(name, &value(name));
        }
        for (name, text) in [
            ("name", label),
            ("template_type", "custom"),
            ("visibility", "public"),
            ("lead_routing", "owner"),
        ] {
            form.append_pair(name, text);
        }
        for n in 0..LINKS {
            for (member, text) in [
                ("id", value(&format!("link.{n}.id"))),
                ("platform", "website".into()),
                ("label", label.into()),
                ("url", format!("https://example.org/{n}")),
                ("shown", "on".into()),
            ] {
                form.append_pair(&format!("link.{n}.{member}"), &text);
            }
        }
        let fields = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        replies.push(client.send("POST", page, &fields, form.finish().as_bytes())?);
    }
    Ok(replies)
}

/// A list in a few words.
fn told(labels: &[String]) -> String {
    if labels.is_empty() {
        return "there were no links at all".into();
    }
    let mut lists = labels.to_vec();
    lists.dedup();
    format!("{} links were there at once: {}", labels.len(), lists.join(", "))
}

/// Whether these are the labels of one list.
fn is_whole(labels: &[String]) -> bool {
    labels.len() == LINKS && labels.windows(2).all(|pair| pair.first() == pair.last())
}
