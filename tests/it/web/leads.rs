//! The inbox: what it shows, what can be done there, who is told that somebody was faster, and that no note is lost.

use crate::kit::{Api, Browser, expect, ok, together};
use cardinal::testing::{Person, Reply, Site};
use serde_json::{Value, json};
use std::time::Duration;

/// A card's slug, its leads being its owner's or the team's.
fn card(owner: &Person, routing: &str) -> String {
    let body = json!({"name": format!("Of {routing}"), "lead_routing": routing});
    ok(&Api::of(owner).post("/api/cards", &body), 201)["slug"].as_str().unwrap().to_owned()
}

/// Leaves a lead; its id.
fn left(site: &Site, slug: &str, name: &str, message: &str) -> String {
    let form =
        json!({"name": name, "email": "joan@example.org", "message": message, "consent": true});
    let told = Api::nobody(site).post(&format!("/api/public/cards/{slug}/leads"), &form);
    ok(&told, 201)["id"].as_str().unwrap().to_owned()
}

/// A lead of the team; its id.
fn open(site: &Site) -> String {
    left(site, &card(&site.person("Owner"), "team"), "Joan", "Call me.")
}

/// A field that a page's form bears.
fn hidden(page: &Reply, name: &str) -> String {
    let text = page.text();
    let field = text.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let field = field.unwrap_or_else(|| panic!("no {name} in {text}"));
    field.split('"').next().unwrap().to_owned()
}

/// What the notes form of a page is sent with.
fn work<'a>(page: &'a (String, String), notes: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("claim_epoch", &page.0), ("version", &page.1), ("notes", notes)]
}

fn stands(page: &Reply) -> (String, String) {
    (hidden(page, "claim_epoch"), hidden(page, "version"))
}

fn lead(person: &Person, id: &str) -> Value {
    ok(&Api::of(person).get(&format!("/api/leads/{id}")), 200)
}

#[test]
fn an_empty_inbox_says_how_to_fill_it() {
    let site = Site::start();
    let ada = site.person("Ada");
    let page = Browser::of(&site, &ada).get("/leads").text();
    assert!(page.contains("No leads yet") && page.contains("href=\"/shares\""), "{page}");
    let page = Browser::of(&site, &ada).reading("de").get("/leads").text();
    assert!(page.contains("Noch keine Kontakte") && page.contains("<h1>Kontakte</h1>"), "{page}");
    let nothing = Browser::of(&site, &ada).get("/leads?q=nothing").text();
    assert!(nothing.contains("Nothing here matches."), "{nothing}");
}

#[test]
fn the_inbox_shows_what_was_asked_for() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let (own, team) = (card(&ada, "owner"), card(&ada, "team"));
    let alone = left(&site, &own, "Alone", "For Ada");
    let free = left(&site, &team, "Free", "100% of_it");
    let taken = left(&site, &team, "Taken", "By Grace");
    ok(&Api::of(&grace).post(&format!("/api/leads/{taken}/claim"), &json!({})), 200);
    let mut browser = Browser::of(&site, &ada);
    let shown = |page: &Reply| {
        let text = page.text();
        [&alone, &free, &taken].map(|id| text.contains(&format!("href=\"/leads/{id}")))
    };
    for (query, expected) in [
        ("", [true, true, true]),
        ("?status=open", [false, true, false]),
        ("?status=claimed", [true, false, true]),
        ("?status=claimed&assigned=me", [true, false, false]),
        ("?assigned=none", [false, true, false]),
        ("?q=by+grace", [false, false, true]),
        ("?q=100%25+of_it", [false, true, false]),
        ("?q=1%25it", [false, false, false]),
        ("?status=nonsense&cursor=nonsense&assigned=x", [true, true, true]),
    ] {
        let page = browser.get(&format!("/leads{query}"));
        assert_eq!((page.status, shown(&page)), (200, expected), "{query}");
    }
    assert!(browser.get("/leads").text().contains("Grace"), "who has it is seen in the list");
    // The file holds what the page shows.
    let file = browser.get("/api/leads.csv?q=by+grace").text();
    assert!(file.contains("Taken") && !file.contains("Free"), "{file}");
    let faulty = Api::of(&ada).get(&format!("/api/leads?q={}", "x".repeat(101)));
    expect(&faulty, 422, "validation-failed");
    // Others do not see what is Ada's alone, whatever they try.
    let mut other = Browser::of(&site, &grace);
    assert_eq!(other.get(&format!("/leads/{alone}")).status, 404);
    for action in ["", "/claim", "/release"] {
        let tried = other.submit(&format!("/leads/{alone}{action}"), &[("notes", "mine")]);
        assert_eq!(tried.status, 404, "{action}");
    }
    assert_eq!(other.get("/leads/nonsense").status, 404);
}

