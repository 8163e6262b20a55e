//! Shares: cards given to somebody.

use crate::kit::{Api, card, expect, faults, ok, together};
use cardinal::domain::shares::Channel;
use cardinal::testing::{Person, Reply, Site};
use serde_json::{Value, json};

/// An id that nobody has.
const NOBODYS: &str = "01890000-0000-7000-8000-000000000000";

/// A new share of a new card.
fn share(api: &mut Api) -> Value {
    let card = card(api, "Ada");
    ok(&api.post("/api/shares", &json!({"card_id": card["id"], "channel": "link"})), 201)
}

fn put(person: &Person, id: &str, body: &Value) -> Reply {
    Api::of(person).put(&format!("/api/shares/{id}"), body)
}

#[test]
fn a_share_says_where_it_leads_and_what_came_of_it() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let card = card(&mut ada, "Ada");
    for channel in Channel::WORDS {
        let body =
            json!({"card_id": card["id"], "channel": channel, "recipient": "grace@example.org"});
        let reply = ada.post("/api/shares", &body);
        let made = ok(&reply, 201);
        let id = made["tracking_id"].as_str().unwrap();
        assert_eq!(reply.header("Location"), Some(format!("/api/shares/{id}").as_str()));
        assert_eq!(made["url"], format!("http://{}/t/{id}", site.address()));
        assert_eq!(made["pixel_url"], format!("http://{}/t/{id}.gif", site.address()));
        assert_eq!((&made["card_id"], &made["channel"]), (&card["id"], &json!(channel)));
        assert_eq!(made["recipient"], "grace@example.org");
        let mut found = ok(&ada.get(&format!("/api/shares/{id}")), 200);
        let nothing =
            json!({"first_at": null, "first_human_at": null, "total": 0, "human_total": 0});
        for name in ["opened", "clicked", "viewed", "bounced"] {
            assert_eq!(found.as_object_mut().unwrap().remove(name), Some(nothing.clone()));
        }
        assert_eq!(found, made);
    }
    let body = json!({"card_id": card["id"], "channel": "nfc", "recipient": null});
    assert_eq!(ok(&ada.post("/api/shares", &body), 201)["recipient"], Value::Null);
}

#[test]
fn the_own_shares_come_in_pages() {
    let site = Site::start();
    let (mut ada, mut grace) = (Api::of(&site.person("Ada")), Api::of(&site.person("Grace")));
    let mine: Vec<Value> = (0..3).map(|_| share(&mut ada)["tracking_id"].clone()).collect();
    share(&mut grace);
    let first = ok(&ada.get("/api/shares?limit=2"), 200);
    let ids = |page: &Value| {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["tracking_id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&first), mine[..2]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = ok(&ada.get(&format!("/api/shares?limit=2&cursor={cursor}")), 200);
    assert_eq!((ids(&second), &second["next_cursor"]), (mine[2..].to_vec(), &Value::Null));
    faults(&ada.get("/api/shares?limit=0&cursor=x"), &[("limit", "range"), ("cursor", "cursor")]);
}

#[test]
fn of_racing_calls_for_one_tracking_id_one_makes_the_share() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let ada = site.person("Ada");
        let card = card(&mut Api::of(&ada), "Ada");
        let body = json!({"card_id": card["id"], "channel": "qr"});
        let replies = together(callers, |_| put(&ada, "the-same-for-all", &body));
        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
        let first = replies[0].json();
        for reply in &replies {
            assert!(matches!(reply.status, 200 | 201), "{}", reply.text());
            assert_eq!(reply.json(), first);
        }
        let listed = ok(&Api::of(&ada).get("/api/shares"), 200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn of_two_people_who_race_for_a_tracking_id_one_has_it() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let people = [site.person("Ada"), site.person("Grace")];
        let bodies = people.each_ref().map(
            |person| json!({"card_id": card(&mut Api::of(person), "A")["id"], "channel": "link"}),
        );
        let replies =
            together(callers, |n| put(&people[n % 2], "the-same-for-all", &bodies[n % 2]));
        let made = replies.iter().position(|reply| reply.status == 201).unwrap();
        for (n, reply) in replies.iter().enumerate() {
            if n % 2 == made % 2 {
                assert!(n == made || reply.status == 200, "{}", reply.text());
            } else {
                expect(reply, 409, "tracking-id-taken");
            }
        }
    }
}

#[test]
fn a_tracking_id_stays_what_it_was() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let (mut hers, mut theirs) = (Api::of(&ada), Api::of(&grace));
    let (one, two) = (card(&mut hers, "One"), card(&mut hers, "Two"));
    let foreign = card(&mut theirs, "Grace");
    let id = "a-tracking-id-of-ada_1";
    let body = json!({"card_id": one["id"], "channel": "link"});
    let made = ok(&put(&ada, id, &body), 201);
    ok(&hers.post("/api/events", &json!({"tracking_id": id, "type": "open"})), 200);
    assert_eq!(ok(&put(&ada, id, &body), 200), made, "what came of it is not in it");
    for other in [
        json!({"card_id": two["id"], "channel": "link"}),
        json!({"card_id": one["id"], "channel": "qr"}),
    ] {
        expect(&put(&ada, id, &other), 409, "tracking-id-taken");
    }
    // Nobody learns whose it is, nor anything of a card that is not theirs.
    let told = expect(
        &put(&grace, id, &json!({"card_id": foreign["id"], "channel": "link"})),
        409,
        "tracking-id-taken",
    );
    let told = told["detail"].as_str().unwrap().to_owned();
    assert!(!told.contains("somebody"), "{told}");
    expect(&put(&grace, id, &body), 404, "not-found");
    expect(&put(&grace, "another-tracking-id", &body), 404, "not-found");
    expect(&theirs.get(&format!("/api/shares/{id}")), 404, "not-found");
    // An id differs by case.
    ok(&put(&ada, &id.to_uppercase(), &body), 201);
}

