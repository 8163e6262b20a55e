//! `/api/cards` and `/api/cards/{id}`, with `PUT /api/cards/{id}/default` and `PUT /api/cards/{id}/active`.

use crate::kit::{Api, card, expect, faults, ok};
use cardinal::testing::Site;
use serde_json::{Value, json};

fn path(card: &Value) -> String {
    format!("/api/cards/{}", card["id"].as_str().unwrap())
}

/// The names of the cards in the order of the list.
fn names(api: &mut Api) -> Vec<String> {
    let list = ok(&api.get("/api/cards"), 200);
    let names = list["items"].as_array().unwrap().iter();
    names.map(|card| card["name"].as_str().unwrap().to_owned()).collect()
}

/// The name of the default card; there is exactly one.
fn default(api: &mut Api) -> String {
    let list = ok(&api.get("/api/cards"), 200);
    let defaults: Vec<_> =
        list["items"].as_array().unwrap().iter().filter(|c| c["is_default"] == true).collect();
    let [only] = defaults.as_slice() else { panic!("not one default: {list}") };
    only["name"].as_str().unwrap().to_owned()
}

#[test]
fn a_card_is_made_from_a_name_alone() {
    let site = Site::start();
    let ada = site.person("Ada");
    let mut api = Api::of(&ada);
    let reply = api.post("/api/cards", &json!({"name": "  Ada Lovelace "}));
    let made = ok(&reply, 201);
    assert_eq!(reply.header("Location"), Some(path(&made).as_str()));
    let id = made["id"].as_str().unwrap();
    assert_eq!(reply.header("ETag"), Some(format!("\"{}-1\"", &id[24..]).as_str()));
    assert_eq!(made["created_at"], made["updated_at"]);
    let mut expected = json!({
        "user_id": ada.user.id, "slug": "ada-lovelace", "name": "Ada Lovelace",
        "template_type": "personal-small", "fields_config": {}, "design_config": {},
        "visibility": "public", "lead_routing": "owner", "is_default": true, "is_active": true,
        "links": [], "url": format!("http://{}/c/ada-lovelace", site.address()), "version": 1,
    });
    for name in ["id", "created_at", "updated_at"] {
        expected[name] = made[name].clone();
    }
    assert_eq!(made, expected);
    let found = api.get(&path(&made));
    assert_eq!((ok(&found, 200), found.header("ETag")), (made, reply.header("ETag")));
}

#[test]
fn a_card_is_made_as_asked() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let asked = json!({
        "name": "Work", "slug": "ada-at-work", "template_type": "professional-detailed",
        "fields_config": {"personal": ["full_name"], "professional": [], "links": "all"},
        "design_config": {"primary_color": "#00FFaa", "font": "mono", "layout": "horizontal"},
        "visibility": "unlisted", "lead_routing": "team",
        "links": [{"platform": "github", "label": "Code", "url": "https://github.com/ada"}],
    });
    let made = ok(&ada.post("/api/cards", &asked), 201);
    for (name, value) in asked.as_object().unwrap().iter().filter(|(name, _)| *name != "links") {
        assert_eq!(made[name], *value, "{name}");
    }
    let link = &made["links"][0];
    assert_eq!((&link["platform"], &link["label"]), (&json!("github"), &json!("Code")));
    // What need not be there may be null.
    let nulls = json!({"name": "N", "slug": null, "template_type": null, "fields_config": null,
        "design_config": null, "visibility": null, "lead_routing": null, "links": null});
    let made = ok(&ada.post("/api/cards", &nulls), 201);
    assert_eq!((&made["slug"], &made["visibility"]), (&json!("n"), &json!("public")));
}

#[test]
fn every_fault_of_a_new_card_is_told_with_its_place() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let wrong = json!({
        "name": 7, "slug": "No Slug", "template_type": "huge", "visibility": null,
        "fields_config": {"personal": ["shoe_size"], "links": "some", "x/y": 1},
        "design_config": {"primary_color": "red", "font": 1},
        "lead_routing": [], "links": [{"platform": "A", "url": "javascript:alert(1)"}, 5],
        "is_default": true,
    });
    faults(
        &ada.post("/api/cards", &wrong),
        &[
            ("/name", "type"),
            ("/slug", "slug"),
            ("/template_type", "choice"),
            ("/fields_config/personal/0", "choice"),
            ("/fields_config/links", "choice"),
            ("/fields_config/x~1y", "unknown"),
            ("/design_config/primary_color", "too-short"),
            ("/design_config/font", "choice"),
            ("/lead_routing", "choice"),
            ("/links/0/platform", "platform"),
            ("/links/0/url", "url_scheme"),
            ("/links/1", "type"),
            ("/is_default", "unknown"),
        ],
    );
    for slug in ["-a", "a--b", "a-", "ä", "A", "a_b", "a b", "a/b"] {
        let reply = ada.post("/api/cards", &json!({"name": "x", "slug": slug}));
        faults(&reply, &[("/slug", "slug")]);
    }
    assert!(names(&mut ada).is_empty());
}

