//! Versions over HTTP: strong entity tags, `If-Match`, `If-None-Match` (RFC 9110 §13) and the `version`
//! member; and the order in which a change of a versioned resource is checked (api.md, detail 1).

use super::problem::Problem;
use super::request::Head;
use super::response::Response;
use super::shape;
use crate::error::{Error, Stale};
use crate::id::Id;
use serde_json::{Map, Value};

/// The strong tag of a resource's JSON at a version: `"<end of the id>-<version>"`.
pub fn etag<K>(id: Id<K>, version: i64) -> String {
    let text = id.to_string();
    let end = text.rsplit('-').next().unwrap_or_default();
    etag_of(end, version)
}

/// The same of a resource that has no id but a name: visible ASCII without quotes.
pub fn etag_of(name: &str, version: i64) -> String {
    format!("\"{name}-{version}\"")
}

/// What `If-Match` or `If-None-Match` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tags {
    /// `*`: whatever there is.
    Any,
    /// These: each with its quotes, and whether it is weak.
    Listed(Vec<(String, bool)>),
}

impl Tags {
    /// Reads a header field that may have come in several lines; `None` if there is none. A list that cannot
    /// be read is a 400.
    pub fn of(head: &Head, name: &'static str) -> Result<Option<Self>, Problem> {
        let lines: Vec<&str> = head.headers.all(name).collect();
        if lines.is_empty() {
            return Ok(None);
        }
        let joined = lines.join(",");
        let unreadable = || {
            let detail = format!("{name} must be * or a list of quoted entity tags.");
            Problem::bad_request("bad-precondition", detail)
        };
        Self::parse(&joined).map(Some).ok_or_else(unreadable)
    }

    /// A quoted tag may contain commas, so the list is read, not split.
    fn parse(mut rest: &str) -> Option<Self> {
        if rest.trim() == "*" {
            return Some(Self::Any);
        }
        let mut tags = Vec::new();
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            if rest.is_empty() {
                return (!tags.is_empty()).then_some(Self::Listed(tags));
            }
            let (weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |tag| (true, tag));
            let (tag, behind) = quoted.strip_prefix('"')?.split_once('"')?;
            tags.push((format!("\"{tag}\""), weak));
            rest = behind.trim_start_matches([' ', '\t']);
            if !rest.is_empty() && !rest.starts_with(',') {
                return None;
            }
        }
    }

    /// Strong comparison, for `If-Match`: a weak tag is like nothing.
    pub fn names_strongly(&self, tag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(|(listed, weak)| !weak && listed == tag),
        }
    }

    /// Weak comparison, for `If-None-Match`.
    pub fn names(&self, tag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(|(listed, _)| listed == tag),
        }
    }

    /// The version that the only tag names, for the problem document.
    fn expected_version(&self) -> Option<i64> {
        let Self::Listed(tags) = self else { return None };
        let [(tag, _)] = tags.as_slice() else { return None };
        tag.trim_matches('"').rsplit_once('-')?.1.parse().ok()
    }
}

/// What a reader has already, by its `If-None-Match`.
#[derive(Debug, Clone)]
pub struct Freshness(pub(super) Option<Tags>);

impl Freshness {
    /// The reply with its tag, or, if the reader has that representation, a 304 with the fields it would
    /// have had: a cache takes them over (RFC 9111 §4.3.4), `Cache-Control` among them.
    pub fn answer(
        &self,
        tag: String,
        reply: impl FnOnce() -> Response,
    ) -> Result<Response, Problem> {
        let reply = reply().with("ETag", tag);
        let tag = reply.header("ETag").unwrap_or_default();
        if !self.0.as_ref().is_some_and(|tags| tags.names(tag)) {
            return Ok(reply);
        }
        let mut unchanged = Response::new(304);
        unchanged.headers = reply.headers;
        unchanged.headers.retain(|(name, _)| *name != "Content-Type");
        Ok(unchanged)
    }
}

