//! Webhooks: endpoints, and what is delivered to a real listener.

use crate::kit::receiver::{Message, Receiver};
use crate::kit::{Api, card, expect, faults, ok, together};
use base64::Engine as _;
use cardinal::clock::Millis;
use cardinal::config::Config;
use cardinal::store::Lane;
use cardinal::testing::{Reply, Site};
use hmac::{KeyInit, Mac};
use serde_json::{Value, json};
use std::time::Duration;

pub(super) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
pub(super) const BROKEN: &str = "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
pub(super) const GONE: &str = "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const MOVED: &str = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\
                     Connection: close\r\n\r\n";
const BUSY: &str = "HTTP/1.1 503 Busy\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\
                    Connection: close\r\n\r\n";

fn allow(config: &mut Config) {
    config.webhooks.allowed = vec!["127.0.0.0/8".parse().unwrap()];
}

pub(super) fn site() -> Site {
    Site::with(allow)
}

/// A site whose clock stands still.
pub(super) fn frozen() -> Site {
    Site::at(Millis(1_700_000_000_000), allow)
}

#[track_caller]
pub(super) fn webhook(api: &mut Api, url: &str, events: &[&str]) -> Value {
    ok(&api.post("/api/webhooks", &json!({"url": url, "events": events})), 201)
}

pub(super) fn at(webhook: &Value) -> String {
    format!("/api/webhooks/{}", webhook["id"].as_str().unwrap())
}

/// The newest message in an endpoint's log, once `done` says so of it.
pub(super) fn delivery(api: &mut Api, webhook: &Value, done: impl Fn(&Value) -> bool) -> Value {
    let id = webhook["id"].as_str().unwrap();
    for _ in 0..20_000 {
        let page = ok(&api.get(&format!("/api/webhooks/{id}/deliveries")), 200);
        if done(&page["items"][0]) {
            return page["items"][0].clone();
        }
    }
    panic!("it was never noted");
}

/// What a receiver computes to see that a message is ours.
pub(super) fn signature(secret: &str, message: &Message) -> String {
    let base64 = &base64::engine::general_purpose::STANDARD;
    let key = base64.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let (id, time) = (&message.headers["webhook-id"], &message.headers["webhook-timestamp"]);
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{time}.{}", message.body).as_bytes());
    format!("v1,{}", base64.encode(mac.finalize().into_bytes()))
}

#[test]
fn what_happens_is_told_and_signed() {
    let (site, receiver) = (site(), Receiver::start(&[OK]));
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &receiver.url, &["card.created", "card.deleted"]);
    let secret = made["secret"].as_str().unwrap().to_owned();
    let new = card(&mut ada, "Ada");
    let message = receiver.next();
    assert_eq!(message.headers["webhook-signature"], signature(&secret, &message));
    assert_eq!(message.headers["content-type"], "application/json");
    let body: Value = serde_json::from_str(&message.body).unwrap();
    assert_eq!(body["type"], "card.created");
    assert_eq!(body["data"], json!({"card_id": new["id"], "slug": "ada", "version": 1}));
    assert!(body["timestamp"].as_str().unwrap().ends_with('Z'));

    let told = delivery(&mut ada, &made, |told| told["state"] != "pending");
    assert_eq!((&told["state"], &told["status"]), (&json!("delivered"), &json!(200)));
    assert_eq!((&told["attempts"], &told["error"]), (&json!(1), &json!(null)));
    let id = told["id"].as_str().unwrap();
    assert_eq!(message.headers["webhook-id"], format!("msg_{id}"));
    // What nobody asked for is not told: the next message is about the deletion.
    card(&mut ada, "Second");
    receiver.next();
    let path = format!("/api/cards/{}", new["id"].as_str().unwrap());
    ok(&ada.patch(&path, &json!({"name": "Countess", "version": 1})), 200);
    ok(&ada.delete(&format!("{path}?version=2")), 200);
    assert!(receiver.next().body.contains("card.deleted"));
    let shown = ok(&ada.get(&at(&made)), 200);
    assert!(shown.get("secret").is_none(), "a secret is told once");
}

