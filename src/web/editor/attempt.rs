//! What comes back from the editor or from the page of a conflict.

use super::address;
use super::draft::{Draft, Row};
use super::merge::{LINK, take};
use crate::web::conflicts::other;
use crate::web::forms::Sent;
use crate::web::merge::Answer;

/// A form that came back.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What the card is to be, as far as it has been decided.
    pub draft: Draft,
    /// What the form began with; `None` where it does not say.
    pub base: Option<Draft>,
    /// The version that it began with.
    pub version: i64,
    /// What was asked and not answered.
    pub unanswered: Vec<String>,
    /// Whether it is to be looked at before it is saved.
    pub is_review: bool,
    /// What to do with the list of links instead of saving it.
    rearrange: Option<Rearrange>,
}

/// What a button beside a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rearrange {
    Add,
    Up(usize),
    Down(usize),
    Remove(usize),
}

impl Rearrange {
    fn of(text: &str) -> Option<Self> {
        let (verb, n) = text.split_once(' ').unwrap_or((text, ""));
        let n = n.parse();
        match verb {
            "add" => Some(Self::Add),
            "up" => n.ok().map(Self::Up),
            "down" => n.ok().map(Self::Down),
            "remove" => n.ok().map(Self::Remove),
            _ => None,
        }
    }
}

impl Attempt {
    /// Reads what was sent.
    pub fn of(sent: &Sent) -> Self {
        let mut attempt = Self {
            draft: Draft::sent(sent),
            base: Draft::unpacked(sent.text("base")),
            version: sent.text("version").parse().unwrap_or(0),
            unanswered: Vec::new(),
            is_review: sent.ticked("review"),
            rearrange: Rearrange::of(sent.text("rearrange")),
        };
        for name in sent.text("asked").split_ascii_whitespace() {
            attempt.answer(sent, name);
        }
        attempt
    }

    /// Takes one answer over. Yours stands in the form already.
    fn answer(&mut self, sent: &Sent, name: &str) {
        match (Answer::of(sent, name), &self.base) {
            (Answer::Yours, _) => {}
            (Answer::Theirs, Some(theirs)) => take(&mut self.draft, theirs, name),
            (Answer::Other, _) => match name.strip_prefix(LINK) {
                Some(id) => self.replace(sent, id),
                None => self.draft.set(name, sent.text(&other(name)).trim()),
            },
            _ => self.unanswered.push(name.to_owned()),
        }
    }

    /// Puts a third in place of two links.
    fn replace(&mut self, sent: &Sent, id: &str) {
        let name = other(&format!("{LINK}{id}"));
        let typed = |member: &str| sent.text(&format!("{name}.{member}")).trim().to_owned();
        let url = address::completed(&typed("url"));
        let platform = address::platform(&url).to_owned();
        let written = Row { id: id.to_owned(), platform, label: typed("label"), url, shown: true };
        match self.draft.links.iter_mut().find(|row| row.id == id) {
            Some(row) => *row = Row { shown: row.shown, ..written },
            None => self.draft.links.push(written),
        }
    }

    /// Whether it is to be shown again, with its links in another order, instead of being saved.
    pub const fn rearranges(&self) -> bool {
        self.rearrange.is_some()
    }

    /// The draft with its links as the button says, and the place of the link that should be looked at then.
    pub fn rearranged(mut self) -> (Draft, Option<usize>) {
        let links = &mut self.draft.links;
        let last = links.len().saturating_sub(1);
        let looked_at = match self.rearrange {
            Some(Rearrange::Add) => {
                links.push(Row { shown: true, ..Row::default() });
                Some(links.len() - 1)
            }
            Some(Rearrange::Up(n)) if (1..=last).contains(&n) => {
                links.swap(n, n - 1);
                Some(n - 1)
            }
            Some(Rearrange::Down(n)) if n < last => {
                links.swap(n, n + 1);
                Some(n + 1)
            }
            Some(Rearrange::Remove(n)) if n <= last && !links.is_empty() => {
                links.remove(n);
                None
            }
            Some(Rearrange::Up(n) | Rearrange::Down(n)) => Some(n.min(last)),
            Some(Rearrange::Remove(_)) | None => None,
        };
        (self.draft, looked_at)
    }
}
