//! `/api/subscription`, and `/api/admin/users/{id}/subscription`: what somebody may have, and who decides it.

use crate::kit::{Api, card, expect, faults, ok, together};
use cardinal::clock::Millis;
use cardinal::domain::subscriptions::{Status, Tier, tiers};
use cardinal::error::Error;
use cardinal::testing::{Person, Site};
use cardinal::worker;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const OWN: &str = "/api/subscription";

fn path(person: &Person) -> String {
    format!("/api/admin/users/{}/subscription", person.user.id)
}

/// Somebody, and an admin with the path to that person's subscription.
fn two(site: &Site) -> (Api, Api, String) {
    let person = site.person("Ada");
    (Api::of(&person), Api::of(&site.admin("Root")), path(&person))
}

#[test]
fn everybody_has_a_subscription_from_birth() {
    let site =
        Site::at(Millis(1_800_000_000_000), |config| config.default_tier = "standard".into());
    let (mut ada, mut root, path) = two(&site);
    let reply = ada.get(OWN);
    let told = ok(&reply, 200);
    let expected = json!({
        "tier": "standard",
        "status": "active",
        "limits": {"max_cards": 50, "max_webhooks": 10},
        "started_at": "2027-01-15T08:00:00.000Z",
        "expires_at": null,
        "version": 1,
    });
    assert_eq!(told, expected);
    let tag = reply.header("ETag").unwrap();
    let again = ada.send("GET", OWN, &[("If-None-Match", tag)], b"");
    assert_eq!((again.status, again.header("ETag")), (304, Some(tag)));
    let seen = root.get(&path);
    assert_eq!((ok(&seen, 200), seen.header("ETag")), (told, Some(tag)));
    let again = root.send("GET", &path, &[("If-None-Match", tag)], b"");
    assert_eq!(again.status, 304);
}

#[test]
fn an_admin_decides_and_nobody_else() {
    let site = Site::start();
    let (mut ada, mut root, path) = two(&site);
    let change = json!({"tier": "standard", "status": "active", "version": 1});
    expect(&ada.get(&path), 403, "forbidden");
    expect(&ada.put(&path, &change), 403, "forbidden");
    let reply = root.put(&path, &change);
    let now = ok(&reply, 200);
    assert_eq!((&now["tier"], &now["version"]), (&json!("standard"), &json!(2)));
    assert!(reply.header("ETag").unwrap().ends_with("-2\""));
    assert_eq!(ok(&ada.get(OWN), 200), now);
    for nobody in ["0190b5a0-0000-7000-8000-000000000000", "nobody", "%00"] {
        let path = format!("/api/admin/users/{nobody}/subscription");
        expect(&root.get(&path), 404, "not-found");
        expect(&root.put(&path, &change), 404, "not-found");
    }
}

#[test]
fn a_change_builds_upon_what_stands() {
    let site = Site::start();
    let (_, mut root, path) = two(&site);
    let change = |version: Value| json!({"tier": "free", "status": "active", "version": version});
    let unversioned = json!({"tier": "free", "status": "active"});
    expect(&root.put(&path, &unversioned), 428, "precondition-required");
    let first = ok(&root.put(&path, &change(json!("1"))), 200);
    assert_eq!(first["version"], 2);
    let lost = root.put(&path, &change(json!(1)));
    let told = expect(&lost, 409, "version-conflict");
    assert_eq!((&told["currentVersion"], &told["current"]), (&json!(2), &first));
    expect(
        &root.json("PUT", &path, &[("If-Match", "\"x-1\"")], &unversioned),
        412,
        "precondition-failed",
    );
    // The same again changes nothing, also sent back whole.
    assert_eq!(ok(&root.put(&path, &change(json!(2))), 200), first);
    assert_eq!(ok(&root.put(&path, &first), 200), first);
    let tag = root.get(&path).header("ETag").unwrap().to_owned();
    let paused = json!({"tier": "free", "status": "paused"});
    let now = ok(&root.json("PUT", &path, &[("If-Match", &tag)], &paused), 200);
    assert_eq!((&now["status"], &now["version"]), (&json!("paused"), &json!(3)));
}

