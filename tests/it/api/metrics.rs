//! `GET /metrics`.

use crate::kit::exposition::Figures;
use crate::kit::{Api, card, expect, ok};
use cardinal::clock::Millis;
use cardinal::config::Config;
use cardinal::testing::{Reply, Site};
use cardinal::worker;
use serde_json::json;
use std::time::Duration;

#[track_caller]
fn figures(reply: &Reply) -> Figures {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let media_type = "text/plain; version=0.0.4; charset=utf-8";
    assert_eq!(reply.header("Content-Type"), Some(media_type));
    Figures::read(&reply.text())
}

/// As whoever runs it sees them.
fn look(site: &Site) -> Figures {
    figures(&Api::nobody(site).get("/metrics"))
}

/// A site on which nothing happens by itself.
fn quiet() -> Site {
    Site::at(Millis(1_800_000_000_000), |config| {
        config.limits.buffer_time_max = Duration::from_hours(1);
    })
}

#[test]
fn they_are_there_from_the_beginning() {
    let figures = look(&quiet());
    for series in [
        "cardinal_versioned_updates_total{method=\"PATCH\",route=\"/api/cards/{id}\",outcome=\"conflict\"}",
        "cardinal_slug_allocations_total{outcome=\"exhausted\"}",
        "cardinal_operation_attempts_bucket{op=\"slug\",le=\"+Inf\"}",
        "cardinal_retried_operations_total{op=\"begin\",outcome=\"recovered\"}",
        "cardinal_idempotency_total{outcome=\"replayed\"}",
        "cardinal_logins_total{outcome=\"failed\"}",
        "cardinal_db_units_total",
        "cardinal_db_queue_length",
        "cardinal_db_readers_waiting",
        "cardinal_wal_bytes",
        "cardinal_checkpoints_total{result=\"whole\"}",
        "cardinal_buffered{what=\"hits\"}",
        "cardinal_hits_lost_total",
        "cardinal_throttled_total",
        "process_start_time_seconds",
        "process_cpu_seconds_total",
    ] {
        assert!(figures.has(series), "{series}");
    }
    assert_eq!(figures.count("process_start_time_seconds"), 1_800_000_000);
    assert_eq!(figures.count("cardinal_http_requests_in_flight"), 1, "this one");
    if cfg!(target_os = "linux") {
        assert!(figures.of("process_resident_memory_bytes") > 1_000_000.0);
        assert!(figures.of("process_open_fds") > 3.0);
        assert!(figures.of("process_max_fds") >= figures.of("process_open_fds"));
    }
}

#[test]
fn requests_are_counted_by_route_and_not_by_path() {
    let site = quiet();
    let mut ada = Api::of(&site.person("Ada"));
    let before = look(&site);
    let id = card(&mut ada, "Ada")["id"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        ok(&ada.get(&format!("/api/cards/{id}")), 200);
    }
    expect(&ada.get("/api/cards/nothing"), 404, "not-found");
    expect(&ada.get("/nowhere/at-all"), 404, "not-found");
    expect(&ada.send("BREW", "/api/cards", &[], b""), 405, "method-not-allowed");
    assert_eq!(ada.send("HEAD", "/livez", &[], b"").status, 200);
    let after = look(&site);
    after.grew(
        &before,
        &[
            ("cardinal_http_requests_total{method=\"POST\",route=\"/api/cards\",code=\"201\"}", 1),
            ("cardinal_http_requests_total{method=\"GET\",route=\"/api/cards/{id}\",code=\"200\"}", 3),
            ("cardinal_http_requests_total{method=\"GET\",route=\"/api/cards/{id}\",code=\"404\"}", 1),
            ("cardinal_http_requests_total{method=\"GET\",route=\"none\",code=\"404\"}", 1),
            ("cardinal_http_requests_total{method=\"other\",route=\"none\",code=\"405\"}", 1),
            ("cardinal_http_requests_total{method=\"GET\",route=\"/livez\",code=\"200\"}", 1),
            ("cardinal_http_requests_total{method=\"GET\",route=\"/metrics\",code=\"200\"}", 1),
            ("cardinal_http_request_duration_seconds_count{method=\"GET\",route=\"/api/cards/{id}\"}", 4),
            ("cardinal_http_request_duration_seconds_count{method=\"POST\",route=\"/api/cards\"}", 1),
        ],
    );
}

