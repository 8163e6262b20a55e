//! Idempotency keys over HTTP: reading the header, and doing a thing once.

use super::problem::Problem;
use super::request::Head;
use super::response::{Body, Response};
use super::route::Keying;
use crate::config::Limits;
use crate::domain::idempotency::{self, Keyed, Stored};
use crate::error::{Error, Result};
use crate::store::Tx;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Where a key stands in a body, on routes that move credits.
pub const MEMBER: &str = "idempotency_key";
/// The refusal that is kept for its key as a success is.
const REFUSAL: &str = "insufficient-credits";

/// How replies are kept for their keys.
#[derive(Debug, Clone, Copy)]
pub struct Keeping {
    life: Duration,
    bytes_max: usize,
    ledger: bool,
}

impl Keeping {
    /// As the limits say; for ever where credits move.
    pub fn of(limits: &Limits, keying: Keying) -> Self {
        let ledger = keying == Keying::Ledger;
        let life = if ledger { Duration::MAX } else { limits.idempotency_ttl };
        Self { life, bytes_max: limits.idempotency_reply_bytes_max, ledger }
    }
}

/// Most characters of a key.
const KEY_MAX: usize = 255;

/// Reads `Idempotency-Key`: bare, as nearly every client sends it, or as the quoted string of the IETF draft.
pub fn key(head: &Head) -> Result<Option<String>, Problem> {
    let mut fields = head.headers.all("idempotency-key");
    let Some(field) = fields.next() else { return Ok(None) };
    let quoted = field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let key = match quoted {
        Some(inner) => unescape(inner),
        None => field.bytes().all(is_token).then(|| field.to_owned()),
    };
    let alone = fields.next().is_none();
    key.filter(|key| alone && (1..=KEY_MAX).contains(&key.len())).map(Some).ok_or_else(|| {
        let detail = "Idempotency-Key must be 1 to 255 visible ASCII characters, once.";
        Problem::bad_request("idempotency-key-invalid", detail)
    })
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b',' | b';')
}

/// A structured field's string (RFC 8941 §3.3.3): only `\"` and `\\` are escaped.
fn unescape(inner: &str) -> Option<String> {
    let mut key = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => key.push(letters.next().filter(|next| matches!(next, '"' | '\\'))?),
            '"' => return None,
            ' '..='~' => key.push(letter),
            _ => return None,
        }
    }
    Some(key)
}

/// SHA-256 of parts that cannot run into one another.
pub fn fingerprint(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Replays the reply stored for the key, or does the work and stores its reply in the same transaction.
/// What failed is not stored: it left nothing behind and may be tried again.
pub fn once(
    tx: &Tx<'_>,
    keyed: &Keyed,
    keeping: &Keeping,
    request_id: &str,
    work: impl FnOnce() -> Result<Response, Problem>,
) -> Result<Response, Problem> {
    let counted = &tx.metrics().keys;
    let recalled = idempotency::recall(tx, keyed);
    match &recalled {
        Ok(None) => counted.new.step(),
        Ok(Some(_)) => counted.replayed.step(),
        Err(_) => counted.reused.step(),
    }
    if let Some(stored) = recalled? {
        return replayed(stored);
    }
    let reply = match work() {
        // The verbs that refuse for it have changed nothing before.
        Err(problem) if keeping.ledger && problem.code == REFUSAL => {
            problem.into_response(request_id)
        }
        outcome => outcome?,
    };
    let body = reply.withheld.as_deref().unwrap_or_else(|| reply.body.as_ref());
    // A form that was taken answers by leading on.
    let done = matches!(reply.status, 200..300 | 303) || keeping.ledger;
    if done && reply.header("Set-Cookie").is_none() {
        if body.len() > keeping.bytes_max {
            return Err(Problem::internal("a reply is too large to be kept for its key"));
        }
        let headers = serde_json::to_string(&reply.headers).map_err(Error::internal)?;
        let stored = Stored { status: reply.status, headers, body: body.to_vec() };
        idempotency::keep(tx, keyed, &stored, keeping.life)?;
    }
    Ok(reply)
}

/// Header names that a stored reply may bear.
const NAMES: &[&str] =
    &["Content-Type", "Content-Language", "Location", "ETag", "Link", "Cache-Control"];

fn replayed(stored: Stored) -> Result<Response, Problem> {
    let fields: Vec<(String, String)> =
        serde_json::from_str(&stored.headers).map_err(Error::internal)?;
    let mut reply = Response::new(stored.status).with("Idempotent-Replayed", "true");
    for (name, value) in fields {
        if let Some(known) = NAMES.iter().find(|known| **known == name) {
            reply.set(known, value);
        }
    }
    reply.body = Body::Owned(stored.body);
    Ok(reply)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Headers, Method};

    fn read(values: &[&str]) -> Result<Option<String>, u16> {
        let mut headers = Headers::default();
        for value in values {
            headers.push("Idempotency-Key", value);
        }
        let peer = [127, 0, 0, 1].into();
        let head = Head { method: Method::Post, path: "/".into(), query: None, headers, peer };
        key(&head).map_err(|problem| problem.status)
    }

    #[test]
    fn a_key_is_taken_bare_or_quoted() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["8e03978e-40d5"]), Ok(Some("8e03978e-40d5".into())));
        assert_eq!(read(&["\"8e03978e-40d5\""]), Ok(Some("8e03978e-40d5".into())));
        assert_eq!(read(&[r#""a \"b\" \\""#]), Ok(Some(r#"a "b" \"#.into())));
        for wrong in ["", "\"\"", "a b", "\"a", "a,b", "é", &"k".repeat(256), r#""\n""#] {
            assert_eq!(read(&[wrong]), Err(400), "{wrong}");
        }
        assert_eq!(read(&["a", "b"]), Err(400));
    }
}
