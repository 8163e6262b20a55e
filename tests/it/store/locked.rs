//! Beside another process that writes.

use super::fixture::{Scratch, note};
use cardinal::clock::{Millis, Stop};
use cardinal::config::Limits;
use cardinal::domain::events::{Event, Subject};
use cardinal::domain::visitors::Class;
use cardinal::error::{Error, Unavailable};
use cardinal::http::visitor::Visitor;
use cardinal::store::DATABASE;
use cardinal::testing::Site;
use cardinal::worker;
use rusqlite::Connection;
use serde_json::json;
use std::time::Duration;

fn impatient(limits: &mut Limits) {
    limits.busy_timeout = Duration::from_millis(10);
    limits.busy_attempts_max = 4;
    limits.busy_backoff_max = Duration::from_millis(10);
}

#[test]
fn a_locked_database_is_tried_again_and_then_busy() {
    let scratch = Scratch::with(impatient);
    let stranger = scratch.stranger();
    stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = scratch.store.write(|tx| note(tx, "in vain"));
    assert!(matches!(refused, Err(Error::Unavailable(Unavailable::Busy))), "{refused:?}");
    assert_eq!(scratch.store.writer_figures().retries, 3);
    assert_eq!(scratch.names(), [""; 0], "readers go on");
    stranger.execute_batch("COMMIT").unwrap();
    scratch.store.write(|tx| note(tx, "at last")).unwrap();
    assert_eq!(scratch.names(), ["at last"]);
}

#[test]
fn a_lock_that_is_released_in_time_is_no_fault() {
    let scratch = Scratch::with(|limits| {
        impatient(limits);
        limits.busy_attempts_max = 10_000;
    });
    let stranger = scratch.stranger();
    stranger.execute_batch("BEGIN IMMEDIATE; INSERT INTO settings VALUES ('a', x'00')").unwrap();
    let waiting = scratch.spawn(|store| store.write(|tx| note(tx, "b")));
    // Long enough for a few attempts; if it were not, nothing would fail.
    Stop::default().wait(Duration::from_millis(60));
    assert!(!waiting.is_finished());
    stranger.execute_batch("COMMIT").unwrap();
    waiting.join().unwrap().unwrap();
    assert_eq!(scratch.names(), ["a", "b"]);
}

#[test]
fn those_who_wait_behind_a_lock_wait_once_all_together() {
    let scratch = Scratch::with(|limits| {
        impatient(limits);
        limits.busy_timeout = Duration::from_millis(250);
    });
    let stranger = scratch.stranger();
    stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let leader = scratch.spawn(|store| store.write(|tx| note(tx, "leader")));
    let units: Vec<_> =
        (0..10).map(|n| scratch.queue(move |tx| note(tx, &n.to_string()))).collect();
    for unit in units.into_iter().chain([leader]) {
        let told = unit.join().unwrap();
        assert!(matches!(told, Err(Error::Unavailable(Unavailable::Busy))), "{told:?}");
    }
    // One after the other they would have tried 33 times again, for ten seconds and more.
    let retries = scratch.store.writer_figures().retries;
    assert!(retries <= 6, "{retries}");
    stranger.execute_batch("COMMIT").unwrap();
    scratch.store.write(|tx| note(tx, "at last")).unwrap();
    assert_eq!(scratch.names(), ["at last"]);
}

/// What was seen in public is counted once, also if it cannot be written at first.
#[test]
fn what_was_seen_behind_a_lock_is_kept() {
    let site = Site::with(|config| {
        impatient(&mut config.limits);
        config.limits.buffer_time_max = Duration::from_hours(1);
    });
    let mut ada = site.person("Ada").client();
    let card = ada.post("/api/cards", &json!({"name": "Ada"})).unwrap().json();
    let card = cardinal::id::Id::parse(card["id"].as_str().unwrap()).unwrap();
    let state = site.running().state();
    let look = |n: u8| {
        let visitor = Visitor { class: Class::Human, print: Some([n; 16]) };
        state.note_hit(Subject::Card(card), Event::View, visitor, Millis(n.into()));
    };
    // More visitors than are written at once.
    (0..=255).cycle().take(600).for_each(look);
    let stranger = Connection::open(site.data_dir().join(DATABASE)).unwrap();
    stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = worker::flush(state);
    assert!(matches!(refused, Err(Error::Unavailable(Unavailable::Busy))), "{refused:?}");
    look(7);
    stranger.execute_batch("COMMIT").unwrap();
    for _ in 0..2 {
        worker::flush(state).unwrap();
        let sql = "SELECT total || ' ' || views || ' ' || visitors FROM event_firsts, card_days";
        let told: String = stranger.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(told, "601 601 256");
    }
}
