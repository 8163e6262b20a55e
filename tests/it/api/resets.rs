//! Links that set a new password: `POST /api/admin/users/{id}/reset-link`, `POST /api/auth/reset`, and the page
//! `/reset`.

use super::passwords::{log_in, token};
use super::users::{PASSWORD, register};
use crate::kit::{Api, expect, faults, ok, together};
use cardinal::clock::Millis;
use cardinal::domain::{resets, users};
use cardinal::error::Error;
use cardinal::id::{Token, TokenKind};
use cardinal::testing::{Reply, Site};
use serde_json::{Value, json};
use std::time::Duration;

const NOW: Millis = Millis(1_800_000_000_000);
const NEW: &str = "nineteen red kites over the moor";
const NOBODY: &str = "0190b5a0-0000-7000-8000-000000000000";

/// A site with an admin, and Ada; her id.
struct Scene {
    site: Site,
    root: Api,
    path: String,
}

impl Scene {
    fn new(change: impl FnOnce(&mut cardinal::config::Config)) -> Self {
        let site = Site::at(NOW, change);
        let root = Api::of(&site.admin("Root"));
        let id = register(&site, "Ada")["user"]["id"].as_str().unwrap().to_owned();
        Self { site, root, path: format!("/api/admin/users/{id}/reset-link") }
    }

    /// The token of a new link for Ada.
    fn link(&mut self) -> String {
        let made = ok(&self.root.post(&self.path, &json!({})), 201);
        let (_, token) = made["url"].as_str().unwrap().split_once("?token=").unwrap();
        token.to_owned()
    }

    fn reset(&self, token: &str, new: &str) -> Reply {
        let body = json!({"token": token, "new_password": new});
        Api::nobody(&self.site).post("/api/auth/reset", &body)
    }

    fn disable(&self) {
        let disable = |tx: &cardinal::store::Tx<'_>| {
            users::disable(tx, users::find_by_email(tx, "ada@example.org")?.id)
        };
        self.site.store().write::<_, Error, _>(disable).unwrap();
    }
}

#[test]
fn a_link_sets_a_new_password_once_and_ends_every_login() {
    let mut scene = Scene::new(|config| config.public_url = Some("https://cards.example".into()));
    let mut ada = Api::bearer(&scene.site, &token(&log_in(&scene.site, PASSWORD)));
    let api_token = ok(&ada.post("/api/tokens", &json!({"name": "t", "scopes": []})), 201);
    let made = ok(&scene.root.post(&scene.path, &json!({})), 201);
    assert_eq!(made["expires_at"], "2027-01-15T09:00:00.000Z");
    let url = made["url"].as_str().unwrap();
    let link = url.strip_prefix("https://cards.example/reset?token=").unwrap();
    assert!(link.starts_with("cardinal_rst_"));
    let done = ok(&scene.reset(link, NEW), 200);
    assert_eq!(done, json!({"email": "ada@example.org", "revoked": 2}), "nobody is signed in");
    expect(&ada.get("/api/me"), 401, "invalid-token");
    expect(&ada.post("/api/cards", &json!({"name": "x"})), 401, "invalid-token");
    expect(&log_in(&scene.site, PASSWORD), 401, "invalid-credentials");
    ok(&log_in(&scene.site, NEW), 200);
    let api_token = api_token["token"].as_str().unwrap();
    ok(&Api::bearer(&scene.site, api_token).get("/api/me"), 200);
    expect(&scene.reset(link, PASSWORD), 410, "gone");
    ok(&log_in(&scene.site, NEW), 200);
}

