//! Holds replies against the published contract: the fields that every reply bears, the members of every
//! problem, and, for what a route answers, its statuses and schemas in the OpenAPI document.

use cardinal::openapi::document;
use cardinal::routes::ROUTES;
use cardinal::testing::Reply;
use serde_json::{Map, Value};
use std::sync::OnceLock;

/// Fields of every reply, with the values they have unless a route says otherwise.
pub(crate) const FIELDS: &[(&str, &str)] = &[
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-DNS-Prefetch-Control", "off"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Server", "cardinal"),
];

/// What a problem must not tell: statements, paths, names of libraries.
const SECRETS: &[&str] = &[
    "select ",
    "insert ",
    "delete from",
    "sqlite",
    "serde",
    "rusqlite",
    "matchit",
    "argon2",
    "tiny_http",
    "constraint",
    "panicked",
    ".rs",
    "/tmp",
    "no such table",
];

/// The document, as it is served.
pub(crate) fn published() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| document(ROUTES))
}

/// Fails unless the reply to this request is what the contract says.
#[track_caller]
pub(crate) fn check(method: &str, target: &str, reply: &Reply) {
    let at = format!("{method} {target} → {} {}", reply.status, reply.text());
    for (name, value) in FIELDS {
        assert_eq!(reply.header(name), Some(*value), "{name} of {at}");
    }
    // Pages tell us, and nobody else, where their forms were sent from.
    let referrer =
        if media_type(reply) == Some("text/html") { "same-origin" } else { "no-referrer" };
    assert_eq!(reply.header("Referrer-Policy"), Some(referrer), "{at}");
    let policies =
        ["Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Resource-Policy"];
    for name in policies.iter().chain(&["Cache-Control", "X-Request-Id", "Date"]) {
        let fields = reply.headers().filter(|(n, _)| n.eq_ignore_ascii_case(name)).count();
        assert_eq!(fields, 1, "{name} of {at}");
    }
    if reply.status >= 400 && method != "HEAD" && media_type(reply) != Some("text/html") {
        check_problem(reply, &at);
    }
    if let Some(operation) = operation(method, target) {
        check_operation(operation, method, reply, &at);
    }
}

fn media_type(reply: &Reply) -> Option<&str> {
    reply.header("Content-Type").map(|field| field.split(';').next().unwrap_or_default().trim())
}

#[track_caller]
fn check_problem(reply: &Reply, at: &str) {
    assert_eq!(media_type(reply), Some("application/problem+json"), "{at}");
    assert_eq!(reply.header("Cache-Control"), Some("no-store, no-transform"), "{at}");
    let problem = reply.json();
    let faults = violations(&published()["components"]["schemas"]["Problem"], &problem);
    assert!(faults.is_empty(), "{at}: {faults:?}");
    let code = problem["code"].as_str().unwrap();
    assert_eq!(problem["type"], format!("urn:cardinal:problem:{code}"), "{at}");
    assert_eq!(problem["status"], reply.status, "{at}");
    assert_eq!(problem["message"], problem["detail"], "{at}");
    // What is replayed names the request that it was told to first.
    if reply.header("Idempotent-Replayed").is_none() {
        assert_eq!(problem["request_id"], reply.header("X-Request-Id").unwrap(), "{at}");
    }
    let detail = format!("{} {}", problem["detail"], problem["errors"]).to_lowercase();
    assert!(!SECRETS.iter().any(|secret| detail.contains(secret)), "{at}");
    let challenged = reply.header("WWW-Authenticate").is_some_and(|f| f.starts_with("Bearer"));
    assert!(reply.status != 401 || challenged, "{at}");
    assert!(reply.status != 405 || reply.header("Allow").is_some(), "{at}");
    let taken = ["Accept-Patch", "Accept"].iter().any(|name| reply.header(name).is_some());
    assert!(reply.status != 415 || taken, "{at}");
    let wait = reply.header("Retry-After").is_some_and(|f| f.parse::<u32>().is_ok_and(|s| s > 0));
    assert!(!matches!(reply.status, 429 | 503) || wait, "{at}");
}

#[track_caller]
fn check_operation(operation: &Value, method: &str, reply: &Reply, at: &str) {
    let told = &operation["responses"][reply.status.to_string()];
    assert!(told.is_object(), "a status that is not in the document: {at}");
    let Some(content) = told.get("content").and_then(Value::as_object) else {
        assert!(reply.body.is_empty(), "a body that is not in the document: {at}");
        return;
    };
    if method == "HEAD" {
        return;
    }
    let media_type = media_type(reply).unwrap_or_default();
    // Whoever asks for pages is told of a fault by one.
    if reply.status >= 400 && media_type == "text/html" {
        return;
    }
    let shape = content.get(media_type).or_else(|| content.get("*/*"));
    let Some(shape) = shape else { panic!("another media type: {at}") };
    if let Some(schema) = shape.get("schema") {
        let faults = violations(schema, &reply.json());
        assert!(faults.is_empty(), "{at}: {faults:?}");
    }
}

