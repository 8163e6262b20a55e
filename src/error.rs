//! The one error of the house. It says what is wrong in terms of the product, carries a code that a
//! client can switch on and a sentence that a person can use, and knows nothing of HTTP: the one
//! place that gives it a status is `http::problem`.

use serde_json::{Map, Value};
use std::error::Error as StdError;
use std::fmt;

/// What every verb below HTTP returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong below HTTP. Exhaustive on purpose: a new kind does not compile until
/// `http::problem` has given it a status.
#[derive(Debug)]
pub enum Error {
    /// The caller could not be identified: no credential, or one that is unknown, expired or revoked.
    Unauthenticated(Denied),
    /// The caller is known and may not do this, and that the thing exists is no secret.
    Forbidden(Denied),
    /// There is no such thing, or it is not the caller's: the two are told apart by nobody.
    NotFound(&'static str),
    /// There was such a thing in public and it is gone or paused.
    Gone(&'static str),
    /// The state of things stands against it; the caller can look again and decide.
    Conflict(Box<Conflict>),
    /// The caller's version is not the current one.
    Stale(Box<Stale>),
    /// What was sent is well-formed and not acceptable; all faults at once.
    Invalid(Vec<Fault>),
    /// What was sent is well-formed and cannot be taken as a whole.
    Refused(Denied),
    /// Too often; try again after so many seconds.
    Throttled {
        /// Whole seconds until another attempt can succeed.
        retry_after_s: u32,
    },
    /// The server cannot do it at the moment; nothing was changed.
    Unavailable(Unavailable),
    /// A fault of ours. The client gets a constant text, the operator the source.
    Internal(Box<dyn StdError + Send + Sync>),
}

/// A refusal with its own code: who may not, and why.
#[derive(Debug, Clone, Copy)]
pub struct Denied {
    /// Stable machine name.
    pub code: &'static str,
    /// A sentence for a person.
    pub detail: &'static str,
}

/// A conflict with the state of things, with the members a client needs to resolve it.
#[derive(Debug)]
pub struct Conflict {
    /// Stable machine name.
    pub code: &'static str,
    /// A sentence for a person.
    pub detail: String,
    /// Further members of the problem document.
    pub members: Map<String, Value>,
}

/// A version conflict, decided and described in one and the same transaction.
#[derive(Debug)]
pub struct Stale {
    /// The version the caller built upon; `None` where it named none that can be read.
    pub expected: Option<i64>,
    /// The version that stands.
    pub current: i64,
    /// The resource as it stands, as its owner would see it.
    pub resource: Value,
}

/// One field's fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) into the request body, or the name of a query parameter.
    pub pointer: String,
    /// Stable machine name.
    pub code: &'static str,
    /// A sentence for a person.
    pub detail: String,
}

/// Why the server cannot do something just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// The queue of the writer is full, or another process holds the database.
    Busy,
    /// The server is stopping.
    Draining,
    /// The disk, or the room set aside for the database, is full.
    DiskFull,
    /// Ten names were tried and all were taken.
    SlugExhausted,
}

impl Error {
    /// A conflict without further members.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::conflict_with(code, detail, [])
    }

    /// A conflict with members of its own.
    pub fn conflict_with(
        code: &'static str,
        detail: impl Into<String>,
        members: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Self {
        let members = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self::Conflict(Box::new(Conflict { code, detail: detail.into(), members }))
    }

    /// A single faulty field.
    pub fn invalid(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault { pointer: pointer.into(), code, detail: detail.into() }])
    }

    /// A fault of ours, described for the operator.
    pub fn internal(what: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(what.into())
    }

    /// A caller that could not be identified.
    pub const fn unauthenticated(code: &'static str, detail: &'static str) -> Self {
        Self::Unauthenticated(Denied { code, detail })
    }

    /// A caller that may not.
    pub const fn forbidden(code: &'static str, detail: &'static str) -> Self {
        Self::Forbidden(Denied { code, detail })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated(denied) | Self::Forbidden(denied) | Self::Refused(denied) => {
                f.write_str(denied.detail)
            }
            Self::NotFound(what) => write!(f, "there is no such {what}"),
            Self::Gone(what) => write!(f, "this {what} is no longer available"),
            Self::Conflict(conflict) => f.write_str(&conflict.detail),
            Self::Stale(stale) => {
                write!(f, "it was changed meanwhile and is at version {}", stale.current)
            }
            Self::Invalid(faults) => {
                for (n, fault) in faults.iter().enumerate() {
                    let gap = if n == 0 { "" } else { "; " };
                    write!(f, "{gap}{}: {}", fault.pointer, fault.detail)?;
                }
                Ok(())
            }
            Self::Throttled { retry_after_s } => {
                write!(f, "too many attempts; try again in {retry_after_s} s")
            }
            Self::Unavailable(why) => f.write_str(why.detail()),
            Self::Internal(source) => write!(f, "{source}"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Internal(source) => source.source(),
            _ => None,
        }
    }
}

impl Unavailable {
    /// Stable machine name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Busy => "db-busy",
            Self::Draining => "draining",
            Self::DiskFull => "disk-full",
            Self::SlugExhausted => "slug-exhausted",
        }
    }

    /// A sentence for a person.
    pub const fn detail(self) -> &'static str {
        match self {
            Self::Busy => "The server has more work than it can take. Nothing was changed.",
            Self::Draining => "The server is stopping. Nothing was changed.",
            Self::DiskFull => "The server's disk is full. Nothing was changed.",
            Self::SlugExhausted => {
                "No free address was found for this name in ten tries. Nothing was changed."
            }
        }
    }
}
