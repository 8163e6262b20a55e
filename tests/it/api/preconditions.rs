//! Versions over HTTP: `If-Match`, `If-None-Match`, `version`, and the order in which a request is checked.

use crate::kit::{Api, card, expect, faults, ok, together};
use cardinal::testing::{Person, Reply, Site};
use serde_json::{Value, json};

fn path(card: &Value) -> String {
    format!("/api/cards/{}", card["id"].as_str().unwrap())
}

/// A card at version 2, its tag, and the one before.
fn stepped(api: &mut Api) -> (Value, String, String) {
    let first = api.post("/api/cards", &json!({"name": "Ada"}));
    let made = ok(&first, 201);
    let second = api.patch(&path(&made), &json!({"name": "Ada L", "version": 1}));
    let tag = |reply: &Reply| reply.header("ETag").unwrap().to_owned();
    (ok(&second, 200), tag(&second), tag(&first))
}

#[test]
fn a_stale_change_is_refused_with_what_stands() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (now, tag, stale) = stepped(&mut ada);
    let patch = json!({"name": "Lost"});
    let by_header = ada.json("PATCH", &path(&now), &[("If-Match", &stale)], &patch);
    let by_member = ada.patch(&path(&now), &json!({"name": "Lost", "version": 1}));
    let on_delete = ada.delete(&format!("{}?version=1", path(&now)));
    for (reply, status, code) in [
        (&by_header, 412, "precondition-failed"),
        (&by_member, 409, "version-conflict"),
        (&on_delete, 409, "version-conflict"),
    ] {
        let told = expect(reply, status, code);
        assert_eq!(told["error"], "Version conflict");
        assert_eq!((&told["currentVersion"], &told["expectedVersion"]), (&json!(2), &json!(1)));
        assert_eq!(told["current"], now);
        assert_eq!(reply.header("ETag"), Some(tag.as_str()));
    }
    assert_eq!(ok(&ada.get(&path(&now)), 200), now);
}

#[test]
fn if_match_is_a_list_compared_strongly() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (now, tag, stale) = stepped(&mut ada);
    // A change to what it is already: only the precondition is tried.
    let mut with = |field: &str| {
        ada.json("PATCH", &path(&now), &[("If-Match", field)], &json!({"name": "Ada L"}))
    };
    for field in ["*", &tag, &format!("{stale}, {tag}"), &format!("W/{stale} ,{tag},")] {
        ok(&with(field), 200);
    }
    for field in [&format!("W/{tag}"), "\"x\"", "\"\"", &format!("{stale}, \"a,b\"")] {
        expect(&with(field), 412, "precondition-failed");
    }
    let told = expect(&with("\"nonsense\""), 412, "precondition-failed");
    assert_eq!(told["expectedVersion"], Value::Null);
    for field in ["", "x", "\"x", &format!("*, {tag}"), tag.trim_matches('"'), ","] {
        expect(&with(field), 400, "bad-precondition");
    }
    let lines = [("If-Match", stale.as_str()), ("If-Match", tag.as_str())];
    ok(&ada.json("PATCH", &path(&now), &lines, &json!({"name": "Ada L"})), 200);
}

#[test]
fn header_and_member_must_both_hold() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (now, tag, stale) = stepped(&mut ada);
    let mut with = |tag: &str, version: i64| {
        let patch = json!({"name": "Ada L", "version": version});
        ada.json("PATCH", &path(&now), &[("If-Match", tag)], &patch)
    };
    ok(&with(&tag, 2), 200);
    expect(&with(&tag, 1), 409, "version-conflict");
    expect(&with(&stale, 2), 412, "precondition-failed");
    expect(&with(&stale, 1), 412, "precondition-failed");
}

#[test]
fn a_version_is_an_integer_or_its_decimal_digits() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (now, ..) = stepped(&mut ada);
    let at = path(&now);
    for good in ["2", "\"2\""] {
        let body = format!("{{\"name\": \"Ada L\", \"version\": {good}}}");
        ok(&ada.send("PATCH", &at, &[], body.as_bytes()), 200);
    }
    for stale in ["1", "\"1\"", "0", "9007199254740991"] {
        let body = format!("{{\"version\": {stale}}}");
        expect(&ada.send("PATCH", &at, &[], body.as_bytes()), 409, "version-conflict");
    }
    let power = (1_i64 << 60).to_string();
    for wrong in [
        "2.0",
        "2e0",
        "-1",
        &power,
        "\"abc\"",
        "\"\"",
        "\"2.0\"",
        "\"-2\"",
        "\" 2\"",
        "true",
        "[2]",
        "{}",
        "9007199254740992",
        "18446744073709551617",
    ] {
        let body = format!("{{\"version\": {wrong}}}");
        faults(&ada.send("PATCH", &at, &[], body.as_bytes()), &[("/version", "type")]);
    }
    expect(&ada.patch(&at, &json!({"version": null})), 428, "precondition-required");
    for wrong in ["abc", "-1", "2.0", "", "%2B2", &power] {
        let reply = ada.delete(&format!("{at}?version={wrong}"));
        faults(&reply, &[("version", "type")]);
    }
    // The query names a version where there is no body, and only there.
    expect(&ada.patch(&format!("{at}?version=2"), &json!({})), 428, "precondition-required");
    assert_eq!(ok(&ada.get(&at), 200), now);
}

