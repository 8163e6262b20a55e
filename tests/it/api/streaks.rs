//! `/api/progress/checkin`: a streak that counts once a day, wherever that is.

use super::progress::{progress, rows};
use crate::kit::{Api, faults, ok, together};
use cardinal::clock::{Millis, Zone};
use cardinal::store::params;
use cardinal::testing::Site;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
const MOMENT: Duration = Duration::from_millis(1);

/// A site at this time, which stands still.
fn at(time: &str) -> Site {
    Site::at(Millis::parse(time).unwrap(), |_| {})
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

/// A day that has counted stands, also where the clock says that it is yet to come.
#[test]
fn a_clock_that_was_set_back_takes_nothing_away() {
    let site = at("2026-11-20T10:00:00Z");
    let person = site.person("Ada");
    let mut ada = Api::of(&person);
    check_in(&mut ada, &json!({}));
    let user = person.user.id;
    let later =
        "UPDATE streaks SET last_day = last_day + 2, current = 3, longest = 3 WHERE user_id = ?1";
    let set = site.store().write(move |tx| tx.change(later, params![user]));
    assert_eq!(set.unwrap().count(), 1);
    for day in [20, 21, 22] {
        assert_eq!(check_in(&mut ada, &json!({})), streak(3, 3, "2026-11-22", false), "{day}");
        site.clock().advance(DAY);
    }
    assert_eq!(progress(&mut ada)["xp"], 10);
    assert_eq!(check_in(&mut ada, &json!({})), streak(4, 4, "2026-11-23", true));
}

const ZONES: &[&str] = &[
    "Pacific/Niue",
    "America/Los_Angeles",
    "UTC",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Wherever somebody travels, and however long the pauses: each day counts once, in order, and a row of
    /// days goes on or begins again.
    #[test]
    fn a_traveller_has_each_day_once(
        start in 1_700_000_000_000_i64..1_900_000_000_000,
        stops in prop::collection::vec((0_u64..60, 0..ZONES.len()), 1..40),
    ) {
        let site = Site::at(Millis(start), |_| {});
        let mut ada = Api::of(&site.person("Ada"));
        let (mut before, mut days) = ((0, 0, String::new(), false), 0);
        for (hours, zone) in stops {
            site.clock().advance(HOUR * u32::try_from(hours).unwrap());
            let zone = Zone::named(ZONES[zone]).unwrap();
            let today = zone.day(site.clock().now()).to_string();
            let now = check_in(&mut ada, &json!({"time_zone": zone.name()}));
            let (current, longest, last_day, counted) = &now;
            prop_assert_eq!(*counted, today > before.2);
            if *counted {
                days += 1;
                prop_assert_eq!(last_day, &today);
                prop_assert!(*current == before.0 + 1 || *current == 1);
                prop_assert!(*current == before.0 + 1 || hours >= 24);
                prop_assert_eq!(*longest, before.1.max(*current));
            } else {
                prop_assert_eq!((longest, last_day), (&before.1, &before.2));
            }
            before = now;
        }
        prop_assert_eq!(&progress(&mut ada)["xp"], &json!(10 * days));
    }
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
