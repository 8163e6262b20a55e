//! What a scenario counts: attempts, what came of them, and what broke.

use crate::testing::Reply;
use std::collections::BTreeMap;

/// How many examples of a broken invariant are kept.
const EXAMPLES_MAX: usize = 2;

/// Counts of one scenario.
#[derive(Debug, Default)]
pub struct Tally {
    /// Requests that tried to break it.
    pub attempts: u64,
    /// What came of them and of looks at the state meanwhile, by name.
    pub outcomes: BTreeMap<String, u64>,
    /// How often it was broken.
    pub violations: u64,
    /// The first of those, in words.
    pub examples: Vec<String>,
}

impl Tally {
    /// Counts an attempt's reply. One whose status is none of `allowed` breaks the invariant, too: whoever
    /// loses a race is told so, in order.
    pub fn attempt(&mut self, reply: &Reply, allowed: &[u16]) {
        self.attempts += 1;
        let replayed = reply.header("Idempotent-Replayed") == Some("true");
        let name = if replayed { " replayed" } else { "" };
        self.note(&format!("{}{name}", reply.status), 1);
        if !allowed.contains(&reply.status) {
            self.broken(1, || format!("an attempt was answered {}", told(reply)));
        }
    }

    /// Counts the replies to one attack.
    pub fn attempts<'r>(&mut self, replies: impl IntoIterator<Item = &'r Reply>, allowed: &[u16]) {
        replies.into_iter().for_each(|reply| self.attempt(reply, allowed));
    }

    /// Counts something by name.
    pub fn note(&mut self, name: &str, times: u64) {
        *self.outcomes.entry(name.to_owned()).or_default() += times;
    }

    /// Counts violations, if there were any.
    pub fn broken(&mut self, times: u64, example: impl FnOnce() -> String) {
        self.violations += times;
        if times > 0 && self.examples.len() < EXAMPLES_MAX {
            let example = example();
            if !self.examples.contains(&example) {
                self.examples.push(example);
            }
        }
    }

    /// Counts a violation unless `found` is what it must be.
    pub fn expect(&mut self, what: &str, found: usize, must: usize) {
        self.broken(u64::from(found != must), || format!("{what}: {found} instead of {must}"));
    }
}

/// A reply in a few words.
fn told(reply: &Reply) -> String {
    let code = reply.json()["code"].as_str().unwrap_or_default().to_owned();
    format!("{} {code}", reply.status)
}

/// How many of these replies have this status.
pub fn with_status(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status == status).count()
}
