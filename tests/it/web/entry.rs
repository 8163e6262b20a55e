//! Getting in: signing in and out, accounts, invites, and what happens to a form whose login has ended.

use crate::kit::{Api, Browser, expect, ok, together};
use cardinal::clock::Millis;
use cardinal::config::Registration;
use cardinal::id::{Token, TokenKind};
use cardinal::testing::Site;
use serde_json::json;
use std::time::Duration;

const PASSWORD: &str = "correct horse battery staple";

/// A site with an account for Ada, made as anybody makes one.
fn site_with_ada() -> Site {
    let site = Site::start();
    site.admin("Root");
    let fields = [("display_name", "Ada"), ("email", "ada@example.org"), ("password", PASSWORD)];
    let made = Browser::nobody(&site).submit("/register", &fields);
    assert_eq!(
        (made.status, made.header("Location")),
        (303, Some("/cards/new")),
        "{}",
        made.text()
    );
    site
}

fn sign_in(
    browser: &mut Browser,
    password: &str,
    more: &[(&str, &str)],
) -> cardinal::testing::Reply {
    let mut fields = vec![("email", "Ada@Example.org"), ("password", password)];
    fields.extend(more);
    browser.submit("/login", &fields)
}

#[test]
fn the_first_page_says_what_to_do_next() {
    let site = Site::start();
    assert!(Browser::nobody(&site).get("/").text().contains("set-up link"));
    let ada = site.admin("Ada");
    assert!(Browser::nobody(&site).get("/").text().contains("action=\"/login\""));
    let home = Browser::of(&site, &ada).get("/");
    assert_eq!((home.status, home.header("Location")), (303, Some("/cards")));
}

#[test]
fn somebody_signs_in_and_out() {
    let site = site_with_ada();
    let mut browser = Browser::nobody(&site);
    let wrong = sign_in(&mut browser, "a wrong password, quite", &[]);
    assert_eq!(wrong.status, 401);
    assert!(wrong.text().contains("do not match") && wrong.text().contains("Ada@Example.org"));
    assert!(!wrong.text().contains("a wrong password"), "a password is never sent back");
    let done = sign_in(&mut browser, PASSWORD, &[("next", "/leads?status=open")]);
    assert_eq!((done.status, done.header("Location")), (303, Some("/leads?status=open")));
    assert_eq!(browser.get("/login").header("Location"), Some("/cards"));
    let out = browser.submit("/logout", &[]);
    assert_eq!((out.status, out.header("Location")), (303, Some("/")));
    assert_eq!(browser.get("/").status, 200, "nobody is signed in any more");
}

#[test]
fn nobody_is_led_to_another_site() {
    let site = site_with_ada();
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
    {
        let done = sign_in(&mut Browser::nobody(&site), PASSWORD, &[("next", next)]);
        assert_eq!(done.header("Location"), Some("/cards"), "{next}");
    }
}

#[test]
fn another_site_signs_nobody_in() {
    let site = site_with_ada();
    let form = format!("email=ada@example.org&password={}", PASSWORD.replace(' ', "+"));
    let media = ("Content-Type", "application/x-www-form-urlencoded");
    let mut nobody = Api::nobody(&site);
    for (name, value) in [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")] {
        let reply = nobody.send("POST", "/login", &[media, (name, value)], form.as_bytes());
        expect(&reply, 403, "csrf-rejected");
    }
    let json = [("Content-Type", "application/json")];
    expect(&nobody.send("POST", "/login", &json, b"{}"), 415, "unsupported-media-type");
}

#[test]
fn whoever_has_to_sign_in_is_led_there_and_back() {
    let site = site_with_ada();
    let asked = Browser::nobody(&site).get("/settings?x=1");
    assert_eq!(asked.header("Location"), Some("/login?next=%2Fsettings%3Fx%3D1"));
    // A program is told by its status.
    assert_eq!(Api::nobody(&site).get("/settings").status, 401);
}

#[test]
fn a_form_outlives_its_login() {
    let site = site_with_ada();
    let mut browser = Browser::nobody(&site);
    let fields =
        [("language", "de"), ("note", "a & b = \"c\""), ("old_password", "mum's the word")];
    let kept = browser.submit("/settings/language", &fields);
    assert_eq!(kept.status, 401);
    assert!(!kept.text().contains("mum"), "a password is written into no page");
    let form = kept.text().split("name=\"form\" value=\"").nth(1).unwrap().to_owned();
    let form = form.split('"').next().unwrap().replace("&amp;", "&");
    let more = [("next", "/settings/language"), ("form", &*form)];
    let again = sign_in(&mut browser, PASSWORD, &more);
    assert_eq!(again.status, 200);
    let page = again.text();
    assert!(page.contains("action=\"/settings/language\""), "{page}");
    assert!(page.contains("name=\"note\" value=\"a &amp; b = &quot;c&quot;\""), "{page}");
    let done = browser.submit("/settings/language", &fields);
    assert_eq!(done.status, 303, "{}", done.text());
}

