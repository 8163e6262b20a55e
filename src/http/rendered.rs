//! What public cards were rendered to, kept while there is room. A copy is told only where the edition that it was made
//! of stands in the request's own snapshot, so nothing has to be thrown away when a card changes.

use super::ctx::Outcome;
use super::precondition::Freshness;
use super::response::{Body, HeaderValue, Response};
use crate::domain::cards::CardId;
use crate::domain::editions::{self, Edition};
use crate::domain::languages::Language;
use crate::domain::users::UserId;
use crate::error::Result;
use crate::store::Read;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::mem;
use std::sync::Arc;

/// Which form of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JSON.
    Json,
    /// Its picture.
    Picture,
    /// The photo on it, as small as address books take one.
    Portrait,
    /// Its page.
    Page {
        /// In which language.
        language: Language,
        /// As gzip.
        is_packed: bool,
    },
}

/// A rendered card: the reply as it was made, and of what.
#[derive(Debug)]
pub struct Copy {
    /// Which card it is of.
    pub card: CardId,
    /// Whose that is.
    pub owner: UserId,
    edition: Edition,
    tag: String,
    fields: Box<[(&'static str, HeaderValue)]>,
    body: Arc<[u8]>,
}

impl Copy {
    /// A reply of 200 that was made of somebody's card while this edition of it stood.
    pub fn of((card, owner): (CardId, UserId), edition: Edition, reply: Response) -> Self {
        let (tag, fields) = (tag(&reply), reply.headers.into_boxed_slice());
        Self { card, owner, edition, tag, fields, body: reply.body.as_ref().into() }
    }

    /// The reply again, or a 304.
    pub fn answer(&self, fresh: &Freshness) -> Outcome {
        fresh.answer(self.tag.clone(), || {
            let mut reply = Response::new(200);
            reply.headers.extend_from_slice(&self.fields);
            reply.body = Body::Shared(Arc::clone(&self.body));
            reply
        })
    }

    /// What the reply holds.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether a reply that was made anew is the same.
    pub fn is(&self, reply: &Response) -> bool {
        *self.body == *reply.body.as_ref() && *self.fields == *reply.headers
    }

    fn bytes(&self) -> usize {
        let owned = |(_, value): &(_, HeaderValue)| match value {
            HeaderValue::Owned(text) => text.capacity(),
            HeaderValue::Borrowed(_) => 0,
        };
        let fields = size_of_val(&*self.fields) + self.fields.iter().map(owned).sum::<usize>();
        size_of::<Self>() + self.tag.len() + fields + self.body.len()
    }
}

/// The tag of a reply: bodies that differ have different ones.
pub fn tag(reply: &Response) -> String {
    format!("\"{}\"", print(reply.body.as_ref()))
}

/// The print of a body: two of different bodies differ (64 bits of SHA-256).
pub fn print(body: &[u8]) -> String {
    let hash = super::replay::fingerprint(&[body]);
    let head = hash.first_chunk().map_or(0, |head| u64::from_be_bytes(*head));
    format!("{head:016x}")
}

/// The few forms that somebody has asked for of what stands at a slug.
type Forms = Vec<(Form, Arc<Copy>)>;

/// Two generations: who is asked for moves to the younger; when that is full, the older goes.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Box<str>, Forms>,
    old: HashMap<Box<str>, Forms>,
    young_bytes: usize,
}

/// What an entry takes beside its copy.
const ENTRY: usize = 128;

impl Generations {
    fn of(&mut self, slug: &str, form: Form, bytes_max: usize) -> Option<Arc<Copy>> {
        let of = |forms: &Forms| {
            forms.iter().find(|(of, _)| *of == form).map(|(_, copy)| Arc::clone(copy))
        };
        if let Some(copy) = self.young.get(slug).and_then(of) {
            return Some(copy);
        }
        let copy = self.old.get(slug).and_then(of)?;
        self.put(slug, form, Arc::clone(&copy), bytes_max);
        Some(copy)
    }

