//! The two doors. A handler gets a [`Ctx`], takes from it what the request says, and opens exactly one of
//! [`Ctx::read`] and [`Ctx::write`]: both take the context itself, so a read followed by a write in one
//! handler does not compile. Behind the door, in one snapshot or one transaction, stand the caller, the
//! replay of an Idempotency-Key, the rules and the effect; the reply is made there too, so that it
//! commits together with its key.

use super::access::{self, Access, Caller, Presented};
use super::client::Client;
use super::json::{self, Unreadable};
use super::precondition::{Edit, Freshness, Tags};
use super::problem::Problem;
use super::replay::{self, Keeping};
use super::request::{Head, Request};
use super::response::Response;
use super::route::{Keying, Route};
use super::state::State;
use super::visitor::{Sight, Visitor};
use crate::domain::idempotency::Keyed;
use crate::domain::throttle::{Allowance, Subject};
use crate::error::Error;
use crate::id::Id;
use crate::store::{Read, Tx};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a browser sends a form as.
const FORM: &str = "application/x-www-form-urlencoded";

fn essence(head: &Head) -> Option<String> {
    let field = head.headers.get("content-type")?;
    Some(field.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// Whether a request bears a form of ours.
pub fn is_form(head: &Head) -> bool {
    essence(head).as_deref() == Some(FORM)
}

/// What a handler answers.
pub type Outcome = Result<Response, Problem>;

/// A request on its way to one of the doors.
#[derive(Debug)]
pub struct Ctx {
    state: Arc<State>,
    request: Request,
    route: &'static Route,
    params: Vec<(String, String)>,
    client: Client,
    presented: Presented,
    body: Option<Result<Value, Unreadable>>,
    request_id: String,
}

impl Ctx {
    /// The context of a request to `route`.
    pub fn new(
        state: Arc<State>,
        request: Request,
        route: &'static Route,
        params: Vec<(String, String)>,
        request_id: String,
    ) -> Self {
        let client = Client::of(&request.head, &state.config.trusted_proxies);
        let presented = Presented::of(&request.head);
        let depth = state.config.limits.json_depth_max;
        let body = route.about.body.map(|_| match request.body.as_slice() {
            // An action without a single required member may come without a body.
            [] => Ok(Value::Object(Map::new())),
            bytes => json::parse(bytes, depth),
        });
        Self { state, request, route, params, client, presented, body, request_id }
    }

    /// What the handlers share.
    pub const fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// Where the request comes from.
    pub const fn client(&self) -> Client {
        self.client
    }

    /// What an anonymous caller's writes of one kind are counted as, so that nobody fills the disk; nobody on this
    /// machine is counted.
    pub fn anonymous_writes(&self, kind: &[u8]) -> Option<(Subject, Allowance)> {
        let (pepper, limits) = (&self.state.pepper, &self.state.config.limits);
        let subject = pepper.hash(&[b"anonymous", kind, &self.client.subscriber()]);
        let allowance =
            Allowance { free: limits.anonymous_writes_max, window: limits.login_window };
        (!self.client.is_local()).then_some((subject, allowance))
    }

    /// Who looks at what a public route shows; `None` if it is not to be counted.
    pub fn visitor(&self, sight: Sight) -> Option<Visitor> {
        let tools = (&self.state.agents, &self.state.pepper);
        Visitor::of(&self.request.head, sight, self.client, tools)
    }

    /// The request.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// A part of the path that varies.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// The id in the path; text that is no id is the id of nothing.
    pub fn id<K>(&self, name: &str, what: &'static str) -> Result<Id<K>, Problem> {
        Id::parse(self.param(name)).ok_or_else(|| Error::NotFound(what).into())
    }

    /// The members of the body, checked against the route's shape.
    pub fn object(&self) -> Result<Map<String, Value>, Problem> {
        self.media_type()?;
        let members = match &self.body {
            None => return Ok(Map::new()),
            Some(Err(fault)) => return Err(fault.into()),
            Some(Ok(Value::Object(members))) => members,
            Some(Ok(_)) => return Err(not_an_object()),
        };
        if let Some(shape) = self.route.about.body {
            shape.check(members)?;
        }
        Ok(members.clone())
    }

    /// The file that the body is, if it is of a media type that the route takes. What is in it, it has yet to
    /// show.
    pub fn upload(&self) -> Result<&[u8], Problem> {
        let types = self.route.about.upload;
        let essence = self.essence().unwrap_or_default();
        if types.contains(&essence.as_str()) {
            return Ok(&self.request.body);
        }
        let types = types.join(", ");
        let detail = format!("Send one of {types}.");
        Err(Problem::new(415, "unsupported-media-type", "Unsupported media type", detail)
            .with_header("Accept", types))
    }

    /// The change of a versioned resource that the request asks for.
    pub fn edit(&self) -> Edit {
        let body = match &self.body {
            None => Ok(Map::new()),
            Some(Ok(Value::Object(members))) => Ok(members.clone()),
            Some(Ok(_)) => Err(not_an_object()),
            Some(Err(fault)) => Err(fault.into()),
        };
        Edit {
            media_type: self.media_type(),
            if_match: Tags::of(&self.request.head, "if-match"),
            if_none_match: Tags::of(&self.request.head, "if-none-match"),
            body,
            query_version: if self.body.is_none() { self.query("version") } else { None },
        }
    }

    /// What the reader has already.
    pub fn freshness(&self) -> Result<Freshness, Problem> {
        Tags::of(&self.request.head, "if-none-match").map(Freshness)
    }

    /// A parameter of the query, decoded; the first of its name.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.request.head.query.as_deref()?;
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// Which media types are taken depends on who sends them: a browser can be made to send the simple ones
    /// across sites with its cookie, never with a token (api.md, detail 3).
    fn media_type(&self) -> Result<(), Problem> {
        if self.body.is_none() {
            return Ok(());
        }
        let lenient = !matches!(self.presented, Presented::Cookie(_));
        let taken = match self.essence().as_deref() {
            Some("application/json" | "application/merge-patch+json") => true,
            Some("text/plain" | "application/x-www-form-urlencoded") => lenient,
            None => lenient || self.request.body.is_empty(),
            Some(_) => false,
        };
        if taken {
            return Ok(());
        }
        let types = "application/merge-patch+json, application/json";
        Err(Problem::new(415, "unsupported-media-type", "Unsupported media type", "Send JSON.")
            .with_header("Accept-Patch", types))
    }

    /// The media type that the request names, in lower case and without its parameters.
    pub fn essence(&self) -> Option<String> {
        essence(&self.request.head)
    }

    /// Who the route is for when this asks.
    fn access(&self) -> Access {
        self.route.access.of(&self.request.head, &self.client)
    }

    /// The reading door: `work` sees one snapshot, and the caller as it stands in it.
    pub fn read(self, work: impl FnOnce(&Read<'_>, &Caller) -> Outcome) -> Outcome {
        let (access, presented) = (self.access(), self.presented);
        self.state.store.read(|read| {
            let who = access::caller(access, || access::recognise(read, presented))?;
            if let Caller::Member(member) = &who {
                self.state.note_use(member, read.now());
                access::authorise(member, access)?;
            }
            work(read, &who)
        })
    }

    /// The writing door: `work` is one atomic step, done once for each Idempotency-Key. It may run more than
    /// once before one run counts, and has no effect but those through [`Tx`].
    pub fn write<F>(self, work: F) -> Outcome
    where
        F: Fn(&Tx<'_>, &Caller) -> Outcome + Send + 'static,
    {
        let key = self.key().map(|key| key.map(|key| self.keyed(key)));
        let keeping = Keeping::of(&self.state.config.limits, self.route.about.key);
        let (keying, request_id) = (self.route.about.key, self.request_id.clone());
        self.first_door(move |tx, who| match key.clone()? {
            None if keying != Keying::Optional => Err(unkeyed(work(tx, who))),
            None => work(tx, who),
            Some(key) => replay::once(tx, &key.of(who), &keeping, &request_id, || work(tx, who)),
        })
    }

    /// The fields of the form that was sent, in their order; 415 if it is none, 403 if another site's page had
    /// it sent.
    pub fn form(&self) -> Result<Vec<(String, String)>, Problem> {
        access::own_form(&self.request.head, &self.state.public_url)?;
        if self.essence().is_some_and(|essence| essence != FORM) {
            let detail = "Send a form as application/x-www-form-urlencoded.";
            let title = "Unsupported media type";
            let problem = Problem::new(415, "unsupported-media-type", title, detail);
            return Err(problem.with_header("Accept", FORM));
        }
        Ok(url::form_urlencoded::parse(&self.request.body).into_owned().collect())
    }

    /// The request's `Idempotency-Key`: the header field, or on routes that move credits the body's member, or
    /// what a form bears so that it does not count twice.
    pub fn key(&self) -> Result<Option<String>, Problem> {
        let field = replay::key(&self.request.head)?;
        let member = match &self.body {
            Some(Ok(Value::Object(members))) if self.route.about.key == Keying::Ledger => {
                members.get(replay::MEMBER).and_then(Value::as_str).map(str::to_owned)
            }
            None if self.essence().as_deref() == Some(FORM) => {
                let mut fields = url::form_urlencoded::parse(&self.request.body);
                let key = fields.find(|(name, _)| name == replay::MEMBER);
                key.map(|(_, key)| key.into_owned()).filter(|key| !key.is_empty())
            }
            _ => None,
        };
        match (field, member) {
            (Some(field), Some(member)) if field != member => {
                let detail = "The header field and the body name different keys.";
                Err(Problem::bad_request("idempotency-key-invalid", detail))
            }
            (field, member) => Ok(field.or(member)),
        }
    }

    /// The door before slow work, for the few handlers that must not do it inside a transaction (a
    /// password's hash): it leaves the context for the writing door, which proves in its statement that what
    /// this one saw still stands. `tests/it/tidy.rs` knows who uses it.
    pub fn first_door<T, F>(&self, work: F) -> Result<T, Problem>
    where
        F: Fn(&Tx<'_>, &Caller) -> Result<T, Problem> + Send + 'static,
        T: Send + 'static,
    {
        let (access, presented) = (self.access(), self.presented);
        let site = access::same_site(&self.request.head, presented, &self.state.public_url);
        let state = Arc::clone(&self.state);
        let every = state.config.limits.session_seen_every;
        self.state.store.write(move |tx| {
            let who = access::caller(access, || state.known.recognise(tx, presented, every))?;
            site.clone()?;
            if let Caller::Member(member) = &who {
                // Noted twice, where this runs twice, is noted once.
                state.note_use(member, tx.now());
                access::authorise(member, access)?;
            }
            work(tx, &who)
        })
    }

    /// What makes this request this request: method, target, media type and body, without secrets.
    fn keyed(&self, key: String) -> Key {
        let head = &self.request.head;
        let body = match (&self.body, self.route.about.body) {
            (Some(Ok(Value::Object(members))), Some(shape)) => {
                let mut told = shape.without_secrets(members);
                // Where the key stands makes no other request of it.
                told.remove(replay::MEMBER);
                Value::Object(told).to_string().into_bytes()
            }
            _ => self.request.body.clone(),
        };
        let query = head.query.as_deref().unwrap_or_default();
        let fingerprint = replay::fingerprint(&[
            head.method.as_str().as_bytes(),
            head.path.as_bytes(),
            query.as_bytes(),
            self.essence().unwrap_or_default().as_bytes(),
            &body,
        ]);
        let subscriber = self.client.subscriber();
        let anonymous = self.state.pepper.hash(&[
            b"idempotency",
            &subscriber,
            self.route.method.as_str().as_bytes(),
            self.route.path.as_bytes(),
        ]);
        Key { value: key, fingerprint, anonymous }
    }
}

/// A key before its principal is known.
#[derive(Debug, Clone)]
struct Key {
    value: String,
    fingerprint: [u8; 32],
    anonymous: [u8; 32],
}

impl Key {
    /// A person's tokens and sessions share one principal; callers without a name go by address and route.
    fn of(self, who: &Caller) -> Keyed {
        let principal = match who {
            Caller::Member(member) => member.user.as_bytes().to_vec(),
            Caller::Anonymous => self.anonymous.to_vec(),
        };
        Keyed { principal, key: self.value, fingerprint: self.fingerprint }
    }
}

/// What is told of a request without the key that it needs: after what it may not and where there is nothing
/// (api.md, detail 1), and whatever the work came to, as a problem it is undone.
fn unkeyed(outcome: Outcome) -> Problem {
    match outcome {
        Err(problem) if matches!(problem.status, 403 | 404 | 415) => problem,
        _ => {
            let detail = "This takes an Idempotency-Key, so that it cannot happen twice.";
            Problem::bad_request("idempotency-key-missing", detail)
        }
    }
}

fn not_an_object() -> Problem {
    Error::invalid("", "type", "the body must be an object").into()
}

/// What a result prepared before the door holds, or its problem: told behind the door, after 401 and 403.
pub fn ready<T>(prepared: &Result<T, Problem>) -> Result<&T, Problem> {
    prepared.as_ref().map_err(Clone::clone)
}
