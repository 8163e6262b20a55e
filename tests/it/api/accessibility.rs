//! `/api/settings/accessibility`: defaults until the first save, which counts once.

use crate::kit::{Api, expect, faults, ok, together};
use cardinal::testing::Site;
use serde_json::{Value, json};

const PATH: &str = "/api/settings/accessibility";

fn defaults() -> Value {
    json!({
        "high_contrast": false, "reduced_motion": false, "large_text": false,
        "dyslexia_font": false, "text_scale": 1.0, "version": 0,
    })
}

#[test]
fn the_defaults_hold_until_the_first_save_and_looking_saves_nothing() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let units = site.store().writer_figures().units;
    let shown = ada.get(PATH);
    assert_eq!(ok(&shown, 200), defaults());
    let tag = shown.header("ETag").unwrap().to_owned();
    let known = ada.send("GET", PATH, &[("If-None-Match", &tag)], b"");
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!(site.store().writer_figures().units, units);

    let saved = ada.json("PATCH", PATH, &[("If-Match", &tag)], &json!({"large_text": true}));
    let mut expected = defaults();
    (expected["large_text"], expected["version"]) = (json!(true), json!(1));
    assert_eq!(ok(&saved, 200), expected);
    assert_ne!(saved.header("ETag"), Some(tag.as_str()));
    assert_eq!(ok(&ada.get(PATH), 200), expected);
    assert_eq!(ok(&Api::of(&site.person("Bob")).get(PATH), 200), defaults());
}

#[test]
fn a_change_builds_upon_a_version_also_the_first() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let change = json!({"text_scale": 1.25});
    expect(&ada.patch(PATH, &change), 428, "precondition-required");
    let stale = expect(&ada.patch(PATH, &json!({"version": 1})), 409, "version-conflict");
    assert_eq!((&stale["currentVersion"], &stale["current"]), (&json!(0), &defaults()));
    expect(&ada.json("PATCH", PATH, &[("If-Match", "*")], &change), 412, "precondition-failed");
    let first = ada.json("PATCH", PATH, &[("If-None-Match", "*")], &change);
    assert_eq!(ok(&first, 200)["version"], 1);
    let again = ada.json("PATCH", PATH, &[("If-None-Match", "*")], &change);
    expect(&again, 412, "precondition-failed");
    let stale = expect(&ada.patch(PATH, &json!({"version": 0})), 409, "version-conflict");
    assert_eq!((&stale["currentVersion"], &stale["expectedVersion"]), (&json!(1), &json!(0)));
    // What changes nothing keeps the version; a member that is null is its default again.
    let same = ok(&ada.patch(PATH, &json!({"text_scale": 1.25, "version": "1"})), 200);
    assert_eq!(same["version"], 1);
    let reset = ok(&ada.patch(PATH, &json!({"text_scale": null, "version": 1})), 200);
    assert_eq!((&reset["text_scale"], &reset["version"]), (&json!(1.0), &json!(2)));
    assert_eq!(ok(&ada.patch(PATH, &reset), 200), reset);
    // A first save of what is the default already is a save.
    let mut bob = Api::of(&site.person("Bob"));
    assert_eq!(ok(&bob.patch(PATH, &defaults()), 200)["version"], 1);
}

#[test]
fn what_settings_must_not_be_is_refused() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let bad = json!({
        "version": 0, "high_contrast": 1, "reduced_motion": "true", "text_scale": 2.01, "theme": "dark",
    });
    faults(
        &ada.patch(PATH, &bad),
        &[
            ("/high_contrast", "type"),
            ("/reduced_motion", "type"),
            ("/text_scale", "range"),
            ("/theme", "unknown"),
        ],
    );
    for scale in [json!(0.79), json!(-1), json!("1.5"), json!(1e308), json!([1]), json!(true)] {
        let reply = ada.patch(PATH, &json!({"version": 0, "text_scale": scale}));
        assert_eq!(reply.status, 422, "{scale}: {}", reply.text());
    }
    assert_eq!(ok(&ada.get(PATH), 200), defaults());
    for (version, scale) in [(0, json!(0.8)), (1, json!(2)), (2, json!(1.1))] {
        let saved = ok(&ada.patch(PATH, &json!({"version": version, "text_scale": scale})), 200);
        assert_eq!(saved["text_scale"].as_f64(), scale.as_f64());
    }
    expect(&ada.put(PATH, &json!({})), 405, "method-not-allowed");
    expect(&Api::nobody(&site).get(PATH), 401, "unauthenticated");
}

/// The member is there only for whoever has turned the keys off: a client that does not know it meets none.
#[test]
fn keys_of_one_character_are_turned_off_and_on() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let mut expected = defaults();
    expected["version"] = json!(1);
    let on = ada.patch(PATH, &json!({"version": 0, "no_character_keys": false}));
    assert_eq!(ok(&on, 200), expected);
    let off = ada.patch(PATH, &json!({"version": 1, "no_character_keys": true}));
    (expected["no_character_keys"], expected["version"]) = (json!(true), json!(2));
    assert_eq!(ok(&off, 200), expected);
    // Another member's change leaves it as it is.
    let other = ada.patch(PATH, &json!({"version": 2, "large_text": true}));
    (expected["large_text"], expected["version"]) = (json!(true), json!(3));
    assert_eq!(ok(&other, 200), expected);
    let back = ada.patch(PATH, &json!({"version": 3, "no_character_keys": null}));
    expected["version"] = json!(4);
    expected.as_object_mut().unwrap().remove("no_character_keys");
    assert_eq!(ok(&back, 200), expected);
    assert_eq!(ada.patch(PATH, &json!({"version": 4, "no_character_keys": 1})).status, 422);
}

#[test]
fn of_racing_first_saves_one_counts() {
    let site = Site::start();
    for count in [2, 8, 64] {
        let person = site.person("Ada");
        let replies = together(count, |n| {
            let scale = 0.8 + f64::from(u32::try_from(n).unwrap()) / 100.0;
            Api::of(&person).patch(PATH, &json!({"version": 0, "text_scale": scale}))
        });
        let (won, lost): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
        assert_eq!(won.len(), 1);
        for reply in lost {
            assert_eq!(expect(reply, 409, "version-conflict")["currentVersion"], 1);
        }
        assert_eq!(ok(&Api::of(&person).get(PATH), 200), won[0].json());
    }
}
