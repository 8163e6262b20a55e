//! `/api/profile/personal` and `/api/profile/professional`.

use super::photos::{jpeg, put};
use crate::kit::{Api, expect, ok, together};
use cardinal::error::Error;
use cardinal::testing::{Reply, Site};
use serde_json::{Value, json};

const PERSONAL: &str = "/api/profile/personal";
const PROFESSIONAL: &str = "/api/profile/professional";

/// Every field of the personal section, filled.
fn personal() -> Value {
    json!({
        "full_name": "Ada Lovelace", "date_of_birth": "1915-12-10",
        "primary_email": "ada@example.org", "secondary_email": "countess@example.org",
        "mobile_number": "+44 20 7946 0018", "phone_number": "(020) 7946-0018 ext. 12",
        "whatsapp_number": "+442079460018", "home_address": "12 St James's Square\nLondon",
        "bio": "Poetical science.\n\nNotes A to G.", "pronouns": "she/her",
        "website": "https://ada.example",
    })
}

/// Every field of the professional section, filled.
fn professional() -> Value {
    json!({
        "designation": "Analyst", "department": "Engines", "company_name": "Babbage & Co.",
        "company_website": "https://engines.example/ada", "office_email": "ada@engines.example",
        "office_phone": "020.7946.0018;x3", "office_address": "1 Dorset Street\nLondon",
        "office_hours": "Mon–Fri\t9–17",
    })
}

fn with(mut profile: Value, members: &Value) -> Value {
    profile.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    profile
}

fn tag(reply: &Reply) -> String {
    reply.header("ETag").unwrap().to_owned()
}

#[test]
fn a_section_is_made_read_changed_and_deleted() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for (path, filled, field) in
        [(PERSONAL, personal(), "bio"), (PROFESSIONAL, professional(), "department")]
    {
        expect(&ada.get(path), 404, "not-found");
        let made = ada.put(path, &with(filled.clone(), &json!({"version": 0})));
        let told = ok(&made, 201);
        assert_eq!((made.header("Location"), made.header("ETag")), (Some(path), None));
        assert_eq!((&told["version"], &told["is_new"]), (&json!(1), &json!(true)));
        let read = ada.get(path);
        let stands = ok(&read, 200);
        assert_eq!(with(stands.clone(), &filled), stands, "all of it was kept");
        assert!(stands.get("is_new").is_none());
        ok(&ada.send("GET", path, &[("If-None-Match", &tag(&read))], b""), 304);

        // PATCH leaves the rest alone, and null takes away; PUT says all there is.
        let patched = ada.json("PATCH", path, &[("If-Match", &tag(&read))], &json!({field: null}));
        let told = ok(&patched, 200);
        assert_eq!((&told[field], &told["version"]), (&Value::Null, &json!(2)));
        assert_eq!((&told["is_new"], told["updated_at"].is_string()), (&json!(false), true));
        assert_eq!(tag(&patched), tag(&ada.get(path)));
        let put = ok(&ada.put(path, &json!({field: "All of it", "version": "2"})), 200);
        let held = filled.as_object().unwrap().keys().filter(|field| !put[*field].is_null());
        assert_eq!(held.collect::<Vec<_>>(), [field]);
        assert_eq!((&put["version"], &put["is_new"]), (&json!(3), &json!(false)));

        assert_eq!(ok(&ada.delete(&format!("{path}?version=3")), 200), json!({"deleted": true}));
        expect(&ada.get(path), 404, "not-found");
        expect(&ada.delete(&format!("{path}?version=4")), 404, "not-found");
    }
}

#[test]
fn an_empty_section_is_one() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = ok(&ada.patch(PERSONAL, &json!({"version": 0})), 201);
    assert_eq!((&made["full_name"], &made["version"]), (&Value::Null, &json!(1)));
    ok(&ada.json("PUT", PROFESSIONAL, &[("If-None-Match", "*")], &json!({})), 201);
    ok(&ada.get(PROFESSIONAL), 200);
}

