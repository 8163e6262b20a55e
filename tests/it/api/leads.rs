//! Leads: leaving one, who sees it, and the inbox.

use crate::kit::{Api, expect, faults, ok, together};
use cardinal::clock::Millis;
use cardinal::testing::{Person, Reply, Site};
use serde_json::{Value, json};
use std::time::Duration;

/// A card's slug, its leads being its owner's or the team's.
pub(super) fn card(owner: &Person, routing: &str) -> String {
    let body = json!({"name": format!("Of {routing}"), "lead_routing": routing});
    ok(&Api::of(owner).post("/api/cards", &body), 201)["slug"].as_str().unwrap().to_owned()
}

pub(super) fn form(email: &str) -> Value {
    json!({"name": "Joan", "email": email, "message": "Call me.", "consent": true})
}

pub(super) fn leave(api: &mut Api, slug: &str, form: &Value) -> Reply {
    api.post(&format!("/api/public/cards/{slug}/leads"), form)
}

/// Leaves a lead of this address; its id.
pub(super) fn left(site: &Site, slug: &str, email: &str) -> String {
    let told = ok(&leave(&mut Api::nobody(site), slug, &form(email)), 201);
    told["id"].as_str().unwrap().to_owned()
}

/// The ids in a list.
fn ids(api: &mut Api, path: &str) -> Vec<String> {
    let page = ok(&api.get(path), 200);
    let items = page["items"].as_array().unwrap().iter();
    items.map(|lead| lead["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_lead_of_an_owners_card_is_the_owners_alone() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.admin("Grace"));
    let slug = card(&ada, "owner");
    let form = json!({
        "name": " Joan Clarke ", "email": "Joan@Example.org", "phone": "+44 1", "company": "GC&CS",
        "message": "Line 1\r\nLine 2 ", "consent": true,
    });
    let told = ok(&leave(&mut Api::nobody(&site), &slug, &form), 201);
    assert_eq!(told.as_object().unwrap().len(), 1, "nothing but the id is told: {told}");
    let path = format!("/api/leads/{}", told["id"].as_str().unwrap());
    let mut owner = Api::of(&ada);
    let reply = owner.get(&path);
    let lead = ok(&reply, 200);
    assert_eq!(
        (&lead["name"], &lead["email"]),
        (&json!("Joan Clarke"), &json!("Joan@Example.org"))
    );
    assert_eq!((&lead["message"], &lead["notes"]), (&json!("Line 1\nLine 2"), &json!("")));
    assert_eq!((&lead["status"], &lead["claim_epoch"]), (&json!("claimed"), &json!(1)));
    assert_eq!(lead["assigned_to"], json!({"id": ada.user.id, "display_name": "Ada"}));
    let tag = reply.header("ETag").unwrap().to_owned();
    ok(&owner.send("GET", &path, &[("If-None-Match", &tag)], b""), 304);
    let page = ok(&owner.get(&format!("{path}/history")), 200);
    let began = json!({
        "epoch": 1, "assigned_to": lead["assigned_to"], "reason": "routed",
        "began_at": lead["created_at"], "ended_at": null,
    });
    assert_eq!(page["items"], json!([began]));

    // Nobody else sees it, an admin neither.
    let mut other = Api::of(&grace);
    assert_eq!(ids(&mut other, "/api/leads"), [""; 0]);
    let patch = json!({"claim_epoch": 1, "version": 1, "notes": "x"});
    for reply in [
        other.get(&path),
        other.get(&format!("{path}/history")),
        other.post(&format!("{path}/claim"), &json!({})),
        other.post(&format!("{path}/release"), &json!({"claim_epoch": 1})),
        other.post(&format!("{path}/reassign"), &json!({"from": ada.user.id, "to": null})),
        other.patch(&path, &patch),
        owner.get("/api/leads/nothing"),
        owner.get("/api/leads/0190b5a0-0000-7000-8000-000000000000"),
    ] {
        expect(&reply, 404, "not-found");
    }
    assert_eq!(ok(&other.post("/api/leads/claim-next", &json!({})), 200)["lead"], json!(null));
}

#[test]
fn a_lead_of_the_team_is_seen_by_all_of_it() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let id = left(&site, &card(&ada, "team"), "joan@example.org");
    for person in [&ada, &grace] {
        let lead = ok(&Api::of(person).get(&format!("/api/leads/{id}")), 200);
        assert_eq!((&lead["status"], &lead["assigned_to"]), (&json!("open"), &json!(null)));
        assert_eq!((&lead["claim_epoch"], &lead["version"]), (&json!(0), &json!(1)));
    }
    let page = ok(&Api::of(&grace).get(&format!("/api/leads/{id}/history")), 200);
    assert_eq!(page["items"], json!([]));
}

#[test]
fn of_racing_sends_of_one_form_one_makes_a_lead() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let ada = site.person("Ada");
        let slug = card(&ada, "team");
        let replies = together(callers, |n| {
            let form = form(["joan@example.org", " JOAN@example.org "][n % 2]);
            leave(&mut Api::nobody(&site), &slug, &form)
        });
        let new = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(new, 1);
        for reply in &replies {
            assert_eq!(reply.json()["id"], replies[0].json()["id"]);
            assert_eq!(reply.json()["duplicate"] == true, reply.status == 200);
        }
        assert_eq!(ids(&mut Api::of(&ada), "/api/leads").len(), 1);
    }
}

