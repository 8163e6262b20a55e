//! Credits: balance, history, grants, charges, reservations and reversals.

use crate::kit::{Api, expect, faults, ok, together};
use cardinal::clock::Millis;
use cardinal::testing::{Person, Reply, Site};
use serde_json::{Value, json};
use std::time::Duration;

/// A site with an admin who gives credits.
struct Bank {
    site: Site,
    admin: Person,
}

impl Bank {
    fn open() -> Self {
        Self::on(Site::start())
    }

    fn on(site: Site) -> Self {
        let admin = site.admin("Grace");
        Self { site, admin }
    }

    /// Somebody with so many credits.
    fn person(&self, credits: i64) -> Person {
        let person = self.site.person("Ada");
        if credits > 0 {
            let body = json!({"user_id": person.user.id, "amount": credits, "reason": "purchase"});
            ok(&pay(&self.admin, "/api/credits/grants", &cardinal::id::hex(16), &body), 201);
        }
        person
    }
}

/// Sends an order with a key.
fn pay(who: &Person, path: &str, key: &str, body: &Value) -> Reply {
    Api::of(who).json("POST", path, &[("Idempotency-Key", key)], body)
}

fn charge(who: &Person, key: &str, amount: i64) -> Reply {
    pay(who, "/api/credits/charges", key, &json!({"amount": amount, "reason": "feature"}))
}

fn reserve(who: &Person, amount: i64) -> Value {
    let body = json!({"amount": amount, "reason": "feature", "expires_in_seconds": 60});
    ok(&pay(who, "/api/credits/reservations", &cardinal::id::hex(16), &body), 201)
}

/// Captures or voids a reservation.
fn resolve(who: &Person, reservation: &Value, how: &str, body: &Value) -> Reply {
    let path = format!("/api/credits/reservations/{}/{how}", reservation["id"].as_str().unwrap());
    pay(who, &path, &cardinal::id::hex(16), body)
}

/// Balance, held and available.
fn stands(who: &Person) -> [i64; 3] {
    let told = ok(&Api::of(who).get("/api/credits"), 200);
    ["balance", "held", "available"].map(|name| told[name].as_i64().unwrap())
}

fn history(who: &Person) -> Vec<Value> {
    let page = ok(&Api::of(who).get("/api/credits/transfers"), 200);
    page["items"].as_array().unwrap().clone()
}

#[test]
fn everybody_has_an_account_from_birth() {
    let bank = Bank::open();
    let ada = bank.person(0);
    let told = ok(&Api::of(&ada).get("/api/credits"), 200);
    assert_eq!(told, json!({"account": ada.user.id, "balance": 0, "held": 0, "available": 0}));
    assert!(history(&ada).is_empty());
}

#[test]
fn a_grant_gives_and_a_charge_takes() {
    let bank = Bank::open();
    let ada = bank.person(100);
    let taken = ok(&charge(&ada, "k1", 30), 201);
    assert_eq!((&taken["kind"], &taken["amount"]), (&json!("charge"), &json!(30)));
    assert_eq!((&taken["balance_after"], &taken["idempotency_key"]), (&json!(70), &json!("k1")));
    assert_eq!(taken["debit_account"], json!(ada.user.id));
    assert_eq!(stands(&ada), [70, 0, 70]);
    let told = history(&ada);
    assert_eq!(told[0], taken, "newest first");
    assert_eq!(
        (&told[1]["kind"], &told[1]["credit_account"]),
        (&json!("grant"), &json!(ada.user.id))
    );
}

#[test]
fn nobody_spends_what_is_not_there() {
    for callers in [2, 8, 64] {
        let bank = Bank::open();
        let ada = bank.person(10 * i64::try_from(callers).unwrap() / 2);
        let replies = together(callers, |n| charge(&ada, &format!("k{n}"), 10));
        let (won, lost): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 201);
        assert_eq!(won.len(), callers / 2);
        for reply in lost {
            let told = expect(reply, 409, "insufficient-credits");
            assert_eq!((&told["required"], &told["balance"]), (&json!(10), &json!(0)));
            assert_eq!((&told["held"], &told["available"]), (&json!(0), &json!(0)));
        }
        assert_eq!(stands(&ada), [0, 0, 0]);
        let mut after: Vec<i64> =
            won.iter().map(|reply| reply.json()["balance_after"].as_i64().unwrap()).collect();
        after.sort_unstable();
        let steps: Vec<i64> = (0..i64::try_from(callers / 2).unwrap()).map(|n| n * 10).collect();
        assert_eq!(after, steps);
    }
}

