//! Requests for an invite, invite codes, and registering by them.

use super::users::newcomer;
use crate::kit::{Api, expect, faults, ok, together};
use cardinal::clock::Millis;
use cardinal::config::Registration;
use cardinal::testing::{Reply, Site};
use serde_json::{Value, json};
use std::time::Duration;

fn asking(email: &str) -> Value {
    json!({"email": email, "name": "Ada", "motivation": "I meet people.\nMany."})
}

/// Asks for an invite, and gives the request's id as an admin sees it.
fn requested(site: &Site, admin: &mut Api, email: &str) -> String {
    ok(&Api::nobody(site).post("/api/invites/requests", &asking(email)), 202);
    let page = ok(&admin.get("/api/invites/requests"), 200);
    let items = page["items"].as_array().unwrap();
    let found = items.iter().find(|item| item["email"] == email).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

fn by_invite() -> Site {
    Site::with(|config| config.registration = Registration::Invite)
}

fn with_code(name: &str, code: &Value) -> Value {
    let mut body = newcomer(name);
    body["invite_code"] = code.clone();
    body
}

/// A code that lets so many people in.
fn code(admin: &mut Api, uses: usize) -> Value {
    ok(&admin.post("/api/invites", &json!({"max_uses": uses})), 201)["invite_code"].clone()
}

fn register(site: &Site, body: &Value) -> Reply {
    Api::nobody(site).post("/api/auth/register", body)
}

#[test]
fn a_request_is_noted_once_and_answered_the_same() {
    let site = Site::start();
    let mut admin = Api::of(&site.admin("Grace"));
    let first = Api::nobody(&site).post("/api/invites/requests", &asking("ada@example.org"));
    let id = requested(&site, &mut admin, "ada@example.org");
    ok(&admin.post(&format!("/api/invites/requests/{id}/reject"), &json!({})), 200);
    site.person("Known");
    for email in ["ada@example.org", " ADA@example.ORG ", "new@example.org"] {
        let again = Api::nobody(&site).post("/api/invites/requests", &asking(email));
        assert_eq!((again.status, again.json()), (202, first.json()), "{email}");
    }
    let page = ok(&admin.get("/api/invites/requests"), 200);
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    assert_eq!(page["items"][0]["motivation"], "I meet people.\nMany.");
    assert_eq!(page["items"][0]["status"], "rejected", "asking again changes no decision");
}

#[test]
fn of_racing_requests_of_one_address_one_stands() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let replies = together(callers, |_| {
            Api::nobody(&site).post("/api/invites/requests", &asking("ada@example.org"))
        });
        for reply in &replies {
            ok(reply, 202);
        }
        let page = ok(&Api::of(&site.admin("Grace")).get("/api/invites/requests"), 200);
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn an_approval_gives_a_code_that_lets_one_person_in() {
    let site = by_invite();
    let mut admin = Api::of(&site.admin("Grace"));
    let id = requested(&site, &mut admin, "ada@example.org");
    let path = format!("/api/invites/requests/{id}/approve");
    let key = [("Idempotency-Key", "one")];
    let approved = admin.send("POST", &path, &key, b"");
    let told = ok(&approved, 200);
    assert!(told["invite_code"].as_str().unwrap().starts_with("cardinal_inv_"), "{told}");
    let replayed = ok(&admin.send("POST", &path, &key, b""), 200);
    assert_eq!(
        (&replayed["invite_code"], &replayed["secret_withheld"]),
        (&json!(null), &json!(true))
    );

    ok(&register(&site, &with_code("Ada", &told["invite_code"])), 201);
    expect(&register(&site, &with_code("Eve", &told["invite_code"])), 403, "invite-invalid");
}

#[test]
fn a_request_is_decided_once_and_the_second_is_told_by_whom() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let grace = site.admin("Grace");
        let mut admin = Api::of(&grace);
        let id = requested(&site, &mut admin, "ada@example.org");
        let replies = together(callers, |n| {
            let decision = if n % 2 == 0 { "approve" } else { "reject" };
            let path = format!("/api/invites/requests/{id}/{decision}");
            Api::of(&grace).post(&path, &json!({}))
        });
        let (won, lost): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
        assert_eq!(won.len(), 1);
        let page = ok(&admin.get("/api/invites/requests"), 200);
        let stands = &page["items"][0];
        for reply in lost {
            let told = expect(reply, 409, "already-decided");
            assert_eq!(told["decision"], stands["status"]);
            assert_eq!(told["decided_by"]["id"], json!(grace.user.id));
            assert_eq!(told["decided_by"]["display_name"], "Grace");
            assert_eq!(told["decided_at"], stands["decided_at"]);
        }
        let codes = ok(&admin.get("/api/invites"), 200)["items"].as_array().unwrap().len();
        assert_eq!(codes, usize::from(stands["status"] == "approved"));
    }
}

