//! Two changes of one thing put together. Both began with the same one, the base; what one side changed is taken from
//! that side, and where both changed it in different ways, somebody has to be asked. No edit of either side is lost
//! without that. A form bears its base, so that nothing has to be kept of versions that stood once.

use super::forms::Sent;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

/// Texts by their names.
pub type Fields = BTreeMap<String, String>;

/// The longest base that is unpacked, in bytes.
const BYTES_MAX: u64 = 1 << 20;

/// A field's text; empty if there is none.
pub fn text<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

/// Fields that equal none that anybody has: the base of a form that does not say what it began with.
pub fn unknown(names: impl IntoIterator<Item = String>) -> Fields {
    names.into_iter().map(|name| (name, "\0".to_owned())).collect()
}

/// What two changes come to, by the names of what was changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// What both changed, in different ways.
    pub collisions: Vec<String>,
    /// What only they changed.
    pub taken: Vec<String>,
    /// What only you changed.
    pub kept: Vec<String>,
}

impl Settled {
    /// One thing, by its name: of what has to be asked, yours. Whatever is equal on both sides nobody has to be told.
    pub fn settle<T: PartialEq>(&mut self, name: &str, base: &T, yours: T, theirs: T) -> T {
        if yours == theirs {
            return yours;
        }
        let (told, settled) = if theirs == *base {
            (&mut self.kept, yours)
        } else if yours == *base {
            (&mut self.taken, theirs)
        } else {
            (&mut self.collisions, yours)
        };
        if !told.iter().any(|told| told == name) {
            told.push(name.to_owned());
        }
        settled
    }

    /// The fields of these names, each by itself.
    pub fn fields(
        &mut self,
        names: impl IntoIterator<Item = String>,
        [base, yours, theirs]: [&Fields; 3],
    ) -> Fields {
        let settled = names.into_iter().map(|name| {
            let (base, yours, theirs) =
                (text(base, &name), text(yours, &name), text(theirs, &name));
            let settled = self.settle(&name, &base, yours, theirs).to_owned();
            (name, settled)
        });
        settled.collect()
    }

    /// Asks again what was asked and not answered, even where it would no longer collide, if it is still a question.
    pub fn ask_again(&mut self, unanswered: &[String], is_asked: impl Fn(&str) -> bool) {
        for name in unanswered {
            if !self.collisions.contains(name) && is_asked(name) {
                self.collisions.push(name.clone());
            }
        }
        let asked = &self.collisions;
        self.kept.retain(|name| !asked.contains(name));
    }
}

/// How a question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Not.
    Missing,
    /// What is in the form counts.
    Yours,
    /// What they saved counts: what the form that asks began with, for it was made when they had.
    Theirs,
    /// Something else counts.
    Other,
}

impl Answer {
    /// The answer in a form to what is asked by this name.
    pub fn of(sent: &Sent, name: &str) -> Self {
        match sent.text(&format!("pick.{name}")) {
            "yours" => Self::Yours,
            "theirs" => Self::Theirs,
            "other" => Self::Other,
            _ => Self::Missing,
        }
    }
}

/// A base in few characters, to travel in a form.
pub fn packed<T: Serialize>(base: &T) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail.
    let text = json!(base).to_string();
    let packed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    URL_SAFE_NO_PAD.encode(packed.unwrap_or_default())
}

/// What was packed; `None` if it is nothing that we packed. Whoever writes one by hand can only mislead the merging of
/// what is their own.
pub fn unpacked<T: DeserializeOwned>(packed: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(packed).ok()?;
    let mut text = String::new();
    DeflateDecoder::new(&*bytes).take(BYTES_MAX).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::btree_map;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn names() -> impl Iterator<Item = String> {
        ["a", "b", "c", "d"].into_iter().map(str::to_owned)
    }

    /// Few texts, so that two sides often agree, and fields that are missing.
    fn fields() -> impl Strategy<Value = Fields> {
        let name = select(names().collect::<Vec<_>>());
        btree_map(name, select(vec!["", "x", "y", "z"]).prop_map(str::to_owned), 0..5)
    }

    proptest! {
        #[test]
        fn each_field_goes_to_whoever_changed_it(
            base in fields(), yours in fields(), theirs in fields(),
        ) {
            let mut settled = Settled::default();
            let merged = settled.fields(names(), [&base, &yours, &theirs]);
            for name in names() {
                let [b, y, t] = [&base, &yours, &theirs].map(|fields| text(fields, &name));
                let told = |list: &[String]| list.contains(&name);
                let Settled { collisions, taken, kept } = &settled;
                prop_assert_eq!(told(collisions), b != y && b != t && y != t, "{}", name);
                prop_assert_eq!(told(taken), b == y && y != t, "{}", name);
                prop_assert_eq!(told(kept), b == t && y != t, "{}", name);
                prop_assert_eq!(text(&merged, &name), if y == b { t } else { y });
            }
            // Whoever knows nothing of what the form began with is asked about all that differs.
            let mut settled = Settled::default();
            settled.fields(names(), [&unknown(names()), &yours, &theirs]);
            let differing = names().filter(|name| text(&yours, name) != text(&theirs, name));
            prop_assert_eq!(settled.collisions, differing.collect::<Vec<_>>());
        }

        #[test]
        fn a_base_travels_as_it_is(base in btree_map("[a-z]{1,9}", ".{0,300}", 0..9)) {
            prop_assert_eq!(unpacked::<Fields>(&packed(&base)), Some(base));
        }
    }

    #[test]
    fn what_nobody_packed_is_no_base() {
        for text in ["", "x", "AAAA", "ä", &packed(&["no", "fields"])] {
            assert_eq!(unpacked::<Fields>(text), None, "{text}");
        }
        // What unpacks to more than it should is cut off, and is no base then.
        let bomb = packed(&Fields::from([("a".to_owned(), "x".repeat(1 << 21))]));
        assert_eq!(unpacked::<Fields>(&bomb), None);
    }
}