#[test]
fn a_card_reads_the_same_in_a_list_as_alone() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = card(&mut ada, "Ada");
    let alone = ada.get(&format!("/api/cards/{}", made["id"].as_str().unwrap()));
    let page = format!("{{\"items\":[{}],\"next_cursor\":null}}", alone.text());
    assert_eq!(ada.get("/api/cards").text(), page);
}

#[test]
fn a_list_is_read_in_pages_oldest_first() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    assert_eq!(ok(&ada.get("/api/cards"), 200), json!({"items": [], "next_cursor": null}));
    for n in 0..5 {
        card(&mut ada, &format!("Card {n}"));
        card(&mut bob, "Bob's");
    }
    let (mut seen, mut next) = (Vec::new(), "/api/cards?limit=2".to_owned());
    loop {
        let reply = ada.get(&next);
        let page = ok(&reply, 200);
        let items = page["items"].as_array().unwrap();
        assert!((1..=2).contains(&items.len()));
        seen.extend(items.iter().map(|card| card["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert_eq!(reply.header("Link"), None);
            break;
        };
        next = format!("/api/cards?limit=2&cursor={cursor}");
        assert_eq!(reply.header("Link"), Some(format!("<{next}>; rel=\"next\"").as_str()));
        // What comes meanwhile stands at the end and moves no page.
        if seen.len() == 2 {
            card(&mut ada, "Later");
        }
    }
    assert_eq!(seen, ["Card 0", "Card 1", "Card 2", "Card 3", "Card 4", "Later"]);
    for limit in ["0", "201", "-1", "x", "", "1.5", "99999999999"] {
        faults(&ada.get(&format!("/api/cards?limit={limit}")), &[("limit", "range")]);
    }
    let reply = ada.get("/api/cards?cursor=x&limit=0");
    faults(&reply, &[("cursor", "cursor"), ("limit", "range")]);
    ok(&ada.get("/api/cards?limit=200"), 200);
}

#[test]
fn a_patch_is_merged_into_the_card() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let design = json!({"primary_color": "#000000", "font": "serif"});
    let new = json!({"name": "A", "design_config": design, "visibility": "unlisted"});
    let made = ok(&ada.post("/api/cards", &new), 201);
    let patch = json!({"name": "B", "version": 1, "visibility": null,
        "design_config": {"font": null, "layout": "vertical"}});
    let reply = ada.patch(&path(&made), &patch);
    let changed = ok(&reply, 200);
    assert!(reply.header("ETag").unwrap().ends_with("-2\""));
    assert_eq!((&changed["name"], &changed["version"]), (&json!("B"), &json!(2)));
    assert_eq!(changed["design_config"], json!({"primary_color": "#000000", "layout": "vertical"}));
    assert_eq!(changed["visibility"], "public");
    assert_eq!((&changed["slug"], &changed["created_at"]), (&made["slug"], &made["created_at"]));
    let cleared = json!({"design_config": null, "version": "2"});
    let cleared = ok(&ada.patch(&path(&made), &cleared), 200);
    assert_eq!((&cleared["design_config"], &cleared["version"]), (&json!({}), &json!(3)));
    assert_eq!(ok(&ada.get(&path(&made)), 200), cleared);
    let merge = [("Content-Type", "application/merge-patch+json")];
    let reply = ada.json("PATCH", &path(&made), &merge, &json!({"name": "C", "version": 3}));
    assert_eq!(ok(&reply, 200)["name"], "C");
}