#[test]
fn a_decision_outlives_the_admin() {
    let site = Site::start();
    let (grace, joan) = (site.admin("Grace"), site.admin("Joan"));
    let mut admin = Api::of(&joan);
    let id = requested(&site, &mut admin, "ada@example.org");
    let mut gone = Api::of(&grace);
    ok(&gone.post(&format!("/api/invites/requests/{id}/reject"), &json!({})), 200);
    ok(&gone.delete("/api/me?version=1"), 200);
    let told = admin.post(&format!("/api/invites/requests/{id}/approve"), &json!({}));
    assert_eq!(expect(&told, 409, "already-decided")["decided_by"], json!(null));
}

#[test]
fn a_code_lets_in_as_many_as_it_says_and_nobody_more() {
    for (callers, uses) in [(2, 1), (8, 3), (64, 5)] {
        let site = by_invite();
        let mut admin = Api::of(&site.admin("Grace"));
        let code = code(&mut admin, uses);
        let replies = together(callers, |n| register(&site, &with_code(&format!("Ada{n}"), &code)));
        let (won, lost): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 201);
        assert_eq!(won.len(), uses);
        for reply in lost {
            expect(reply, 403, "invite-invalid");
        }
        let invite = ok(&admin.get("/api/invites"), 200)["items"][0].clone();
        assert_eq!((&invite["uses"], &invite["max_uses"]), (&json!(uses), &json!(uses)));
        assert!(invite.get("invite_code").is_none(), "a code is told once");
    }
}

#[test]
fn a_registration_that_fails_uses_nothing_up() {
    let site = by_invite();
    let mut admin = Api::of(&site.admin("Grace"));
    let code = code(&mut admin, 2);
    ok(&register(&site, &with_code("Ada", &code)), 201);
    expect(&register(&site, &with_code("Ada", &code)), 409, "email-taken");
    let mut weak = with_code("Joan", &code);
    weak["password"] = json!("short");
    faults(&register(&site, &weak), &[("/password", "weak-password")]);
    assert_eq!(ok(&admin.get("/api/invites"), 200)["items"][0]["uses"], 1);
    ok(&register(&site, &with_code("Joan", &code)), 201);
}

#[test]
fn registering_takes_a_code_only_where_that_is_so() {
    let site = by_invite();
    for body in
        [newcomer("Ada"), with_code("Ada", &json!(" ")), with_code("Ada", &json!(null)), json!({})]
    {
        expect(&register(&site, &body), 403, "invite-required");
    }
    let forged = format!("cardinal_inv_{}", "0".repeat(49));
    for code in ["nonsense", forged.as_str()] {
        expect(&register(&site, &with_code("Ada", &json!(code))), 403, "invite-invalid");
    }
    let reply = Api::nobody(&site).send("POST", "/api/auth/register", &[], b"{");
    expect(&reply, 400, "invalid-json");
    // Elsewhere nobody asks for it.
    let site = Site::start();
    ok(&register(&site, &with_code("Ada", &json!("nonsense"))), 201);
    ok(&register(&site, &newcomer("Grace")), 201);
}

#[test]
fn an_invite_ends() {
    let site = Site::at(Millis(1_700_000_000_000), |config| {
        config.registration = Registration::Invite;
    });
    let mut admin = Api::of(&site.admin("Grace"));
    let body = json!({"max_uses": 9, "expires_in_days": 2, "note": " for the fair "});
    let made = ok(&admin.post("/api/invites", &body), 201);
    assert_eq!(
        (&made["note"], &made["expires_at"]),
        (&json!("for the fair"), &json!("2023-11-16T22:13:20.000Z"))
    );
    ok(&register(&site, &with_code("Ada", &made["invite_code"])), 201);
    site.clock().advance(Duration::from_hours(48));
    expect(&register(&site, &with_code("Joan", &made["invite_code"])), 403, "invite-invalid");

    let made = ok(&admin.post("/api/invites", &json!({})), 201);
    let path = format!("/api/invites/{}", made["id"].as_str().unwrap());
    assert_eq!(ok(&admin.delete(&path), 200)["deleted"], made["id"]);
    expect(&register(&site, &with_code("Joan", &made["invite_code"])), 403, "invite-invalid");
    expect(&admin.delete(&path), 404, "not-found");
    expect(&admin.delete("/api/invites/nothing"), 404, "not-found");
}

