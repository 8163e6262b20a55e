//! `POST /api/auth/login`, `POST /api/auth/logout`, and what a login's token and cookie are good for. How long
//! it lives: `logins.rs`.

use super::users::{PASSWORD, register};
use crate::kit::{Api, expect, ok, together};
use cardinal::clock::Millis;
use cardinal::testing::{Reply, Site};
use serde_json::{Value, json};
use std::time::Duration;

const NOW: Millis = Millis(1_800_000_000_000);

fn login(site: &Site, email: &str, password: &str) -> Reply {
    let body = json!({"email": email, "password": password});
    Api::nobody(site).post("/api/auth/login", &body)
}

/// A registered person's session token.
fn signed_in(site: &Site) -> String {
    register(site, "Ada")["token"].as_str().unwrap().to_owned()
}

#[test]
fn a_login_gives_a_token_and_says_on_which_device() {
    let site = Site::start();
    let user = register(&site, "Ada")["user"].clone();
    let body = json!({"email": " ADA@example.org", "password": PASSWORD, "device": "Laptop"});
    let mut browser = Api::nobody(&site).with("User-Agent", "Browser/1");
    let reply = browser.post("/api/auth/login", &body);
    let answer = ok(&reply, 200);
    assert_eq!(answer["user"], user);
    assert_eq!(answer["session"]["device"], "Laptop");
    assert_eq!(answer["session"]["current"], true);
    assert_eq!(answer["session"]["expires_at"], answer["expires_at"]);
    assert_eq!(reply.header("Set-Cookie"), None, "the API sets no cookie");
    let body = json!({"email": "ada@example.org", "password": PASSWORD});
    let second = ok(&browser.post("/api/auth/login", &body), 200);
    assert_eq!(second["session"]["device"], "Browser/1");
    // Any number of devices at once.
    for token in [&answer["token"], &second["token"]] {
        ok(&Api::bearer(&site, token.as_str().unwrap()).get("/api/me"), 200);
    }
}

#[test]
fn a_wrong_password_and_an_unknown_address_look_alike() {
    let site = Site::start();
    register(&site, "Ada");
    let told = |reply: Reply| {
        let mut document = expect(&reply, 401, "invalid-credentials");
        document["request_id"] = Value::Null;
        let fields: Vec<_> = reply.headers().map(|(name, _)| name.to_owned()).collect();
        (document, fields)
    };
    let wrong = told(login(&site, "ada@example.org", "wrong horse battery staple"));
    let unknown = told(login(&site, "eve@example.org", "wrong horse battery staple"));
    assert_eq!(wrong, unknown);
}

#[test]
fn guessing_is_slowed_down_and_nobody_is_locked_out_for_good() {
    let site = Site::at(NOW, |_| {});
    register(&site, "Ada");
    let guess = || login(&site, "ada@example.org", "wrong horse battery staple");
    for _ in 0..5 {
        expect(&guess(), 401, "invalid-credentials");
    }
    let refused = guess();
    expect(&refused, 429, "rate-limited");
    assert_eq!(refused.header("Retry-After"), Some("2"));
    // While it lasts the right password helps as little, and others are not concerned.
    expect(&login(&site, "ada@example.org", PASSWORD), 429, "rate-limited");
    expect(&login(&site, "eve@example.org", PASSWORD), 401, "invalid-credentials");
    site.clock().advance(Duration::from_secs(2));
    expect(&guess(), 401, "invalid-credentials");
    assert_eq!(guess().header("Retry-After"), Some("4"), "the wait doubles");
    site.clock().advance(Duration::from_secs(4));
    ok(&login(&site, "ada@example.org", PASSWORD), 200);
}

#[test]
fn right_passwords_use_up_nothing() {
    let site = Site::at(NOW, |_| {});
    register(&site, "Ada");
    for _ in 0..8 {
        ok(&login(&site, "ada@example.org", PASSWORD), 200);
    }
}

#[test]
fn parallel_guesses_are_counted_before_they_are_made() {
    let site = Site::at(NOW, |_| {});
    register(&site, "Ada");
    let replies = together(24, |_| login(&site, "ada@example.org", "wrong horse battery staple"));
    assert_eq!(replies.iter().filter(|reply| reply.status == 401).count(), 5);
    assert_eq!(replies.iter().filter(|reply| reply.status == 429).count(), 19);
}

#[test]
fn guesses_from_one_address_at_many_accounts_are_slowed_down() {
    let site = Site::at(NOW, |config| {
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
        config.limits.login_address_max = 3;
    });
    let guess = |n: usize, address: &str| {
        let body = json!({"email": format!("p{n}@example.org"), "password": PASSWORD});
        Api::nobody(&site).with("X-Forwarded-For", address).post("/api/auth/login", &body)
    };
    for n in 0..3 {
        expect(&guess(n, "203.0.113.7"), 401, "invalid-credentials");
    }
    expect(&guess(3, "203.0.113.7"), 429, "rate-limited");
    expect(&guess(4, "203.0.113.8"), 401, "invalid-credentials");
}

