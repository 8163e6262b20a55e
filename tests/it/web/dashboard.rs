//! One's cards: what is told of them, and what is done with them where they stand.

use crate::kit::{Api, Browser, card, ok};
use cardinal::testing::Site;
use serde_json::{Value, json};

fn id(card: &Value) -> &str {
    card["id"].as_str().unwrap()
}

fn cards(api: &mut Api) -> Vec<Value> {
    ok(&api.get("/api/cards"), 200)["items"].as_array().unwrap().clone()
}

#[test]
fn an_empty_desk_leads_to_the_first_card() {
    let site = Site::start();
    let ada = site.person("Ada Lovelace");
    let mut browser = Browser::of(&site, &ada);
    assert!(browser.get("/cards").text().contains("Make your first card"));
    let page = browser.get("/cards/new").text();
    assert!(page.contains("Your first card") && page.contains("value=\"Ada Lovelace\""), "{page}");
    let form = crate::kit::Form::of(&page, "editor");
    let made = browser.submit("/cards", &form.pairs());
    let ready = made.header("Location").unwrap().to_owned();
    assert!(made.status == 303 && ready.ends_with("/ready"), "{}", made.text());
    // A click that was one too many.
    assert_eq!(browser.submit("/cards", &form.pairs()).header("Location"), Some(&*ready));
    let page = browser.get(&ready).text();
    assert!(page.contains("/c/ada-lovelace/qr.svg") && page.contains("Try it on your phone"));
    assert_eq!(cards(&mut Api::of(&ada)).len(), 1);
    let desk = browser.get("/cards").text();
    assert!(desk.contains("Main card") && desk.contains("No views yet"), "{desk}");
    assert!(browser.get("/cards/new").text().contains("<h1 dir=\"auto\">New card"));
}

#[test]
fn cards_are_paused_made_the_default_and_deleted_where_they_stand() {
    let site = Site::start();
    let ada = site.person("Ada");
    let (mut api, mut browser) = (Api::of(&ada), Browser::of(&site, &ada));
    let (first, second) = (card(&mut api, "First"), card(&mut api, "Second"));
    let at = |card: &Value, verb: &str| format!("/cards/{}/{verb}", id(card));
    let done = browser.submit_and_follow(&at(&second, "active"), &[("active", "false")]);
    assert!(done.text().contains("Paused. Its address says so"), "{}", done.text());
    assert!(
        browser
            .submit_and_follow(&at(&second, "active"), &[("active", "true")])
            .text()
            .contains("Back on")
    );
    let done = browser.submit_and_follow(&at(&second, "default"), &[]);
    assert!(done.text().contains("This is your main card now"));
    let standing = cards(&mut api);
    assert_eq!(
        (&standing[0]["is_default"], &standing[1]["is_default"]),
        (&json!(false), &json!(true))
    );

    let asked = browser.get(&at(&first, "delete"));
    assert!(asked.text().contains("stops working for good"));
    let stale = browser.submit(&at(&first, "delete"), &[("version", "1")]);
    assert_eq!(stale.status, 409, "it gave way as the default since");
    assert!(stale.text().contains("changed a moment ago"), "{}", stale.text());
    let gone = browser.submit_and_follow(&at(&first, "delete"), &[("version", "2")]);
    assert!(gone.text().contains("Deleted."), "{}", gone.text());
    assert!(browser.get(&at(&second, "delete")).text().contains("This is your last card"));
    let version = cards(&mut api)[0]["version"].to_string();
    assert_eq!(browser.submit(&at(&second, "delete"), &[("version", &version)]).status, 409);
    assert_eq!(cards(&mut api).len(), 1);
}

