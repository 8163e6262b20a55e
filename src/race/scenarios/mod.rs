//! The scenarios, one per invariant. Each is a round that is run again and again: it prepares, lets all
//! clients go at once, and judges the answers and what the database holds then.

mod creation;
mod edits;
mod keeping;
mod accounts;
mod profiles;
mod rights;
mod invitations;
mod progress;
mod switches;

use super::round::Round;
use super::target::Stage;
use crate::error::Result;

/// An invariant, and how it is attacked.
#[derive(Debug)]
pub struct Scenario {
    /// Its name, as `--only` takes it.
    pub name: &'static str,
    /// What holds.
    pub holds: &'static str,
    /// Whether the seeds have a naive way of doing it.
    pub has_naive: bool,
    pub(super) stage: Stage,
    pub(super) round: fn(&mut Round<'_>) -> Result<()>,
}

/// Every scenario.
pub static SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "first-card",
        "first cards made at once: one is the default",
        creation::first_card,
    ),
    Scenario::new("one-name", "one name for the cards of all: no slug twice", creation::one_name),
    Scenario::new("chosen-slug", "one slug asked for by all: one gets it", creation::chosen_slug),
    Scenario::new("quota", "a tier of 5 cards: nobody ever has 6", creation::quota).tier("free"),
    Scenario::new(
        "one-key",
        "one Idempotency-Key from all: one card, one answer",
        creation::one_key,
    ),
    Scenario::new("one-version", "one version edited by all: one edit counts", edits::one_version),
    Scenario::new("counter", "a number raised by all: no step is lost", edits::counter),
    Scenario::new(
        "first-profile",
        "a first save by all: one profile, the winner's",
        profiles::first_profile,
    ),
    Scenario::new("profile", "a profile edited by all: no edit is lost", profiles::profile),
    Scenario::new("links", "links replaced: a reader sees one list, whole", edits::links),
    Scenario::new(
        "default",
        "default moved, cards deleted: one at every instant",
        keeping::default,
    ),
    Scenario::new("last-card", "the last two cards deleted by all: one stays", keeping::last_card),
    Scenario::new(
        "former-slug",
        "a name left by a rename is nobody else's, ever",
        keeping::former_slug,
    )
    .without_naive(),
    Scenario::new(
        "registration",
        "one e-mail address or handle: one account",
        accounts::registration,
    ),
    Scenario::new("set-up", "a first set-up by all: one admin", accounts::set_up).fresh(),
    Scenario::new("guesses", "passwords guessed at once: 5 are tried", accounts::guesses).frozen(),
    Scenario::new(
        "revoked-token",
        "nothing is written once a revocation is acknowledged",
        accounts::revoked_token,
    ),
];

impl Scenario {
    /// The one of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SCENARIOS.iter().find(|scenario| scenario.name == name)
    }

    const fn new(
        name: &'static str,
        holds: &'static str,
        round: fn(&mut Round<'_>) -> Result<()>,
    ) -> Self {
        let stage = Stage { tier: "unlimited", frozen: false, fresh: false };
        Self { name, holds, has_naive: true, stage, round }
    }

    const fn tier(mut self, tier: &'static str) -> Self {
        self.stage.tier = tier;
        self
    }

    const fn frozen(mut self) -> Self {
        self.stage.frozen = true;
        self
    }

    const fn fresh(mut self) -> Self {
        self.stage.fresh = true;
        self
    }

    const fn without_naive(mut self) -> Self {
        self.has_naive = false;
        self
    }
}
