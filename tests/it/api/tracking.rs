//! What counts by itself: the picture in a mail and the link of a share.

use crate::kit::{Api, card, expect, ok, together};
use cardinal::clock::{Instant, Millis, Stop};
use cardinal::domain::audits::{self, AUDITS};
use cardinal::testing::Site;
use cardinal::worker;
use serde_json::{Value, json};
use std::time::Duration;

/// What a person's browser calls itself.
pub(super) const FIREFOX: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A site that writes what it has noted when it is told to.
pub(super) fn patient() -> Site {
    Site::with(|config| config.limits.buffer_time_max = Duration::from_hours(1))
}

/// Writes what has been noted.
pub(super) fn flush(site: &Site) {
    worker::flush(site.running().state()).unwrap();
}

/// Somebody who looks with this browser.
pub(super) fn browser(site: &Site, agent: &str) -> Api {
    Api::nobody(site).with("User-Agent", agent)
}

/// A new share of a new card: the tracking id, and the card.
pub(super) fn shared(api: &mut Api) -> (String, Value) {
    let card = card(api, "Ada");
    (share_of(api, &card, "link"), card)
}

/// A new share of a card: the tracking id.
fn share_of(api: &mut Api, card: &Value, channel: &str) -> String {
    let body = json!({"card_id": card["id"], "channel": channel});
    let share = ok(&api.post("/api/shares", &body), 201);
    share["tracking_id"].as_str().unwrap().to_owned()
}

/// How often something happened to a share: by anybody, and by people.
fn counted(api: &mut Api, share: &str, name: &str) -> (u64, u64) {
    let told = ok(&api.get(&format!("/api/shares/{share}")), 200)[name].take();
    (told["total"].as_u64().unwrap(), told["human_total"].as_u64().unwrap())
}

/// No audit finds anything.
pub(super) fn assert_sound(site: &Site) {
    for audit in AUDITS {
        let found = site.store().read(|read| audits::ask(read, audit)).unwrap();
        assert_eq!(found.violations, 0, "{}: {:?}", audit.name, found.examples);
    }
}