#[test]
fn a_refused_account_leaves_nothing_and_loses_nothing() {
    let site = Site::with(|config| config.registration = Registration::Invite);
    let mut root = Api::of(&site.admin("Root"));
    let invite = ok(&root.post("/api/invites", &json!({"max_uses": 2})), 201);
    let code = invite["invite_code"].as_str().unwrap();
    let fields = |email: &'static str, code| {
        [("display_name", "Ada"), ("email", email), ("password", PASSWORD), ("invite_code", code)]
    };
    let mut browser = Browser::nobody(&site);
    let refused = browser.submit("/register", &fields("ada@example.org", "no such code"));
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("value=\"ada@example.org\""), "what was typed is kept");
    assert_eq!(browser.submit("/register", &fields("ada@example.org", code)).status, 303);
    // The address is taken: the code is not used up by that.
    let taken = Browser::nobody(&site).submit("/register", &fields("ada@example.org", code));
    assert_eq!(taken.status, 422);
    assert!(taken.text().contains("account with this address"), "{}", taken.text());
    assert_eq!(ok(&root.get("/api/invites"), 200)["items"][0]["uses"], 1);
    assert_eq!(
        Browser::nobody(&site).submit("/register", &fields("eve@example.org", code)).status,
        303
    );
}

#[test]
fn a_form_sent_twice_makes_one_account() {
    let site = Site::start();
    let fields = [
        ("display_name", "Ada"),
        ("email", "ada@example.org"),
        ("password", PASSWORD),
        ("idempotency_key", "0123456789abcdef"),
    ];
    assert_eq!(Browser::nobody(&site).submit("/register", &fields).status, 303);
    let again = Browser::nobody(&site).submit("/register", &fields);
    assert_eq!(again.status, 422, "a login is never given out twice");
}

#[test]
fn an_invite_is_asked_for() {
    let site = Site::with(|config| config.registration = Registration::Invite);
    let root = site.admin("Root");
    let mut browser = Browser::nobody(&site);
    assert!(browser.get("/register").text().contains("href=\"/invite\""));
    let fields = [("name", "Ada"), ("email", "not an address"), ("motivation", "Cards & more")];
    let refused = browser.submit("/invite", &fields);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Cards &amp; more"), "what was typed is kept");
    let fields = [("name", "Ada"), ("email", "ada@example.org")];
    for _ in 0..2 {
        assert!(browser.submit_and_follow("/invite", &fields).text().contains("Thank you"));
    }
    let asked = ok(&Api::of(&root).get("/api/invites/requests"), 200);
    assert_eq!(asked["items"].as_array().unwrap().len(), 1);
}

#[test]
fn pages_speak_the_readers_language() {
    let site = site_with_ada();
    let mut german = Browser::nobody(&site).reading("de-AT,de;q=0.9,en;q=0.5");
    let page = german.get("/");
    assert_eq!(page.header("Content-Language"), Some("de"));
    assert!(page.text().contains("<html lang=\"de\">") && page.text().contains("Anmelden"));
    let fault = german.get("/no/such/page");
    assert_eq!(fault.status, 404);
    assert!(fault.text().contains("Hier ist nichts"), "{}", fault.text());
}

#[test]
fn the_link_that_opens_the_browser_signs_in_once() {
    let site = Site::start();
    let root = site.admin("Root");
    let state = site.running().state();
    let now = site.clock().now();
    let offer = |until: Millis| {
        let token = Token::new(TokenKind::Entry);
        state.offer_entry(&token, root.user.id, until);
        format!("/open?token={}", token.reveal())
    };
    for dead in [offer(now), "/open".into(), "/open?token=%3Cscript%3E".into()] {
        assert_eq!(Browser::nobody(&site).get(&dead).status, 410, "{dead}");
    }
    for _ in 0..20 {
        let link = offer(now.plus(Duration::from_mins(1)));
        let all = together(8, |_| {
            let mut browser = Browser::nobody(&site);
            (browser.get(&link).status, browser.get("/settings").status)
        });
        let in_count = all.iter().filter(|got| **got == (303, 200)).count();
        let out_count = all.iter().filter(|got| **got == (410, 303)).count();
        assert_eq!((in_count, out_count), (1, 7), "{all:?}");
    }
}
