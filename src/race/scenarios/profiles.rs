//! Both sections of a profile, made by many and changed by many.

use super::edits::until_done;
use crate::error::Result;
use crate::race::round::{Person, Round, ask, ask_with, text};
use crate::race::tally::with_status;
use crate::race::target::Question;
use crate::testing::Reply;
use serde_json::{Value, json};

/// A section, and one of its fields.
struct Section {
    path: &'static str,
    field: &'static str,
    rows_ours: &'static str,
    rows_naive: &'static str,
}

const SECTIONS: [Section; 2] = [
    Section {
        path: "/api/profile/personal",
        field: "full_name",
        rows_ours: "SELECT count(*) FROM personal_info WHERE user_id = unhex(replace(?1, '-', ''))",
        rows_naive: "SELECT count(*) FROM personal_infos WHERE user_id = ?1",
    },
    Section {
        path: "/api/profile/professional",
        field: "designation",
        rows_ours: "SELECT count(*) FROM professional_info
                    WHERE user_id = unhex(replace(?1, '-', ''))",
        rows_naive: "SELECT count(*) FROM professional_infos WHERE user_id = ?1",
    },
];

/// Every client makes the first save, in turn by version 0 and by `If-None-Match: *`.
pub(super) fn first_profile(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let name = |n: usize| format!("Client {n}");
    for section in &SECTIONS {
        let replies = round.crowd.charge(|n, client| {
            let mut body = json!({section.field: name(n)});
            if n % 2 == 1 {
                let fields = [("If-None-Match", "*")];
                return ask_with(client, &who.token, "PUT", section.path, &fields, &body);
            }
            body["version"] = json!(0);
            ask(client, &who, "PUT", section.path, &body)
        })?;
        round.tally.attempts(&replies, &[201, 409, 412]);
        let about = [who.id.as_str()];
        let rows = Question { ours: section.rows_ours, naive: section.rows_naive, about: &about };
        let rows = round.target.number(&rows)?;
        round.tally.broken(rows.abs_diff(1), || format!("{rows} profiles stand for one person"));
        one_counts(round, &who, section, &replies, 201, (name, 1))?;
    }
    Ok(())
}

/// Every client has seen version 1 and changes it; then each raises a number by reading it and writing it
/// back, and looks again if it loses.
pub(super) fn profile(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    for section in &SECTIONS {
        let made = json!({"version": 0, section.field: "made"});
        round.prepare(&who, "PUT", section.path, &made, 201)?;
        // A number already, for the second part.
        let value = |n: usize| (n * 1_000).to_string();
        let replies = round.crowd.charge(|n, client| {
            let body = json!({"version": 1, section.field: value(n)});
            ask(client, &who, "PATCH", section.path, &body)
        })?;
        round.tally.attempts(&replies, &[200, 409]);
        one_counts(round, &who, section, &replies, 200, (value, 2))?;
        no_step_is_lost(round, &who, section)?;
    }
    Ok(())
}

/// Of racing saves one counts, and what stands is what it said, at the version it must have.
fn one_counts(
    round: &mut Round<'_>,
    who: &Person,
    section: &Section,
    replies: &[Reply],
    status: u16,
    (value, version): (impl Fn(usize) -> String, i64),
) -> Result<()> {
    let won = with_status(replies, status);
    round.tally.broken(won.abs_diff(1) as u64, || {
        format!("{won} clients were told that their save of one version counts")
    });
    if won != 1 {
        return Ok(());
    }
    let winner = replies.iter().position(|reply| reply.status == status).map(value);
    let stands = round.prepare(who, "GET", section.path, &Value::Null, 200)?;
    let kept = (Some(text(&stands, section.field)), stands["version"].as_i64());
    let sound = kept == (winner, Some(version));
    round.tally.broken(u64::from(!sound), || format!("after one save the profile is {stands}"));
    let losers = replies.iter().filter(|reply| reply.status != status);
    let untold = losers.filter(|reply| reply.json()["current"] != stands).count();
    round.tally.expect("losers not told what stands", untold, 0);
    Ok(())
}

/// Every client raises the number that stands.
fn no_step_is_lost(round: &mut Round<'_>, who: &Person, section: &Section) -> Result<()> {
    let number = |seen: &Value| text(seen, section.field).parse::<u64>().unwrap_or(0);
    let raise = |seen: &Value| json!({"version": seen["version"], section.field: (number(seen) + 1).to_string()});
    let before = round.prepare(who, "GET", section.path, &Value::Null, 200)?;
    let done = round.crowd.charge(|_, client| until_done(client, who, section.path, "", &raise))?;
    round.tally.attempts(done.iter().flatten(), &[200, 409]);
    let after = round.prepare(who, "GET", section.path, &Value::Null, 200)?;
    let (raised, kept) = (done.len() as u64, number(&after).saturating_sub(number(&before)));
    round.tally.broken(raised.abs_diff(kept), || {
        format!("a number was raised {raised} times, and {kept} stood")
    });
    Ok(())
}
