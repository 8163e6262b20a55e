//! Two changes of one card put together: its fields each by itself, its links by their ids, and their order.

use super::draft::{Draft, Row, names};
use crate::web::merge::Settled;
use std::collections::BTreeMap;

/// What the order of links is called.
pub(super) const ORDER: &str = "order";
/// What the name of a link begins with.
pub(super) const LINK: &str = "link:";

/// What two changes come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Merged {
    /// The card: of what has to be asked it holds yours.
    pub draft: Draft,
    /// What has to be asked, and what has not.
    pub told: Settled,
}

/// Puts two changes of `base` together. The outcome builds upon theirs: a link that they no longer have is a new
/// one.
pub(super) fn merge(base: &Draft, yours: &Draft, theirs: &Draft) -> Merged {
    let mut merged = Merged::default();
    merged.draft.fields =
        merged.told.fields(names(), [&base.fields, &yours.fields, &theirs.fields]);
    let yours = identified(base, yours, theirs);
    let mut links = BTreeMap::new();
    for id in ids(&base.links).chain(ids(&yours)).chain(ids(&theirs.links)) {
        if links.contains_key(id) {
            continue;
        }
        let sides = [&base.links, &yours, &theirs.links].map(|rows| row(rows, id));
        links.insert(id, merged.link(id, sides));
    }
    let (first, second) = merged.backbone(base, &yours, &theirs.links);
    let present =
        |row: &Row| row.id.is_empty() || links.get(row.id.as_str()).is_some_and(Option::is_some);
    let mut order: Vec<&Row> = first.iter().filter(|row| present(row)).collect();
    let mut behind = 0;
    for row in second.iter().filter(|row| present(row)) {
        let stands = |at: &&Row| !row.id.is_empty() && at.id == row.id;
        let found = order.iter().position(stands);
        let at = found.unwrap_or(behind);
        if found.is_none() {
            order.insert(at, row);
        }
        behind = at + 1;
    }
    let whole = order
        .into_iter()
        .map(|row| links.get(row.id.as_str()).cloned().flatten().unwrap_or_else(|| row.clone()));
    let standing = |id: &str| ids(&theirs.links).any(|theirs| theirs == id);
    // What has to be asked yet keeps its id, by which it is asked for.
    let asked = |id: &str| merged.told.collisions.contains(&format!("{LINK}{id}"));
    let built = |row: Row| {
        if standing(&row.id) || asked(&row.id) { row } else { Row { id: String::new(), ..row } }
    };
    let built = whole.map(built).collect();
    merged.draft.links = built;
    merged
}

impl Merged {
    /// A link as the base, you and they have it: what it says is one thing, whether it is shown another.
    fn link(&mut self, id: &str, [base, yours, theirs]: [Option<&Row>; 3]) -> Option<Row> {
        let name = format!("{LINK}{id}");
        let content = |row: Option<&Row>| {
            row.map(|row| (row.platform.clone(), row.label.clone(), row.url.clone()))
        };
        let (platform, label, url) =
            self.told.settle(&name, &content(base), content(yours), content(theirs))?;
        let shown = match (yours, theirs) {
            (Some(yours), Some(theirs)) => {
                let base = base.map(|row| row.shown);
                self.told.settle(&name, &base, Some(yours.shown), Some(theirs.shown))?
            }
            (one, other) => one.or(other)?.shown,
        };
        Some(Row { id: id.to_owned(), platform, label, url, shown })
    }

    /// Whose order the links have, and then the other side's: told by the links that all three have.
    fn backbone<'a>(
        &mut self,
        base: &Draft,
        yours: &'a [Row],
        theirs: &'a [Row],
    ) -> (&'a [Row], &'a [Row]) {
        let common = |rows: &[Row]| -> Vec<String> {
            let lists = [&base.links, yours, theirs];
            let common = ids(rows).filter(|id| lists.iter().all(|list| row(list, id).is_some()));
            common.map(str::to_owned).collect()
        };
        let orders = [common(&base.links), common(yours), common(theirs)];
        let [base, your_order, their_order] = orders;
        let by_them = your_order == base && their_order != base;
        self.told.settle(ORDER, &base, your_order, their_order);
        if by_them { (theirs, yours) } else { (yours, theirs) }
    }
}

