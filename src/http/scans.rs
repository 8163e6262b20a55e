//! Programs that look into mails follow every link in them at once, and say that they are browsers. So a click is held
//! for a moment before it is counted: as long as it may turn out to be one of several links that one client followed
//! together.

use crate::clock::Millis;
use crate::domain::ids::ShareId;
use crate::domain::visitors::Print;
use std::collections::HashMap;
use std::time::Duration;

/// How long clicks count as together, and are held.
pub const TOGETHER: Duration = Duration::from_secs(1);
/// So many links at once nobody follows by hand.
const LINKS: usize = 3;
/// Most clicks that are held; any further one is counted as what it seems.
const CLICKS_MAX: usize = 16_384;

/// A click of somebody who seems to be a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Click {
    /// The link.
    pub share: ShareId,
    /// Who followed it.
    pub print: Print,
    /// When.
    pub at: Millis,
    /// Whether it has turned out to be a program's.
    pub is_scan: bool,
}

/// Clicks that are held, by who made them.
#[derive(Debug, Default)]
pub struct Scans {
    clicks: HashMap<Print, Vec<Click>>,
    held: usize,
}

impl Scans {
    /// Whether none is held.
    pub const fn is_empty(&self) -> bool {
        self.held == 0
    }

    /// Holds a click, and looks at what else its client has followed at the same time; false if there is no room.
    pub fn hold(&mut self, share: ShareId, print: Print, at: Millis) -> bool {
        if self.held >= CLICKS_MAX {
            return false;
        }
        self.held += 1;
        let clicks = self.clicks.entry(print).or_default();
        clicks.push(Click { share, print, at, is_scan: false });
        let together = |click: &Click| at.since(click.at) < TOGETHER;
        let mut links: Vec<ShareId> = Vec::new();
        for click in clicks.iter().filter(|click| together(click)) {
            if links.len() < LINKS && !links.contains(&click.share) {
                links.push(click.share);
            }
        }
        if links.len() == LINKS {
            clicks
                .iter_mut()
                .filter(|click| together(click))
                .for_each(|click| click.is_scan = true);
        }
        true
    }

    /// Lets go of the clicks that have been held for long enough; of all, where there is no more time.
    pub fn let_go(&mut self, now: Option<Millis>) -> Vec<Click> {
        let mut ripe = Vec::new();
        self.clicks.retain(|_, clicks| {
            ripe.extend(
                clicks
                    .extract_if(.., |click| now.is_none_or(|now| now.since(click.at) >= TOGETHER)),
            );
            !clicks.is_empty()
        });
        self.held -= ripe.len();
        ripe
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Ids;

    /// Who clicked when, and what it turned out to be.
    fn told(clicks: &[(u8, usize, i64)]) -> Vec<bool> {
        let ids = Ids::new();
        let shares: Vec<ShareId> = (0..9).map(|_| ids.next(Millis(0))).collect();
        let mut scans = Scans::default();
        let (mut gone, mut told) = (Vec::new(), Vec::new());
        for (who, share, at) in clicks {
            gone.extend(scans.let_go(Some(Millis(*at))));
            assert!(scans.hold(shares[*share], [*who; 16], Millis(*at)));
        }
        gone.extend(scans.let_go(None));
        assert!(scans.is_empty() && scans.clicks.is_empty());
        for (who, share, at) in clicks {
            let same = |click: &&Click| {
                (click.share, click.print, click.at) == (shares[*share], [*who; 16], Millis(*at))
            };
            told.push(gone.iter().find(same).unwrap().is_scan);
        }
        told
    }

    #[test]
    fn three_links_within_a_second_by_one_client_are_a_programs() {
        assert_eq!(told(&[(1, 0, 0), (1, 1, 400), (1, 2, 999)]), [true; 3], "also the first two");
        assert_eq!(told(&[(1, 0, 0), (1, 1, 400), (1, 2, 1_000)]), [false; 3], "a second is over");
        assert_eq!(told(&[(1, 0, 0), (1, 1, 400), (2, 2, 500)]), [false; 3], "another client");
        assert_eq!(told(&[(1, 0, 0), (1, 1, 1), (1, 0, 2), (1, 1, 3)]), [false; 4], "two links");
        // The second is any second: the first click is not in that of the others.
        let sliding = [(1, 0, 0), (1, 1, 700), (1, 2, 1_400), (1, 3, 1_600), (1, 0, 5_000)];
        assert_eq!(told(&sliding), [false, true, true, true, false]);
    }

    #[test]
    fn memory_is_bounded() {
        let (ids, mut scans) = (Ids::new(), Scans::default());
        let share = ids.next(Millis(0));
        for n in 0..CLICKS_MAX {
            assert!(scans.hold(share, (n as u128).to_be_bytes(), Millis(0)));
        }
        assert!(!scans.hold(share, [0; 16], Millis(0)));
        assert_eq!(scans.let_go(Some(Millis(1_000))).len(), CLICKS_MAX);
        assert!(scans.hold(share, [0; 16], Millis(0)));
    }
}