#[test]
fn the_id_of_a_patched_card_may_stand_in_the_body() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let made = card(&mut ada, "A");
    let patch = json!({"id": made["id"], "name": "B", "version": 1});
    let reply = ada.patch("/api/cards", &patch);
    assert!(reply.header("ETag").unwrap().ends_with("-2\""));
    assert_eq!(ok(&reply, 200)["name"], "B");
    expect(&ada.patch("/api/cards", &patch), 409, "version-conflict");
    expect(&bob.patch("/api/cards", &patch), 404, "not-found");
    expect(&ada.patch("/api/cards", &json!({"id": "x", "version": 1})), 404, "not-found");
    faults(&ada.patch("/api/cards", &json!({"name": "B", "version": 2})), &[("/id", "required")]);
    faults(&ada.patch("/api/cards", &json!({"id": 5, "version": 2})), &[("/id", "type")]);
    let other = card(&mut ada, "Other");
    let mixed = json!({"id": other["id"], "name": "C", "version": 2});
    faults(&ada.patch(&path(&made), &mixed), &[("/id", "read-only")]);
}

#[test]
fn a_card_sent_back_whole_changes_only_what_differs() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let links = json!([{"platform": "github", "url": "https://github.com/ada"}]);
    let mut made = ok(&ada.post("/api/cards", &json!({"name": "A", "links": links})), 201);
    // Nothing differs: no new version, also by way of spelling.
    assert_eq!(ok(&ada.patch(&path(&made), &made), 200), made);
    let same = json!({"name": " A ", "version": 1, "fields_config": {}});
    assert_eq!(ok(&ada.patch(&path(&made), &same), 200), made);
    made["name"] = json!("B");
    let changed = ok(&ada.patch(&path(&made), &made), 200);
    assert_eq!((&changed["name"], &changed["version"]), (&json!("B"), &json!(2)));
    let other = json!({
        "version": 2, "user_id": "x", "url": "https://evil.example", "is_default": false,
        "is_active": false, "links": [], "created_at": "2020-01-01T00:00:00.000Z", "updated_at": "x",
        "name": "", "design_config": {"font": "comic", "nope": null}, "nope": null,
    });
    faults(
        &ada.patch(&path(&made), &other),
        &[
            ("/user_id", "read-only"),
            ("/url", "read-only"),
            ("/is_default", "read-only"),
            ("/is_active", "read-only"),
            ("/links", "read-only"),
            ("/created_at", "read-only"),
            ("/updated_at", "read-only"),
            ("/name", "blank"),
            ("/design_config/font", "choice"),
            ("/design_config/nope", "unknown"),
            ("/nope", "unknown"),
        ],
    );
    let nulls = json!({"name": null, "slug": null, "version": 2});
    faults(&ada.patch(&path(&made), &nulls), &[("/name", "required"), ("/slug", "required")]);
    assert_eq!(ok(&ada.get(&path(&made)), 200), changed);
}

#[test]
fn switching_the_default_steps_both_versions() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (first, second) = (card(&mut ada, "First"), card(&mut ada, "Second"));
    assert_eq!((&first["is_default"], &second["is_default"]), (&json!(true), &json!(false)));
    let switch = format!("{}/default", path(&second));
    let switched = ok(&ada.send("PUT", &switch, &[], b""), 200);
    assert_eq!((&switched["is_default"], &switched["version"]), (&json!(true), &json!(2)));
    let gave_way = ok(&ada.get(&path(&first)), 200);
    assert_eq!((&gave_way["is_default"], &gave_way["version"]), (&json!(false), &json!(2)));
    assert_eq!(default(&mut ada), "Second");
    // Again: nothing changes.
    assert_eq!(ok(&ada.send("PUT", &switch, &[], b""), 200), switched);
    assert_eq!(ok(&ada.get(&path(&first)), 200), gave_way);
    // An If-Match that is sent is honoured.
    let stale = ada.send("PUT", &switch, &[("If-Match", "\"x-1\"")], b"");
    assert_eq!(expect(&stale, 412, "precondition-failed")["current"], switched);
    ok(&ada.send("PUT", &switch, &[("If-Match", "*")], b""), 200);
}

