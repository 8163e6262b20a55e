//! The public names of cards: made from names, chosen, changed, never given to another person.

use crate::kit::{Api, card, expect, faults, ok, together};
use cardinal::clock::Millis;
use cardinal::testing::{Reply, Site};
use serde_json::{Value, json};
use std::time::Duration;

fn path(card: &Value) -> String {
    format!("/api/cards/{}", card["id"].as_str().unwrap())
}

/// Gives a card this slug; the card.
#[track_caller]
fn rename(api: &mut Api, card: &Value, slug: &str) -> Value {
    let patch = json!({"slug": slug, "version": card["version"]});
    ok(&api.patch(&path(card), &patch), 200)
}

/// The reply leads to `to` for now (302) or for good (301).
#[track_caller]
fn leads(reply: &Reply, status: u16, to: &str, max_age_s: u32) {
    ok(reply, status);
    assert_eq!(reply.header("Location"), Some(to));
    let keep = format!("public, max-age={max_age_s}");
    assert_eq!(reply.header("Cache-Control"), Some(keep.as_str()));
}

fn is_suffixed(slug: &str, base: &str) -> bool {
    let suffix = slug.strip_prefix(base).and_then(|rest| rest.strip_prefix('-'));
    suffix
        .is_some_and(|s| s.len() == 6 && s.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

#[test]
fn names_become_slugs() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let long = "long ".repeat(20);
    for (name, slug) in [
        ("Bob's Card", "bobs-card"),
        ("Jörg Müller", "jorg-muller"),
        ("李雷", "li-lei"),
        ("２０２４", "2024"),
        ("a.b/c & d", "a-b-c-d"),
        ("???", "card"),
        ("أحمد", "hmd"),
        (long.trim(), "long-long-long-long-long-long-long-long-long-long-long-long"),
    ] {
        let made = card(&mut ada, name);
        let given = made["slug"].as_str().unwrap();
        assert!(given == slug || name == "أحمد", "{name}: {given}");
        assert_eq!(made["name"], name);
    }
    let emoji = card(&mut ada, "🦀🔥")["slug"].as_str().unwrap().to_owned();
    ok(&ada.get(&format!("/c/{emoji}")), 200);
}

#[test]
fn a_taken_name_gets_a_suffix() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    assert_eq!(card(&mut ada, "My Card")["slug"], "my-card");
    for api in [&mut ada, &mut bob] {
        let slug = card(api, "my card!")["slug"].as_str().unwrap().to_owned();
        assert!(is_suffixed(&slug, "my-card"), "{slug}");
    }
    for word in ["Admin", "API", "c", "U", "well known"] {
        let slug = card(&mut ada, word)["slug"].as_str().unwrap().to_owned();
        assert!(is_suffixed(&slug, &word.to_lowercase().replace(' ', "-")), "{slug}");
    }
    let long = "y".repeat(100);
    card(&mut ada, &long);
    let slug = card(&mut bob, &long)["slug"].as_str().unwrap().to_owned();
    assert!(slug.len() == 67 && is_suffixed(&slug, &"y".repeat(60)), "{slug}");
}

#[test]
fn racing_cards_of_one_name_get_names_of_their_own() {
    let site = Site::start();
    let people: Vec<_> = (0..12).map(|n| site.person(&format!("P{n}"))).collect();
    let made = together(12, |n| card(&mut Api::of(&people[n]), "My Card"));
    let mut slugs: Vec<_> = made.iter().map(|card| card["slug"].as_str().unwrap()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!((slugs.len(), slugs[0]), (12, "my-card"));
}

#[test]
fn a_chosen_slug_is_given_as_asked_or_refused_with_suggestions() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let ask = |slug: &str| json!({"name": "Any", "slug": slug});
    assert_eq!(ok(&ada.post("/api/cards", &ask("countess")), 201)["slug"], "countess");
    for (api, slug) in [(&mut bob, "countess"), (&mut ada, "countess")] {
        let refused = expect(&api.post("/api/cards", &ask(slug)), 409, "slug-taken");
        let suggestions = refused["suggestions"].as_array().unwrap();
        assert!(suggestions.len() == 3, "{refused}");
        assert!(suggestions.iter().all(|s| is_suffixed(s.as_str().unwrap(), slug)));
    }
    for reserved in ["admin", "api", "c", "well-known"] {
        expect(&bob.post("/api/cards", &ask(reserved)), 409, "slug-taken");
    }
    faults(&bob.post("/api/cards", &ask(&"x".repeat(70))), &[("/slug", "too-long")]);
    let made = ok(&bob.post("/api/cards", &ask(&"x".repeat(69))), 201);
    for slug in ["countess", "admin"] {
        let refused = bob.patch(&path(&made), &json!({"slug": slug, "version": 1}));
        let refused = expect(&refused, 409, "slug-taken");
        assert_eq!(refused["suggestions"].as_array().unwrap().len(), 3);
    }
    assert_eq!(ok(&bob.get(&path(&made)), 200), made);
}

