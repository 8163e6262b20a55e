//! Statistics as charts.

use crate::kit::{Api, Browser, card, ok};
use cardinal::testing::Site;
use serde_json::json;

#[test]
fn what_became_of_a_card_is_drawn_and_told() {
    let site = Site::start();
    let (ada, eve) = (site.person("Ada"), site.person("Eve"));
    let mut api = Api::of(&ada);
    let own = card(&mut api, "Own & only");
    let (id, slug) = (own["id"].as_str().unwrap(), own["slug"].as_str().unwrap());
    let path = format!("/cards/{id}/stats");
    let mut browser = Browser::of(&site, &ada);
    let empty = browser.get(&path).text();
    assert!(empty.contains("Nobody has been here") && empty.contains("Own &amp; only"), "{empty}");
    let lead = json!({"name": "J", "email": "j@example.org", "message": "", "consent": true});
    ok(&Api::nobody(&site).post(&format!("/api/public/cards/{slug}/leads"), &lead), 201);
    let share = ok(&api.post("/api/shares", &json!({"card_id": id, "channel": "qr"})), 201);
    let tracking = share["tracking_id"].as_str().unwrap();
    for _ in 0..2 {
        ok(&api.post("/api/events", &json!({"tracking_id": tracking, "type": "click"})), 200);
    }
    for (query, days) in
        [("", 30), ("?days=7", 7), ("?days=90", 90), ("?days=8", 30), ("?days=x", 30)]
    {
        let page = browser.get(&format!("{path}{query}")).text();
        assert_eq!(page.matches("<svg width=\"100%\"").count(), 5, "{page}");
        assert_eq!(page.matches("<tr><td data-label=\"Day\">").count(), days, "{query}");
        assert!(page.contains(&format!("href=\"/shares/{tracking}\"")), "{page}");
        assert!(page.contains("2 clicks") && page.contains("Leads by day: most on"), "{page}");
    }
    let german = Browser::of(&site, &ada).reading("de").get(&path).text();
    assert!(german.contains("2 Klicks") && german.contains("Besucher am Tag"), "{german}");
    assert_eq!(Browser::of(&site, &eve).get(&path).status, 404);
    assert_eq!(browser.get("/cards/none/stats").status, 404);
}
