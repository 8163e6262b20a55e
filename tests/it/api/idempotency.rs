//! `Idempotency-Key`: the same key and request have one effect and one answer.

use super::users::{newcomer, register};
use crate::kit::{Api, card, expect, ok, together};
use cardinal::clock::Millis;
use cardinal::testing::{Reply, Site};
use serde_json::{Value, json};
use std::time::Duration;

fn keyed(api: &mut Api, key: &str, body: &Value) -> Reply {
    api.json("POST", "/api/cards", &[("Idempotency-Key", key)], body)
}

fn is_replayed(reply: &Reply) -> bool {
    reply.header("Idempotent-Replayed") == Some("true")
}

fn count(api: &mut Api) -> usize {
    ok(&api.get("/api/cards?limit=200"), 200)["items"].as_array().unwrap().len()
}

/// The same answer, but for what names the delivery.
#[track_caller]
fn same(first: &Reply, again: &Reply) {
    assert!(!is_replayed(first) && is_replayed(again), "{}", again.text());
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    for name in ["Content-Type", "Location", "ETag", "Cache-Control"] {
        assert_eq!(first.header(name), again.header(name), "{name}");
    }
    assert_ne!(first.header("X-Request-Id"), again.header("X-Request-Id"));
}

#[test]
fn the_same_key_returns_the_first_reply() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let body = json!({"name": "Ada"});
    let first = keyed(&mut ada, "key-1", &body);
    let made = ok(&first, 201);
    same(&first, &keyed(&mut ada, "key-1", &body));
    // Also when the card has moved on meanwhile, and written in another way.
    let at = format!("/api/cards/{}", made["id"].as_str().unwrap());
    ok(&ada.patch(&at, &json!({"name": "Ada L", "version": 1})), 200);
    let spaced =
        [("Idempotency-Key", "key-1"), ("Content-Type", "application/json; charset=utf-8")];
    same(&first, &ada.send("POST", "/api/cards", &spaced, b" {\"name\" : \"Ada\"}\n"));
    assert_eq!(count(&mut ada), 1);
    assert!(!is_replayed(&ada.get("/api/cards")));
}

#[test]
fn every_changing_method_takes_a_key() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let at = |card: &Value| format!("/api/cards/{}", card["id"].as_str().unwrap());
    let (one, two) = (card(&mut ada, "One"), card(&mut ada, "Two"));
    let link = json!([{"platform": "web", "url": "https://a.example"}]);
    for (key, method, path, body) in [
        ("a", "PATCH", at(&one), json!({"name": "Uno", "version": 1})),
        ("b", "PUT", format!("{}/links", at(&one)), json!({"links": link, "version": 2})),
        ("c", "PUT", format!("{}/default", at(&two)), Value::Null),
        ("d", "PUT", format!("{}/active", at(&two)), json!({"active": false})),
        ("e", "PATCH", "/api/me".into(), json!({"display_name": "Ada L", "version": 1})),
        ("f", "DELETE", format!("{}?version=4", at(&one)), Value::Null),
    ] {
        let fields = [("Idempotency-Key", key)];
        let first = ada.json(method, &path, &fields, &body);
        ok(&first, 200);
        same(&first, &ada.json(method, &path, &fields, &body));
    }
}

#[test]
fn a_key_belongs_to_one_request() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = ok(&keyed(&mut ada, "key", &json!({"name": "Ada"})), 201);
    expect(&keyed(&mut ada, "key", &json!({"name": "Eve"})), 422, "idempotency-key-reused");
    let fields = [("Idempotency-Key", "key")];
    let at = format!("/api/cards/{}", made["id"].as_str().unwrap());
    let body = json!({"name": "Ada"});
    for (method, path) in [
        ("PATCH", "/api/cards"),
        ("POST", "/api/cards?x=1"),
        ("POST", "/api/tokens"),
        ("PATCH", &at),
    ] {
        let reply = ada.json(method, path, &fields, &body);
        expect(&reply, 422, "idempotency-key-reused");
    }
    let text = [("Idempotency-Key", "key"), ("Content-Type", "text/plain")];
    let reply = ada.json("POST", "/api/cards", &text, &body);
    expect(&reply, 422, "idempotency-key-reused");
    assert_eq!(count(&mut ada), 1);
}

