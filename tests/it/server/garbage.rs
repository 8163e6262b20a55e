//! Clients that break off, and bytes that mean nothing: no panic, no leak, no wait for a deadline.

use super::fixture::{Dice, Fixture, eventually, status};
use cardinal::clock::Instant;
use cardinal::config::Limits;

#[test]
fn a_half_closed_connection_gets_its_answer() {
    let fixture = Fixture::new();
    let mut raw = fixture.connect();
    raw.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    raw.finish_sending();
    assert!(raw.rest().ends_with("POST / - x hello"));
    fixture.await_connections(0);
}

#[test]
fn a_request_that_ends_too_soon_is_refused() {
    let fixture = Fixture::new();
    for part in [
        "GET / HTTP/1.1\r\nHos",
        "\r",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhell",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    ] {
        let mut raw = fixture.connect();
        raw.send(part);
        raw.finish_sending();
        let answer = raw.rest();
        assert_eq!(status(&answer), 400, "{part:?} got {answer:?}");
    }
    let mut silent = fixture.connect();
    silent.finish_sending();
    assert_eq!(silent.rest(), "");
}

#[test]
fn resets_leave_nothing_behind() {
    let fixture = Fixture::new();
    for part in [
        "",
        "GET / HT",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe",
        "GET /large HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "nonsense\r\n",
    ] {
        for _ in 0..20 {
            let mut raw = fixture.connect();
            raw.send(part);
            raw.reset();
        }
    }
    fixture.await_connections(0);
    fixture.assert_serves();
}

#[test]
fn a_tls_hello_is_refused_at_once() {
    let fixture = Fixture::with(|limits| *limits = Limits::default());
    let begun = Instant::now();
    let answer = fixture.answer(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
    assert_eq!(status(&answer), 400);
    assert!(begun.elapsed() < Limits::default().head_deadline / 2, "after {:?}", begun.elapsed());
}

#[test]
fn garbage_is_survived() {
    let fixture = Fixture::new();
    let mut dice = Dice::new(0x00ca_4d14_a100);
    for round in 0..2_000 {
        let bytes: Vec<u8> = (0..dice.below(200)).map(|_| dice.byte()).collect();
        assert_sane(&fixture, round, &bytes);
    }
    fixture.await_connections(0);
    fixture.assert_serves();
}

#[test]
fn requests_with_wrong_bytes_in_them_are_survived() {
    let sound: [&[u8]; 4] = [
        b"GET /a?b HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
        b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a\r\nhello\r\n0\r\nA: b\r\n\r\n",
        b"HEAD http://[::1]:80/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n",
    ];
    let fixture = Fixture::new();
    let mut dice = Dice::new(0x5eed);
    for round in 0..4_000 {
        let mut bytes = sound[dice.below(sound.len())].to_vec();
        for _ in 0..=dice.below(3) {
            let at = dice.below(bytes.len());
            match dice.below(4) {
                0 => bytes[at] = dice.byte(),
                1 => bytes[at] = b"\r\n\0 :;,\t\x7f"[dice.below(9)],
                2 => drop(bytes.remove(at)),
                _ => bytes.insert(at, bytes[dice.below(bytes.len())]),
            }
        }
        assert_sane(&fixture, round, &bytes);
    }
    fixture.await_connections(0);
    fixture.assert_serves();
}

/// Sends `bytes` and no more; what comes back is nothing, or replies that blame the client or nobody.
fn assert_sane(fixture: &Fixture, round: usize, bytes: &[u8]) {
    let mut raw = fixture.connect();
    raw.send(bytes);
    if raw.stream.shutdown(std::net::Shutdown::Write).is_err() {
        return;
    }
    let answer = raw.rest();
    let shown = String::from_utf8_lossy(bytes);
    let known = [0, 100, 200, 400, 413, 414, 417, 431, 501, 505];
    assert!(known.contains(&status(&answer)), "round {round}: {shown:?} got {answer:?}");
}

#[test]
fn a_panic_in_a_handler_is_a_500_for_that_request_alone() {
    let fixture = Fixture::new();
    let mut other = fixture.connect();
    other.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(status(&other.reply()), 200);
    for _ in 0..10 {
        let answer = fixture.answer(b"GET /panic HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(status(&answer), 500, "{answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
        assert!(!answer.contains("as asked"), "the client learns no inner details: {answer}");
    }
    other.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(status(&other.reply()), 200);
    eventually("the others to end", || fixture.server.connections() == 1);
}
