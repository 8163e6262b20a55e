//! Cardinal: a digital business-card server in one binary on SQLite.

#![forbid(unsafe_code)]

pub mod error;
pub mod clock;
pub mod id;
pub mod config;
pub mod store;
pub mod http;
pub mod server;
pub mod testing;