#[test]
fn a_key_belongs_to_one_person_by_whatever_credential() {
    let site = Site::start();
    let session = register(&site, "Ada")["token"].as_str().unwrap().to_owned();
    let mut ada = Api::bearer(&site, &session);
    let mut bob = Api::of(&site.person("Bob"));
    let body = json!({"name": "Card"});
    let first = keyed(&mut ada, "key", &body);
    ok(&first, 201);
    let new = json!({"name": "t", "scopes": ["cards:write"]});
    let token = ok(&ada.post("/api/tokens", &new), 201)["token"].as_str().unwrap().to_owned();
    same(&first, &keyed(&mut Api::bearer(&site, &token), "key", &body));
    let bobs = keyed(&mut bob, "key", &body);
    assert!(!is_replayed(&bobs));
    assert_ne!(ok(&bobs, 201)["id"], first.json()["id"]);
}

#[test]
fn a_replay_needs_a_live_credential_and_the_scope() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let body = json!({"name": "Card"});
    ok(&keyed(&mut ada, "key", &body), 201);
    let mut token = |scope: &str| {
        let made = ok(&ada.post("/api/tokens", &json!({"name": "t", "scopes": [scope]})), 201);
        Api::bearer(&site, made["token"].as_str().unwrap())
    };
    expect(&keyed(&mut token("cards:read"), "key", &body), 403, "insufficient-scope");
    let mut revoked = token("cards:write");
    assert!(is_replayed(&keyed(&mut revoked, "key", &body)));
    ok(&revoked.post("/api/auth/logout", &json!({})), 200);
    expect(&keyed(&mut revoked, "key", &body), 401, "invalid-token");
    expect(&keyed(&mut Api::nobody(&site), "key", &body), 401, "unauthenticated");
}

#[test]
fn failures_are_not_stored() {
    let site = Site::with(|config| config.default_tier = "free".into());
    let mut ada = Api::of(&site.person("Ada"));
    let body = json!({"name": "Card"});
    expect(&keyed(&mut ada, "invalid", &json!({"name": ""})), 422, "validation-failed");
    ok(&keyed(&mut ada, "invalid", &body), 201);
    let cards: Vec<Value> = (0..4).map(|_| card(&mut ada, "More")).collect();
    expect(&keyed(&mut ada, "full", &body), 409, "quota-exceeded");
    ok(&ada.delete(&format!("/api/cards/{}?version=1", cards[0]["id"].as_str().unwrap())), 200);
    let late = keyed(&mut ada, "full", &body);
    assert!(!is_replayed(&late));
    ok(&late, 201);
}

#[test]
fn sixty_four_at_once_have_one_effect() {
    let site = Site::start();
    let ada = site.person("Ada");
    let replies = together(64, |_| keyed(&mut Api::of(&ada), "key", &json!({"name": "Card"})));
    let first = replies.iter().find(|reply| !is_replayed(reply)).unwrap();
    assert_eq!(replies.iter().filter(|reply| is_replayed(reply)).count(), 63);
    assert!(replies.iter().all(|reply| reply.status == 201 && reply.body == first.body));
    assert_eq!(count(&mut Api::of(&ada)), 1);
}

#[test]
fn secrets_are_not_kept_for_replay() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let fields = [("Idempotency-Key", "key")];
    let login = newcomer("Eve");
    let login = json!({"email": login["email"], "password": login["password"]});
    let new = json!({"name": "t", "scopes": []});
    for (path, body) in
        [("/api/auth/register", newcomer("Eve")), ("/api/auth/login", login), ("/api/tokens", new)]
    {
        let mut expected = ok_2xx(&ada.json("POST", path, &fields, &body));
        assert!(expected["token"].is_string(), "{path}");
        let again = ada.json("POST", path, &fields, &body);
        assert!(is_replayed(&again), "{path}");
        expected["token"] = Value::Null;
        expected["secret_withheld"] = json!(true);
        assert_eq!(ok_2xx(&again), expected, "{path}");
    }
}

