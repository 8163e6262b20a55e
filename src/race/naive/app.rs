//! The naive program's routes: those that the scenarios use, with the same bodies and statuses.

use super::db::Db;
use super::{
    cards, credits, forms, invitations, jobs, leads, people, profiles, progress, rights, shares,
    switches, webhooks,
};
use crate::error::{Error, Result};
use crate::http::{Head, Problem, Request, Response, Service};
use serde_json::Value;

/// The naive program.
pub(super) struct App {
    pub(super) db: Db,
    /// What the tier allows that everybody begins with.
    pub(super) max_cards: i64,
}

/// How a noun answers, if a request is about it.
type Answer = fn(&Db, &Head, &str, &[&str], &Value) -> Result<Option<Response>>;

const NOUNS: &[Answer] = &[
    profiles::answer,
    rights::answer,
    invitations::answer,
    credits::answer,
    webhooks::answer,
    jobs::answer,
    leads::answer,
    progress::answer,
    switches::answer,
    shares::answer,
];

impl Service for App {
    fn body_limit(&self, _: &Head) -> usize {
        256 * 1_024
    }

    fn respond(&self, request: Request) -> Response {
        self.answer(&request).unwrap_or_else(|fault| self.refuse(fault.into(), Some(&request.head)))
    }

    fn refuse(&self, problem: Problem, _: Option<&Head>) -> Response {
        problem.into_response("naive")
    }
}

impl App {
    fn answer(&self, request: &Request) -> Result<Response> {
        let (db, head) = (&self.db, &request.head);
        let path: Vec<&str> = head.path.split('/').skip(1).collect();
        let body = || serde_json::from_slice(&request.body).unwrap_or(Value::Null);
        match (head.method.as_str(), path.as_slice()) {
            ("POST", ["setup"]) => return people::set_up(db, &request.body),
            ("POST", ["api", "auth", "register"]) => return people::register(db, &body()),
            ("POST", ["api", "auth", "login"]) => return people::login(db, &body()),
            _ => {}
        }
        for answer in [
            rights::answer_anybody,
            invitations::answer_anybody,
            leads::answer_anybody,
            shares::answer_anybody,
        ] {
            if let Some(reply) = answer(db, head, &path, &body())? {
                return Ok(reply);
            }
        }
        let user = &people::caller(db, head)?;
        match (head.method.as_str(), path.as_slice()) {
            ("GET", ["api", "me"]) => Ok(people::me(user)),
            ("POST", ["api", "tokens"]) => people::make_token(db, user),
            ("DELETE", ["api", "tokens", id]) => people::revoke_token(db, user, id),
            ("GET", ["api", "cards"]) => cards::list(db, user),
            ("POST", ["api", "cards"]) => {
                let key = head.headers.get("idempotency-key");
                let max_cards = progress::max_cards(db, user, self.max_cards)?;
                cards::create_once(db, user, key, &body(), max_cards)
            }
            ("GET", ["api", "cards", id]) => cards::find(db, user, id),
            ("PATCH", ["api", "cards", id]) => cards::update(db, user, id, &body()),
            ("DELETE", ["api", "cards", id]) => cards::delete(db, user, id),
            ("PUT", ["api", "cards", id, "links"]) => cards::replace_links(db, user, id, &body()),
            // What it began with, the naive program does not ask.
            ("GET", ["cards", _, "edit"]) => Ok(Response::new(200)),
            ("POST", ["cards", id, "edit"]) => cards::save(db, user, id, &request.body),
            ("POST", ["profile" | "settings" | "admin", ..]) => {
                forms::answer(db, request, user, &path)?.ok_or(Error::NotFound("page"))
            }
            ("PUT", ["api", "cards", id, "default"]) => cards::make_default(db, user, id),
            _ => {
                let (path, body) = (path.as_slice(), &body());
                for answer in NOUNS {
                    if let Some(reply) = answer(db, head, user, path, body)? {
                        return Ok(reply);
                    }
                }
                Err(Error::NotFound("page"))
            }
        }
    }
}