/// What the document says of this request; nothing if no route takes it.
fn operation(method: &str, target: &str) -> Option<&'static Value> {
    let path = target.split('?').next().unwrap_or_default();
    let method = match method {
        "HEAD" => "get".to_owned(),
        // Methods are told apart by case; the document has them in lower case.
        method if method.bytes().all(|b| b.is_ascii_uppercase()) => method.to_lowercase(),
        _ => return None,
    };
    let paths = published()["paths"].as_object().unwrap();
    let fitting = paths.iter().filter(|(template, _)| fits(template, path));
    let (_, operations) = fitting.max_by_key(|(template, _)| literal(template))?;
    operations.get(&method)
}

fn fits(template: &str, path: &str) -> bool {
    let (wanted, given): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    let same =
        |(wanted, given): (&&str, &&str)| match (wanted.split_once('{'), wanted.split_once('}')) {
            (Some((before, _)), Some((_, behind))) => {
                let inner = given.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
                inner.is_some_and(|inner| !inner.is_empty())
            }
            _ => wanted == given,
        };
    wanted.len() == given.len() && wanted.iter().zip(&given).all(same)
}

/// How many of a template's characters stand for themselves.
fn literal(template: &str) -> usize {
    let names = template.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    template.len() - names.map(|name| name.len() + 2).sum::<usize>()
}

/// Keywords that only explain.
const NOTES: &[&str] = &["title", "description", "format", "pattern"];

/// Where `value` is not what `schema` says: the part of JSON Schema that the document uses. A keyword it
/// does not know is a fault, too.
pub(crate) fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(schema, value, "", &mut found);
    found
}

fn look(schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().unwrap_or(&Map::new()) {
        let holds = match keyword.as_str() {
            "$ref" => {
                let target = rule.as_str().and_then(|r| published().pointer(&r[1..])).unwrap();
                look(target, value, at, found);
                true
            }
            "type" => is_type(rule.as_str().unwrap_or_default(), value),
            "enum" => rule.as_array().is_some_and(|words| words.contains(value)),
            "anyOf" => rule
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|kind| violations(kind, value).is_empty())),
            "minimum" => value.as_f64().zip(rule.as_f64()).is_none_or(|(v, min)| v >= min),
            "maximum" => value.as_f64().zip(rule.as_f64()).is_none_or(|(v, max)| v <= max),
            "minLength" => length(value).zip(rule.as_u64()).is_none_or(|(v, min)| v >= min),
            "maxLength" => length(value).zip(rule.as_u64()).is_none_or(|(v, max)| v <= max),
            "maxItems" => {
                let items = value.as_array().map(|items| items.len() as u64);
                items.zip(rule.as_u64()).is_none_or(|(v, max)| v <= max)
            }
            "items" => {
                for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                    look(rule, item, &format!("{at}/{n}"), found);
                }
                true
            }
            "properties" | "required" | "additionalProperties" => {
                members(keyword, rule, schema, value, at, found);
                true
            }
            note => NOTES.contains(&note),
        };
        if !holds {
            found.push(format!("{at}: {keyword} {rule}, but {value}"));
        }
    }
}

fn members(
    keyword: &str,
    rule: &Value,
    schema: &Value,
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
) {
    let Some(object) = value.as_object() else { return };
    match keyword {
        "properties" => {
            for (name, schema) in rule.as_object().into_iter().flatten() {
                if let Some(member) = object.get(name) {
                    look(schema, member, &format!("{at}/{name}"), found);
                }
            }
        }
        "required" => {
            let names = rule.as_array().into_iter().flatten().filter_map(Value::as_str);
            let missing = names.filter(|name| !object.contains_key(*name));
            found.extend(missing.map(|name| format!("{at}/{name}: is missing")));
        }
        _ => {
            let unknown = object.keys().filter(|name| schema["properties"].get(name).is_none());
            let closed = *rule == Value::Bool(false);
            found.extend(unknown.filter(|_| closed).map(|name| format!("{at}/{name}: is unknown")));
        }
    }
}

fn is_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn length(value: &Value) -> Option<u64> {
    value.as_str().map(|text| text.chars().count() as u64)
}
