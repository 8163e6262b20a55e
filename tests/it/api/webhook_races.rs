//! Webhooks while something else happens to them: a lease that is lost, an end, a new secret, a deletion.

use super::tracking::assert_sound;
use super::webhooks::{BROKEN, GONE, OK, at, delivery, frozen, signature, site, webhook};
use crate::kit::receiver::Receiver;
use crate::kit::{Api, card, expect, ok, together};
use cardinal::clock::{Instant, Stop};
use cardinal::testing::Site;
use cardinal::worker;
use serde_json::{Value, json};
use std::time::Duration;

/// Waits until so many who called were told that they had lost their lease.
fn await_lost(site: &Site, count: u64) {
    let (begun, nobody) = (Instant::now(), Stop::default());
    while site.store().metrics().leases_lost.value() < count {
        assert!(begun.elapsed() < crate::program::PATIENCE, "nobody lost it");
        nobody.wait(Duration::from_millis(1));
    }
}

fn job_of(api: &mut Api) -> Value {
    ok(&api.get("/api/jobs?queue=cardinal-webhooks"), 200)["items"][0].clone()
}

/// The first call takes so long that its lease is over, and is answered 410 then: that ends nothing any more.
#[test]
fn who_has_lost_the_lease_notes_nothing() {
    let (site, receiver) = (frozen(), Receiver::patient(&[GONE, OK]));
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &receiver.url, &["card.created"]);
    card(&mut ada, "Ada");
    let first = receiver.next();
    site.clock().advance(Duration::from_mins(3));
    worker::reap(site.running().state()).unwrap();
    receiver.answer();
    await_lost(&site, 1);
    let told = delivery(&mut ada, &made, |_| true);
    assert_eq!((&told["state"], &told["attempts"]), (&json!("pending"), &json!(0)));
    assert_eq!((&told["status"], &told["error"]), (&json!(null), &json!(null)));
    let stands = ok(&ada.get(&at(&made)), 200);
    assert_eq!((&stands["is_active"], &stands["version"]), (&json!(true), &json!(1)));

    site.clock().advance(Duration::from_mins(1));
    site.store().ring_for_work(cardinal::store::Lane::Webhooks);
    let second = receiver.next();
    receiver.answer();
    assert_eq!(second.headers["webhook-id"], first.headers["webhook-id"]);
    let told = delivery(&mut ada, &made, |told| told["state"] != "pending");
    assert_eq!((&told["state"], &told["attempts"]), (&json!("delivered"), &json!(1)));
    assert_sound(&site);
}

/// A server that is killed in the last attempt leaves a job that is dead when it is taken back.
#[test]
fn a_message_ends_with_its_job_and_can_be_sent_again() {
    let (site, receiver) = (frozen(), Receiver::patient(&[OK]));
    let (mut ada, mut root) = (Api::of(&site.person("Ada")), Api::of(&site.admin("Root")));
    let made = webhook(&mut ada, &receiver.url, &["card.created"]);
    card(&mut ada, "Ada");
    receiver.next();
    let job = job_of(&mut root)["id"].as_str().unwrap().to_owned();
    ok(&root.post(&format!("/api/jobs/{job}/cancel"), &json!({})), 200);
    assert_eq!(delivery(&mut ada, &made, |_| true)["state"], "pending", "it is under way");
    receiver.answer();
    await_lost(&site, 1);
    site.clock().advance(Duration::from_mins(3));
    worker::reap(site.running().state()).unwrap();
    assert_eq!(job_of(&mut root)["state"], "cancelled");
    let told = delivery(&mut ada, &made, |_| true);
    assert_eq!((&told["state"], &told["error"]), (&json!("failed"), &json!("it was given up")));
    let again = format!("{}/deliveries/{}/retry", at(&made), told["id"].as_str().unwrap());
    ok(&ada.post(&again, &json!({})), 202);
    receiver.next();
    receiver.answer();
    delivery(&mut ada, &made, |told| told["state"] == "delivered");
    expect(&ada.post(&again, &json!({})), 409, "not-failed");
    assert_sound(&site);
}

