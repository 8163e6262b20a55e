//! A request as the handlers see it: complete, within every limit, no socket in sight.

use std::fmt;
use std::net::IpAddr;

/// A method of HTTP.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// GET
    Get,
    /// HEAD
    Head,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
    /// OPTIONS
    Options,
    /// Any other token.
    Other(Box<str>),
}

impl Method {
    /// The method with this name; names are case-sensitive (RFC 9110 §9.1).
    pub fn parse(name: &str) -> Self {
        match name {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            "OPTIONS" => Self::Options,
            other => Self::Other(other.into()),
        }
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => known.name(),
        }
    }

    /// The name of a method that is known by one, else `other`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Other(_) => "other",
        }
    }

    /// Whether it only reads (RFC 9110 §9.2.1).
    pub const fn is_safe(&self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Header fields in the order they came; names in lower case.
#[derive(Debug, Clone, Default)]
pub struct Headers(Vec<(Box<str>, Box<str>)>);

impl Headers {
    /// Adds a field.
    pub fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.to_ascii_lowercase().into(), value.trim().into()));
    }

    /// The first field of this name (in lower case).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| &**n == name).map(|(_, value)| &**value)
    }

    /// All fields of this name (in lower case).
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| &**n == name).map(|(_, value)| &**value)
    }
}

/// What comes before the body. The server asks the application about it before it reads on.
#[derive(Debug, Clone)]
pub struct Head {
    /// The method.
    pub method: Method,
    /// The path as sent, still percent-encoded; begins with `/`, or is `*` for OPTIONS of the server.
    pub path: String,
    /// What follows `?`, as sent.
    pub query: Option<String>,
    /// The header fields.
    pub headers: Headers,
    /// The address of the peer of the connection.
    pub peer: IpAddr,
}

/// A whole request.
#[derive(Debug, Clone)]
pub struct Request {
    /// What came before the body.
    pub head: Head,
    /// The body, decoded from its transfer coding; empty if there was none.
    pub body: Vec<u8>,
}
