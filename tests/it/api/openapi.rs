//! `GET /api/openapi.json`: the document says what the table of routes says, and is sound.

use crate::kit::conformance::{published, violations};
use crate::kit::{Api, ok};
use cardinal::routes::ROUTES;
use cardinal::testing::Site;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every operation: path, method, what is said of it.
fn operations() -> Vec<(&'static str, &'static str, &'static Value)> {
    let paths = published()["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    });
    operations.collect()
}

#[test]
fn the_document_is_served() {
    let site = Site::start();
    let reply = Api::nobody(&site).get("/api/openapi.json");
    assert_eq!(ok(&reply, 200), *published());
}

#[test]
fn the_document_has_every_route_and_no_other() {
    let table: BTreeSet<(String, String)> = ROUTES
        .iter()
        .map(|route| (route.path.to_owned(), route.method.as_str().to_lowercase()))
        .collect();
    let told = operations();
    let told = told.iter().map(|(path, method, _)| ((*path).to_owned(), (*method).to_owned()));
    assert_eq!(told.collect::<BTreeSet<_>>(), table);
    assert_eq!(table.len(), ROUTES.len(), "a route stands twice in the table");
}

#[test]
fn the_document_is_sound_openapi() {
    let document = published();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations() {
        let at = format!("{method} {path}");
        assert!(path.starts_with('/'), "{at}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{at}: id stands twice");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{at}");
        check_parameters(path, operation, &at);
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| matches!(&status[..1], "2" | "3")), "{at}");
        for (status, response) in responses {
            assert!(status.parse::<u16>().is_ok_and(|code| (200..600).contains(&code)), "{at}");
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{at}");
            check_content(&response["content"], &at);
        }
        check_content(&operation["requestBody"]["content"], &at);
        for requirement in operation["security"].as_array().into_iter().flatten() {
            let schemes = &document["components"]["securitySchemes"];
            let mut names = requirement.as_object().unwrap().keys();
            assert!(names.all(|name| schemes.get(name).is_some()), "{at}");
        }
    }
}

fn check_parameters(path: &str, operation: &Value, at: &str) {
    let parameters = operation["parameters"].as_array().unwrap();
    let mut seen = BTreeSet::new();
    for parameter in parameters {
        let (name, place) =
            (parameter["name"].as_str().unwrap(), parameter["in"].as_str().unwrap());
        assert!(seen.insert((place, name)), "{at}: {name} stands twice");
        assert!(matches!(place, "path" | "query" | "header"), "{at}");
        assert!(place != "path" || parameter["required"] == true, "{at}: {name}");
        check_schema(&parameter["schema"], at);
    }
    let in_path: BTreeSet<&str> =
        seen.iter().filter(|(place, _)| *place == "path").map(|(_, name)| *name).collect();
    let in_template: BTreeSet<&str> =
        path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
    assert_eq!(in_path, in_template, "{at}");
}

fn check_content(content: &Value, at: &str) {
    for (media_type, body) in content.as_object().into_iter().flatten() {
        assert!(media_type.contains('/'), "{at}");
        if let Some(schema) = body.get("schema") {
            check_schema(schema, at);
        }
    }
}

/// Only what the checker of replies understands, with rules of the right type; references lead somewhere.
fn check_schema(schema: &Value, at: &str) {
    for (keyword, rule) in schema.as_object().unwrap_or_else(|| panic!("no schema: {at}")) {
        let sound = match keyword.as_str() {
            "$ref" => rule.as_str().is_some_and(|r| published().pointer(&r[1..]).is_some()),
            "title" | "description" | "format" | "pattern" | "type" => rule.is_string(),
            "minimum" | "maximum" => rule.is_number(),
            "minLength" | "maxLength" | "maxItems" => rule.is_i64(),
            "enum" | "required" => {
                rule.as_array().is_some_and(|words| words.iter().all(Value::is_string))
            }
            "additionalProperties" => rule.is_boolean(),
            "items" => {
                check_schema(rule, at);
                true
            }
            "anyOf" => rule.as_array().is_some_and(|kinds| {
                for kind in kinds {
                    check_schema(kind, at);
                }
                !kinds.is_empty()
            }),
            "properties" => rule.as_object().is_some_and(|members| {
                for member in members.values() {
                    check_schema(member, at);
                }
                true
            }),
            _ => false,
        };
        assert!(sound, "{at}: {keyword}: {rule}");
    }
}

#[test]
fn who_may_stands_in_the_document() {
    for route in ROUTES {
        let method = route.method.as_str().to_lowercase();
        let operation = &published()["paths"][route.path][&method];
        let public = route.access.is_open();
        assert_eq!(operation.get("security").is_none(), public, "{method} {}", route.path);
        assert!(public || operation["responses"].get("401").is_some(), "{method} {}", route.path);
        let body = operation.get("requestBody").is_some();
        let takes = route.about.body.is_some() || !route.about.upload.is_empty();
        assert_eq!(body, takes, "{method} {}", route.path);
    }
}

#[test]
fn the_checker_of_replies_finds_what_is_wrong() {
    let schema = json!({
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {
            "a": {"type": "integer", "minimum": 1, "maximum": 3},
            "b": {"type": "string", "minLength": 2, "maxLength": 3, "enum": ["x", "yy", "zzz"]},
            "c": {"type": "array", "maxItems": 2, "items": {"anyOf": [{"type": "null"}, {"type": "boolean"}]}},
        },
    });
    for sound in [json!({"a": 1}), json!({"a": 3, "b": "yy", "c": [null, true]})] {
        assert!(violations(&schema, &sound).is_empty(), "{sound}");
    }
    for (wrong, count) in [
        (json!([]), 1),
        (json!({}), 1),
        (json!({"a": 0}), 1),
        (json!({"a": 4}), 1),
        (json!({"a": "1"}), 1),
        (json!({"a": 1.5}), 1),
        (json!({"a": 1, "d": 1}), 1),
        (json!({"a": 1, "b": "x"}), 1),
        (json!({"a": 1, "b": "aaaa"}), 2),
        (json!({"a": 1, "c": [1, null, 2]}), 3),
    ] {
        assert_eq!(violations(&schema, &wrong).len(), count, "{wrong}");
    }
    assert_eq!(violations(&json!({"multipleOf": 2}), &json!(2)).len(), 1, "an unknown keyword");
    let problem = json!({"$ref": "#/components/schemas/Problem"});
    assert!(!violations(&problem, &json!({"title": "x"})).is_empty());
}
