//! The HTTP contract, one file per noun as in `src/api`, and one for each rule that all routes keep.

mod users;
mod sessions;
mod logins;
mod tokens;
mod passwords;
mod resets;
mod subscriptions;
mod trials;
mod invites;
mod progress;
mod accessibility;
mod profiles;
mod photos;
mod cards;
mod slugs;
mod links;
mod public_cards;
mod saved_cards;
mod flags;
mod ofrep;
mod preconditions;
mod idempotency;
mod problems;
mod health;
mod openapi;
mod setup;
