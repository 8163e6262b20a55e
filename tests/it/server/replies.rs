//! What goes back, and what happens to the connection afterwards.

use super::fixture::{BODY_MAX, Fixture, LARGE, PATIENCE, field, status};
use cardinal::clock::Stop;
use cardinal::testing::client::Client;
use std::io::Write;
use std::time::Duration;

#[test]
fn one_connection_serves_many_requests() {
    let fixture = Fixture::new();
    let mut raw = fixture.connect();
    for round in 0..100 {
        raw.send(format!("GET /{round} HTTP/1.1\r\nHost: x\r\n\r\n"));
        let reply = raw.reply();
        assert!(reply.ends_with(&format!("GET /{round} - x ")), "{reply}");
        assert_eq!(field(&reply, "Server"), Some("cardinal"));
        assert_eq!(field(&reply, "Connection"), None);
    }
    assert_eq!(fixture.server.connections(), 1);
}

#[test]
fn the_date_is_an_http_date_of_today() {
    let fixture = Fixture::new();
    let reply = Client::connect(fixture.address()).unwrap().get("/").unwrap();
    let date = jiff::fmt::rfc2822::parse(reply.header("date").unwrap()).unwrap();
    let age = jiff::Timestamp::now().duration_since(date.timestamp());
    assert!((-1..60).contains(&age.as_secs()), "{age:?}");
    assert!(reply.header("date").unwrap().ends_with(" GMT"));
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let fixture = Fixture::new();
    let mut raw = fixture.connect();
    let post = "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
    let chunked =
        "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    let get = "GET /g HTTP/1.1\r\nHost: x\r\n\r\n";
    raw.send([post, chunked, get].concat().repeat(200));
    for _ in 0..200 {
        assert!(raw.reply().ends_with("POST /p - x hello"));
        assert!(raw.reply().ends_with("PUT /c - x hi"));
        assert!(raw.reply().ends_with("GET /g - x "));
    }
}

#[test]
fn connection_close_is_honoured() {
    let fixture = Fixture::new();
    for option in ["close", "Close", "keep-alive, close", "foo,close , bar"] {
        let answer = fixture.answer(
            format!("GET / HTTP/1.1\r\nHost: x\r\nConnection: {option}\r\n\r\nGET /second")
                .as_bytes(),
        );
        assert_eq!(field(&answer, "Connection"), Some("close"), "{option}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{option}");
    }
    let answer = fixture.answer(b"GET /closing HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(field(&answer, "Connection"), Some("close"), "the service may close, too");
}

#[test]
fn http_1_0_closes_unless_it_is_asked_to_stay() {
    let fixture = Fixture::new();
    let answer = fixture.answer(b"GET / HTTP/1.0\r\n\r\n");
    assert_eq!(status(&answer), 200);
    assert_eq!(field(&answer, "Connection"), Some("close"));
    assert_eq!(field(&answer, "Transfer-Encoding"), None);
    let mut raw = fixture.connect();
    for _ in 0..2 {
        raw.send("POST / HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi");
        let reply = raw.reply();
        assert_eq!(field(&reply, "Connection"), Some("keep-alive"));
        assert!(reply.ends_with("POST / - - hi"), "{reply}");
    }
    let answer =
        fixture.answer(b"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
    assert_eq!(status(&answer), 200, "HTTP/1.0 knows no interim replies");
}

#[test]
fn head_has_the_length_and_no_body() {
    let fixture = Fixture::new();
    let mut raw = fixture.connect();
    let get = fixture.answer(b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    raw.send("HEAD /ab HTTP/1.1\r\nHost: x\r\n\r\nHEAD /panic HTTP/1.1\r\nHost: x\r\n\r\n");
    let answer = raw.rest();
    let (first, second) = answer.split_once("\r\n\r\n").unwrap();
    let length: usize = field(&get, "Content-Length").unwrap().parse().unwrap();
    assert_eq!(field(first, "Content-Length"), Some((length + 2).to_string().as_str()));
    assert_eq!(status(second), 500);
    assert!(second.ends_with("\r\n\r\n"), "{second}");
}

#[test]
fn replies_without_content_have_no_wrong_length() {
    let fixture = Fixture::new();
    let mut client = Client::connect(fixture.address()).unwrap();
    for (path, code, length) in [
        ("/empty", 204, None),
        ("/unchanged", 304, None),
        ("/unchanged-with-length", 304, Some("12")),
    ] {
        let reply = client.get(path).unwrap();
        assert_eq!((reply.status, reply.header("content-length")), (code, length), "{path}");
        assert_eq!(client.get("/after").unwrap().status, 200, "nothing followed {path}");
    }
}

#[test]
fn expectations_are_met_or_refused() {
    let fixture = Fixture::new();
    let mut raw = fixture.connect();
    let post = |length: usize| {
        let fields = format!("Content-Length: {length}\r\nExpect: 100-Continue\r\n");
        format!("POST / HTTP/1.1\r\nHost: x\r\n{fields}\r\n")
    };
    raw.send(post(5));
    assert_eq!(raw.reply(), "HTTP/1.1 100 Continue\r\n\r\n");
    raw.send("hello");
    assert!(raw.reply().ends_with("POST / - x hello"));
    raw.send(post(5) + "hello");
    assert_eq!(status(&raw.reply()), 200, "a body that has come needs no 100");
    raw.send(post(0));
    assert_eq!(status(&raw.reply()), 200, "nor does one that is empty");
    raw.send(post(BODY_MAX + 1));
    assert_eq!(status(&raw.rest()), 413, "a body that is not going to be read is not asked for");
    for other in ["200-maybe", "100-continue, x"] {
        let request = format!("GET / HTTP/1.1\r\nHost: x\r\nExpect: {other}\r\n\r\n");
        assert_eq!(status(&fixture.answer(request.as_bytes())), 417, "{other}");
    }
}

#[test]
fn a_reply_cannot_be_split() {
    let fixture = Fixture::new();
    for path in ["/split", "/umlaut", "/framed", "/status"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = fixture.answer(request.as_bytes());
        assert_eq!(status(&answer), 500, "{path}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{path}: {answer}");
        assert!(!answer.contains("Evil"), "{path}: {answer}");
    }
}

#[test]
fn a_large_reply_arrives_whole() {
    let fixture = Fixture::new();
    let mut client = Client::connect(fixture.address()).unwrap();
    assert_eq!(client.get("/large").unwrap().body.len(), LARGE);
    assert_eq!(client.get("/").unwrap().status, 200);
}

#[test]
fn a_refused_client_may_go_on_sending_without_a_reset() {
    let fixture = Fixture::with(|limits| limits.linger_deadline = PATIENCE);
    let mut raw = fixture.connect();
    raw.send("nonsense\r\n\r\n");
    assert_eq!(status(&raw.rest()), 400);
    for _ in 0..5 {
        // Were the socket closed, the first write would draw a reset, and the next one fail.
        raw.stream.write_all(b"more").unwrap();
        Stop::default().wait(Duration::from_millis(10));
    }
    drop(raw);
    fixture.await_connections(0);
}
