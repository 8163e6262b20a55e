//! `/api/tokens`, and what a token may do: what its owner may and its scopes name.

use crate::kit::{Api, card, expect, faults, ok, together};
use cardinal::clock::Millis;
use cardinal::domain::callers::{Credential, Member};
use cardinal::domain::tokens::{Scope, Scopes};
use cardinal::domain::users::Role;
use cardinal::http::Access;
use cardinal::http::access::authorise;
use cardinal::id::Id;
use cardinal::routes::ROUTES;
use cardinal::store::tx::Named;
use cardinal::testing::{Reply, Site};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A token with these scopes.
fn token(api: &mut Api, scopes: &[&str]) -> String {
    let made = ok(&api.post("/api/tokens", &json!({"name": "t", "scopes": scopes})), 201);
    made["token"].as_str().unwrap().to_owned()
}

/// The method and a path of every route, with its access.
fn routes() -> impl Iterator<Item = (&'static str, String, Access)> {
    let id = "0190b5a0-0000-7000-8000-000000000000";
    ROUTES
        .iter()
        .map(move |route| (route.method.as_str(), route.path.replace("{id}", id), route.access))
}

#[test]
fn a_token_is_shown_once_listed_without_its_secret_and_revoked() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let new = json!({"name": " CI ", "scopes": ["cards:write", "cards:read"]});
    let reply = ada.post("/api/tokens", &new);
    let made = ok(&reply, 201);
    let path = format!("/api/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(reply.header("Location"), Some(path.as_str()));
    assert_eq!((&made["name"], &made["expires_at"]), (&json!("CI"), &Value::Null));
    assert_eq!(made["scopes"], json!(["cards:read", "cards:write"]));
    let secret = made["token"].as_str().unwrap();
    assert!(secret.starts_with(made["hint"].as_str().unwrap()) && secret.len() == 62);
    let list = ada.get("/api/tokens");
    assert_eq!(ok(&list, 200)["items"].as_array().unwrap().len(), 2);
    assert!(!list.text().contains(secret));
    let mut ci = Api::bearer(&site, secret);
    card(&mut ci, "By CI");
    assert_eq!(ok(&ada.delete(&path), 200), json!({"deleted": made["id"]}));
    expect(&ci.get("/api/cards"), 401, "invalid-token");
    expect(&ci.post("/api/cards", &json!({"name": "x"})), 401, "invalid-token");
    expect(&ada.delete(&path), 404, "not-found");
}

#[test]
fn somebody_elses_token_is_as_absent_as_none() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let id = ok(&ada.get("/api/tokens"), 200)["items"][0]["id"].as_str().unwrap().to_owned();
    let theirs = bob.delete(&format!("/api/tokens/{id}"));
    let nothing = bob.delete("/api/tokens/0190b5a0-0000-7000-8000-000000000000");
    let told = [expect(&theirs, 404, "not-found"), expect(&nothing, 404, "not-found")];
    assert_eq!(told[0]["detail"], told[1]["detail"]);
    ok(&ada.get("/api/me"), 200);
}

#[test]
fn every_route_that_is_not_for_everybody_asks_who_calls() {
    let site = Site::start();
    // Not from this machine, as far as we know.
    let mut nobody = Api::nobody(&site).with("X-Forwarded-For", "203.0.113.7");
    for (method, path, access) in routes().filter(|(_, _, access)| !access.is_open()) {
        // What is no form comes from no page.
        let is_api = path.starts_with("/api/") || path.starts_with("/ofrep/");
        let media_type = if is_api { "text/nonsense" } else { "application/x-www-form-urlencoded" };
        let reply = nobody.send(method, &path, &[("Content-Type", media_type)], b"{");
        assert_eq!(reply.status, 401, "{method} {path}: {access:?}");
    }
}

#[test]
fn every_route_takes_its_scope_and_no_other() {
    let site = Site::start();
    for (method, path, access) in routes() {
        let Access::Member(scope) = access else { continue };
        // Somebody else for each, who has no tokens yet.
        let mut ada = Api::of(&site.person("Ada"));
        let others: Vec<&str> =
            Scope::WORDS.iter().copied().filter(|w| *w != scope.name()).collect();
        let mut without = Api::bearer(&site, &token(&mut ada, &others));
        let reply = without.send(method, &path, &[], b"{");
        expect(&reply, 403, "insufficient-scope");
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", scope.name());
        assert_eq!(reply.header("WWW-Authenticate"), Some(challenge.as_str()));
        let mut with = Api::bearer(&site, &token(&mut ada, &[scope.name()]));
        let reply = with.send(method, &path, &[], b"{");
        assert!(!matches!(reply.status, 401 | 403), "{method} {path}: {}", reply.text());
    }
    let mut bare = Api::bearer(&site, &token(&mut Api::of(&site.person("Ada")), &[]));
    ok(&bare.get("/api/me"), 200);
    ok(&bare.post("/api/auth/logout", &json!({})), 200);
    expect(&bare.get("/api/me"), 401, "invalid-token");
}

#[test]
fn every_admins_route_refuses_a_member_and_a_token_without_the_scope() {
    let site = Site::start();
    let (mut ada, mut root) = (Api::of(&site.person("Ada")), Api::of(&site.admin("Root")));
    let others: Vec<&str> = Scope::WORDS.iter().copied().filter(|w| *w != "admin").collect();
    let mut without = Api::bearer(&site, &token(&mut root, &others));
    let admins = routes().filter(|(_, _, access)| *access == Access::Admin(Scope::Admin));
    for (method, path, _) in admins {
        expect(&ada.send(method, &path, &[], b"{"), 403, "forbidden");
        expect(&without.send(method, &path, &[], b"{"), 403, "insufficient-scope");
    }
}

