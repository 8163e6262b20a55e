//! Assertions about replies.

use super::Api;
use cardinal::testing::Reply;
use serde_json::{Value, json};

/// The reply is this problem; its document.
#[track_caller]
pub(crate) fn expect(reply: &Reply, status: u16, code: &str) -> Value {
    let document = reply.json();
    assert_eq!((reply.status, &document["code"]), (status, &json!(code)), "{}", reply.text());
    document
}

/// The reply is this success; its body.
#[track_caller]
pub(crate) fn ok(reply: &Reply, status: u16) -> Value {
    assert_eq!(reply.status, status, "{}", reply.text());
    reply.json()
}

/// The reply is a 422 with exactly these faults, by pointer and code, in any order.
#[track_caller]
pub(crate) fn faults(reply: &Reply, expected: &[(&str, &str)]) {
    let document = expect(reply, 422, "validation-failed");
    let told = document["errors"].as_array().unwrap().iter();
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
    let mut told: Vec<_> = told.map(|f| (text(f, "pointer"), text(f, "code"))).collect();
    let mut expected: Vec<_> =
        expected.iter().map(|(pointer, code)| ((*pointer).into(), (*code).into())).collect();
    told.sort();
    expected.sort();
    assert_eq!(told, expected, "{}", reply.text());
}

/// A new card with this name.
#[track_caller]
pub(crate) fn card(api: &mut Api, name: &str) -> Value {
    ok(&api.post("/api/cards", &json!({"name": name})), 201)
}
