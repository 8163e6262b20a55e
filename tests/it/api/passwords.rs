//! `POST /api/me/password`, and that no secret is kept in the clear.

use super::users::{PASSWORD, newcomer, register};
use crate::kit::{Api, expect, faults, ok, together};
use cardinal::clock::Millis;
use cardinal::testing::{Reply, Site};
use serde_json::{Value, json};

const NOW: Millis = Millis(1_800_000_000_000);
const NEW: &str = "nineteen red kites over the moor";
const PATH: &str = "/api/me/password";

pub(super) fn log_in(site: &Site, password: &str) -> Reply {
    let body = json!({"email": "ada@example.org", "password": password});
    Api::nobody(site).post("/api/auth/login", &body)
}

pub(super) fn token(reply: &Reply) -> String {
    ok(reply, if reply.status == 201 { 201 } else { 200 })["token"].as_str().unwrap().to_owned()
}

fn change(api: &mut Api, current: &str, new: &str) -> Reply {
    api.post(PATH, &json!({"current_password": current, "new_password": new}))
}

/// Ada, who has just registered.
fn ada(site: &Site) -> Api {
    Api::bearer(site, register(site, "Ada")["token"].as_str().unwrap())
}

#[test]
fn a_change_ends_every_other_login_and_no_api_token() {
    let site = Site::start();
    let mut first = ada(&site);
    let others = [(); 3].map(|()| token(&log_in(&site, PASSWORD)));
    let new = json!({"name": "t", "scopes": ["profile:write"]});
    let api_token = ok(&first.post("/api/tokens", &new), 201)["token"].clone();
    // Callers whom the writer remembers.
    for other in &others {
        ok(&Api::bearer(&site, other).post("/api/cards", &json!({"name": "Before"})), 201);
    }
    assert_eq!(ok(&change(&mut first, PASSWORD, NEW), 200), json!({"revoked": 3}));
    for other in &others {
        let mut other = Api::bearer(&site, other);
        expect(&other.get("/api/me"), 401, "invalid-token");
        expect(&other.post("/api/cards", &json!({"name": "After"})), 401, "invalid-token");
    }
    ok(&first.get("/api/me"), 200);
    expect(&log_in(&site, PASSWORD), 401, "invalid-credentials");
    ok(&log_in(&site, NEW), 200);
    // The token lives on; where it is what asks, there is no login to keep.
    let mut by_token = Api::bearer(&site, api_token.as_str().unwrap());
    assert_eq!(ok(&change(&mut by_token, NEW, PASSWORD), 200), json!({"revoked": 2}));
    ok(&by_token.get("/api/me"), 200);
    expect(&first.get("/api/me"), 401, "invalid-token");
}

#[test]
fn a_wrong_current_password_counts_as_a_guess() {
    let site = Site::at(NOW, |_| {});
    let mut first = ada(&site);
    // Right ones use up nothing.
    for _ in 0..4 {
        ok(&change(&mut first, PASSWORD, NEW), 200);
        ok(&change(&mut first, NEW, PASSWORD), 200);
    }
    for _ in 0..5 {
        expect(&change(&mut first, "wrong horse battery staple", NEW), 403, "wrong-password");
    }
    let refused = change(&mut first, PASSWORD, NEW);
    expect(&refused, 429, "rate-limited");
    assert_eq!(refused.header("Retry-After"), Some("2"));
    expect(&log_in(&site, PASSWORD), 429, "rate-limited");
    ok(&first.get("/api/me"), 200);
}

#[test]
fn parallel_guesses_at_the_current_password_are_counted_before_they_are_made() {
    let site = Site::at(NOW, |_| {});
    let token = register(&site, "Ada")["token"].as_str().unwrap().to_owned();
    let replies =
        together(24, |n| change(&mut Api::bearer(&site, &token), &format!("wrong horse {n}"), NEW));
    assert_eq!(replies.iter().filter(|reply| reply.status == 403).count(), 5);
    assert_eq!(replies.iter().filter(|reply| reply.status == 429).count(), 19);
}

#[test]
fn what_must_not_become_a_password_is_refused() {
    let site = Site::start();
    let mut ada = ada(&site);
    let long = "ab c".repeat(65);
    for (new, code) in [
        ("fourteen chars", "weak-password"),
        ("aaaaaaaaaaaaaaaaaaaa", "weak-password"),
        ("ada@example.org12345", "weak-password"),
        (&long, "too-long"),
    ] {
        let reply = change(&mut ada, PASSWORD, new);
        faults(&reply, &[("/new_password", code)]);
        assert!(!reply.text().contains(new), "a problem must not repeat a password");
    }
    faults(
        &ada.post(PATH, &json!({"current_password": 1, "new_password": null, "version": 1})),
        &[("/current_password", "type"), ("/new_password", "type"), ("/version", "unknown")],
    );
    faults(
        &ada.post(PATH, &json!({})),
        &[("/current_password", "required"), ("/new_password", "required")],
    );
    faults(&change(&mut ada, &long, NEW), &[("/current_password", "too-long")]);
    expect(&ada.send("POST", PATH, &[], b"[]"), 422, "validation-failed");
    ok(&log_in(&site, PASSWORD), 200);
}