#[test]
fn an_admins_route_takes_an_admin_and_the_scope() {
    let by = |role: Role, credential: Credential| Member {
        user: Id::from_bytes([7; 16]),
        role,
        credential,
        expires: None,
        seen: None,
    };
    let login = Credential::Session(Id::from_bytes([8; 16]));
    let token = |scopes: Scopes| Credential::Token(Id::from_bytes([9; 16]), scopes);
    let (none, admin) = (Scopes::default(), Scopes::default().with(Scope::Admin));
    let access = Access::Admin(Scope::Admin);
    let code = |member: Member| authorise(&member, access).err().map(|problem| problem.code);
    assert_eq!(code(by(Role::Admin, login)), None);
    assert_eq!(code(by(Role::Admin, token(admin))), None);
    assert_eq!(code(by(Role::Admin, token(none))), Some("insufficient-scope"));
    assert_eq!(code(by(Role::Member, login)), Some("forbidden"));
    assert_eq!(code(by(Role::Member, token(admin))), Some("forbidden"));
}

#[test]
fn a_token_makes_none_that_may_do_more_than_itself() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let mut narrow = Api::bearer(&site, &token(&mut ada, &["profile:write", "cards:read"]));
    let more = json!({"name": "t", "scopes": ["cards:read", "cards:write"]});
    expect(&narrow.post("/api/tokens", &more), 403, "insufficient-scope");
    token(&mut narrow, &["cards:read"]);
}

#[test]
fn a_token_ends_when_it_was_to() {
    let site = Site::at(Millis(1_800_000_000_000), |_| {});
    let mut ada = Api::of(&site.person("Ada"));
    let new = json!({"name": "t", "scopes": ["cards:write"], "expires_in_days": 1});
    let made = ok(&ada.post("/api/tokens", &new), 201);
    assert_eq!(made["expires_at"], "2027-01-16T08:00:00.000Z");
    let mut brief = Api::bearer(&site, made["token"].as_str().unwrap());
    card(&mut brief, "Before");
    site.clock().advance(Duration::from_hours(24));
    expect(&brief.post("/api/cards", &json!({"name": "x"})), 401, "invalid-token");
    expect(&brief.get("/api/me"), 401, "invalid-token");
    ok(&ada.get("/api/me"), 200);
}

#[test]
fn what_a_token_must_not_be_is_refused() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let bad = json!({"name": "", "scopes": ["cards:read", "root", 7], "expires_in_days": 0});
    faults(
        &ada.post("/api/tokens", &bad),
        &[
            ("/name", "blank"),
            ("/scopes/1", "choice"),
            ("/scopes/2", "choice"),
            ("/expires_in_days", "range"),
        ],
    );
    faults(&ada.post("/api/tokens", &json!({"name": "t"})), &[("/scopes", "required")]);
    for days in [json!(3_651), json!(1.5), json!("1")] {
        let bad = json!({"name": "t", "scopes": [], "expires_in_days": days});
        expect(&ada.post("/api/tokens", &bad), 422, "validation-failed");
    }
}

#[test]
fn a_person_has_a_hundred_tokens_at_most() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for _ in 0..99 {
        token(&mut ada, &[]);
    }
    let new = json!({"name": "t", "scopes": []});
    expect(&ada.post("/api/tokens", &new), 409, "quota-exceeded");
    let page = ok(&ada.get("/api/tokens?limit=99"), 200);
    let next = page["next_cursor"].as_str().unwrap();
    let rest = ok(&ada.get(&format!("/api/tokens?limit=99&cursor={next}")), 200);
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
}

/// Writes until a write that began after the revocation was acknowledged is answered; its answer.
fn write_on(api: &mut Api, acknowledged: &AtomicBool) -> Reply {
    // A bound, in case that nobody revokes.
    for _ in 0..10_000 {
        let late = acknowledged.load(Ordering::SeqCst);
        let name = if late { "After" } else { "Before" };
        let reply = api.post("/api/cards", &json!({"name": name}));
        if late {
            return reply;
        }
    }
    panic!("nobody revoked");
}

/// A write that begins after a revocation was acknowledged is refused, however busy the writer is and
/// however well the token was remembered.
#[test]
fn a_revoked_token_can_write_nothing() {
    let site = Site::start();
    for _ in 0..4 {
        let (ada, bystander) = (site.person("Ada"), site.person("Bob"));
        let mut owner = Api::of(&ada);
        let secret = token(&mut owner, &["cards:write"]);
        let tokens = ok(&owner.get("/api/tokens"), 200);
        let path = format!("/api/tokens/{}", tokens["items"][1]["id"].as_str().unwrap());
        let acknowledged = AtomicBool::new(false);
        let answers = together(6, |n| match n {
            0 => {
                let mut owner = Api::of(&ada);
                let answer = owner.delete(&path);
                acknowledged.store(true, Ordering::SeqCst);
                answer
            }
            // Somebody else's writes keep the writer's memory of callers busy.
            1 => write_on(&mut Api::of(&bystander), &acknowledged),
            _ => write_on(&mut Api::bearer(&site, &secret), &acknowledged),
        });
        ok(&answers[0], 200);
        ok(&answers[1], 201);
        for late in &answers[2..] {
            expect(late, 401, "invalid-token");
        }
        let cards = ok(&owner.get("/api/cards?limit=200"), 200);
        assert!(cards["items"].as_array().unwrap().iter().all(|card| card["name"] != "After"));
    }
}
