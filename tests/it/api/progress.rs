//! `/api/progress`: points that come once, and topics that add up.

use crate::kit::{Api, card, expect, faults, ok, together};
use cardinal::store::params;
use cardinal::testing::{Person, Site};
use serde_json::{Value, json};

pub(super) fn progress(api: &mut Api) -> Value {
    ok(&api.get("/api/progress"), 200)
}

/// How many rows the tables of progress have.
pub(super) fn rows(site: &Site) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM progress) + (SELECT count(*) FROM xp_events)
                    + (SELECT count(*) FROM streaks) + (SELECT count(*) FROM topics)";
    site.store().read(|read| read.one(sql, [], |row| row.get(0))).unwrap()
}

#[test]
fn reading_makes_nothing() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let nothing = json!({
        "xp": 0,
        "level": 1,
        "streak": {"current": 0, "longest": 0, "last_day": null},
        "topics": [],
    });
    for _ in 0..2 {
        assert_eq!(progress(&mut ada), nothing);
    }
    assert_eq!(rows(&site), 0);
}

#[test]
fn a_first_card_and_a_first_link_bring_points_once() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let first = card(&mut ada, "First");
    assert_eq!(progress(&mut ada)["xp"], 50);
    let path = |card: &Value| format!("/api/cards/{}", card["id"].as_str().unwrap());
    let links = |n: i32| json!([{"platform": "web", "url": format!("https://{n}.example")}]);
    let none = json!({"version": 1, "links": []});
    ok(&ada.put(&format!("{}/links", path(&first)), &none), 200);
    assert_eq!(progress(&mut ada)["xp"], 50, "no links are no first link");
    for n in 1..4 {
        let body = json!({"version": n, "links": links(n)});
        ok(&ada.put(&format!("{}/links", path(&first)), &body), 200);
        assert_eq!(progress(&mut ada)["xp"], 70);
    }
    let second = card(&mut ada, "Second");
    ok(&ada.delete(&format!("{}?version=4", path(&first))), 200);
    ok(&ada.post("/api/cards", &json!({"name": "Third", "links": links(9)})), 201);
    assert_eq!(second["is_default"], false);
    let told = progress(&mut ada);
    assert_eq!((&told["xp"], &told["level"]), (&json!(70), &json!(1)));

    let mut bob = Api::of(&site.person("Bob"));
    ok(&bob.post("/api/cards", &json!({"name": "With links", "links": links(1)})), 201);
    assert_eq!(progress(&mut bob)["xp"], 70, "a first link may come with the card");
}

/// What is undone brings nothing: a refused card leaves no points behind.
#[test]
fn a_card_that_is_refused_brings_nothing() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let chosen = json!({"name": "Ada", "slug": "the-one"});
    ok(&ada.post("/api/cards", &chosen), 201);
    expect(&bob.post("/api/cards", &chosen), 409, "slug-taken");
    assert_eq!(progress(&mut bob)["xp"], 0);
    card(&mut bob, "Bob");
    assert_eq!(progress(&mut bob)["xp"], 50);
}

#[test]
fn points_come_once_however_many_make_the_first_card() {
    for count in [2, 8, 64] {
        let site = Site::start();
        let ada = site.person("Ada");
        let linked =
            json!({"name": "Ada", "links": [{"platform": "web", "url": "https://a.example"}]});
        together(count, |_| ok(&Api::of(&ada).post("/api/cards", &linked), 201));
        assert_eq!(progress(&mut Api::of(&ada))["xp"], 70, "{count} at once");
    }
}

/// Adds to a score; what it is then.
fn add(api: &mut Api, topic: &str, delta: i64) -> i64 {
    let told =
        ok(&api.post(&format!("/api/progress/topics/{topic}"), &json!({"delta": delta})), 200);
    assert_eq!(told["topic"], topic);
    told["score"].as_i64().unwrap()
}

#[test]
fn deltas_add_up() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    assert_eq!(add(&mut ada, "networking", 5), 5);
    assert_eq!(add(&mut ada, "networking", -8), -3);
    assert_eq!(add(&mut ada, "design-2", 0), 0);
    let topics = json!([{"topic": "design-2", "score": 0}, {"topic": "networking", "score": -3}]);
    assert_eq!(progress(&mut ada)["topics"], topics);
    assert_eq!(add(&mut bob, "networking", 1), 1, "everybody has topics of their own");
}

