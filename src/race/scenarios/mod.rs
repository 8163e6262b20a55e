//! The scenarios, one per invariant. Each is a round that is run again and again: it prepares, lets all
//! clients go at once, and judges the answers and what the database holds then.

mod creation;
mod edits;
mod keeping;
mod accounts;
mod profiles;
mod rights;
mod invitations;
mod credits;
mod jobs;
mod leads;
mod page_forms;
mod progress;
mod switches;
mod shares;
mod mails;
mod webhooks;
mod calls;

use super::round::Round;
use super::target::Stage;
use crate::config::Registration;
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
        "editor",
        "a card saved with its links: a reader sees one save, whole",
        edits::editor,
    ),
    Scenario::new(
        "page-forms",
        "pages open at one version, saved by all: one save of each counts",
        page_forms::one_counts,
    ),
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
    Scenario::new(
        "last-admin",
        "admins who take the role from each other: one stays",
        accounts::last_admin,
    )
    .fresh(),
    Scenario::new("guesses", "passwords guessed at once: 5 are tried", accounts::guesses).frozen(),
    Scenario::new(
        "revoked-token",
        "nothing is written once a revocation is acknowledged",
        accounts::revoked_token,
    ),
    Scenario::new("trial", "trials of a visitor asked for by all: one", invitations::trial),
    Scenario::new(
        "trial-limit",
        "a trial used by all: never above its limit",
        invitations::trial_limit,
    ),
    Scenario::new(
        "trial-converted",
        "registrations with one trial: it becomes one account",
        invitations::trial_converted,
    ),
    Scenario::new(
        "invite-request",
        "one address asks for an invite at once: one request",
        invitations::invite_request,
    ),
    Scenario::new(
        "decision",
        "a request approved and rejected by all: one decision",
        invitations::decision,
    ),
    Scenario::new("invite-code", "a code for 3 used by all: 3 accounts", invitations::invite_code)
        .by_invite(),
    Scenario::new("credits", "credits spent by all: no more than there were", credits::spend),
    Scenario::new("credit-key", "one key for a charge from all: taken once", credits::one_key),
    Scenario::new(
        "reservation",
        "a reservation captured and voided by all: resolved once",
        credits::reservation,
    ),
    Scenario::new("reversal", "a charge reversed by all: given back once", credits::reversal),
    Scenario::new("job-claim", "jobs claimed by all: each is handed out once", jobs::handed_out),
    Scenario::new(
        "stale-worker",
        "a worker that lost its job completes nothing",
        jobs::stale_worker,
    )
    .frozen(),
    Scenario::new("job-key", "one dedupe key from all: one open job", jobs::dedupe),
    Scenario::new(
        "job-cancel",
        "a job completed and cancelled by all: one of the two",
        jobs::cancel,
    ),
    Scenario::new("lead", "leads claimed by all: each goes to one, all know whom", leads::lead),
    Scenario::new(
        "claim-next",
        "the next lead taken by all: each handed out once",
        leads::claim_next,
    ),
    Scenario::new(
        "release",
        "a lead passed around: who gave it back writes no more",
        leads::release,
    ),
    Scenario::new("one-lead", "one form sent by all: one lead", leads::one_lead),
    Scenario::new("xp", "a first card by all: its points come once", progress::xp).frozen(),
    Scenario::new("check-in", "a check-in by all: one counts, streak 1", progress::check_in)
        .frozen(),
    Scenario::new("topics", "topics raised by all: no delta is lost", progress::topics),
    Scenario::new(
        "subscription",
        "one version changed by all: one legal step",
        progress::subscription,
    ),
    Scenario::new(
        "downgrade",
        "no card beyond the tier once a downgrade is acknowledged",
        progress::downgrade,
    ),
    Scenario::new("first-flag", "one new flag made by all: one makes it", switches::first_flag),
    Scenario::new("toggle", "a flag turned by many keys: once by each", switches::toggle),
    Scenario::new(
        "kill-switch",
        "nobody registers once that is acknowledged as off",
        switches::kill_switch,
    ),
    Scenario::new("settings", "settings first saved by all: one save counts", switches::settings),
    Scenario::new("saved", "a card saved and unsaved by all: the answers add up", switches::saved),
    Scenario::new("logins", "one person logs in everywhere: all stay in", rights::logins)
        .without_naive(),
    Scenario::new(
        "revoke-others",
        "every login revokes the others: one is left",
        rights::revoke_others,
    ),
    Scenario::new("password", "a changed password leaves one login alive", rights::password),
    Scenario::new(
        "first-event",
        "one event reported by all: one is the first, all count",
        shares::first_event,
    ),
    Scenario::new("share", "one tracking id asked for by all: one share", shares::share),
    Scenario::new("views", "pictures and cards looked at by all: each counts", shares::views),
    Scenario::new("salt", "first views of a day by all: one salt, all counted", shares::salt)
        .fresh()
        .frozen(),
    Scenario::new(
        "mail-charge",
        "mails sent by all with few credits: as many as are paid",
        mails::charged,
    )
    .mail_price(mails::PRICE),
    Scenario::new(
        "mail-cancel",
        "mails delivered and cancelled by all: given back once",
        mails::cancelled,
    )
    .mail_price(mails::PRICE),
    Scenario::new("reset-link", "one reset link used by all: it works once", rights::reset_link),
    Scenario::new(
        "webhook-quota",
        "a tier of 2 webhooks: nobody ever has 3",
        creation::webhook_quota,
    )
    .tier("free"),
    Scenario::new(
        "one-message",
        "one event reported by all: each webhook is told once",
        webhooks::one_message,
    ),
    Scenario::new(
        "webhook-delete",
        "webhooks deleted amid events: nothing is left for them",
        webhooks::webhook_delete,
    ),
    Scenario::new(
        "webhook-secret",
        "secrets changed amid calls: no change is lost",
        calls::rotation,
    )
    .calling(),
    Scenario::new(
        "webhook-gone",
        "an endpoint gone, begun anew by all: no step is lost",
        calls::gone,
    )
    .calling(),
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
        let registration = Registration::Open;
        let (tier, mail_price, calls) = ("unlimited", 0, false);
        let stage = Stage { tier, frozen: false, fresh: false, mail_price, registration, calls };
        Self { name, holds, has_naive: true, stage, round }
    }

    const fn tier(mut self, tier: &'static str) -> Self {
        self.stage.tier = tier;
        self
    }

    const fn mail_price(mut self, credits: i64) -> Self {
        self.stage.mail_price = credits;
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

    const fn by_invite(mut self) -> Self {
        self.stage.registration = Registration::Invite;
        self
    }

    const fn calling(mut self) -> Self {
        self.stage.calls = true;
        self
    }

    const fn without_naive(mut self) -> Self {
        self.has_naive = false;
        self
    }
}
