//! The tests that look from outside: one binary, so that they are linked once.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking, in its helpers, too"
)]

mod api;
mod cli;
mod client;
mod crash;
mod kit;
mod mail;
mod program;
mod race;
mod schema;
mod server;
mod store;
mod tidy;
mod web;
