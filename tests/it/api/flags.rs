//! `/api/flags`: made once, changed by version, toggled once for each key; and every version in its history.

use crate::kit::{Api, expect, faults, ok, together};
use cardinal::domain::flags::BUILTINS;
use cardinal::testing::{Person, Reply, Site};
use serde_json::{Value, json};

fn admin(site: &Site) -> (Person, Api) {
    let admin = site.admin("Grace");
    let api = Api::of(&admin);
    (admin, api)
}

/// Toggles under a key.
fn toggle(api: &mut Api, flag: &str, key: &str) -> Reply {
    api.json("POST", &format!("/api/flags/{flag}/toggle"), &[("Idempotency-Key", key)], &json!({}))
}

/// What there is of a flag's history, oldest first: the version and the change.
fn history(api: &mut Api, flag: &str) -> Vec<(i64, Value)> {
    let page = ok(&api.get(&format!("/api/flags/{flag}/audit?limit=200")), 200);
    let items = page["items"].as_array().unwrap().iter().rev();
    items.map(|entry| (entry["version"].as_i64().unwrap(), entry["change"].clone())).collect()
}

#[test]
fn a_flag_is_made_changed_and_found() {
    let site = Site::start();
    let (_, mut grace) = admin(&site);
    let new = json!({"enabled": true, "percentage": 25, "description": " Beta \n"});
    let made = ok(&grace.put("/api/flags/beta.ui", &new), 201);
    assert_eq!((&made["key"], &made["version"]), (&json!("beta.ui"), &json!(1)));
    assert_eq!((&made["percentage"], &made["description"]), (&json!(25), &json!("Beta")));
    let found = grace.get("/api/flags/beta.ui");
    assert_eq!((ok(&found, 200), found.header("ETag")), (made.clone(), Some("\"beta.ui-1\"")));
    let known = grace.json(
        "GET",
        "/api/flags/beta.ui",
        &[("If-None-Match", "\"beta.ui-1\"")],
        &json!(null),
    );
    assert_eq!((known.status, known.body.len()), (304, 0));

    // Sent back whole it is taken, and changes nothing.
    assert_eq!(ok(&grace.put("/api/flags/beta.ui", &made), 200), made);
    // What is put is the whole: what is not said is the default again.
    let whole = ok(&grace.put("/api/flags/beta.ui", &json!({"version": "1"})), 200);
    assert_eq!((&whole["enabled"], &whole["percentage"]), (&json!(false), &json!(100)));
    assert_eq!((&whole["description"], &whole["version"]), (&json!(""), &json!(2)));
    assert_eq!(whole["created_at"], made["created_at"]);
    let by_tag = [("If-Match", "\"beta.ui-2\"")];
    let on = grace.json("PUT", "/api/flags/beta.ui", &by_tag, &json!({"enabled": true}));
    assert_eq!(ok(&on, 200)["version"], 3);
}

