//! Trials: what a visitor without an account may try.

use super::users::newcomer;
use crate::kit::{Api, expect, faults, ok, together};
use cardinal::testing::Site;
use serde_json::{Value, json};
use std::time::Duration;

/// The trial of a visitor.
fn trial(site: &Site, visitor: &str) -> Value {
    let reply = Api::nobody(site).post("/api/trials", &json!({"visitor_id": visitor}));
    assert!(matches!(reply.status, 200 | 201), "{}", reply.text());
    reply.json()
}

fn spend(site: &Site, trial: &Value, visitor: &str) -> cardinal::testing::Reply {
    let path = format!("/api/trials/{}/use", trial["id"].as_str().unwrap());
    Api::nobody(site).post(&path, &json!({"visitor_id": visitor}))
}

/// What registers somebody who has tried.
fn with_trial(name: &str, trial: &Value) -> Value {
    let mut body = newcomer(name);
    body["trial_id"] = trial["id"].clone();
    body
}

fn limited(uses: u32) -> Site {
    Site::with(|config| config.limits.trial_uses_max = uses)
}

#[test]
fn a_visitor_has_one_trial_however_often_it_is_asked_for() {
    let site = Site::start();
    let mut nobody = Api::nobody(&site);
    let first = ok(&nobody.post("/api/trials", &json!({"visitor_id": "v1"})), 201);
    assert_eq!(
        (&first["used"], &first["limit"], &first["remaining"]),
        (&json!(0), &json!(10), &json!(10))
    );
    let again = ok(&nobody.post("/api/trials", &json!({"visitor_id": " v1 "})), 200);
    assert_eq!(again, first);
    assert_ne!(trial(&site, "v2")["id"], first["id"]);
}

#[test]
fn of_racing_first_calls_one_makes_the_trial() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let replies = together(callers, |_| {
            Api::nobody(&site).post("/api/trials", &json!({"visitor_id": "v"}))
        });
        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
        let first = replies[0].json();
        for reply in &replies {
            assert!(matches!(reply.status, 200 | 201), "{}", reply.text());
            assert_eq!(reply.json(), first);
        }
    }
}

#[test]
fn a_trial_is_used_up_and_never_more() {
    for callers in [2, 8, 64] {
        let limit = u32::try_from(callers).unwrap() / 2;
        let site = limited(limit);
        let made = trial(&site, "v");
        let replies = together(callers, |_| spend(&site, &made, "v"));
        let mut used: Vec<u64> = Vec::new();
        for reply in &replies {
            if reply.status == 200 {
                used.push(reply.json()["used"].as_u64().unwrap());
            } else {
                let told = expect(reply, 409, "trial-exhausted");
                assert_eq!((&told["used"], &told["limit"]), (&json!(limit), &json!(limit)));
            }
        }
        used.sort_unstable();
        assert_eq!(used, (1..=u64::from(limit)).collect::<Vec<_>>());
        assert_eq!(trial(&site, "v")["remaining"], 0);
    }
}

#[test]
fn a_limit_of_none_allows_nothing() {
    let site = limited(0);
    expect(&spend(&site, &trial(&site, "v"), "v"), 409, "trial-exhausted");
}

#[test]
fn a_trial_is_its_visitors_alone() {
    let site = Site::start();
    let made = trial(&site, "v");
    expect(&spend(&site, &made, "somebody else"), 404, "not-found");
    expect(&spend(&site, &json!({"id": "no-id"}), "v"), 404, "not-found");
    let unknown = json!({"id": "01890000-0000-7000-8000-000000000000"});
    expect(&spend(&site, &unknown, "v"), 404, "not-found");
    assert_eq!(trial(&site, "v")["used"], 0);
}

#[test]
fn a_trial_outlives_the_day_and_a_restart() {
    let site = Site::at(cardinal::clock::Millis(1_700_000_000_000), |_| {});
    let made = trial(&site, "v");
    ok(&spend(&site, &made, "v"), 200);
    site.clock().advance(Duration::from_hours(400 * 24));
    let site = site.restart();
    let later = trial(&site, "v");
    assert_eq!((&later["id"], &later["used"]), (&made["id"], &json!(1)));
}

#[test]
fn a_trial_becomes_one_account() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let made = trial(&site, "v");
        let replies = together(callers, |n| {
            let body = with_trial(&format!("Ada{n}"), &made);
            Api::nobody(&site).post("/api/auth/register", &body)
        });
        let told = replies.iter().map(|reply| ok(reply, 201)["trial_converted"].clone());
        assert_eq!(told.filter(|converted| *converted == true).count(), 1);
        let told = expect(&spend(&site, &made, "v"), 409, "trial-converted");
        assert_eq!(told["used"], 0);
    }
}

