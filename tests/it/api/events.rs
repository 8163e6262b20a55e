//! Events of shares that are reported.

use super::tracking::shared;
use crate::kit::{Api, expect, faults, ok, together};
use cardinal::clock::Millis;
use cardinal::domain::events::Event;
use cardinal::testing::{Reply, Site};
use serde_json::json;
use std::time::Duration;

fn report(api: &mut Api, share: &str, event: &str) -> Reply {
    api.post("/api/events", &json!({"tracking_id": share, "type": event}))
}

#[test]
fn of_racing_reports_of_one_event_one_is_the_first() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let ada = site.person("Ada");
        let (share, _) = shared(&mut Api::of(&ada));
        let replies = together(callers, |_| report(&mut Api::of(&ada), &share, "open"));
        let told: Vec<_> = replies.iter().map(|reply| ok(reply, 200)).collect();
        assert_eq!(told.iter().filter(|told| told["first"] == true).count(), 1);
        let mut totals: Vec<_> = told.iter().map(|told| told["total"].as_u64().unwrap()).collect();
        totals.sort_unstable();
        assert_eq!(totals, (1..=callers as u64).collect::<Vec<_>>());
        let first = told.iter().find(|told| told["first"] == true).unwrap();
        assert_eq!(first["total"], 1);
        assert!(told.iter().all(|told| told["first_at"] == first["first_at"]), "{told:?}");
    }
}

#[test]
fn the_first_time_stands() {
    let site = Site::at(Millis(1_700_000_000_000), |_| {});
    let mut ada = Api::of(&site.person("Ada"));
    let (share, _) = shared(&mut ada);
    for (event, name) in Event::WORDS.iter().zip(["opened", "clicked", "viewed", "bounced"]) {
        let now = site.clock().now().to_string();
        let first = ok(&report(&mut ada, &share, event), 200);
        assert_eq!(first, json!({"first": true, "first_at": now, "total": 1}));
        site.clock().advance(Duration::from_mins(1));
        let second = ok(&report(&mut ada, &share, event), 200);
        assert_eq!(second, json!({"first": false, "first_at": now, "total": 2}));
        let found = ok(&ada.get(&format!("/api/shares/{share}")), 200);
        let told = json!({"first_at": now, "first_human_at": now, "total": 2, "human_total": 2});
        assert_eq!(found[name], told);
    }
}

#[test]
fn its_owner_and_an_admin_report_of_a_share() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (share, _) = shared(&mut ada);
    let (mut grace, mut admin) = (Api::of(&site.person("Grace")), Api::of(&site.admin("Root")));
    expect(&report(&mut grace, &share, "open"), 404, "not-found");
    assert_eq!(ok(&report(&mut admin, &share, "open"), 200)["first"], true);
    assert_eq!(ok(&report(&mut ada, &share, "open"), 200)["total"], 2);
    expect(&report(&mut admin, "nobodys-tracking-id", "open"), 404, "not-found");
}

#[test]
fn what_is_no_event_is_refused() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (share, _) = shared(&mut ada);
    faults(&report(&mut ada, &share, "sale"), &[("/type", "choice")]);
    faults(&report(&mut ada, "short", "open"), &[("/tracking_id", "too-short")]);
    faults(&report(&mut ada, &"a".repeat(100_000), "open"), &[("/tracking_id", "too-long")]);
    faults(&report(&mut ada, "sixteen letters!", "open"), &[("/tracking_id", "tracking-id")]);
    faults(&report(&mut ada, "sixteen\u{0}letters", "open"), &[("/tracking_id", "control")]);
    let reply = ada.post("/api/events", &json!({"tracking_id": 7, "at": "2026-01-01T00:00:00Z"}));
    let told = [("/tracking_id", "type"), ("/type", "required"), ("/at", "unknown")];
    faults(&reply, &told);
}

#[test]
fn a_key_reports_once() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (share, _) = shared(&mut ada);
    let body = json!({"tracking_id": share, "type": "bounce"});
    let key = [("Idempotency-Key", "once")];
    let first = ok(&ada.json("POST", "/api/events", &key, &body), 200);
    assert_eq!(ok(&ada.json("POST", "/api/events", &key, &body), 200), first);
    assert_eq!(ok(&ada.post("/api/events", &body), 200)["total"], 2);
}
