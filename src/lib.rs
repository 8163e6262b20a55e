//! Cardinal: a digital business-card server in one binary on SQLite.

#![forbid(unsafe_code)]

pub mod error;
pub mod clock;
pub mod id;
pub mod config;
pub mod store;
pub mod domain;
pub mod http;
pub mod api;
pub mod web;
pub mod routes;
pub mod openapi;
pub mod app;
pub mod server;
pub mod worker;
pub mod instance;
pub mod testing;
pub mod race;
pub mod cli;