#[test]
fn a_subscription_goes_only_the_ways_there_are() {
    let site = Site::start();
    let mut root = Api::of(&site.admin("Root"));
    let ways: [(&str, &[&str]); 4] = [
        ("active", &["paused", "cancelled", "expired"]),
        ("paused", &["active", "cancelled"]),
        ("cancelled", &["active"]),
        ("expired", &["active"]),
    ];
    for (from, allowed) in ways {
        for to in Status::WORDS {
            let path = path(&site.person("Ada"));
            let step = |status: &str, version: &Value| -> Value {
                json!({"tier": "unlimited", "status": status, "version": version})
            };
            let stands = ok(&root.put(&path, &step(from, &json!(1))), 200);
            let reply = root.put(&path, &step(to, &stands["version"]));
            if *to == from || allowed.contains(to) {
                let version = stands["version"].as_i64().unwrap() + i64::from(*to != from);
                let now = ok(&reply, 200);
                assert_eq!((&now["status"], &now["version"]), (&json!(to), &json!(version)));
            } else {
                let told = expect(&reply, 409, "illegal-transition");
                assert_eq!((&told["from"], &told["to"]), (&json!(from), &json!(to)));
                assert_eq!(told["allowed"], json!(allowed));
                assert_eq!(ok(&root.get(&path), 200), stands);
            }
        }
    }
}

#[test]
fn what_a_subscription_must_not_be_is_refused() {
    let site = Site::start();
    let (_, mut root, path) = two(&site);
    for (body, expected) in [
        (json!({"version": 1}), &[("/status", "required"), ("/tier", "required")][..]),
        (
            json!({"version": 1, "tier": "gold", "status": 7, "expires_at": "soon", "x": 1}),
            &[
                ("/expires_at", "time"),
                ("/status", "choice"),
                ("/tier", "choice"),
                ("/x", "unknown"),
            ],
        ),
        (
            json!({"version": 1, "tier": null, "status": null, "expires_at": 5}),
            &[("/expires_at", "type"), ("/status", "choice"), ("/tier", "choice")],
        ),
        (
            json!({"version": 1, "tier": "free", "status": "active",
                   "expires_at": "the day after tomorrow, at noon"}),
            &[("/expires_at", "time")],
        ),
        (
            json!({"version": 1, "tier": "free", "status": "paused",
                   "expires_at": "-009999-01-01T00:00:00Z"}),
            &[("/expires_at", "time")],
        ),
        (
            json!({"version": 1, "tier": "free", "status": "active",
                   "limits": {"max_cards": 9}, "started_at": "2020-01-01T00:00:00.000Z"}),
            &[("/limits", "read-only"), ("/started_at", "read-only")],
        ),
        (
            json!({"version": 1, "tier": "free", "status": "active",
                   "expires_at": "2020-01-01T00:00:00Z"}),
            &[("/expires_at", "past")],
        ),
        (
            json!({"version": 1, "tier": "x".repeat(100_000), "status": "active\u{0}"}),
            &[("/status", "choice"), ("/tier", "choice")],
        ),
    ] {
        faults(&root.put(&path, &body), expected);
    }
    assert_eq!(ok(&root.get(&path), 200)["version"], 1);
}

#[test]
fn a_subscription_ends_when_it_was_to() {
    let site = Site::at(Millis(1_800_000_000_000), |_| {});
    let (mut ada, mut root, path) = two(&site);
    let mut put = |status: &str, version: i64, end: Option<Value>| {
        let mut body = json!({"tier": "unlimited", "status": status, "version": version});
        if let Some(end) = end {
            body["expires_at"] = end;
        }
        root.put(&path, &body)
    };
    let end = "2027-01-16T08:00:00.000Z";
    assert_eq!(ok(&put("active", 1, Some(json!(end))), 200)["expires_at"], end);
    assert_eq!(ok(&put("paused", 2, None), 200)["expires_at"], end, "what is not said stays");
    assert_eq!(ok(&put("active", 3, Some(Value::Null)), 200)["expires_at"], Value::Null);
    let sooner = "2027-01-16T10:00:00+02:00";
    assert_eq!(ok(&put("active", 4, Some(json!(sooner))), 200)["expires_at"], end);
    let state = site.running().state();
    site.clock().advance(Duration::from_millis(24 * 60 * 60 * 1_000 - 1));
    worker::prune(state).unwrap();
    assert_eq!(ok(&ada.get(OWN), 200)["version"], 5);
    site.clock().advance(Duration::from_millis(1));
    for _ in 0..2 {
        worker::prune(state).unwrap();
        let now = ok(&ada.get(OWN), 200);
        assert_eq!((&now["status"], &now["version"]), (&json!("expired"), &json!(6)));
        assert_eq!(now["limits"], json!({"max_cards": 5, "max_webhooks": 2}));
        assert_eq!(now["tier"], "unlimited");
    }
    // It goes on only with another end, or none.
    faults(&put("active", 6, None), &[("/expires_at", "past")]);
    assert_eq!(ok(&put("active", 6, Some(Value::Null)), 200)["limits"]["max_cards"], 1_000_000);
}

