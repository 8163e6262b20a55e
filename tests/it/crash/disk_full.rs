//! No room left: here a limit on the size of files, set on the running server and lifted again. The
//! signal that comes with it must be ignored, which a shell arranges.

use super::{assert_kept, body};
use crate::program::{BINARY, Home, Server};
use cardinal::clock::Instant;
use cardinal::testing::Client;
use rustix::process::{Resource, Rlimit, prlimit};
use serde_json::json;
use std::process::Command;

fn room(server: &Server, bytes: Option<u64>) {
    let limit = Rlimit { current: bytes, maximum: None };
    prlimit(Some(server.pid()), Resource::Fsize, limit).unwrap();
}

fn serve(home: &Home) -> Server {
    let script = "trap '' XFSZ; exec \"$0\" serve --listen 127.0.0.1:0 --data-dir \"$1\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, BINARY]).arg(home.dir());
    Server::start(shell, home.dir().parent().unwrap())
}

/// Writes until there is no room, and some more; what was acknowledged.
fn fill(client: &mut Client, round: usize) -> Vec<String> {
    let (mut acknowledged, mut refused, begun) = (Vec::new(), 0, Instant::now());
    while refused < 5 {
        assert!(begun.elapsed() < crate::program::PATIENCE, "the disk is never full");
        let name = format!("full-{round}-{:04}", acknowledged.len() + refused);
        let reply = client.post("/api/cards", &body(&name)).unwrap();
        if reply.status == 201 {
            acknowledged.push(name);
            continue;
        }
        let code = &reply.json()["code"];
        assert_eq!((reply.status, code), (503, &json!("disk-full")), "{}", reply.text());
        assert!(reply.header("Retry-After").is_some(), "{}", reply.head);
        // Nothing of it stands, and whoever reads is served.
        assert_eq!(client.get(&format!("/c/{name}.json")).unwrap().status, 404);
        if let Some(kept) = acknowledged.last() {
            assert_eq!(client.get(&format!("/c/{kept}.json")).unwrap().status, 200);
        }
        assert_eq!(client.get("/api/cards").unwrap().status, 200);
        refused += 1;
    }
    acknowledged
}

#[test]
fn a_full_disk_is_told_and_got_over() {
    let home = Home::new();
    home.add_person("ada");
    let token = home.add_token("ada");
    let server = serve(&home);
    let mut client = server.client(&token);
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        room(&server, Some(home.log_bytes() + 64 * 1_024));
        acknowledged.append(&mut fill(&mut client, round));
        let mut balancer = server.anybody();
        for path in ["/readyz", "/healthz", "/readyz"] {
            let reply = balancer.get(path).unwrap();
            assert_eq!((reply.status, &reply.json()["code"]), (503, &json!("disk-full")), "{path}");
        }
        assert_eq!(balancer.get("/livez").unwrap().status, 200);
        room(&server, None);
        // Nobody is sent any more, and still it finds out.
        assert_eq!(balancer.get("/readyz").unwrap().status, 200);
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