#[test]
fn one_key_takes_once() {
    for callers in [2, 8, 64] {
        let bank = Bank::open();
        let ada = bank.person(100);
        let replies = together(callers, |_| charge(&ada, "the-same", 10));
        for reply in &replies {
            assert_eq!(ok(reply, 201), replies[0].json());
        }
        assert_eq!(stands(&ada), [90, 0, 90]);
        assert_eq!(history(&ada).len(), 2);
    }
}

#[test]
fn a_key_is_for_ever_and_for_one_order() {
    let site = Site::at(Millis(1_700_000_000_000), |_| {});
    let bank = Bank::on(site);
    let ada = bank.person(100);
    let first = charge(&ada, "k", 10);
    bank.site.clock().advance(Duration::from_hours(4_000 * 24));
    cardinal::worker::prune(bank.site.running().state()).unwrap();
    let again = charge(&ada, "k", 10);
    assert_eq!(again.text(), first.text());
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
    expect(&charge(&ada, "k", 11), 422, "idempotency-key-reused");
    assert_eq!(stands(&ada), [90, 0, 90]);
    // Somebody else's key of the same name is another.
    ok(&charge(&bank.person(10), "k", 10), 201);
}

#[test]
fn a_refusal_for_lack_of_credits_stands() {
    let bank = Bank::open();
    let ada = bank.person(5);
    let refused = charge(&ada, "k", 10);
    expect(&refused, 409, "insufficient-credits");
    let body = json!({"user_id": ada.user.id, "amount": 100, "reason": "promotion"});
    ok(&pay(&bank.admin, "/api/credits/grants", "g", &body), 201);
    let again = charge(&ada, "k", 10);
    assert_eq!((again.status, again.text()), (409, refused.text()));
    assert_eq!(again.header("Content-Type"), Some("application/problem+json"));
    assert_eq!(stands(&ada), [105, 0, 105]);
    ok(&charge(&ada, "another", 10), 201);
}

#[test]
fn a_key_may_stand_in_the_body() {
    let bank = Bank::open();
    let ada = bank.person(100);
    let body = json!({"amount": 10, "reason": "feature", "idempotency_key": "k"});
    let mut api = Api::of(&ada);
    let first = ok(&api.post("/api/credits/charges", &body), 201);
    assert_eq!(first["idempotency_key"], "k");
    assert_eq!(ok(&charge(&ada, "k", 10), 201), first, "in the header it is the same request");
    let both = pay(&ada, "/api/credits/charges", "other", &body);
    expect(&both, 400, "idempotency-key-invalid");
    let bare = json!({"amount": 10, "reason": "feature"});
    expect(&api.post("/api/credits/charges", &bare), 400, "idempotency-key-missing");
    assert_eq!(stands(&ada), [90, 0, 90]);
}

#[test]
fn a_reservation_sets_aside_and_is_captured_in_part() {
    let bank = Bank::open();
    let ada = bank.person(100);
    let reservation = reserve(&ada, 60);
    assert_eq!((&reservation["state"], &reservation["amount"]), (&json!("pending"), &json!(60)));
    assert_eq!(stands(&ada), [100, 60, 40]);
    let refused = expect(&charge(&ada, "k", 41), 409, "insufficient-credits");
    assert_eq!((&refused["held"], &refused["available"]), (&json!(60), &json!(40)));
    let id = reservation["id"].as_str().unwrap();
    let capture = format!("/api/credits/reservations/{id}/capture");
    let captured = ok(&pay(&ada, &capture, "c", &json!({"amount": 25})), 200);
    assert_eq!((&captured["state"], &captured["captured"]), (&json!("captured"), &json!(25)));
    assert_eq!(captured["transfer"]["balance_after"], 75);
    assert_eq!(stands(&ada), [75, 0, 75]);
    for how in ["capture", "void"] {
        let told = resolve(&ada, &reservation, how, &json!({}));
        assert_eq!(expect(&told, 409, "reservation-resolved")["state"], "captured");
    }
    let kinds: Vec<Value> = history(&ada).iter().map(|t| t["kind"].clone()).collect();
    assert_eq!(kinds, ["capture", "reservation", "grant"]);
    let path = format!("/api/credits/reservations/{}", reservation["id"].as_str().unwrap());
    assert_eq!(ok(&Api::of(&ada).get(&path), 200)["state"], "captured");
    let page = ok(&Api::of(&ada).get("/api/credits/reservations"), 200);
    assert_eq!(page["items"][0]["captured"], 25);
}

