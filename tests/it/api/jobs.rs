//! Jobs: asked for, claimed, and ended by whoever holds the lease.

use crate::kit::{Api, expect, ok, together};
use cardinal::clock::Millis;
use cardinal::testing::{Person, Reply, Site};
use cardinal::worker;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;

/// A site whose clock stands still, and an admin, who is every worker.
pub(super) struct Yard {
    pub(super) site: Site,
    pub(super) root: Person,
}

impl Yard {
    pub(super) fn open() -> Self {
        let site = Site::at(Millis(1_800_000_000_000), |_| {});
        let root = site.admin("Root");
        Self { site, root }
    }

    pub(super) fn api(&self) -> Api {
        Api::of(&self.root)
    }

    /// Lets time pass, and takes back what ran out.
    pub(super) fn pass(&self, span: Duration) {
        self.site.clock().advance(span);
        worker::reap(self.site.running().state()).unwrap();
    }

    /// A job of this kind, and what else it is to be.
    pub(super) fn job(&self, kind: &str, more: &Value) -> Value {
        let mut body = json!({"queue": "mail", "kind": kind, "payload": {"n": 1}});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ok(&self.api().post("/api/jobs", &body), 201)
    }

    fn claim(&self, limit: u64) -> Vec<Value> {
        let body = json!({"queue": "mail", "worker": "w1", "limit": limit});
        let told = ok(&self.api().post("/api/jobs/claim", &body), 200);
        told["jobs"].as_array().unwrap().clone()
    }

    /// The one job that is due.
    pub(super) fn claim_one(&self) -> Value {
        let claimed = self.claim(10);
        assert_eq!(claimed.len(), 1, "{claimed:?}");
        claimed[0].clone()
    }

