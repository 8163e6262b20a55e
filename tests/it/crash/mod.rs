//! The built program, killed without warning. (A kill does not test the disk: what the system has taken
//! over outlives the process. That SQLite waits for the disk is seen by the calls it makes: `sync`.)

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "looks at what is left, without the program"
)]

mod deliveries;
mod disk_full;
mod kill;
mod leases;
mod mails;
mod sync;

use crate::program::{Home, Server};
use cardinal::testing::Client;
use rusqlite::Connection;
use serde_json::{Value, json};

/// A card with two links: all or nothing of it is there.
fn body(name: &str) -> Value {
    let link = |n: u8| json!({"platform": "web", "url": format!("https://{n}.example")});
    json!({"name": name, "slug": name, "links": [link(1), link(2)]})
}

/// Looks at what is left without the program; each card is whole.
fn cards(home: &Home) -> Vec<String> {
    let conn = Connection::open(home.database()).unwrap();
    let half: i64 = conn
        .query_row(
            "SELECT count(*) FROM cards c
             WHERE 2 <> (SELECT count(*) FROM card_links WHERE card_id = c.id)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(half, 0, "half a card");
    let mut statement = conn.prepare_cached("SELECT name FROM cards ORDER BY name").unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.collect::<Result<_, _>>().unwrap()
}

/// Every acknowledged card is there, served, and the database is sound.
fn assert_kept(home: &Home, server: &Server, acknowledged: &[String]) {
    home.run(&["check"]).done();
    let there = cards(home);
    for name in acknowledged {
        assert!(there.binary_search(name).is_ok(), "{name} was acknowledged and is gone");
    }
    let mut client: Client = server.anybody();
    for name in acknowledged.iter().rev().take(20) {
        let reply = client.get(&format!("/c/{name}.json")).unwrap();
        assert_eq!(reply.status, 200, "{name}: {}", reply.text());
    }
}