/// A change that a request asks of a versioned resource, as far as it could be read without knowing the
/// resource. What is wrong with it is told in its turn.
#[derive(Debug, Clone)]
pub struct Edit {
    pub(super) media_type: Result<(), Problem>,
    pub(super) if_match: Result<Option<Tags>, Problem>,
    /// Where a change is asked for only if the resource is not as named.
    pub(super) if_none_match: Result<Option<Tags>, Problem>,
    /// The body's members; none where the request has no body.
    pub(super) body: Result<Map<String, Value>, Problem>,
    /// `?version=` of a request without a body.
    pub(super) query_version: Option<String>,
}

/// A resource as it stands, for comparing and for the problem document.
pub struct Standing<'a> {
    /// Its version. 0: nobody has saved it yet; its tag is that of what is shown instead, and `*`, which asks
    /// whether there is one, names nothing.
    pub version: i64,
    /// Its tag.
    pub etag: &'a str,
    /// Its representation, made only when it is told.
    pub resource: &'a dyn Fn() -> Value,
}

impl Edit {
    /// A member of the body, if there is a body to have one.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.body.as_ref().ok()?.get(name)
    }

    /// Why nothing can be known of the body: its media type, or what is wrong with it.
    pub fn unreadable(&self) -> Option<Problem> {
        self.media_type.as_ref().err().or(self.body.as_ref().err()).cloned()
    }

    /// Lets the change pass if it builds upon the resource as it stands, and gives the body's members. In
    /// this order: media type 415, no precondition 428, `If-Match` 412, syntax 400, version 409.
    pub fn admit(&self, standing: &Standing<'_>) -> Result<&Map<String, Value>, Problem> {
        self.admit_or_create(Some(standing))
    }

    /// Like [`Edit::admit`] where the change may also make the resource: there is none if `standing` is
    /// `None`. Version 0, or `If-None-Match: *`, asks that there be none.
    pub fn admit_or_create(
        &self,
        standing: Option<&Standing<'_>>,
    ) -> Result<&Map<String, Value>, Problem> {
        self.media_type.clone()?;
        if !self.is_conditional() {
            let required = Problem::precondition_required();
            return Err(match standing {
                Some(_) => required,
                None => Problem { detail: NONE_YET.into(), ..required },
            });
        }
        if let Some(Unmet { expected }) = self.unmet(standing.map(Tagged::of))? {
            return Err(stale(standing, expected, true));
        }
        let members = self.members()?;
        let current = standing.map_or(0, |standing| standing.version);
        match self.version() {
            Asked::Version(expected) if expected != current => {
                Err(stale(standing, Some(expected), false))
            }
            Asked::Unreadable => Err(version_fault(self.query_version.is_some())),
            Asked::Version(_) | Asked::Nothing => Ok(members),
        }
    }

    /// Like [`Edit::admit`] where no version is needed: an `If-Match` that is sent is honoured.
    pub fn admit_unversioned(
        &self,
        standing: &Standing<'_>,
    ) -> Result<&Map<String, Value>, Problem> {
        self.media_type.clone()?;
        match self.unmet(Some(Tagged::of(standing)))? {
            Some(Unmet { expected }) => Err(stale(Some(standing), expected, true)),
            None => self.members(),
        }
    }

    /// Like [`Edit::admit`], but what nobody has saved yet may be saved without a condition.
    pub fn admit_or_first(&self, standing: &Standing<'_>) -> Result<&Map<String, Value>, Problem> {
        if standing.version == 0 && !self.is_conditional() {
            return self.admit_unversioned(standing);
        }
        self.admit(standing)
    }

    /// The same for what has a tag and no version; there is none if `etag` is `None`. `resource` is it as it
    /// stands.
    pub fn admit_tagged(
        &self,
        etag: Option<&str>,
        resource: impl FnOnce() -> Value,
    ) -> Result<(), Problem> {
        if self.unmet(etag.map(|etag| Tagged { etag, is_saved: true }))?.is_none() {
            return Ok(());
        }
        let detail = "It is not as the request expects it. Look at `current` and decide.";
        let problem = Problem::new(412, "precondition-failed", "Precondition failed", detail)
            .with("current", resource());
        Err(match etag {
            Some(etag) => problem.with_header("ETag", etag.to_owned()),
            None => problem,
        })
    }

    /// Whether it says what it builds upon. `If-None-Match: *` does: upon nothing.
    fn is_conditional(&self) -> bool {
        let by_tag = !matches!(self.if_match, Ok(None));
        let on_nothing = !matches!(self.if_none_match, Ok(None | Some(Tags::Listed(_))));
        by_tag || on_nothing || !matches!(self.version(), Asked::Nothing)
    }

    /// The header field that does not hold of a resource, if one does not, in the order of RFC 9110 §13.2.2.
    fn unmet(&self, standing: Option<Tagged<'_>>) -> Result<Option<Unmet>, Problem> {
        let names = |tags: &Tags, matches: fn(&Tags, &str) -> bool| {
            standing.is_some_and(|standing| {
                matches(tags, standing.etag) && (standing.is_saved || *tags != Tags::Any)
            })
        };
        if let Some(tags) = self.if_match.clone()?
            && !names(&tags, Tags::names_strongly)
        {
            return Ok(Some(Unmet { expected: tags.expected_version() }));
        }
        let unmet = self.if_none_match.clone()?.filter(|tags| names(tags, Tags::names));
        Ok(unmet.map(|tags| Unmet { expected: matches!(tags, Tags::Any).then_some(0) }))
    }

    fn members(&self) -> Result<&Map<String, Value>, Problem> {
        self.body.as_ref().map_err(Clone::clone)
    }

    /// A body that cannot be read may name a version or not: its fault is told then, not a 428.
    fn version(&self) -> Asked {
        let named = match (&self.query_version, &self.body) {
            (Some(text), _) => shape::version(&Value::String(text.clone())),
            (None, Ok(members)) => match members.get("version") {
                None | Some(Value::Null) => return Asked::Nothing,
                Some(value) => shape::version(value),
            },
            (None, Err(_)) => return Asked::Unreadable,
        };
        named.map_or(Asked::Unreadable, Asked::Version)
    }
}