#[test]
fn what_changes_nothing_keeps_the_version() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let answer = ok(&ada.put(PERSONAL, &with(personal(), &json!({"version": 0}))), 201);
    let stands = ok(&ada.get(PERSONAL), 200);
    // What was read, and what a save answered, sent back whole: by PATCH and by PUT.
    for whole in [&stands, &answer] {
        for reply in [ada.patch(PERSONAL, whole), ada.put(PERSONAL, whole)] {
            assert_eq!(ok(&reply, 200)["version"], 1);
        }
    }
    // The same in another spelling of its lines and edges.
    let spelt = json!({"bio": " Poetical science.\r\n\r\nNotes A to G.\r\n", "version": 1});
    assert_eq!(ok(&ada.patch(PERSONAL, &spelt), 200)["version"], 1);
    assert_eq!(ok(&ada.get(PERSONAL), 200), stands);
    let edited = with(stands, &json!({"full_name": "Ada King"}));
    assert_eq!(ok(&ada.put(PERSONAL, &edited), 200)["version"], 2);
}

#[test]
fn without_a_version_nothing_is_saved() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for _ in 0..2 {
        for version in [json!({}), json!({"version": null})] {
            let body = with(json!({"full_name": "Ada"}), &version);
            let told = expect(&ada.put(PERSONAL, &body), 428, "precondition-required");
            let creates = told["detail"].as_str().unwrap().contains("`version` 0");
            assert_eq!(creates, ada.get(PERSONAL).status == 404);
            expect(&ada.patch(PERSONAL, &body), 428, "precondition-required");
            let listed = [("If-None-Match", "\"x\"")];
            let reply = ada.json("PUT", PERSONAL, &listed, &body);
            expect(&reply, 428, "precondition-required");
        }
        if ada.get(PERSONAL).status == 404 {
            ok(&ada.put(PERSONAL, &json!({"version": 0})), 201);
        }
    }
    expect(&ada.delete(PERSONAL), 428, "precondition-required");
}

/// A save of something that must not count, by PUT and by PATCH.
fn lost(ada: &mut Api, fields: &[(&str, &str)], version: &Value) -> [Reply; 2] {
    let body = with(json!({"full_name": "Lost"}), version);
    ["PUT", "PATCH"].map(|method| ada.json(method, PERSONAL, fields, &body))
}

const CONFLICT: (u16, &str) = (409, "version-conflict");
const FAILED: (u16, &str) = (412, "precondition-failed");

#[test]
fn a_change_of_what_is_not_there_is_told_so() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for (fields, version, (status, code), expected) in [
        (&[][..], json!({"version": 1}), CONFLICT, json!(1)),
        (&[("If-Match", "*")], json!({}), FAILED, Value::Null),
        (&[("If-Match", "\"x-7\"")], json!({}), FAILED, json!(7)),
        (&[("If-None-Match", "*")], json!({"version": 3}), CONFLICT, json!(3)),
    ] {
        for reply in lost(&mut ada, fields, &version) {
            let told = expect(&reply, status, code);
            assert_eq!((&told["currentVersion"], &told["expectedVersion"]), (&json!(0), &expected));
            assert_eq!(
                (&told["current"], &told["error"]),
                (&Value::Null, &json!("Version conflict"))
            );
            assert_eq!(reply.header("ETag"), None);
        }
    }
    expect(&ada.get(PERSONAL), 404, "not-found");
}