fn ids(rows: &[Row]) -> impl Iterator<Item = &str> {
    rows.iter().map(|row| row.id.as_str()).filter(|id| !id.is_empty())
}

fn row<'a>(rows: &'a [Row], id: &str) -> Option<&'a Row> {
    rows.iter().find(|row| row.id == id)
}

/// Your links, in which a new one that they have as well is theirs: a form whose reply was lost is sent again.
/// A link that stands twice is a new one the second time.
fn identified(base: &Draft, yours: &Draft, theirs: &Draft) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(yours.links.len());
    for row in &yours.links {
        let mut row = row.clone();
        if ids(&rows).any(|id| id == row.id) {
            row.id.clear();
        }
        if row.id.is_empty() {
            let free = |id: &str| {
                [&base.links, &yours.links, &rows]
                    .iter()
                    .all(|list| ids(list).all(|taken| taken != id))
            };
            let same = theirs.links.iter().find(|t| t.content() == row.content() && free(&t.id));
            row.id = same.map(|theirs| theirs.id.clone()).unwrap_or_default();
        }
        rows.push(row);
    }
    rows
}

/// Takes theirs of what was asked: where both had changed something, `theirs` decides about it.
pub(super) fn take(draft: &mut Draft, theirs: &Draft, name: &str) {
    let Some(id) = name.strip_prefix(LINK) else {
        if name == ORDER {
            let place =
                |row: &Row| ids(&theirs.links).position(|id| id == row.id).unwrap_or(usize::MAX);
            draft.links.sort_by_key(place);
        } else {
            draft.set(name, theirs.text(name));
        }
        return;
    };
    let mine = draft.links.iter().position(|row| row.id == id);
    let place = theirs.links.iter().position(|row| row.id == id).unwrap_or(0);
    if let Some(at) = mine {
        draft.links.remove(at);
    }
    if let Some(row) = row(&theirs.links, id) {
        draft.links.insert(mine.unwrap_or(place).min(draft.links.len()), row.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};
    use std::collections::BTreeSet;

    /// A link in one of few ways, so that two sides often agree.
    fn a_row(id: String) -> impl Strategy<Value = Row> {
        (select(vec!["a", "b", "c"]), any::<bool>()).prop_map(move |(url, shown)| {
            let url = format!("https://{url}.example/{id}");
            Row { id: id.clone(), platform: "website".into(), label: String::new(), url, shown }
        })
    }

    /// Some of the links that have ids of `kind`, in some order.
    fn rows(kind: &'static str) -> impl Strategy<Value = Vec<Row>> {
        let ids: Vec<usize> = (0..4).collect();
        subsequence(ids, 0..=4).prop_shuffle().prop_flat_map(move |ids| {
            ids.into_iter().map(|n| a_row(format!("{kind}{n}"))).collect::<Vec<_>>()
        })
    }

    fn a_draft(added: &'static str) -> impl Strategy<Value = Draft> {
        let texts = (select(vec!["x", "y", "z"]), select(vec!["x", "y", "z"]), any::<bool>());
        (texts, rows("old"), rows(added)).prop_map(move |((name, slug, bio), mut old, new)| {
            let mut draft = Draft::new(name);
            draft.set("slug", slug);
            draft.set("personal.bio", if bio { "on" } else { "" });
            // New links of yours have no ids yet.
            let new = new.into_iter().map(|row| match added {
                "mine" => Row { id: String::new(), ..row },
                _ => row,
            });
            old.extend(new);
            draft.links = old;
            draft
        })
    }

    fn base() -> impl Strategy<Value = Draft> {
        a_draft("old-too")
    }

    fn said<'a>(draft: &'a Draft, id: &str) -> Option<(&'a str, &'a str, &'a str)> {
        row(&draft.links, id).map(Row::content)
    }

    proptest! {
        #[test]
        fn no_edit_of_either_side_is_lost_unasked(
            base in base(), yours in a_draft("mine"), theirs in a_draft("theirs"),
        ) {
            let merged = merge(&base, &yours, &theirs);
            let asked = |name: &str| merged.told.collisions.iter().any(|asked| asked == name);
            for name in names() {
                let [b, y, t] = [&base, &yours, &theirs].map(|draft| draft.text(&name));
                let m = merged.draft.text(&name);
                prop_assert_eq!(asked(&name), b != y && b != t && y != t, "{}", name);
                prop_assert_eq!(m, if y == b { t } else { y });
            }
            let all: BTreeSet<&str> =
                [&base, &yours, &theirs].iter().flat_map(|draft| ids(&draft.links)).collect();
            for id in all {
                let [b, y, t] = [&base, &yours, &theirs].map(|draft| said(draft, id));
                let must_ask = b != y && b != t && y != t;
                prop_assert!(!must_ask || asked(&format!("{LINK}{id}")), "{}", id);
                let expected = if y == b { t } else { y };
                // One that they have taken off is new again, and has no id.
                let stands = said(&merged.draft, id).or(expected.filter(|_| t.is_none() && !must_ask));
                prop_assert_eq!(stands, expected, "{}", id);
            }
            for added in yours.links.iter().filter(|row| row.id.is_empty()) {
                prop_assert!(merged.draft.links.iter().any(|row| row.content() == added.content()));
            }
            let known: BTreeSet<&str> = ids(&merged.draft.links).collect();
            prop_assert_eq!(known.len(), ids(&merged.draft.links).count(), "no link stands twice");
        }

        #[test]
        fn one_side_alone_is_what_it_says(
            base in base(), yours in a_draft("mine"), theirs in a_draft("theirs"),
        ) {
            let alone = merge(&base, &yours, &base);
            prop_assert!(alone.told.collisions.is_empty() && alone.told.taken.is_empty());
            let told = |draft: &Draft| {
                let rows = draft.links.iter();
                rows.map(|row| (row.url.clone(), row.shown)).collect::<Vec<_>>()
            };
            prop_assert_eq!(told(&alone.draft), told(&yours));
            prop_assert_eq!(&alone.draft.fields, &yours.fields);
            let untouched = merge(&base, &base, &theirs);
            prop_assert!(untouched.told.collisions.is_empty() && untouched.told.kept.is_empty());
            prop_assert_eq!(&untouched.draft, &theirs);
            let same = merge(&base, &theirs, &theirs);
            prop_assert!(same.told.collisions.is_empty());
            prop_assert_eq!(&same.draft, &theirs);
        }

        #[test]
        fn what_was_put_together_stands(
            base in base(), yours in a_draft("mine"), theirs in a_draft("theirs"),
        ) {
            // Answered with theirs throughout, it builds upon theirs and collides with nothing any more.
            let mut merged = merge(&base, &yours, &theirs);
            for name in merged.told.collisions.clone() {
                take(&mut merged.draft, &theirs, &name);
            }
            let again = merge(&theirs, &merged.draft, &theirs);
            prop_assert!(again.told.collisions.is_empty(), "{:?}", again.told.collisions);
            prop_assert_eq!(&again.draft.fields, &merged.draft.fields);
            prop_assert_eq!(again.draft.links.len(), merged.draft.links.len());
        }

        #[test]
        fn a_draft_travels_as_it_is(draft in a_draft("mine")) {
            prop_assert_eq!(Draft::unpacked(&draft.packed()), Some(draft));
        }
    }

    #[test]
    fn what_was_added_on_both_sides_stands_where_it_was_added() {
        let link = |id: &str, url: &str| {
            let (platform, label) = ("website".to_owned(), String::new());
            Row { id: id.into(), platform, label, url: url.into(), shown: true }
        };
        let draft = |links: &[Row]| Draft { links: links.to_vec(), ..Draft::new("Card") };
        let [a, b, mine, theirs] =
            [link("1", "a"), link("2", "b"), link("", "mine"), link("3", "theirs")];
        let base = draft(&[a.clone(), b.clone()]);
        let yours = draft(&[mine, a.clone(), b.clone()]);
        let merged = merge(&base, &yours, &draft(&[b, a, theirs]));
        let urls: Vec<&str> = merged.draft.links.iter().map(|row| row.url.as_str()).collect();
        assert_eq!((urls, merged.told.collisions.len()), (vec!["mine", "b", "a", "theirs"], 0));
    }
}