#[test]
fn more_than_was_reserved_is_not_there_to_be_captured() {
    let bank = Bank::open();
    let ada = bank.person(100);
    let reservation = reserve(&ada, 60);
    let reply = resolve(&ada, &reservation, "capture", &json!({"amount": 61}));
    faults(&reply, &[("/amount", "exceeds-reservation")]);
    assert_eq!(stands(&ada), [100, 60, 40], "nothing was resolved");
    let id = reservation["id"].as_str().unwrap();
    ok(&pay(&ada, &format!("/api/credits/reservations/{id}/void"), "v", &json!({})), 200);
    assert_eq!(stands(&ada), [100, 0, 100]);
}

#[test]
fn a_reservation_is_resolved_once() {
    for callers in [2, 8, 64] {
        let bank = Bank::open();
        let ada = bank.person(100);
        let reservation = reserve(&ada, 60);
        let replies = together(callers, |n| {
            resolve(&ada, &reservation, ["capture", "void"][n % 2], &json!({}))
        });
        let won: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(won.len(), 1);
        let state = won[0].json()["state"].clone();
        for reply in replies.iter().filter(|reply| reply.status != 200) {
            assert_eq!(expect(reply, 409, "reservation-resolved")["state"], state);
        }
        let left = if state == "captured" { 40 } else { 100 };
        assert_eq!(stands(&ada), [left, 0, left]);
    }
}

#[test]
fn a_reservation_whose_time_has_come_is_expired_before_it_is_cleared_away() {
    let bank = Bank::on(Site::at(Millis(1_700_000_000_000), |_| {}));
    let ada = bank.person(100);
    let reservation = reserve(&ada, 60);
    bank.site.clock().advance(Duration::from_mins(1));
    let told = resolve(&ada, &reservation, "capture", &json!({}));
    assert_eq!(expect(&told, 409, "reservation-resolved")["state"], "expired");
    assert_eq!(stands(&ada), [100, 60, 40]);
    cardinal::worker::prune(bank.site.running().state()).unwrap();
    assert_eq!(stands(&ada), [100, 0, 100]);
    let last = history(&ada)[0].clone();
    assert_eq!((&last["kind"], &last["idempotency_key"]), (&json!("expiry"), &json!(null)));
    cardinal::worker::prune(bank.site.running().state()).unwrap();
    assert_eq!(history(&ada).len(), 3, "it expires once");
}

#[test]
fn a_transfer_is_reversed_once() {
    for callers in [2, 8, 64] {
        let bank = Bank::open();
        let ada = bank.person(100);
        let taken = ok(&charge(&ada, "k", 30), 201);
        let path = format!("/api/credits/transfers/{}/reversal", taken["id"].as_str().unwrap());
        let replies = together(callers, |n| {
            pay(&bank.admin, &path, &format!("r{n}"), &json!({"memo": "a mistake"}))
        });
        let won: Vec<_> = replies.iter().filter(|reply| reply.status == 201).collect();
        assert_eq!(won.len(), 1);
        let back = won[0].json();
        assert_eq!(
            (&back["kind"], &back["credit_account"]),
            (&json!("reversal"), &json!(ada.user.id))
        );
        for reply in replies.iter().filter(|reply| reply.status != 201) {
            assert_eq!(expect(reply, 409, "already-reversed")["reversal"], back["id"]);
        }
        assert_eq!(stands(&ada), [100, 0, 100]);
    }
}

#[test]
fn a_grant_that_is_spent_cannot_be_taken_back() {
    let bank = Bank::open();
    let ada = bank.person(100);
    let grant = history(&ada)[0].clone();
    let path = |transfer: &Value| {
        format!("/api/credits/transfers/{}/reversal", transfer["id"].as_str().unwrap())
    };
    ok(&charge(&ada, "k", 1), 201);
    let told = pay(&bank.admin, &path(&grant), "r1", &json!({}));
    assert_eq!(expect(&told, 409, "insufficient-credits")["required"], 100);
    let reservation = reserve(&ada, 10);
    expect(&pay(&bank.admin, &path(&reservation), "r2", &json!({})), 409, "not-reversible");
    let unknown = json!({"id": "01890000-0000-7000-8000-000000000000"});
    expect(&pay(&bank.admin, &path(&unknown), "r3", &json!({})), 404, "not-found");
    expect(&pay(&ada, &path(&grant), "r4", &json!({})), 403, "forbidden");
}

