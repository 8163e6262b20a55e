use super::{assert_kept, body, cards};
use crate::program::Home;
use cardinal::clock::{Instant, Stop};
use cardinal::testing::Client;
use parking_lot::Mutex;
use rustix::process::Signal;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const ROUNDS: usize = 5;
const WRITERS: usize = 6;

/// Somewhere in the middle of what comes.
fn random(below: u64) -> usize {
    let drawn = u64::from_str_radix(&cardinal::id::hex(8), 16).unwrap();
    usize::try_from(drawn % below).unwrap()
}

fn await_count(what: &AtomicUsize, count: usize) {
    let begun = Instant::now();
    while what.load(Ordering::SeqCst) < count {
        assert!(begun.elapsed() < crate::program::PATIENCE, "nothing comes");
        Stop::default().wait(Duration::from_micros(200));
    }
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let home = Home::new();
    home.add_person("ada");
    let token = home.add_token("ada");
    let acknowledged = Mutex::new(Vec::new());
    let (mut begun, mut server) = (0, home.serve());
    for round in 0..ROUNDS {
        let (done, asked) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (mut client, done, asked) = (server.client(&token), &done, &asked);
                let acknowledged = &acknowledged;
                scope.spawn(move || {
                    for n in 0.. {
                        let name = format!("r{round}-w{writer}-n{n}");
                        asked.fetch_add(1, Ordering::SeqCst);
                        // The server is gone: nobody knows what became of it.
                        let Ok(reply) = client.post("/api/cards", &body(&name)) else { break };
                        assert_eq!(reply.status, 201, "{}", reply.text());
                        acknowledged.lock().push(name);
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            await_count(&done, 20 + random(150));
            server.signal(Signal::KILL);
        });
        assert_eq!(server.wait(), None, "killed, not ended");
        server = home.serve();
        begun += asked.load(Ordering::SeqCst);
        let kept = acknowledged.lock();
        assert_kept(&home, &server, &kept);
        let there = cards(&home).len();
        assert!(there >= kept.len() && there <= begun, "{} of {there} of {begun}", kept.len());
    }
    server.stop();
}

#[test]
fn a_key_tried_again_across_kills_has_one_effect() {
    const KILLS: usize = 5;
    let home = Home::new();
    home.add_person("ada");
    let token = home.add_token("ada");
    let mut server = home.serve();
    let (address, kills) = (Mutex::new(server.address), AtomicUsize::new(0));
    let (tries, made) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        // Each thing is asked for until somebody answers, always with its own key.
        let asking = scope.spawn(|| {
            let mut client = None;
            for n in 0.. {
                let mut wanted = body(&format!("keyed-{n}"));
                wanted.as_object_mut().unwrap().remove("slug");
                let key = format!("\"key-{n}\"");
                let reply = loop {
                    tries.fetch_add(1, Ordering::SeqCst);
                    let mut asked = client.take().or_else(|| {
                        let connected = Client::connect(*address.lock()).ok();
                        connected.map(|client| client.bearer(&token))
                    });
                    let headers = [("Idempotency-Key", key.as_str())];
                    let reply = asked
                        .as_mut()
                        .map(|asked| asked.send_json("POST", "/api/cards", &headers, &wanted));
                    if let Some(Ok(reply)) = reply {
                        client = asked;
                        break reply;
                    }
                    Stop::default().wait(Duration::from_millis(1));
                };
                assert_eq!(reply.status, 201, "{}", reply.text());
                made.fetch_add(1, Ordering::SeqCst);
                if kills.load(Ordering::SeqCst) == KILLS {
                    break;
                }
            }
        });
        for _ in 0..KILLS {
            await_count(&made, made.load(Ordering::SeqCst) + 5 + random(40));
            server.signal(Signal::KILL);
            assert_eq!(server.wait(), None);
            server = home.serve();
            *address.lock() = server.address;
            kills.fetch_add(1, Ordering::SeqCst);
        }
        asking.join().unwrap();
    });
    let (tries, made) = (tries.load(Ordering::SeqCst), made.load(Ordering::SeqCst));
    assert!(tries > made, "nothing was tried twice");
    let mut names = cards(&home);
    assert_eq!(names.len(), made);
    names.dedup();
    assert_eq!(names.len(), made, "a key had two effects");
    assert_kept(&home, &server, &[]);
    server.stop();
}