#[test]
fn the_pixel_is_the_same_for_every_id() {
    let site = patient();
    let mut ada = Api::of(&site.person("Ada"));
    let (share, _) = shared(&mut ada);
    let mut reader = browser(&site, FIREFOX);
    let known = reader.get(&format!("/t/{share}.gif"));
    assert_eq!((known.status, known.body.len()), (200, 43));
    assert!(known.body.starts_with(b"GIF89a") && known.body.ends_with(b";"));
    for (name, value) in [
        ("Content-Type", "image/gif"),
        ("Cache-Control", "no-store, no-cache, must-revalidate, private, max-age=0"),
        ("Pragma", "no-cache"),
        ("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
        ("Referrer-Policy", "no-referrer"),
    ] {
        assert_eq!(known.header(name), Some(value), "{name}");
    }
    assert_eq!(known.header("Set-Cookie"), None);
    let fields = |reply: &cardinal::testing::Reply| {
        let own = |name: &str| !["date", "x-request-id"].contains(&name.to_lowercase().as_str());
        let all = reply.headers().filter(|(name, _)| own(name));
        all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    let long = "a".repeat(4_000);
    for id in ["no-such-tracking-id", "x", "%00", "%27%20OR%201=1", &long] {
        let unknown = reader.get(&format!("/t/{id}.gif"));
        assert_eq!((unknown.status, &unknown.body), (200, &known.body), "{id}");
        assert_eq!(fields(&unknown), fields(&known), "{id}");
    }
    flush(&site);
    assert_eq!(counted(&mut ada, &share, "opened"), (1, 1));
    assert_sound(&site);
}

#[test]
fn a_picture_decodes() {
    let site = patient();
    let reply = browser(&site, FIREFOX).get("/t/any-tracking-id-here.gif");
    let (head, rest) = reply.body.split_at(13);
    assert_eq!(&head[6..10], [1, 0, 1, 0], "one by one");
    assert_eq!(rest[6..14], [0x21, 0xf9, 4, 1, 0, 0, 0, 0], "transparent");
    assert_eq!(rest[14..24], [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0]);
    assert_eq!(rest[24..], [2, 2, 0x44, 1, 0, 0x3b]);
}

#[test]
fn a_link_leads_to_its_card_and_nowhere_else() {
    let site = patient();
    let mut ada = Api::of(&site.person("Ada"));
    let (share, card) = shared(&mut ada);
    let slug = card["slug"].as_str().unwrap();
    let mut reader = browser(&site, FIREFOX);
    let elsewhere = format!("/t/{share}?url=https://evil.example&to=//evil.example");
    for target in [format!("/t/{share}"), elsewhere] {
        let reply = reader.get(&target);
        assert_eq!(reply.status, 302);
        assert_eq!(reply.header("Location"), Some(format!("/c/{slug}").as_str()));
        assert_eq!(reply.header("Cache-Control"), Some("no-store, no-transform"));
        assert_eq!(reply.header("Referrer-Policy"), Some("no-referrer"));
    }
    expect(&reader.get("/t/no-such-tracking-id"), 404, "not-found");
    // It finds the card by whatever name it bears.
    let path = format!("/api/cards/{}", card["id"].as_str().unwrap());
    ok(&ada.patch(&path, &json!({"slug": "countess", "version": 1})), 200);
    assert_eq!(reader.get(&format!("/t/{share}")).header("Location"), Some("/c/countess"));
    // Where a card is, whoever does not see it is not told.
    ok(&ada.put(&format!("{path}/active"), &json!({"active": false})), 200);
    expect(&reader.get(&format!("/t/{share}")), 410, "gone");
    let version = ok(&ada.get(&path), 200)["version"].clone();
    ok(&ada.patch(&path, &json!({"visibility": "private", "version": version})), 200);
    let hidden = reader.get(&format!("/t/{share}"));
    expect(&hidden, 404, "not-found");
    assert_eq!(hidden.header("Location"), None);
    assert_eq!(reader.get(&format!("/t/{share}.gif")).status, 200);
    flush(&site);
    assert_eq!(counted(&mut ada, &share, "clicked"), (3, 3));
    assert_sound(&site);
}

#[test]
fn every_look_counts_once_however_many_come_together() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let person = site.person("Ada");
        let (share, card) = shared(&mut Api::of(&person));
        let slug = card["slug"].as_str().unwrap();
        together(callers, |n| {
            let agent = if n % 2 == 0 { FIREFOX } else { "curl/8.9.1" };
            let mut reader = browser(&site, agent);
            for _ in 0..4 {
                assert_eq!(reader.get(&format!("/t/{share}.gif")).status, 200);
                assert_eq!(reader.get(&format!("/t/{share}")).status, 302);
                assert_eq!(reader.get(&format!("/c/{slug}")).status, 200);
            }
        });
        // The worker writes what is left when the server stops.
        let site = site.restart();
        let mut ada = Api::bearer(&site, &person.token);
        let (all, people) = (4 * callers as u64, 2 * callers as u64);
        assert_eq!(counted(&mut ada, &share, "opened"), (all, people));
        assert_eq!(counted(&mut ada, &share, "clicked"), (all, people));
        assert_sound(&site);
    }
}

#[test]
fn what_only_asks_is_not_counted() {
    let site = patient();
    let mut ada = Api::of(&site.person("Ada"));
    let (share, card) = shared(&mut ada);
    let slug = card["slug"].as_str().unwrap();
    let mut reader = browser(&site, FIREFOX);
    let targets = [format!("/t/{share}.gif"), format!("/t/{share}"), format!("/c/{slug}")];
    for target in &targets {
        for method in ["HEAD", "OPTIONS"] {
            assert!(reader.send(method, target, &[], b"").status < 400);
        }
        let early = [("Sec-Purpose", "prefetch;prerender")];
        assert!(reader.send("GET", target, &early, b"").status < 400);
    }
    flush(&site);
    assert_eq!(counted(&mut ada, &share, "opened"), (0, 0));
    assert_eq!(counted(&mut ada, &share, "clicked"), (0, 0));
    assert_sound(&site);
}

