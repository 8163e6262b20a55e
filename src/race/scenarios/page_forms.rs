//! Forms of pages that were opened by all at one version.

use crate::error::Result;
use crate::id::hex;
use crate::race::round::{Person, Round};
use crate::testing::{Client, Reply};
use serde_json::json;
use std::io;

/// A form: who may send it and where to, the field that says whose it is, and those that are alike in all.
struct Form<'a> {
    who: &'a Person,
    path: String,
    field: &'static str,
    rest: Vec<(&'static str, String)>,
}

impl Form<'_> {
    /// Sends it as a page of version 1 has it.
    fn send(&self, client: &mut Client, value: &str) -> io::Result<Reply> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("version", "1").append_pair(self.field, value).extend_pairs(&self.rest);
        let bearer = format!("Bearer {}", self.who.token);
        let fields = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        client.send("POST", &self.path, &fields, form.finish().as_bytes())
    }
}

/// Every client has each page open at version 1 and sends its form with words of its own: one is saved, and the
/// pages of the others say what it was.
pub(super) fn one_counts(round: &mut Round<'_>) -> Result<()> {
    let who = round.person()?;
    let token = round.target.admin()?;
    let admin = Person { id: String::new(), email: String::new(), token };
    for (section, field) in [("personal", "full_name"), ("professional", "designation")] {
        let first = json!({"version": 0, field: "First"});
        round.prepare(&who, "PUT", &format!("/api/profile/{section}"), &first, 201)?;
    }
    let flag = format!("flag-{}", hex(12));
    let first = json!({"enabled": false, "description": "First"});
    round.prepare(&admin, "PUT", &format!("/api/flags/{flag}"), &first, 201)?;
    let handle = format!("h{}", who.email.split('@').next().unwrap_or_default());
    let form = |who, path: &str, field, rest: &[(&'static str, &str)]| {
        let rest = rest.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        Form { who, path: path.to_owned(), field, rest }
    };
    let forms = [
        form(&who, "/profile/personal", "full_name", &[]),
        form(&who, "/profile/professional", "designation", &[]),
        form(&who, "/settings/account", "display_name", &[("handle", &handle)]),
        form(&admin, &format!("/admin/flags/{flag}"), "description", &[("percentage", "100")]),
    ];

    let value = |n: usize| format!("Saved by {n}.");
    let replies = round.crowd.charge(|n, client| {
        forms.iter().map(|form| form.send(client, &value(n))).collect::<io::Result<Vec<_>>>()
    })?;
    round.tally.attempts(replies.iter().flatten(), &[303, 409]);
    for (at, form) in forms.iter().enumerate() {
        let of_form: Vec<&Reply> = replies.iter().filter_map(|sent| sent.get(at)).collect();
        let saved = |reply: &&&Reply| reply.status == 303;
        let won = of_form.iter().filter(saved).count();
        round.tally.broken(won.abs_diff(1) as u64, || {
            format!("{won} clients were told that their form at {} is saved", form.path)
        });
        if won == 1 {
            let winner = of_form.iter().position(|reply| reply.status == 303).map(value);
            let stands = winner.unwrap_or_default();
            let losers = of_form.iter().filter(|reply| reply.status != 303);
            let untold = losers.filter(|reply| !reply.text().contains(&stands)).count();
            round.tally.expect("pages that do not say what was saved", untold, 0);
        }
    }
    Ok(())
}