#[test]
fn no_delta_is_lost_however_many_come_at_once() {
    for count in [2, 8, 64] {
        let site = Site::start();
        let ada = site.person("Ada");
        let each = i64::try_from(count).unwrap();
        let scores = together(count, |n| {
            let mut api = Api::of(&ada);
            let delta = i64::try_from(n).unwrap() - 1;
            [add(&mut api, "a", delta), add(&mut api, "b", 1), add(&mut api, "b", 1)]
        });
        let sum = (0..each).map(|n| n - 1).sum::<i64>();
        let topics = json!([{"topic": "a", "score": sum}, {"topic": "b", "score": 2 * each}]);
        assert_eq!(progress(&mut Api::of(&ada))["topics"], topics);
        let mut told: Vec<i64> = scores.iter().flat_map(|[_, one, two]| [*one, *two]).collect();
        told.sort_unstable();
        assert!(told.into_iter().eq(1..=2 * each), "each step is told once");
    }
}

#[test]
fn a_person_has_a_hundred_topics_at_most() {
    for count in [2, 8, 64] {
        let site = Site::start();
        let ada = site.person("Ada");
        let mut api = Api::of(&ada);
        for n in 0..99 {
            add(&mut api, &format!("t{n}"), 1);
        }
        let replies = together(count, |n| {
            Api::of(&ada).post(&format!("/api/progress/topics/new-{n}"), &json!({"delta": 1}))
        });
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
        for refused in replies.iter().filter(|reply| reply.status != 200) {
            assert_eq!(expect(refused, 409, "quota-exceeded")["limit"], 100);
        }
        assert_eq!(add(&mut api, "t7", 1), 2, "what is there goes on");
        assert_eq!(progress(&mut api)["topics"].as_array().unwrap().len(), 100);
    }
}

/// Puts a score next to its bound.
fn push(site: &Site, person: &Person, score: i64) {
    let user = person.user.id;
    let sql = "UPDATE topics SET score = ?2 WHERE user_id = ?1";
    let pushed = site.store().write(move |tx| tx.change(sql, params![user, score]));
    assert_eq!(pushed.unwrap().count(), 1);
}

#[test]
fn a_score_that_would_leave_its_bounds_stays() {
    let site = Site::start();
    let person = site.person("Ada");
    let mut ada = Api::of(&person);
    add(&mut ada, "far", 0);
    for sign in [1, -1] {
        push(&site, &person, sign * 9_007_199_254_740_990);
        let past = json!({"delta": 2 * sign});
        let told = expect(&ada.post("/api/progress/topics/far", &past), 409, "score-out-of-range");
        assert_eq!(told["score"], sign * 9_007_199_254_740_990);
        assert_eq!(add(&mut ada, "far", sign), sign * 9_007_199_254_740_991);
        expect(&ada.post("/api/progress/topics/far", &past), 409, "score-out-of-range");
        assert_eq!(progress(&mut ada)["topics"][0]["score"], sign * 9_007_199_254_740_991);
    }
}

#[test]
fn what_a_topic_and_a_delta_must_not_be_is_refused() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let long = "x".repeat(65);
    for topic in ["Go", "a_b", "%C3%BC", "a%20b", "a%00b", "a%2Fb", long.as_str()] {
        let reply = ada.post(&format!("/api/progress/topics/{topic}"), &json!({"delta": 1}));
        faults(&reply, &[("topic", "topic")]);
    }
    for (delta, code) in [
        (json!(1_000_001), "range"),
        (json!(-1_000_001), "range"),
        (json!(i64::MAX), "range"),
        (json!(u64::MAX), "type"),
        (json!(1.5), "type"),
        (json!("1"), "type"),
        (json!(null), "type"),
        (json!([1]), "type"),
    ] {
        faults(&ada.post("/api/progress/topics/a", &json!({"delta": delta})), &[("/delta", code)]);
    }
    let reply = ada.post("/api/progress/topics/a", &json!({"score": 5}));
    faults(&reply, &[("/delta", "required"), ("/score", "unknown")]);
    assert_eq!(rows(&site), 0);
    assert_eq!(add(&mut ada, &"x".repeat(64), 1_000_000), 1_000_000);
}

#[test]
fn everything_goes_with_the_person() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    card(&mut ada, "Ada");
    ok(&ada.post("/api/progress/checkin", &json!({})), 200);
    add(&mut ada, "a", 1);
    assert_eq!(rows(&site), 5);
    ok(&ada.delete("/api/me?version=1"), 200);
    assert_eq!(rows(&site), 0);
}
