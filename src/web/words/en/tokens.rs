//! API tokens.

use crate::domain::tokens::Scope;
use crate::web::words::tokens::Tokens;

pub(super) const WORDS: Tokens = Tokens {
    title: "API tokens",
    lead: "For programs that act for you. Each may do only what you tick.",
    make: "Make a token",
    none: "No tokens yet",
    none_lead: "A token lets a script or another service work with your cards without your password.",
    made: "Made",
    ends: "ends",
    for_good: "does not end",
    revoke: "Revoke",
    revoke_ask: "Revoke this token? Programs that use it stop working at once.",
    revoked: "The token is revoked.",
    name: "Name",
    name_hint: "What it is for, so that you recognise it later.",
    scopes: "What it may do",
    scopes_hint: "As little as will do. It can be thrown away, not widened.",
    scope: |scope| match scope {
        Scope::CardsRead => "See your cards",
        Scope::CardsWrite => "Make, change and delete your cards",
        Scope::ProfileRead => "See your profile, logins and tokens",
        Scope::ProfileWrite => "Change your profile and your account",
        Scope::LeadsRead => "See leads",
        Scope::LeadsWrite => "Claim and work leads",
        Scope::SharesRead => "See shares and statistics",
        Scope::SharesWrite => "Share cards",
        Scope::CreditsRead => "See your credits",
        Scope::CreditsWrite => "Spend your credits",
        Scope::Webhooks => "Manage your webhooks",
        Scope::Jobs => "Work the job queues",
        Scope::Admin => "Whatever takes an admin",
    },
    no_scope: "Tick at least one",
    expiry: "Ends",
    life: |days| match days {
        "" => "Not by itself".to_owned(),
        days => format!("After {days} days"),
    },
    too_many: "You have as many tokens as one may have. Revoke one first",
    made_title: "Your new token",
    made_lead: "Copy it now: it is shown this once, and nobody can look it up later. Send it as \
        “Authorization: Bearer …”.",
    withheld: "This token was shown once already. If it did not reach you, revoke it and make another.",
    done: "I have copied it",
};