#[track_caller]
fn ok_2xx(reply: &Reply) -> Value {
    assert!((200..300).contains(&reply.status), "{}", reply.text());
    reply.json()
}

#[test]
fn a_key_of_nobodys_belongs_to_an_address_and_a_route() {
    let site = Site::with(|config| {
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    });
    let from = |address: &str, path: &str, body: &Value| {
        let mut api = Api::nobody(&site).with("X-Forwarded-For", address);
        api.json("POST", path, &[("Idempotency-Key", "key")], body)
    };
    let first = from("203.0.113.7", "/api/auth/register", &newcomer("Ada"));
    ok(&first, 201);
    assert!(is_replayed(&from("203.0.113.7", "/api/auth/register", &newcomer("Ada"))));
    // Somebody else's key of the same name: no replay of what was told to another.
    let other = from("203.0.113.8", "/api/auth/register", &newcomer("Ada"));
    expect(&other, 409, "email-taken");
    // One household has one /64.
    let home = from("2001:db8::1", "/api/auth/register", &newcomer("Bob"));
    ok(&home, 201);
    assert!(is_replayed(&from("2001:db8::2", "/api/auth/register", &newcomer("Bob"))));
    let login = json!({"email": "ada@example.org", "password": newcomer("Ada")["password"]});
    ok(&from("203.0.113.7", "/api/auth/login", &login), 200);
}

#[test]
fn a_key_is_kept_for_seven_days() {
    let site = Site::at(Millis(1_800_000_000_000), |_| {});
    let mut ada = Api::of(&site.person("Ada"));
    let body = json!({"name": "Card"});
    let first = keyed(&mut ada, "key", &body);
    site.clock().advance(Duration::from_hours(7 * 24) - Duration::from_millis(1));
    same(&first, &keyed(&mut ada, "key", &body));
    site.clock().advance(Duration::from_millis(1));
    let anew = keyed(&mut ada, "key", &json!({"name": "Another"}));
    assert!(!is_replayed(&anew));
    ok(&anew, 201);
    assert!(is_replayed(&keyed(&mut ada, "key", &json!({"name": "Another"}))));
}

#[test]
fn a_key_is_bare_or_a_quoted_string() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let body = json!({"name": "Card"});
    let bare = keyed(&mut ada, "8e03978e-40d5", &body);
    same(&bare, &keyed(&mut ada, "\"8e03978e-40d5\"", &body));
    ok(&keyed(&mut ada, &"k".repeat(255), &body), 201);
    for wrong in ["", "\"\"", "a b", "\"a", "a,b", &"k".repeat(256), "\"\\n\""] {
        expect(&keyed(&mut ada, wrong, &body), 400, "idempotency-key-invalid");
    }
    let twice = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")];
    let reply = ada.json("POST", "/api/cards", &twice, &body);
    assert_eq!(reply.status, 400, "{}", reply.text());
    assert_eq!(count(&mut ada), 2);
    expect(&keyed(&mut Api::nobody(&site), "a b", &body), 401, "unauthenticated");
}

/// The largest card there can be is replayed like any other: its key must not be worth less.
#[test]
fn a_large_reply_is_replayed_too() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let links = (0..50).map(|n| {
        let url = format!("https://a.example/{n}/{}", "é".repeat(2_000));
        json!({"platform": "web", "url": url})
    });
    let body = json!({"name": "Large", "links": links.collect::<Vec<_>>()});
    let first = keyed(&mut ada, "key", &body);
    ok(&first, 201);
    assert!(first.body.len() > 200_000);
    same(&first, &keyed(&mut ada, "key", &body));
    assert_eq!(count(&mut ada), 1);
}