#[test]
fn a_dead_link_sets_nothing_whatever_killed_it() {
    let mut scene = Scene::new(|_| {});
    let (first, second) = (scene.link(), scene.link());
    let unknown = Token::new(TokenKind::Reset);
    let other = Token::new(TokenKind::Session);
    let huge = "x".repeat(100_000);
    for dead in [&first, unknown.reveal(), other.reveal(), "", "\u{0}", "<script>", &huge] {
        expect(&scene.reset(dead, NEW), 410, "gone");
    }
    scene.site.clock().advance(Duration::from_hours(1) - Duration::from_millis(1));
    let third = scene.link();
    expect(&scene.reset(&second, NEW), 410, "gone");
    scene.site.clock().advance(Duration::from_millis(1));
    ok(&scene.reset(&third, NEW), 200);
    let late = scene.link();
    scene.site.clock().advance(Duration::from_hours(1));
    expect(&scene.reset(&late, NEW), 410, "gone");
    let disabled = scene.link();
    scene.disable();
    expect(&scene.reset(&disabled, PASSWORD), 410, "gone");
    expect(&log_in(&scene.site, NEW), 401, "invalid-credentials");
    expect(&scene.root.post(&scene.path, &json!({})), 409, "account-disabled");
    // A week later nobody looks into them any more.
    let prune = || scene.site.store().write::<_, Error, _>(resets::prune).unwrap();
    scene.site.clock().advance(Duration::from_hours(7 * 24) - Duration::from_millis(1));
    assert_eq!(prune(), 3);
    scene.site.clock().advance(Duration::from_millis(1));
    assert_eq!(prune(), 1);
}

#[test]
fn a_weak_password_does_not_use_the_link_up() {
    let mut scene = Scene::new(|_| {});
    let link = scene.link();
    for weak in ["short", "ada@example.org12345", "aaaaaaaaaaaaaaaaaaaa"] {
        faults(&scene.reset(&link, weak), &[("/new_password", "weak-password")]);
    }
    let mut nobody = Api::nobody(&scene.site);
    let wrong = json!({"token": 7, "new_password": [], "email": "ada@example.org"});
    faults(
        &nobody.post("/api/auth/reset", &wrong),
        &[("/token", "type"), ("/new_password", "type"), ("/email", "unknown")],
    );
    faults(
        &nobody.post("/api/auth/reset", &json!({})),
        &[("/token", "required"), ("/new_password", "required")],
    );
    // Of whom it is, only a living link tells.
    expect(&scene.reset("x", "ada@example.org12345"), 410, "gone");
    ok(&scene.reset(&link, NEW), 200);
}

#[test]
fn a_link_gives_a_password_to_whoever_has_none_and_all_guesses_back() {
    let mut scene = Scene::new(|_| {});
    for _ in 0..5 {
        expect(&log_in(&scene.site, "wrong horse battery staple"), 401, "invalid-credentials");
    }
    expect(&log_in(&scene.site, PASSWORD), 429, "rate-limited");
    let link = scene.link();
    ok(&scene.reset(&link, NEW), 200);
    ok(&log_in(&scene.site, NEW), 200);

    let bob = scene.site.person("Bob");
    scene.path = format!("/api/admin/users/{}/reset-link", bob.user.id);
    let link = scene.link();
    ok(&scene.reset(&link, NEW), 200);
    let body = json!({"email": bob.user.email, "password": NEW});
    ok(&Api::nobody(&scene.site).post("/api/auth/login", &body), 200);
}

#[test]
fn a_use_is_replayed_and_a_links_secret_is_not() {
    let mut scene = Scene::new(|_| {});
    let fields = [("Idempotency-Key", "key")];
    let mut made = ok(&scene.root.json("POST", &scene.path, &fields, &json!({})), 201);
    let link = made["url"].take().as_str().unwrap().to_owned();
    made["secret_withheld"] = json!(true);
    assert_eq!(ok(&scene.root.json("POST", &scene.path, &fields, &json!({})), 201), made);
    let body = json!({"token": link.split('=').nth(1), "new_password": NEW});
    let mut nobody = Api::nobody(&scene.site);
    let done = nobody.json("POST", "/api/auth/reset", &fields, &body);
    ok(&done, 200);
    let again = nobody.json("POST", "/api/auth/reset", &fields, &body);
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
    assert_eq!((again.status, again.body), (200, done.body));
    expect(&nobody.json("POST", "/api/auth/reset", &[], &body), 410, "gone");
}

#[test]
fn links_are_made_by_admins_for_people_there_are() {
    let mut scene = Scene::new(|_| {});
    let mut ada = Api::bearer(&scene.site, &token(&log_in(&scene.site, PASSWORD)));
    expect(&ada.post(&scene.path, &json!({})), 403, "forbidden");
    for id in [NOBODY, "x"] {
        let path = format!("/api/admin/users/{id}/reset-link");
        expect(&scene.root.post(&path, &json!({})), 404, "not-found");
    }
}

