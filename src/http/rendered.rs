//! What public cards were rendered to, kept while there is room. A copy is told only where the card that was read in
//! the request's own snapshot equals the one it was made of, so nothing has to be thrown away when a card changes.

use crate::domain::cards::CardId;
use crate::domain::languages::Language;
use crate::domain::public_cards::PublicCard;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::mem;
use std::sync::Arc;

/// Which form of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// JSON.
    Json,
    /// Its picture.
    Picture,
    /// Its page, with the form that exchanges contacts or without.
    Page(Language, bool),
}

/// A rendered card.
#[derive(Debug)]
pub struct Copy {
    /// What it was made of.
    card: PublicCard,
    /// The body's media type.
    pub media_type: &'static str,
    /// Tells it from any other, for its tag.
    pub print: String,
    /// The body.
    pub plain: Arc<[u8]>,
    /// The body as gzip.
    pub gzip: Option<Arc<[u8]>>,
    /// What the page may load, if it is one.
    pub policy: String,
}

impl Copy {
    /// A rendered card without a packed body.
    pub fn of(card: &PublicCard, media_type: &'static str, body: Vec<u8>) -> Self {
        let (card, policy) = (card.clone(), String::new());
        Self { card, media_type, print: print(&body), plain: body.into(), gzip: None, policy }
    }

    fn bytes(&self) -> usize {
        // What the card itself takes is about what it takes rendered.
        2 * self.plain.len() + self.gzip.as_ref().map_or(0, |gzip| gzip.len()) + size_of::<Self>()
    }
}

/// The print of a body: two of different bodies differ (64 bits of SHA-256).
pub fn print(body: &[u8]) -> String {
    let hash = super::replay::fingerprint(&[body]);
    let head = hash.first_chunk().map_or(0, |head| u64::from_be_bytes(*head));
    format!("{head:016x}")
}

type Copies = HashMap<(CardId, Form), Arc<Copy>>;

/// Two generations: who is asked for moves to the younger; when that is full, the older goes.
#[derive(Debug, Default)]
struct Generations {
    young: Copies,
    old: Copies,
    young_bytes: usize,
}

impl Generations {
    fn put(&mut self, key: (CardId, Form), copy: Arc<Copy>, bytes_max: usize) {
        let bytes = copy.bytes();
        if self.young_bytes + bytes > bytes_max {
            self.old = mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += bytes;
        if let Some(replaced) = self.young.insert(key, copy) {
            self.young_bytes -= replaced.bytes();
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

    /// The copy of `card` in a form, or the one that `make` makes.
    pub fn of(&self, card: &PublicCard, form: Form, make: impl FnOnce() -> Copy) -> Arc<Copy> {
        let key = (card.id, form);
        let part = usize::try_from(self.hasher.hash_one(card.id)).unwrap_or(0) % PARTS;
        let Some(part) = self.parts.get(part) else { return Arc::new(make()) };
        let found = {
            let mut kept = part.lock();
            match kept.young.get(&key).map(Arc::clone) {
                Some(copy) => Some(copy),
                None => kept.old.remove(&key).inspect(|copy| {
                    kept.put(key, Arc::clone(copy), self.bytes_max);
                }),
            }
        };
        if let Some(copy) = found.filter(|copy| copy.card == *card) {
            return copy;
        }
        let copy = Arc::new(make());
        part.lock().put(key, Arc::clone(&copy), self.bytes_max);
        copy
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;
    use crate::domain::cards::Template;
    use crate::id::Ids;

    fn card(ids: &Ids, name: &str) -> PublicCard {
        PublicCard {
            id: ids.next(Millis(1)),
            slug: "ada".into(),
            name: name.into(),
            handle: "ada".into(),
            template: Template::Custom,
            design: "{}".into(),
            listed: true,
            person: Vec::new(),
            links: Vec::new(),
            photo: None,
            updated: Millis(1),
        }
    }

    fn told(rendered: &Rendered, card: &PublicCard, size: usize) -> bool {
        let mut made = false;
        let copy = rendered.of(card, Form::Json, || {
            made = true;
            Copy::of(card, "x", vec![0; size])
        });
        assert_eq!(copy.card, *card, "somebody else's, or of yesterday");
        made
    }

    #[test]
    fn a_copy_is_told_until_the_card_changes() {
        let (rendered, ids) = (Rendered::new(1 << 20), Ids::new());
        let mut ada = card(&ids, "Ada");
        assert!(told(&rendered, &ada, 10) && !told(&rendered, &ada, 10));
        ada.name = "Ada L".into();
        assert!(told(&rendered, &ada, 10) && !told(&rendered, &ada, 10));
    }

    #[test]
    fn memory_is_bounded() {
        let (rendered, ids) = (Rendered::new(1 << 20), Ids::new());
        for _ in 0..2_000 {
            told(&rendered, &card(&ids, "Ada"), 4_000);
        }
        let bytes = |copies: &Copies| copies.values().map(|copy| copy.bytes()).sum::<usize>();
        let kept = |part: &Mutex<Generations>| {
            let kept = part.lock();
            bytes(&kept.young) + bytes(&kept.old)
        };
        let kept: usize = rendered.parts.iter().map(kept).sum();
        assert!((1 << 17..=1 << 20).contains(&kept), "{kept}");
    }
}