#[test]
fn a_save_that_builds_upon_something_else_is_told_what_stands() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    ok(&ada.put(PERSONAL, &json!({"version": 0, "bio": "Stands"})), 201);
    let stands = ok(&ada.get(PERSONAL), 200);
    for (fields, version, (status, code), expected) in [
        (&[][..], json!({"version": 0}), CONFLICT, json!(0)),
        (&[], json!({"version": "2"}), CONFLICT, json!(2)),
        (&[("If-None-Match", "*")], json!({}), FAILED, json!(0)),
        (&[("If-None-Match", "*")], json!({"version": 1}), FAILED, json!(0)),
        (&[("If-Match", "\"personal-x-9\"")], json!({"version": 1}), FAILED, json!(9)),
    ] {
        for reply in lost(&mut ada, fields, &version) {
            let told = expect(&reply, status, code);
            assert_eq!((&told["currentVersion"], &told["expectedVersion"]), (&json!(1), &expected));
            assert_eq!(told["current"], stands);
            assert!(reply.header("ETag").is_some());
        }
    }
    expect(&ada.delete(&format!("{PERSONAL}?version=2")), 409, "version-conflict");
    // The other section's tag is not this one's, though both are the same person's at the same version.
    ok(&ada.put(PROFESSIONAL, &json!({"version": 0})), 201);
    let other = tag(&ada.get(PROFESSIONAL));
    let reply = ada.send("DELETE", PERSONAL, &[("If-Match", &other)], b"");
    expect(&reply, 412, "precondition-failed");
    assert_eq!(ok(&ada.get(PERSONAL), 200), stands);
}

#[test]
fn a_section_made_again_goes_on_where_its_version_was() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for (path, field) in [(PERSONAL, "full_name"), (PROFESSIONAL, "designation")] {
        ok(&ada.put(path, &json!({field: "First", "version": 0})), 201);
        let first = tag(&ada.get(path));
        ok(&ada.send("DELETE", path, &[("If-Match", &first)], b""), 200);
        // What is deleted is as absent as what never was.
        let told = expect(&ada.put(path, &json!({"version": 2})), 409, "version-conflict");
        assert_eq!((&told["currentVersion"], &told["current"]), (&json!(0), &Value::Null));
        let again = ok(&ada.patch(path, &json!({"version": 0})), 201);
        assert_eq!((&again["version"], &again["is_new"]), (&json!(3), &json!(true)));
        assert_eq!(again[field], Value::Null, "nothing comes back");
        // Who saw the first does not change the second.
        expect(&ada.patch(path, &json!({"version": 1})), 409, "version-conflict");
        let stale = ada.json("PATCH", path, &[("If-Match", &first)], &json!({}));
        expect(&stale, 412, "precondition-failed");
    }
}

#[test]
fn of_first_saves_at_once_one_counts() {
    let site = Site::start();
    for clients in [2, 8, 64] {
        let person = site.person("Ada");
        let mut replies = together(clients, |n| {
            let (body, mut ada) = (json!({"full_name": n.to_string()}), Api::of(&person));
            match n % 2 {
                0 => ada.put(PERSONAL, &with(body, &json!({"version": 0}))),
                _ => ada.json("PATCH", PERSONAL, &[("If-None-Match", "*")], &body),
            }
        });
        replies.sort_by_key(|reply| reply.status);
        let won = ok(&replies[0], 201);
        let mut stands = ok(&Api::of(&person).get(PERSONAL), 200);
        assert_eq!(stands["version"], 1);
        for lost in &replies[1..] {
            let code = if lost.status == 409 { "version-conflict" } else { "precondition-failed" };
            assert_eq!(expect(lost, lost.status, code)["current"], stands);
        }
        stands["is_new"] = json!(true);
        assert_eq!(stands, won);
    }
}

#[test]
fn saving_and_deleting_at_once_never_gives_a_version_twice() {
    let site = Site::start();
    let person = site.person("Ada");
    let told = together(8, |n| {
        let (mut ada, mut versions) = (Api::of(&person), Vec::new());
        for _ in 0..20 {
            let seen = ada.get(PERSONAL).json()["version"].as_i64().unwrap_or(0);
            if n % 2 == 0 && seen > 0 {
                let gone = ada.delete(&format!("{PERSONAL}?version={seen}"));
                assert!(matches!(gone.status, 200 | 404 | 409), "{}", gone.text());
                if gone.status == 200 {
                    versions.push(seen + 1);
                }
            } else {
                let body = json!({"version": seen, "bio": cardinal::id::hex(8)});
                let saved = ada.patch(PERSONAL, &body);
                assert!(matches!(saved.status, 200 | 201 | 409), "{}", saved.text());
                versions.extend(saved.json()["version"].as_i64());
            }
        }
        versions
    });
    let mut versions = told.concat();
    versions.sort_unstable();
    let steps = (1..).take(versions.len());
    assert!(versions.iter().copied().eq(steps), "{versions:?}");
}

