//! Names of things and secrets. Public ids are UUIDv7 (RFC 9562), made in order within the process;
//! tokens and capability addresses are random, leave the program once and are kept as SHA-256 only.

use crate::clock::Millis;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use uuid::{ContextV7, Timestamp, Uuid};

/// The id of one kind of thing: a UUIDv7, 16 bytes in tables and 36 characters of text outside.
/// `K` keeps a card's id from being taken for a person's.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// The id with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes), PhantomData)
    }

    /// Its 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// Reads the hyphenated form, in either case; `None` if `text` is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let hyphenated = text.len() == 36;
        Uuid::try_parse(text).ok().filter(|_| hyphenated).map(|uuid| Self(uuid, PhantomData))
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K> serde::Serialize for Id<K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Makes ids, each greater than the one before it. One per store and one per server.
pub struct Ids(Mutex<ContextV7>);

impl Ids {
    /// A fresh maker.
    pub fn new() -> Self {
        Self(Mutex::new(ContextV7::new()))
    }

    /// The next id at the time `now`.
    pub fn next<K>(&self, now: Millis) -> Id<K> {
        let ms = u64::try_from(now.0).unwrap_or(0);
        let nanos = u32::try_from(ms % 1_000).unwrap_or(0) * 1_000_000;
        let stamp = Timestamp::from_unix(&*self.0.lock(), ms / 1_000, nanos);
        Id(Uuid::new_v7(stamp), PhantomData)
    }
}

impl Default for Ids {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

/// What a token opens; stands in the token's text, so that a leaked one says what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A login: `cardinal_ses_…`.
    Session,
    /// An API token: `cardinal_api_…`.
    Api,
    /// The one-time link that makes the first admin: `cardinal_set_…`.
    SetUp,
    /// The one-time link that signs in whoever started the program: `cardinal_ent_…`.
    Entry,
    /// The one-time link that sets a new password: `cardinal_rst_…`.
    Reset,
    /// An invite code: `cardinal_inv_…`.
    Invite,
}

impl TokenKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "cardinal_ses_",
            Self::Api => "cardinal_api_",
            Self::SetUp => "cardinal_set_",
            Self::Entry => "cardinal_ent_",
            Self::Reset => "cardinal_rst_",
            Self::Invite => "cardinal_inv_",
        }
    }
}

const TOKEN_RANDOM: usize = 43; // base62 digits: 256 bits
const TOKEN_CHECK: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A secret in the clear: shown once, never stored, never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new secret: prefix, 256 random bits in base62, and a CRC-32 in base62 so that scanners can
    /// recognise a leaked token and a mistyped one is refused without asking the database.
    pub fn new(kind: TokenKind) -> Self {
        let mut text = String::from(kind.prefix());
        while text.len() < kind.prefix().len() + TOKEN_RANDOM {
            for byte in random::<64>() {
                // 248 = 4 × 62: the bytes above it would favour the first digits.
                let digit = usize::from(byte);
                if digit < 248 && text.len() < kind.prefix().len() + TOKEN_RANDOM {
                    text.push(base62(digit % 62));
                }
            }
        }
        let check = checksum(&text);
        text.push_str(&check);
        Self(text)
    }

    /// Takes a token that came from outside, if it has the form and the checksum of one.
    pub fn parse(text: &str, kinds: &[TokenKind]) -> Option<Self> {
        let kind = kinds.iter().find(|kind| text.starts_with(kind.prefix()))?;
        let body = text.len().checked_sub(TOKEN_CHECK)?;
        let (random, check) = text.split_at_checked(body)?;
        let whole = random.len() == kind.prefix().len() + TOKEN_RANDOM;
        (whole && text.is_ascii() && checksum(random) == check).then(|| Self(text.to_owned()))
    }

    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored in its place.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// Its first random characters, to tell tokens apart in a list.
    pub fn hint(&self) -> &str {
        self.0.get(..17).unwrap_or_default()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// SHA-256 of a token. Enough for 256 random bits; passwords go through Argon2id instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// Random bytes from the operating system.
///
/// # Panics
/// If the operating system has none to give: nothing here is safe to go on then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "without randomness no secret may be made")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// `digits` random lower-case hexadecimal digits, at most 16.
pub fn hex(digits: usize) -> String {
    let mut text = format!("{:016x}", u64::from_le_bytes(random()));
    text.truncate(digits);
    text
}

fn checksum(text: &str) -> String {
    let mut crc = usize::try_from(crc32fast::hash(text.as_bytes())).unwrap_or(0);
    let mut digits = String::with_capacity(TOKEN_CHECK);
    for _ in 0..TOKEN_CHECK {
        digits.push(base62(crc % 62));
        crc /= 62;
    }
    digits
}

fn base62(digit: usize) -> char {
    BASE62.get(digit).map_or('0', |byte| char::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_in_the_order_they_were_made() {
        let ids = Ids::new();
        let made: Vec<Id<()>> =
            (0..10_000).map(|n| ids.next(Millis(1_700_000_000_000 + n / 5_000))).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn an_id_is_read_in_its_hyphenated_form_only() {
        let id: Id<()> = Ids::new().next(Millis(1_700_000_000_000));
        assert_eq!(Id::parse(&id.to_string()), Some(id));
        assert_eq!(Id::parse(&id.to_string().to_uppercase()), Some(id));
        for wrong in ["", "1", "not-an-id", &id.to_string().replace('-', ""), &format!("{{{id}}}")]
        {
            assert_eq!(Id::<()>::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_is_recognised_by_its_form_and_checksum() {
        let token = Token::new(TokenKind::Api);
        let text = token.reveal().to_owned();
        assert_eq!(text.len(), 13 + 43 + 6);
        assert_eq!(Token::parse(&text, &[TokenKind::Api]), Some(token));
        assert_eq!(Token::parse(&text, &[TokenKind::Session]), None);
        let mut typo = text.clone().into_bytes();
        typo[20] = if typo[20] == b'a' { b'b' } else { b'a' };
        assert_eq!(Token::parse(&String::from_utf8(typo).unwrap(), &[TokenKind::Api]), None);
        for wrong in
            ["", "cardinal_api_", "cardinal_api_ä", text.get(..40).unwrap(), &format!("{text}0")]
        {
            assert_eq!(Token::parse(wrong, &[TokenKind::Api]), None, "{wrong}");
        }
        assert!(!format!("{:?}", Token::new(TokenKind::Api)).contains("cardinal"));
    }
}
