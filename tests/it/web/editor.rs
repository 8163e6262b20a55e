//! The editor of a card, as a plain form.

use crate::kit::{Api, Browser, Form, card, ok};
use cardinal::testing::{Person, Site};
use serde_json::{Value, json};

/// A site with Ada and a card of hers, and the page that edits it.
pub(super) struct Desk {
    pub(super) site: Site,
    pub(super) ada: Person,
    pub(super) card: String,
}

impl Desk {
    pub(super) fn with(card: &Value) -> Self {
        let site = Site::start();
        let ada = site.person("Ada");
        let made = ok(&Api::of(&ada).post("/api/cards", card), 201);
        let card = made["id"].as_str().unwrap().to_owned();
        Self { site, ada, card }
    }

    pub(super) fn at(&self) -> String {
        format!("/cards/{}/edit", self.card)
    }

    /// A tab that has just been opened.
    pub(super) fn tab(&self) -> (Browser, Form) {
        let mut browser = Browser::of(&self.site, &self.ada);
        let page = browser.get(&self.at());
        assert_eq!(page.status, 200, "{}", page.text());
        (browser, Form::of(&page.text(), "editor"))
    }

    pub(super) fn standing(&self) -> Value {
        ok(&Api::of(&self.ada).get(&format!("/api/cards/{}", self.card)), 200)
    }
}

fn links() -> Value {
    json!([
        {"platform": "website", "label": "One", "url": "https://example.org/1"},
        {"platform": "website", "label": "Two", "url": "https://example.org/2"},
    ])
}

#[test]
fn a_card_and_its_links_are_saved_in_one_step() {
    let desk = Desk::with(&json!({"name": "Card", "links": links()}));
    let (mut browser, form) = desk.tab();
    assert_eq!(browser.submit(&desk.at(), &form.pairs()).status, 303, "nothing was changed");
    assert_eq!(desk.standing()["version"], 1);
    let form = form
        .with("name", "Renamed")
        .with("slug", "another-name")
        .with("template_type", "custom")
        .with("primary_color", "#ABCDEF")
        .with("visibility", "unlisted")
        .with("lead_routing", "team")
        .with("professional.office_hours", "on")
        .without("personal.")
        .without("link.1.shown")
        .with("link.0.label", "First")
        .with("link.2.url", "github.com/ada")
        .with("link.2.shown", "on");
    let saved = browser.submit_and_follow(&desk.at(), &form.pairs());
    assert!(saved.text().contains("Saved, version 2"), "{}", saved.text());
    let card = desk.standing();
    assert_eq!(card["version"], 2);
    assert_eq!((&card["name"], &card["slug"]), (&json!("Renamed"), &json!("another-name")));
    assert_eq!(card["design_config"], json!({"primary_color": "#abcdef"}));
    assert_eq!(card["links"][0]["label"], "First");
    assert_eq!(card["links"][2]["url"], "https://github.com/ada");
    assert_eq!(card["links"][2]["platform"], "github");
    let shown = &card["fields_config"];
    assert_eq!(shown["personal"], json!([]));
    assert_eq!(shown["professional"], json!(["designation", "company_name", "office_hours"]));
    assert_eq!(shown["links"], json!([card["links"][0]["id"], card["links"][2]["id"]]));
    // The same form once more, as after a reply that was lost: nothing is there twice.
    assert_eq!(browser.submit(&desk.at(), &form.pairs()).status, 303);
    assert_eq!(desk.standing(), card);
}

