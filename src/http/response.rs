//! A reply as the handlers make it: status, header fields, body.

use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use std::fs::File;
use std::sync::Arc;

/// The bytes of a body: the reply's own, part of the program, or shared with a cache.
#[derive(Debug, Clone)]
pub enum Body {
    /// Made for this reply.
    Owned(Vec<u8>),
    /// Embedded in the binary.
    Static(&'static [u8]),
    /// Shared.
    Shared(Arc<[u8]>),
    /// From its beginning, this many bytes of a file: more than is to be in memory at once.
    File(Arc<File>, u64),
}

impl Body {
    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        match self {
            Self::File(_, size) => *size,
            held => held.as_ref().len() as u64,
        }
    }
}

/// What of it is in memory: of a file nothing.
impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Static(bytes) => bytes,
            Self::Shared(bytes) => bytes,
            Self::File(..) => &[],
        }
    }
}

/// A header field's value.
pub type HeaderValue = Cow<'static, str>;

/// A reply. The application adds the fields that every reply bears; the server adds `Date`, `Server`,
/// `Content-Length` and `Connection`.
#[derive(Debug, Clone)]
#[must_use]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header fields; a name occurs once.
    pub headers: Vec<(&'static str, HeaderValue)>,
    /// The body.
    pub body: Body,
    /// Whether the connection ends with this reply.
    pub close: bool,
    /// The body as it may be stored for replay, where the one that is sent carries a secret.
    pub withheld: Option<Vec<u8>>,
}

/// JSON's media type.
pub const JSON: &str = "application/json";

impl Response {
    /// A reply without a body.
    pub fn new(status: u16) -> Self {
        let (headers, body) = (Vec::with_capacity(16), Body::Static(b""));
        Self { status, headers, body, close: false, withheld: None }
    }

    /// A reply with a JSON body.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        let mut body = Vec::with_capacity(512);
        // Our own types serialise: no maps with keys that are no strings, no failing impls.
        if let Err(fault) = serde_json::to_writer(&mut body, value) {
            tracing::error!(%fault, "a reply did not serialise");
            return Self::new(500);
        }
        Self::bytes(status, JSON, body)
    }

    /// A reply whose JSON carries a secret: `member` is stored as null for replay, beside `secret_withheld`.
    pub fn json_with_secret(status: u16, mut value: Value, member: &str) -> Self {
        let sent = Self::json(status, &value);
        if let Value::Object(members) = &mut value {
            members.insert(member.to_owned(), Value::Null);
            members.insert("secret_withheld".to_owned(), Value::Bool(true));
        }
        Self { withheld: Some(value.to_string().into_bytes()), ..sent }
    }

    /// A reply with a body of some media type.
    pub fn bytes(status: u16, media_type: &'static str, body: Vec<u8>) -> Self {
        let mut reply = Self::new(status).with("Content-Type", media_type);
        reply.body = Body::Owned(body);
        reply
    }

    /// A redirect that nobody may keep longer than `max_age_s` seconds.
    pub fn redirect(status: u16, location: String, max_age_s: u32) -> Self {
        let mut reply = Self::new(status).with("Location", location);
        if max_age_s > 0 {
            reply = reply.with("Cache-Control", format!("public, max-age={max_age_s}"));
        }
        reply
    }

    /// A redirect of any method to the one address of the same thing, with the query.
    pub fn canonical(path: &str, query: Option<&str>) -> Self {
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        Self::redirect(308, format!("{path}{query}"), 300)
    }

    /// Sets a header field, in place of one of the same name.
    pub fn with(mut self, name: &'static str, value: impl Into<HeaderValue>) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a header field, in place of one of the same name.
    pub fn set(&mut self, name: &'static str, value: impl Into<HeaderValue>) {
        let value = value.into();
        match self.headers.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case(name)) {
            Some(field) => field.1 = value,
            None => self.headers.push((name, value)),
        }
    }

    /// Sets a header field unless the reply has it already.
    pub fn set_default(&mut self, name: &'static str, value: impl Into<HeaderValue>) {
        if self.header(name).is_none() {
            self.headers.push((name, value.into()));
        }
    }

    /// A header field's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| &**v)
    }

    /// Ends the connection after this reply.
    pub fn closing(mut self) -> Self {
        self.close = true;
        self
    }
}