#[test]
fn a_long_inbox_has_pages() {
    let site = Site::start();
    let slug = card(&site.person("Owner"), "team");
    for n in 0..51 {
        left(&site, &slug, &format!("Nr{n:02}"), &format!("Message {n}"));
    }
    let mut browser = Browser::of(&site, &site.person("Ada"));
    let first = browser.get("/leads?status=open").text();
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let next = next.replace("&amp;", "&");
    assert!(next.contains("status=open") && !first.contains("Nr00"), "{next}");
    let second = browser.get(&next).text();
    assert!(second.contains("Nr00") && !second.contains("Nr01"), "{second}");
}

#[test]
fn of_a_hundred_browsers_that_claim_one_wins_and_the_others_are_told_who() {
    let site = Site::start();
    let id = open(&site);
    let people: Vec<Person> = (0..100).map(|n| site.person(&format!("P{n:02}"))).collect();
    let replies = together(100, |n| {
        let mut browser = Browser::of(&site, &people[n]);
        let page = browser.get(&format!("/leads/{id}"));
        browser.submit(
            &format!("/leads/{id}/claim"),
            &[("idempotency_key", &hidden(&page, "idempotency_key"))],
        )
    });
    let winners: Vec<usize> = (0..100).filter(|n| replies[*n].status == 303).collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    let winner = &people[winners[0]].user.display_name;
    assert_eq!(lead(&people[0], &id)["assigned_to"]["display_name"], json!(winner));
    for lost in replies.iter().filter(|reply| reply.status != 303) {
        assert_eq!(lost.status, 409);
        let text = lost.text();
        assert!(
            text.contains(&format!("{winner} claimed this ")) && text.contains(" before you."),
            "{text}"
        );
        assert!(!text.contains("/claim\""), "there is nothing to claim any more");
    }
}

#[test]
fn somebody_late_is_told_by_how_much() {
    let site = Site::at(cardinal::clock::Millis(1_800_000_000_000), |_| ());
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let id = open(&site);
    let claim = format!("/leads/{id}/claim");
    assert_eq!(Browser::of(&site, &grace).submit(&claim, &[]).status, 303);
    let mut late = Browser::of(&site, &ada).reading("de");
    for (more, told) in [
        (0, "Grace war einen Augenblick schneller als du."),
        (4, "Grace war 4 Sekunden schneller als du."),
        (60, "Grace war eine Minute schneller als du."),
        (3_600, "Grace hat das schon übernommen."),
    ] {
        site.clock().advance(Duration::from_secs(more));
        let lost = late.submit(&claim, &[]);
        assert_eq!(lost.status, 409);
        assert!(lost.text().contains(told), "{told}: {}", lost.text());
    }
    // Again by who has it is no loss.
    let again = Browser::of(&site, &grace).submit(&claim, &[]);
    assert_eq!(
        (again.status, again.header("Location")),
        (303, Some(&*format!("/leads/{id}?note=claimed")))
    );
}

