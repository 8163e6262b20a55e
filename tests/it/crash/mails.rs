//! A mail run, killed again and again: everything else happens once, and a mail may arrive twice only if the kill came
//! between the server's answer and the note of it.

use super::kill::random;
use crate::kit::smtp::{MailServer, Mood};
use crate::kit::together;
use crate::program::{Home, PASSWORD, PATIENCE, Server, run_with};
use cardinal::clock::{Instant, Stop};
use cardinal::id::hex;
use rusqlite::Connection;
use rustix::process::Signal;
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

const MAILS: usize = 240;
const KILLS: usize = 5;
const CLIENTS: usize = 4;
const PRICE: usize = 3;

/// An admin's token of every right that is needed here.
fn admin(home: &Home) -> String {
    let args = ["user", "add", "ada@example.org", "--name", "ada", "--role", "admin"];
    let mut command = home.command(&args);
    command.arg("--password-stdin");
    run_with(command, PASSWORD).done();
    let scopes = "cards:write,shares:write,credits:read,credits:write,admin";
    let told = home.run(&["token", "add", "ada@example.org", "--name", "t", "--scope", scopes]);
    told.done().trim().to_owned()
}

fn number(home: &Home, sql: &str) -> usize {
    let conn = Connection::open(home.database()).unwrap();
    conn.busy_timeout(PATIENCE).unwrap();
    let number: i64 = conn.query_row(sql, [], |row| row.get(0)).unwrap();
    usize::try_from(number).unwrap()
}

/// Gives the admin what the run costs, and mails a card to so many, while nobody answers for a mail.
fn begin(server: &Server, token: &str) {
    let mut client = server.client(token);
    let me = client.get("/api/me").unwrap().json();
    let grant = json!({"user_id": me["id"], "amount": MAILS * PRICE, "reason": "purchase",
                       "idempotency_key": hex(16)});
    assert_eq!(client.post("/api/credits/grants", &grant).unwrap().status, 201);
    let card = client.post("/api/cards", &json!({"name": "Ada"})).unwrap().json();
    together(CLIENTS, |client| {
        let mut api = server.client(token);
        for n in (client..MAILS).step_by(CLIENTS) {
            let recipient = format!("guest-{n}@example.org");
            let body = json!({"card_id": card["id"], "channel": "email", "recipient": recipient,
                              "send": true});
            let reply = api.post("/api/shares", &body).unwrap();
            assert_eq!(reply.status, 201, "{}", reply.text());
        }
    });
}

/// Every mail has arrived, and what arrived twice says so and is no more than the kills explain.
fn assert_arrived(post: &MailServer) {
    let mut ids: HashMap<String, Vec<String>> = HashMap::new();
    for mail in post.mails(MAILS) {
        ids.entry(mail.to.clone()).or_default().push(mail.id());
    }
    assert_eq!(ids.len(), MAILS, "every mail has arrived");
    let doubles: usize = ids.values().map(|ids| ids.len() - 1).sum();
    let threads = cardinal::config::Limits::default().mail_senders_max;
    assert!(doubles <= KILLS * threads, "{doubles} doubles of {KILLS} kills");
    assert!(ids.values().all(|ids| ids.iter().all(|id| *id == ids[0])), "a double says that it is");
}

#[test]
fn a_mail_run_that_is_killed_again_and_again_loses_and_doubles_nothing_else() {
    let (home, post) = (Home::new(), MailServer::start(&[Mood::Takes]));
    let token = admin(&home);
    let (url, price) = (post.url(), PRICE.to_string());
    let options =
        ["--smtp-url", &url, "--mail-from", "cards@example.org", "--share-mail-price", &price];
    let mut server = home.serve_with(&options);
    post.shut(true);
    begin(&server, &token);
    post.shut(false);
    for _ in 0..KILLS {
        let until = post.count() + 5 + random(25);
        assert!(until < MAILS, "the run is over before it is killed");
        post.mails(until);
        server.signal(Signal::KILL);
        assert_eq!(server.wait(), None, "killed, not ended");
        server = home.serve_with(&options);
    }
    let (begun, nobody) = (Instant::now(), Stop::default());
    while number(&home, "SELECT count(*) FROM mails WHERE state = 'queued'") > 0 {
        assert!(begun.elapsed() < 3 * PATIENCE, "the run does not end: {}", server.log());
        nobody.wait(Duration::from_millis(20));
    }
    assert_arrived(&post);
    assert_eq!(number(&home, "SELECT count(*) FROM mails WHERE state = 'sent'"), MAILS);
    assert_eq!(number(&home, "SELECT count(*) FROM jobs WHERE state <> 'completed'"), 0);
    assert_eq!(number(&home, "SELECT count(*) FROM credit_transfers WHERE kind = 'charge'"), MAILS);
    let left = server.client(&token).get("/api/credits").unwrap().json();
    assert_eq!(left["available"], 0);
    home.run(&["check"]).done();
    server.stop();
}
