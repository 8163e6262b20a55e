//! Every bound of a request, at it and one beyond it, and the promise that nothing is allocated because
//! a client said so.

use super::fixture::{BODY_MAX, Fixture, field, status};
use cardinal::config::Limits;
use std::io::Write;

fn head_of(bytes: usize) -> String {
    let frame = "GET / HTTP/1.1\r\nHost: x\r\nA: \r\n\r\n".len();
    format!("GET / HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n", "a".repeat(bytes - frame))
}

#[test]
fn a_head_has_a_largest_size() {
    let fixture = Fixture::new();
    let max = Limits::default().head_bytes_max;
    let mut raw = fixture.connect();
    raw.send(head_of(max));
    assert_eq!(status(&raw.reply()), 200);
    raw.send(head_of(max));
    assert_eq!(status(&raw.reply()), 200, "a large head leaves room for the next");
    let answer = fixture.answer(head_of(max + 1).as_bytes());
    assert_eq!(status(&answer), 431, "{answer}");
    let endless = format!("GET / HTTP/1.1\r\nHost: x\r\nA: {}", "a".repeat(2 * max));
    assert_eq!(status(&fixture.answer(endless.as_bytes())), 431);
}

#[test]
fn a_head_has_a_largest_number_of_fields() {
    let fixture = Fixture::new();
    let max = Limits::default().headers_max;
    let request = |fields: usize| {
        format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "A: b\r\n".repeat(fields - 1))
    };
    let mut raw = fixture.connect();
    raw.send(request(max));
    assert_eq!(status(&raw.reply()), 200);
    let answer = fixture.answer(request(max + 1).as_bytes());
    assert_eq!(status(&answer), 431, "{answer}");
    assert_eq!(status(&fixture.answer(request(1_000).as_bytes())), 431);
}

#[test]
fn a_target_has_a_largest_size() {
    let fixture = Fixture::new();
    let max = Limits::default().target_bytes_max;
    let request =
        |bytes: usize| format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(bytes - 1));
    let mut raw = fixture.connect();
    raw.send(request(max));
    assert_eq!(status(&raw.reply()), 200);
    assert_eq!(status(&fixture.answer(request(max + 1).as_bytes())), 414);
    assert_eq!(status(&fixture.answer(request(100_000).as_bytes())), 414);
}

#[test]
fn a_body_has_a_largest_size() {
    let fixture = Fixture::new();
    let plain = |bytes: usize| {
        let head = format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {bytes}\r\n\r\n");
        head + &"b".repeat(bytes)
    };
    let chunked = |bytes: usize| {
        let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        let (first, second) = (bytes / 2, bytes - bytes / 2);
        let chunks = [first, second].map(|size| format!("{size:x}\r\n{}\r\n", "b".repeat(size)));
        format!("{head}{}{}0\r\n\r\n", chunks[0], chunks[1])
    };
    for request in [plain, chunked] {
        let mut raw = fixture.connect();
        raw.send(request(BODY_MAX));
        let reply = raw.reply();
        assert_eq!(status(&reply), 200);
        assert!(reply.ends_with(&"b".repeat(BODY_MAX)));
        let answer = fixture.answer(request(BODY_MAX + 1).as_bytes());
        assert_eq!(status(&answer), 413, "{answer}");
        assert_eq!(field(&answer, "X-Path"), Some("/"), "the service learns what was refused");
    }
}

#[test]
fn a_declared_length_allocates_nothing() {
    let fixture = Fixture::new();
    for length in ["4000000000000000000", "18446744073709551616", &"9".repeat(1_000)] {
        let head = format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
        assert_eq!(status(&fixture.answer(head.as_bytes())), 413, "{length}");
    }
    let head = "POST /unlimited HTTP/1.1\r\nHost: x\r\n";
    for body in [
        "Content-Length: 4000000000000000000\r\n\r\nten bytes.",
        "Transfer-Encoding: chunked\r\n\r\n3782dace9d900000\r\nten bytes.",
    ] {
        let mut raw = fixture.connect();
        raw.send(format!("{head}{body}"));
        raw.finish_sending();
        assert_eq!(status(&raw.rest()), 400, "{body}");
    }
    fixture.assert_serves();
}

#[test]
fn a_body_over_the_limit_is_not_read() {
    /// Far more than the sockets in between hold.
    const SENT: usize = 100 * 1_024 * 1_024;
    let fixture = Fixture::new();
    let chunk =
        [format!("{:x}\r\n", 1_024 * 1_024).as_bytes(), &vec![b'b'; 1_024 * 1_024]].concat();
    for framing in [format!("Content-Length: {SENT}"), "Transfer-Encoding: chunked".to_owned()] {
        let mut raw = fixture.connect();
        raw.send(format!("POST / HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n"));
        let taken = (0..SENT / chunk.len()).take_while(|_| raw.stream.write_all(&chunk).is_ok());
        assert!(taken.count() < SENT / chunk.len(), "all of it was taken: {framing}");
        assert_eq!(status(&raw.rest()), 413, "the reply is read all the same: {framing}");
    }
}

#[test]
fn lines_between_chunks_and_trailers_are_bounded() {
    let fixture = Fixture::new();
    let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (body, expected) in [
        (format!("5;{}\r\nhello\r\n0\r\n\r\n", "a".repeat(300)), 400),
        (format!("5;{}", "a".repeat(100_000)), 400),
        (format!("0\r\n{}\r\n", "A: b\r\n".repeat(101)), 431),
        (format!("0\r\n{}\r\n", format!("A: {}\r\n", "b".repeat(5_000)).repeat(4)), 431),
        (format!("0\r\nA: {}", "b".repeat(100_000)), 400),
    ] {
        let answer = fixture.answer(format!("{head}{body}").as_bytes());
        assert_eq!(status(&answer), expected, "{} …: {answer}", &body[..20.min(body.len())]);
    }
}
