//! Accounts: `POST /api/auth/register`, and `/api/me`.

use crate::kit::{Api, card, expect, faults, ok, together};
use cardinal::config::Registration;
use cardinal::domain::users;
use cardinal::error::Error;
use cardinal::testing::{Person, Site};
use serde_json::{Value, json};

pub(super) const PASSWORD: &str = "correct horse battery staple";

/// What registers a person with this name, at `<name>@example.org`.
pub(super) fn newcomer(name: &str) -> Value {
    let email = format!("{}@example.org", name.to_lowercase());
    json!({"email": email, "password": PASSWORD, "display_name": name})
}

/// A newcomer's answer.
pub(super) fn register(site: &Site, name: &str) -> Value {
    ok(&Api::nobody(site).post("/api/auth/register", &newcomer(name)), 201)
}

#[test]
fn registering_signs_in() {
    let site = Site::start();
    let reply = Api::nobody(&site).post("/api/auth/register", &newcomer("Ada"));
    let answer = ok(&reply, 201);
    assert_eq!(reply.header("Location"), Some("/api/me"));
    assert!(answer["token"].as_str().unwrap().starts_with("cardinal_ses_"));
    let user = &answer["user"];
    assert_eq!((&user["email"], &user["handle"]), (&json!("ada@example.org"), &json!("ada")));
    assert_eq!((&user["role"], &user["version"]), (&json!("member"), &json!(1)));
    let reply = Api::bearer(&site, answer["token"].as_str().unwrap()).get("/api/me");
    assert_eq!(ok(&reply, 200), *user);
    assert!(reply.header("ETag").unwrap().ends_with("-1\""));
}

#[test]
fn an_address_has_one_account_however_it_is_written() {
    let site = Site::start();
    register(&site, "Ada");
    for email in ["ada@example.org", "ADA@Example.ORG", "  ada@example.org "] {
        let again = json!({"email": email, "password": PASSWORD, "display_name": "Eve"});
        expect(&Api::nobody(&site).post("/api/auth/register", &again), 409, "email-taken");
    }
    let plus = json!({"email": "ada+x@example.org", "password": PASSWORD, "display_name": "Ada"});
    let other = ok(&Api::nobody(&site).post("/api/auth/register", &plus), 201);
    let handle = other["user"]["handle"].as_str().unwrap();
    assert!(handle.starts_with("ada-") && handle.len() == 10, "{handle}");
}

#[test]
fn of_racing_registrations_of_one_address_one_wins() {
    let site = Site::start();
    let replies = together(8, |_| Api::nobody(&site).post("/api/auth/register", &newcomer("Ada")));
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    for lost in replies.iter().filter(|reply| reply.status != 201) {
        expect(lost, 409, "email-taken");
    }
}

#[test]
fn a_handle_is_given_once_and_no_reserved_one() {
    let site = Site::start();
    let mut nobody = Api::nobody(&site);
    let asking = |email: &str, handle: &str| {
        let name = "X";
        json!({"email": email, "password": PASSWORD, "display_name": name, "handle": handle})
    };
    let taken = ok(&nobody.post("/api/auth/register", &asking("a@b.c", "Ada_L")), 201);
    assert_eq!(taken["user"]["handle"], "ada_l");
    for handle in ["ada_l", "ADA_L", "admin", "API"] {
        let reply = nobody.post("/api/auth/register", &asking("b@b.c", handle));
        expect(&reply, 409, "handle-taken");
    }
    for handle in ["a b", "-a", "a_", "ä", "a/b"] {
        let reply = nobody.post("/api/auth/register", &asking("b@b.c", handle));
        faults(&reply, &[("/handle", "handle")]);
    }
    let reply = nobody.post("/api/auth/register", &asking("b@b.c", &"x".repeat(51)));
    faults(&reply, &[("/handle", "too-long")]);
}

#[test]
fn where_registration_is_closed_nobody_registers() {
    let site = Site::with(|config| config.registration = Registration::Closed);
    for body in [newcomer("Ada"), json!({})] {
        let reply = Api::nobody(&site).post("/api/auth/register", &body);
        expect(&reply, 403, "registration-closed");
    }
}

#[test]
fn weak_passwords_are_refused_with_a_reason() {
    let site = Site::start();
    let long = "ab c".repeat(65);
    for (password, code) in [
        ("fourteen chars", "weak-password"),
        ("aaaaaaaaaaaaaaaaaaaa", "weak-password"),
        ("abcdefghijklmnopqrstuvwxyz", "weak-password"),
        ("ada@example.org12345", "weak-password"),
        ("passwordpassword123", "weak-password"),
        (&long, "too-long"),
    ] {
        let body = json!({"email": "ada@example.org", "password": password, "display_name": "Ada"});
        let reply = Api::nobody(&site).post("/api/auth/register", &body);
        faults(&reply, &[("/password", code)]);
        assert!(!reply.text().contains(password), "a problem must not repeat a password");
    }
}