#[test]
fn after_logout_the_token_is_dead_and_other_logins_live() {
    let site = Site::start();
    let first = signed_in(&site);
    let second = ok(&login(&site, "ada@example.org", PASSWORD), 200);
    let mut ada = Api::bearer(&site, &first);
    let reply = ada.post("/api/auth/logout", &json!({}));
    ok(&reply, 200);
    assert_eq!(reply.header("Clear-Site-Data"), Some("\"cookies\", \"storage\""));
    expect(&ada.get("/api/me"), 401, "invalid-token");
    expect(&ada.post("/api/auth/logout", &json!({})), 401, "invalid-token");
    ok(&Api::bearer(&site, second["token"].as_str().unwrap()).get("/api/me"), 200);
}

#[test]
fn what_is_no_credential_is_told_so() {
    let site = Site::start();
    let token = signed_in(&site);
    expect(&Api::nobody(&site).get("/api/me"), 401, "unauthenticated");
    let mut typo = token.clone();
    typo.replace_range(20..21, if &token[20..21] == "a" { "b" } else { "a" });
    let basic = format!("Basic {token}");
    for field in [&basic, "Bearer", "Bearer nonsense", &token, &format!("Bearer {typo}")] {
        let mut api = Api::nobody(&site).with("Authorization", field);
        expect(&api.get("/api/me"), 401, "invalid-token");
    }
    ok(&Api::nobody(&site).with("Authorization", &format!("bearer  {token}")).get("/api/me"), 200);
    // The token alone counts where both are sent: a page can not add its cookie to what a program does.
    let mut both = Api::cookie(&site, &token).with("Authorization", "Bearer nonsense");
    expect(&both.get("/api/me"), 401, "invalid-token");
    // Behind a proxy that speaks https the cookie has its other name.
    let secure = format!("x; __Host-cardinal={token}");
    ok(&Api::nobody(&site).with("Cookie", &secure).get("/api/me"), 200);
    // An API token is no cookie.
    let api_token = site.person("Bob").token;
    expect(&Api::cookie(&site, &api_token).get("/api/me"), 401, "invalid-token");
}

#[test]
fn a_cookie_changes_things_only_from_our_own_pages() {
    let site = Site::start();
    let (token, host) = (signed_in(&site), site.address().to_string());
    let ours = format!("http://{host}");
    ok(&Api::cookie(&site, &token).with("Sec-Fetch-Site", "cross-site").get("/api/me"), 200);
    for (fields, allowed) in [
        (vec![("Sec-Fetch-Site", "same-origin")], true),
        (vec![("Sec-Fetch-Site", "none")], true),
        (vec![("Sec-Fetch-Site", "same-site")], false),
        (vec![("Sec-Fetch-Site", "cross-site")], false),
        (vec![("Sec-Fetch-Site", "cross-site"), ("Origin", ours.as_str())], false),
        (vec![("Origin", ours.as_str())], true),
        (vec![("Origin", "http://evil.example")], false),
        (vec![("Origin", "null")], false),
        (vec![], false),
    ] {
        let body = json!({"name": "Card"});
        let reply = Api::cookie(&site, &token).json("POST", "/api/cards", &fields, &body);
        if allowed {
            ok(&reply, 201);
        } else {
            expect(&reply, 403, "csrf-rejected");
        }
        // A token is no cookie: no page can make a browser send it.
        let reply = Api::bearer(&site, &token).json("POST", "/api/cards", &fields, &body);
        ok(&reply, 201);
    }
    let mut foreign = Api::cookie(&site, "nonsense").with("Sec-Fetch-Site", "cross-site");
    expect(&foreign.post("/api/cards", &json!({})), 401, "invalid-token");
}

#[test]
fn a_cookie_comes_with_json_only() {
    let site = Site::start();
    let token = signed_in(&site);
    let body = br#"{"name": "Card"}"#;
    let lenient = ["text/plain", "application/x-www-form-urlencoded", "Text/Plain; charset=utf-8"];
    let json = ["application/json", "application/merge-patch+json", "APPLICATION/JSON ;charset=x"];
    for (media_type, by_cookie, by_token) in lenient
        .map(|media_type| (media_type, false, true))
        .into_iter()
        .chain(json.map(|media_type| (media_type, true, true)))
        .chain(["application/xml", "multipart/form-data", ""].map(|m| (m, false, false)))
    {
        let cookie = Api::cookie(&site, &token).with("Sec-Fetch-Site", "same-origin");
        for (mut api, taken) in [(cookie, by_cookie), (Api::bearer(&site, &token), by_token)] {
            let reply = api.send("POST", "/api/cards", &[("Content-Type", media_type)], body);
            if taken {
                ok(&reply, 201);
            } else {
                expect(&reply, 415, "unsupported-media-type");
            }
        }
    }
    let mut cookie = Api::cookie(&site, &token).with("Sec-Fetch-Site", "same-origin");
    expect(&cookie.send("POST", "/api/cards", &[], body), 415, "unsupported-media-type");
    ok(&Api::bearer(&site, &token).send("POST", "/api/cards", &[], body), 201);
}