    /// What the worker of this claim tells.
    fn tell(&self, claimed: &Value, verb: &str, more: &Value) -> Reply {
        let mut body = json!({"lease_token": claimed["lease_token"]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.api().post(&path(claimed, verb), &body)
    }

    fn decide(&self, job: &Value, verb: &str) -> Reply {
        self.api().post(&path(job, verb), &json!({}))
    }

    fn find(&self, job: &Value) -> Value {
        let id = job["id"].as_str().unwrap();
        ok(&self.api().get(&format!("/api/jobs/{id}")), 200)
    }
}

fn path(job: &Value, verb: &str) -> String {
    format!("/api/jobs/{}/{verb}", job["id"].as_str().unwrap())
}

#[track_caller]
fn lost(reply: &Reply, reason: &str) {
    assert_eq!(expect(reply, 409, "lease-lost")["reason"], reason, "{}", reply.text());
}

#[test]
fn a_job_is_asked_for_claimed_and_completed() {
    let yard = Yard::open();
    let job = yard.job("send", &json!({}));
    assert_eq!((&job["state"], &job["deduplicated"]), (&json!("available"), &json!(false)));
    assert_eq!((&job["priority"], &job["max_attempts"]), (&json!(100), &json!(10)));
    let claimed = yard.claim_one();
    assert_eq!((&claimed["id"], &claimed["payload"]), (&job["id"], &json!({"n": 1})));
    assert_eq!((&claimed["attempt"], &claimed["kind"]), (&json!(1), &json!("send")));
    assert_eq!(claimed["lease_until"], "2027-01-15T08:00:30.000Z");
    let running = yard.find(&job);
    assert_eq!((&running["state"], &running["worker"]), (&json!("running"), &json!("w1")));
    assert_eq!(running["lease_token"], Value::Null, "a token is its worker's alone");
    assert!(yard.claim(10).is_empty());
    yard.site.clock().advance(Duration::from_secs(7));
    let done = ok(&yard.tell(&claimed, "complete", &json!({})), 200);
    assert_eq!((&done["state"], &done["lease_until"]), (&json!("completed"), &Value::Null));
    assert_eq!(done["finished_at"], "2027-01-15T08:00:07.000Z");
    lost(&yard.tell(&claimed, "complete", &json!({})), "completed");
    assert_eq!(yard.find(&job), done);
}

#[test]
fn a_job_is_handed_out_once() {
    for callers in [2, 8, 64] {
        let yard = Yard::open();
        for n in 0..callers {
            yard.job(&format!("k{n}"), &json!({}));
        }
        let claimed = together(callers, |n| yard.claim(1 + u64::from(n % 2 == 0)));
        let ids: Vec<&str> = claimed.iter().flatten().map(|j| j["id"].as_str().unwrap()).collect();
        let different: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!((ids.len(), different.len()), (callers, callers));
    }
}

#[test]
fn the_lower_priority_goes_first_and_then_whoever_waits_longer() {
    let yard = Yard::open();
    for (kind, priority) in [("c", 100), ("d", 100), ("e", 1_000), ("a", 0), ("b", 7)] {
        yard.job(kind, &json!({"priority": priority}));
    }
    yard.job("never", &json!({"priority": 0, "run_at": "2027-01-15T08:00:01Z"}));
    ok(&yard.api().post("/api/jobs", &json!({"queue": "x", "kind": "y", "payload": null})), 201);
    let kinds =
        |jobs: Vec<Value>| -> Vec<Value> { jobs.iter().map(|j| j["kind"].clone()).collect() };
    assert_eq!(kinds(yard.claim(2)), ["a", "b"]);
    assert_eq!(kinds(yard.claim(100)), ["c", "d", "e"]);
}

#[test]
fn no_priority_starves() {
    let yard = Yard::open();
    let old = yard.job("old", &json!({"priority": 1_000}));
    yard.site.clock().advance(Duration::from_mins(2));
    for n in 1.. {
        yard.job("urgent", &json!({"priority": 0}));
        if yard.claim(1)[0]["id"] == old["id"] {
            break;
        }
        // One claim in ten is for it, at random: that so many are not is no chance.
        assert!(n < 1_000, "it starves");
    }
}

#[test]
fn a_job_waits_for_its_time() {
    let yard = Yard::open();
    let job = yard.job("later", &json!({"run_at": "2027-01-15T09:00:10+01:00"}));
    assert_eq!(job["run_at"], "2027-01-15T08:00:10.000Z");
    yard.site.clock().advance(Duration::from_millis(9_999));
    assert!(yard.claim(1).is_empty());
    yard.site.clock().advance(Duration::from_millis(1));
    yard.claim_one();
    // What is past is now: nobody gets in front by an old date.
    let job = yard.job("past", &json!({"run_at": "1970-01-01T00:00:00Z"}));
    assert_eq!(job["run_at"], job["created_at"]);
    let soon = yard.job("soon", &json!({"run_at": "9999-12-30T00:00:00Z"}));
    assert_eq!(ok(&yard.decide(&soon, "retry"), 200)["run_at"], job["run_at"]);
}

#[test]
fn a_heartbeat_holds_a_job_for_a_lease_from_now_on() {
    let yard = Yard::open();
    yard.job("long", &json!({}));
    let claimed = yard.claim_one();
    let until = |reply: Reply| ok(&reply, 200)["lease_until"].clone();
    yard.site.clock().advance(Duration::from_secs(10));
    assert_eq!(until(yard.tell(&claimed, "heartbeat", &json!({}))), "2027-01-15T08:00:40.000Z");
    assert_eq!(until(yard.tell(&claimed, "heartbeat", &json!({}))), "2027-01-15T08:00:40.000Z");
    let more = json!({"lease_seconds": 43_200});
    assert_eq!(until(yard.tell(&claimed, "heartbeat", &more)), "2027-01-15T20:00:10.000Z");
    yard.pass(Duration::from_hours(11));
    assert_eq!(until(yard.tell(&claimed, "heartbeat", &json!({}))), "2027-01-16T07:00:10.000Z");
    yard.pass(Duration::from_hours(12));
    lost(&yard.tell(&claimed, "heartbeat", &json!({})), "expired");
}

#[test]
fn a_lease_ends_at_its_end_and_no_later() {
    let yard = Yard::open();
    let job = yard.job("slow", &json!({}));
    let first = yard.claim_one();
    yard.site.clock().advance(Duration::from_millis(29_999));
    ok(&yard.tell(&first, "heartbeat", &json!({"lease_seconds": 1})), 200);
    yard.site.clock().advance(Duration::from_secs(1));
    // Over, though nobody has taken it back yet.
    for (verb, more) in [
        ("complete", json!({})),
        ("fail", json!({"error": "x"})),
        ("snooze", json!({"seconds": 1})),
    ] {
        lost(&yard.tell(&first, verb, &more), "expired");
    }
    assert!(yard.claim(1).is_empty());
    yard.pass(Duration::ZERO);
    let standing = yard.find(&job);
    assert_eq!((&standing["state"], &standing["attempt"]), (&json!("available"), &json!(1)));
    assert_eq!(standing["last_error"], "The lease ran out.");
    lost(&yard.tell(&first, "complete", &json!({})), "expired");
    yard.pass(Duration::from_secs(1));
    let second = yard.claim_one();
    assert_eq!((&second["attempt"], &second["id"]), (&json!(2), &job["id"]));
    lost(&yard.tell(&first, "complete", &json!({})), "reclaimed");
    lost(&yard.tell(&first, "heartbeat", &json!({})), "reclaimed");
    ok(&yard.tell(&second, "complete", &json!({})), 200);
    lost(&yard.tell(&first, "complete", &json!({})), "reclaimed");
}

#[test]
fn one_of_racing_completions_counts() {
    for callers in [2, 8, 64] {
        let yard = Yard::open();
        yard.job("once", &json!({}));
        let claimed = yard.claim_one();
        let told = together(callers, |_| yard.tell(&claimed, "complete", &json!({})));
        assert_eq!(told.iter().filter(|reply| reply.status == 200).count(), 1);
        told.iter().filter(|reply| reply.status != 200).for_each(|r| lost(r, "completed"));
    }
}

#[test]
fn a_failure_is_tried_again_until_it_is_given_up() {
    let yard = Yard::open();
    let job = yard.job("flaky", &json!({"max_attempts": 3}));
    for attempt in 1..=3 {
        let claimed = yard.claim_one();
        assert_eq!(
            (&claimed["attempt"], &claimed["lease_token"]),
            (&json!(attempt), &json!(attempt))
        );
        let told = ok(&yard.tell(&claimed, "fail", &json!({"error": "no\r\nluck"})), 200);
        assert_eq!(told["last_error"], "no\nluck");
        assert_eq!(told["state"], if attempt < 3 { "available" } else { "dead" });
        yard.pass(Duration::from_secs(4));
    }
    assert!(yard.claim(1).is_empty());
    // A further attempt is granted to what is dead, and no more than that.
    let again = ok(&yard.decide(&job, "retry"), 200);
    assert_eq!((&again["max_attempts"], &again["finished_at"]), (&json!(4), &Value::Null));
    let claimed = yard.claim_one();
    assert_eq!(claimed["attempt"], 4);
    lost(
        &yard.tell(&json!({"id": job["id"], "lease_token": 3}), "fail", &json!({"error": ""})),
        "reclaimed",
    );
    assert_eq!(ok(&yard.tell(&claimed, "fail", &json!({"error": ""})), 200)["state"], "dead");
    lost(&yard.tell(&claimed, "complete", &json!({})), "dead");
}

#[test]
fn a_worker_says_when_to_try_again() {
    let yard = Yard::open();
    yard.job("limited", &json!({}));
    let claimed = yard.claim_one();
    let told = yard.tell(&claimed, "fail", &json!({"error": "429", "retry_after": 60}));
    assert_eq!(ok(&told, 200)["run_at"], "2027-01-15T08:01:00.000Z");
    yard.pass(Duration::from_mins(1));
    let claimed = yard.claim_one();
    // Put off, an attempt does not count, however often.
    let told = ok(&yard.tell(&claimed, "snooze", &json!({"seconds": 60})), 200);
    assert_eq!(
        (&told["attempt"], &told["run_at"]),
        (&json!(1), &json!("2027-01-15T08:02:00.000Z"))
    );
    yard.pass(Duration::from_mins(1));
    let claimed = yard.claim_one();
    assert_eq!((&claimed["attempt"], &claimed["lease_token"]), (&json!(2), &json!(3)));
}

#[test]
fn a_job_that_nobody_has_is_cancelled_at_once() {
    let yard = Yard::open();
    let job = yard.job("unwanted", &json!({}));
    for _ in 0..2 {
        assert_eq!(ok(&yard.decide(&job, "cancel"), 200)["state"], "cancelled");
    }
    assert!(yard.claim(1).is_empty());
    assert_eq!(ok(&yard.decide(&job, "retry"), 200)["state"], "available");
    let claimed = yard.claim_one();
    expect(&yard.decide(&job, "retry"), 409, "job-running");
    ok(&yard.tell(&claimed, "complete", &json!({})), 200);
    for verb in ["cancel", "retry"] {
        let told = expect(&yard.decide(&job, verb), 409, "job-finished");
        assert_eq!(told["state"], "completed");
    }
}

#[test]
fn a_worker_is_told_that_its_job_is_cancelled() {
    let yard = Yard::open();
    let told_by = [("fail", json!({"error": "stopped"})), ("snooze", json!({"seconds": 5}))];
    for (verb, more) in told_by {
        let job = yard.job("unwanted", &json!({"max_attempts": 1}));
        let claimed = yard.claim_one();
        let told = ok(&yard.decide(&job, "cancel"), 200);
        assert_eq!((&told["state"], &told["cancel_requested"]), (&json!("running"), &json!(true)));
        lost(&yard.tell(&claimed, "heartbeat", &json!({})), "cancelled");
        lost(&yard.tell(&claimed, "complete", &json!({})), "cancelled");
        assert_eq!(ok(&yard.tell(&claimed, verb, &more), 200)["state"], "cancelled");
        lost(&yard.tell(&claimed, verb, &more), "cancelled");
    }
    // Or it says nothing more.
    let job = yard.job("unwanted", &json!({}));
    yard.claim_one();
    ok(&yard.decide(&job, "cancel"), 200);
    yard.pass(Duration::from_secs(30));
    assert_eq!(yard.find(&job)["state"], "cancelled");
}

#[test]
fn a_key_keeps_a_second_job_out_while_the_first_is_open() {
    let yard = Yard::open();
    for callers in [2, 8, 64] {
        let body =
            json!({"queue": "mail", "kind": "digest", "payload": callers, "dedupe_key": "ada"});
        let told = together(callers, |_| yard.api().post("/api/jobs", &body));
        let made = told.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(made, 1);
        for reply in told.iter().filter(|reply| reply.status != 201) {
            let told = ok(reply, 200);
            assert_eq!((&told["deduplicated"], &told["payload"]), (&json!(true), &json!(callers)));
        }
        let claimed = yard.claim_one();
        assert_eq!(ok(&yard.api().post("/api/jobs", &body), 200)["id"], claimed["id"]);
        ok(&yard.tell(&claimed, "complete", &json!({})), 200);
    }
    let other = json!({"dedupe_key": "ada"});
    let (first, _) = (yard.job("digest", &other), yard.job("another kind", &other));
    ok(&yard.decide(&first, "cancel"), 200);
    yard.job("digest", &other);
    expect(&yard.decide(&first, "retry"), 409, "duplicate-job");
}

#[test]
fn a_claim_with_a_key_is_told_again() {
    let yard = Yard::open();
    for n in 0..12 {
        let long = "x".repeat(60_000);
        yard.job(&format!("k{n}"), &json!({"payload": long}));
    }
    let body = json!({"queue": "mail", "worker": "w", "limit": 100});
    let key = [("Idempotency-Key", "a-claim")];
    let claim = || yard.api().json("POST", "/api/jobs/claim", &key, &body);
    let first = claim();
    let count = ok(&first, 200)["jobs"].as_array().unwrap().len();
    assert!((1..12).contains(&count), "an answer is as long as can be kept: {count}");
    let again = claim();
    assert_eq!((again.text(), again.header("Idempotent-Replayed")), (first.text(), Some("true")));
    assert_eq!(yard.claim(100).len(), 12 - count);
}

#[test]
fn what_is_over_is_kept_for_a_while() {
    let yard = Yard::open();
    let (done, dead, open) = (
        yard.job("a", &json!({})),
        yard.job("b", &json!({"max_attempts": 1})),
        yard.job("c", &json!({})),
    );
    let claimed = yard.claim(2);
    ok(&yard.tell(&claimed[0], "complete", &json!({})), 200);
    ok(&yard.tell(&claimed[1], "fail", &json!({"error": "x"})), 200);
    let there = |job: &Value| yard.api().get(path(job, "").trim_end_matches('/')).status;
    for (hours, expected) in
        [(23, [200, 200, 200]), (1, [404, 200, 200]), (29 * 24, [404, 404, 200])]
    {
        yard.pass(Duration::from_hours(hours));
        worker::prune(yard.site.running().state()).unwrap();
        assert_eq!([there(&done), there(&dead), there(&open)], expected);
    }
}

#[test]
fn the_worker_takes_back_what_ran_out_by_itself() {
    let site = Site::start();
    let yard = Yard { root: site.admin("Root"), site };
    let job = yard.job("lost", &json!({}));
    let body = json!({"queue": "mail", "worker": "gone", "lease_seconds": 1});
    ok(&yard.api().post("/api/jobs/claim", &body), 200);
    let (begun, never) = (cardinal::clock::Instant::now(), cardinal::clock::Stop::default());
    while yard.find(&job)["state"] != "available" {
        assert!(begun.elapsed() < crate::program::PATIENCE, "nobody takes it back");
        never.wait(Duration::from_millis(20));
    }
}
