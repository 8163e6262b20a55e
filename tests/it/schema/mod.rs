//! The schema by itself: what it refuses whoever writes, by raw SQL on connections set up as the store
//! sets them up (foreign keys on, recursive triggers on).

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the schema is to hold without the program"
)]

mod fixture;

mod defaults;
mod editions;
mod events;
mod flags;
mod leads;
mod form;
mod jobs;
mod mails;
mod rights;
mod slugs;
mod upgrade;
mod versions;
