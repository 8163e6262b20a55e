//! What is refused, and how it is told: one document for every fault, whoever meets it.

use crate::kit::{Api, card, expect, faults, ok};
use cardinal::testing::Site;
use serde_json::{Value, json};

fn send(api: &mut Api, body: &[u8]) -> cardinal::testing::Reply {
    api.send("POST", "/api/cards", &[("Content-Type", "application/json")], body)
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for (body, line) in [
        (&b"{\"name\":\n\"x\",}"[..], 2),
        (b"{", 1),
        (b"nope", 1),
        (b" \n ", 2),
        (b"{\"name\": \"x\"} {}", 1),
        (b"{\"name\": \"x\", \"name\": \"y\"}", 1),
        (b"{\"name\": \"x\", \"design_config\": {\"font\": \"mono\", \"font\": \"mono\"}}", 1),
        (b"{\"name\": \"\xff\"}", 1),
        (b"{\"name\": \"\\ud800\"}", 1),
        (b"{\"name\": \"a\nb\"}", 2),
        (b"{\"name\": 1e999}", 1),
        (b"{'name': 'x'}", 1),
        (b"\xef\xbb\xbf{\"name\": \"x\"}", 1),
    ] {
        let told = expect(&send(&mut ada, body), 400, "invalid-json");
        let text = String::from_utf8_lossy(body);
        assert_eq!(told["line"], line, "{text}: {told}");
        assert!(told["column"].is_u64(), "{text}: {told}");
    }
    for deep in ["[".repeat(100_000), "{\"a\":".repeat(10_000), nested(65)] {
        expect(&send(&mut ada, deep.as_bytes()), 400, "invalid-json");
    }
    expect(&send(&mut ada, nested(60).as_bytes()), 422, "validation-failed");
}

fn nested(depth: usize) -> String {
    format!("{{\"name\":{}{}}}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn what_is_json_and_no_object_is_refused() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for body in ["null", "[]", "\"x\"", "7", "true", "[{\"name\": \"x\"}]"] {
        faults(&send(&mut ada, body.as_bytes()), &[("", "type")]);
    }
    for empty in [&b""[..], b"{}"] {
        faults(&send(&mut ada, empty), &[("/name", "required")]);
    }
}

#[test]
fn a_name_is_one_to_a_hundred_visible_characters() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let long = "x".repeat(5_000);
    for (name, code) in [
        ("", "blank"),
        (" \t ", "blank"),
        ("   ", "blank"),
        ("\u{a0}\u{3000}", "blank"),
        ("\u{200b}\u{202e}\u{feff}", "blank"),
        (&long, "too-long"),
        (&"é".repeat(101), "too-long"),
        ("a\u{0}b", "control"),
        ("a\nb", "control"),
        ("a\u{1b}[31m", "control"),
        ("a\u{85}b", "control"),
    ] {
        faults(&ada.post("/api/cards", &json!({"name": name})), &[("/name", code)]);
    }
    for name in [
        "é".repeat(100),
        "👩‍👩‍👧 Familie".into(),
        "مرحبا بالعالم".into(),
        "שלום".into(),
        "<script>alert(1)</script>".into(),
        "Robert'); DROP TABLE cards;--".into(),
        "???".into(),
        "x".into(),
    ] {
        let made = card(&mut ada, &name);
        assert_eq!(made["name"], name);
        let shown = ok(&ada.get(&format!("/c/{}.json", made["slug"].as_str().unwrap())), 200);
        assert_eq!(shown["name"], name);
    }
    for name in [
        json!(1e15),
        json!(18_446_744_073_709_551_615_u64),
        json!(true),
        json!({}),
        json!(["x"]),
        Value::Null,
    ] {
        faults(&ada.post("/api/cards", &json!({"name": name})), &[("/name", "type")]);
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_like_anything_else() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let body = json!({"name": "x".repeat(300_000)});
    let told = expect(&ada.post("/api/cards", &body), 413, "payload-too-large");
    assert_eq!(told["title"], "Content too large");
    let mut nobody = Api::nobody(&site);
    assert_eq!(nobody.post("/api/cards", &body).status, 413);
    ok(&ada.get("/api/cards"), 200);
}

