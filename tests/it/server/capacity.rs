//! A new client is served, however many others are idle or slow.

use super::fixture::{Fixture, PATIENCE, Raw, field, status};
use cardinal::server::raise_open_files_limit;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Connections of a crowd.
const MANY: usize = 2_000;

const SLOW_BODY: &str = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nb";

fn crowd(fixture: &Fixture, sends: &str) -> Vec<Raw> {
    raise_open_files_limit().unwrap();
    let join = |_| {
        let mut raw = fixture.connect();
        raw.send(sends);
        raw
    };
    (0..MANY).map(join).collect()
}

#[test]
fn two_thousand_idle_connections_are_kept_where_there_is_room() {
    let fixture = Fixture::with(|limits| limits.connections_max = 2 * MANY);
    let mut idle = crowd(&fixture, "");
    fixture.await_connections(MANY);
    fixture.assert_serves();
    for raw in [0, MANY / 2, MANY - 1] {
        idle[raw].send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(status(&idle[raw].reply()), 200);
    }
}

#[test]
fn the_longest_idle_connection_makes_room() {
    let fixture = Fixture::with(|limits| limits.connections_max = 64);
    let mut idle = crowd(&fixture, "");
    fixture.assert_serves();
    assert_eq!(idle[0].rest(), "", "the first has gone");
    let last = idle.last_mut().unwrap();
    last.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(status(&last.reply()), 200, "the last is still there");
    assert!(fixture.server.connections() <= 64);
}

#[test]
fn two_thousand_slow_bodies_keep_nobody_out() {
    let fixture = Fixture::with(|limits| limits.connections_max = 64);
    // The 100 says that its head has been read: from here on it is a slow body, and not an idle connection.
    let mut slowest = fixture.connect();
    slowest
        .send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
    assert_eq!(status(&slowest.reply()), 100);
    let mut slow = crowd(&fixture, SLOW_BODY);
    fixture.assert_serves();
    assert_eq!(status(&slowest.rest()), 408, "the slowest has gone, and knows why");
    let last = slow.last_mut().unwrap();
    last.send("b".repeat(99));
    assert_eq!(status(&last.reply()), 200, "the last is still there");
}

#[test]
fn two_thousand_slow_heads_keep_nobody_out() {
    let fixture = Fixture::with(|limits| limits.connections_max = 64);
    let _slow = crowd(&fixture, "GET / HTTP/1.1\r\nHost:");
    fixture.assert_serves();
}

#[test]
fn idle_goes_before_unfinished() {
    let fixture = Fixture::with(|limits| {
        limits.connections_max = 2;
        limits.slow_after = Duration::ZERO;
    });
    let mut slow = fixture.connect();
    slow.send(SLOW_BODY);
    fixture.await_connections(1);
    let mut idle = fixture.connect();
    fixture.await_connections(2);
    fixture.assert_serves();
    assert_eq!(idle.rest(), "");
    slow.send("b".repeat(99));
    assert_eq!(status(&slow.reply()), 200);
}

#[test]
fn a_client_that_takes_no_reply_makes_room() {
    let fixture = Fixture::with(|limits| {
        limits.connections_max = 4;
        limits.slow_after = Duration::from_millis(100);
        limits.admission_wait = PATIENCE;
    });
    let deaf = |_| {
        let mut raw = fixture.connect();
        raw.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(raw.stream.peek(&mut [0; 1]).unwrap(), 1, "the reply has begun");
        raw
    };
    let _deaf: Vec<Raw> = (0..4).map(deaf).collect();
    fixture.assert_serves();
}

#[test]
fn a_request_in_a_handler_is_never_given_up() {
    let fixture = Fixture::with(|limits| limits.connections_max = 2);
    let mut busy = [fixture.connect(), fixture.connect()];
    for raw in &mut busy {
        raw.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    fixture.echo.await_held(2);
    let answer = fixture.answer(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(status(&answer), 503, "{answer}");
    assert_eq!(field(&answer, "Retry-After"), Some("1"));
    assert_eq!(field(&answer, "Connection"), Some("close"));
    fixture.echo.release.stop();
    for raw in &mut busy {
        assert_eq!(status(&raw.reply()), 200);
    }
    fixture.assert_serves();
}

#[test]
fn connections_that_come_and_go_leave_nothing_behind() {
    let fixture = Fixture::new();
    for _ in 0..500 {
        fixture.assert_serves();
    }
    fixture.await_connections(0);
}

/// Runs in a process of its own, started by the test below: a server with 48 descriptors.
#[test]
#[ignore = "a part of a_server_without_descriptors_makes_room"]
fn a_server_with_few_descriptors() {
    let fixture = Fixture::new();
    let few = Rlimit { current: Some(48), maximum: Some(48) };
    setrlimit(Resource::Nofile, few).unwrap();
    println!("\nlistening on {}", fixture.address());
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn a_server_without_descriptors_makes_room() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["server::capacity::a_server_with_few_descriptors", "--exact"])
        .args(["--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let address = lines
        .find_map(|line| line.strip_prefix("listening on ")?.parse().ok())
        .expect("the child says where it listens");
    let idle: Vec<Raw> = (0..200).map(|_| Raw::connect(address)).collect();
    for _ in 0..10 {
        let mut raw = Raw::connect(address);
        raw.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(status(&raw.reply()), 200);
    }
    drop((idle, child.stdin.take()));
    assert!(child.wait().unwrap().success());
}
