//! `/api/saved`: cards of others, put by and taken out again.

use crate::kit::{Api, card, expect, ok, together};
use cardinal::testing::Site;
use serde_json::{Value, json};

fn path(card: &Value) -> String {
    format!("/api/saved/{}", card["id"].as_str().unwrap())
}

fn changed(card: &Value, changed: bool) -> Value {
    json!({"card_id": card["id"], "changed": changed})
}

/// Changes a card as its owner.
fn set(api: &mut Api, card: &Value, change: &Value) -> Value {
    let mut body = change.clone();
    let path = format!("/api/cards/{}", card["id"].as_str().unwrap());
    body["version"] = ok(&api.get(&path), 200)["version"].take();
    ok(&api.patch(&path, &body), 200)
}

#[test]
fn a_card_is_saved_and_taken_out_once_however_often_it_is_said() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let hers = card(&mut ada, "Ada");
    assert_eq!(ok(&bob.delete(&path(&hers)), 200), changed(&hers, false));
    for told in [true, false, false] {
        assert_eq!(ok(&bob.send("PUT", &path(&hers), &[], b""), 200), changed(&hers, told));
    }
    let list = ok(&bob.get("/api/saved"), 200);
    let item = &list["items"][0];
    assert_eq!((&item["card_id"], &list["next_cursor"]), (&hers["id"], &Value::Null));
    assert_eq!(item["card"], Api::nobody(&site).get("/c/ada.json").json());
    assert_eq!(ok(&ada.get("/api/saved"), 200)["items"], json!([]));
    for told in [true, false] {
        assert_eq!(ok(&bob.delete(&path(&hers)), 200), changed(&hers, told));
    }
    assert_eq!(ok(&bob.get("/api/saved"), 200)["items"], json!([]));
}

#[test]
fn a_card_is_named_by_its_id_its_slug_or_a_former_one() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let hers = card(&mut ada, "Ada");
    let id = hers["id"].as_str().unwrap();
    set(&mut ada, &hers, &json!({"slug": "lovelace"}));
    for (name, told) in [("lovelace", true), ("Lovelace", false), ("ada", false), (id, false)] {
        let reply = bob.send("PUT", &format!("/api/saved/{name}"), &[], b"");
        assert_eq!(ok(&reply, 200), changed(&hers, told), "{name}");
    }
    assert_eq!(ok(&bob.delete("/api/saved/ada"), 200), changed(&hers, true));
    // A slug may look like an id; the id is tried first.
    let other = ok(&ada.post("/api/cards", &json!({"name": "x", "slug": id})), 201);
    let reply = bob.send("PUT", &format!("/api/saved/{id}"), &[], b"");
    assert_eq!(ok(&reply, 200)["card_id"], hers["id"]);
    let free = "0190b5a0-0000-7000-8000-000000000000";
    set(&mut ada, &other, &json!({"slug": free}));
    let reply = bob.send("PUT", &format!("/api/saved/{free}"), &[], b"");
    assert_eq!(ok(&reply, 200)["card_id"], other["id"]);
}

#[test]
fn what_the_public_cannot_see_is_not_saved() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let (secret, paused, doomed) =
        (card(&mut ada, "Secret"), card(&mut ada, "Paused"), card(&mut ada, "Doomed"));
    set(&mut ada, &secret, &json!({"visibility": "private"}));
    let at = |card: &Value| format!("/api/cards/{}", card["id"].as_str().unwrap());
    ok(&ada.put(&format!("{}/active", at(&paused)), &json!({"active": false})), 200);
    ok(&ada.delete(&format!("{}?version=1", at(&doomed))), 200);
    let nothing = "/api/saved/0190b5a0-0000-7000-8000-000000000000".to_owned();
    let names =
        [&path(&secret), "/api/saved/secret", &nothing, "/api/saved/nope", "/api/saved/%00"];
    let mut details = Vec::new();
    for name in names.iter().copied().chain([path(&doomed).as_str(), "/api/saved/admin"]) {
        for method in ["PUT", "DELETE"] {
            for fields in [&[][..], &[("If-Match", "*")], &[("If-None-Match", "*")]] {
                let reply = bob.send(method, name, fields, b"");
                details.push(expect(&reply, 404, "not-found")["detail"].clone());
            }
        }
    }
    details.dedup();
    assert_eq!(details.len(), 1, "a private card and none are told apart");
    for gone in [&path(&paused), "/api/saved/paused", "/api/saved/doomed"] {
        expect(&bob.send("PUT", gone, &[], b""), 410, "gone");
        expect(&bob.delete(gone), 410, "gone");
    }
    // Not even the owner: it is a list of what is public.
    expect(&ada.send("PUT", &path(&secret), &[], b""), 404, "not-found");
    let unlisted = card(&mut ada, "Unlisted");
    set(&mut ada, &unlisted, &json!({"visibility": "unlisted"}));
    ok(&bob.send("PUT", &path(&unlisted), &[], b""), 200);
}