#[test]
fn a_registration_that_fails_converts_nothing() {
    let site = Site::start();
    ok(&Api::nobody(&site).post("/api/auth/register", &newcomer("Ada")), 201);
    let made = trial(&site, "v");
    let mut nobody = Api::nobody(&site);
    expect(&nobody.post("/api/auth/register", &with_trial("Ada", &made)), 409, "email-taken");
    let grace = ok(&nobody.post("/api/auth/register", &with_trial("Grace", &made)), 201);
    assert_eq!(grace["trial_converted"], true);
    let progress = Api::bearer(&site, grace["token"].as_str().unwrap()).get("/api/progress");
    assert_eq!(ok(&progress, 200)["xp"], 50);
    // Whoever deletes the account does not get the trial back.
    let mut grace = Api::bearer(&site, grace["token"].as_str().unwrap());
    ok(&grace.delete("/api/me?version=1"), 200);
    let joan = ok(&nobody.post("/api/auth/register", &with_trial("Joan", &made)), 201);
    assert_eq!(joan["trial_converted"], false);
}

#[test]
fn registering_without_a_trial_converts_none() {
    let site = Site::start();
    let mut nobody = Api::nobody(&site);
    let ada = ok(&nobody.post("/api/auth/register", &newcomer("Ada")), 201);
    assert_eq!(ada["trial_converted"], false);
    let unknown = json!({"id": "01890000-0000-7000-8000-000000000000"});
    let grace = ok(&nobody.post("/api/auth/register", &with_trial("Grace", &unknown)), 201);
    assert_eq!(grace["trial_converted"], false);
    let reply = nobody.post("/api/auth/register", &with_trial("Joan", &json!({"id": "v"})));
    faults(&reply, &[("/trial_id", "uuid")]);
}

#[test]
fn what_is_no_visitor_is_refused() {
    let site = Site::start();
    let mut nobody = Api::nobody(&site);
    for (visitor, code) in [
        (json!(""), "blank"),
        (json!("  "), "blank"),
        (json!("v".repeat(201)), "too-long"),
        (json!("a\u{0}b"), "control"),
        (json!(7), "type"),
        (json!(null), "type"),
    ] {
        let reply = nobody.post("/api/trials", &json!({"visitor_id": visitor}));
        faults(&reply, &[("/visitor_id", code)]);
    }
    let reply = nobody.post("/api/trials", &json!({"visitor": "v"}));
    faults(&reply, &[("/visitor_id", "required"), ("/visitor", "unknown")]);
}

#[test]
fn an_address_makes_only_so_many_trials() {
    let site = Site::with(|config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config.limits.anonymous_writes_max = 3;
    });
    let ask = |address: &str, visitor: &str| {
        let mut api = Api::nobody(&site).with("X-Forwarded-For", address);
        api.post("/api/trials", &json!({"visitor_id": visitor}))
    };
    for visitor in ["a", "b", "c"] {
        ok(&ask("192.0.2.1", visitor), 201);
    }
    let refused = ask("192.0.2.1", "d");
    expect(&refused, 429, "rate-limited");
    assert!(refused.header("Retry-After").is_some());
    ok(&ask("192.0.2.2", "d"), 201);
}

#[test]
fn no_address_stands_in_the_file() {
    let site = Site::with(|config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    });
    let mut api = Api::nobody(&site).with("X-Forwarded-For", "203.0.113.77");
    ok(&api.post("/api/trials", &json!({"visitor_id": "v"})), 201);
    let hash = site.store().read::<_, cardinal::error::Error>(|read| {
        let sql = "SELECT ip_hash FROM trials";
        read.one(sql, [], |row| row.get::<_, [u8; 32]>(0))
    });
    let plain: [u8; 32] =
        sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix([203, 0, 113, 77]))
            .into();
    assert_ne!(hash.unwrap(), plain, "a hash without a secret is no secret");
    for name in ["cardinal.db", "cardinal.db-wal"] {
        let bytes = std::fs::read(site.data_dir().join(name)).unwrap();
        for address in [&b"203.0.113.77"[..], &[203, 0, 113, 77]] {
            let found = bytes.windows(address.len()).any(|window| window == address);
            assert!(!found, "{name} holds an address");
        }
    }
}
