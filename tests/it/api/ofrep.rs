//! `/ofrep/v1`: what providers of `OpenFeature` ask.

use crate::kit::{Api, expect, ok};
use cardinal::testing::{Reply, Site};
use serde_json::{Value, json};

fn evaluate(api: &mut Api, flag: &str, context: &Value) -> Reply {
    api.post(&format!("/ofrep/v1/evaluate/flags/{flag}"), &json!({"context": context}))
}

/// The flag's value and why.
fn told(api: &mut Api, flag: &str, context: &Value) -> (bool, String) {
    let found = ok(&evaluate(api, flag, context), 200);
    assert_eq!(found["variant"], if found["value"] == true { "on" } else { "off" });
    (found["value"].as_bool().unwrap(), found["reason"].as_str().unwrap().to_owned())
}

#[test]
fn a_flag_is_evaluated_in_the_order_of_its_rules() {
    let site = Site::start();
    let (mut grace, ada) = (Api::of(&site.admin("Grace")), site.person("Ada"));
    let mut api = Api::of(&ada);
    let her = json!({"targetingKey": ada.user.id, "plan": ["any", {"other": null}]});
    let path = "/api/flags/beta";
    ok(&grace.put(path, &json!({"enabled": false})), 201);
    let found = ok(&evaluate(&mut api, "beta", &her), 200);
    assert_eq!((&found["key"], &found["metadata"]), (&json!("beta"), &json!({"version": 1})));
    assert_eq!(told(&mut api, "beta", &her), (false, "DISABLED".into()));
    ok(&grace.put(path, &json!({"enabled": true, "version": 1})), 200);
    assert_eq!(told(&mut api, "beta", &json!({})), (true, "STATIC".into()));
    ok(&grace.put(path, &json!({"enabled": true, "percentage": 0, "version": 2})), 200);
    assert_eq!(told(&mut api, "beta", &json!({})), (false, "STATIC".into()));
    let one = format!("{path}/overrides/{}", ada.user.id);
    ok(&grace.put(&one, &json!({"enabled": true})), 200);
    assert_eq!(told(&mut api, "beta", &her), (true, "TARGETING_MATCH".into()));
    assert_eq!(told(&mut api, "beta", &json!({"targetingKey": "bob"})), (false, "STATIC".into()));
    ok(&grace.delete(&one), 200);
    assert_eq!(told(&mut api, "beta", &her), (false, "STATIC".into()));
    // As Unleash's vectors have it, 123 draws 73 in gr1.
    ok(&grace.put("/api/flags/gr1", &json!({"enabled": true, "percentage": 72})), 201);
    let him = json!({"targetingKey": "123"});
    assert_eq!(told(&mut api, "gr1", &him), (false, "SPLIT".into()));
    ok(
        &grace.put("/api/flags/gr1", &json!({"enabled": true, "percentage": 73, "version": 1})),
        200,
    );
    assert_eq!(told(&mut api, "gr1", &him), (true, "SPLIT".into()));
    assert_eq!(told(&mut api, "registration", &json!({})), (true, "DEFAULT".into()));
}

/// The reply is this problem, and OFREP's failure as well.
#[track_caller]
fn failed(reply: &Reply, status: u16, code: &str, error_code: &str) -> Value {
    let problem = expect(reply, status, code);
    assert_eq!(problem["errorCode"], error_code, "{problem}");
    assert_eq!(problem["errorDetails"], problem["detail"], "{problem}");
    problem
}

