//! Jobs across a kill of the server that handed them out.

use super::kill::await_count;
use crate::program::{Home, PASSWORD, Server, run_with};
use cardinal::testing::{Client, Reply};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

const WORKERS: usize = 4;
const JOBS: usize = 400;

/// A token that works jobs.
fn token(home: &Home) -> String {
    let email = "root@example.org";
    let mut command = home.command(&["user", "add", email, "--name", "Root", "--role", "admin"]);
    command.arg("--password-stdin");
    run_with(command, PASSWORD).done();
    let told = home.run(&["token", "add", email, "--name", "worker", "--scope", "jobs"]);
    told.done().trim().to_owned()
}

fn enqueue(client: &mut Client, count: usize) {
    for n in 0..count {
        let body = json!({"queue": "q", "kind": "k", "payload": n});
        assert_eq!(client.post("/api/jobs", &body).unwrap().status, 201);
    }
}

/// A job, if one is due, for long.
fn claim(client: &mut Client) -> io::Result<Option<Value>> {
    let body = json!({"queue": "q", "worker": "w", "lease_seconds": 3_600});
    let reply = client.post("/api/jobs/claim", &body)?;
    assert_eq!(reply.status, 200, "{}", reply.text());
    Ok(reply.json()["jobs"].get(0).cloned())
}

fn tell(client: &mut Client, claimed: &Value, verb: &str) -> io::Result<Reply> {
    let path = format!("/api/jobs/{}/{verb}", claimed["id"].as_str().unwrap());
    client.post(&path, &json!({"lease_token": claimed["lease_token"]}))
}

fn find(client: &mut Client, claimed: &Value) -> Value {
    let path = format!("/api/jobs/{}", claimed["id"].as_str().unwrap());
    client.get(&path).unwrap().json()
}

/// Kills the server as a power cut would, and starts it again.
fn restart(home: &Home, mut server: Server) -> Server {
    server.signal(Signal::KILL);
    assert_eq!(server.wait(), None, "killed, not ended");
    home.serve()
}

#[test]
fn a_remote_workers_lease_outlives_a_kill() {
    let home = Home::new();
    let token = token(&home);
    let server = home.serve();
    enqueue(&mut server.client(&token), 1);
    let claimed = claim(&mut server.client(&token)).unwrap().unwrap();
    let server = restart(&home, server);
    let mut client = server.client(&token);
    let found = find(&mut client, &claimed);
    assert_eq!((&found["state"], &found["attempt"]), (&json!("running"), &json!(1)));
    assert_eq!(found["lease_until"], claimed["lease_until"]);
    assert_eq!(claim(&mut client).unwrap(), None, "it is handed out to nobody else");
    assert_eq!(tell(&mut client, &claimed, "heartbeat").unwrap().status, 200);
    assert_eq!(tell(&mut client, &claimed, "complete").unwrap().status, 200);
    let again = tell(&mut client, &claimed, "complete").unwrap();
    assert_eq!((again.status, &again.json()["reason"]), (409, &json!("completed")));
    home.run(&["check"]).done();
    server.stop();
}

/// What a worker knows when the server is gone.
struct Known {
    /// Claims that it was told of.
    claimed: Vec<Value>,
    /// How many of them, from the first, it was told to have completed.
    completed: usize,
}

/// Claims and completes until the server is gone.
fn work(mut client: Client, done: &AtomicUsize) -> Known {
    let mut known = Known { claimed: Vec::new(), completed: 0 };
    while let Ok(Some(claimed)) = claim(&mut client) {
        known.claimed.push(claimed.clone());
        let Ok(reply) = tell(&mut client, &claimed, "complete") else { break };
        assert_eq!(reply.status, 200, "{}", reply.text());
        known.completed += 1;
        done.fetch_add(1, Ordering::SeqCst);
    }
    known
}

#[test]
fn no_kill_hands_a_job_out_twice_or_forgets_that_it_is_done() {
    let home = Home::new();
    let token = token(&home);
    let server = home.serve();
    enqueue(&mut server.client(&token), JOBS);
    let done = AtomicUsize::new(0);
    let (server, known) = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| {
                let (client, done) = (server.client(&token), &done);
                scope.spawn(move || work(client, done))
            })
            .collect();
        await_count(&done, JOBS / 4);
        let server = restart(&home, server);
        let known: Vec<Known> = workers.into_iter().map(|worker| worker.join().unwrap()).collect();
        (server, known)
    });
    let mut client = server.client(&token);
    let mut seen = HashSet::new();
    for Known { claimed, completed } in &known {
        for (n, job) in claimed.iter().enumerate() {
            assert!(seen.insert(job["id"].to_string()), "a job was handed out twice");
            let state = find(&mut client, job)["state"].clone();
            if n < *completed {
                assert_eq!(state, "completed", "it was acknowledged");
            } else {
                // Nobody knows whether the last word was heard; saying it again does no harm.
                let status = tell(&mut client, job, "complete").unwrap().status;
                assert_eq!(status, if state == "completed" { 409 } else { 200 });
            }
        }
    }
    // Those that nobody has been told of are handed out now, but for claims whose answer was lost.
    let mut rest = 0;
    while let Some(job) = claim(&mut client).unwrap() {
        assert!(seen.insert(job["id"].to_string()), "a job was handed out twice");
        rest += 1;
    }
    assert!(rest > 0 && JOBS - seen.len() <= WORKERS, "{rest} of {JOBS}, {} seen", seen.len());
    home.run(&["check"]).done();
    server.stop();
}