#[test]
fn a_lead_is_worked_from_claim_to_conversion() {
    let site = Site::start();
    let ada = site.person("Ada");
    let id = open(&site);
    let mut browser = Browser::of(&site, &ada);
    let page = browser.submit_and_follow("/leads/claim-next?status=open", &[]);
    assert!(page.text().contains("It is yours.") && page.text().contains("You work on this."));
    let none = browser.submit_and_follow("/leads/claim-next", &[]);
    assert!(none.text().contains("Nothing is open"), "{}", none.text());
    let path = format!("/leads/{id}");
    let form = stands(&page);
    let saved = browser.submit_and_follow(&path, &work(&form, "Rang.\r\nAgain on Monday."));
    assert!(saved.text().contains("Saved.") && saved.text().contains("Rang.\nAgain on Monday."));
    assert_eq!(lead(&ada, &id)["notes"], "Rang.\nAgain on Monday.");
    // What was typed is kept by whatever is done next, and notes can be taken away.
    for (status, told) in
        [("closed", "Closed."), ("claimed", "work on it again"), ("converted", "Well done")]
    {
        let form = stands(&browser.get(&path));
        let mut fields = work(&form, if status == "converted" { "" } else { status });
        fields.push(("status", status));
        let done = browser.submit_and_follow(&path, &fields);
        assert!(done.text().contains(told), "{status}: {}", done.text());
        assert_eq!(lead(&ada, &id)["status"], status);
    }
    assert_eq!(lead(&ada, &id)["notes"], "");
    assert_eq!(ok(&Api::of(&ada).get("/api/progress"), 200)["xp"], 30);
}

#[test]
fn a_lead_is_given_back_with_its_notes_and_handed_on_by_an_admin() {
    let site = Site::start();
    let (ada, root) = (site.person("Ada"), site.admin("Root"));
    let id = open(&site);
    let mut browser = Browser::of(&site, &ada);
    let path = format!("/leads/{id}");
    let form = stands(&browser.submit_and_follow(&format!("/leads/{id}/claim"), &[]));
    let back =
        browser.submit_and_follow(&format!("/leads/{id}/release"), &work(&form, "Not for me."));
    assert!(back.text().contains("Given back") && back.text().contains("Not for me."));
    let stood = lead(&ada, &id);
    assert_eq!((&stood["status"], &stood["notes"]), (&json!("open"), &json!("Not for me.")));
    let reassign = format!("/leads/{id}/reassign");
    assert_eq!(browser.submit(&reassign, &[("from", ""), ("to", &ada.user.email)]).status, 403);
    assert!(!browser.get(&path).text().contains("/reassign"));
    let mut admin = Browser::of(&site, &root);
    let unknown = admin.submit(&reassign, &[("from", ""), ("to", "nobody@example.org")]);
    assert_eq!(unknown.status, 422);
    assert!(unknown.text().contains("value=\"nobody@example.org\""), "what was typed is kept");
    let handed = admin.submit_and_follow(&reassign, &[("from", ""), ("to", &ada.user.email)]);
    assert!(handed.text().contains("Handed on.") && handed.text().contains("Ada works on this."));
    // Somebody who still sees it as nobody's hands nothing on.
    let late = admin.submit(&reassign, &[("from", ""), ("to", &root.user.email)]);
    assert_eq!(late.status, 409);
    assert!(late.text().contains("Ada works on this now"), "{}", late.text());
    let from = ada.user.id.to_string();
    let freed = admin.submit_and_follow(&reassign, &[("from", &from), ("nobody", "1")]);
    assert!(freed.text().contains("Nobody works on this yet."));
    assert_eq!(lead(&ada, &id)["status"], "open");
}

