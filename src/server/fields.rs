//! The header fields that the connection itself depends on. Read strictly: two readings of one head are
//! how requests are smuggled past a proxy (RFC 9112 §11.2), so what could be read in two ways is refused.

use super::refusal::{self, Refusal};
use crate::http::Headers;
use std::net::Ipv6Addr;

/// How the end of a body is found (RFC 9112 §6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// There is none.
    Empty,
    /// After so many bytes.
    Length(u64),
    /// After the last chunk.
    Chunked,
}

/// How the body is framed.
pub(super) fn framing(headers: &Headers, is_http_1_0: bool) -> Result<Framing, Refusal> {
    let mut lengths = headers.all("content-length");
    let mut codings = headers.all("transfer-encoding");
    match (lengths.next(), codings.next()) {
        (None, None) => Ok(Framing::Empty),
        (Some(_), Some(_)) => {
            Err(refusal::malformed("Content-Length and Transfer-Encoding exclude each other."))
        }
        (Some(_), None) if lengths.next().is_some() => {
            Err(refusal::malformed("There is more than one Content-Length."))
        }
        (Some(length), None) => content_length(length),
        (None, Some(_)) if is_http_1_0 => {
            Err(refusal::malformed("HTTP/1.0 knows no Transfer-Encoding."))
        }
        (None, Some(coding)) => {
            if coding.eq_ignore_ascii_case("chunked") && codings.next().is_none() {
                Ok(Framing::Chunked)
            } else {
                Err(refusal::malformed("The only transfer coding is chunked, applied once."))
            }
        }
    }
}

/// Digits only: no sign, no list, no space.
fn content_length(value: &str) -> Result<Framing, Refusal> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refusal::malformed("Content-Length is a number in decimal digits."));
    }
    // More digits than fit is still a length, only one that is over every limit.
    Ok(Framing::Length(value.parse().unwrap_or(u64::MAX)))
}

/// Exactly one host in HTTP/1.1, at most one in HTTP/1.0 (RFC 9112 §3.2).
pub(super) fn check_host(headers: &Headers, is_http_1_0: bool) -> Result<(), Refusal> {
    let mut hosts = headers.all("host");
    match (hosts.next(), hosts.next()) {
        (None, _) if is_http_1_0 => Ok(()),
        (None, _) => Err(refusal::malformed("There is no Host.")),
        (Some(_), Some(_)) => Err(refusal::malformed("There is more than one Host.")),
        (Some(host), None) if is_authority(host) => Ok(()),
        (Some(_), None) => Err(refusal::malformed("Host is a name or an address, and a port.")),
    }
}

/// Fields that decide who asks for what, and have no list syntax: two of them are two requests.
pub(super) fn check_singles(headers: &Headers) -> Result<(), Refusal> {
    for name in ["authorization", "content-type", "idempotency-key", "if-unmodified-since"] {
        if headers.all(name).nth(1).is_some() {
            return Err(refusal::malformed(format!("There is more than one {name}.")));
        }
    }
    Ok(())
}

/// Whether the client waits for a `100 Continue`. HTTP/1.0 has no interim replies, so there it is
/// ignored (RFC 9110 §10.1.1).
pub(super) fn expects_continue(headers: &Headers, is_http_1_0: bool) -> Result<bool, Refusal> {
    if is_http_1_0 {
        return Ok(false);
    }
    let mut expectations = headers.all("expect");
    match expectations.next() {
        None => Ok(false),
        Some(one) if one.eq_ignore_ascii_case("100-continue") && expectations.next().is_none() => {
            Ok(true)
        }
        Some(_) => Err(refusal::expectation_failed()),
    }
}

/// Whether the client wants to go on after this request (RFC 9112 §9.3).
pub(super) fn persistent(headers: &Headers, is_http_1_0: bool) -> bool {
    let has = |option: &str| {
        headers
            .all("connection")
            .flat_map(|value| value.split(','))
            .any(|token| token.trim().eq_ignore_ascii_case(option))
    };
    !has("close") && (!is_http_1_0 || has("keep-alive"))
}

/// Whether `text` is `host` or `host:port` (RFC 3986 §3.2), without user information.
pub(super) fn is_authority(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) if address.parse::<Ipv6Addr>().is_ok() => ("", port),
        Some(_) => return false,
        None => {
            let end = text.find(':').unwrap_or(text.len());
            let (host, port) = text.split_at(end);
            if host.is_empty() || !host.bytes().all(is_host_byte) {
                return false;
            }
            (host, port)
        }
    };
    host.len() <= 255 && is_port(port)
}

/// What a registered name may consist of: unreserved, percent-encoded and sub-delims.
const fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'%' | b'!' | b'$' | b'&' | b'\'')
        || matches!(byte, b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=')
}

/// Nothing, or a colon and a port, which may be empty.
fn is_port(text: &str) -> bool {
    match text.strip_prefix(':') {
        None => text.is_empty(),
        Some(digits) => {
            digits.bytes().all(|byte| byte.is_ascii_digit())
                && (digits.is_empty() || digits.parse::<u16>().is_ok())
        }
    }
}
