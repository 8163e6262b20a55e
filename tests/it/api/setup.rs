//! `GET /setup` and `POST /setup`: the link that makes the first admin.

use crate::kit::{Api, expect, ok, together};
use cardinal::http::access::{COOKIE_HTTP, COOKIE_HTTPS};
use cardinal::id::{Token, TokenKind};
use cardinal::testing::{Reply, Site};

/// A site that offers a set-up link, and the link's token.
fn fresh(change: impl FnOnce(&mut cardinal::config::Config)) -> (Site, String) {
    let site = Site::with(change);
    let token = Token::new(TokenKind::SetUp);
    site.running().state().offer_set_up(&token);
    (site, token.reveal().to_owned())
}

fn submit(site: &Site, token: &str, email: &str, password: &str) -> Reply {
    let form = format!(
        "token={token}&display_name=Root+%26+Co&email={email}&password={}",
        password.replace(' ', "+")
    );
    let form_type = [("Content-Type", "application/x-www-form-urlencoded")];
    Api::nobody(site).send("POST", "/setup", &form_type, form.as_bytes())
}

const PASSWORD: &str = "correct horse battery staple";

#[test]
fn the_link_makes_an_admin_once_and_signs_in() {
    let (site, token) = fresh(|_| {});
    let mut nobody = Api::nobody(&site);
    let form = nobody.get(&format!("/setup?token={token}"));
    assert!(form.status == 200 && form.text().contains("<form"), "{}", form.text());
    let made = submit(&site, &token, "root@example.org", PASSWORD);
    ok(&made, 303);
    assert_eq!(made.header("Location"), Some("/cards/new"));
    let cookie = made.header("Set-Cookie").unwrap();
    let (pair, rules) = cookie.split_once("; ").unwrap();
    assert_eq!(rules, "Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000");
    let session = pair.strip_prefix(&format!("{COOKIE_HTTP}=")).unwrap();
    let me = ok(&Api::cookie(&site, session).get("/api/me"), 200);
    assert_eq!(
        (me["role"].as_str(), me["display_name"].as_str()),
        (Some("admin"), Some("Root & Co"))
    );
    expect(&submit(&site, &token, "eve@example.org", PASSWORD), 409, "already-set-up");
    expect(&nobody.get(&format!("/setup?token={token}")), 409, "already-set-up");
}

#[test]
fn over_https_the_cookie_is_bound_to_the_host() {
    let (site, token) = fresh(|config| config.public_url = Some("https://cards.example".into()));
    let made = submit(&site, &token, "root@example.org", PASSWORD);
    let cookie = made.header("Set-Cookie").unwrap();
    assert!(cookie.starts_with(&format!("{COOKIE_HTTPS}=")), "{cookie}");
    assert!(cookie.contains("; Path=/; Secure; HttpOnly; SameSite=Lax;"), "{cookie}");
    assert!(made.header("Strict-Transport-Security").unwrap().starts_with("max-age=63072000"));
    assert_eq!(made.header("Cache-Control"), Some("no-store, no-transform"));
}

#[test]
fn without_the_right_token_there_is_no_link() {
    let (site, token) = fresh(|_| {});
    let mut nobody = Api::nobody(&site);
    let other = Token::new(TokenKind::SetUp);
    for wrong in ["", "x", other.reveal(), &token[..token.len() - 1]] {
        expect(&nobody.get(&format!("/setup?token={wrong}")), 404, "not-found");
        expect(&submit(&site, wrong, "root@example.org", PASSWORD), 404, "not-found");
    }
    expect(&nobody.get("/setup"), 404, "not-found");
    // A newer link ends the one before.
    site.running().state().offer_set_up(&other);
    expect(&submit(&site, &token, "root@example.org", PASSWORD), 404, "not-found");
}

#[test]
fn what_is_wrong_with_the_form_is_told_in_the_form() {
    let (site, token) = fresh(|_| {});
    let reply = submit(&site, &token, "no%22%3E%3Cscript%3E", "short");
    ok(&reply, 422);
    let page = reply.text();
    assert!(page.contains("aria-invalid=\"true\"") && page.contains("Root &amp; Co"), "{page}");
    assert!(!page.contains("<script>") && !page.contains("short\""), "{page}");
    assert_eq!(reply.header("Set-Cookie"), None);
    ok(&submit(&site, &token, "root@example.org", PASSWORD), 303);
}

#[test]
fn a_reply_with_a_cookie_is_not_kept_for_its_key() {
    let (site, token) = fresh(|_| {});
    let mut keyed = Api::nobody(&site).with("Idempotency-Key", "key");
    let form = format!("token={token}&display_name=R&email=r@example.org&password={PASSWORD}");
    let form = form.replace(' ', "+");
    ok(&keyed.send("POST", "/setup", &[], form.as_bytes()), 303);
    expect(&keyed.send("POST", "/setup", &[], form.as_bytes()), 409, "already-set-up");
}

#[test]
fn of_racing_set_ups_one_makes_the_admin() {
    let (site, token) = fresh(|_| {});
    let replies = together(6, |n| submit(&site, &token, &format!("r{n}@example.org"), PASSWORD));
    assert_eq!(replies.iter().filter(|reply| reply.status == 303).count(), 1);
    for lost in replies.iter().filter(|reply| reply.status != 303) {
        expect(lost, 409, "already-set-up");
        assert_eq!(lost.header("Set-Cookie"), None);
    }
}
