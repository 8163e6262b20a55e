//! Jobs: what is refused, who may, and lists.

use super::jobs::Yard;
use crate::kit::{Api, expect, faults, ok};
use serde_json::{Value, json};

const ABSENT: &str = "/api/jobs/0190b5a0-0000-7000-8000-000000000000";

#[test]
fn what_cannot_be_a_job_is_refused() {
    let yard = Yard::open();
    let mut root = yard.api();
    faults(
        &root.post("/api/jobs", &json!({})),
        &[("/queue", "required"), ("/kind", "required"), ("/payload", "required")],
    );
    let long = "x".repeat(100_000);
    for (name, value, code) in [
        ("queue", json!(""), "blank"),
        ("queue", json!(7), "type"),
        ("queue", json!(long), "too-long"),
        ("kind", json!("a\u{0}b"), "control"),
        ("kind", json!("\u{200b}"), "blank"),
        ("kind", json!("k".repeat(101)), "too-long"),
        ("run_at", json!("tomorrow"), "date-time"),
        ("run_at", json!("2027-02-30T00:00:00Z"), "date-time"),
        ("run_at", json!("2027-01-31"), "date-time"),
        ("run_at", json!(1_800_000_000), "type"),
        ("priority", json!(-1), "range"),
        ("priority", json!(1_001), "range"),
        ("priority", json!(1.5), "type"),
        ("priority", json!("1"), "type"),
        ("max_attempts", json!(0), "range"),
        ("max_attempts", json!(101), "range"),
        ("dedupe_key", json!(""), "blank"),
        ("dedupe_key", json!(long), "too-long"),
        ("state", json!("completed"), "unknown"),
        ("lease_token", json!(1), "unknown"),
    ] {
        let mut body = json!({"queue": "q", "kind": "k", "payload": {}});
        body[name] = value.clone();
        let told = root.post("/api/jobs", &body);
        assert_eq!(told.status, 422, "{name}: {value}");
        faults(&told, &[(&format!("/{name}"), code)]);
    }
    assert_eq!(ok(&root.get("/api/jobs"), 200)["items"], json!([]));
}

#[test]
fn a_payload_is_any_json_up_to_64_kib() {
    let yard = Yard::open();
    for payload in [
        Value::Null,
        json!(false),
        json!(-1.5e-300),
        json!(u64::MAX),
        json!(""),
        json!("\u{0}\u{1f600}\"\\"),
        json!([]),
        json!({"": {"a": [null, {"b": "c"}]}}),
        json!("x".repeat(64 * 1_024 - 2)),
    ] {
        let job = yard.job("any", &json!({"payload": payload}));
        assert_eq!(job["payload"], payload);
        assert_eq!(yard.claim_one()["payload"], payload);
    }
    let body = json!({"queue": "q", "kind": "k", "payload": "é".repeat(32 * 1_024)});
    expect(&yard.api().post("/api/jobs", &body), 413, "payload-too-large");
}

#[test]
fn what_a_worker_cannot_mean_is_refused() {
    let yard = Yard::open();
    let mut root = yard.api();
    let claim = |name: &str, value: Value| {
        let mut body = json!({"queue": "mail", "worker": "w"});
        body[name] = value;
        body
    };
    for (name, value, code) in [
        ("worker", json!(" "), "blank"),
        ("worker", json!("w".repeat(101)), "too-long"),
        ("queue", json!(["mail"]), "type"),
        ("limit", json!(0), "range"),
        ("limit", json!(101), "range"),
        ("lease_seconds", json!(0), "range"),
        ("lease_seconds", json!(43_201), "range"),
        ("lease_seconds", json!("30"), "type"),
        ("kind", json!("k"), "unknown"),
    ] {
        let told = root.post("/api/jobs/claim", &claim(name, value));
        faults(&told, &[(&format!("/{name}"), code)]);
    }
}

#[test]
fn what_a_worker_cannot_tell_is_refused() {
    let yard = Yard::open();
    let mut root = yard.api();
    let job = yard.job("k", &json!({}));
    let of = |verb: &str| format!("/api/jobs/{}/{verb}", job["id"].as_str().unwrap());
    let claimed = yard.claim_one();
    for verb in ["complete", "heartbeat"] {
        faults(&root.post(&of(verb), &json!({})), &[("/lease_token", "required")]);
        for (token, code) in [(json!("1"), "type"), (json!(0), "range"), (json!(1e300), "type")] {
            let told = root.post(&of(verb), &json!({"lease_token": token}));
            faults(&told, &[("/lease_token", code)]);
        }
        let told = root.post(&of(verb), &json!({"lease_token": 9_007_199_254_740_991_i64}));
        assert_eq!(expect(&told, 409, "lease-lost")["reason"], "reclaimed");
    }
    let token = &claimed["lease_token"];
    for (verb, body, pointer, code) in [
        ("fail", json!({"lease_token": token}), "/error", "required"),
        ("fail", json!({"lease_token": token, "error": "\u{1b}[0m"}), "/error", "control"),
        ("fail", json!({"lease_token": token, "error": "x".repeat(10_001)}), "/error", "too-long"),
        (
            "fail",
            json!({"lease_token": token, "error": "", "retry_after": -1}),
            "/retry_after",
            "range",
        ),
        (
            "fail",
            json!({"lease_token": token, "error": "", "retry_after": 2_592_001}),
            "/retry_after",
            "range",
        ),
        ("snooze", json!({"lease_token": token}), "/seconds", "required"),
        ("snooze", json!({"lease_token": token, "seconds": 1e12}), "/seconds", "type"),
        ("heartbeat", json!({"lease_token": token, "lease_seconds": 0}), "/lease_seconds", "range"),
    ] {
        faults(&root.post(&of(verb), &body), &[(pointer, code)]);
    }
    ok(&root.post(&of("complete"), &json!({"lease_token": token})), 200);
}

