//! What is a request and what is not. Every refusal closes the connection: a second request, smuggled in
//! behind the first, must never be answered.

use super::fixture::{Fixture, field, status};

const SMUGGLED: &str = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

/// Sends each request with another one behind it; expects one refusal and the close.
fn assert_refused(table: &[(u16, &[u8])]) {
    let fixture = Fixture::new();
    for (expected, request) in table {
        let shown = String::from_utf8_lossy(request);
        let answer = fixture.answer(&[request, SMUGGLED.as_bytes()].concat());
        assert_eq!(status(&answer), *expected, "{shown:?} got {answer:?}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{shown:?} got {answer:?}");
        assert_eq!(field(&answer, "Connection"), Some("close"), "{shown:?}");
        assert_eq!(field(&answer, "Content-Type"), Some("application/problem+json"), "{shown:?}");
        assert_eq!(field(&answer, "Server"), Some("cardinal"), "{shown:?}");
    }
    fixture.await_connections(0);
}

/// Sends each request with another one behind it; expects both to be answered.
fn assert_taken(table: &[(&str, &str)]) {
    let fixture = Fixture::new();
    for (request, expected) in table {
        let mut raw = fixture.connect();
        raw.send([request.as_bytes(), SMUGGLED.as_bytes()].concat());
        let first = raw.reply();
        assert_eq!(status(&first), 200, "{request:?} got {first:?}");
        assert!(first.ends_with(expected), "{request:?} got {first:?}");
        assert!(raw.reply().ends_with("GET /smuggled - x "), "{request:?}");
    }
}

