//! From a reply to bytes, in one buffer, so that one write sends it. `tiny_http` writes the head; what
//! it leaves open is checked here: a value with a line end in it would be a second reply.

use crate::clock::{Clock, Millis};
use crate::http::Response;
use std::io;
use tiny_http::{HTTPVersion, Header, StatusCode};

/// What the request says about the form of its reply.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// The body is left out, its length is not (RFC 9110 §9.3.2).
    pub(super) is_head: bool,
    /// The value of `Connection`, if there has to be one.
    pub(super) connection: Option<&'static str>,
}

/// What frames the message: set by anyone else, it could say something other than what is sent.
const OURS: [&str; 5] = ["Content-Length", "Transfer-Encoding", "Connection", "Trailer", "Upgrade"];

/// Writes `reply` into `out`, in place of what was there; of a body that is a file only the head.
pub(super) fn encode(
    out: &mut Vec<u8>,
    reply: &Response,
    form: Form,
    date: &str,
) -> Result<(), Unsendable> {
    out.clear();
    let body = reply.body.as_ref();
    let size = usize::try_from(reply.body.size())
        .map_err(|fault| Unsendable(format!("a body of this size: {fault}")))?;
    print_head(out, reply, date, size)?;
    // What `tiny_http` writes ends with the length and the empty line; the rest comes between.
    out.truncate(out.len() - b"\r\n".len());
    let has_no_length = reply.status == 204 || (reply.status == 304 && size == 0);
    if has_no_length {
        // A 204 has no length (RFC 9110 §8.6), and that of the 200 a 304 stands for is not known.
        let line = format!("Content-Length: {size}\r\n");
        out.truncate(out.len() - line.len());
    }
    for (name, value) in &reply.headers {
        if !is_typed(name) {
            push(out, name, value);
        }
    }
    if let Some(value) = form.connection {
        push(out, "Connection", value);
    }
    out.extend_from_slice(b"\r\n");
    if !form.is_head && !matches!(reply.status, 204 | 304) {
        out.extend_from_slice(body);
    }
    Ok(())
}

#[expect(clippy::disallowed_types, reason = "the writer of tiny_http is what is used of it")]
fn print_head(
    out: &mut Vec<u8>,
    reply: &Response,
    date: &str,
    length: usize,
) -> Result<(), Unsendable> {
    if !(200..=599).contains(&reply.status) {
        return Err(Unsendable(format!("status {}", reply.status)));
    }
    let mut headers = Vec::with_capacity(3);
    headers.push(field("Server", "cardinal")?);
    headers.push(field("Date", date)?);
    for (name, value) in &reply.headers {
        check(name, value)?;
        if is_typed(name) {
            headers.push(field(name, value)?);
        }
    }
    let status = StatusCode(reply.status);
    tiny_http::Response::new(status, headers, io::empty(), Some(length), None)
        .with_chunked_threshold(usize::MAX)
        .raw_print(out, HTTPVersion(1, 1), &[], true, None)
        .map_err(|fault| Unsendable(fault.to_string()))
}

/// A reply that must not be sent as it is, and why: a fault of the program.
#[derive(Debug)]
pub(super) struct Unsendable(pub(super) String);

/// Whether a field goes through `tiny_http`. The dozen others of every reply would cost more there than
/// everything else about it: two allocations each, to be written as they are.
fn is_typed(name: &str) -> bool {
    name.eq_ignore_ascii_case("Content-Type")
}

fn push(out: &mut Vec<u8>, name: &str, value: &str) {
    for part in [name, ": ", value, "\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
}

/// A field may be sent if its name is a token and its value visible ASCII, spaces and tabs (RFC 9110 §5.5),
/// and if it does not frame the message.
fn check(name: &str, value: &str) -> Result<(), Unsendable> {
    if OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours)) {
        return Err(Unsendable(format!("{name} is the server's to set")));
    }
    let is_sound = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
        && value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    if is_sound { Ok(()) } else { Err(Unsendable(format!("field {name:?}: {value:?}"))) }
}

fn field(name: &str, value: &str) -> Result<Header, Unsendable> {
    Header::from_bytes(name, value).map_err(|()| Unsendable(format!("field {name:?}: {value:?}")))
}

/// The value of `Date`, made once a second.
#[derive(Debug)]
pub(super) struct Date {
    clock: Clock,
    second: i64,
    text: String,
}

impl Date {
    pub(super) fn new() -> Self {
        Self { clock: Clock::system(), second: i64::MIN, text: String::new() }
    }

    /// The time now in the form of RFC 9110 §5.6.7.
    pub(super) fn now(&mut self) -> &str {
        let Millis(now) = self.clock.now();
        let second = now.div_euclid(1_000);
        if second != self.second {
            self.second = second;
            self.text = jiff::Timestamp::from_second(second)
                .and_then(|time| {
                    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time)
                })
                .unwrap_or_else(|_| "Thu, 01 Jan 1970 00:00:00 GMT".into());
        }
        &self.text
    }
}