#[test]
fn a_card_is_duplicated_once_with_an_address_of_its_own() {
    let site = Site::start();
    let ada = site.person("Ada");
    let (mut api, mut browser) = (Api::of(&ada), Browser::of(&site, &ada));
    let links = json!([
        {"platform": "website", "url": "https://example.org"},
        {"platform": "mail", "url": "mailto:ada@example.org"},
    ]);
    let card = ok(&api.post("/api/cards", &json!({"name": "Card", "links": links})), 201);
    let shown = json!({"links": [card["links"][1]["id"]], "personal": ["bio"]});
    ok(
        &api.patch(
            &format!("/api/cards/{}", id(&card)),
            &json!({"version": 1, "fields_config": shown}),
        ),
        200,
    );
    let fields = [("idempotency_key", "0123456789abcdef")];
    let to = format!("/cards/{}/duplicate", id(&card));
    let leads =
        [(); 2].map(|()| browser.submit(&to, &fields).header("Location").unwrap().to_owned());
    assert_eq!(leads[0], leads[1]);
    let standing = cards(&mut api);
    assert_eq!(standing.len(), 2);
    let copy = &standing[1];
    assert_eq!((&copy["name"], &copy["is_default"]), (&json!("Card (copy)"), &json!(false)));
    assert_eq!(copy["fields_config"], json!({"personal": ["bio"]}));
    assert_eq!(copy["links"].as_array().unwrap().len(), 1, "only what was shown: {copy}");
    assert_eq!(copy["links"][0]["platform"], "mail");
}

#[test]
fn a_plan_that_allows_no_more_says_so_and_keeps_what_was_typed() {
    let site = Site::with(|config| config.default_tier = "free".into());
    let ada = site.person("Ada");
    let (mut api, mut browser) = (Api::of(&ada), Browser::of(&site, &ada));
    let cards: Vec<Value> = (0..5).map(|n| card(&mut api, &format!("Card {n}"))).collect();
    let form = crate::kit::Form::of(&browser.get("/cards/new").text(), "editor");
    let refused = browser.submit("/cards", &form.with("name", "One more <b>").pairs());
    assert_eq!(refused.status, 422);
    let page = refused.text();
    assert!(
        page.contains("Your plan allows 5 cards") && page.contains("One more &lt;b&gt;"),
        "{page}"
    );
    let refused = browser.submit(&format!("/cards/{}/duplicate", id(&cards[0])), &[]);
    assert!(refused.status == 409 && refused.text().contains("Your plan allows 5 cards"));
}

#[test]
fn somebody_elses_card_is_no_card() {
    let site = Site::start();
    let (ada, eve) = (site.person("Ada"), site.person("Eve"));
    let card = card(&mut Api::of(&ada), "Ada's");
    let mut browser = Browser::of(&site, &eve);
    for id in [id(&card), "nonsense", "00000000-0000-7000-8000-000000000000"] {
        for page in [
            format!("/cards/{id}/ready"),
            format!("/cards/{id}/edit"),
            format!("/cards/{id}/delete"),
        ] {
            assert_eq!(browser.get(&page).status, 404, "{page}");
        }
        for form in [
            format!("/cards/{id}/edit"),
            format!("/cards/{id}/duplicate"),
            format!("/cards/{id}/active"),
            format!("/cards/{id}/default"),
            format!("/cards/{id}/delete"),
        ] {
            assert_eq!(browser.submit(&form, &[("version", "1")]).status, 404, "{form}");
        }
    }
    assert!(!browser.get("/cards").text().contains("Ada's"));
    assert_eq!(ok(&Api::of(&ada).get(&format!("/api/cards/{}", id(&card))), 200)["version"], 1);
}

#[test]
fn names_cannot_break_the_page_and_german_is_spoken() {
    let site = Site::start();
    let ada = site.person("Ada");
    let hostile = "</h2><script>alert('1')</script>\"";
    card(&mut Api::of(&ada), hostile);
    let page = Browser::of(&site, &ada).reading("de").get("/cards").text();
    assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert"), "{page}");
    assert!(page.contains("Deine Karten") && page.contains("Noch keine Aufrufe"), "{page}");
}

#[test]
fn many_cards_come_in_pages() {
    let site = Site::start();
    let ada = site.person("Ada");
    let mut api = Api::of(&ada);
    (0..25).for_each(|n| drop(card(&mut api, &format!("Card {n:02}"))));
    let mut browser = Browser::of(&site, &ada);
    let page = browser.get("/cards").text();
    assert!(page.contains("Card 23") && !page.contains("Card 24"));
    let next = page.split("href=\"/cards?after=").nth(1).unwrap().split('"').next().unwrap();
    let page = browser.get(&format!("/cards?after={next}")).text();
    assert!(page.contains("Card 24") && !page.contains("Card 23"));
}
