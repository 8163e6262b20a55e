//! What is counted of requests: for each line of the table of routes how many were answered with which status, and how
//! long that took. The table is fixed, so its lines have places in arrays, and nothing is looked up or locked.

use super::problem::{Problem, STALE};
use super::request::Method;
use super::response::Response;
use super::route::{About, Route};
use crate::metrics::{Counter, Gauge, Histogram, REQUEST_NS};
use std::sync::OnceLock;
use std::time::Duration;

/// Statuses that are told apart; any other is `other`.
const STATUSES: [u16; 30] = [
    200, 201, 202, 204, 206, 302, 303, 304, 308, 400, 401, 403, 404, 405, 406, 408, 409, 410, 412,
    413, 414, 415, 417, 422, 428, 429, 431, 500, 501, 503,
];
/// Methods of requests that no line of the table took.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];
/// The route of those.
const NO_ROUTE: &str = "none";

/// What is counted of a server's requests.
#[derive(Debug, Default)]
pub struct Traffic {
    /// Requests that are being answered.
    pub in_flight: Gauge,
    lines: OnceLock<Box<[Line]>>,
}

/// Requests to one route, or by one method to none.
#[derive(Debug)]
pub struct Line {
    /// The route's method; a HEAD is counted with the GET that answers it.
    pub method: &'static str,
    /// The route's path, as in the table.
    pub route: &'static str,
    /// Whether it changes a versioned resource.
    pub versioned: bool,
    /// Whether it is a form: one that is answered with a page changes nothing.
    is_form: bool,
    /// How long an answer took to be made: from the whole request to the whole reply, both in memory.
    pub seconds: Histogram,
    /// What came of changes of a versioned resource.
    pub changes: Changes,
    statuses: [Counter; STATUSES.len() + 1],
}

/// What came of changes of a versioned resource.
#[derive(Debug, Default)]
pub struct Changes {
    /// They were made, or there was nothing to change.
    pub ok: Counter,
    /// Their version was not the current one.
    pub conflict: Counter,
    /// There was no such thing.
    pub not_found: Counter,
    /// They were refused for another reason.
    pub rejected: Counter,
}

/// Where a request is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(usize);

impl Traffic {
    /// Makes room for this table, once.
    pub fn begin(&self, routes: &'static [Route]) {
        let known = routes
            .iter()
            .map(|route| Line::new(route.method.name(), route.path, Some(&route.about)));
        let unknown = METHODS.iter().map(|method| Line::new(method, NO_ROUTE, None));
        self.lines.get_or_init(|| unknown.chain(known).collect());
    }

    /// The place of the `nth` route of the table.
    pub const fn of_route(nth: usize) -> Place {
        Place(METHODS.len() + nth)
    }

    /// The place of requests that no route takes.
    pub fn of_none(method: &Method) -> Place {
        let at = METHODS.iter().position(|name| *name == method.name());
        Place(at.unwrap_or(METHODS.len() - 1))
    }

    /// Counts what a request came to.
    pub fn note(&self, place: Place, status: u16, took: Duration) {
        let Some(line) = self.lines().get(place.0) else { return };
        let at = STATUSES.binary_search(&status).unwrap_or(STATUSES.len());
        if let Some(counter) = line.statuses.get(at) {
            counter.step();
        }
        line.seconds.note_time(took);
    }

    /// Counts what became of a change of a versioned resource; nothing for other requests.
    pub fn note_change(&self, place: Place, answered: &Result<Response, Problem>) {
        let Some(line) = self.lines().get(place.0).filter(|line| line.versioned) else { return };
        let counter = match answered {
            // It was counted when it was made.
            Ok(reply) if reply.header("Idempotent-Replayed").is_some() => return,
            // The form again, as it was asked for.
            Ok(reply) if line.is_form && reply.status == 200 => return,
            Err(problem) if problem.status == 200 => return,
            Ok(_) => &line.changes.ok,
            Err(problem) if matches!(problem.code, STALE | "precondition-failed") => {
                &line.changes.conflict
            }
            Err(problem) if problem.status == 404 => &line.changes.not_found,
            Err(_) => &line.changes.rejected,
        };
        counter.step();
    }

    /// All lines, those that no route took first.
    pub fn lines(&self) -> &[Line] {
        self.lines.get().map_or(&[], |lines| lines)
    }
}

impl Line {
    fn new(method: &'static str, route: &'static str, about: Option<&About>) -> Self {
        let is_form = about.is_some_and(|about| about.edits);
        Self {
            method,
            route,
            versioned: is_form || about.is_some_and(|about| about.versioned),
            is_form,
            seconds: Histogram::new(REQUEST_NS),
            changes: Changes::default(),
            statuses: std::array::from_fn(|_| Counter::default()),
        }
    }

    /// How many requests were answered with which status; those that never were are left out.
    pub fn statuses(&self) -> impl Iterator<Item = (String, u64)> {
        let names = STATUSES.iter().map(u16::to_string).chain(["other".to_owned()]);
        let counted = names.zip(self.statuses.iter().map(Counter::value));
        counted.filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_found_by_their_order() {
        assert!(STATUSES.is_sorted());
    }

    #[test]
    fn every_request_has_a_place() {
        let traffic = Traffic::default();
        traffic.begin(&[]);
        traffic.begin(&[]);
        for method in [Method::Get, Method::Other("BREW".into())] {
            traffic.note(Traffic::of_none(&method), 404, Duration::from_millis(3));
        }
        traffic.note(Traffic::of_none(&Method::Get), 999, Duration::ZERO);
        let told = |method: &str| {
            let line = traffic.lines().iter().find(|line| line.method == method).unwrap();
            line.statuses().collect::<Vec<_>>()
        };
        assert_eq!(told("GET"), [("404".to_owned(), 1), ("other".to_owned(), 1)]);
        assert_eq!(told("other"), [("404".to_owned(), 1)]);
        assert_eq!(told("PUT"), []);
    }
}