#[test]
fn a_flag_that_stands_is_changed_by_version_only() {
    let site = Site::start();
    let (_, mut grace) = admin(&site);
    let (path, on) = ("/api/flags/beta", json!({"enabled": true}));
    let stale = expect(&grace.put(path, &json!({"version": 1})), 409, "version-conflict");
    assert_eq!((&stale["currentVersion"], &stale["current"]["version"]), (&json!(0), &json!(0)));
    for absent in ["*", "\"beta-1\""] {
        let reply = grace.json("PUT", path, &[("If-Match", absent)], &on);
        expect(&reply, 412, "precondition-failed");
    }
    let made = ok(&grace.json("PUT", path, &[("If-None-Match", "*")], &on), 201);
    expect(&grace.put(path, &on), 428, "precondition-required");
    let again = grace.json("PUT", path, &[("If-None-Match", "*")], &on);
    assert_eq!(expect(&again, 412, "precondition-failed")["current"], made);
    let stale = expect(&grace.put(path, &json!({"version": 0})), 409, "version-conflict");
    assert_eq!((&stale["currentVersion"], &stale["expectedVersion"]), (&json!(1), &json!(0)));
    let old = grace.json("PUT", path, &[("If-Match", "\"beta-7\"")], &on);
    assert_eq!(expect(&old, 412, "precondition-failed")["expectedVersion"], 7);
    // The order: media type, precondition, syntax, version, content.
    let send = |grace: &mut Api, body: &str, fields: &[(&str, &str)]| {
        grace.send("PUT", path, fields, body.as_bytes())
    };
    let xml = [("Content-Type", "text/xml"), ("If-Match", "\"beta-7\"")];
    expect(&send(&mut grace, "{", &xml), 415, "unsupported-media-type");
    expect(&send(&mut grace, "{", &xml[1..]), 412, "precondition-failed");
    expect(&send(&mut grace, "{", &[]), 400, "invalid-json");
    let worst = json!({"version": 9, "percentage": 900});
    expect(&grace.put(path, &worst), 409, "version-conflict");
    assert_eq!(ok(&grace.get(path), 200), made);
}

#[test]
fn what_a_flag_must_not_be_is_refused() {
    let site = Site::start();
    let (_, mut grace) = admin(&site);
    let bad = json!({
        "enabled": "yes", "percentage": 101, "description": "a\u{0}b", "key": "other",
        "created_at": "2026-01-01T00:00:00Z", "nope": 1,
    });
    faults(
        &grace.put("/api/flags/beta", &bad),
        &[
            ("/enabled", "type"),
            ("/percentage", "range"),
            ("/description", "control"),
            ("/key", "read-only"),
            ("/created_at", "read-only"),
            ("/nope", "unknown"),
        ],
    );
    for percentage in [json!(-1), json!(12.5), json!("50"), json!(1e300), json!(true)] {
        let reply = grace.put("/api/flags/beta", &json!({"percentage": percentage}));
        expect(&reply, 422, "validation-failed");
    }
    let long = json!({"description": "é".repeat(501)});
    faults(&grace.put("/api/flags/beta", &long), &[("/description", "too-long")]);
    ok(&grace.put("/api/flags/beta", &json!({"description": "é".repeat(500)})), 201);
    for version in [json!(-1), json!("x"), json!(1.5), json!([])] {
        expect(
            &grace.put("/api/flags/beta", &json!({"version": version})),
            422,
            "validation-failed",
        );
    }
    let long = "x".repeat(65);
    for key in ["Beta", "-a", ".a", "a%20b", "%C3%A9", "a%00", "a%2Fb", "%7Bkey%7D", &long] {
        let path = format!("/api/flags/{key}");
        faults(&grace.put(&path, &json!({"enabled": true})), &[("key", "key")]);
        expect(&grace.get(&path), 404, "not-found");
        expect(&toggle(&mut grace, key, "k"), 404, "not-found");
        expect(&grace.get(&format!("{path}/audit")), 404, "not-found");
        expect(&grace.get(&format!("{path}/overrides")), 404, "not-found");
    }
}

#[test]
fn flags_are_for_admins() {
    let site = Site::start();
    let (mut ada, mut nobody) = (Api::of(&site.person("Ada")), Api::nobody(&site));
    let person = "/api/flags/beta/overrides/0190b5a0-0000-7000-8000-000000000000";
    for (method, path) in [
        ("GET", "/api/flags"),
        ("GET", "/api/flags/beta"),
        ("PUT", "/api/flags/beta"),
        ("POST", "/api/flags/beta/toggle"),
        ("GET", "/api/flags/beta/overrides"),
        ("GET", "/api/flags/beta/audit"),
        ("PUT", person),
        ("DELETE", person),
    ] {
        expect(&nobody.send(method, path, &[], b"{"), 401, "unauthenticated");
        expect(&ada.send(method, path, &[], b"{"), 403, "forbidden");
    }
    let (_, mut grace) = admin(&site);
    let scopes = json!({"name": "t", "scopes": ["cards:read", "profile:write"]});
    let made = ok(&grace.post("/api/tokens", &scopes), 201);
    let mut narrow = Api::bearer(&site, made["token"].as_str().unwrap());
    expect(&narrow.put("/api/flags/beta", &json!({})), 403, "insufficient-scope");
}