#[test]
fn a_profile_is_its_owners_alone() {
    let site = Site::start();
    let (ada, bob) = (site.person("Ada"), site.person("Bob"));
    ok(&Api::of(&ada).put(PERSONAL, &json!({"full_name": "Ada", "version": 0})), 201);
    let mut bob = Api::of(&bob);
    expect(&bob.get(PERSONAL), 404, "not-found");
    let tag = tag(&Api::of(&ada).get(PERSONAL));
    let reply = bob.json("PUT", PERSONAL, &[("If-Match", &tag)], &json!({}));
    expect(&reply, 412, "precondition-failed");
    expect(&Api::nobody(&site).get(PERSONAL), 401, "unauthenticated");
    expect(&Api::nobody(&site).put(PERSONAL, &json!([])), 401, "unauthenticated");
    let asked = json!({"name": "narrow", "scopes": ["cards:read", "profile:read"]});
    let token = ok(&Api::of(&ada).post("/api/tokens", &asked), 201)["token"].clone();
    let mut narrow = Api::bearer(&site, token.as_str().unwrap());
    ok(&narrow.get(PERSONAL), 200);
    expect(&narrow.put(PERSONAL, &json!([])), 403, "insufficient-scope");
    expect(&narrow.delete(PERSONAL), 403, "insufficient-scope");
}

#[test]
fn a_save_with_a_key_is_made_once() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada")).with("Idempotency-Key", "first-save");
    let body = json!({"full_name": "Ada", "version": 0});
    let first = ada.put(PERSONAL, &body);
    ok(&first, 201);
    let again = ada.put(PERSONAL, &body);
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
    let other = ada.put(PERSONAL, &json!({"full_name": "Eve", "version": 0}));
    expect(&other, 422, "idempotency-key-reused");
}

#[test]
fn a_profile_goes_with_its_account_and_no_sooner() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    ok(&ada.put(PERSONAL, &json!({"bio": "x", "version": 0})), 201);
    ok(&ada.put(PROFESSIONAL, &json!({"version": 0})), 201);
    ok(&ada.delete(&format!("{PROFESSIONAL}?version=1")), 200);
    let change = |sql: &'static str| {
        site.store().write::<_, Error, _>(move |tx| Ok(tx.change(sql, [])?.count()))
    };
    for sql in [
        "DELETE FROM personal_info",
        "DELETE FROM professional_info",
        // Deleted is empty.
        "UPDATE personal_info SET deleted_ms = 1, version = version + 1",
        "UPDATE professional_info SET department = 'x', version = version + 1",
        "UPDATE personal_info SET date_of_birth = '2023-02-29', version = version + 1",
    ] {
        assert!(change(sql).is_err(), "{sql}");
    }
    ok(&ada.delete("/api/me?version=1"), 200);
    let left =
        "SELECT (SELECT count(*) FROM personal_info) + (SELECT count(*) FROM professional_info)";
    let left = site.store().read(|read| read.one(left, [], |row| row.get::<_, i64>(0)));
    assert_eq!(left.unwrap(), 0);
}

#[test]
fn the_first_profile_and_the_first_photo_bring_points_once() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let xp = |api: &mut Api| ok(&api.get("/api/progress"), 200)["xp"].clone();
    for section in ["personal", "professional"] {
        ok(&ada.put(&format!("/api/profile/{section}"), &json!({"version": 0})), 201);
        assert_eq!(xp(&mut ada), 30, "either section");
    }
    ok(&ada.delete("/api/profile/personal?version=1"), 200);
    ok(&ada.put("/api/profile/personal", &json!({"version": 0})), 201);
    assert_eq!(xp(&mut ada), 30, "made again, it is not the first");
    for size in [10, 20] {
        ok(&put(&mut ada, "image/jpeg", &jpeg(size, size)), 200);
        assert_eq!(xp(&mut ada), 50);
    }
}
