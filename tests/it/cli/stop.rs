//! A stop in order.

use crate::program::{Home, PATIENCE};
use cardinal::clock::{Instant, Stop};
use rustix::process::Signal;
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A request whose body is still on its way: it is in flight until [`Pending::finish`].
struct Pending {
    stream: TcpStream,
    rest: Vec<u8>,
}

impl Pending {
    fn begin(server: &crate::program::Server, token: &str) -> Self {
        let body = json!({"name": "In flight"}).to_string();
        let (first, rest) = body.as_bytes().split_at(5);
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "POST /api/cards HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        // The server has it when it asks for the body.
        let mut asked = [0; 25];
        stream.read_exact(&mut asked).unwrap();
        assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(first).unwrap();
        Self { stream, rest: rest.to_vec() }
    }

    fn finish(mut self) -> String {
        self.stream.write_all(&self.rest).unwrap();
        let mut reply = String::new();
        self.stream.read_to_string(&mut reply).unwrap();
        reply
    }
}

fn stops_in_order(signal: Signal) {
    let home = Home::new();
    let mut server = home.serve();
    home.add_person("ada");
    let token = home.add_token("ada");
    let pending = Pending::begin(&server, &token);
    assert_eq!(server.anybody().get("/readyz").unwrap().status, 200);
    server.signal(signal);
    // Readiness goes first, and whoever asks is still told so.
    let begun = Instant::now();
    let draining = loop {
        let reply = server.anybody().get("/readyz").unwrap();
        if reply.status != 200 || begun.elapsed() > PATIENCE {
            break reply;
        }
        Stop::default().wait(Duration::from_millis(2));
    };
    assert_eq!((draining.status, &draining.json()["code"]), (503, &json!("draining")));
    assert!(draining.header("Retry-After").is_some(), "{}", draining.head);
    assert_eq!(server.anybody().get("/livez").unwrap().status, 200);
    // What is in flight finishes.
    let reply = pending.finish();
    assert!(reply.starts_with("HTTP/1.1 201 "), "{reply}");
    assert_eq!(server.wait(), Some(0), "{}", server.log());
    assert!(server.rest().contains("Stopping"));
    assert_eq!(home.log_bytes(), 0, "the log was to be copied into the database");

    let server = home.serve();
    assert_eq!(server.anybody().get("/c/in-flight.json").unwrap().status, 200);
    server.stop();
}

#[test]
fn sigterm_stops_in_order() {
    stops_in_order(Signal::TERM);
}

#[test]
fn sigint_stops_in_order() {
    stops_in_order(Signal::INT);
}

#[test]
fn a_second_signal_ends_at_once() {
    let home = Home::new();
    let mut server = home.serve();
    home.add_person("ada");
    let pending = Pending::begin(&server, &home.add_token("ada"));
    server.signal(Signal::TERM);
    let line = loop {
        let line = server.line();
        if line.is_empty() || line.contains("Stopping") {
            break line;
        }
    };
    assert!(line.contains("once more ends at once"), "{line:?}");
    let begun = Instant::now();
    server.signal(Signal::INT);
    assert_eq!(server.wait(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    drop(pending);
    home.run(&["check"]).done();
}

#[test]
fn an_idle_server_stops_without_delay() {
    let home = Home::new();
    let server = home.serve();
    let idle = server.anybody();
    let begun = Instant::now();
    server.stop();
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    drop(idle);
}