#[test]
fn only_admins_see_who_asked() {
    let site = Site::start();
    let mut admin = Api::of(&site.admin("Grace"));
    let id = requested(&site, &mut admin, "ada@example.org");
    let mut member = Api::of(&site.person("Eve"));
    for path in ["/api/invites/requests", "/api/invites"] {
        expect(&member.get(path), 403, "forbidden");
        expect(&Api::nobody(&site).get(path), 401, "unauthenticated");
    }
    for decision in ["approve", "reject"] {
        let path = format!("/api/invites/requests/{id}/{decision}");
        expect(&member.post(&path, &json!({})), 403, "forbidden");
        let unknown =
            format!("/api/invites/requests/01890000-0000-7000-8000-000000000000/{decision}");
        expect(&admin.post(&unknown, &json!({})), 404, "not-found");
    }
    expect(&member.post("/api/invites", &json!({})), 403, "forbidden");
    expect(&member.delete(&format!("/api/invites/{id}")), 403, "forbidden");
}

#[test]
fn the_requests_come_in_pages_and_by_status() {
    let site = Site::start();
    let mut admin = Api::of(&site.admin("Grace"));
    for n in 0..5 {
        requested(&site, &mut admin, &format!("a{n}@example.org"));
    }
    let first = requested(&site, &mut admin, "a0@example.org");
    ok(&admin.post(&format!("/api/invites/requests/{first}/approve"), &json!({})), 200);
    let reply = admin.get("/api/invites/requests?status=pending&limit=3");
    let link = reply.header("Link").unwrap().to_owned();
    assert_eq!(ok(&reply, 200)["items"].as_array().unwrap().len(), 3);
    let next = link.trim_start_matches('<').split('>').next().unwrap();
    assert!(next.contains("status=pending"), "{next}");
    let page = ok(&admin.get(next), 200);
    assert_eq!((page["items"].as_array().unwrap().len(), &page["next_cursor"]), (1, &json!(null)));
    let page = ok(&admin.get("/api/invites/requests?status=approved"), 200);
    assert_eq!(page["items"][0]["decided_by"]["display_name"], "Grace");
    faults(&admin.get("/api/invites/requests?status=lost"), &[("status", "choice")]);
}

#[test]
fn what_is_no_request_and_no_invite_is_refused() {
    let site = Site::start();
    let mut nobody = Api::nobody(&site);
    let body = json!({"email": "nobody", "name": " ", "motivation": "x".repeat(2_001), "x": 1});
    faults(
        &nobody.post("/api/invites/requests", &body),
        &[("/email", "email"), ("/name", "blank"), ("/motivation", "too-long"), ("/x", "unknown")],
    );
    let mut admin = Api::of(&site.admin("Grace"));
    let body = json!({"max_uses": 0, "expires_in_days": 366, "note": "x".repeat(201)});
    faults(
        &admin.post("/api/invites", &body),
        &[("/max_uses", "range"), ("/expires_in_days", "range"), ("/note", "too-long")],
    );
}

#[test]
fn an_address_asks_only_so_often() {
    let site = Site::with(|config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config.limits.anonymous_writes_max = 2;
    });
    let mut nobody = Api::nobody(&site).with("X-Forwarded-For", "2001:db8::1");
    for email in ["a@example.org", "a@example.org"] {
        ok(&nobody.post("/api/invites/requests", &asking(email)), 202);
    }
    expect(&nobody.post("/api/invites/requests", &asking("b@example.org")), 429, "rate-limited");
}

#[test]
fn no_code_stands_in_the_file() {
    let site = by_invite();
    let mut admin = Api::of(&site.admin("Grace"));
    let code = code(&mut admin, 1);
    let code = code.as_str().unwrap().as_bytes();
    for name in ["cardinal.db", "cardinal.db-wal"] {
        let bytes = std::fs::read(site.data_dir().join(name)).unwrap();
        assert!(!bytes.windows(code.len()).any(|window| window == code), "{name}");
    }
}
