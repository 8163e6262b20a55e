//! Mailed shares, from the request to a mail server, and what they cost.

mod addresses;
mod charges;
mod delivery;
mod elsewhere;
mod outbox;

use crate::kit::smtp::MailServer;
use crate::kit::{Api, card, ok};
use cardinal::config::{Config, MailServer as Server};
use cardinal::store::Lane;
use cardinal::testing::{Person, Site};
use serde_json::{Value, json};
use std::time::Duration;

/// Mail goes to this server, and a mailed share costs so much.
fn sends(config: &mut Config, server: &MailServer, price: i64) {
    config.mail.server = Some(Server::parse(&server.url(), None).unwrap());
    config.mail.from = Some("Cards <cards@example.org>".into());
    config.mail.share_price = price;
}

/// Mails a new card to somebody.
fn wanted(api: &mut Api, recipient: &str) -> Value {
    let card = card(api, "Ada Lovelace");
    json!({"card_id": card["id"], "channel": "email", "recipient": recipient, "send": true})
}

#[track_caller]
fn mail(api: &mut Api, recipient: &str) -> Value {
    let body = wanted(api, recipient);
    ok(&api.post("/api/shares", &body), 201)
}

/// The share as it is once its mail is like this.
#[track_caller]
fn once(api: &mut Api, share: &Value, done: impl Fn(&Value) -> bool) -> Value {
    let path = format!("/api/shares/{}", share["tracking_id"].as_str().unwrap());
    for _ in 0..20_000 {
        let share = ok(&api.get(&path), 200);
        if done(&share["mail"]) {
            return share;
        }
    }
    panic!("it never was");
}

#[track_caller]
fn once_state(api: &mut Api, share: &Value, state: &str) -> Value {
    once(api, share, |mail| mail["state"] == state)
}

/// Lets so much time pass on a site whose clock stands still.
fn pass(site: &Site, span: Duration) {
    site.clock().advance(span);
    site.store().ring_for_work(Lane::Mail);
}

/// Gives somebody credits.
fn grant(admin: &mut Api, person: &Person, amount: i64) {
    let body = json!({"user_id": person.user.id, "amount": amount, "reason": "purchase",
                      "idempotency_key": cardinal::id::hex(16)});
    ok(&admin.post("/api/credits/grants", &body), 201);
}

fn available(api: &mut Api) -> i64 {
    ok(&api.get("/api/credits"), 200)["available"].as_i64().unwrap()
}

/// Every invariant holds.
#[track_caller]
fn assert_sound(site: &Site) {
    use cardinal::domain::audits::{AUDITS, ask};
    for audit in AUDITS {
        let found = site.store().read(|read| ask(read, audit)).unwrap();
        assert_eq!(found.violations, 0, "{}: {:?}", audit.name, found.examples);
    }
}