#[test]
fn a_downgrade_leaves_what_there_is_and_adds_nothing() {
    let site = Site::start();
    let (mut ada, mut root, path) = two(&site);
    let cards: Vec<Value> = (0..7).map(|n| card(&mut ada, &format!("Card {n}"))).collect();
    let stages = [("free", "active", 1), ("unlimited", "paused", 2), ("unlimited", "cancelled", 3)];
    for (tier, status, version) in stages {
        let body = json!({"tier": tier, "status": status, "version": version});
        assert_eq!(ok(&root.put(&path, &body), 200)["limits"]["max_cards"], 5);
        let refused = ada.post("/api/cards", &json!({"name": "One more"}));
        assert_eq!(expect(&refused, 409, "quota-exceeded")["limit"], 5);
        assert_eq!(ok(&ada.get("/api/cards"), 200)["items"].as_array().unwrap().len(), 7);
    }
    // What is there can be changed, and makes room only below what is allowed.
    let (first, rest) = cards.split_first().unwrap();
    let patch = json!({"name": "Still mine", "version": first["version"]});
    ok(&ada.patch(&format!("/api/cards/{}", first["id"].as_str().unwrap()), &patch), 200);
    for gone in &rest[..3] {
        expect(&ada.post("/api/cards", &json!({"name": "No"})), 409, "quota-exceeded");
        ok(&ada.delete(&format!("/api/cards/{}?version=1", gone["id"].as_str().unwrap())), 200);
    }
    card(&mut ada, "Fifth");
    expect(&ada.post("/api/cards", &json!({"name": "No"})), 409, "quota-exceeded");
    let back = json!({"tier": "unlimited", "status": "active", "version": 4});
    ok(&root.put(&path, &back), 200);
    card(&mut ada, "Sixth");
}

#[test]
fn of_racing_changes_of_one_version_one_counts() {
    for count in [2, 8, 64] {
        let site = Site::start();
        let (person, root) = (site.person("Ada"), site.admin("Root"));
        let replies = together(count, |n| {
            let status = ["paused", "cancelled"][n % 2];
            let body = json!({"tier": "free", "status": status, "version": 1});
            Api::of(&root).put(&path(&person), &body)
        });
        let won: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(won.len(), 1, "{count} at once");
        for lost in replies.iter().filter(|reply| reply.status != 200) {
            assert_eq!(expect(lost, 409, "version-conflict")["current"], won[0].json());
        }
        assert_eq!(ok(&Api::of(&person).get(OWN), 200), won[0].json());
    }
}

/// No card is made by a request that began after the pause was acknowledged, and none counts beyond it.
#[test]
fn a_pause_holds_from_its_acknowledgment_on() {
    for count in [2, 8, 64] {
        let site = Site::start();
        let (person, root) = (site.person("Ada"), site.admin("Root"));
        let mut ada = Api::of(&person);
        for n in 0..5 {
            card(&mut ada, &format!("Card {n}"));
        }
        let acknowledged = AtomicBool::new(false);
        together(count, |n| {
            let mut api = Api::of(&person);
            if n == 0 {
                let body = json!({"tier": "unlimited", "status": "paused", "version": 1});
                ok(&Api::of(&root).put(&path(&person), &body), 200);
                acknowledged.store(true, Ordering::SeqCst);
            }
            loop {
                let late = acknowledged.load(Ordering::SeqCst);
                let reply = api.post("/api/cards", &json!({"name": "One more"}));
                if reply.status != 201 {
                    expect(&reply, 409, "quota-exceeded");
                    break;
                }
                assert!(!late, "a card was made after the pause");
            }
        });
    }
}

/// Whatever the program may overlook, the schema refuses in the product's words.
#[test]
fn a_step_that_the_schema_refuses_is_told_as_a_conflict() {
    let site = Site::start();
    let (mut ada, mut root, path) = two(&site);
    let expired = json!({"tier": "free", "status": "expired", "version": 1});
    ok(&root.put(&path, &expired), 200);
    let step = "UPDATE subscriptions SET status = 'paused', version = version + 1";
    let told = site.store().write(|tx| tx.change(step, [])).unwrap_err();
    let Error::Conflict(conflict) = told else { panic!("{told:?}") };
    assert_eq!(conflict.code, "illegal-transition");
    assert_eq!(ok(&ada.get(OWN), 200)["version"], 2);
}

#[test]
fn the_tiers_of_the_schema_are_those_of_the_type() {
    let site = Site::start();
    assert_eq!(site.store().read(tiers).unwrap(), Tier::WORDS);
}