#[test]
fn what_did_not_happen_is_not_told() {
    let (site, receiver) = (site(), Receiver::start(&[OK]));
    let mut ada = Api::of(&site.person("Ada"));
    webhook(&mut ada, &receiver.url, &["card.created"]);
    expect(&ada.post("/api/cards", &json!({"name": "x", "slug": "api"})), 409, "slug-taken");
    card(&mut Api::of(&site.person("Eve")), "Eve's");
    card(&mut ada, "Ada");
    assert!(receiver.next().body.contains("\"ada\""), "only her own, and only what was committed");
}

#[test]
fn a_failure_is_tried_again_as_the_same_message() {
    let (site, receiver) = (frozen(), Receiver::start(&[BROKEN, MOVED, OK]));
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &receiver.url, &["card.created"]);
    card(&mut ada, "Ada");
    let first = receiver.next();
    let told = delivery(&mut ada, &made, |told| told["attempts"] == 1);
    assert_eq!((&told["state"], &told["status"]), (&json!("pending"), &json!(500)));
    assert_eq!(told["error"], "it did not accept the message");
    // 5 s give or take a tenth, then 5 min; a redirect is a failure.
    for (pause, attempts) in [(6, 2), (331, 3)] {
        site.clock().advance(Duration::from_secs(pause));
        site.store().ring_for_work(Lane::Webhooks);
        let again = receiver.next();
        assert_eq!(again.headers["webhook-id"], first.headers["webhook-id"]);
        assert_eq!(again.body, first.body);
        assert_ne!(again.headers["webhook-timestamp"], first.headers["webhook-timestamp"]);
        assert_eq!(
            delivery(&mut ada, &made, |told| told["attempts"] == attempts)["type"],
            "card.created"
        );
    }
    assert_eq!(delivery(&mut ada, &made, |_| true)["state"], "delivered");
}

#[test]
fn a_receiver_may_ask_for_time() {
    let (site, receiver) = (frozen(), Receiver::start(&[BUSY, OK]));
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &receiver.url, &["card.created"]);
    card(&mut ada, "Ada");
    receiver.next();
    delivery(&mut ada, &made, |told| told["attempts"] == 1);
    let due = site.store().read::<_, cardinal::error::Error>(|read| {
        cardinal::domain::jobs::next_due(read, "cardinal-webhooks")
    });
    assert_eq!(due.unwrap(), Some(Millis(1_700_000_000_000 + 7_200_000)));
}

#[test]
fn an_endpoint_that_is_gone_is_told_nothing_more() {
    let (site, receiver) = (site(), Receiver::start(&[GONE, OK]));
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &receiver.url, &["card.created"]);
    card(&mut ada, "Ada");
    receiver.next();
    let told = delivery(&mut ada, &made, |told| told["state"] != "pending");
    assert_eq!((&told["state"], &told["status"]), (&json!("failed"), &json!(410)));
    let ended = ok(&ada.get(&at(&made)), 200);
    assert_eq!((&ended["is_active"], &ended["ended_for"]), (&json!(false), &json!("gone")));
    card(&mut ada, "Untold");
    let log = ok(&ada.get(&format!("{}/deliveries", at(&made))), 200);
    assert_eq!(log["items"].as_array().unwrap().len(), 1);

    // Its owner can try it, send what was given up once more, and begin anew.
    let id = made["id"].as_str().unwrap();
    let ping = ok(&ada.post(&format!("/api/webhooks/{id}/test"), &json!({})), 202);
    assert_eq!(ping["type"], "ping");
    assert!(receiver.next().body.contains("\"ping\""));
    let back = ok(&ada.patch(&at(&made), &json!({"is_active": true, "version": 2})), 200);
    assert_eq!((&back["ended_for"], &back["version"]), (&json!(null), &json!(3)));
    let lost = told["id"].as_str().unwrap();
    let retry = format!("/api/webhooks/{id}/deliveries/{lost}/retry");
    ok(&ada.post(&retry, &json!({})), 202);
    assert!(receiver.next().body.contains("card.created"));
    delivery(&mut ada, &made, |told| told["state"] == "delivered");
    let arrived = |told: &Reply| expect(told, 409, "not-failed");
    assert!(arrived(&ada.post(&retry, &json!({})))["state"] != "failed");
}