/// A call is under way while its owner leads the endpoint elsewhere, or makes it active anew: that it is answered 410
/// then is about what stood before.
#[test]
fn what_its_owner_has_changed_since_the_call_stands() {
    for change in ["url", "again"] {
        let (site, old, new) = (site(), Receiver::patient(&[GONE]), Receiver::start(&[OK]));
        let mut ada = Api::of(&site.person("Ada"));
        let made = webhook(&mut ada, &old.url, &["card.created"]);
        card(&mut ada, "Ada");
        old.next();
        let steps = match change {
            "url" => vec![json!({"url": new.url})],
            _ => vec![json!({"is_active": false}), json!({"is_active": true})],
        };
        for (mut step, version) in steps.into_iter().zip(1..) {
            step["version"] = json!(version);
            ok(&ada.patch(&at(&made), &step), 200);
        }
        let before = ok(&ada.get(&at(&made)), 200);
        old.answer();
        let told = delivery(&mut ada, &made, |told| told["state"] != "pending");
        assert_eq!((&told["state"], &told["status"]), (&json!("failed"), &json!(410)));
        assert_eq!(ok(&ada.get(&at(&made)), 200), before, "{change}");
        assert_sound(&site);
    }
}

#[test]
fn at_another_address_failures_of_before_do_not_count() {
    let (site, old, new) = (frozen(), Receiver::start(&[BROKEN]), Receiver::start(&[BROKEN]));
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &old.url, &["card.created"]);
    card(&mut ada, "Ada");
    old.next();
    delivery(&mut ada, &made, |told| told["attempts"] == 1);
    ok(&ada.patch(&at(&made), &json!({"url": new.url, "version": 1})), 200);
    // More than failures may last.
    site.clock().advance(Duration::from_hours(6 * 24));
    site.store().ring_for_work(cardinal::store::Lane::Webhooks);
    new.next();
    delivery(&mut ada, &made, |told| told["attempts"] == 2);
    let stands = ok(&ada.get(&at(&made)), 200);
    assert_eq!((&stands["is_active"], &stands["version"]), (&json!(true), &json!(2)));
    assert_sound(&site);
}

#[test]
fn what_is_under_way_to_an_endpoint_that_is_ended_is_given_up() {
    let (site, receiver) = (site(), Receiver::patient(&[GONE]));
    let mut ada = Api::of(&site.person("Ada"));
    let made = webhook(&mut ada, &receiver.url, &["card.created"]);
    for _ in 0..20 {
        card(&mut ada, "Ada");
    }
    // As many as are called at once; whoever comes later finds the endpoint ended.
    for _ in 0..4 {
        receiver.answer();
    }
    let log = format!("{}/deliveries", at(&made));
    let (begun, nobody) = (Instant::now(), Stop::default());
    loop {
        let page = ok(&ada.get(&log), 200);
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len(), 20);
        if items.iter().all(|told| told["state"] == "failed") {
            break;
        }
        assert!(begun.elapsed() < crate::program::PATIENCE, "{page}");
        nobody.wait(Duration::from_millis(5));
    }
    let ended = ok(&ada.get(&at(&made)), 200);
    assert_eq!((&ended["ended_for"], &ended["version"]), (&json!("gone"), &json!(2)), "once");
    assert_sound(&site);
}

