//! The HTTP contract, one file per noun as in `src/api`, and one for each rule that all routes keep.

mod users;
mod sessions;
mod tokens;
mod cards;
mod slugs;
mod links;
mod public_cards;
mod preconditions;
mod idempotency;
mod problems;
mod health;
mod openapi;
mod setup;