#[test]
fn the_same_is_another_lead_after_a_day_or_at_another_card() {
    let site = Site::at(Millis(1_700_000_000_000), |_| {});
    let ada = site.person("Ada");
    let (slug, other) = (card(&ada, "team"), card(&ada, "owner"));
    let mut nobody = Api::nobody(&site);
    let first = left(&site, &slug, "joan@example.org");
    site.clock().advance(Duration::from_millis(86_399_999));
    let again = ok(&leave(&mut nobody, &slug, &form("joan@example.org")), 200);
    assert_eq!(again, json!({"id": first, "duplicate": true}));
    ok(&leave(&mut nobody, &other, &form("joan@example.org")), 201);
    let mut longer = form("joan@example.org");
    longer["message"] = json!("Call me!");
    ok(&leave(&mut nobody, &slug, &longer), 201);
    site.clock().advance(Duration::from_millis(1));
    assert_ne!(left(&site, &slug, "joan@example.org"), first);
}

#[test]
fn a_lead_is_left_where_the_public_sees_a_card_and_nowhere_else() {
    let site = Site::start();
    let ada = site.person("Ada");
    let mut owner = Api::of(&ada);
    let (slug, second) = (card(&ada, "team"), card(&ada, "owner"));
    let cards = ok(&owner.get("/api/cards"), 200)["items"].clone();
    let path = |n: usize| format!("/api/cards/{}", cards[n]["id"].as_str().unwrap());
    let mut nobody = Api::nobody(&site);
    // Absent is told before what is wrong with the form.
    expect(&leave(&mut nobody, "nothing", &json!({})), 404, "not-found");
    ok(&owner.patch(&path(0), &json!({"slug": "renamed", "version": 1})), 200);
    ok(&leave(&mut nobody, &slug, &form("a@example.org")), 201);
    ok(&owner.patch(&path(0), &json!({"visibility": "private", "version": 2})), 200);
    expect(&leave(&mut nobody, &slug, &form("b@example.org")), 404, "not-found");
    expect(&leave(&mut nobody, "renamed", &form("b@example.org")), 404, "not-found");
    ok(&owner.put(&format!("{}/active", path(1)), &json!({"active": false})), 200);
    expect(&leave(&mut nobody, &second, &form("b@example.org")), 410, "gone");
    ok(&owner.delete(&format!("{}?version=2", path(1))), 200);
    expect(&leave(&mut nobody, &second, &form("b@example.org")), 410, "gone");
}