#[test]
fn a_second_claim_of_a_slug_is_refused() {
    let site = Site::start();
    let people: Vec<_> = (0..8).map(|n| site.person(&format!("P{n}"))).collect();
    let claim = |n: usize| {
        let claim = json!({"name": "Any", "slug": "the-one"});
        Api::of(&people[n]).post("/api/cards", &claim)
    };
    let replies = together(8, claim);
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    for lost in replies.iter().filter(|reply| reply.status != 201) {
        expect(lost, 409, "slug-taken");
    }
}

#[test]
fn a_former_slug_leads_to_the_card_in_one_hop() {
    let site = Site::at(Millis(1_800_000_000_000), |_| {});
    let mut ada = Api::of(&site.person("Ada"));
    let mut one = card(&mut ada, "One");
    one = rename(&mut ada, &one, "two");
    site.clock().advance(Duration::from_hours(24));
    one = rename(&mut ada, &one, "three");
    assert_eq!((&one["slug"], &one["version"]), (&json!("three"), &json!(3)));
    for (former, suffix) in [("one", ""), ("two", ""), ("one", ".json"), ("two", ".json")] {
        let reply = ada.get(&format!("/c/{former}{suffix}"));
        leads(&reply, 302, &format!("/c/three{suffix}"), 300);
    }
    // For thirty days the rename may be undone; then browsers may remember it.
    site.clock().advance(Duration::from_hours(29 * 24));
    leads(&ada.get("/c/one"), 302, "/c/three", 300);
    site.clock().advance(Duration::from_millis(1));
    leads(&ada.get("/c/one"), 301, "/c/three", 86_400);
    leads(&ada.get("/c/two"), 302, "/c/three", 300);
    // A change of anything else moves nothing.
    let patch = json!({"name": "Other", "version": 3});
    assert_eq!(ok(&ada.patch(&path(&one), &patch), 200)["slug"], "three");
}

#[test]
fn a_name_once_shown_is_never_anothers_and_may_be_taken_back() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let first = card(&mut ada, "First");
    let renamed = rename(&mut ada, &first, "elsewhere");
    let bobs = card(&mut bob, "Bob");
    let slug = card(&mut bob, "First")["slug"].as_str().unwrap().to_owned();
    assert!(is_suffixed(&slug, "first"), "{slug}");
    let claim = json!({"name": "x", "slug": "first"});
    expect(&bob.post("/api/cards", &claim), 409, "slug-taken");
    let patch = json!({"slug": "first", "version": 1});
    expect(&bob.patch(&path(&bobs), &patch), 409, "slug-taken");
    // Back to where it was: the name in between leads here now.
    let back = rename(&mut ada, &renamed, "first");
    assert_eq!(ok(&ada.get("/c/first"), 200)["slug"], "first");
    leads(&ada.get("/c/elsewhere"), 302, "/c/first", 300);
    // The owner's other card may have a former name; it leads to that card then.
    let second = ok(&ada.post("/api/cards", &json!({"name": "x", "slug": "elsewhere"})), 201);
    assert_eq!(ok(&ada.get("/c/elsewhere"), 200)["name"], "x");
    let moved = rename(&mut ada, &second, "second");
    leads(&ada.get("/c/elsewhere"), 302, "/c/second", 300);
    // A deleted card's names are gone, all of them.
    ok(&ada.delete(&format!("{}?version={}", path(&moved), moved["version"])), 200);
    for name in ["second", "elsewhere"] {
        expect(&ada.get(&format!("/c/{name}")), 410, "gone");
        expect(&bob.post("/api/cards", &json!({"name": "x", "slug": name})), 409, "slug-taken");
    }
    ok(&ada.post("/api/cards", &json!({"name": "x", "slug": "second"})), 201);
    ok(&ada.get("/c/second"), 200);
    assert_eq!(back["version"], 3);
}

#[test]
fn a_former_slug_of_a_hidden_card_says_as_little_as_the_card() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let one = card(&mut ada, "One");
    let one = rename(&mut ada, &one, "two");
    let active = format!("{}/active", path(&one));
    ok(&ada.put(&active, &json!({"active": false})), 200);
    expect(&ada.get("/c/one"), 410, "gone");
    ok(&ada.put(&active, &json!({"active": true})), 200);
    let hide = json!({"visibility": "private", "version": 4});
    ok(&ada.patch(&path(&one), &hide), 200);
    let told = [ada.get("/c/one"), ada.get("/c/two"), ada.get("/c/never")];
    let told = told.map(|reply| expect(&reply, 404, "not-found")["detail"].clone());
    assert!(told[0] == told[1] && told[1] == told[2]);
}