#[test]
fn who_has_no_password_cannot_change_it() {
    let site = Site::start();
    let mut bob = Api::of(&site.person("Bob"));
    expect(&change(&mut bob, "", NEW), 409, "no-password");
}

#[test]
fn a_change_is_replayed_though_the_current_password_is_another_by_now() {
    let site = Site::start();
    let mut first = ada(&site);
    drop(log_in(&site, PASSWORD));
    let fields = [("Idempotency-Key", "key")];
    let body = json!({"current_password": PASSWORD, "new_password": NEW});
    let done = first.json("POST", PATH, &fields, &body);
    assert_eq!(ok(&done, 200), json!({"revoked": 1}));
    let again = first.json("POST", PATH, &fields, &body);
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
    assert_eq!((again.status, again.body), (200, done.body));
    expect(&first.json("POST", PATH, &[], &body), 403, "wrong-password");
}

#[test]
fn of_racing_changes_one_counts() {
    for n in [2, 8, 64] {
        let site = Site::with(|config| config.limits.login_account_max = 1_000);
        register(&site, "Ada");
        let tokens: Vec<String> = (0..n).map(|_| token(&log_in(&site, PASSWORD))).collect();
        let new = |n: usize| format!("{n} brown owls in the old barn");
        let replies =
            together(n, |n| change(&mut Api::bearer(&site, &tokens[n]), PASSWORD, &new(n)));
        let won: Vec<usize> = (0..n).filter(|n| replies[*n].status == 200).collect();
        assert_eq!(won.len(), 1, "{:?}", replies.iter().map(|r| r.status).collect::<Vec<_>>());
        for lost in replies.iter().filter(|reply| reply.status != 200) {
            expect(lost, 401, "invalid-token");
        }
        ok(&log_in(&site, &new(won[0])), 200);
        let mut left = Api::bearer(&site, &tokens[won[0]]);
        assert_eq!(ok(&left.get("/api/sessions"), 200)["items"].as_array().unwrap().len(), 2);
    }
}

/// Both come from one session, so none ends the other: the password that was checked is no longer the one.
#[test]
fn of_racing_changes_from_one_login_one_counts() {
    for n in [2, 8, 64] {
        let site = Site::with(|config| config.limits.login_account_max = 1_000);
        let token = register(&site, "Ada")["token"].as_str().unwrap().to_owned();
        let new = |n: usize| format!("{n} brown owls in the old barn");
        let replies = together(n, |n| change(&mut Api::bearer(&site, &token), PASSWORD, &new(n)));
        let won: Vec<usize> = (0..n).filter(|n| replies[*n].status == 200).collect();
        assert_eq!(won.len(), 1);
        for lost in replies.iter().filter(|reply| reply.status != 200) {
            expect(lost, 403, "wrong-password");
        }
        ok(&log_in(&site, &new(won[0])), 200);
    }
}

/// Everything that was ever a secret here, looked for in every file of the data directory.
#[test]
fn no_secret_stands_in_the_clear_in_the_files_of_the_database() {
    let site = Site::start();
    let mut root = Api::of(&site.admin("Root"));
    let mut secrets = vec![PASSWORD.to_owned(), NEW.to_owned()];
    let keep = |reply: &Reply, member: &str| {
        let secret = reply.json()[member].as_str().unwrap().to_owned();
        secret.rsplit('=').next().unwrap().to_owned()
    };
    let keyed = |api: &mut Api, path: &str, body: &Value| {
        api.json("POST", path, &[("Idempotency-Key", path)], body)
    };
    let registered = keyed(&mut Api::nobody(&site), "/api/auth/register", &newcomer("Ada"));
    secrets.push(keep(&registered, "token"));
    let mut first = Api::bearer(&site, &secrets[2]);
    let login = json!({"email": "ada@example.org", "password": PASSWORD});
    secrets.push(keep(&keyed(&mut Api::nobody(&site), "/api/auth/login", &login), "token"));
    let new = json!({"name": "t", "scopes": ["cards:read"]});
    secrets.push(keep(&keyed(&mut first, "/api/tokens", &new), "token"));
    let change = json!({"current_password": PASSWORD, "new_password": NEW});
    ok(&keyed(&mut first, PATH, &change), 200);
    let id = registered.json()["user"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/admin/users/{id}/reset-link");
    for used in [false, true] {
        let link = keep(&root.json("POST", &path, &[], &json!({})), "url");
        if used {
            let reset = "forty grey seals on the sandbank";
            let body = json!({"token": link, "new_password": reset});
            ok(&keyed(&mut Api::nobody(&site), "/api/auth/reset", &body), 200);
            secrets.push(reset.into());
        }
        secrets.push(link);
    }
    secrets.push(keep(&keyed(&mut root, &path, &json!({})), "url"));
    assert!(secrets.len() >= 8 && secrets.iter().all(|secret| secret.len() > 20), "{secrets:?}");

    let mut bytes = Vec::new();
    for file in std::fs::read_dir(site.data_dir()).unwrap() {
        bytes.append(&mut std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("ada@example.org") && holds("$argon2id$"), "nothing was looked at");
    let kept: Vec<&String> = secrets.iter().filter(|secret| holds(secret)).collect();
    assert!(kept.is_empty(), "in the clear: {kept:?}");
}
