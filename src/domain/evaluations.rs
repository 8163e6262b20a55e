//! What a flag comes to for somebody: a pure function, so that one question has one answer, whoever asks and
//! however often. Writes nothing.

use super::named;

/// Why a flag is on or off, in the words of `OpenFeature`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nobody has saved the flag; the program's own default holds.
    Default,
    /// It is switched off for all.
    Disabled,
    /// An override says so for this person.
    TargetingMatch,
    /// It is the same for all.
    Static,
    /// It is on for a share, and this one is inside or outside of it.
    Split,
}
named!(Reason {
    Default => "DEFAULT",
    Disabled => "DISABLED",
    TargetingMatch => "TARGETING_MATCH",
    Static => "STATIC",
    Split => "SPLIT",
});

/// What a flag comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evaluation {
    /// On or off.
    pub value: bool,
    /// Why.
    pub reason: Reason,
}

/// All that decides, but for who it is about.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    /// The flag's key.
    pub key: &'a str,
    /// Whether it is switched on at all.
    pub enabled: bool,
    /// The share of people it is on for, 0 to 100.
    pub percentage: u8,
    /// What its override for this person says.
    pub ruled: Option<bool>,
    /// Whether an admin has saved it.
    pub saved: bool,
}

impl Rule<'_> {
    /// What it comes to for whoever goes by `targeting_key`. `None`: it is on for a share, and who asks is not
    /// said; to draw lots instead would give one person two answers.
    pub fn evaluate(&self, targeting_key: Option<&str>) -> Option<Evaluation> {
        let same_for_all = if self.saved { Reason::Static } else { Reason::Default };
        let (value, reason) = match (self.enabled, self.ruled, self.percentage) {
            (false, _, _) if self.saved => (false, Reason::Disabled),
            (false, _, _) => (false, Reason::Default),
            (true, Some(ruled), _) => (ruled, Reason::TargetingMatch),
            (true, None, 0) => (false, same_for_all),
            (true, None, 100..) => (true, same_for_all),
            (true, None, share) => (lot(self.key, targeting_key?) <= share, Reason::Split),
        };
        Some(Evaluation { value, reason })
    }
}

/// A number from 1 to 100 that stays with somebody and a flag: `murmur3_x86_32` of `key:targeting_key`, as
/// Unleash draws it, so that its published vectors hold. Whoever is in at some percentage is in at any
/// greater one.
pub fn lot(key: &str, targeting_key: &str) -> u8 {
    let text = format!("{key}:{targeting_key}");
    // Reading from memory does not fail; if it did, the last lot is in at 100 only.
    let hash = murmur3::murmur3_32(&mut text.as_bytes(), 0).unwrap_or(99);
    u8::try_from(hash % 100).unwrap_or(99) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(key: &str, percentage: u8) -> Rule<'_> {
        Rule { key, enabled: true, percentage, ruled: None, saved: true }
    }

    fn is_on(key: &str, percentage: u8, who: &str) -> bool {
        rule(key, percentage).evaluate(Some(who)).is_some_and(|found| found.value)
    }

    /// Unleash, client specification, `normalizedValue(id, groupId)` of `groupId:id`.
    #[test]
    fn the_published_vectors_of_unleash_hold() {
        assert_eq!(lot("gr1", "123"), 73);
        assert_eq!(lot("groupX", "999"), 25);
    }

    /// The reference vectors of `MurmurHash3_x86_32` at seed 0 (smhasher), of every length of tail.
    #[test]
    fn the_hash_is_the_one_it_is_named_after() {
        for (text, hash) in [
            ("", 0),
            ("test", 0xba6b_d213),
            ("Hello, world!", 0xc036_3e43),
            ("The quick brown fox jumps over the lazy dog", 0x2e4f_f723),
        ] {
            assert_eq!(murmur3::murmur3_32(&mut text.as_bytes(), 0).unwrap(), hash, "{text}");
        }
    }

    #[test]
    fn the_first_that_applies_decides() {
        let told = |enabled, ruled, percentage, saved, who: Option<&str>| {
            let rule = Rule { key: "f", enabled, percentage, ruled, saved };
            rule.evaluate(who).map(|found| (found.value, found.reason))
        };
        let ada = Some("ada");
        for (found, expected) in [
            (told(false, Some(true), 100, true, ada), Some((false, Reason::Disabled))),
            (told(false, None, 50, true, None), Some((false, Reason::Disabled))),
            (told(true, Some(false), 100, true, ada), Some((false, Reason::TargetingMatch))),
            (told(true, Some(true), 0, true, ada), Some((true, Reason::TargetingMatch))),
            (told(true, None, 100, true, None), Some((true, Reason::Static))),
            (told(true, None, 0, true, None), Some((false, Reason::Static))),
            (told(true, None, 50, true, None), None),
            (told(true, None, 100, false, None), Some((true, Reason::Default))),
            (told(false, None, 100, false, ada), Some((false, Reason::Default))),
        ] {
            assert_eq!(found, expected);
        }
        let reasons = [1, 50, 99].map(|share| told(true, None, share, true, ada).unwrap().1);
        assert_eq!(reasons, [Reason::Split; 3]);
    }

    #[test]
    fn a_share_is_met_within_half_a_percent() {
        for key in ["checkout", "leads.form", "straße-☃"] {
            for share in [1, 25, 50, 99] {
                let on = (0..100_000).filter(|n| is_on(key, share, &format!("user-{n}"))).count();
                let must = usize::from(share) * 1_000;
                assert!(on.abs_diff(must) <= 500, "{key} at {share} %: {on} of 100,000");
            }
        }
    }

    proptest! {
        #[test]
        fn raising_the_share_turns_nobody_off(key in ".{0,40}", who in ".{0,60}", share in 0u8..100) {
            let (before, after) = (is_on(&key, share, &who), is_on(&key, share + 1, &who));
            prop_assert!(after || !before);
            prop_assert!(!is_on(&key, 0, &who) && is_on(&key, 100, &who));
        }

        #[test]
        fn one_question_has_one_answer(key in ".{0,40}", who in ".{0,60}", share in 0u8..=100) {
            let asked = || rule(&key, share).evaluate(Some(&who));
            prop_assert_eq!(asked(), asked());
            prop_assert!((1..=100).contains(&lot(&key, &who)));
        }
    }
}