#[test]
fn all_faults_of_a_registration_are_told_at_once() {
    let site = Site::start();
    let body =
        json!({"email": "nobody", "password": "short", "display_name": " ", "role": "admin"});
    faults(
        &Api::nobody(&site).post("/api/auth/register", &body),
        &[
            ("/email", "email"),
            ("/password", "weak-password"),
            ("/display_name", "blank"),
            ("/role", "unknown"),
        ],
    );
    let types = json!({"email": 1, "password": [], "display_name": null, "handle": {}});
    faults(
        &Api::nobody(&site).post("/api/auth/register", &types),
        &[
            ("/email", "type"),
            ("/password", "type"),
            ("/display_name", "type"),
            ("/handle", "type"),
        ],
    );
}

#[test]
fn an_account_changes_under_its_version() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let me = ada.get("/api/me");
    let tag = me.header("ETag").unwrap().to_owned();
    let changed = ada.patch("/api/me", &json!({"display_name": " Ada L ", "version": 1}));
    assert!(changed.header("ETag").is_some_and(|now| now != tag));
    let changed = ok(&changed, 200);
    assert_eq!((&changed["display_name"], &changed["version"]), (&json!("Ada L"), &json!(2)));
    assert_eq!(ok(&ada.get("/api/me"), 200), changed);
    expect(&ada.patch("/api/me", &json!({"handle": "ada"})), 428, "precondition-required");
    let stale = ada.patch("/api/me", &json!({"handle": "ada", "version": 1}));
    assert_eq!(expect(&stale, 409, "version-conflict")["current"], changed);
    let stale = ada.json("PATCH", "/api/me", &[("If-Match", &tag)], &json!({"handle": "ada"}));
    assert_eq!(expect(&stale, 412, "precondition-failed")["current"], changed);
    // The whole resource sent back changes nothing.
    assert_eq!(ok(&ada.patch("/api/me", &changed), 200), changed);
    let fresh = ada.get("/api/me").header("ETag").unwrap().to_owned();
    ok(&ada.send("GET", "/api/me", &[("If-None-Match", &fresh)], b""), 304);
    ok(&ada.send("GET", "/api/me", &[("If-None-Match", &tag)], b""), 200);
}

#[test]
fn what_an_account_must_not_become_is_refused() {
    let site = Site::start();
    let bob = site.person("Bob");
    let mut ada = Api::of(&site.person("Ada"));
    let patch = json!({"handle": bob.user.handle, "version": 1});
    expect(&ada.patch("/api/me", &patch), 409, "handle-taken");
    expect(&ada.patch("/api/me", &json!({"handle": "Admin", "version": 1})), 409, "handle-taken");
    let reply = ada.patch("/api/me", &json!({"email": "x@y.z", "role": "admin", "version": 1}));
    faults(&reply, &[("/email", "read-only"), ("/role", "read-only")]);
    let nulls = json!({"handle": null, "display_name": null, "version": 1});
    faults(
        &ada.patch("/api/me", &nulls),
        &[("/handle", "required"), ("/display_name", "required")],
    );
    let unknown = json!({"password": "x", "version": 1});
    faults(&ada.patch("/api/me", &unknown), &[("/password", "unknown")]);
    assert_eq!(ok(&ada.get("/api/me"), 200)["version"], 1);
}

#[test]
fn a_deleted_account_is_gone_and_its_addresses_stay_taken() {
    let site = Site::start();
    let (ada, bob) = (site.person("Ada"), site.person("Bob"));
    let (mut ada, handle) = (Api::of(&ada), ada.user.handle);
    let taken = ok(&ada.post("/api/cards", &json!({"name": "x", "slug": "ada-card"})), 201);
    let renamed = json!({"slug": "ada-new", "version": 1});
    ok(&ada.patch(&format!("/api/cards/{}", taken["id"].as_str().unwrap()), &renamed), 200);
    card(&mut ada, "Second");
    expect(&ada.delete("/api/me"), 428, "precondition-required");
    expect(&ada.delete("/api/me?version=2"), 409, "version-conflict");
    let gone = ok(&ada.delete("/api/me?version=1"), 200);
    assert!(gone["deleted"].is_string());
    expect(&ada.get("/api/me"), 401, "invalid-token");
    let mut bob = Api::of(&bob);
    for slug in ["ada-card", "ada-new", "second"] {
        expect(&bob.get(&format!("/c/{slug}")), 410, "gone");
        let reply = bob.post("/api/cards", &json!({"name": "x", "slug": slug}));
        expect(&reply, 409, "slug-taken");
    }
    expect(&bob.get(&format!("/u/{handle}")), 404, "not-found");
}