    fn put(&mut self, slug: &str, form: Form, copy: Arc<Copy>, bytes_max: usize) {
        let bytes = ENTRY + slug.len() + copy.bytes();
        if self.young_bytes + bytes > bytes_max {
            self.old = mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += bytes;
        let forms = match self.young.get_mut(slug) {
            Some(forms) => forms,
            None => self.young.entry(slug.into()).or_default(),
        };
        match forms.iter_mut().find(|(of, _)| *of == form) {
            Some((_, stands)) => {
                self.young_bytes -= ENTRY + slug.len() + stands.bytes();
                *stands = copy;
            }
            None => forms.push((form, copy)),
        }
    }
}

/// Copies in so many parts, so that threads seldom meet.
const PARTS: usize = 16;

/// The copies of one server.
#[derive(Debug)]
pub struct Rendered {
    parts: [Mutex<Generations>; PARTS],
    hasher: RandomState,
    /// Most bytes of a generation of a part.
    bytes_max: usize,
}

impl Rendered {
    /// Room for so many bytes.
    pub fn new(bytes_max: usize) -> Self {
        let parts = std::array::from_fn(|_| Mutex::default());
        Self { parts, hasher: RandomState::new(), bytes_max: bytes_max / (2 * PARTS) }
    }

    /// The copy of what stands at a slug in a form, if there is one and this snapshot would show the same.
    pub fn standing(&self, read: &Read<'_>, slug: &str, form: Form) -> Result<Option<Arc<Copy>>> {
        let found = self.part(slug).lock().of(slug, form, self.bytes_max);
        Ok(match found {
            Some(copy) if editions::stands(read, copy.edition)? => Some(copy),
            _ => None,
        })
    }

    /// Keeps a copy of what stands at a slug in a form, in place of an older one.
    pub fn keep(&self, slug: &str, form: Form, copy: Arc<Copy>) {
        self.part(slug).lock().put(slug, form, copy, self.bytes_max);
    }

    fn part(&self, slug: &str) -> &Mutex<Generations> {
        let [first, ..] = &self.parts;
        let hash = usize::try_from(self.hasher.hash_one(slug) % PARTS as u64);
        hash.ok().and_then(|at| self.parts.get(at)).unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, Millis};
    use crate::config::Config;
    use crate::domain::users::{self, NewUser, Role};
    use crate::id::Ids;
    use crate::store::Store;
    use tempfile::TempDir;

    /// A database and somebody in it.
    fn people() -> (TempDir, Store, UserId) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&Config::new(dir.path()), Clock::system()).unwrap();
        let ada = NewUser {
            email: "ada@example.org".into(),
            handle: None,
            display_name: "Ada".into(),
            role: Role::Member,
        };
        let added = store.write(move |tx| users::create(tx, &ada, "unlimited"));
        let user = added.unwrap().id;
        (dir, store, user)
    }

    fn keep(store: &Store, user: UserId, rendered: &Rendered, slug: &str, size: usize) {
        let reply = Response::bytes(200, "text/plain", vec![0; size]);
        let edition = store.read(|read| editions::of(read, user)).unwrap();
        let copy = Copy::of((Ids::new().next(Millis(1)), user), edition, reply);
        rendered.keep(slug, Form::Json, Arc::new(copy));
    }

    fn is_told(store: &Store, rendered: &Rendered, slug: &str) -> bool {
        store.read(|read| rendered.standing(read, slug, Form::Json)).unwrap().is_some()
    }

    #[test]
    fn a_copy_is_told_until_the_edition_changes() {
        let (_dir, store, user) = people();
        let rendered = Rendered::new(1 << 20);
        keep(&store, user, &rendered, "ada", 10);
        assert!(is_told(&store, &rendered, "ada") && is_told(&store, &rendered, "ada"));
        store.write(move |tx| users::disable(tx, user)).unwrap();
        assert!(!is_told(&store, &rendered, "ada"));
        keep(&store, user, &rendered, "ada", 10);
        assert!(is_told(&store, &rendered, "ada"));
    }

    #[test]
    fn memory_is_bounded() {
        let (_dir, store, user) = people();
        let rendered = Rendered::new(1 << 20);
        for n in 0..2_000 {
            keep(&store, user, &rendered, &format!("ada-{n}"), 4_000);
        }
        let copies = |kept: &HashMap<Box<str>, Forms>| {
            kept.values().flatten().map(|(_, copy)| ENTRY + copy.bytes()).sum::<usize>()
        };
        let kept = |part: &Mutex<Generations>| {
            let kept = part.lock();
            copies(&kept.young) + copies(&kept.old)
        };
        let kept: usize = rendered.parts.iter().map(kept).sum();
        assert!((1 << 17..=1 << 20).contains(&kept), "{kept}");
    }
}