#[test]
fn request_lines_are_strict() {
    assert_refused(&[
        (400, b"GET\r\nHost: x\r\n\r\n"),
        (400, b"GET /\r\n\r\n"),
        (400, b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET /  HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET / HTTP/1.1 \r\nHost: x\r\n\r\n"),
        (400, b" GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"G(T / HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET / http/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET / HTTP/11\r\nHost: x\r\n\r\n"),
        (400, b"GET / HTTP/1.x\r\nHost: x\r\n\r\n"),
        (505, b"GET / HTTP/1.2\r\nHost: x\r\n\r\n"),
        (505, b"GET / HTTP/0.9\r\nHost: x\r\n\r\n"),
        (505, b"GET / HTTP/3.0\r\nHost: x\r\n\r\n"),
        (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        (400, b"\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    ]);
}

#[test]
fn targets_are_strict() {
    assert_refused(&[
        (400, b"GET foo HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET * HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET /#top HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET /\x7f HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET x:80 HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET http:///path HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET http://user@x/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        (501, b"CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n"),
    ]);
    assert_taken(&[
        ("GET /a?b=c?d HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a b=c?d x "),
        ("GET /a? HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a  x "),
        ("GET http://y:81/a?b HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a b y:81 "),
        ("GET HTTPS://y HTTP/1.1\r\nHost: x\r\n\r\n", "GET / - y "),
        ("GET http://y?q HTTP/1.1\r\nHost: x\r\n\r\n", "GET / q y "),
        ("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS * - x "),
        ("BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n", "BREW /pot - x "),
        ("\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a - x "),
    ]);
}

#[test]
fn header_fields_are_strict() {
    assert_refused(&[
        (400, b"GET / HTTP/1.1\nHost: x\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\n\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\rA: b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nA: b\x0bc\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nA\t: b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\n A: b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nA[]: b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nA\xff: b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nA: \xff\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nauthorization: b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n\r\n"),
    ]);
    assert_taken(&[
        ("GET / HTTP/1.1\r\nhOsT:x\r\n\r\n", "GET / - x "),
        ("GET / HTTP/1.1\r\nHost: \t x \t\r\nA:\r\n\r\n", "GET / - x "),
        ("GET / HTTP/1.1\r\nIf-Match: \"a\"\r\nIf-Match: \"b\"\r\nHost: x\r\n\r\n", "GET / - x "),
    ]);
}

#[test]
fn there_is_exactly_one_valid_host() {
    assert_refused(&[
        (400, b"GET / HTTP/1.1\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
        (400, b"GET http://x/ HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
        (400, b"GET http://x/ HTTP/1.1\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x y\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x/y\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a@x\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x:http\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: x:65536\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: ::1\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: [x]\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: [::1]80\r\n\r\n"),
        (400, b"GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n"),
    ]);
    assert_taken(&[
        ("GET / HTTP/1.1\r\nHost: x:80\r\n\r\n", " x:80 "),
        ("GET / HTTP/1.1\r\nHost: x:\r\n\r\n", " x: "),
        ("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", " [::1]:8080 "),
        ("GET / HTTP/1.1\r\nHost: xn--bcher-kva.example\r\n\r\n", " xn--bcher-kva.example "),
    ]);
}

#[test]
fn lengths_are_strict() {
    assert_refused(&[
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello"),
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello"),
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\nhello"),
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5 5\r\n\r\nhello"),
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nhello"),
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5.0\r\n\r\nhello"),
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\nhello"),
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: five\r\n\r\nhello"),
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \xd9\xa5\r\n\r\nhello"),
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
        (400, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        (
            400,
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n\
              0\r\n\r\n",
        ),
    ]);
    assert_taken(&[
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", " hello"),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 005\r\n\r\nhello", " hello"),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "POST / - x "),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", " hello"),
        ("POST / HTTP/1.1\r\nHost: x\r\n\r\n", "POST / - x "),
    ]);
}

#[test]
fn the_only_transfer_coding_is_chunked() {
    let codings = [
        "gzip, chunked",
        "chunked, chunked",
        "identity",
        "chunked;q=1",
        "\"chunked\"",
        "xchunked",
        "chunked,",
        "",
        "chunked\r\nTransfer-Encoding: chunked",
    ];
    for coding in codings {
        let head = format!("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {coding}\r\n\r\n");
        assert_refused(&[(400, &[head.as_bytes(), b"0\r\n\r\n"].concat())]);
    }
    assert_refused(&[(
        400,
        b"POST / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n\
          0\r\n\r\n",
    )]);
}

#[test]
fn chunks_are_strict() {
    let refused = [
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello\r\n0\n\r\n",
        "5\r\nhello\r\n0\r\n\n",
        "5\rhello\r\n0\r\n\r\n",
        "5\r\nhello!\r\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        "x\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        " 5\r\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "5 5\r\nhello\r\n0\r\n\r\n",
        "5;a\u{0}b\r\nhello\r\n0\r\n\r\n",
        "5;a\rb\r\nhello\r\n0\r\n\r\n",
        "5;é\r\nhello\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nno colon\r\n\r\n",
        "5\r\nhello\r\n0\r\nA : b\r\n\r\n",
        "5\r\nhello\r\n0\r\n folded: b\r\n\r\n",
        "5\r\nhello\r\n0\r\nA: b\u{0}\r\n\r\n",
        "5\r\nhello\r\n0\r\nA: b\n\r\n",
    ];
    for body in refused {
        let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_refused(&[(400, format!("{head}{body}").as_bytes())]);
    }
    let taken = [
        ("0\r\n\r\n", "POST / - x "),
        ("5\r\nhello\r\n0\r\n\r\n", " hello"),
        ("00005\r\nhello\r\n000\r\n\r\n", " hello"),
        ("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", " hello"),
        ("A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", " 01234567890123456789"),
        ("5;name=\"a value\"\r\nhello\r\n0;last\r\n\r\n", " hello"),
        ("5 ;name\r\nhello\r\n0\r\n\r\n", " hello"),
        ("5\r\nhello\r\n0\r\nA: b\r\nContent-Length: 7\r\n\r\n", " hello"),
    ];
    for (body, echoed) in taken {
        let head = "POST / HTTP/1.1\r\nHost: x\r\ntransfer-encoding: CHUNKED\r\n\r\n";
        assert_taken(&[(&format!("{head}{body}"), echoed)]);
    }
}

#[test]
fn the_bytes_may_come_in_any_portions() {
    let fixture = Fixture::new();
    let requests = "\r\nPOST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\
                    5;x\r\nhello\r\n0\r\nA: b\r\n\r\n\
                    POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nworld";
    for portion in 1..requests.len() {
        let mut raw = fixture.connect();
        for bytes in requests.as_bytes().chunks(portion) {
            raw.send(bytes);
        }
        let answer = raw.rest();
        assert!(answer.contains("POST /a - x hello"), "portions of {portion}: {answer}");
        assert!(answer.ends_with("POST /b - x world"), "portions of {portion}: {answer}");
    }
}
