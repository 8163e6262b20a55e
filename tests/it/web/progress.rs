//! Progress: points, days in a row, topics.

use crate::kit::{Api, Browser, ok, together};
use cardinal::clock::Millis;
use cardinal::testing::Site;
use serde_json::json;
use std::time::Duration;

#[test]
fn a_day_counts_once_however_often_it_is_sent() {
    let site = Site::at(Millis(1_800_000_000_000), |_| ());
    let ada = site.person("Ada");
    let mut browser = Browser::of(&site, &ada);
    let before = browser.get("/progress").text();
    assert!(before.contains("Level 1") && before.contains("Check in for today"), "{before}");
    let replies = together(8, |_| {
        Browser::of(&site, &ada).submit("/progress/checkin", &[("time_zone", "Europe/Berlin")])
    });
    let counted = |note| replies.iter().filter(|r| r.header("Location") == Some(note)).count();
    assert_eq!((counted("/progress?note=counted"), counted("/progress?note=again")), (1, 7));
    let after = browser.get("/progress?note=counted").text();
    assert!(after.contains("Today counts") && !after.contains("Check in for today"), "{after}");
    assert!(after.contains("90 more to level 2"), "{after}");
    assert_eq!(ok(&Api::of(&ada).get("/api/progress"), 200)["xp"], 10);
    // The day after it goes on, wherever a browser says that it is.
    site.clock().advance(Duration::from_hours(24));
    let next = browser.submit_and_follow("/progress/checkin", &[("time_zone", "<Nowhere>")]).text();
    assert!(next.contains("<b>2</b>") && !next.contains("<Nowhere>"), "{next}");
    site.clock().advance(Duration::from_hours(72));
    let broken = browser.reading("de").get("/progress").text();
    assert!(broken.contains("Längste Folge: 2 Tage"), "{broken}");
}

#[test]
fn topics_stand_there_once_there_are_any() {
    let site = Site::start();
    let ada = site.person("Ada");
    let mut browser = Browser::of(&site, &ada);
    assert!(!browser.get("/progress").text().contains("Topics"));
    ok(&Api::of(&ada).post("/api/progress/topics/design", &json!({"delta": -1_200})), 200);
    let page = browser.get("/progress").text();
    assert!(page.contains("Topics") && page.contains("−1,200"), "{page}");
}
