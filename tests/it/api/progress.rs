//! `/api/progress`: points that count once, a streak that counts once a day, topics that add up.

use crate::kit::{Api, card, expect, faults, ok, together};
use cardinal::clock::Millis;
use cardinal::testing::{Person, Site};
use serde_json::{Value, json};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
const MOMENT: Duration = Duration::from_millis(1);

/// A site at this time, which stands still.
fn at(time: &str) -> Site {
    Site::at(Millis::parse(time).unwrap(), |_| {})
}

fn progress(api: &mut Api) -> Value {
    ok(&api.get("/api/progress"), 200)
}

/// Checks in: current, longest, last day, and whether it counted.
fn check_in(api: &mut Api, body: &Value) -> (i64, i64, String, bool) {
    let told = ok(&api.post("/api/progress/checkin", body), 200);
    let streak = &told["streak"];
    let number = |name: &str| streak[name].as_i64().unwrap();
    let last_day = streak["last_day"].as_str().unwrap().to_owned();
    (number("current"), number("longest"), last_day, told["counted"].as_bool().unwrap())
}

fn streak(current: i64, longest: i64, day: &str, counted: bool) -> (i64, i64, String, bool) {
    (current, longest, day.to_owned(), counted)
}

/// How many rows the tables of progress have.
fn rows(site: &Site) -> i64 {
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

#[test]
fn a_day_counts_once_and_days_in_a_row_add_up() {
    let site = at("2026-11-20T10:00:00Z");
    let mut ada = Api::of(&site.person("Ada"));
    assert_eq!(check_in(&mut ada, &json!({})), streak(1, 1, "2026-11-20", true));
    assert_eq!(check_in(&mut ada, &json!({})), streak(1, 1, "2026-11-20", false));
    site.clock().advance(14 * HOUR);
    assert_eq!(check_in(&mut ada, &json!({})), streak(2, 2, "2026-11-21", true));
    site.clock().advance(DAY);
    assert_eq!(check_in(&mut ada, &json!({"time_zone": null})), streak(3, 3, "2026-11-22", true));
    // The whole of the next day is left for going on.
    site.clock().advance((2 * DAY).saturating_sub(MOMENT));
    let told = progress(&mut ada);
    assert_eq!(told["streak"], json!({"current": 3, "longest": 3, "last_day": "2026-11-22"}));
    assert_eq!(told["xp"], 30);
    // Then it is over, also before anybody checks in again.
    site.clock().advance(MOMENT);
    let told = progress(&mut ada);
    assert_eq!(told["streak"], json!({"current": 0, "longest": 3, "last_day": "2026-11-22"}));
    assert_eq!(check_in(&mut ada, &json!({})), streak(1, 3, "2026-11-24", true));
    let told = progress(&mut ada);
    assert_eq!((&told["xp"], &told["level"]), (&json!(40), &json!(1)));
}

#[test]
fn a_check_in_counts_once_however_many_come_at_once() {
    for count in [2, 8, 64] {
        let site = at("2026-11-20T10:00:00Z");
        let ada = site.person("Ada");
        for day in 1..4 {
            let told = together(count, |_| check_in(&mut Api::of(&ada), &json!({})));
            assert_eq!(told.iter().filter(|(.., counted)| *counted).count(), 1, "{count} at once");
            assert!(told.iter().all(|(current, longest, ..)| (*current, *longest) == (day, day)));
            site.clock().advance(DAY);
        }
        assert_eq!(progress(&mut Api::of(&ada))["xp"], 30);
    }
}

#[test]
fn a_day_is_that_of_the_persons_zone() {
    let site = at("2026-11-20T22:30:00Z");
    let mut ada = Api::of(&site.person("Ada"));
    let kyiv = json!({"time_zone": "europe/kyiv"});
    assert_eq!(check_in(&mut ada, &kyiv), streak(1, 1, "2026-11-21", true));
    // The zone is remembered: in UTC a new day has begun, in Kyiv none.
    site.clock().advance(2 * HOUR);
    assert_eq!(check_in(&mut ada, &json!({})), streak(1, 1, "2026-11-21", false));
    site.clock().advance(22 * HOUR);
    assert_eq!(check_in(&mut ada, &json!({})), streak(2, 2, "2026-11-22", true));
}

#[test]
fn a_day_that_a_move_to_the_west_brings_again_counts_once() {
    let site = at("2026-11-20T22:30:00Z");
    let mut ada = Api::of(&site.person("Ada"));
    let (kyiv, lima) = (json!({"time_zone": "Europe/Kyiv"}), json!({"time_zone": "America/Lima"}));
    assert_eq!(check_in(&mut ada, &kyiv), streak(1, 1, "2026-11-21", true));
    // In Lima it is the 20th still, and then the 21st once more.
    assert_eq!(check_in(&mut ada, &lima), streak(1, 1, "2026-11-21", false));
    site.clock().advance(20 * HOUR);
    assert_eq!(check_in(&mut ada, &json!({})), streak(1, 1, "2026-11-21", false));
    // Lima is what was remembered: 29 hours after Kyiv's 22nd began.
    site.clock().advance(34 * HOUR);
    assert_eq!(progress(&mut ada)["streak"]["current"], 1);
    assert_eq!(check_in(&mut ada, &json!({})), streak(2, 2, "2026-11-22", true));
}

#[test]
fn a_day_that_a_move_to_the_east_leaves_out_breaks_no_streak() {
    let site = at("2026-11-20T21:00:00Z");
    let mut ada = Api::of(&site.person("Ada"));
    let honolulu = json!({"time_zone": "Pacific/Honolulu"});
    let kiritimati = json!({"time_zone": "Pacific/Kiritimati"});
    assert_eq!(check_in(&mut ada, &honolulu), streak(1, 1, "2026-11-20", true));
    // The next day in Honolulu is the one after it in Kiritimati, 24 hours ahead.
    site.clock().advance(DAY);
    assert_eq!(check_in(&mut ada, &kiritimati), streak(2, 2, "2026-11-22", true));
    // A day that was left out without any move breaks it.
    site.clock().advance(2 * DAY);
    assert_eq!(check_in(&mut ada, &json!({})), streak(1, 2, "2026-11-24", true));
    // And so does one that was left out before the move.
    let mut bob = Api::of(&site.person("Bob"));
    check_in(&mut bob, &honolulu);
    site.clock().advance(2 * DAY);
    let (current, longest, _, counted) = check_in(&mut bob, &kiritimati);
    assert_eq!((current, longest, counted), (1, 1, true));
}

/// On 8 March 2026 New York has 23 hours, on 1 November 25.
#[test]
fn days_of_23_and_25_hours_are_days() {
    for midnight in ["2026-03-08T05:00:00Z", "2026-11-01T04:00:00Z"] {
        let site = at(midnight);
        let mut ada = Api::of(&site.person("Ada"));
        let new_york = json!({"time_zone": "America/New_York"});
        let mut counted = 0;
        for _ in 0..72 {
            let (current, _, _, new) = check_in(&mut ada, &new_york);
            counted += i64::from(new);
            assert_eq!(current, counted);
            site.clock().advance(HOUR);
        }
        assert!((3..=4).contains(&counted), "{counted}");
    }
}

#[test]
fn a_zone_that_there_is_not_is_refused() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    for zone in ["Mars/Olympus", "UTC+2", "Etc/Unknown", "../../etc/passwd", "Europe/Berlin;"] {
        let reply = ada.post("/api/progress/checkin", &json!({"time_zone": zone}));
        faults(&reply, &[("/time_zone", "time-zone")]);
    }
    for (zone, code) in [
        (json!(""), "blank"),
        (json!(" "), "blank"),
        (json!(7), "type"),
        (json!("x".repeat(100_000)), "too-long"),
        (json!("UTC\u{0}"), "control"),
    ] {
        let reply = ada.post("/api/progress/checkin", &json!({"time_zone": zone}));
        faults(&reply, &[("/time_zone", code)]);
    }
    faults(&ada.post("/api/progress/checkin", &json!({"zone": "UTC"})), &[("/zone", "unknown")]);
    assert_eq!(rows(&site), 0);
    ok(&ada.send("POST", "/api/progress/checkin", &[], b""), 200);
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
    let pushed =
        site.store().write(move |tx| tx.change(sql, cardinal::store::params![user, score]));
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
    check_in(&mut ada, &json!({}));
    add(&mut ada, "a", 1);
    assert_eq!(rows(&site), 5);
    ok(&ada.delete("/api/me?version=1"), 200);
    assert_eq!(rows(&site), 0);
}