/// What the header fields are compared with.
#[derive(Clone, Copy)]
struct Tagged<'a> {
    etag: &'a str,
    is_saved: bool,
}

impl<'a> Tagged<'a> {
    const fn of(standing: &'a Standing<'a>) -> Self {
        Self { etag: standing.etag, is_saved: standing.version > 0 }
    }
}

enum Asked {
    Nothing,
    Unreadable,
    Version(i64),
}

/// What helps where there is nothing to change.
const NONE_YET: &str = "There is none now. Make one with `version` 0 or If-None-Match: *.";

/// A header field that does not hold, and the version that it names.
struct Unmet {
    expected: Option<i64>,
}

fn stale(standing: Option<&Standing<'_>>, expected: Option<i64>, by_header: bool) -> Problem {
    let Some(standing) = standing else {
        let told = Stale { expected, current: 0, resource: Value::Null };
        return Problem { detail: NONE_YET.into(), ..Problem::stale(told, by_header) };
    };
    let current = standing.version;
    let told = Stale { expected, current, resource: (standing.resource)() };
    Problem::stale(told, by_header).with_header("ETag", standing.etag.to_owned())
}

fn version_fault(in_query: bool) -> Problem {
    let pointer = if in_query { "version" } else { "/version" };
    Error::invalid(pointer, "type", "must be an integer from 0 to 9007199254740991").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_lists_are_read_not_split() {
        let listed = |tags: &[(&str, bool)]| {
            Some(Tags::Listed(tags.iter().map(|(tag, weak)| ((*tag).to_owned(), *weak)).collect()))
        };
        assert_eq!(Tags::parse("*"), Some(Tags::Any));
        assert_eq!(Tags::parse("\"a\""), listed(&[("\"a\"", false)]));
        assert_eq!(
            Tags::parse("W/\"a,b\" , \"c\","),
            listed(&[("\"a,b\"", true), ("\"c\"", false)])
        );
        for wrong in ["", "a", "\"a", "*, \"a\"", "\"a\" \"b\"", "w/\"a\""] {
            assert_eq!(Tags::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_weak_tag_matches_only_weakly() {
        let tags = Tags::parse("W/\"x-1\"").unwrap();
        assert!(tags.names("\"x-1\"") && !tags.names_strongly("\"x-1\""));
        assert_eq!(Tags::parse("\"x-7\"").unwrap().expected_version(), Some(7));
    }
}
