//! What became of a card, day by day.

use super::tracking::{FIREFOX, assert_sound, browser, flush, shared};
use crate::kit::{Api, Browser, card, expect, faults, ok};
use cardinal::clock::Millis;
use cardinal::testing::Site;
use cardinal::worker;
use serde_json::{Value, json};
use std::time::Duration;

const CHROME: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
/// 2023-11-14T23:59:00Z: a minute before midnight.
const LATE: Millis = Millis(1_700_006_340_000);

/// A site whose clock stands still and that writes what it has noted when it is told to.
fn still() -> Site {
    Site::at(LATE, |config| {
        config.limits.buffer_time_max = Duration::from_hours(1);
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
}

fn days(api: &mut Api, card: &Value, days: u32) -> Vec<Value> {
    let id = card["id"].as_str().unwrap();
    let told = ok(&api.get(&format!("/api/cards/{id}/stats?days={days}")), 200);
    assert_eq!(told["card_id"], card["id"]);
    told["days"].as_array().unwrap().clone()
}

fn number(site: &Site, sql: &'static str) -> i64 {
    let number =
        site.store().read::<_, cardinal::error::Error>(|read| read.one(sql, [], |row| row.get(0)));
    number.unwrap()
}

#[test]
fn people_and_programs_stand_apart() {
    let site = still();
    let mut ada = Api::of(&site.person("Ada"));
    let (share, card) = shared(&mut ada);
    let page = format!("/c/{}", card["slug"].as_str().unwrap());
    for (agent, address) in [
        (FIREFOX, "192.0.2.1"),
        (FIREFOX, "192.0.2.1"),
        (FIREFOX, "192.0.2.2"),
        (CHROME, "192.0.2.1"),
        ("Googlebot/2.1", "192.0.2.9"),
        ("", "192.0.2.9"),
    ] {
        let mut reader = browser(&site, agent).with("X-Forwarded-For", address);
        assert_eq!(reader.get(&page).status, 200);
        assert_eq!(reader.get(&format!("{page}.json")).status, 200);
    }
    // A view without a visitor, and what no person does.
    let private = [("Sec-GPC", "1")];
    assert_eq!(browser(&site, FIREFOX).send("GET", &page, &private, b"").status, 200);
    let early = [("Sec-Purpose", "prefetch")];
    assert_eq!(browser(&site, FIREFOX).send("GET", &page, &early, b"").status, 200);
    for agent in [FIREFOX, CHROME, "WhatsApp/2.23"] {
        assert_eq!(browser(&site, agent).get(&format!("/t/{share}")).status, 302);
    }
    ok(&ada.post("/api/events", &json!({"tracking_id": share, "type": "click"})), 200);
    flush(&site);
    let told = days(&mut ada, &card, 1);
    let link = json!({"tracking_id": share, "channel": "link", "clicks": 3, "bot_clicks": 1});
    assert_eq!(
        told,
        [json!({
            "day": "2023-11-14", "views": 9, "unique_visitors": 3, "clicks": 3, "links": [link],
            "leads": 0, "bots": {"views": 4, "clicks": 1}, "prefetches": 1,
        })]
    );
    assert_sound(&site);
}

#[test]
fn who_looks_at_their_own_card_is_no_visitor() {
    let site = still();
    let (ada, bob) = (site.person("Ada"), site.person("Bob"));
    let (_, card) = shared(&mut Api::of(&ada));
    let page = format!("/c/{}", card["slug"].as_str().unwrap());
    let json = format!("{page}.json");
    for (person, path) in [(&ada, &page), (&ada, &json), (&bob, &page), (&bob, &json)] {
        let token = format!("Bearer {}", person.token);
        let reply = browser(&site, FIREFOX).send("GET", path, &[("Authorization", &token)], b"");
        assert_eq!(reply.status, 200);
    }
    assert_eq!(Browser::of(&site, &ada).get(&page).status, 200);
    flush(&site);
    let told = &days(&mut Api::of(&ada), &card, 1)[0];
    assert_eq!((&told["views"], &told["unique_visitors"]), (&json!(2), &json!(1)), "Bob's");
    assert_eq!(told["bots"]["views"], 0, "Ada's browser names no maker, and is not counted either");
    assert_sound(&site);
}

#[test]
fn an_unchanged_card_is_seen_a_former_name_and_a_paused_card_are_not() {
    let site = still();
    let mut ada = Api::of(&site.person("Ada"));
    let (_, card) = shared(&mut ada);
    let (id, slug) = (card["id"].as_str().unwrap(), card["slug"].as_str().unwrap());
    let mut reader = browser(&site, FIREFOX);
    let seen = reader.get(&format!("/c/{slug}"));
    let fresh = [("If-None-Match", seen.header("ETag").unwrap())];
    assert_eq!(reader.send("GET", &format!("/c/{slug}"), &fresh, b"").status, 304);
    let change = json!({"slug": "countess", "version": 1});
    ok(&ada.patch(&format!("/api/cards/{id}"), &change), 200);
    assert_eq!(reader.get(&format!("/c/{slug}")).status, 302);
    ok(&ada.put(&format!("/api/cards/{id}/active"), &json!({"active": false})), 200);
    expect(&reader.get("/c/countess"), 410, "gone");
    flush(&site);
    assert_eq!(days(&mut ada, &card, 1)[0]["views"], 2);
}

#[test]
fn a_day_ends_at_midnight_in_utc_and_its_salt_a_day_later() {
    let site = still();
    let mut ada = Api::of(&site.person("Ada"));
    let (_, card) = shared(&mut ada);
    let page = format!("/c/{}", card["slug"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(browser(&site, FIREFOX).get(&page).status, 200);
        site.clock().advance(Duration::from_secs(90));
    }
    flush(&site);
    let told = days(&mut ada, &card, 3);
    let views: Vec<_> = told.iter().map(|day| (&day["day"], &day["views"])).collect();
    let day = |text: &str| json!(text);
    assert_eq!(
        views,
        [
            (&day("2023-11-13"), &json!(0)),
            (&day("2023-11-14"), &json!(1)),
            (&day("2023-11-15"), &json!(1))
        ]
    );
    let salts = "SELECT count(*) FROM visitor_salts";
    let hashes = "SELECT count(DISTINCT visitor) FROM event_uniques";
    worker::prune(site.running().state()).unwrap();
    assert_eq!((number(&site, salts), number(&site, hashes)), (2, 2));
    assert_sound(&site);
    site.clock().advance(Duration::from_hours(24));
    worker::prune(site.running().state()).unwrap();
    assert_eq!((number(&site, salts), number(&site, hashes)), (1, 1));
    site.clock().advance(Duration::from_hours(24));
    worker::prune(site.running().state()).unwrap();
    assert_eq!((number(&site, salts), number(&site, hashes)), (0, 0));
    let told = days(&mut ada, &card, 4);
    let visitors: Vec<_> =
        told.iter().map(|day| day["unique_visitors"].as_u64().unwrap()).collect();
    assert_eq!(visitors, [1, 1, 0, 0], "what stays is how many there were");
    assert_sound(&site);
}

#[test]
fn a_visitor_of_a_day_stays_one_over_a_restart_and_differs_from_card_to_card() {
    let site = still();
    let mut ada = Api::of(&site.person("Ada"));
    let (_, one) = shared(&mut ada);
    let (_, two) = shared(&mut ada);
    let look = |site: &Site| {
        for card in [&one, &two] {
            let page = format!("/c/{}", card["slug"].as_str().unwrap());
            assert_eq!(browser(site, FIREFOX).get(&page).status, 200);
        }
    };
    look(&site);
    let site = site.restart();
    look(&site);
    flush(&site);
    assert_eq!(number(&site, "SELECT sum(views) * 10 + sum(visitors) FROM card_days"), 42);
    assert_eq!(number(&site, "SELECT count(DISTINCT visitor) FROM event_uniques"), 2);
    assert_sound(&site);
}

#[test]
fn of_many_links_those_are_told_that_were_followed_most() {
    let site = still();
    let mut ada = Api::of(&site.person("Ada"));
    let card = card(&mut ada, "Ada");
    let body = json!({"card_id": card["id"], "channel": "link"});
    for clicks in 1..=22 {
        let id = format!("tracking-id-number-{clicks}");
        ok(&ada.put(&format!("/api/shares/{id}"), &body), 201);
        for _ in 0..clicks {
            ok(&ada.post("/api/events", &json!({"tracking_id": id, "type": "click"})), 200);
        }
    }
    let told = &days(&mut ada, &card, 1)[0];
    let clicks: Vec<_> =
        told["links"].as_array().unwrap().iter().map(|l| l["clicks"].clone()).collect();
    assert_eq!(clicks, (3..=22).rev().collect::<Vec<_>>());
    assert_eq!(told["clicks"], (1..=22).sum::<i32>());
    assert_sound(&site);
}

#[test]
fn the_days_of_an_own_card_are_told_as_many_as_are_asked_for() {
    let site = still();
    let mut ada = Api::of(&site.person("Ada"));
    let (_, card) = shared(&mut ada);
    let path = format!("/api/cards/{}/stats", card["id"].as_str().unwrap());
    assert_eq!(ok(&ada.get(&path), 200)["days"].as_array().unwrap().len(), 30);
    assert_eq!(days(&mut ada, &card, 365).len(), 365);
    for wrong in ["0", "366", "-1", "1.5", "x", "", "9999999999999999999999"] {
        faults(&ada.get(&format!("{path}?days={wrong}")), &[("days", "range")]);
    }
    expect(&Api::of(&site.person("Grace")).get(&path), 404, "not-found");
    expect(&ada.get("/api/cards/no-id/stats"), 404, "not-found");
}

#[test]
fn whoever_makes_up_visitors_does_not_fill_the_disk() {
    let site = still();
    let mut ada = Api::of(&site.person("Ada"));
    let (_, card) = shared(&mut ada);
    let full = "INSERT INTO card_days(card_id, day, class, views, visitors, clicks)
                SELECT id, ?1, 'human', 100000, 100000, 0 FROM cards";
    let today = LATE.0 / 86_400_000;
    let filled =
        site.store().write::<_, cardinal::error::Error, _>(move |tx| tx.change(full, [today]));
    assert_eq!(filled.unwrap().count(), 1);
    let page = format!("/c/{}", card["slug"].as_str().unwrap());
    assert_eq!(browser(&site, FIREFOX).get(&page).status, 200);
    flush(&site);
    let told = &days(&mut ada, &card, 1)[0];
    assert_eq!((&told["views"], &told["unique_visitors"]), (&json!(100_001), &json!(100_000)));
    assert_eq!(number(&site, "SELECT count(*) FROM event_uniques"), 0);
}
