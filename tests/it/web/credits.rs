//! Credits: figures, what is set aside, and the history.

use crate::kit::{Api, Browser, ok};
use cardinal::testing::Site;
use serde_json::json;

#[test]
fn the_account_is_told_in_figures_and_moves() {
    let site = Site::with(|config| config.mail.share_price = 1_500);
    let (ada, root) = (site.person("Ada"), site.admin("Root"));
    let mut browser = Browser::of(&site, &ada);
    let empty = browser.get("/credits").text();
    assert!(
        empty.contains("Nothing has moved yet") && empty.contains("costs 1,500 credits"),
        "{empty}"
    );
    let move_ = |api: Api, key: &str, path: &str, body| {
        ok(&api.with("Idempotency-Key", key).post(path, &body), 201)
    };
    let grant = json!({"user_id": ada.user.id, "amount": 12_000, "reason": "promotion", "memo": "<b>Hello</b>"});
    move_(Api::of(&root), "g", "/api/credits/grants", grant);
    let charge = json!({"amount": 500, "reason": "feature"});
    move_(Api::of(&ada), "c", "/api/credits/charges", charge);
    let reserve = json!({"amount": 1_000, "reason": "other", "memo": "Print run"});
    move_(Api::of(&ada), "r", "/api/credits/reservations", reserve);
    let page = browser.get("/credits").text();
    for told in
        ["10,500", "11,500", "1,000", "+12,000", "−500", "(1,000)", "Print run", "&lt;b&gt;Hello"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(page.contains("Set aside just now"), "{page}");
    let german = browser.reading("de").get("/credits").text();
    assert!(german.contains("10.500") && german.contains("Guthaben"), "{german}");
}

#[test]
fn a_long_history_has_pages() {
    let site = Site::start();
    let (ada, root) = (site.person("Ada"), site.admin("Root"));
    let grant = json!({"user_id": ada.user.id, "amount": 7, "reason": "purchase"});
    for n in 0..51 {
        let key = format!("g{n}");
        ok(&Api::of(&root).with("Idempotency-Key", &key).post("/api/credits/grants", &grant), 201);
    }
    let mut browser = Browser::of(&site, &ada);
    let first = browser.get("/credits?cursor=nonsense").text();
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let second = browser.get(next).text();
    assert_eq!((first.matches("+7").count(), second.matches("+7").count()), (50, 1));
}
