//! Deadlines are total: whoever sends a byte now and then gains nothing by it.

use super::fixture::{Fixture, LARGE, PATIENCE, Raw, status};
use cardinal::clock::Instant;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(300);
/// Many times within `SHORT`.
const PACE: Duration = Duration::from_millis(20);

#[test]
fn a_slow_head_is_overdue() {
    let fixture = Fixture::with(|limits| limits.head_deadline = SHORT);
    let begun = Instant::now();
    let endless = b"GET / HTTP/1.1\r\nHost: x\r\nA: ".iter().copied().chain([b'a'; 4_000]);
    let answer = fixture.connect().trickle(PACE, endless);
    assert_eq!(status(&answer), 408, "{answer}");
    assert!(answer.contains("Connection: close\r\n"), "{answer}");
    assert!(begun.elapsed() >= SHORT, "after {:?}", begun.elapsed());
    fixture.await_connections(0);
}

#[test]
fn a_slow_second_head_is_overdue() {
    let fixture = Fixture::with(|limits| limits.head_deadline = SHORT);
    let mut raw = fixture.connect();
    raw.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /second");
    assert_eq!(status(&raw.reply()), 200);
    assert_eq!(status(&raw.rest()), 408);
}

#[test]
fn a_slow_body_is_overdue() {
    let fixture = Fixture::with(|limits| limits.body_deadline = SHORT);
    for framing in ["Content-Length: 4000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nfa0\r\n"] {
        let begun = Instant::now();
        let mut raw = fixture.connect();
        raw.send(format!("POST / HTTP/1.1\r\nHost: x\r\n{framing}"));
        let answer = raw.trickle(PACE, std::iter::repeat_n(b'b', 4_000));
        assert_eq!(status(&answer), 408, "{framing:?}: {answer}");
        assert!(begun.elapsed() >= SHORT, "after {:?}", begun.elapsed());
    }
    fixture.await_connections(0);
}

#[test]
fn slow_chunk_extensions_and_trailers_are_overdue() {
    let fixture = Fixture::with(|limits| limits.body_deadline = SHORT);
    for begin in ["5;", "0\r\nA: "] {
        let mut raw = fixture.connect();
        raw.send(format!(
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{begin}"
        ));
        let answer = raw.trickle(PACE, std::iter::repeat_n(b'b', 4_000));
        assert_eq!(status(&answer), 408, "{begin:?}: {answer}");
    }
}

#[test]
fn a_body_within_its_deadline_is_served_though_it_is_slow() {
    let fixture = Fixture::with(|limits| limits.head_deadline = SHORT);
    let mut raw = fixture.connect();
    raw.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\nConnection: close\r\n\r\n");
    let begun = Instant::now();
    let answer = raw.trickle(PACE, std::iter::repeat_n(b'b', 40));
    assert_eq!(status(&answer), 200, "{answer}");
    assert!(begun.elapsed() > SHORT, "it outlasted the deadline of the head");
}

#[test]
fn an_idle_connection_is_closed_without_a_word() {
    let fixture = Fixture::with(|limits| limits.idle_deadline = SHORT);
    let mut silent = fixture.connect();
    let mut served = fixture.connect();
    served.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(status(&served.reply()), 200);
    let begun = Instant::now();
    assert_eq!(silent.rest(), "");
    assert_eq!(served.rest(), "");
    assert!(begun.elapsed() < PATIENCE / 2, "after {:?}", begun.elapsed());
    fixture.await_connections(0);
}

#[test]
fn a_handler_has_no_deadline() {
    let fixture = Fixture::with(|limits| {
        (limits.head_deadline, limits.body_deadline) = (PACE, PACE);
        (limits.idle_deadline, limits.write_deadline) = (PACE, PACE);
    });
    let mut raw = fixture.connect();
    raw.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    fixture.echo.await_held(1);
    raw.stream.set_read_timeout(Some(PACE * 5)).unwrap();
    assert!(raw.stream.peek(&mut [0; 1]).is_err(), "neither a reply nor a close so far");
    raw.stream.set_read_timeout(Some(PATIENCE)).unwrap();
    fixture.echo.release.stop();
    assert_eq!(status(&raw.reply()), 200);
}

#[test]
fn a_reply_that_nobody_takes_is_cut_off() {
    let fixture = Fixture::with(|limits| limits.write_deadline = SHORT);
    let mut raw = fixture.connect();
    raw.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(raw.stream.peek(&mut [0; 1]).unwrap(), 1, "the reply has begun");
    fixture.await_connections(0);
    assert!(raw.rest().len() < LARGE, "the rest of the reply is lost");
}

#[test]
fn a_client_that_does_not_hang_up_is_lingered_for_no_longer_than_the_deadline() {
    let fixture = Fixture::with(|limits| limits.linger_deadline = SHORT);
    let mut raw = fixture.connect();
    raw.send("nonsense\r\n\r\n");
    assert_eq!(status(&raw.rest()), 400);
    fixture.await_connections(0);
}

#[test]
fn deadlines_of_many_are_all_kept() {
    let fixture = Fixture::with(|limits| limits.head_deadline = SHORT);
    let mut slow: Vec<Raw> = (0..100).map(|_| fixture.connect()).collect();
    for raw in &mut slow {
        raw.send("GET /");
    }
    for raw in &mut slow {
        assert_eq!(status(&raw.rest()), 408);
    }
    fixture.await_connections(0);
}