#[test]
fn a_saved_card_that_is_no_longer_public_stays_without_its_content() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let (hers, other) = (card(&mut ada, "Ada"), card(&mut ada, "Other"));
    for one in [&hers, &other] {
        ok(&bob.send("PUT", &path(one), &[], b""), 200);
    }
    set(&mut ada, &hers, &json!({"visibility": "private"}));
    let list = ok(&bob.get("/api/saved"), 200);
    let shown: Vec<_> = list["items"].as_array().unwrap().iter().collect();
    assert_eq!((&shown[0]["card_id"], &shown[0]["card"]["slug"]), (&other["id"], &json!("other")));
    assert_eq!((&shown[1]["card_id"], &shown[1]["card"]), (&hers["id"], &Value::Null));
    expect(&bob.send("PUT", &path(&hers), &[], b""), 404, "not-found");
    assert_eq!(ok(&bob.delete(&path(&hers)), 200), changed(&hers, true));
    // A card that is deleted goes, and so does the list of a person who does.
    let version = ok(&ada.get("/api/me"), 200)["version"].clone();
    ok(&ada.delete(&format!("/api/me?version={version}")), 200);
    assert_eq!(ok(&bob.get("/api/saved"), 200)["items"], json!([]));
}

#[test]
fn saved_cards_are_listed_in_pages_last_first() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let mut saved = Vec::new();
    for n in 0..5 {
        let one = card(&mut ada, &format!("Card {n}"));
        ok(&bob.send("PUT", &path(&one), &[], b""), 200);
        saved.push(one["id"].clone());
    }
    // Taken out and saved again, it is the last.
    ok(&bob.delete(&format!("/api/saved/{}", saved[0].as_str().unwrap())), 200);
    site.clock().advance(std::time::Duration::from_millis(5));
    ok(&bob.send("PUT", "/api/saved/card-0", &[], b""), 200);
    saved.rotate_left(1);
    saved.reverse();
    let (mut seen, mut path) = (Vec::new(), "/api/saved?limit=2".to_owned());
    loop {
        let page = ok(&bob.get(&path), 200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| item["card_id"].clone()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("/api/saved?limit=2&cursor={next}");
    }
    assert_eq!(seen, saved);
    for cursor in ["x", "1.x", "9999999999999999999.0190b5a0-0000-7000-8000-000000000000", "%00"] {
        let reply = bob.get(&format!("/api/saved?cursor={cursor}"));
        expect(&reply, 422, "validation-failed");
    }
}

#[test]
fn preconditions_ask_whether_it_is_saved() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let hers = card(&mut ada, "Ada");
    let (present, absent) = ([("If-Match", "*")], [("If-None-Match", "*")]);
    let mut send =
        |method: &str, fields: &[(&str, &str)]| bob.send(method, &path(&hers), fields, b"");
    expect(&send("DELETE", &present), 412, "precondition-failed");
    ok(&send("PUT", &absent), 200);
    expect(&send("PUT", &absent), 412, "precondition-failed");
    expect(&send("PUT", &[("If-Match", "\"x-1\"")]), 412, "precondition-failed");
    ok(&send("DELETE", &present), 200);
}

#[test]
fn of_racing_saves_and_of_racing_removals_one_changes_it() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let hers = card(&mut ada, "Ada");
    for count in [2, 8, 64] {
        let bob = site.person("Bob");
        for method in ["PUT", "DELETE"] {
            let replies = together(count, |_| Api::of(&bob).send(method, &path(&hers), &[], b""));
            let told = replies.iter().filter(|reply| ok(reply, 200)["changed"] == true).count();
            assert_eq!(told, 1, "{method} by {count}");
        }
    }
}