#[test]
fn notes_of_two_tabs_are_both_kept() {
    let site = Site::start();
    let ada = site.person("Ada");
    let id = open(&site);
    let mut browser = Browser::of(&site, &ada);
    let path = format!("/leads/{id}");
    let form = stands(&browser.submit_and_follow(&format!("/leads/{id}/claim"), &[]));
    assert_eq!(browser.submit(&path, &work(&form, "From the first tab")).status, 303);
    let stale = browser.submit(&path, &work(&form, "From the <second> tab"));
    assert_eq!(stale.status, 409);
    let text = stale.text();
    for kept in ["From the first tab", "From the &lt;second&gt; tab", "Nothing was overwritten"] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    assert_eq!(lead(&ada, &id)["notes"], "From the first tab");
    // The page that tells of it is one that saves.
    let again = stands(&stale);
    assert_eq!(browser.submit(&path, &work(&again, "Both")).status, 303);
    assert_eq!(lead(&ada, &id)["notes"], "Both");
    // Of tabs that save at the same moment one does, and every other has both before it.
    let form = stands(&browser.get(&path));
    let replies =
        together(8, |n| Browser::of(&site, &ada).submit(&path, &work(&form, &format!("Tab {n}"))));
    assert_eq!(replies.iter().filter(|reply| reply.status == 303).count(), 1);
    let stands = lead(&ada, &id)["notes"].as_str().unwrap().to_owned();
    for (n, reply) in replies.iter().enumerate().filter(|(_, reply)| reply.status != 303) {
        let text = reply.text();
        assert_eq!(reply.status, 409);
        assert!(text.contains(&stands) && text.contains(&format!("Tab {n}")), "{text}");
    }
}

#[test]
fn whoever_was_relieved_gets_the_notes_back() {
    let site = Site::start();
    let (ada, root) = (site.person("Ada"), site.admin("Root"));
    let id = open(&site);
    let (mut browser, path) = (Browser::of(&site, &ada), format!("/leads/{id}"));
    let form = stands(&browser.submit_and_follow(&format!("/leads/{id}/claim"), &[]));
    let from = ada.user.id.to_string();
    let handed = [("from", &*from), ("to", &*root.user.email)];
    assert_eq!(
        Browser::of(&site, &root).submit(&format!("/leads/{id}/reassign"), &handed).status,
        303
    );
    let late = browser.submit(&path, &work(&form, "An hour of typing"));
    assert_eq!(late.status, 409);
    assert!(
        late.text().contains("Root works on this now") && late.text().contains("An hour of typing")
    );
    assert_eq!(lead(&ada, &id)["notes"], "");
}

#[test]
fn a_form_sent_twice_counts_once() {
    let site = Site::start();
    let ada = site.person("Ada");
    let slug = card(&ada, "team");
    left(&site, &slug, "One", "1");
    left(&site, &slug, "Two", "2");
    let mut browser = Browser::of(&site, &ada);
    let key = hidden(&browser.get("/leads"), "idempotency_key");
    let fields = [("idempotency_key", &*key)];
    let both = [(); 2].map(|()| browser.submit("/leads/claim-next", &fields));
    assert_eq!(both[0].header("Location"), both[1].header("Location"));
    let page = browser.get("/leads?status=open").text();
    assert_eq!(page.matches("<li><a href=\"/leads/").count(), 1, "{page}");
}

#[test]
fn nothing_that_was_sent_is_more_than_text() {
    let site = Site::start();
    let ada = site.person("Ada");
    let hostile = "<script>alert(1)</script>\"'&";
    let id = left(&site, &card(&ada, "owner"), hostile, hostile);
    let mut browser = Browser::of(&site, &ada);
    let path = format!("/leads/{id}");
    let page = browser.get(&path);
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    let form = stands(&page);
    let long = "x".repeat(5_001);
    let refused = browser.submit(&path, &work(&form, &long));
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains(&long), "what was typed is kept");
    assert_eq!(browser.submit(&path, &work(&form, &"y".repeat(64 * 1_024))).status, 422);
    for (name, value) in
        [("status", "open"), ("status", "x"), ("claim_epoch", "x"), ("version", "-1")]
    {
        let mut fields = work(&form, "Notes");
        fields.retain(|(known, _)| *known != name);
        fields.push((name, value));
        let refused = browser.submit(&path, &fields);
        assert_eq!(refused.status, 422, "{name}={value}: {}", refused.text());
        assert!(refused.text().contains("Notes"), "what was typed is kept");
    }
    let search = browser.get("/leads?q=%22%3E%3Cscript%3Ealert(2)").text();
    assert!(!search.contains("<script>alert"), "{search}");
    assert_eq!(lead(&ada, &id)["notes"], "");
}
