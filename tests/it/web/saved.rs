//! Saved cards.

use crate::kit::{Api, Browser, card, ok};
use cardinal::testing::Site;
use serde_json::json;

#[test]
fn a_card_is_saved_and_taken_out_again() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let mut owner = Api::of(&grace);
    let theirs = card(&mut owner, "Grace <b>");
    let (id, slug) = (theirs["id"].as_str().unwrap(), theirs["slug"].as_str().unwrap());
    let mut browser = Browser::of(&site, &ada);
    assert!(browser.get("/saved").text().contains("No saved cards yet"));
    for _ in 0..2 {
        let page = browser.submit_and_follow(&format!("/saved/{slug}"), &[]).text();
        assert!(page.contains("Saved.") && page.contains("Grace &lt;b&gt;"), "{page}");
        assert_eq!(page.matches("/remove\"").count(), 1, "{page}");
    }
    // Whoever comes from a page is led back to it, and nowhere else.
    for (next, led) in
        [(&*format!("/c/{slug}"), &*format!("/c/{slug}")), ("//evil.example", "/saved?note=saved")]
    {
        let done = browser.submit(&format!("/saved/{id}"), &[("next", next)]);
        assert_eq!(done.header("Location"), Some(led));
    }
    // It is drawn, in its colours, as it is now.
    let page = browser.get("/saved");
    let policy = page.header("Content-Security-Policy").unwrap().to_owned();
    assert!(page.text().contains("h-card personal-small c-9f233b small"), "{}", page.text());
    assert!(page.text().contains(".c-9f233b{") && policy.contains("'sha256-"), "{policy}");
    ok(&owner.put(&format!("/api/cards/{id}/active"), &json!({"active": false})), 200);
    let paused = browser.get("/saved").text();
    assert!(paused.contains("not shown just now") && !paused.contains("Grace"), "{paused}");
    let gone = browser.reading("de").submit_and_follow(&format!("/saved/{id}/remove"), &[]).text();
    assert!(gone.contains("Entfernt.") && gone.contains("Noch keine Karte gemerkt"), "{gone}");
    let mut again = Browser::of(&site, &ada);
    assert_eq!(again.submit(&format!("/saved/{id}"), &[]).status, 410);
    assert_eq!(again.submit("/saved/none", &[]).status, 404);
    assert_eq!(again.submit("/saved/none/remove", &[]).status, 404);
    assert_eq!(again.get("/saved?cursor=nonsense").status, 200);
}

#[test]
fn many_saved_cards_come_in_pages() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let mut reader = Api::of(&ada);
    for n in 0..25 {
        let theirs = card(&mut Api::of(&grace), &format!("Card {n}"));
        ok(&reader.put(&format!("/api/saved/{}", theirs["id"].as_str().unwrap()), &json!({})), 200);
    }
    let mut browser = Browser::of(&site, &ada);
    let first = browser.get("/saved").text();
    assert_eq!(first.matches("/remove\"").count(), 24, "{first}");
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let last = browser.get(next).text();
    assert!(last.contains("Card 0<") && last.matches("/remove\"").count() == 1, "{last}");
}