#[test]
fn what_cannot_be_evaluated_is_told_in_the_protocols_words() {
    let site = Site::start();
    let (mut grace, mut ada) = (Api::of(&site.admin("Grace")), Api::of(&site.person("Ada")));
    ok(&grace.put("/api/flags/half", &json!({"enabled": true, "percentage": 50})), 201);
    for unknown in ["nope", "Nope", "%00", "%7Bkey%7D"] {
        let reply = evaluate(&mut ada, unknown, &json!([]));
        failed(&reply, 404, "not-found", "FLAG_NOT_FOUND");
    }
    let reply = evaluate(&mut ada, "nope", &json!({}));
    assert_eq!(failed(&reply, 404, "not-found", "FLAG_NOT_FOUND")["key"], "nope");
    for missing in [json!({}), json!({"targetingKey": null}), json!({"targetingKey": ""})] {
        let reply = evaluate(&mut ada, "half", &missing);
        let told = failed(&reply, 400, "targeting-key-missing", "TARGETING_KEY_MISSING");
        assert_eq!(told["key"], "half");
    }
    for context in [json!([]), json!("x"), json!(7), json!({"targetingKey": 7})] {
        for path in ["/ofrep/v1/evaluate/flags/half", "/ofrep/v1/evaluate/flags"] {
            let reply = ada.post(path, &json!({"context": context}));
            let told = failed(&reply, 400, "invalid-context", "INVALID_CONTEXT");
            assert_eq!(told["errors"].as_array().unwrap().len(), 1);
        }
    }
    for path in ["/ofrep/v1/evaluate/flags/half", "/ofrep/v1/evaluate/flags"] {
        for body in [&b"{"[..], b"{\"context\": {}, \"context\": {}}", b"\xff"] {
            let reply = ada.send("POST", path, &[("Content-Type", "application/json")], body);
            failed(&reply, 400, "invalid-json", "PARSE_ERROR");
        }
        expect(
            &ada.send("POST", path, &[("Content-Type", "text/xml")], b"{}"),
            415,
            "unsupported-media-type",
        );
        expect(&Api::nobody(&site).post(path, &json!({})), 401, "unauthenticated");
    }
    // No body at all is an empty context.
    let bare = ada.send("POST", "/ofrep/v1/evaluate/flags/registration", &[], b"");
    assert_eq!(ok(&bare, 200)["value"], true);
}

#[test]
fn all_flags_are_evaluated_at_once_and_not_again_while_nothing_changes() {
    let site = Site::start();
    let (mut grace, mut ada) = (Api::of(&site.admin("Grace")), Api::of(&site.person("Ada")));
    ok(&grace.put("/api/flags/on", &json!({"enabled": true})), 201);
    ok(&grace.put("/api/flags/half", &json!({"enabled": true, "percentage": 50})), 201);
    let path = "/ofrep/v1/evaluate/flags";
    let nobody = ok(&ada.post(path, &json!({})), 200);
    let keys: Vec<&str> =
        nobody["flags"].as_array().unwrap().iter().map(|f| f["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["half", "leads-form", "on", "registration"]);
    assert_eq!(nobody["flags"][0]["errorCode"], "TARGETING_KEY_MISSING");
    let context = json!({"context": {"targetingKey": "123"}});
    let first = ada.post(path, &context);
    ok(&first, 200);
    let tag = first.header("ETag").unwrap().to_owned();
    let again = |ada: &mut Api| ada.json("POST", path, &[("If-None-Match", &tag)], &context);
    let unchanged = again(&mut ada);
    assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));
    assert_eq!(unchanged.header("ETag"), Some(tag.as_str()));
    ok(&grace.put("/api/flags/on", &json!({"enabled": false, "version": 1})), 200);
    assert_eq!(ok(&again(&mut ada), 200)["flags"][2]["value"], false);
}

/// Evaluation reads; the writer, whom everybody shares, is not asked.
#[test]
fn an_evaluation_sees_what_was_acknowledged_and_does_not_touch_the_writer() {
    let site = Site::start();
    let (mut grace, mut ada) = (Api::of(&site.admin("Grace")), Api::of(&site.person("Ada")));
    ok(&grace.put("/api/flags/beta", &json!({})), 201);
    for version in 1..20 {
        let on = version % 2 == 1;
        ok(&grace.put("/api/flags/beta", &json!({"enabled": on, "version": version})), 200);
        let figures = site.store().writer_figures();
        assert_eq!(told(&mut ada, "beta", &json!({"targetingKey": "x"})).0, on);
        ok(&ada.post("/ofrep/v1/evaluate/flags", &json!({})), 200);
        let after = site.store().writer_figures();
        assert_eq!((after.units, after.commits), (figures.units, figures.commits));
    }
}
