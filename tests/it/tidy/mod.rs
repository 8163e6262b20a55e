//! The rules of the house, kept by machine. Each is one test that reads the files as text and says
//! `path:line: what, and what to do instead`; each has a small test of itself on something made up.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "compiles statements against the schema"
)]

mod source;

mod doors;
mod floors;
mod form;
mod maps;
mod plans;
mod sql;
mod tables;
