//! The table from faults to replies: RFC 9457 problem documents, with the seed's members `error` and
//! `message` beside them. The only place that gives an [`Error`] a status.

use super::response::{HeaderValue, Response};
use crate::error::{Conflict, Error, Fault, Stale, Unavailable};
use serde_json::{Map, Value, json};
use std::error::Error as StdError;
use std::sync::Arc;

/// The code of a change that names another version than stands.
pub const STALE: &str = "version-conflict";

/// A fault with its status, ready to be told.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// Stable machine name; `type` is `urn:cardinal:problem:<code>`.
    pub code: &'static str,
    /// A short title, the same for every problem of this code.
    pub title: &'static str,
    /// What happened and what helps, for a person.
    pub detail: String,
    /// Further members.
    pub members: Map<String, Value>,
    /// Header fields that go with it.
    pub headers: Vec<(&'static str, HeaderValue)>,
    /// For the operator's log, never for the client.
    pub source: Option<Arc<dyn StdError + Send + Sync>>,
    /// What tells it in place of a problem document.
    pub page: Option<Box<Response>>,
}

impl Problem {
    /// A problem without further members.
    pub fn new(
        status: u16,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        let detail = detail.into();
        let (members, headers) = (Map::new(), Vec::new());
        Self { status, code, title, detail, members, headers, source: None, page: None }
    }

    /// Syntax or framing that cannot be read.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(400, code, "Bad request", detail)
    }

    /// The target exists and does not take this method.
    pub fn method_not_allowed(allow: String) -> Self {
        Self::new(405, "method-not-allowed", "Method not allowed", format!("It takes {allow}."))
            .with_header("Allow", allow)
    }

    /// A versioned resource was to be changed without naming a version.
    pub fn precondition_required() -> Self {
        Self::new(
            428,
            "precondition-required",
            "Precondition required",
            "Name the version you build upon: If-Match with the ETag, or `version` in the body \
             (on DELETE as ?version=N).",
        )
    }

    /// The panic of a handler, or whatever else is ours.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let detail = "Something went wrong on our side. Nothing was changed; the log knows more.";
        let mut problem = Self::new(500, "internal", "Internal error", detail);
        problem.source = Some(Arc::from(source.into()));
        problem
    }

    /// A page that answers in place of what was asked, such as the form again with its faults. As a problem it
    /// undoes what a transaction has done so far.
    pub fn page(page: Response) -> Self {
        let mut problem = Self::new(page.status, "page", "", "");
        problem.page = Some(Box::new(page));
        problem
    }

    /// The page of a form that builds upon a version that is not the current one: asks what counts, or shows both.
    pub fn stale_page(page: Response) -> Self {
        Self { code: STALE, ..Self::page(page) }
    }

    /// Adds a header field.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<HeaderValue>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a member.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.into(), value);
        self
    }

    /// A version conflict: 412 where the caller sent `If-Match`, 409 where it named a `version`.
    pub fn stale(stale: Stale, by_header: bool) -> Self {
        let (status, code, title) = if by_header {
            (412, "precondition-failed", "Precondition failed")
        } else {
            (409, STALE, "Version conflict")
        };
        let detail = format!(
            "It was changed meanwhile and is at version {} now. Look at `current` and decide.",
            stale.current
        );
        Self::new(status, code, title, detail)
            .with("error", json!("Version conflict"))
            .with("currentVersion", json!(stale.current))
            .with("expectedVersion", json!(stale.expected))
            .with("current", stale.resource)
    }

    /// The reply that tells it.
    pub fn into_response(self, request_id: &str) -> Response {
        if let Some(page) = self.page {
            return *page;
        }
        let mut document = self.members;
        document.entry("error").or_insert_with(|| json!(self.title));
        document.insert("type".into(), json!(format!("urn:cardinal:problem:{}", self.code)));
        document.insert("title".into(), json!(self.title));
        document.insert("status".into(), json!(self.status));
        document.insert("detail".into(), json!(self.detail));
        document.insert("message".into(), json!(self.detail));
        document.insert("code".into(), json!(self.code));
        document.insert("request_id".into(), json!(request_id));
        let mut reply = Response::json(self.status, &document)
            .with("Content-Type", "application/problem+json")
            .with("Content-Language", "en");
        for (name, value) in self.headers {
            reply.set(name, value);
        }
        reply
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthenticated(denied) => {
                Self::new(401, denied.code, "Not signed in", denied.detail)
                    .with_header("WWW-Authenticate", "Bearer")
            }
            Error::Forbidden(denied) => Self::new(403, denied.code, "Not allowed", denied.detail),
            Error::NotFound(what) => {
                Self::new(404, "not-found", "Not found", format!("There is no such {what}."))
            }
            Error::Gone(what) => {
                Self::new(410, "gone", "Gone", format!("This {what} is no longer available."))
            }
            Error::Conflict(conflict) => Self::conflict(*conflict),
            Error::Stale(stale) => Self::stale(*stale, false),
            Error::Invalid(faults) => Self::invalid(&faults),
            Error::Refused(denied) => Self::new(422, denied.code, "Not acceptable", denied.detail),
            Error::Throttled { retry_after_s } => Self::new(
                429,
                "rate-limited",
                "Too many attempts",
                format!("Too many attempts. Try again in {retry_after_s} s."),
            )
            .with_header("Retry-After", retry_after_s.to_string()),
            Error::Unavailable(why) => Self::unavailable(why),
            Error::Internal(source) => Self::internal(source),
        }
    }
}

impl Problem {
    fn conflict(conflict: Conflict) -> Self {
        let mut problem = Self::new(409, conflict.code, "Conflict", conflict.detail);
        problem.members = conflict.members;
        problem
    }

    fn invalid(faults: &[Fault]) -> Self {
        let errors: Vec<Value> = faults
            .iter()
            .map(|fault| {
                json!({"pointer": fault.pointer, "code": fault.code, "detail": fault.detail})
            })
            .collect();
        let detail = match faults {
            [only] => format!("{}: {}", only.pointer, only.detail),
            several => format!("{} members are not acceptable.", several.len()),
        };
        Self::new(422, "validation-failed", "Not acceptable", detail)
            .with("errors", Value::Array(errors))
    }

    fn unavailable(why: Unavailable) -> Self {
        Self::new(503, why.code(), "Not available just now", why.detail())
            .with_header("Retry-After", "1")
    }
}