#[test]
fn a_mail_service_is_no_reader() {
    let site = patient();
    let mut ada = Api::of(&site.person("Ada"));
    let (share, _) = shared(&mut ada);
    let pixel = format!("/t/{share}.gif");
    for agent in ["Mozilla/5.0", "Mozilla/5.0 (via ggpht.com GoogleImageProxy)"] {
        assert_eq!(browser(&site, agent).get(&pixel).status, 200);
    }
    flush(&site);
    let found = ok(&ada.get(&format!("/api/shares/{share}")), 200);
    assert_eq!(
        (&found["opened"]["total"], &found["opened"]["human_total"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(found["opened"]["first_human_at"], Value::Null);
    assert_eq!(browser(&site, FIREFOX).get(&pixel).status, 200);
    flush(&site);
    assert_eq!(counted(&mut ada, &share, "opened"), (3, 1));
    assert_sound(&site);
}

#[test]
fn what_was_seen_late_takes_no_first_place() {
    let site = Site::at(Millis(1_700_000_000_000), |config| {
        config.limits.buffer_time_max = Duration::from_hours(1);
    });
    let mut ada = Api::of(&site.person("Ada"));
    let (share, _) = shared(&mut ada);
    assert_eq!(browser(&site, "Mozilla/5.0").get(&format!("/t/{share}.gif")).status, 200);
    site.clock().advance(Duration::from_secs(1));
    let body = json!({"tracking_id": share, "type": "open"});
    let told = ok(&ada.post("/api/events", &body), 200);
    assert_eq!(told["first"], true, "the picture has yet to be written");
    flush(&site);
    let again = ok(&ada.post("/api/events", &body), 200);
    assert_eq!((&again["first"], &again["total"]), (&json!(false), &json!(3)));
    assert_eq!(again["first_at"], told["first_at"], "set once");
    assert_sound(&site);
}

#[test]
fn what_is_gone_by_then_counts_nothing() {
    let site = patient();
    let mut ada = Api::of(&site.person("Ada"));
    card(&mut ada, "First");
    let (share, card) = shared(&mut ada);
    let mut reader = browser(&site, FIREFOX);
    let page = format!("/c/{}", card["slug"].as_str().unwrap());
    for target in [format!("/t/{share}.gif"), format!("/t/{share}"), page] {
        assert!(reader.get(&target).status < 400, "{target}");
    }
    ok(&ada.delete(&format!("/api/cards/{}?version=1", card["id"].as_str().unwrap())), 200);
    flush(&site);
    assert_sound(&site);
}

#[test]
fn no_address_and_no_agent_stand_in_the_file() {
    const AGENT: &str = "Mozilla/5.0 (MarkedAgent; rv:77.0) Gecko Firefox/77.0";
    let site = Site::with(|config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config.limits.buffer_time_max = Duration::from_hours(1);
    });
    let mut ada = Api::of(&site.person("Ada"));
    let (share, card) = shared(&mut ada);
    let slug = card["slug"].as_str().unwrap();
    for address in ["203.0.113.77", "2001:db8:beef:77::1"] {
        let mut reader = browser(&site, AGENT).with("X-Forwarded-For", address);
        for target in [format!("/t/{share}.gif"), format!("/t/{share}"), format!("/c/{slug}")] {
            assert!(reader.get(&target).status < 400);
        }
    }
    flush(&site);
    assert_eq!(counted(&mut ada, &share, "opened"), (2, 2));
    for name in ["cardinal.db", "cardinal.db-wal"] {
        let bytes = std::fs::read(site.data_dir().join(name)).unwrap();
        let marks: [&[u8]; 5] = [
            b"203.0.113.77",
            &[203, 0, 113, 77],
            b"2001:db8:beef",
            &[0x20, 0x01, 0x0d, 0xb8, 0xbe, 0xef],
            b"MarkedAgent",
        ];
        for mark in marks {
            let found = bytes.windows(mark.len()).any(|window| window == mark);
            assert!(!found, "{name} holds {mark:?}");
        }
    }
}

#[test]
fn a_wish_for_privacy_is_published() {
    let site = Site::start();
    let told = ok(&Api::nobody(&site).get("/.well-known/gpc.json"), 200);
    assert_eq!(told["gpc"], true);
    assert!(told["lastUpdate"].as_str().unwrap().starts_with("20"), "{told}");
}

/// A site whose clock stands still, and whose worker has nothing to do.
fn frozen() -> Site {
    Site::at(Millis(1_700_000_000_000), |config| {
        config.limits.buffer_time_max = Duration::from_hours(1);
    })
}

#[test]
fn a_mailed_link_that_is_followed_before_anybody_can_read_is_followed_by_a_program() {
    let site = frozen();
    let mut ada = Api::of(&site.person("Ada"));
    let card = card(&mut ada, "Ada");
    let [mailed, shown] = ["email", "qr"].map(|channel| share_of(&mut ada, &card, channel));
    let mut reader = browser(&site, FIREFOX);
    for (pause_ms, people) in [(0, 0), (1_999, 0), (1, 1)] {
        site.clock().advance(Duration::from_millis(pause_ms));
        for share in [&mailed, &shown] {
            assert_eq!(reader.get(&format!("/t/{share}")).status, 302);
        }
        flush(&site);
        assert_eq!(counted(&mut ada, &mailed, "clicked").1, people);
    }
    assert_eq!(counted(&mut ada, &mailed, "clicked"), (3, 1));
    assert_eq!(counted(&mut ada, &shown, "clicked"), (3, 3), "a code is read at once");
    assert_sound(&site);
}

#[test]
fn who_follows_three_links_at_once_is_a_program() {
    let site = frozen();
    let mut ada = Api::of(&site.person("Ada"));
    let card = card(&mut ada, "Ada");
    let links: Vec<String> = (0..3).map(|_| share_of(&mut ada, &card, "link")).collect();
    let (mut scanner, mut reader) = (browser(&site, FIREFOX), browser(&site, "Mozilla/5.0 Other"));
    let mut private = browser(&site, FIREFOX).with("Sec-GPC", "1");
    for link in &links {
        assert_eq!(scanner.get(&format!("/t/{link}")).status, 302);
        // Who is not to be told from others is not looked at.
        assert_eq!(private.get(&format!("/t/{link}")).status, 302);
    }
    for link in &links[..2] {
        assert_eq!(reader.get(&format!("/t/{link}")).status, 302);
    }
    flush(&site);
    let told: Vec<_> = links.iter().map(|link| counted(&mut ada, link, "clicked")).collect();
    assert_eq!(told, [(3, 2), (3, 2), (2, 1)]);
    assert_sound(&site);
}

#[test]
fn a_click_is_held_for_a_second_and_then_counted_by_itself() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let (share, _) = shared(&mut ada);
    assert_eq!(browser(&site, FIREFOX).get(&format!("/t/{share}")).status, 302);
    assert_eq!(counted(&mut ada, &share, "clicked"), (0, 0));
    let (begun, nobody) = (Instant::now(), Stop::default());
    while counted(&mut ada, &share, "clicked") != (1, 1) {
        assert!(begun.elapsed() < crate::program::PATIENCE, "it is never counted");
        nobody.wait(Duration::from_millis(5));
    }
    assert_eq!(browser(&site, FIREFOX).get(&format!("/t/{share}")).status, 302);
    let site = site.restart();
    let again = site.store().read::<_, cardinal::error::Error>(|read| {
        let sql = "SELECT human_total FROM event_firsts WHERE type = 'click'";
        read.one(sql, cardinal::store::params![], |row| row.get::<_, i64>(0))
    });
    assert_eq!(again.unwrap(), 2, "a stop counts what is held");
}
