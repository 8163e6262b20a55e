//! From bytes to a request's head. `httparse` splits the lines; before it, [`Scan`] holds the bytes to
//! what RFC 9112 §2.2 demands of line ends, where `httparse` is lenient, and finds the end of the head
//! without looking at a byte twice. After it, `fields` and `target` say what the head means.

use super::fields::{self, Framing};
use super::refusal::{self, Refusal};
use super::registry::Phase;
use super::target::{self, Target};
use super::wire::{Broken, Wire};
use crate::config::Limits;
use crate::http::{Head, Headers, Method};
use std::mem::MaybeUninit;
use std::net::IpAddr;

/// A head, and what it says about the message around it.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) head: Head,
    pub(super) framing: Framing,
    /// Whether the client waits for a `100 Continue` before it sends the body.
    pub(super) expects_continue: bool,
    /// Whether the client wants to go on after this request.
    pub(super) persistent: bool,
    /// Whether it speaks HTTP/1.0, where persistence has to be confirmed.
    pub(super) is_http_1_0: bool,
}

/// Reads the head of the next request.
pub(super) fn read(wire: &mut Wire<'_>, limits: &Limits) -> Result<Parsed, Broken> {
    let mut scan = Scan::default();
    let mut begun = false;
    let length = loop {
        if let Some(length) = scan.advance(wire.pending(), limits)? {
            break length;
        }
        if !begun && !wire.pending().is_empty() {
            wire.enter(Phase::Head)?;
            begun = true;
        }
        match wire.fill() {
            // An idle connection is closed without a word.
            Err(Broken::Overdue) if !begun => return Err(Broken::Gone),
            filled => filled?,
        }
    };
    let bytes = wire.pending().get(..length).unwrap_or_default();
    let parsed = parse(bytes, wire.slot.peer, limits)?;
    wire.consume(length);
    Ok(parsed)
}

/// How far the bytes of a head have been looked at.
#[derive(Debug, Default)]
struct Scan {
    at: usize,
    line_start: usize,
    lines: usize,
}

impl Scan {
    /// Looks at what is new in `bytes`; the length of the head as soon as its empty line is there.
    ///
    /// A line ends with CR LF; neither stands alone, and no other control byte but a tab occurs: so
    /// garbage, or a TLS hello, is refused at its first byte rather than at the deadline.
    fn advance(&mut self, bytes: &[u8], limits: &Limits) -> Result<Option<usize>, Refusal> {
        let last = self.at.checked_sub(1).and_then(|last| bytes.get(last));
        let mut previous = last.copied().unwrap_or_default();
        for &byte in bytes.get(self.at..).unwrap_or_default() {
            self.at += 1;
            match (previous, byte) {
                (b'\r', b'\n') if self.end_line() => {
                    return self.within(limits).map(|()| Some(self.at));
                }
                (b'\r', b'\n') => {}
                (b'\r', _) | (_, b'\n') => {
                    return Err(refusal::malformed("A line ends with CR LF, and only there."));
                }
                (_, 0..=8 | 11 | 12 | 14..=31 | 127) => {
                    return Err(refusal::malformed("There is a control character in the head."));
                }
                _ => {}
            }
            previous = byte;
        }
        self.within(limits).map(|()| None)
    }

    /// Notes the end of a line; whether it is the one that ends the head. One empty line before the
    /// request is forgiven (RFC 9112 §2.2).
    fn end_line(&mut self) -> bool {
        let is_empty = self.at - self.line_start == 2;
        let is_first = self.line_start == 0;
        self.line_start = self.at;
        self.lines += usize::from(!is_empty);
        is_empty && !is_first
    }

    fn within(&self, limits: &Limits) -> Result<(), Refusal> {
        if self.at <= limits.head_bytes_max && self.lines <= limits.headers_max + 1 {
            Ok(())
        } else if self.lines == 0 {
            Err(refusal::target_too_long(limits.target_bytes_max))
        } else {
            Err(refusal::head_too_large(limits.head_bytes_max, limits.headers_max))
        }
    }
}

/// The most fields a head can have, whatever the limit is set to.
const FIELDS_MAX: usize = 256;

fn parse(bytes: &[u8], peer: IpAddr, limits: &Limits) -> Result<Parsed, Refusal> {
    let mut storage = [const { MaybeUninit::uninit() }; FIELDS_MAX];
    let mut request = httparse::Request::new(&mut []);
    match request.parse_with_uninit_headers(bytes, &mut storage) {
        Ok(httparse::Status::Complete(length)) if length == bytes.len() => {}
        Ok(_) => return Err(refusal::malformed("The head has no end.")),
        Err(httparse::Error::Version) => return Err(wrong_version(bytes)),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(refusal::head_too_large(limits.head_bytes_max, limits.headers_max));
        }
        Err(fault) => return Err(refusal::malformed(format!("The head has an {fault}."))),
    }
    let method = Method::parse(request.method.unwrap_or_default());
    let raw_target = request.path.unwrap_or_default();
    if limits.target_bytes_max < raw_target.len() {
        return Err(refusal::target_too_long(limits.target_bytes_max));
    }
    let target = target::parse(&method, raw_target)?;
    let headers = collect(request.headers, &target)?;
    let is_http_1_0 = request.version == Some(0);
    fields::check_singles(&headers)?;
    fields::check_host(&headers, is_http_1_0)?;
    Ok(Parsed {
        framing: fields::framing(&headers, is_http_1_0)?,
        expects_continue: fields::expects_continue(&headers, is_http_1_0)?,
        persistent: fields::persistent(&headers, is_http_1_0),
        is_http_1_0,
        head: Head {
            path: target.path.into(),
            query: target.query.map(Into::into),
            method,
            headers,
            peer,
        },
    })
}

fn collect(raw: &[httparse::Header<'_>], target: &Target<'_>) -> Result<Headers, Refusal> {
    let mut headers = Headers::default();
    for field in raw {
        let value = match target.authority {
            // An authority in the target replaces the field's (RFC 9112 §3.2.2).
            Some(authority) if field.name.eq_ignore_ascii_case("host") => authority,
            _ => str::from_utf8(field.value).map_err(|fault| {
                refusal::malformed(format!("{} is no text in UTF-8: {fault}.", field.name))
            })?,
        };
        headers.push(field.name, value);
    }
    Ok(headers)
}

/// 505 for a version that is well formed, 400 for anything else in its place.
fn wrong_version(bytes: &[u8]) -> Refusal {
    let line = bytes.split(|byte| *byte == b'\r').find(|line| !line.trim_ascii().is_empty());
    let mut words = line.unwrap_or_default().split(|byte| *byte == b' ');
    match (words.nth(2), words.next()) {
        (Some([b'H', b'T', b'T', b'P', b'/', major, b'.', minor]), None)
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            refusal::version_not_supported()
        }
        _ => refusal::malformed("The request line is `METHOD target HTTP/1.1`."),
    }
}