#[test]
fn links_are_added_moved_and_removed_without_a_script() {
    let desk = Desk::with(&json!({"name": "Card", "links": links()}));
    let (mut browser, form) = desk.tab();
    let mut form = form.with("name", "Typed <and> kept");
    for (verb, labels) in [
        ("down 0", vec!["Two", "One"]),
        ("up 1", vec!["One", "Two"]),
        ("add", vec!["One", "Two", ""]),
        ("remove 0", vec!["Two"]),
        ("down 9", vec!["Two"]),
        ("up 0", vec!["Two"]),
    ] {
        let page = browser.submit(&desk.at(), &form.clone().with("rearrange", verb).pairs());
        assert_eq!(page.status, 200);
        form = Form::of(&page.text(), "editor");
        assert_eq!(form.text("name"), "Typed <and> kept");
        let found: Vec<_> =
            (0..labels.len()).map(|n| form.text(&format!("link.{n}.label"))).collect();
        assert_eq!(found, labels, "{verb}");
    }
    assert_eq!(desk.standing()["version"], 1, "nothing has been saved");
    assert_eq!(browser.submit(&desk.at(), &form.pairs()).status, 303);
    assert_eq!(desk.standing()["links"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_wrong_is_told_at_its_field_and_nothing_is_lost() {
    let desk = Desk::with(&json!({"name": "Card"}));
    card(&mut Api::of(&desk.ada), "Taken");
    let (mut browser, form) = desk.tab();
    let taken = browser.submit(&desk.at(), &form.clone().with("slug", "taken").pairs());
    assert_eq!(taken.status, 409 + 13);
    let page = taken.text();
    assert!(
        page.contains("id=\"slug-fault\">This address is taken.") && page.contains("Free: taken-"),
        "{page}"
    );
    let long = "x".repeat(65_536);
    for (name, text) in [
        ("name", ""),
        ("name", "\u{200b}"),
        ("name", &*long),
        ("slug", "Not A Slug"),
        ("slug", ""),
        ("template_type", "none"),
        ("primary_color", "red;}"),
        ("visibility", ""),
        ("link.0.url", "javascript:alert(1)"),
        ("link.0.label", "a label that leads nowhere"),
    ] {
        let refused = browser.submit(&desk.at(), &form.clone().with(name, text).pairs());
        assert_eq!(refused.status, 422, "{name}");
        let again = Form::of(&refused.text(), "editor");
        if !matches!(name, "template_type" | "visibility") {
            assert_eq!(again.text(name), text, "{name}");
        }
    }
    let many = (0..51).fold(form.clone(), |form, n| {
        form.with(&format!("link.{n}.url"), &format!("https://example.org/{n}"))
    });
    let refused = browser.submit(&desk.at(), &many.pairs());
    assert_eq!(refused.status, 422);
    assert_eq!(Form::of(&refused.text(), "editor").text("link.50.url"), "https://example.org/50");
    assert_eq!(desk.standing()["version"], 1);
}

#[test]
fn hostile_texts_stay_texts() {
    let desk = Desk::with(&json!({"name": "Card"}));
    let (mut browser, form) = desk.tab();
    let hostile = "\"><script>alert(1)</script><b a='";
    let form = form
        .with("name", hostile)
        .with("link.0.url", "https://example.org/\"'><script>")
        .with("link.0.label", hostile)
        .with("link.0.platform", "website");
    let page = browser.submit_and_follow(&desk.at(), &form.pairs()).text();
    assert!(!page.contains("<script>alert"), "{page}");
    assert_eq!(Form::of(&page, "editor").text("link.0.label"), hostile);
    // Fields that make no sense are no fields; whatever came as the base is at worst no base.
    let form = form
        .with("link.x.url", "1")
        .with("link.99999999999999999999.url", "1")
        .with("base", hostile);
    assert_eq!(browser.submit(&desk.at(), &form.pairs()).status, 303);
}

#[test]
fn the_preview_shows_what_is_typed_and_runs_nothing() {
    let desk = Desk::with(&json!({"name": "Card"}));
    let (mut browser, form) = desk.tab();
    let form = form
        .with("name", "Typed <b>")
        .with("link.0.url", "javascript:alert(1)")
        .with("link.0.shown", "on")
        .with("link.1.url", "https://example.org/shown")
        .with("link.1.shown", "on")
        .with("link.2.url", "https://example.org/hidden");
    let drawn = browser.submit("/cards/preview", &form.pairs());
    assert_eq!((drawn.status, drawn.header("X-Frame-Options")), (200, Some("SAMEORIGIN")));
    let page = drawn.text();
    assert!(
        page.contains("Typed &lt;b&gt;") && page.contains("https://example.org/shown"),
        "{page}"
    );
    assert!(!page.contains("javascript:") && !page.contains("/hidden"), "{page}");
    for draft in ["", "?draft=", "?draft=nonsense", "?draft=AAAA"] {
        assert_eq!(browser.get(&format!("/cards/preview{draft}")).status, 200, "{draft}");
    }
    assert_eq!(Browser::nobody(&desk.site).get("/cards/preview").status, 303);
}

#[test]
fn what_was_typed_outlives_its_card() {
    let desk = Desk::with(&json!({"name": "Card", "links": links()}));
    let mut api = Api::of(&desk.ada);
    card(&mut api, "Another");
    let (mut browser, form) = desk.tab();
    ok(&api.delete(&format!("/api/cards/{}?version=1", desk.card)), 200);
    let form = form.with("name", "Typed while it went");
    let gone = browser.submit(&desk.at(), &form.pairs());
    assert_eq!(gone.status, 404);
    let page = gone.text();
    assert!(page.contains("This card is gone") && page.contains("action=\"/cards\""), "{page}");
    let anew = Form::of(&page, "editor").with("slug", "anew");
    assert_eq!(browser.submit("/cards", &anew.pairs()).status, 303);
    let cards = ok(&api.get("/api/cards"), 200);
    let made = &cards["items"][1];
    assert_eq!((&made["name"], &made["slug"]), (&json!("Typed while it went"), &json!("anew")));
    assert_eq!(made["links"].as_array().unwrap().len(), 2);
}

#[test]
fn a_new_card_rearranges_its_links_and_is_made_with_them() {
    let site = Site::start();
    let ada = site.person("Ada");
    let mut browser = Browser::of(&site, &ada);
    let form = Form::of(&browser.get("/cards/new").text(), "editor");
    let form = form
        .with("link.0.url", "ada@example.org")
        .with("link.1.url", "+44 20 7946 0018")
        .with("link.1.shown", "on");
    let page = browser.submit("/cards", &form.with("rearrange", "down 0").pairs());
    let form = Form::of(&page.text(), "editor");
    assert_eq!(form.text("link.0.url"), "tel:+442079460018");
    assert_eq!(browser.submit("/cards", &form.pairs()).status, 303);
    let card = &ok(&Api::of(&ada).get("/api/cards"), 200)["items"][0];
    assert_eq!(card["fields_config"]["links"], json!([card["links"][0]["id"]]));
    assert_eq!(card["links"][1]["platform"], "mail");
}