#[test]
fn a_lead_outlives_its_card_and_the_teams_its_owner() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let (own, team) = (card(&ada, "owner"), card(&ada, "team"));
    let (own, team) = (left(&site, &own, "a@x.org"), left(&site, &team, "b@x.org"));
    let mut owner = Api::of(&ada);
    let card_id = ok(&owner.get(&format!("/api/leads/{own}")), 200)["card_id"].clone();
    ok(&owner.delete(&format!("/api/cards/{}?version=1", card_id.as_str().unwrap())), 200);
    let lead = ok(&owner.get(&format!("/api/leads/{own}")), 200);
    assert_eq!((&lead["card_id"], &lead["version"]), (&card_id, &json!(1)));
    ok(&owner.delete("/api/me?version=1"), 200);
    assert_eq!(ids(&mut Api::of(&grace), "/api/leads"), [team]);
}

#[test]
fn the_switch_closes_the_form_at_once() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.admin("Grace"));
    let (slug, mut admin) = (card(&ada, "team"), Api::of(&grace));
    let off = json!({"enabled": false});
    ok(&admin.put("/api/flags/leads-form", &off), 201);
    let mut nobody = Api::nobody(&site);
    expect(&leave(&mut nobody, &slug, &form("a@example.org")), 403, "leads-closed");
    expect(&leave(&mut nobody, "nothing", &form("a@example.org")), 404, "not-found");
    ok(&admin.put("/api/flags/leads-form", &json!({"enabled": true, "version": 1})), 200);
    ok(&leave(&mut nobody, &slug, &form("a@example.org")), 201);
}

#[test]
fn an_address_leaves_only_so_many() {
    let site = Site::with(|config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config.limits.leads_address_max = 2;
    });
    let slug = card(&site.person("Ada"), "team");
    let mut nobody = Api::nobody(&site).with("X-Forwarded-For", "203.0.113.9");
    ok(&leave(&mut nobody, &slug, &form("a@example.org")), 201);
    for _ in 0..5 {
        // What is not kept is not counted.
        ok(&leave(&mut nobody, &slug, &form("a@example.org")), 200);
    }
    ok(&leave(&mut nobody, &slug, &form("b@example.org")), 201);
    expect(&leave(&mut nobody, &slug, &form("c@example.org")), 429, "rate-limited");
    let mut other = Api::nobody(&site).with("X-Forwarded-For", "203.0.113.10");
    ok(&leave(&mut other, &slug, &form("c@example.org")), 201);
}

#[test]
fn a_form_that_is_sent_again_with_its_key_is_answered_the_same() {
    let site = Site::start();
    let slug = card(&site.person("Ada"), "team");
    let path = format!("/api/public/cards/{slug}/leads");
    let mut nobody = Api::nobody(&site);
    let key = [("Idempotency-Key", "one")];
    let first = nobody.json("POST", &path, &key, &form("a@example.org"));
    let again = nobody.json("POST", &path, &key, &form("a@example.org"));
    assert_eq!(
        (ok(&first, 201), again.header("Idempotent-Replayed")),
        (ok(&again, 201), Some("true"))
    );
}

