//! Messages to a webhook across kills of the server that delivers them.

use crate::kit::receiver::{Message, Receiver};
use crate::program::{Home, Server};
use cardinal::clock::{Instant, Stop};
use cardinal::testing::Client;
use rustix::process::Signal;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const CARDS: usize = 120;

fn serve(home: &Home) -> Server {
    let mut command = home.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.args(["--webhook-allow-cidr", "127.0.0.0/8"]);
    Server::start(command, home.dir().parent().unwrap())
}

fn token(home: &Home) -> String {
    home.add_person("ada");
    let scopes = "cards:read,cards:write,webhooks";
    let told = home.run(&["token", "add", "ada@example.org", "--name", "test", "--scope", scopes]);
    told.done().trim().to_owned()
}

/// All messages of the log, by id.
fn log(client: &mut Client, webhook: &str) -> HashMap<String, Value> {
    let path = format!("/api/webhooks/{webhook}/deliveries?limit=200");
    let page = client.get(&path).unwrap().json();
    let items = page["items"].as_array().unwrap().iter();
    items.map(|told| (told["id"].as_str().unwrap().to_owned(), told.clone())).collect()
}

/// Counts a message, whose body is the same each time.
fn note(seen: &mut BTreeMap<String, (String, usize)>, message: &Message) {
    let id = message.headers["webhook-id"].strip_prefix("msg_").unwrap().to_owned();
    let (body, count) = seen.entry(id).or_insert_with(|| (message.body.clone(), 0));
    assert_eq!(*body, message.body, "one message with two bodies");
    *count += 1;
}

/// A webhook of this person's for new cards.
fn webhook(client: &mut Client, receiver: &Receiver) -> String {
    let body = json!({"url": receiver.url, "events": ["card.created"]});
    let made = client.post("/api/webhooks", &body).unwrap();
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

/// Waits until all messages of the log have arrived; the log.
fn await_delivered(client: &mut Client, webhook: &str) -> HashMap<String, Value> {
    let (begun, nobody) = (Instant::now(), Stop::default());
    loop {
        let told = log(client, webhook);
        if told.values().all(|told| told["state"] == "delivered") {
            return told;
        }
        assert!(begun.elapsed() < crate::program::PATIENCE, "{told:?}");
        nobody.wait(Duration::from_millis(20));
    }
}

/// Calls that nobody answers are cut off by a kill: what held them, each for minutes, is taken back at the start.
#[test]
fn what_was_under_way_at_a_kill_is_sent_again_at_once() {
    const SILENT: &[&str] = &["", "", "", OK];
    let home = Home::new();
    let token = token(&home);
    let receiver = Receiver::start(SILENT);
    let mut server = serve(&home);
    let mut client = server.client(&token);
    let webhook = webhook(&mut client, &receiver);
    for _ in 1..SILENT.len() {
        assert_eq!(client.post("/api/cards", &json!({"name": "Ada"})).unwrap().status, 201);
    }
    let told = || {
        let messages = (1..SILENT.len()).map(|_| receiver.next());
        messages.map(|message| message.headers["webhook-id"].clone()).collect::<BTreeSet<_>>()
    };
    let cut_off = told();
    assert_eq!(cut_off.len(), SILENT.len() - 1, "each is under way once");
    server.signal(Signal::KILL);
    assert_eq!(server.wait(), None, "killed, not ended");
    let server = serve(&home);
    assert_eq!(told(), cut_off, "the same, again");
    let log = await_delivered(&mut server.client(&token), &webhook);
    // What nobody could note is no attempt.
    assert!(log.values().all(|told| told["attempts"] == 1), "{log:?}");
    home.run(&["check"]).done();
    server.stop();
}

#[test]
fn every_message_arrives_whatever_is_killed() {
    let home = Home::new();
    let token = token(&home);
    let receiver = Receiver::start(&[OK]);
    let mut server = serve(&home);
    let mut client = server.client(&token);
    let webhook = webhook(&mut client, &receiver);
    let mut acknowledged = Vec::new();
    let mut seen: BTreeMap<String, (String, usize)> = BTreeMap::new();
    // Killed in the middle of it, again and again, with calls on their way.
    for round in 1..=4 {
        while acknowledged.len() < round * CARDS / 4 {
            let card = client.post("/api/cards", &json!({"name": "Ada"})).unwrap();
            assert_eq!(card.status, 201, "{}", card.text());
            acknowledged.push(card.json()["id"].clone());
        }
        for _ in 0..10 {
            note(&mut seen, &receiver.next());
        }
        server.signal(Signal::KILL);
        assert_eq!(server.wait(), None, "killed, not ended");
        home.run(&["check"]).done();
        server = serve(&home);
        client = server.client(&token);
    }
    // No lease of a process that is gone is waited for: all of it takes less than one.
    let told = await_delivered(&mut client, &webhook);
    assert_eq!(told.len(), CARDS, "a message for each card");
    while seen.len() < CARDS {
        note(&mut seen, &receiver.next());
    }
    for (id, (body, _)) in &seen {
        assert!(told.contains_key(id), "a message that is in no log");
        let body: Value = serde_json::from_str(body).unwrap();
        assert!(acknowledged.contains(&body["data"]["card_id"]), "{body}");
    }
    home.run(&["check"]).done();
    server.stop();
}
