//! The tests that look from outside: one binary, so that they are linked once.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking, in its helpers, too"
)]

mod kit;
mod api;
mod client;
mod server;
mod race;