#[test]
fn the_inbox_is_newest_first_in_pages_and_by_status_and_person() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let (own, team) = (card(&ada, "owner"), card(&ada, "team"));
    let leads: Vec<String> = (0..5)
        .map(|n| left(&site, if n % 2 == 0 { &team } else { &own }, &format!("{n}@x.org")))
        .collect();
    let (mut ada, mut grace) = (Api::of(&ada), Api::of(&grace));
    ok(&grace.post(&format!("/api/leads/{}/claim", leads[2]), &json!({})), 200);
    let newest: Vec<String> = leads.iter().rev().cloned().collect();
    assert_eq!(ids(&mut ada, "/api/leads"), newest);
    let pick = |picked: &[usize]| picked.iter().map(|n| leads[*n].clone()).collect::<Vec<_>>();
    for (query, of_ada, of_grace) in [
        ("status=open", pick(&[4, 0]), pick(&[4, 0])),
        ("status=claimed", pick(&[3, 2, 1]), pick(&[2])),
        ("assigned=me", pick(&[3, 1]), pick(&[2])),
        ("assigned=none", pick(&[4, 0]), pick(&[4, 0])),
        ("assigned=none&status=claimed", vec![], vec![]),
    ] {
        let path = format!("/api/leads?{query}");
        assert_eq!((ids(&mut ada, &path), ids(&mut grace, &path)), (of_ada, of_grace), "{query}");
    }
    let reply = ada.get("/api/leads?assigned=me&limit=1");
    assert_eq!(ok(&reply, 200)["items"][0]["id"], leads[3]);
    let link = reply.header("Link").unwrap().to_owned();
    let next = link.trim_start_matches('<').split('>').next().unwrap();
    assert_eq!(ids(&mut ada, next), pick(&[1]));
    let wrong = ada.get("/api/leads?status=lost&assigned=you");
    faults(&wrong, &[("status", "choice"), ("assigned", "choice")]);
    expect(&ada.get("/api/leads?cursor=x"), 422, "validation-failed");
}

#[test]
fn what_is_no_lead_is_refused() {
    let site = Site::start();
    let slug = card(&site.person("Ada"), "team");
    let mut nobody = Api::nobody(&site);
    let told = leave(&mut nobody, &slug, &json!({}));
    faults(&told, &[("/name", "required"), ("/email", "required"), ("/consent", "required")]);
    let bad = json!({
        "name": " \u{200b}", "email": "nobody", "phone": "1\n2", "company": "x".repeat(101),
        "message": "é".repeat(2_001), "consent": false, "status": "closed",
    });
    faults(
        &leave(&mut nobody, &slug, &bad),
        &[
            ("/name", "blank"),
            ("/email", "email"),
            ("/phone", "control"),
            ("/company", "too-long"),
            ("/message", "too-long"),
            ("/consent", "consent"),
            ("/status", "unknown"),
        ],
    );
    for consent in [json!("true"), json!(1), json!(null), json!([])] {
        let mut form = form("a@example.org");
        form["consent"] = consent;
        faults(&leave(&mut nobody, &slug, &form), &[("/consent", "type")]);
    }
    let mut form = form("a@example.org");
    form["message"] = json!("a\u{0}b");
    faults(&leave(&mut nobody, &slug, &form), &[("/message", "control")]);
    form["message"] = json!("é".repeat(2_000));
    form["phone"] = json!(null);
    ok(&leave(&mut nobody, &slug, &form), 201);
}

#[test]
fn leads_take_a_login_and_a_scope() {
    let site = Site::start();
    let ada = site.person("Ada");
    let id = left(&site, &card(&ada, "team"), "joan@example.org");
    let scopes = json!({"name": "t", "scopes": ["leads:read"]});
    let token = ok(&Api::of(&ada).post("/api/tokens", &scopes), 201)["token"].clone();
    let mut reader = Api::bearer(&site, token.as_str().unwrap());
    let (mut nobody, mut member) = (Api::nobody(&site), Api::of(&ada));
    let read = ["/api/leads".to_owned(), "/api/leads.csv".into(), format!("/api/leads/{id}")];
    for path in read {
        expect(&nobody.get(&path), 401, "unauthenticated");
        assert_eq!(reader.get(&path).status, 200, "{path}");
    }
    for action in ["claim", "release", "reassign"] {
        let path = format!("/api/leads/{id}/{action}");
        expect(&nobody.post(&path, &json!({})), 401, "unauthenticated");
        expect(&reader.post(&path, &json!({})), 403, "insufficient-scope");
    }
    expect(&nobody.post("/api/leads/claim-next", &json!({})), 401, "unauthenticated");
    expect(&reader.patch(&format!("/api/leads/{id}"), &json!({})), 403, "insufficient-scope");
    expect(&member.post(&format!("/api/leads/{id}/reassign"), &json!({})), 403, "forbidden");
}
