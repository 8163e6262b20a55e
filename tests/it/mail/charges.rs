//! What mailing costs: taken with the job, given back with its end, each once.

use super::{assert_sound, available, grant, mail, once, once_state, pass, sends, wanted};
use crate::kit::smtp::{MailServer, Mood};
use crate::kit::{Api, expect, ok, together};
use cardinal::clock::Millis;
use cardinal::testing::{Person, Site};
use serde_json::{Value, json};
use std::time::Duration;

const NOW: Millis = Millis(1_700_000_000_000);
const PRICE: i64 = 7;

/// A site with a mail server, an admin, and Ada with credits for so many mails.
fn site(moods: &'static [Mood], mails: i64) -> (Site, MailServer, Api, Person) {
    let server = MailServer::start(moods);
    let site = Site::at(NOW, |config| sends(config, &server, PRICE));
    let (mut admin, ada) = (Api::of(&site.admin("Root")), site.person("Ada"));
    if mails > 0 {
        grant(&mut admin, &ada, mails * PRICE);
    }
    (site, server, admin, ada)
}

fn job(share: &Value, verb: &str) -> String {
    format!("/api/jobs/{}{verb}", share["mail"]["job_id"].as_str().unwrap())
}

fn kinds(api: &mut Api) -> Vec<String> {
    let history = ok(&api.get("/api/credits/transfers"), 200);
    let items = history["items"].as_array().unwrap().iter().rev();
    items.map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_mail_is_charged_with_the_share_or_nothing_is_made() {
    let (site, server, _, ada) = site(&[Mood::Takes], 1);
    let mut api = Api::of(&ada);
    let share = mail(&mut api, "grace@example.org");
    assert_eq!(share["mail"]["price"], PRICE);
    assert_eq!(available(&mut api), 0);
    once_state(&mut api, &share, "sent");
    let body = wanted(&mut api, "grace@example.org");
    let told = expect(&api.post("/api/shares", &body), 409, "insufficient-credits");
    assert_eq!((&told["available"], &told["required"]), (&json!(0), &json!(PRICE)));
    assert_eq!(ok(&api.get("/api/shares"), 200)["items"].as_array().unwrap().len(), 1);
    assert_eq!((server.count(), kinds(&mut api)), (1, vec!["grant".into(), "charge".into()]));
    assert_sound(&site);
}

#[test]
fn a_card_that_nobody_would_be_shown_is_neither_mailed_nor_charged() {
    let (site, _, _, ada) = site(&[Mood::Takes], 1);
    let mut api = Api::of(&ada);
    let body = wanted(&mut api, "grace@example.org");
    let path = format!("/api/cards/{}", body["card_id"].as_str().unwrap());
    ok(&api.patch(&path, &json!({"visibility": "private", "version": 1})), 200);
    expect(&api.post("/api/shares", &body), 409, "card-hidden");
    ok(&api.patch(&path, &json!({"visibility": "unlisted", "version": 2})), 200);
    ok(&api.put(&format!("{path}/active"), &json!({"active": false})), 200);
    expect(&api.post("/api/shares", &body), 409, "card-hidden");
    assert_eq!(available(&mut api), PRICE);
    assert_eq!(ok(&api.get("/api/shares"), 200)["items"], json!([]));
    assert_sound(&site);
}

#[test]
fn one_key_sends_once() {
    let (site, server, _, ada) = site(&[Mood::Takes], 9);
    let body = wanted(&mut Api::of(&ada), "grace@example.org");
    let key = [("Idempotency-Key", "once")];
    let replies = together(8, |_| Api::of(&ada).json("POST", "/api/shares", &key, &body));
    let first = ok(&replies[0], 201);
    assert!(replies.iter().all(|reply| reply.json() == first));
    let mut api = Api::of(&ada);
    once_state(&mut api, &first, "sent");
    assert_eq!((available(&mut api), server.count()), (8 * PRICE, 1));
    assert_sound(&site);
}

#[test]
fn what_was_refused_is_given_back_once() {
    let (site, _, mut admin, ada) = site(&[Mood::Recipient("550 no"), Mood::Takes], 1);
    let mut api = Api::of(&ada);
    let share = mail(&mut api, "grace@example.org");
    once_state(&mut api, &share, "failed");
    assert_eq!(available(&mut api), PRICE);
    assert_eq!(kinds(&mut api), ["grant", "charge", "reversal"]);
    let charge = ok(&api.get("/api/credits/transfers"), 200)["items"][1]["id"].clone();
    let path = format!("/api/credits/transfers/{}/reversal", charge.as_str().unwrap());
    let body = json!({"memo": "", "idempotency_key": "again"});
    expect(&admin.post(&path, &body), 409, "already-reversed");
    assert_sound(&site);

    // Tried again, it is charged anew, or not tried.
    ok(&admin.post(&job(&share, "/retry"), &json!({})), 200);
    once_state(&mut api, &share, "sent");
    assert_eq!(kinds(&mut api), ["grant", "charge", "reversal", "charge"]);
    assert_eq!(available(&mut api), 0);
    assert_sound(&site);
}

#[test]
fn a_retry_that_cannot_be_paid_is_refused() {
    let (site, _, mut admin, ada) = site(&[Mood::Recipient("550 no"), Mood::Takes], 1);
    let mut api = Api::of(&ada);
    let share = mail(&mut api, "grace@example.org");
    once_state(&mut api, &share, "failed");
    let body = json!({"amount": 1, "reason": "feature", "idempotency_key": "spent"});
    ok(&api.post("/api/credits/charges", &body), 201);
    expect(&admin.post(&job(&share, "/retry"), &json!({})), 409, "insufficient-credits");
    assert_eq!(ok(&admin.get(&job(&share, "")), 200)["state"], "dead");
    assert_sound(&site);
}

#[test]
fn the_last_failure_gives_back() {
    let (site, server, mut admin, ada) = site(&[Mood::Recipient("451 later")], 1);
    let mut api = Api::of(&ada);
    let share = mail(&mut api, "grace@example.org");
    for attempt in 1..=10 {
        for n in 0.. {
            let told = ok(&admin.get(&job(&share, "")), 200);
            if told["attempt"] == attempt && told["state"] != "running" {
                break;
            }
            assert!(n < 20_000, "{told}");
        }
        assert_eq!(available(&mut api), if attempt < 10 { 0 } else { PRICE });
        pass(&site, Duration::from_hours(9));
    }
    let failed = once_state(&mut api, &share, "failed");
    assert_eq!((&failed["bounced"]["total"], server.connections()), (&json!(0), 10));
    assert_sound(&site);
}

#[test]
fn a_cancelled_mail_is_given_back_and_one_that_is_sent_is_not() {
    let (site, server, mut admin, ada) = site(&[Mood::Recipient("451 later"), Mood::Takes], 2);
    let mut api = Api::of(&ada);
    let share = mail(&mut api, "grace@example.org");
    once(&mut api, &share, |mail| mail["error"] != Value::Null);
    ok(&admin.post(&job(&share, "/cancel"), &json!({})), 200);
    ok(&admin.post(&job(&share, "/cancel"), &json!({})), 200);
    once_state(&mut api, &share, "cancelled");
    assert_eq!(available(&mut api), 2 * PRICE);
    let share = mail(&mut api, "grace@example.org");
    once_state(&mut api, &share, "sent");
    expect(&admin.post(&job(&share, "/cancel"), &json!({})), 409, "job-finished");
    assert_eq!((available(&mut api), server.count()), (PRICE, 1));
    assert_sound(&site);
}

/// A deleted card takes its shares along; what was not sent of them costs nothing, and whose account it is may be gone.
#[test]
fn what_is_deleted_is_not_mailed_and_given_back() {
    let (site, server, mut admin, ada) =
        site(&[Mood::Recipient("451 later"), Mood::Recipient("451 later"), Mood::Takes], 2);
    let mut api = Api::of(&ada);
    let card = mail(&mut api, "grace@example.org");
    once(&mut api, &card, |mail| mail["error"] != Value::Null);
    let path = format!("/api/cards/{}?version=1", card["card_id"].as_str().unwrap());
    crate::kit::card(&mut api, "Another");
    ok(&api.delete(&path), 200);
    pass(&site, Duration::from_secs(67));
    let dead = |admin: &mut Api, share: &Value| {
        (0..20_000).any(|_| ok(&admin.get(&job(share, "")), 200)["state"] == "dead")
    };
    assert!(dead(&mut admin, &card));
    assert_eq!(available(&mut api), 2 * PRICE);
    let person = mail(&mut api, "grace@example.org");
    once(&mut api, &person, |mail| mail["error"] != Value::Null);
    ok(&api.delete("/api/me?version=1"), 200);
    pass(&site, Duration::from_secs(67));
    assert!(dead(&mut admin, &person));
    assert_eq!(server.count(), 0);
    assert_sound(&site);
}

/// Others may work the queue as well; what they tell settles the same.
#[test]
fn a_worker_from_outside_settles_what_it_ends() {
    let (site, _, mut admin, ada) = site(&[Mood::Recipient("451 later")], 1);
    let mut api = Api::of(&ada);
    let share = mail(&mut api, "grace@example.org");
    once(&mut api, &share, |mail| mail["error"] != Value::Null);
    // Nobody rings for the program's own workers.
    site.clock().advance(Duration::from_secs(67));
    let claim = json!({"queue": "cardinal-mail", "worker": "outside", "lease_seconds": 1});
    let claimed = ok(&admin.post("/api/jobs/claim", &claim), 200)["jobs"][0].clone();
    assert!(claimed["lease_token"].is_i64(), "nobody else has it: {claimed}");
    ok(&admin.post(&job(&share, "/cancel"), &json!({})), 200);
    assert_eq!(available(&mut api), 0, "its worker has it yet");
    let token = claimed["lease_token"].clone();
    let told = json!({"lease_token": token, "error": "dropped"});
    ok(&admin.post(&job(&share, "/fail"), &told), 200);
    once_state(&mut api, &share, "cancelled");
    assert_eq!(available(&mut api), PRICE);
    assert_sound(&site);
}
