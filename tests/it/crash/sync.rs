//! Killed at the very call that waits for the disk: what was acknowledged is before it. Needs strace, and
//! the right to trace.

use super::{assert_kept, body, cards};
use crate::program::{BINARY, Home, Server, skip};
use std::process::Command;

/// Whether this machine lets strace do what it is to do.
fn strace_works() -> bool {
    let tried = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=none", BINARY, "--version"])
        .output();
    tried.is_ok_and(|told| told.status.success())
}

/// A server whose threads are killed at their `nth` wait for the disk.
fn killed_at(home: &Home, nth: usize) -> Server {
    let mut traced = Command::new("strace");
    let inject = format!("inject=fdatasync,fsync:signal=KILL:when={nth}");
    traced.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", &inject]);
    traced.arg(BINARY).args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(home.dir());
    Server::start(traced, home.dir().parent().unwrap())
}

#[test]
fn what_was_acknowledged_was_on_the_disk() {
    if !strace_works() {
        return skip("strace is absent, or may not trace");
    }
    let home = Home::new();
    home.add_person("ada");
    let token = home.add_token("ada");
    // The start of a server is a few waits of its own.
    let (mut acknowledged, mut asked) = (Vec::new(), 0);
    for nth in [12, 17, 23] {
        let mut server = killed_at(&home, nth);
        let mut client = server.client(&token);
        let before = acknowledged.len();
        for n in 0..200 {
            let name = format!("at-{nth}-{n}");
            asked += 1;
            let Ok(reply) = client.post("/api/cards", &body(&name)) else { break };
            assert_eq!(reply.status, 201, "{}", reply.text());
            acknowledged.push(name);
        }
        assert_eq!(server.wait(), None, "killed, not ended");
        // Each card was acknowledged after a wait of its own: one client, one card in each commit.
        assert!(acknowledged.len() - before < nth, "{} at {nth}", acknowledged.len() - before);
        let again = home.serve();
        acknowledged.sort();
        assert_kept(&home, &again, &acknowledged);
        assert!(cards(&home).len() <= asked);
        again.stop();
    }
}
