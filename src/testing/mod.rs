//! What tests, benches and `cardinal race` share: a running site and a client for it.

pub mod client;