#[test]
fn what_is_anothers_is_as_absent_as_nothing() {
    let bank = Bank::open();
    let (ada, eve) = (bank.person(100), bank.person(100));
    let reservation = reserve(&ada, 10);
    for how in ["capture", "void"] {
        expect(&resolve(&eve, &reservation, how, &json!({})), 404, "not-found");
    }
    let path = format!("/api/credits/reservations/{}", reservation["id"].as_str().unwrap());
    expect(&Api::of(&eve).get(&path), 404, "not-found");
    let body = json!({"user_id": eve.user.id, "amount": 1, "reason": "other"});
    expect(&pay(&eve, "/api/credits/grants", "g", &body), 403, "forbidden");
    assert_eq!(stands(&ada), [100, 10, 90]);
}

#[test]
fn what_is_no_amount_is_refused() {
    let bank = Bank::open();
    let ada = bank.person(100);
    for (amount, code) in [
        (json!(0), "range"),
        (json!(-1), "range"),
        (json!(1_000_000_000_001_i64), "range"),
        (json!(1.0), "type"),
        (json!(9_223_372_036_854_775_808_u64), "type"),
        (json!("5"), "type"),
        (json!(null), "type"),
        (json!(true), "type"),
    ] {
        let body = json!({"amount": amount, "reason": "feature"});
        for path in ["/api/credits/charges", "/api/credits/reservations"] {
            faults(&pay(&ada, path, "k", &body), &[("/amount", code)]);
        }
    }
    let body = json!({"amount": 1, "reason": "fun", "memo": "x".repeat(501), "x": 1});
    faults(
        &pay(&ada, "/api/credits/charges", "k", &body),
        &[("/reason", "choice"), ("/memo", "too-long"), ("/x", "unknown")],
    );
    let nobody =
        json!({"user_id": "01890000-0000-7000-8000-000000000000", "amount": 1, "reason": "other"});
    expect(&pay(&bank.admin, "/api/credits/grants", "g", &nobody), 404, "not-found");
    // A key that was refused for a fault may be used again.
    ok(&charge(&ada, "k", 1), 201);
}

#[test]
fn an_account_holds_only_so_much() {
    let bank = Bank::open();
    let ada = bank.person(0);
    let body = json!({"user_id": ada.user.id, "amount": 1_000_000_000_000_i64, "reason": "other"});
    ok(&pay(&bank.admin, "/api/credits/grants", "g", &body), 201);
    bank.site
        .store()
        .read::<_, cardinal::error::Error>(|read| {
            let sum = "SELECT sum(posted) FROM credit_accounts";
            assert_eq!(read.one(sum, [], |row| row.get::<_, i64>(0))?, 0);
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_history_comes_in_pages_newest_first() {
    let bank = Bank::open();
    let ada = bank.person(100);
    for n in 0..5 {
        ok(&charge(&ada, &format!("k{n}"), 1), 201);
    }
    let mut api = Api::of(&ada);
    let first = ok(&api.get("/api/credits/transfers?limit=4"), 200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = ok(&api.get(&format!("/api/credits/transfers?limit=4&cursor={cursor}")), 200);
    let both = [&first, &rest].map(|page| page["items"].as_array().unwrap().clone()).concat();
    let after: Vec<i64> = both.iter().map(|t| t["balance_after"].as_i64().unwrap()).collect();
    assert_eq!(after, [95, 96, 97, 98, 99, 100]);
    assert_eq!(rest["next_cursor"], json!(null));
}

#[test]
fn the_ledger_outlives_the_person() {
    let bank = Bank::open();
    let ada = bank.person(100);
    ok(&charge(&ada, "k", 30), 201);
    ok(&Api::of(&ada).delete("/api/me?version=1"), 200);
    let kept = bank.site.store().read::<_, cardinal::error::Error>(|read| {
        let sql = "SELECT count(*) FROM credit_transfers";
        read.one(sql, [], |row| row.get::<_, i64>(0))
    });
    assert_eq!(kept.unwrap(), 2);
}