#[test]
fn there_is_no_such_job() {
    let yard = Yard::open();
    let mut root = yard.api();
    expect(&root.get(ABSENT), 404, "not-found");
    expect(&root.get("/api/jobs/1"), 404, "not-found");
    let (told, failed) = (json!({"lease_token": 1}), json!({"lease_token": 1, "error": "x"}));
    for (path, body) in [
        ("/api/jobs/0190b5a0-0000-7000-8000-000000000000/complete", &told),
        ("/api/jobs/0190b5a0-0000-7000-8000-000000000000/heartbeat", &told),
        ("/api/jobs/0190b5a0-0000-7000-8000-000000000000/fail", &failed),
        (
            "/api/jobs/0190b5a0-0000-7000-8000-000000000000/snooze",
            &json!({"lease_token": 1, "seconds": 1}),
        ),
        ("/api/jobs/0190b5a0-0000-7000-8000-000000000000/cancel", &json!({})),
        ("/api/jobs/nothing/retry", &json!({})),
    ] {
        expect(&root.post(path, body), 404, "not-found");
    }
}

#[test]
fn jobs_are_an_admins_by_either_scope() {
    let yard = Yard::open();
    let mut root = yard.api();
    let token = |root: &mut Api, scopes: &[&str]| {
        let made = ok(&root.post("/api/tokens", &json!({"name": "t", "scopes": scopes})), 201);
        Api::bearer(&yard.site, made["token"].as_str().unwrap())
    };
    let body = json!({"queue": "q", "worker": "w"});
    for scopes in [&["jobs"][..], &["admin"], &["jobs", "admin"]] {
        ok(&token(&mut root, scopes).post("/api/jobs/claim", &body), 200);
    }
    let refused = token(&mut root, &["cards:write", "webhooks"]).post("/api/jobs/claim", &body);
    expect(&refused, 403, "insufficient-scope");
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"jobs\"";
    assert_eq!(refused.header("WWW-Authenticate"), Some(challenge));
    // The scope for jobs opens nothing else of an admin's.
    expect(&token(&mut root, &["jobs"]).get("/api/flags"), 403, "insufficient-scope");
    let mut ada = Api::of(&yard.site.person("Ada"));
    expect(&ada.post("/api/jobs/claim", &body), 403, "forbidden");
    expect(&ada.get(ABSENT), 403, "forbidden");
    expect(&Api::nobody(&yard.site).get("/api/jobs"), 401, "unauthenticated");
}

#[test]
fn jobs_are_listed_newest_first_by_queue_and_state() {
    let yard = Yard::open();
    let mut root = yard.api();
    for n in 0..5 {
        yard.job(
            &format!("k{n}"),
            &json!({"queue": if n % 2 == 0 { "even" } else { "odd of it" }}),
        );
    }
    let claim = json!({"queue": "even", "worker": "w", "limit": 2});
    ok(&root.post("/api/jobs/claim", &claim), 200);
    let mut kinds = |query: &str| -> Vec<String> {
        let told = ok(&root.get(&format!("/api/jobs{query}")), 200);
        let items = told["items"].as_array().unwrap();
        items.iter().map(|job| job["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(""), ["k4", "k3", "k2", "k1", "k0"]);
    assert_eq!(kinds("?queue=odd+of%20it"), ["k3", "k1"]);
    assert_eq!(kinds("?state=running"), ["k2", "k0"]);
    assert_eq!(kinds("?state=available&queue=even"), ["k4"]);
    assert_eq!(kinds("?queue=nobody%27s"), [""; 0]);
    let first = root.get("/api/jobs?state=available&limit=2");
    let next = first.header("Link").unwrap().split(['<', '>']).nth(1).unwrap().to_owned();
    assert!(next.starts_with("/api/jobs?state=available&limit=2&cursor="), "{next}");
    let rest = ok(&root.get(&next), 200);
    assert_eq!((&rest["items"][0]["kind"], &rest["next_cursor"]), (&json!("k1"), &Value::Null));
    for (query, name, code) in [
        ("state=done", "state", "choice"),
        ("limit=0", "limit", "range"),
        ("cursor=x", "cursor", "cursor"),
    ] {
        faults(&root.get(&format!("/api/jobs?{query}")), &[(name, code)]);
    }
}
