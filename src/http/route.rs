//! A line of the table of routes: what is asked how, by whom, and what is answered. The router, the
//! checks of bodies and the OpenAPI document are made from the same line.

use super::access::Access;
use super::ctx::{Ctx, Outcome};
use super::request::Method;
use super::shape::{Field, Shape};

/// A route.
#[derive(Debug)]
pub struct Route {
    /// The method. A GET answers HEAD as well.
    pub method: Method,
    /// The path, with `{name}` for what varies.
    pub path: &'static str,
    /// Who it is for.
    pub access: Access,
    /// The function that answers.
    pub handler: Handler,
    /// What it is, for the document and for the checks.
    pub about: About,
}

/// A function that answers.
pub type Handler = fn(Ctx) -> Outcome;

/// What a route is.
#[derive(Debug)]
pub struct About {
    /// One line.
    pub summary: &'static str,
    /// What the body holds.
    pub body: Option<&'static Shape>,
    /// The media types of a file that the body is.
    pub upload: &'static [&'static str],
    /// Parameters of the query.
    pub query: &'static [Field],
    /// Answers that are no problems.
    pub replies: &'static [Reply],
    /// Statuses of problems beside those that every route of its kind can answer.
    pub problems: &'static [u16],
    /// Whether it changes a versioned resource (`If-Match`, 412, 428).
    pub versioned: bool,
    /// Whether it is a form that changes one: its version is a field, and a conflict is told as a page.
    pub edits: bool,
    /// What it makes of an `Idempotency-Key`.
    pub key: Keying,
}

/// What a route makes of an `Idempotency-Key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keying {
    /// It is taken.
    Optional,
    /// It is needed (400).
    Required,
    /// It is needed, may stand in the body as `idempotency_key`, and is kept for ever, also for a refusal for
    /// lack of credits: a late repetition must not succeed where the first was refused.
    Ledger,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// What it means.
    pub about: &'static str,
    /// What its body is.
    pub content: Content,
}

/// A body's kind.
#[derive(Debug)]
pub enum Content {
    /// None.
    Nothing,
    /// JSON of this shape.
    Json(&'static Shape),
    /// JSON: `{items, next_cursor}`, each item of this shape.
    Page(&'static Shape),
    /// JSON that is described elsewhere.
    AnyJson,
    /// Of this media type.
    Media(&'static str),
}

impl About {
    /// A route without a body.
    pub const fn new(summary: &'static str, replies: &'static [Reply]) -> Self {
        Self {
            summary,
            body: None,
            upload: &[],
            query: &[],
            replies,
            problems: &[],
            versioned: false,
            edits: false,
            key: Keying::Optional,
        }
    }

    /// With this body.
    #[must_use]
    pub const fn body(mut self, body: &'static Shape) -> Self {
        self.body = Some(body);
        self
    }

    /// With a body that is a file of one of these media types.
    #[must_use]
    pub const fn upload(mut self, media_types: &'static [&'static str]) -> Self {
        self.upload = media_types;
        self
    }

    /// With these parameters of the query.
    #[must_use]
    pub const fn query(mut self, query: &'static [Field]) -> Self {
        self.query = query;
        self
    }

    /// With problems of these statuses.
    #[must_use]
    pub const fn problems(mut self, problems: &'static [u16]) -> Self {
        self.problems = problems;
        self
    }

    /// Changes a versioned resource.
    #[must_use]
    pub const fn versioned(mut self) -> Self {
        self.versioned = true;
        self
    }

    /// Is a form that changes a versioned resource.
    #[must_use]
    pub const fn edits(mut self) -> Self {
        self.edits = true;
        self
    }

    /// Is done once for each `Idempotency-Key`, and not without one.
    #[must_use]
    pub const fn keyed(mut self) -> Self {
        self.key = Keying::Required;
        self
    }

    /// Moves credits: done once for each key, for ever.
    #[must_use]
    pub const fn ledger(mut self) -> Self {
        self.key = Keying::Ledger;
        self
    }
}