#[test]
fn an_endpoint_at_which_nothing_arrives_for_days_is_ended() {
    let (site, receiver) = (frozen(), Receiver::start(&[BROKEN]));
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &receiver.url, &["card.created"]);
    card(&mut ada, "Ada");
    receiver.next();
    for attempts in 2..=10 {
        delivery(&mut ada, &made, |told| told["attempts"] == attempts - 1);
        site.clock().advance(Duration::from_hours(27));
        site.store().ring_for_work(Lane::Webhooks);
        receiver.next();
        if attempts == 6 {
            delivery(&mut ada, &made, |told| told["attempts"] == attempts);
            let ended = ok(&ada.get(&at(&made)), 200);
            assert_eq!(
                (&ended["is_active"], &ended["ended_for"]),
                (&json!(false), &json!("failing"))
            );
            return;
        }
    }
}

#[test]
fn a_slow_receiver_is_left() {
    let site = Site::with(|config| {
        allow(config);
        config.limits.webhook_deadline = Duration::from_millis(100);
    });
    let receiver = Receiver::start(&[""]);
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &receiver.url, &["card.created"]);
    card(&mut ada, "Ada");
    receiver.next();
    let told = delivery(&mut ada, &made, |told| told["attempts"] == 1);
    assert_eq!(
        (&told["status"], &told["error"]),
        (&json!(null), &json!("it could not be reached"))
    );
}

#[test]
fn a_new_secret_signs_and_the_old_one_for_a_day_yet() {
    let (site, receiver) = (frozen(), Receiver::start(&[OK]));
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &receiver.url, &["card.created"]);
    let rotate = format!("/api/webhooks/{}/rotate", made["id"].as_str().unwrap());
    let rotated = ok(&ada.post(&rotate, &json!({})), 200);
    let secrets = [&rotated, &made].map(|told| told["secret"].as_str().unwrap().to_owned());
    assert_ne!(secrets[0], secrets[1]);
    card(&mut ada, "Ada");
    let message = receiver.next();
    let both = secrets.each_ref().map(|secret| signature(secret, &message)).join(" ");
    assert_eq!(message.headers["webhook-signature"], both);
    site.clock().advance(Duration::from_hours(24));
    card(&mut ada, "Ada");
    let message = receiver.next();
    assert_eq!(message.headers["webhook-signature"], signature(&secrets[0], &message));
}