#[test]
fn flags_are_listed_by_key_with_what_is_built_in() {
    let site = Site::start();
    let (_, mut grace) = admin(&site);
    for key in ["z", "a", "s.1", "m"] {
        ok(&grace.put(&format!("/api/flags/{key}"), &json!({})), 201);
    }
    let (mut keys, mut path) = (Vec::new(), "/api/flags?limit=2".to_owned());
    loop {
        let page = ok(&grace.get(&path), 200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        keys.extend(items.iter().map(|flag| flag["key"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("/api/flags?limit=2&cursor={next}");
    }
    assert_eq!(keys, ["a", "leads-form", "m", "registration", "s.1", "z"]);
    let built_in = ok(&grace.get("/api/flags/registration"), 200);
    assert_eq!((&built_in["version"], &built_in["enabled"]), (&json!(0), &json!(true)));
    assert_eq!(built_in["created_at"], Value::Null);
    // Saved, it is a flag like any other, and listed once.
    ok(&grace.put("/api/flags/registration", &built_in), 201);
    let all = ok(&grace.get("/api/flags"), 200);
    assert_eq!(all["items"].as_array().unwrap().len(), 6);
    expect(&grace.get("/api/flags?cursor=%00"), 422, "validation-failed");
    expect(&grace.get("/api/flags?limit=0"), 422, "validation-failed");
}

#[test]
fn a_toggle_takes_a_key_and_counts_once_for_it() {
    let site = Site::start();
    let (_, mut grace) = admin(&site);
    let unkeyed = grace.post("/api/flags/beta/toggle", &json!({}));
    expect(&unkeyed, 404, "not-found");
    ok(&grace.put("/api/flags/beta", &json!({"enabled": true, "percentage": 5})), 201);
    let unkeyed = grace.post("/api/flags/beta/toggle", &json!({}));
    expect(&unkeyed, 400, "idempotency-key-missing");
    let first = toggle(&mut grace, "beta", "k1");
    assert_eq!(ok(&first, 200), json!({"enabled": false, "version": 2}));
    let again = toggle(&mut grace, "beta", "k1");
    assert_eq!((&again.body, again.header("Idempotent-Replayed")), (&first.body, Some("true")));
    assert_eq!(ok(&toggle(&mut grace, "beta", "k2"), 200), json!({"enabled": true, "version": 3}));
    assert_eq!(ok(&grace.get("/api/flags/beta"), 200)["percentage"], 5);
    let other = [("Idempotency-Key", "k1")];
    let reused = grace.json("POST", "/api/flags/beta/toggle", &other, &json!({"x": 1}));
    expect(&reused, 422, "idempotency-key-reused");
    let unknown = [("Idempotency-Key", "k3")];
    let unknown = grace.json("POST", "/api/flags/beta/toggle", &unknown, &json!({"x": 1}));
    faults(&unknown, &[("/x", "unknown")]);
}

#[test]
fn an_override_sets_one_person_apart_and_is_idempotent() {
    let site = Site::start();
    let (_, mut grace) = admin(&site);
    let ada = site.person("Ada").user.id;
    let path = format!("/api/flags/beta/overrides/{ada}");
    expect(&grace.put(&path, &json!({"enabled": true})), 404, "not-found");
    ok(&grace.put("/api/flags/beta", &json!({})), 201);
    let told = |enabled: Option<bool>, changed: bool, version: i64| {
        let (key, user) = ("beta", ada);
        json!({"key": key, "user_id": user, "enabled": enabled, "changed": changed, "version": version})
    };
    let on = json!({"enabled": true});
    assert_eq!(ok(&grace.put(&path, &on), 200), told(Some(true), true, 2));
    assert_eq!(ok(&grace.put(&path, &on), 200), told(Some(true), false, 2));
    let off = ok(&grace.put(&path, &json!({"enabled": false})), 200);
    assert_eq!(off, told(Some(false), true, 3));
    let list = ok(&grace.get("/api/flags/beta/overrides"), 200);
    assert_eq!(list["items"], json!([{"user_id": ada, "enabled": false}]));
    let stale = grace.json("PUT", &path, &[("If-Match", "\"beta-2\"")], &on);
    assert_eq!(expect(&stale, 412, "precondition-failed")["currentVersion"], 3);
    assert_eq!(ok(&grace.delete(&path), 200), told(None, true, 4));
    assert_eq!(ok(&grace.delete(&path), 200), told(None, false, 4));
    faults(&grace.put(&path, &json!({})), &[("/enabled", "required")]);
    faults(
        &grace.put(&path, &json!({"enabled": 1, "version": 1})),
        &[("/enabled", "type"), ("/version", "unknown")],
    );
    for nobody in ["0190b5a0-0000-7000-8000-000000000000", "ada", "%00"] {
        let path = format!("/api/flags/beta/overrides/{nobody}");
        expect(&grace.put(&path, &on), 404, "not-found");
        expect(&grace.delete(&path), 404, "not-found");
    }
}

#[test]
fn every_version_leaves_one_entry_that_says_who_did_what() {
    let site = Site::start();
    let (person, mut grace) = admin(&site);
    let ada = site.person("Ada").user.id;
    ok(&grace.put("/api/flags/beta", &json!({"percentage": 10})), 201);
    for _ in 0..2 {
        ok(&toggle(&mut grace, "beta", "k1"), 200);
    }
    let path = format!("/api/flags/beta/overrides/{ada}");
    ok(&grace.put(&path, &json!({"enabled": true})), 200);
    ok(&grace.put(&path, &json!({"enabled": true})), 200);
    ok(&grace.delete(&path), 200);
    let unchanged = ok(&grace.get("/api/flags/beta"), 200);
    ok(&grace.put("/api/flags/beta", &unchanged), 200);
    let was = json!({"enabled": false, "percentage": 10, "description": ""});
    let is = json!({"enabled": true, "percentage": 10, "description": ""});
    assert_eq!(
        history(&mut grace, "beta"),
        [
            (1, json!({"before": null, "after": was})),
            (2, json!({"before": was, "after": is})),
            (3, json!({"override": ada, "before": null, "after": true})),
            (4, json!({"override": ada, "before": true, "after": null})),
        ]
    );
    let page = ok(&grace.get("/api/flags/beta/audit?limit=1"), 200);
    assert_eq!((&page["items"][0]["version"], &page["next_cursor"]), (&json!(4), &json!("4")));
    assert_eq!(page["items"][0]["actor"], json!(person.user.id));
    let rest = ok(&grace.get("/api/flags/beta/audit?limit=3&cursor=4"), 200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 3);
    assert_eq!(rest["next_cursor"], Value::Null);
    // A person who goes takes overrides along, and leaves the history.
    ok(&grace.put(&path, &json!({"enabled": true})), 200);
    let mut her = Api::of(&site.person("Eve"));
    ok(&her.delete("/api/me?version=1"), 200);
    assert_eq!(history(&mut grace, "beta").len(), 5);
}

#[test]
fn what_is_built_in_can_be_toggled_and_overridden_before_it_is_saved() {
    let site = Site::start();
    let (_, mut grace) = admin(&site);
    let ada = site.person("Ada").user.id;
    let path = format!("/api/flags/registration/overrides/{ada}");
    // To take out what is not there saves nothing.
    assert_eq!(ok(&grace.delete(&path), 200)["version"], 0);
    assert!(history(&mut grace, "registration").is_empty());
    let off = ok(&toggle(&mut grace, "registration", "k1"), 200);
    assert_eq!(off, json!({"enabled": false, "version": 2}));
    assert_eq!(history(&mut grace, "registration").len(), 2);
    ok(&grace.put(&path, &json!({"enabled": true})), 200);
    assert_eq!(history(&mut grace, "registration").len(), 3);
}

/// A registration of somebody new.
fn register(site: &Site, name: &str) -> Reply {
    let body = json!({
        "email": format!("{name}@example.org"), "display_name": name,
        "password": "fourteen grey herons by the weir",
    });
    Api::nobody(site).post("/api/auth/register", &body)
}

#[test]
fn the_switch_closes_registration_at_once_and_opens_it_again() {
    let site = Site::start();
    let (_, mut grace) = admin(&site);
    ok(&register(&site, "one"), 201);
    ok(&grace.put("/api/flags/registration", &json!({"enabled": false})), 201);
    expect(&register(&site, "two"), 403, "registration-closed");
    let half = json!({"enabled": true, "percentage": 50, "version": 1});
    ok(&grace.put("/api/flags/registration", &half), 200);
    // Who gets in at 50 % goes by the address, in whatever spelling, and stays so.
    let replies: Vec<u16> = (0..24).map(|n| register(&site, &format!("p{n}")).status).collect();
    assert!(replies.contains(&201) && replies.contains(&403), "{replies:?}");
    let out = replies.iter().position(|status| *status == 403).unwrap();
    expect(&register(&site, &format!("P{out}")), 403, "registration-closed");
    ok(&grace.put("/api/flags/registration", &json!({"enabled": true, "version": 2})), 200);
    ok(&register(&site, &format!("p{out}")), 201);
}

#[test]
fn there_are_a_thousand_flags_at_most() {
    let site = Site::start();
    let (_, mut grace) = admin(&site);
    for n in 0..1_000 {
        ok(&grace.put(&format!("/api/flags/f{n}"), &json!({})), 201);
    }
    expect(&grace.put("/api/flags/more", &json!({})), 409, "quota-exceeded");
    // A switch of the program's own is not kept from being turned.
    ok(&toggle(&mut grace, "registration", "k1"), 200);
    ok(&grace.put("/api/flags/f1", &json!({"enabled": true, "version": 1})), 200);
    let all = ok(&grace.post("/ofrep/v1/evaluate/flags", &json!({})), 200);
    assert_eq!(all["flags"].as_array().unwrap().len(), 1_000 + BUILTINS.len());
}

#[test]
fn of_racing_overrides_each_that_changed_it_is_one_version() {
    let site = Site::start();
    let (person, mut grace) = admin(&site);
    let ada = site.person("Ada").user.id;
    for count in [2, 8, 64] {
        let flag = format!("racing-{count}");
        ok(&grace.put(&format!("/api/flags/{flag}"), &json!({})), 201);
        let path = format!("/api/flags/{flag}/overrides/{ada}");
        let told = together(count, |n| {
            let mut api = Api::of(&person);
            let reply = match n % 3 {
                0 => api.put(&path, &json!({"enabled": true})),
                1 => api.put(&path, &json!({"enabled": false})),
                _ => api.delete(&path),
            };
            ok(&reply, 200)
        });
        let changed = told.iter().filter(|told| told["changed"] == true).count();
        let changed = i64::try_from(changed).unwrap();
        let versions: Vec<i64> = history(&mut grace, &flag).iter().map(|(v, _)| *v).collect();
        assert_eq!(versions, (1..=1 + changed).collect::<Vec<_>>());
        let stands = ok(&grace.get(&format!("/api/flags/{flag}")), 200);
        assert_eq!(stands["version"], 1 + changed);
    }
}