#[test]
fn every_message_is_signed_by_a_secret_of_the_time_it_is_sent() {
    const CARDS: usize = 12;
    let (site, receiver) = (site(), Receiver::start(&[OK]));
    let ada = site.person("Ada");
    let made = webhook(&mut Api::of(&ada), &receiver.url, &["card.created"]);
    let rotate = format!("{}/rotate", at(&made));
    let secret = |told: &Value| told["secret"].as_str().unwrap().to_owned();
    let rotated = together(4, |n| {
        let mut api = Api::of(&ada);
        let turn = |_| {
            if n == 0 {
                return Some(secret(&ok(&api.post(&rotate, &json!({})), 200)));
            }
            card(&mut api, "Ada");
            None
        };
        (0..CARDS).filter_map(turn).collect::<Vec<_>>()
    });
    let newest = rotated[0].last().unwrap().clone();
    let secrets: Vec<String> = [secret(&made)].into_iter().chain(rotated.concat()).collect();
    for _ in 0..3 * CARDS {
        let message = receiver.next();
        let signed: Vec<&str> = message.headers["webhook-signature"].split(' ').collect();
        let by = |one: &&str| secrets.iter().position(|known| signature(known, &message) == **one);
        let by: Vec<usize> = signed.iter().map(|one| by(one).expect("an unknown secret")).collect();
        // The secret of the moment and the one of just before, never another pair.
        assert!(by.len() == 2 && by[0] == by[1] + 1 || by == [0], "{by:?}");
    }
    card(&mut Api::of(&ada), "Ada");
    let message = receiver.next();
    let signed = &message.headers["webhook-signature"];
    assert!(signed.starts_with(&signature(&newest, &message)), "who rotated is signed to");
    let stands = ok(&Api::of(&ada).get(&at(&made)), 200);
    assert_eq!(stands["version"], 1 + CARDS);
    assert_sound(&site);
}

#[test]
fn nothing_is_on_its_way_to_an_endpoint_that_is_deleted() {
    for _ in 0..4 {
        let (site, receiver) = (site(), Receiver::start(&[OK]));
        let ada = site.person("Ada");
        let made = webhook(&mut Api::of(&ada), &receiver.url, &["card.created"]);
        let path = format!("{}?version=1", at(&made));
        together(8, |n| {
            let mut api = Api::of(&ada);
            if n == 0 {
                card(&mut api, "Ada");
                ok(&api.delete(&path), 200);
            } else {
                (0..6).for_each(|_| drop(card(&mut api, "Ada")));
            }
        });
        let sql = "SELECT (SELECT count(*) FROM jobs WHERE state = 'available')
                        + (SELECT count(*) FROM deliveries)";
        let open = site.store().read::<_, cardinal::error::Error>(|read| {
            read.one(sql, cardinal::store::params![], |row| row.get::<_, i64>(0))
        });
        assert_eq!(open.unwrap(), 0);
        assert_sound(&site);
    }
}

/// The receiver says 410 while its owner makes the endpoint active again and again: whoever comes last decides, and
/// every step counts.
#[test]
fn an_end_and_a_new_beginning_are_one_after_the_other() {
    let (site, receiver) = (site(), Receiver::start(&[GONE]));
    let ada = site.person("Ada");
    let made = webhook(&mut Api::of(&ada), &receiver.url, &["card.created"]);
    let won = together(4, |n| {
        let (mut api, mut won) = (Api::of(&ada), 0);
        for _ in 0..10 {
            if n > 1 {
                card(&mut api, "Ada");
                continue;
            }
            let stands = ok(&api.get(&at(&made)), 200);
            let body = json!({"is_active": true, "version": stands["version"]});
            let reply = api.patch(&at(&made), &body);
            match reply.status {
                409 => drop(expect(&reply, 409, "version-conflict")),
                _ => won += i64::from(ok(&reply, 200)["version"] != stands["version"]),
            }
        }
        won
    });
    // Until nothing is on its way any more.
    let log = format!("{}/deliveries?limit=200", at(&made));
    let (begun, nobody) = (Instant::now(), Stop::default());
    let under_way = |told: &Value| told["state"] == "pending";
    while ok(&Api::of(&ada).get(&log), 200)["items"].as_array().unwrap().iter().any(under_way) {
        assert!(begun.elapsed() < crate::program::PATIENCE);
        nobody.wait(Duration::from_millis(5));
    }
    let stands = ok(&Api::of(&ada).get(&at(&made)), 200);
    let (begun, ended) = (won.iter().sum::<i64>(), i64::from(stands["is_active"] == false));
    // Each end was followed by a beginning, but for the last.
    assert_eq!(stands["version"], json!(1 + 2 * begun + ended));
    assert_eq!(stands["ended_for"] == "gone", stands["is_active"] == false);
    assert_sound(&site);
}
