//! The client that the other tests rely on, against servers that follow a script.

use cardinal::clock::Stop;
use cardinal::testing::client::Client;
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Serves one connection after the other; on each it answers one request after the other with the next
/// reply of its script, then closes it. Returns the requests.
fn scripted(connections: Vec<Vec<&'static str>>) -> (SocketAddr, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serve = move || {
        let mut requests = Vec::new();
        for replies in connections {
            let (mut stream, _) = listener.accept().unwrap();
            for reply in replies {
                let mut room = [0; 4_096];
                let count = stream.read(&mut room).unwrap();
                requests.push(String::from_utf8(room[..count].to_vec()).unwrap());
                stream.write_all(reply.as_bytes()).unwrap();
            }
        }
        requests
    };
    (address, Builder::new().spawn(serve).unwrap())
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[test]
fn every_framing_of_a_reply_is_understood() {
    let (address, server) = scripted(vec![vec![
        OK,
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n\
         HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nx-a: 2\r\n\r\n\
         2;ext\r\n[1\r\n1\r\n]\r\n0\r\nTrailer: x\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nto the end",
    ]]);
    let mut client = Client::connect(address).unwrap().bearer("t").with("X-B", "c");
    assert_eq!(client.get("/1").unwrap().body, b"ok");
    let reply = client.post("/2", &json!({"a": 1})).unwrap();
    assert_eq!((reply.status, reply.json(), reply.header("X-A")), (201, json!([1]), Some("1")));
    assert_eq!(reply.headers().filter(|(name, _)| name.eq_ignore_ascii_case("x-a")).count(), 2);
    assert_eq!(client.delete("/3").unwrap().status, 204);
    assert_eq!(client.get("/4").unwrap().status, 304);
    assert_eq!(client.send("HEAD", "/5", &[("X-D", "e")], b"").unwrap().body, b"");
    assert_eq!(client.get("/6").unwrap().text(), "to the end");
    let requests = server.join().unwrap();
    assert!(requests[1].starts_with("POST /2 HTTP/1.1\r\nHost: "), "{}", requests[1]);
    assert!(requests[1].contains("\r\nContent-Type: application/json\r\n"), "{}", requests[1]);
    assert!(requests[1].ends_with("Content-Length: 7\r\n\r\n{\"a\":1}"), "{}", requests[1]);
    assert!(requests[4].contains("\r\nAuthorization: Bearer t\r\nX-B: c\r\nX-D: e\r\n"));
}

#[test]
fn a_connection_closed_between_requests_is_made_again() {
    let closing = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    let (address, server) = scripted(vec![vec![OK], vec![closing], vec![OK]]);
    let mut client = Client::connect(address).unwrap();
    assert_eq!(client.get("/1").unwrap().status, 200);
    // Long enough for the client to look before it sends, and for the close to arrive.
    Stop::default().wait(Duration::from_millis(150));
    assert_eq!(client.post("/2", &json!(2)).unwrap().status, 200);
    assert_eq!(client.post("/3", &json!(3)).unwrap().status, 200);
    assert_eq!(server.join().unwrap().len(), 3);
}

#[test]
fn what_may_have_been_done_is_not_sent_again() {
    let (address, server) = scripted(vec![vec![OK, ""], vec![OK]]);
    let mut client = Client::connect(address).unwrap();
    assert_eq!(client.get("/1").unwrap().status, 200);
    let fault = client.post("/2", &json!(2)).unwrap_err();
    assert!(matches!(fault.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset));
    assert_eq!(client.get("/3").unwrap().status, 200);
    let requests = server.join().unwrap();
    assert_eq!(requests.iter().filter(|request| request.starts_with("POST")).count(), 1);
}

#[test]
fn what_is_idempotent_is_sent_again() {
    let (address, server) = scripted(vec![vec![OK, ""], vec![OK]]);
    let mut client = Client::connect(address).unwrap();
    assert_eq!(client.get("/1").unwrap().status, 200);
    assert_eq!(client.put("/2", &json!(2)).unwrap().status, 200);
    assert_eq!(server.join().unwrap().len(), 3);
}