#[test]
fn a_card_is_paused_and_shown_again() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = card(&mut ada, "Ada");
    let active = format!("/api/cards/{}/active", made["id"].as_str().unwrap());
    let paused = ok(&ada.put(&active, &json!({"active": false})), 200);
    assert_eq!((&paused["is_active"], &paused["version"]), (&json!(false), &json!(2)));
    assert_eq!(paused["changed"], true);
    let again = ok(&ada.put(&active, &json!({"active": false})), 200);
    assert_eq!((&again["changed"], &again["version"]), (&json!(false), &json!(2)));
    // What was told can be sent back whole.
    assert_eq!(ok(&ada.patch(&path(&made), &again), 200)["version"], 2);
    expect(&ada.get("/c/ada"), 410, "gone");
    let stale = ada.json("PUT", &active, &[("If-Match", "\"x-1\"")], &json!({"active": true}));
    expect(&stale, 412, "precondition-failed");
    let shown = ok(&ada.put(&active, &json!({"active": true})), 200);
    assert_eq!(shown["version"], 3);
    ok(&ada.get("/c/ada"), 200);
    faults(&ada.put(&active, &json!({})), &[("/active", "required")]);
    faults(&ada.put(&active, &json!({"active": "no"})), &[("/active", "type")]);
    expect(&ada.send("PUT", &active, &[], b""), 422, "validation-failed");
}

#[test]
fn deleting_the_default_promotes_the_oldest_that_remains() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let cards = ["First", "Second", "Third"].map(|name| card(&mut ada, name));
    expect(&ada.delete(&path(&cards[0])), 428, "precondition-required");
    let gone = ok(&ada.delete(&format!("{}?version=1", path(&cards[0]))), 200);
    let promoted = &cards[1]["id"];
    assert_eq!(gone, json!({"deleted": cards[0]["id"], "promoted_card_id": promoted}));
    assert_eq!(default(&mut ada), "Second");
    assert_eq!(ok(&ada.get(&path(&cards[1])), 200)["version"], 2);
    expect(&ada.get(&path(&cards[0])), 404, "not-found");
    expect(&ada.delete(&format!("{}?version=1", path(&cards[0]))), 404, "not-found");
    // The promotion was a change: who has not seen it, deletes nothing.
    let stale = ada.delete(&format!("{}?version=1", path(&cards[1])));
    assert_eq!(expect(&stale, 409, "version-conflict")["currentVersion"], 2);
    let gone = ok(&ada.delete(&format!("{}?version=1", path(&cards[2]))), 200);
    assert_eq!(gone["promoted_card_id"], Value::Null);
    let tag = ada.get(&path(&cards[1])).header("ETag").unwrap().to_owned();
    let last = ada.send("DELETE", &path(&cards[1]), &[("If-Match", &tag)], b"");
    expect(&last, 409, "last-card");
    assert_eq!(names(&mut ada), ["Second"]);
}

#[test]
fn a_tier_allows_so_many_cards() {
    for (tier, max) in [("free", 5), ("standard", 50)] {
        let site = Site::with(|config| config.default_tier = tier.into());
        let mut ada = Api::of(&site.person("Ada"));
        let made: Vec<Value> = (0..max).map(|n| card(&mut ada, &format!("Card {n}"))).collect();
        let refused = ada.post("/api/cards", &json!({"name": "One more"}));
        assert_eq!(expect(&refused, 409, "quota-exceeded")["limit"], max);
        ok(&ada.delete(&format!("{}?version=1", path(&made[1]))), 200);
        card(&mut ada, "In its place");
    }
}

#[test]
fn somebody_elses_card_is_as_absent_as_none() {
    let site = Site::start();
    let (mut ada, mut eve) = (Api::of(&site.person("Ada")), Api::of(&site.person("Eve")));
    let made = card(&mut ada, "Ada");
    card(&mut eve, "Eve");
    let nothing = json!({"id": "0190b5a0-0000-7000-8000-000000000000"});
    let nonsense = json!({"id": "nonsense"});
    for (method, tail, body) in [
        ("GET", "", json!(null)),
        ("PATCH", "", json!({"name": "x", "version": 1})),
        ("DELETE", "?version=1", json!(null)),
        ("PUT", "/links", json!({"links": [], "version": 1})),
        ("PUT", "/default", json!(null)),
        ("PUT", "/active", json!({"active": false})),
    ] {
        let told = [&made, &nothing, &nonsense].map(|target| {
            let reply = eve.json(method, &format!("{}{tail}", path(target)), &[], &body);
            let mut document = expect(&reply, 404, "not-found");
            document["request_id"] = Value::Null;
            document
        });
        assert!(told[0] == told[1] && told[1] == told[2], "{method} {tail}");
    }
    assert_eq!(ok(&ada.get(&path(&made)), 200), made);
}