#[test]
fn admins_see_everybody() {
    let mut scene = Scene::new(|_| {});
    scene.disable();
    let page = ok(&scene.root.get("/api/admin/users?limit=1"), 200);
    assert_eq!(
        (&page["items"][0]["role"], &page["items"][0]["disabled"]),
        (&json!("admin"), &json!(false))
    );
    let next = format!("/api/admin/users?cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = ok(&scene.root.get(&next), 200);
    let ada = &rest["items"][0];
    assert_eq!((&ada["email"], &ada["disabled"]), (&json!("ada@example.org"), &json!(true)));
    assert!(scene.path.contains(ada["id"].as_str().unwrap()));
    assert_eq!(rest["next_cursor"], Value::Null);
    expect(&Api::of(&scene.site.person("Bob")).get("/api/admin/users"), 403, "forbidden");
}

#[test]
fn of_links_made_at_once_one_lives() {
    for n in [2, 8, 64] {
        let scene = Scene::new(|_| {});
        let root = scene.site.admin("Root 2");
        let replies = together(n, |_| Api::of(&root).post(&scene.path, &json!({})));
        let links = replies.iter().map(|reply| ok(reply, 201)["url"].as_str().unwrap().to_owned());
        let links: Vec<String> = links.collect();
        let used = |link: &String| scene.reset(link.split('=').nth(1).unwrap(), NEW).status;
        let mut used: Vec<u16> = links.iter().map(used).collect();
        used.sort_unstable();
        assert_eq!((used[0], used.iter().filter(|status| **status == 410).count()), (200, n - 1));
    }
}

#[test]
fn no_login_with_the_old_password_outlives_a_reset() {
    for n in [2, 8, 64] {
        let mut scene = Scene::new(|config| config.limits.login_account_max = 1_000);
        let link = scene.link();
        let replies = together(n, |who| {
            if who == 0 {
                return scene.reset(&link, NEW);
            }
            log_in(&scene.site, PASSWORD)
        });
        ok(&replies[0], 200);
        for reply in &replies[1..] {
            if reply.status == 200 {
                let mut ada = Api::bearer(&scene.site, &token(reply));
                expect(&ada.get("/api/me"), 401, "invalid-token");
            } else {
                expect(reply, 401, "invalid-credentials");
            }
        }
    }
}

fn submit(site: &Site, token: &str, password: &str) -> Reply {
    let form = format!("token={token}&new_password={}", password.replace(' ', "+"));
    let form_type = [("Content-Type", "application/x-www-form-urlencoded")];
    Api::nobody(site).send("POST", "/reset", &form_type, form.as_bytes())
}

#[test]
fn the_page_of_a_link_sets_the_password() {
    let mut scene = Scene::new(|_| {});
    let link = scene.link();
    let mut nobody = Api::nobody(&scene.site);
    let form = nobody.get(&format!("/reset?token={link}"));
    ok(&form, 200);
    assert!(form.text().contains(&link) && form.text().contains("action=\"/reset\""));
    assert_eq!(form.header("Referrer-Policy"), Some("same-origin"));
    for weak in ["short", "ada@example.org12345"] {
        let page = submit(&scene.site, &link, weak);
        ok(&page, 422);
        let page = page.text();
        assert!(page.contains("aria-invalid=\"true\"") && !page.contains(weak), "{page}");
    }
    let done = submit(&scene.site, &link, NEW);
    ok(&done, 200);
    assert!(done.text().contains("Your password is set"), "{}", done.text());
    assert_eq!(done.header("Set-Cookie"), None);
    ok(&log_in(&scene.site, NEW), 200);
    for dead in [
        submit(&scene.site, &link, PASSWORD),
        submit(&scene.site, "x", "short"),
        submit(&scene.site, Token::new(TokenKind::Reset).reveal(), NEW),
        nobody.get(&format!("/reset?token={link}")),
        nobody.get("/reset?token=%3Cscript%3E"),
        nobody.get("/reset"),
        nobody.send("POST", "/reset", &[], b""),
    ] {
        ok(&dead, 410);
        let page = dead.text();
        assert!(page.contains("This link is dead") && !page.contains("<script>"), "{page}");
    }
    ok(&log_in(&scene.site, NEW), 200);
}
