//! The nouns of the product: for each its types, its rules and its SQL. The modules stand in one line; a
//! module uses only those above it. Each table is written by the one module that `schema.sql` names.

pub mod ids;
pub mod settings;
pub mod idempotency;
pub mod throttle;
pub mod jobs;
pub mod webhooks;
pub mod subscriptions;
pub mod credits;
pub mod slugs;
pub mod users;
pub mod passwords;
pub mod sessions;
pub mod tokens;
pub mod callers;
pub mod resets;
pub mod evaluations;
pub mod flags;
pub mod progress;
pub mod trials;
pub mod invites;
pub mod accessibility;
pub mod languages;
pub mod links;
pub mod profiles;
pub mod photos;
pub mod cards;
pub mod editions;
pub mod public_cards;
pub mod vcards;
pub mod saved_cards;
pub mod leads;
pub mod shares;
pub mod visitors;
pub mod card_stats;
pub mod events;
pub mod mails;
pub mod audits;

/// Gives an enum its one spelling: in the database (where a CHECK lists it too), in JSON and in `Display`.
macro_rules! named {
    ($type:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $crate::store::tx::Named for $type {
            const NAMES: &'static [(Self, &'static str)] = &[$((Self::$variant, $name)),+];

            fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }

        impl $type {
            /// Every name, for shapes.
            pub const WORDS: &'static [&'static str] = &[$($name),+];
        }
    };
}
pub(crate) use named;