#[test]
fn what_is_no_share_is_refused() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let mut api = Api::of(&ada);
    let (own, foreign) = (card(&mut api, "Ada"), card(&mut Api::of(&grace), "Grace"));
    for id in [&foreign["id"], &json!(NOBODYS)] {
        let body = json!({"card_id": id, "channel": "link"});
        expect(&api.post("/api/shares", &body), 404, "not-found");
    }
    for (body, told) in [
        (json!({}), vec![("/card_id", "required"), ("/channel", "required")]),
        (
            json!({"card_id": "ada", "channel": "fax"}),
            vec![("/card_id", "uuid"), ("/channel", "choice")],
        ),
        (
            json!({"card_id": 7, "channel": null}),
            vec![("/card_id", "type"), ("/channel", "choice")],
        ),
        (
            json!({"card_id": own["id"], "channel": "email", "recipient": "nobody", "slug": "x"}),
            vec![("/recipient", "email"), ("/slug", "unknown")],
        ),
        (
            json!({"card_id": own["id"], "channel": "email", "recipient": "a@b\u{0}"}),
            vec![("/recipient", "control")],
        ),
        (
            json!({"card_id": own["id"], "channel": "email", "recipient": "a".repeat(300) + "@b.example"}),
            vec![("/recipient", "too-long")],
        ),
    ] {
        faults(&api.post("/api/shares", &body), &told);
    }
    let body = json!({"card_id": own["id"], "channel": "link"});
    for id in ["too-short", "sixteen.letters!", "%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00"]
    {
        faults(&put(&ada, id, &body), &[("tracking_id", "tracking-id")]);
    }
    faults(&put(&ada, &"a".repeat(65), &body), &[("tracking_id", "tracking-id")]);
    let with_recipient =
        json!({"card_id": own["id"], "channel": "email", "recipient": "a@b.example"});
    faults(&put(&ada, "a-sound-tracking-id", &with_recipient), &[("/recipient", "unknown")]);
    expect(&api.get("/api/shares/nothing"), 404, "not-found");
}

#[test]
fn a_key_makes_one_share() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let card = card(&mut ada, "Ada");
    let body = json!({"card_id": card["id"], "channel": "link"});
    let key = [("Idempotency-Key", "once")];
    let first = ok(&ada.json("POST", "/api/shares", &key, &body), 201);
    assert_eq!(ok(&ada.json("POST", "/api/shares", &key, &body), 201), first);
    assert_eq!(ok(&ada.get("/api/shares"), 200)["items"].as_array().unwrap().len(), 1);
}

#[test]
fn shares_go_with_their_card_and_their_person() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    card(&mut ada, "First");
    let made = share(&mut ada);
    let id = made["tracking_id"].as_str().unwrap();
    ok(&ada.post("/api/events", &json!({"tracking_id": id, "type": "click"})), 200);
    let card = format!("/api/cards/{}?version=1", made["card_id"].as_str().unwrap());
    ok(&ada.delete(&card), 200);
    expect(&ada.get(&format!("/api/shares/{id}")), 404, "not-found");
    expect(&Api::nobody(&site).get(&format!("/t/{id}")), 404, "not-found");
    share(&mut ada);
    ok(&ada.delete("/api/me?version=1"), 200);
    for sql in [
        "SELECT count(*) FROM shares",
        "SELECT count(*) FROM event_firsts",
        "SELECT count(*) FROM share_days",
        "SELECT count(*) FROM card_days",
    ] {
        let left = site.store().read::<_, cardinal::error::Error>(|read| {
            read.one(sql, [], |row| row.get::<_, i64>(0))
        });
        assert_eq!(left.unwrap(), 0, "{sql}");
    }
}
