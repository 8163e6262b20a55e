//! No room left: here a limit on the size of files, set on the running server and lifted again. The
//! signal that comes with it must be ignored, which a shell arranges.

use super::{assert_kept, body};
use crate::program::{BINARY, Home, Server};
use cardinal::clock::Instant;
use rustix::process::{Resource, Rlimit, prlimit};
use serde_json::json;
use std::process::Command;

fn room(server: &Server, bytes: Option<u64>) {
    let limit = Rlimit { current: bytes, maximum: None };
    prlimit(Some(server.pid()), Resource::Fsize, limit).unwrap();
}

#[test]
fn a_full_disk_is_told_and_got_over() {
    let home = Home::new();
    home.add_person("ada");
    let token = home.add_token("ada");
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "trap '' XFSZ; exec \"$0\" serve --listen 127.0.0.1:0 --data-dir \"$1\"",
        BINARY,
    ]);
    shell.arg(home.dir());
    let server = Server::start(shell, home.dir().parent().unwrap());
    let mut client = server.client(&token);
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let log = home.log_bytes();
        room(&server, Some(log + 64 * 1_024));
        let (mut refused, begun) = (0, Instant::now());
        for n in 0.. {
            assert!(begun.elapsed() < crate::program::PATIENCE, "the disk is never full");
            let name = format!("full-{round}-{n:04}");
            let reply = client.post("/api/cards", &body(&name)).unwrap();
            if reply.status == 201 {
                acknowledged.push(name);
                continue;
            }
            assert_eq!(
                (reply.status, &reply.json()["code"]),
                (503, &json!("disk-full")),
                "{}",
                reply.text()
            );
            assert!(reply.header("Retry-After").is_some(), "{}", reply.head);
            // Nothing of it stands, and whoever reads is served.
            let absent = client.get(&format!("/c/{name}.json")).unwrap();
            assert_eq!(absent.status, 404);
            if let Some(kept) = acknowledged.last() {
                assert_eq!(client.get(&format!("/c/{kept}.json")).unwrap().status, 200);
            }
            assert_eq!(client.get("/api/cards").unwrap().status, 200);
            refused += 1;
            if refused == 5 {
                break;
            }
        }
        room(&server, None);
        let name = format!("room-{round}");
        let reply = client.post("/api/cards", &body(&name)).unwrap();
        assert_eq!(reply.status, 201, "room again, and no restart: {}", reply.text());
        acknowledged.push(name);
    }
    acknowledged.sort();
    assert_kept(&home, &server, &acknowledged);
    server.stop();
    let again = home.serve();
    assert_kept(&home, &again, &acknowledged);
    again.stop();
}