#[test]
fn unknown_paths_and_other_methods_are_told_apart() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for path in
        ["/nope", "/api", "/api/nope", "/api/cards/x/y/z", "/c", "/api/%ff", "/../etc/passwd"]
    {
        expect(&ada.get(path), 404, "not-found");
    }
    let id = "0190b5a0-0000-7000-8000-000000000000";
    for (method, path, allow) in [
        ("PUT", "/api/cards".to_owned(), "GET, POST, PATCH, HEAD, OPTIONS"),
        ("DELETE", "/api/cards".into(), "GET, POST, PATCH, HEAD, OPTIONS"),
        ("POST", format!("/api/cards/{id}"), "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("GET", format!("/api/cards/{id}/default"), "PUT, OPTIONS"),
        ("HEAD", format!("/api/cards/{id}/links"), "PUT, OPTIONS"),
        ("POST", "/c/x".into(), "GET, HEAD, OPTIONS"),
        ("GET", "/api/auth/login".into(), "POST, OPTIONS"),
        ("TRACE", "/livez".into(), "GET, HEAD, OPTIONS"),
        ("BREW", "/livez".into(), "GET, HEAD, OPTIONS"),
        ("get", "/livez".into(), "GET, HEAD, OPTIONS"),
    ] {
        let reply = ada.send(method, &path, &[], b"");
        assert_eq!((reply.status, reply.header("Allow")), (405, Some(allow)), "{method} {path}");
        assert!(method == "HEAD" || reply.json()["code"] == "method-not-allowed");
    }
    // Whether something stands behind a path that is not for everybody is not told to anybody.
    expect(&Api::nobody(&site).send("PUT", "/api/cards", &[], b""), 401, "unauthenticated");
    expect(&Api::nobody(&site).send("PUT", "/livez", &[], b""), 405, "method-not-allowed");
}

#[test]
fn options_says_what_a_path_takes() {
    let site = Site::start();
    let mut nobody = Api::nobody(&site);
    let reply = nobody.send("OPTIONS", "/api/cards", &[], b"");
    ok(&reply, 200);
    assert_eq!(reply.header("Allow"), Some("GET, POST, PATCH, HEAD, OPTIONS"));
    let types = "application/merge-patch+json, application/json";
    assert_eq!(reply.header("Accept-Patch"), Some(types));
    assert_eq!(reply.header("Access-Control-Allow-Origin"), None);
    let reply = nobody.send("OPTIONS", "/livez", &[], b"");
    assert_eq!((reply.status, reply.header("Accept-Patch")), (200, None));
    let reply = nobody.send("OPTIONS", "*", &[], b"");
    assert!(reply.status == 200 && reply.header("Allow").unwrap().contains("PATCH"));
}

#[test]
fn head_answers_as_get_does_without_the_body() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let id = card(&mut ada, "Ada")["id"].as_str().unwrap().to_owned();
    for path in [
        "/api/me",
        "/api/cards",
        &format!("/api/cards/{id}"),
        "/c/ada",
        "/",
        "/nope",
        "/api/openapi.json",
    ] {
        let (get, head) = (ada.get(path), ada.send("HEAD", path, &[], b""));
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["Content-Type", "ETag", "Content-Length", "Cache-Control"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
}

#[test]
fn a_request_is_named_by_the_server_or_a_trusted_proxy() {
    let site = Site::start();
    let mut stranger = Api::nobody(&site).with("X-Request-Id", "mine");
    assert_eq!(stranger.get("/livez").header("Strict-Transport-Security"), None, "over http");
    let ids = [0, 1].map(|_| stranger.get("/livez").header("X-Request-Id").unwrap().to_owned());
    assert!(ids[0] != ids[1] && !ids.contains(&"mine".to_owned()));
    let site = Site::with(|config| config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()]);
    let mut proxy = Api::nobody(&site).with("X-Request-Id", "mine");
    assert_eq!(expect(&proxy.get("/nope"), 404, "not-found")["request_id"], "mine");
    let mut odd = Api::nobody(&site).with("X-Request-Id", "a b<c>");
    assert_ne!(odd.get("/nope").header("X-Request-Id"), Some("a b<c>"));
}
