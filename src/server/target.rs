//! The four forms of a request target (RFC 9112 §3.2).

use super::fields::is_authority;
use super::refusal::{self, Refusal};
use crate::http::Method;

/// A request target, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
    /// Host and port, if the target names them itself.
    pub(super) authority: Option<&'a str>,
}

/// Takes a target apart.
pub(super) fn parse<'a>(method: &Method, target: &'a str) -> Result<Target<'a>, Refusal> {
    if *method == Method::Other("CONNECT".into()) {
        return Err(refusal::not_implemented());
    }
    // `httparse` lets other bytes pass; a fragment never leaves the client (RFC 9110 §4.1).
    if target.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'#') {
        return Err(refusal::malformed("The target has a character that must be encoded."));
    }
    if target == "*" && *method == Method::Options {
        return Ok(Target { path: "*", query: None, authority: None });
    }
    if target.starts_with('/') {
        return Ok(split(target, None));
    }
    absolute(target)
        .ok_or_else(|| refusal::malformed("The target is a path, or an http or https address."))
}

fn absolute(target: &str) -> Option<Target<'_>> {
    let (scheme, rest) = target.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let (authority, origin) = match rest.find(['/', '?']) {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    is_authority(authority).then(|| split(origin, Some(authority)))
}

/// `origin` is a path with or without a query, or a query alone.
fn split<'a>(origin: &'a str, authority: Option<&'a str>) -> Target<'a> {
    match origin.split_once('?') {
        Some(("", query)) => Target { path: "/", query: Some(query), authority },
        Some((path, query)) => Target { path, query: Some(query), authority },
        None => Target { path: origin, query: None, authority },
    }
}