#[test]
fn if_none_match_spares_the_body() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (now, tag, stale) = stepped(&mut ada);
    for (have, status) in [
        (tag.clone(), 304),
        (format!("W/{tag}"), 304),
        (format!("{stale}, {tag}"), 304),
        ("*".into(), 304),
        (stale, 200),
        ("\"x\"".into(), 200),
    ] {
        let reply = ada.send("GET", &path(&now), &[("If-None-Match", &have)], b"");
        ok(&reply, status);
        assert_eq!(reply.header("ETag"), Some(tag.as_str()));
        assert_eq!(reply.header("Cache-Control"), Some("no-store, no-transform"));
        assert_eq!(reply.body.is_empty(), status == 304);
    }
    let wrong = ada.send("GET", &path(&now), &[("If-None-Match", "x")], b"");
    expect(&wrong, 400, "bad-precondition");
}

#[test]
fn if_none_match_keeps_a_change_from_what_is_as_named() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (now, tag, stale) = stepped(&mut ada);
    let patch = json!({"name": "New", "version": 2});
    for have in ["*", &tag, &format!("W/{tag}")] {
        let none = [("If-None-Match", have)];
        let reply = ada.json("PATCH", &path(&now), &none, &patch);
        expect(&reply, 412, "precondition-failed");
        let reply = ada.send("PUT", &format!("{}/default", path(&now)), &none, b"");
        expect(&reply, 412, "precondition-failed");
    }
    let none = [("If-None-Match", stale.as_str())];
    expect(
        &ada.json("PATCH", &path(&now), &none, &json!({"name": "New"})),
        428,
        "precondition-required",
    );
    ok(&ada.json("PATCH", &path(&now), &none, &patch), 200);
}

#[test]
fn of_writers_that_build_upon_one_version_one_wins() {
    for count in [2, 8] {
        let site = Site::start();
        let ada = site.person("Ada");
        let made = card(&mut Api::of(&ada), "Ada");
        let replies = together(count, |n| {
            let patch = json!({"name": format!("Writer {n}"), "version": 1});
            Api::of(&ada).patch(&path(&made), &patch)
        });
        let won: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(won.len(), 1);
        for lost in replies.iter().filter(|reply| reply.status != 200) {
            assert_eq!(expect(lost, 409, "version-conflict")["current"], won[0].json());
        }
    }
}

/// Every check fails a request that fails all that come after it, too.
#[test]
fn a_request_is_checked_in_this_order() {
    let site = Site::start();
    let (ada, eve) = (site.person("Ada"), site.person("Eve"));
    let (now, tag, stale) = stepped(&mut Api::of(&ada));
    let at = path(&now);
    let send = |who: Option<&Person>, method: &str, fields: &[(&str, &str)], body: &str| {
        let mut api = who.map_or_else(|| Api::nobody(&site), Api::of);
        api.send(method, &at, fields, body.as_bytes())
    };
    let xml = ("Content-Type", "application/xml");
    let (old, new) = (("If-Match", stale.as_str()), ("If-Match", tag.as_str()));
    let worst = [xml, old];
    let stale_and_invalid = r#"{"version": 1, "name": "", "nope": 1}"#;
    for (reply, status, code) in [
        (send(None, "PATCH", &worst, "{"), 401, "unauthenticated"),
        (send(None, "POST", &worst, "{"), 401, "unauthenticated"),
        (send(Some(&eve), "PATCH", &worst, "{"), 404, "not-found"),
        (send(Some(&ada), "POST", &worst, "{"), 405, "method-not-allowed"),
        (send(Some(&ada), "PATCH", &worst, "{"), 415, "unsupported-media-type"),
        (send(Some(&ada), "PATCH", &[xml], r#"{"name": ""}"#), 415, "unsupported-media-type"),
        (
            send(Some(&ada), "PATCH", &[], r#"{"name": "", "nope": 1}"#),
            428,
            "precondition-required",
        ),
        (send(Some(&ada), "PATCH", &[old], "{"), 412, "precondition-failed"),
        (send(Some(&ada), "PATCH", &[old], stale_and_invalid), 412, "precondition-failed"),
        (send(Some(&ada), "PATCH", &[new], "{"), 400, "invalid-json"),
        (send(Some(&ada), "PATCH", &[], "{"), 400, "invalid-json"),
        (send(Some(&ada), "PATCH", &[new], stale_and_invalid), 409, "version-conflict"),
        (send(Some(&ada), "PATCH", &[], stale_and_invalid), 409, "version-conflict"),
        (send(Some(&ada), "PATCH", &[new], r#"{"name": ""}"#), 422, "validation-failed"),
        (send(Some(&ada), "PATCH", &[new], "[]"), 422, "validation-failed"),
        (send(Some(&ada), "PATCH", &[old], "[]"), 412, "precondition-failed"),
    ] {
        expect(&reply, status, code);
    }
    let mut api = Api::of(&ada);
    // The form with the id in the body keeps the order as far as the id can be read.
    let seed = |fields: &[(&str, &str)], body: &str| {
        Api::of(&ada).send("PATCH", "/api/cards", fields, body.as_bytes())
    };
    expect(&seed(&worst, "{"), 415, "unsupported-media-type");
    expect(&seed(&[old], "{"), 400, "invalid-json");
    let stale = format!("{{\"id\": {}, \"name\": \"\", \"version\": 1}}", now["id"]);
    expect(&seed(&[], &stale), 409, "version-conflict");
    expect(&api.put(&format!("{at}/links"), &json!({"version": 1})), 409, "version-conflict");
    assert_eq!(ok(&api.get(&at), 200), now);
}
