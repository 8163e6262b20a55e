//! From bytes to a body. A limit is checked against what is declared before anything is read, and
//! against what has come while it is; memory grows with what has come, never with what is declared.

use super::fields::Framing;
use super::head::Parsed;
use super::refusal::{self, Refusal};
use super::registry::Phase;
use super::wire::{Broken, Wire};
use crate::config::Limits;

/// Reads the body of a request with this head, up to `limit` bytes.
pub(super) fn read(
    wire: &mut Wire<'_>,
    parsed: &Parsed,
    limit: usize,
    limits: &Limits,
) -> Result<Vec<u8>, Broken> {
    let mut body = Vec::new();
    match parsed.framing {
        Framing::Empty => {}
        Framing::Length(length) => {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            if limit < length {
                return Err(refusal::content_too_large(limit).into());
            }
            if wire.pending().len() < length {
                begin(wire, parsed)?;
            }
            wire.read_exact(&mut body, length)?;
        }
        Framing::Chunked => {
            begin(wire, parsed)?;
            Chunked { wire, limits, limit }.read(&mut body)?;
        }
    }
    Ok(body)
}

/// Announces that a body is awaited; to the client, too, if it asked for that and has sent nothing yet.
fn begin(wire: &Wire<'_>, parsed: &Parsed) -> Result<(), Broken> {
    if parsed.expects_continue && wire.pending().is_empty() {
        wire.send(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    wire.enter(Phase::Body)
}

/// A body in chunks (RFC 9112 §7.1).
struct Chunked<'w, 'a> {
    wire: &'w mut Wire<'a>,
    limits: &'w Limits,
    limit: usize,
}

impl Chunked<'_, '_> {
    fn read(mut self, body: &mut Vec<u8>) -> Result<(), Broken> {
        loop {
            let size = self.size()?;
            if size == 0 {
                return self.trailers();
            }
            if u64::try_from(self.limit - body.len()).unwrap_or(u64::MAX) < size {
                return Err(refusal::content_too_large(self.limit).into());
            }
            self.wire.read_exact(body, usize::try_from(size).unwrap_or(usize::MAX))?;
            if !self.line(0)?.is_empty() {
                return Err(refusal::malformed("A chunk is longer than its size.").into());
            }
        }
    }

    /// The size in a chunk's first line; its extensions are looked at and ignored.
    fn size(&mut self) -> Result<u64, Broken> {
        let line = self.line(self.limits.chunk_line_bytes_max)?;
        Ok(chunk_size(&line)?)
    }

    /// Trailer fields are checked and thrown away: nothing here has a use for them, and merging them
    /// into the head would let them past the checks of the head (RFC 9110 §6.5.1).
    fn trailers(&mut self) -> Result<(), Broken> {
        let (mut bytes, mut fields) = (0, 0);
        loop {
            let line = self.line(self.limits.head_bytes_max)?;
            if line.is_empty() {
                return Ok(());
            }
            bytes += line.len() + 2;
            fields += 1;
            if self.limits.head_bytes_max < bytes || self.limits.headers_max < fields {
                let (bytes, fields) = (self.limits.head_bytes_max, self.limits.headers_max);
                return Err(refusal::head_too_large(bytes, fields).into());
            }
            check_trailer(&line)?;
        }
    }

    /// The next line, without its CR LF, of `max` bytes at most.
    fn line(&mut self, max: usize) -> Result<Vec<u8>, Broken> {
        loop {
            let pending = self.wire.pending();
            if let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
                let line = pending.get(..end).and_then(|line| line.strip_suffix(b"\r"));
                let line = line.filter(|line| line.len() <= max && !line.contains(&b'\r'));
                let Some(line) = line.map(<[u8]>::to_vec) else {
                    return Err(bad_line().into());
                };
                self.wire.consume(end + 1);
                return Ok(line);
            }
            if max + 1 < pending.len() {
                return Err(bad_line().into());
            }
            match self.wire.fill() {
                Err(Broken::Gone) => return Err(Broken::Truncated),
                filled => filled?,
            }
        }
    }
}

fn bad_line() -> Refusal {
    refusal::malformed("A line between chunks does not end with CR LF, or is too long.")
}

/// `1*HEXDIG *( BWS ";" chunk-ext )`, without control characters.
fn chunk_size(line: &[u8]) -> Result<u64, Refusal> {
    let end = line.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(line.len());
    let (digits, extension) = line.split_at_checked(end).unwrap_or_default();
    let extension_is_sound = match extension.trim_ascii_start() {
        [] => extension.is_empty(),
        [b';', rest @ ..] => rest.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~')),
        _ => false,
    };
    let size = str::from_utf8(digits).ok().and_then(|text| u64::from_str_radix(text, 16).ok());
    size.filter(|_| extension_is_sound)
        .ok_or_else(|| refusal::malformed("A chunk begins with its size in hexadecimal digits."))
}

fn check_trailer(line: &[u8]) -> Result<(), Refusal> {
    let mut with_end = line.to_vec();
    with_end.extend_from_slice(b"\r\n\r\n");
    let mut slot = [httparse::EMPTY_HEADER];
    match httparse::parse_headers(&with_end, &mut slot) {
        Ok(httparse::Status::Complete(_)) => Ok(()),
        _ => Err(refusal::malformed("A trailer field is malformed.")),
    }
}