#[test]
fn a_tier_allows_so_many_webhooks_however_many_ask() {
    for callers in [2, 8, 64] {
        let site = Site::with(|config| config.default_tier = "free".into());
        let ada = site.person("Ada");
        let replies = together(callers, |n| {
            let url = format!("https://example.org/{n}");
            Api::of(&ada).post("/api/webhooks", &json!({"url": url, "events": ["ping"]}))
        });
        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 2);
        for reply in replies.iter().filter(|reply| reply.status != 201) {
            assert_eq!(expect(reply, 409, "quota-exceeded")["limit"], 2);
        }
        let page = ok(&Api::of(&ada).get("/api/webhooks"), 200);
        assert_eq!(page["items"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn an_endpoint_changes_under_its_version_and_goes_with_what_is_under_way() {
    let (site, receiver) = (frozen(), Receiver::start(&[BROKEN]));
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &receiver.url, &["card.created"]);
    expect(&ada.patch(&at(&made), &json!({"description": "x"})), 428, "precondition-required");
    let body = json!({"description": " CRM ", "events": ["ping", "card.created"], "version": 1});
    let changed = ok(&ada.patch(&at(&made), &body), 200);
    assert_eq!((&changed["description"], &changed["version"]), (&json!("CRM"), &json!(2)));
    assert_eq!(changed["events"], json!(["card.created", "ping"]), "in one order");
    expect(&ada.patch(&at(&made), &body), 409, "version-conflict");
    assert_eq!(ok(&ada.patch(&at(&made), &changed), 200)["version"], 2, "what was told, sent back");
    card(&mut ada, "Ada");
    receiver.next();
    delivery(&mut ada, &made, |told| told["attempts"] == 1);
    ok(&ada.delete(&format!("{}?version=2", at(&made))), 200);
    expect(&ada.get(&at(&made)), 404, "not-found");
    let waiting = site.store().read::<_, cardinal::error::Error>(|read| {
        cardinal::domain::jobs::next_due(read, "cardinal-webhooks")
    });
    assert_eq!(waiting.unwrap(), None);
}

#[test]
fn what_is_anothers_is_as_absent_as_nothing() {
    let site = site();
    let (mut ada, mut eve) = (Api::of(&site.person("Ada")), Api::of(&site.person("Eve")));
    let made = webhook(&mut ada, "https://example.org/", &["ping"]);
    let path = at(&made);
    expect(&eve.get(&path), 404, "not-found");
    expect(&eve.patch(&path, &json!({"version": 1})), 404, "not-found");
    expect(&eve.delete(&format!("{path}?version=1")), 404, "not-found");
    for action in ["test", "rotate"] {
        expect(&eve.post(&format!("{path}/{action}"), &json!({})), 404, "not-found");
    }
    expect(&eve.get(&format!("{path}/deliveries")), 404, "not-found");
    let unknown = format!("{path}/deliveries/01890000-0000-7000-8000-000000000000/retry");
    expect(&ada.post(&unknown, &json!({})), 404, "not-found");
}

#[test]
fn what_leads_inside_is_refused() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for (url, code) in [
        ("https://127.0.0.1/", "target"),
        ("https://[::ffff:10.0.0.1]/", "target"),
        ("https://0x7f.1/", "target"),
        ("https://localhost/", "target"),
        ("https://169.254.169.254/latest/meta-data", "target"),
        ("http://example.org/", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("https://user:pass@example.org/", "url"),
        ("https://example.org:6379/", "port"),
        ("nonsense", "url"),
    ] {
        let body = json!({"url": url, "events": ["ping"]});
        faults(&ada.post("/api/webhooks", &body), &[("/url", code)]);
    }
    let body = json!({"url": "https://example.org/", "events": []});
    faults(&ada.post("/api/webhooks", &body), &[("/events", "blank")]);
    let body = json!({"url": 1, "events": ["nothing"], "description": "x".repeat(201), "x": 1});
    faults(
        &ada.post("/api/webhooks", &body),
        &[
            ("/url", "type"),
            ("/events/0", "choice"),
            ("/description", "too-long"),
            ("/x", "unknown"),
        ],
    );
}

#[test]
fn a_lead_its_claim_a_charge_and_an_open_are_told() {
    let (site, receiver) = (site(), Receiver::start(&[OK]));
    let (grace, ada) = (site.admin("Grace"), site.person("Ada"));
    let mut api = Api::of(&ada);
    let events = ["lead.created", "lead.claimed", "credits.charged", "share.opened"];
    webhook(&mut api, &receiver.url, &events);
    let new = ok(&api.post("/api/cards", &json!({"name": "Ada", "lead_routing": "team"})), 201);
    let lead = json!({"name": "Joan", "email": "joan@example.org", "consent": true});
    let made = ok(&Api::nobody(&site).post("/api/public/cards/ada/leads", &lead), 201);
    let told = |kind: &str| {
        let body: Value = serde_json::from_str(&receiver.next().body).unwrap();
        assert_eq!(body["type"], kind);
        body["data"].clone()
    };
    assert_eq!(told("lead.created")["lead_id"], made["id"]);
    let claim = format!("/api/leads/{}/claim", made["id"].as_str().unwrap());
    for _ in 0..2 {
        ok(&Api::of(&grace).post(&claim, &json!({})), 200);
    }
    let claimed = told("lead.claimed");
    assert_eq!(
        (&claimed["claimed_by"], &claimed["claim_epoch"]),
        (&json!(grace.user.id), &json!(1))
    );
    let pay = |api: &mut Api, path: &str, body: &Value| {
        ok(&api.json("POST", path, &[("Idempotency-Key", "k")], body), 201)
    };
    let grant = json!({"user_id": ada.user.id, "amount": 9, "reason": "promotion"});
    pay(&mut Api::of(&grace), "/api/credits/grants", &grant);
    pay(&mut api, "/api/credits/charges", &json!({"amount": 4, "reason": "feature"}));
    assert_eq!(told("credits.charged")["balance_after"], 5);
    let given = json!({"card_id": new["id"], "channel": "email"});
    let share = ok(&api.post("/api/shares", &given), 201);
    let tracking_id = share["tracking_id"].as_str().unwrap();
    for _ in 0..2 {
        // It is gathered first; the worker tells it a moment later.
        let mut reader = Api::nobody(&site).with("User-Agent", "Mozilla/5.0");
        assert_eq!(reader.get(&format!("/t/{tracking_id}.gif")).status, 200);
    }
    assert_eq!(told("share.opened")["tracking_id"], tracking_id);
    let stats = format!("/api/cards/{}/stats?days=1", new["id"].as_str().unwrap());
    assert_eq!(ok(&api.get(&stats), 200)["days"][0]["leads"], 1);
}
