//! The text that Prometheus reads, read strictly (exposition format 0.0.4).

#![expect(clippy::expect_used, reason = "says what is wrong with the line")]

use std::collections::{BTreeMap, HashSet};

/// Every sample by its name and labels, as written.
#[derive(Debug)]
pub(crate) struct Figures(BTreeMap<String, f64>);

impl Figures {
    /// Reads a page, and panics where it is not as it should be.
    #[track_caller]
    pub(crate) fn read(text: &str) -> Self {
        assert!(text.ends_with('\n'), "the last line has no end");
        let (mut samples, mut families) = (BTreeMap::new(), HashSet::new());
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let (name, help) =
                line.strip_prefix("# HELP ").and_then(|l| l.split_once(' ')).expect(line);
            assert!(
                is_name(name) && !help.is_empty() && families.insert(name.to_owned()),
                "{line}"
            );
            let kind = lines.next().and_then(|line| line.strip_prefix("# TYPE ")).expect(line);
            let kind = kind.strip_prefix(name).and_then(|kind| kind.strip_prefix(' ')).expect(line);
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            let mut own = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
                let (series, value) = line.rsplit_once(' ').expect(line);
                own.push((Series::read(series), value.parse::<f64>().expect(line)));
                assert!(
                    samples.insert(series.to_owned(), own.last().unwrap().1).is_none(),
                    "{line}"
                );
            }
            check(name, kind, &own);
        }
        Self(samples)
    }

    /// A sample; 0 if it is absent.
    pub(crate) fn of(&self, series: &str) -> f64 {
        self.0.get(series).copied().unwrap_or(0.0)
    }

    /// The same of what is counted one by one.
    pub(crate) fn count(&self, series: &str) -> i64 {
        let value = self.of(series);
        let text = value.to_string();
        text.parse().expect("a whole number")
    }

    /// Whether there is such a sample.
    pub(crate) fn has(&self, series: &str) -> bool {
        self.0.contains_key(series)
    }

    /// How much more this says than another, of each of these, in whole numbers.
    #[track_caller]
    pub(crate) fn grew(&self, before: &Self, series: &[(&str, i64)]) {
        for (name, by) in series {
            let grown = self.count(name) - before.count(name);
            assert_eq!(grown, *by, "{name}");
        }
    }
}

/// A sample's name and labels.
#[derive(Debug)]
struct Series {
    name: String,
    labels: Vec<(String, String)>,
}

impl Series {
    fn read(text: &str) -> Self {
        let (name, rest) = text.split_once('{').unwrap_or((text, "}"));
        assert!(is_name(name), "{text}");
        let mut labels = Vec::new();
        let mut rest = rest.strip_suffix('}').expect(text);
        while !rest.is_empty() {
            let (label, value) = rest.split_once("=\"").expect(text);
            assert!(is_name(label) && !label.contains(':'), "{text}");
            let (mut read, mut letters) = (String::new(), value.char_indices());
            let end = loop {
                match letters.next().expect(text) {
                    (_, '\\') => match letters.next().expect(text).1 {
                        'n' => read.push('\n'),
                        escaped @ ('\\' | '"') => read.push(escaped),
                        _ => panic!("{text}"),
                    },
                    (at, '"') => break at,
                    (_, letter) => read.push(letter),
                }
            };
            assert!(labels.iter().all(|(known, _)| known != label), "{text}");
            labels.push((label.to_owned(), read));
            let behind = &value[end + 1..];
            rest = behind.strip_prefix(',').unwrap_or(behind);
            assert!(behind.is_empty() || !rest.is_empty() && rest.len() < behind.len(), "{text}");
        }
        Self { name: name.to_owned(), labels }
    }

    /// The labels but for a bucket's bound, which comes last.
    fn group(&self) -> Vec<(String, String)> {
        let others = self.labels.iter().filter(|(name, _)| name != "le");
        others.cloned().collect()
    }
}

fn is_name(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn check(name: &str, kind: &str, own: &[(Series, f64)]) {
    match kind {
        "histogram" => check_histograms(name, own),
        "counter" | "gauge" => {
            assert!(
                own.iter().all(|(series, value)| series.name == name && value.is_finite()),
                "{own:?}"
            );
            assert!(kind == "gauge" || own.iter().all(|(_, value)| *value >= 0.0), "{own:?}");
        }
        _ => panic!("{name} is a {kind}"),
    }
}

/// Buckets rise in bound and count, the last is all there are, and sum and count follow.
fn check_histograms(name: &str, own: &[(Series, f64)]) {
    let (mut buckets, mut group): (Vec<(f64, f64)>, Vec<_>) = (Vec::new(), Vec::new());
    let mut summed = false;
    for (series, value) in own {
        match series.name.strip_prefix(name).expect(name) {
            "_bucket" => {
                let (label, bound) = series.labels.last().expect(name);
                assert_eq!(label, "le");
                let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().unwrap() };
                if let Some((above, below)) = buckets.last() {
                    assert!(
                        bound > *above && value >= below && group == series.group(),
                        "{series:?}"
                    );
                }
                group = series.group();
                buckets.push((bound, *value));
            }
            "_sum" => {
                assert!(*value >= 0.0 && group == series.group(), "{series:?}");
                summed = true;
            }
            "_count" => {
                assert!(summed && buckets.pop() == Some((f64::INFINITY, *value)), "{series:?}");
                (buckets, summed) = (Vec::new(), false);
            }
            other => panic!("{name}{other}"),
        }
    }
    assert!(buckets.is_empty(), "{name} has no count");
}
