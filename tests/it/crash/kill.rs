use super::{assert_kept, body, cards};
use crate::program::Home;
use cardinal::clock::{Instant, Stop};
use cardinal::testing::{Client, Reply};
use parking_lot::Mutex;
use rustix::process::Signal;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const ROUNDS: usize = 5;
const WRITERS: usize = 6;

/// Somewhere in the middle of what comes.
pub(super) fn random(below: u64) -> usize {
    let drawn = u64::from_str_radix(&cardinal::id::hex(8), 16).unwrap();
    usize::try_from(drawn % below).unwrap()
}

pub(super) fn await_count(what: &AtomicUsize, count: usize) {
    let begun = Instant::now();
    while what.load(Ordering::SeqCst) < count {
        assert!(begun.elapsed() < crate::program::PATIENCE, "nothing comes");
        Stop::default().wait(Duration::from_micros(200));
    }
}

/// Makes cards until the server is gone; those that were acknowledged, and how many were asked for.
fn write(mut client: Client, prefix: &str, done: &AtomicUsize) -> (Vec<String>, usize) {
    let mut acknowledged = Vec::new();
    loop {
        let name = format!("{prefix}-n{}", acknowledged.len());
        let Ok(reply) = client.post("/api/cards", &body(&name)) else { break };
        assert_eq!(reply.status, 201, "{}", reply.text());
        acknowledged.push(name);
        done.fetch_add(1, Ordering::SeqCst);
    }
    // Nobody knows what became of the last one.
    let asked = acknowledged.len() + 1;
    (acknowledged, asked)
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let home = Home::new();
    home.add_person("ada");
    let token = home.add_token("ada");
    let (mut acknowledged, mut asked, mut server) = (Vec::new(), 0, home.serve());
    for round in 0..ROUNDS {
        let done = AtomicUsize::new(0);
        let written: Vec<_> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|n| {
                    let (client, done) = (server.client(&token), &done);
                    scope.spawn(move || write(client, &format!("r{round}-w{n}"), done))
                })
                .collect();
            await_count(&done, 20 + random(150));
            server.signal(Signal::KILL);
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        assert_eq!(server.wait(), None, "killed, not ended");
        server = home.serve();
        for (mut names, count) in written {
            acknowledged.append(&mut names);
            asked += count;
        }
        assert_kept(&home, &server, &acknowledged);
        let (there, kept) = (cards(&home).len(), acknowledged.len());
        assert!(there >= kept && there <= asked, "{kept} <= {there} <= {asked}");
    }
    server.stop();
}

/// Somebody who asks for one thing after the other, each until somebody answers.
struct Stubborn<'a> {
    token: &'a str,
    address: &'a Mutex<SocketAddr>,
    client: Option<Client>,
    tries: usize,
}

impl Stubborn<'_> {
    /// Asks for a card with a key of its own; the server may be gone before and after it has it.
    fn insist(&mut self, n: usize) {
        let mut wanted = body(&format!("keyed-{n}"));
        // With a slug a second card would be refused for that.
        wanted.as_object_mut().unwrap().remove("slug");
        let key = format!("\"key-{n}\"");
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < crate::program::PATIENCE, "nobody answers");
            self.tries += 1;
            if let Some(reply) = self.attempt(&key, &wanted) {
                assert_eq!(reply.status, 201, "{}", reply.text());
                return;
            }
            Stop::default().wait(Duration::from_millis(1));
        }
    }

    fn attempt(&mut self, key: &str, wanted: &Value) -> Option<Reply> {
        let mut client = match self.client.take() {
            Some(client) => client,
            None => Client::connect(*self.address.lock()).ok()?.bearer(self.token),
        };
        let headers = [("Idempotency-Key", key)];
        let reply = client.send_json("POST", "/api/cards", &headers, wanted).ok()?;
        self.client = Some(client);
        Some(reply)
    }
}

#[test]
fn a_key_tried_again_across_kills_has_one_effect() {
    let home = Home::new();
    home.add_person("ada");
    let token = home.add_token("ada");
    let mut server = home.serve();
    let (address, done) = (Mutex::new(server.address), Stop::default());
    let made = AtomicUsize::new(0);
    let tries = std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut who = Stubborn { token: &token, address: &address, client: None, tries: 0 };
            while !done.is_stopped() {
                who.insist(made.load(Ordering::SeqCst));
                made.fetch_add(1, Ordering::SeqCst);
            }
            who.tries
        });
        for _ in 0..ROUNDS {
            await_count(&made, made.load(Ordering::SeqCst) + 5 + random(40));
            server.signal(Signal::KILL);
            assert_eq!(server.wait(), None);
            server = home.serve();
            *address.lock() = server.address;
        }
        done.stop();
        asking.join().unwrap()
    });
    let made = made.load(Ordering::SeqCst);
    assert!(tries > made, "nothing was tried twice");
    let mut names = cards(&home);
    assert_eq!(names.len(), made, "a key had two effects, or none");
    names.dedup();
    assert_eq!(names.len(), made);
    assert_kept(&home, &server, &[]);
    server.stop();
}
