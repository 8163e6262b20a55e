//! Messages to a webhook across kills of the server that delivers them.

use crate::kit::receiver::{Message, Receiver};
use crate::program::{Home, Server};
use cardinal::clock::{Instant, Stop};
use cardinal::testing::Client;
use rustix::process::Signal;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
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

#[test]
fn every_message_arrives_whatever_is_killed() {
    let home = Home::new();
    let token = token(&home);
    let receiver = Receiver::start(&[OK]);
    let mut server = serve(&home);
    let mut client = server.client(&token);
    let body = json!({"url": receiver.url, "events": ["card.created"]});
    let made = client.post("/api/webhooks", &body).unwrap();
    assert_eq!(made.status, 201, "{}", made.text());
    let webhook = made.json()["id"].as_str().unwrap().to_owned();
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
    let (begun, nobody) = (Instant::now(), Stop::default());
    let told = loop {
        let told = log(&mut client, &webhook);
        if told.values().all(|told| told["state"] == "delivered") {
            break told;
        }
        assert!(begun.elapsed() < crate::program::PATIENCE, "{told:?}");
        nobody.wait(Duration::from_millis(20));
    };
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
