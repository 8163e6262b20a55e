//! The store, without a server: what a unit of work can rely on.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "another program's connection, and one that looks behind the store"
)]

mod fixture;

mod batches;
mod epoch;
mod locked;
mod log;
mod opening;
mod queue;
mod readers;
