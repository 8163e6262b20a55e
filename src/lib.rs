//! Cardinal: a digital business-card server in one binary on SQLite.
//!
//! People make cards and share them. What sets the program apart: **every check-and-act is one atomic step**,
//! held by the schema and by the types, and proven by tests that make the naive version fail.
//!
//! # The house
//!
//! A floor uses only the floors below it; `tests/it/tidy` holds that.
//!
//! ```text
//! 7  main → cli, race               argv, exit codes; the proof
//! 6  server, worker, instance,      sockets, threads, timers; all of it running,
//!    testing                        and the same inside a test
//! 5  app → routes, openapi          Request → Response; ONE table of routes, and the document made from it
//! 4  api  |  web                    handlers, one file per noun or page; the two never import each other
//! 3  http                           Request, Response, Problem, preconditions, Access, Ctx: the two doors
//! 2  domain                         nouns: types + rules + SQL, in one total order (domain/mod.rs)
//! 1  store                          the only holder of connections: writer, readers, Tx, Read, schema
//! 0  error clock id config metrics  vocabulary
//! ```
//!
//! The same noun has the same file name in `domain`, `api` and `tests/it/api`. Start reading at [`routes`],
//! then follow one noun down: `api/cards.rs`, `domain/cards.rs`, `schema.sql`.
//!
//! # What is absent on purpose
//!
//! * Nothing below floor 3 knows HTTP; nothing outside [`store`] names a connection; nothing outside
//!   [`server`] names a socket.
//! * A handler cannot read through one door and write through another: [`http::Ctx`] is gone after the first.
//! * A transaction does not outlive a request, and waits for nothing but the disk: passwords are hashed
//!   before it, and what goes out of the house is a row first.
//! * No verb asks before it acts: ownership, state and version stand in the statement's WHERE or in a
//!   constraint, and the row count is the answer.
//! * Nothing reads the time or makes a wait but [`clock`]; nothing makes an id or a secret but [`id`].
//! * No async runtime, no global state: hundreds of servers live in one process.
//!
//! # The life of `POST /api/cards`
//!
//! ```text
//! server::connection     reads head and body within the limits; a panic behind it is a 500
//! app::App::respond      finds the line of routes::ROUTES, makes the Ctx, tells faults, writes the log line
//! api::cards::create     checks the body against its shape: all faults at once
//! http::Ctx::write       into the writer's batch: the caller, the replay of an Idempotency-Key, access
//! domain::cards::create  counts the card for its holder, then up to ten INSERT … ON CONFLICT DO NOTHING
//! store::batch           SAVEPOINT … RELEASE, one COMMIT for all, and only then the replies
//! ```
//!
//! # Across the floors
//!
//! * **Errors**: one [`error::Error`] that knows no HTTP; `http::problem` alone gives it a status; it is logged
//!   once, with the request's line.
//! * **Bounds**: every one has a name in [`config::Limits`]; reaching one is an answer, never a hang.
//! * **Figures**: what is counted has a member in [`metrics::Metrics`], counted where it happens by an atomic;
//!   `api::metrics` alone names it for Prometheus.
//! * **Bodies**: one [`http::shape::Shape`] checks a body and describes it in the OpenAPI document.
//! * **Tests**: a real server on a free port over a file database ([`testing::Site`]); no mocks, no sleeps.

#![forbid(unsafe_code)]

pub mod error;
pub mod clock;
pub mod id;
pub mod config;
pub mod metrics;
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