#[test]
fn what_the_writer_does_is_counted() {
    let site = quiet();
    let mut ada = Api::of(&site.person("Ada"));
    let before = look(&site);
    // The second gets a suffix, at the second try.
    for _ in 0..2 {
        card(&mut ada, "Ada");
    }
    expect(&ada.post("/api/cards", &json!({"name": "x", "slug": "ada"})), 409, "slug-taken");
    let after = look(&site);
    after.grew(
        &before,
        &[
            ("cardinal_db_units_total", 3),
            ("cardinal_db_commits_total", 2),
            ("cardinal_db_batch_units_count", 3),
            ("cardinal_db_batch_units_sum", 3),
            ("cardinal_db_commit_duration_seconds_count", 2),
            ("cardinal_db_write_duration_seconds_count", 3),
            ("cardinal_db_queue_full_total", 0),
            ("cardinal_db_begin_retries_total", 0),
            ("cardinal_slug_allocations_total{outcome=\"first_try\"}", 1),
            ("cardinal_slug_allocations_total{outcome=\"suffixed\"}", 1),
            ("cardinal_slug_allocations_total{outcome=\"exhausted\"}", 0),
            ("cardinal_operation_attempts_sum{op=\"slug\"}", 3),
            ("cardinal_operation_attempts_count{op=\"slug\"}", 2),
            ("cardinal_retried_operations_total{op=\"slug\",outcome=\"recovered\"}", 1),
        ],
    );
    assert!(after.of("cardinal_wal_frames") > before.of("cardinal_wal_frames"));
}

#[test]
fn version_conflicts_and_replays_are_counted() {
    let site = quiet();
    let mut ada = Api::of(&site.person("Ada"));
    let id = card(&mut ada, "Ada")["id"].as_str().unwrap().to_owned();
    let (path, before) = (format!("/api/cards/{id}"), look(&site));
    let change = json!({"name": "Countess", "version": 1});
    let key = [("Idempotency-Key", "one")];
    ok(&ada.json("PATCH", &path, &key, &change), 200);
    ok(&ada.json("PATCH", &path, &key, &change), 200);
    expect(&ada.json("PATCH", &path, &key, &json!({"name": "x"})), 422, "idempotency-key-reused");
    expect(&ada.patch(&path, &change), 409, "version-conflict");
    let stale = [("If-Match", "\"1\"")];
    expect(&ada.json("PATCH", &path, &stale, &json!({"name": "x"})), 412, "precondition-failed");
    expect(&ada.patch(&path, &json!({"name": "", "version": 2})), 422, "validation-failed");
    expect(&ada.patch("/api/cards/none", &change), 404, "not-found");
    let of = |outcome: &str| {
        let labels = "method=\"PATCH\",route=\"/api/cards/{id}\"";
        format!("cardinal_versioned_updates_total{{{labels},outcome=\"{outcome}\"}}")
    };
    look(&site).grew(
        &before,
        &[
            (&of("ok"), 1),
            (&of("conflict"), 2),
            (&of("not_found"), 1),
            (&of("rejected"), 2),
            ("cardinal_idempotency_total{outcome=\"new\"}", 1),
            ("cardinal_idempotency_total{outcome=\"replayed\"}", 1),
            ("cardinal_idempotency_total{outcome=\"mismatch\"}", 1),
        ],
    );
}