#[test]
fn the_last_admin_stays_while_there_are_others() {
    let site = Site::start();
    let mut admin = Api::of(&site.admin("Root"));
    let mut ada = Api::of(&site.person("Ada"));
    expect(&admin.delete("/api/me?version=1"), 409, "last-admin");
    ok(&admin.get("/api/me"), 200);
    ok(&ada.delete("/api/me?version=1"), 200);
    ok(&admin.delete("/api/me?version=1"), 200);
}

#[test]
fn a_role_is_given_and_taken_at_once() {
    let site = Site::start();
    let (root, ada) = (site.admin("Root"), site.person("Ada"));
    let (mut admin, mut hers) = (Api::of(&root), Api::of(&ada));
    let path = format!("/api/admin/users/{}/role", ada.user.id);
    expect(&hers.put(&path, &json!({"role": "admin"})), 403, "forbidden");
    let promoted = admin.put(&path, &json!({"role": "admin"}));
    let told = ok(&promoted, 200);
    assert_eq!((&told["role"], &told["version"]), (&json!("admin"), &json!(2)));
    assert_eq!(told["disabled"], false);
    let again = ok(&admin.put(&path, &json!({"role": "admin"})), 200);
    assert_eq!(again, told, "as it was is well");
    ok(&hers.get("/api/admin/users"), 200);
    // What builds upon another version is told so.
    let stale = [("If-Match", "\"none\"")];
    let refused = admin.json("PUT", &path, &stale, &json!({"role": "member"}));
    assert_eq!(expect(&refused, 412, "precondition-failed")["current"], told);
    faults(&admin.put(&path, &json!({"role": "owner"})), &[("/role", "choice")]);
    faults(&admin.put(&path, &json!({})), &[("/role", "required")]);
    let own = format!("/api/admin/users/{}/role", root.user.id);
    ok(&admin.put(&own, &json!({"role": "member"})), 200);
    expect(&admin.get("/api/admin/users"), 403, "forbidden");
    expect(&hers.put(&path, &json!({"role": "member"})), 409, "last-admin");
    let nobody = "/api/admin/users/00000000-0000-7000-8000-000000000000/role";
    expect(&hers.put(nobody, &json!({"role": "member"})), 404, "not-found");
}

/// An admin who is locked out is none who could stay.
#[test]
fn of_admins_who_take_the_role_from_each_other_one_stays() {
    const ADMINS: usize = 6;
    let site = Site::start();
    let admins: Vec<_> = (0..ADMINS).map(|n| site.admin(&format!("Root {n}"))).collect();
    let out = site.admin("Out").user.id;
    site.store().write::<_, Error, _>(move |tx| users::disable(tx, out)).unwrap();
    let replies = together(ADMINS, |n| {
        let mut api = Api::of(&admins[n]);
        let take = |m: usize| {
            let path = format!("/api/admin/users/{}/role", admins[(n + m) % ADMINS].user.id);
            api.put(&path, &json!({"role": "member"})).status
        };
        (1..=ADMINS).map(take).collect::<Vec<_>>()
    });
    assert!(replies.concat().iter().all(|status| [200, 403, 409].contains(status)), "{replies:?}");
    let stays = |person: &&Person| Api::of(person).get("/api/admin/users").status == 200;
    assert_eq!(admins.iter().filter(stays).count(), 1, "{replies:?}");
}

#[test]
fn a_disabled_person_is_out_at_once() {
    let site = Site::start();
    let answer = register(&site, "Ada");
    let mut ada = Api::bearer(&site, answer["token"].as_str().unwrap());
    card(&mut ada, "Before");
    let disable = |tx: &cardinal::store::Tx<'_>| {
        let id = users::find_by_email(tx, "ada@example.org")?.id;
        users::disable(tx, id)
    };
    site.store().write::<_, Error, _>(disable).unwrap();
    expect(&ada.get("/api/me"), 401, "invalid-token");
    expect(&ada.post("/api/cards", &json!({"name": "After"})), 401, "invalid-token");
    let login = json!({"email": "ada@example.org", "password": PASSWORD});
    let reply = Api::nobody(&site).post("/api/auth/login", &login);
    expect(&reply, 401, "invalid-credentials");
}
