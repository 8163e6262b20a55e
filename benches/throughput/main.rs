//! `cargo bench`: how fast Cardinal is, beside the same work done the plain way in the same run.
//!
//! `cargo bench -- create commit read growth` runs those parts only, `--seconds N` sets how long each figure is
//! measured. The served figures come from the built program in a process of its own, with its log going to
//! a file, and clients on kept-alive connections in this process.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "a benchmark ends at the first fault, and prints figures"
)]

mod load;
mod plain;
mod served;

use cardinal::clock::Clock;
use cardinal::config::Config;
use cardinal::domain::cards::{self, Content, LeadRouting, NewCard, Template, Visibility};
use cardinal::domain::users::UserId;
use cardinal::error::Error;
use cardinal::store::Store;
use load::{BROWSER, Figures, PROGRAM, print_head, run};
use served::{Member, Served, members};
use std::sync::Arc;
use std::time::Duration;

const CONNECTIONS: [usize; 3] = [1, 32, 128];
const THREADS: [usize; 5] = [1, 4, 16, 32, 64];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let seconds = args.iter().position(|arg| arg == "--seconds");
    let seconds = seconds.and_then(|at| args.get(at + 1)).and_then(|n| n.parse().ok()).unwrap_or(4);
    let span = Duration::from_secs(seconds);
    let parts: Vec<&str> =
        args.iter().map(String::as_str).filter(|arg| PARTS.iter().any(|(n, _)| n == arg)).collect();
    for (name, part) in PARTS {
        if parts.is_empty() || parts.contains(name) {
            part(span);
        }
    }
}

type Part = fn(Duration);
const PARTS: &[(&str, Part)] =
    &[("create", create), ("commit", commit), ("read", read), ("growth", growth)];

/// A card as the benchmark makes it.
fn new_card(n: u64) -> NewCard {
    let content = Content {
        name: format!("Card {n:x}"),
        template: Template::PersonalSmall,
        fields_config: "{}".into(),
        design_config: "{}".into(),
        visibility: Visibility::Public,
        lead_routing: LeadRouting::Owner,
    };
    NewCard { slug: None, content, links: Vec::new() }
}

fn create_in(store: &Store, user: UserId, n: u64) {
    let new = new_card(n);
    store.write::<_, Error, _>(move |tx| cards::create(tx, user, &new).map(drop)).unwrap();
}

/// POST /api/cards over HTTP, distinct people, beside the plain pooled way under the same server.
fn create(span: Duration) {
    print_head("POST /api/cards over HTTP, durable, one person per connection");
    let body = |n: u64| format!("{{\"name\":\"Card {n:x}\"}}");
    for connections in CONNECTIONS {
        let served = Served::start(&[]);
        let people = members(&served.config(), connections);
        let figures = load::post(served.address(), "/api/cards", &people, body, span);
        figures.print(&format!("cardinal, {connections} connections"));
        drop(served);
    }
    for connections in CONNECTIONS {
        let plain = plain::serve(connections);
        let figures = load::post(plain.address(), "/api/cards", &plain.people, body, span);
        figures.print(&format!("plain pooled, {connections} connections"));
    }
}

/// The write path alone: the same verb, no HTTP.
fn commit(span: Duration) {
    print_head("the same write without HTTP, by threads");
    for threads in THREADS {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::new(dir.path());
        let store = Arc::new(Store::open(&config, Clock::system()).unwrap());
        let people: Vec<Member> = members(&config, threads);
        let figures = run(threads, span, |thread| {
            let (store, user) = (Arc::clone(&store), people[thread].user);
            let mut n = thread as u64;
            move || {
                n += 1_000;
                create_in(&store, user, n);
            }
        });
        figures.print(&format!("group commit, {threads} threads"));
    }
    for threads in THREADS {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::new(dir.path());
        drop(Store::open(&config, Clock::system()).unwrap());
        let people: Vec<Member> = members(&config, threads);
        let pool = plain::pool(&config, threads);
        let figures = run(threads, span, |thread| {
            let (pool, user) = (pool.clone(), people[thread].user);
            let mut n = thread as u64;
            move || {
                n += 1_000;
                plain::create(&pool, user, n);
            }
        });
        figures.print(&format!("plain pooled, {threads} threads"));
    }
    batches(span).print("one thread, 32 in a transaction");
}

/// The statements of a creation straight into SQLite, 32 to a transaction: what no server can beat.
fn batches(span: Duration) -> Figures {
    let dir = tempfile::tempdir().unwrap();
    let config = Config::new(dir.path());
    let store = Store::open(&config, Clock::system()).unwrap();
    let people = members(&config, 32);
    let mut n = 0;
    let figures = run(1, span, |_| {
        let (store, people) = (&store, &people);
        move || {
            n += 32;
            let users: Vec<UserId> = people.iter().map(|member| member.user).collect();
            let made = store.write::<_, Error, _>(move |tx| {
                for (user, n) in users.iter().zip(n..) {
                    cards::create(tx, *user, &new_card(n))?;
                }
                Ok(())
            });
            made.unwrap();
        }
    });
    figures.times(32)
}

/// GET /c/{slug} by programs and by browsers, every one counted, beside the plain way under the same server.
fn read(span: Duration) {
    print_head("GET /c/{slug}, counted, 32 connections, 10,000 cards");
    let served = Served::start(&[]);
    let slugs = fill(&served.config(), 10_000);
    for (what, headers, slugs) in [
        ("cardinal, JSON", PROGRAM, &slugs[..]),
        ("cardinal, page, of 1,000 cards", BROWSER, &slugs[..1_000]),
        ("cardinal, page, of all", BROWSER, &slugs[..]),
    ] {
        load::get(served.address(), headers, slugs, span).print(what);
    }
    drop(served);
    let plain = plain::serve(32);
    let slugs = fill(&plain.config, 10_000);
    load::get(plain.address(), PROGRAM, &slugs, span).print("plain pooled, JSON");
}

/// Creation and public reads at 10,000 and at 1,000,000 cards, and the memory of the server after it.
fn growth(span: Duration) {
    print_head("as it grows, 32 connections");
    for cards in [10_000, 1_000_000] {
        let served = Served::start(&[]);
        let slugs = fill(&served.config(), cards);
        let people = members(&served.config(), 32);
        let body = |n: u64| format!("{{\"name\":\"Another {n:x}\"}}");
        let created = load::post(served.address(), "/api/cards", &people, body, span);
        created.print(&format!("create at {cards} cards"));
        load::get(served.address(), PROGRAM, &slugs, span).print(&format!("read at {cards} cards"));
        println!("{:<36} {:>10}", "resident memory, MB", served.resident_mb());
    }
}

/// Fills a database, which may be served, with cards of a hundred people; some of their slugs.
fn fill(config: &Config, cards: u64) -> Vec<String> {
    let users: Vec<UserId> = members(config, 100).iter().map(|member| member.user).collect();
    let users = Arc::new(users);
    let store = Store::open(config, Clock::system()).unwrap();
    let mut slugs = Vec::new();
    for batch in (0..cards).step_by(10_000) {
        let users = Arc::clone(&users);
        let made = store.write::<_, Error, _>(move |tx| {
            let owners = users.iter().cycle();
            let numbered = owners.zip(batch..batch + 10_000);
            numbered.map(|(user, n)| Ok(cards::create(tx, *user, &new_card(n))?.slug)).collect()
        });
        let made: Vec<String> = made.unwrap();
        // Ten thousand addresses, from all over the table.
        let share = usize::try_from(cards / 10_000).unwrap();
        slugs.extend(made.into_iter().step_by(share));
    }
    slugs
}