#[test]
fn logins_and_refusals_are_counted() {
    let site = quiet();
    let mut nobody = Api::nobody(&site);
    let (email, password) = ("ada@example.org", "correct horse battery staple");
    let new = json!({"email": email, "password": password, "display_name": "Ada"});
    ok(&nobody.post("/api/auth/register", &new), 201);
    let before = look(&site);
    let login = |nobody: &mut Api, password: &str| {
        nobody.post("/api/auth/login", &json!({"email": email, "password": password}))
    };
    ok(&login(&mut nobody, password), 200);
    for _ in 0..5 {
        expect(&login(&mut nobody, "a wrong one, and long enough"), 401, "invalid-credentials");
    }
    assert_eq!(login(&mut nobody, password).status, 429);
    look(&site).grew(
        &before,
        &[
            ("cardinal_logins_total{outcome=\"ok\"}", 1),
            ("cardinal_logins_total{outcome=\"failed\"}", 5),
            ("cardinal_throttled_total", 1),
        ],
    );
}

#[test]
fn jobs_are_told_by_queue_with_the_age_of_the_oldest() {
    let site = quiet();
    let mut root = Api::of(&site.admin("Root"));
    // A queue may have any name.
    let queue = "a \"queue\"\\";
    for n in 0..3 {
        let job = json!({"queue": queue, "kind": "k", "payload": n, "max_attempts": 1});
        ok(&root.post("/api/jobs", &job), 201);
    }
    let later =
        json!({"queue": queue, "kind": "k", "payload": 9, "run_at": "2030-01-01T00:00:00Z"});
    ok(&root.post("/api/jobs", &later), 201);
    site.clock().advance(Duration::from_secs(40));
    let claim = json!({"queue": queue, "worker": "w", "limit": 2});
    let claimed = ok(&root.post("/api/jobs/claim", &claim), 200);
    let first = &claimed["jobs"][0];
    let path = format!("/api/jobs/{}/fail", first["id"].as_str().unwrap());
    let failed = json!({"lease_token": first["lease_token"], "error": "no"});
    ok(&root.post(&path, &failed), 200);
    expect(&root.post(&path, &failed), 409, "lease-lost");
    let figures = look(&site);
    let of = |state: &str| {
        let queue = "a \\\"queue\\\"\\\\";
        figures.count(&format!("cardinal_jobs{{queue=\"{queue}\",state=\"{state}\"}}"))
    };
    let told = ["due", "scheduled", "running", "dead"].map(of);
    assert_eq!(told, [1, 1, 1, 1]);
    let age = "cardinal_job_oldest_due_age_seconds{queue=\"a \\\"queue\\\"\\\\\"}";
    assert_eq!(figures.count(age), 40);
    assert_eq!(figures.count("cardinal_job_leases_lost_total"), 1);
}

#[test]
fn what_waits_in_memory_is_told() {
    let site = quiet();
    card(&mut Api::of(&site.person("Ada")), "Ada");
    let waiting = |site: &Site| look(site).count("cardinal_buffered{what=\"hits\"}");
    assert_eq!(waiting(&site), 0);
    let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let mut reader = Api::nobody(&site).with("User-Agent", browser);
    assert_eq!(reader.get("/c/ada.json").status, 200);
    assert_eq!(waiting(&site), 1);
    worker::flush(site.running().state()).unwrap();
    assert_eq!(waiting(&site), 0);
}

#[test]
fn they_are_for_whoever_is_on_the_machine_and_for_admins() {
    let trusting = |config: &mut Config| {
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    };
    for site in [Site::start(), Site::with(trusting)] {
        figures(&Api::nobody(&site).get("/metrics"));
        // Behind a proxy on this machine everybody seems to be on it.
        for field in ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"] {
            let value = if field == "Forwarded" { "for=203.0.113.7" } else { "203.0.113.7" };
            let from_afar = |api: Api| api.with(field, value);
            let mut nobody = from_afar(Api::nobody(&site));
            expect(&nobody.get("/metrics"), 401, "unauthenticated");
            let mut ada = from_afar(Api::of(&site.person("Ada")));
            expect(&ada.get("/metrics"), 403, "forbidden");
            figures(&from_afar(Api::of(&site.admin("Root"))).get("/metrics"));
        }
    }
}
