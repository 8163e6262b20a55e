//! Two who edit one card: what does not collide is put together, what does is asked, and nothing is lost.

use super::editor::Desk;
use crate::kit::{Form, together};
use cardinal::testing::Reply;
use serde_json::{Value, json};

fn desk() -> Desk {
    let link = |n| json!({"platform": "website", "label": format!("L{n}"), "url": format!("https://example.org/{n}")});
    Desk::with(&json!({"name": "Card", "links": [link(1), link(2), link(3)]}))
}

fn labels(card: &Value) -> Vec<&str> {
    card["links"].as_array().unwrap().iter().map(|link| link["label"].as_str().unwrap()).collect()
}

/// The form of a page that asks.
#[track_caller]
fn asked(reply: &Reply) -> Form {
    assert_eq!(reply.status, 409, "{}", reply.text());
    Form::of(&reply.text(), "conflict")
}

#[test]
fn changes_that_do_not_collide_are_put_together_in_either_order() {
    let edits: [fn(Form) -> Form; 2] = [
        |form| {
            form.with("name", "New name")
                .with("link.0.label", "First")
                .with("link.3.url", "a.example")
        },
        |form| {
            form.with("visibility", "private")
                .with("link.2.label", "Third")
                .with("link.3.url", "b.example")
        },
    ];
    for (first, second) in [(0, 1), (1, 0)] {
        let desk = desk();
        let tabs = [desk.tab(), desk.tab()];
        let forms =
            tabs.iter().map(|(_, form)| form.clone()).zip(edits).map(|(form, edit)| edit(form));
        let forms: Vec<Form> = forms.collect();
        let [(mut one, _), (mut two, _)] = tabs;
        assert_eq!(
            one.submit(&desk.at(), &forms[first].pairs()).header("Location"),
            Some(&*format!("{}?note=saved", desk.at()))
        );
        let merged = two.submit_and_follow(&desk.at(), &forms[second].pairs());
        assert!(merged.text().contains("What was changed elsewhere"), "{}", merged.text());
        let card = desk.standing();
        assert_eq!((&card["name"], &card["visibility"]), (&json!("New name"), &json!("private")));
        let (links, mut urls) = (labels(&card), Vec::new());
        assert_eq!(links[..3], ["First", "L2", "Third"], "{card}");
        urls.extend(
            card["links"].as_array().unwrap()[3..].iter().map(|l| l["url"].as_str().unwrap()),
        );
        urls.sort_unstable();
        assert_eq!(urls, ["https://a.example", "https://b.example"], "both are there");
        assert_eq!(card["version"], 3);
    }
}

#[test]
fn what_collides_is_asked_and_any_answer_counts() {
    for (pick, other, name) in
        [("yours", "", "Mine"), ("theirs", "", "Theirs"), ("other", "A third", "A third")]
    {
        let desk = desk();
        let ((mut one, mine), (mut two, theirs)) = (desk.tab(), desk.tab());
        let theirs = theirs.with("name", "Theirs").with("lead_routing", "team");
        assert_eq!(two.submit(&desk.at(), &theirs.pairs()).status, 303);
        let mine = mine.with("name", "Mine").with("template_type", "custom");
        let page = one.submit(&desk.at(), &mine.pairs());
        let text = page.text();
        assert!(
            text.contains("Mine") && text.contains("Theirs") && text.contains("Save as version 3"),
            "{text}"
        );
        assert!(text.contains("2 changes merged for you"), "{text}");
        let form = asked(&page);
        // Sent without an answer it comes again, as it was.
        let again = one.submit(&desk.at(), &form.pairs());
        assert!(again.text().contains("Choose one of these"), "{}", again.text());
        let form = asked(&again).with("pick.name", pick).with("other.name", other);
        assert_eq!(one.submit(&desk.at(), &form.pairs()).status, 303);
        let card = desk.standing();
        assert_eq!((&card["name"], &card["version"]), (&json!(name), &json!(3)));
        assert_eq!(
            (&card["template_type"], &card["lead_routing"]),
            (&json!("custom"), &json!("team"))
        );
    }
}

#[test]
fn the_longest_links_fit_into_the_form_that_asks() {
    let url = |n: usize| format!("https://example.org/{n:02}?{}", "&".repeat(2_020));
    let links: Vec<Value> = (0..50)
        .map(|n| json!({"platform": "website", "label": "é".repeat(80), "url": url(n)}))
        .collect();
    assert!(url(1).len() > 2_040);
    let desk = Desk::with(&json!({"name": "Card", "links": links}));
    let ((mut one, mine), (mut two, theirs)) = (desk.tab(), desk.tab());
    let theirs = theirs.with("name", "Theirs").with("link.7.label", "Theirs");
    assert_eq!(two.submit(&desk.at(), &theirs.pairs()).status, 303);
    let mine = mine.with("name", "Mine").with("link.7.label", "Mine").with("link.8.label", "Mine");
    let form = asked(&one.submit(&desk.at(), &mine.pairs()));
    let asked = form.text("asked").to_owned();
    let names = asked.split(' ');
    let picked = names.fold(form, |form, name| form.with(&format!("pick.{name}"), "yours"));
    assert_eq!(one.submit(&desk.at(), &picked.pairs()).status, 303);
    assert_eq!(labels(&desk.standing())[7..9], ["Mine", "Mine"]);
}

#[test]
fn a_link_that_one_changes_and_the_other_removes_is_asked() {
    for (pick, kept) in [("yours", true), ("theirs", false)] {
        let desk = desk();
        let ((mut one, mine), (mut two, theirs)) = (desk.tab(), desk.tab());
        let theirs = theirs.without("link.1.");
        assert_eq!(two.submit(&desk.at(), &theirs.pairs()).status, 303);
        let mine = mine.with("link.1.label", "Changed");
        let form = asked(&one.submit(&desk.at(), &mine.pairs()));
        let name = form.text("asked").to_owned();
        let form = form.with(&format!("pick.{name}"), pick);
        assert_eq!(one.submit(&desk.at(), &form.pairs()).status, 303);
        let card = desk.standing();
        assert_eq!(labels(&card).contains(&"Changed"), kept, "{pick}: {card}");
        assert_eq!(labels(&card).len(), if kept { 3 } else { 2 });
    }
    // The other way round: yours is that it is gone, and a third is what it becomes.
    let desk = desk();
    let ((mut one, mine), (mut two, theirs)) = (desk.tab(), desk.tab());
    assert_eq!(two.submit(&desk.at(), &theirs.with("link.1.label", "Changed").pairs()).status, 303);
    let form = asked(&one.submit(&desk.at(), &mine.without("link.1.").pairs()));
    let name = form.text("asked").to_owned();
    let form = form
        .with(&format!("pick.{name}"), "other")
        .with(&format!("other.{name}.url"), "https://example.org/third")
        .with(&format!("other.{name}.label"), "Third way");
    let done = one.submit(&desk.at(), &form.pairs());
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(labels(&desk.standing()).contains(&"Third way"));
}

#[test]
fn two_orders_of_links_are_asked() {
    let desk = desk();
    let ((mut one, mine), (mut two, theirs)) = (desk.tab(), desk.tab());
    let arranged = |browser: &mut crate::kit::Browser, form: Form, verb: &str| {
        Form::of(
            &browser.submit(&desk.at(), &form.with("rearrange", verb).pairs()).text(),
            "editor",
        )
    };
    let theirs = arranged(&mut two, theirs, "down 1");
    assert_eq!(two.submit(&desk.at(), &theirs.pairs()).status, 303);
    let mine = arranged(&mut one, mine, "down 0");
    let form = asked(&one.submit(&desk.at(), &mine.pairs()));
    assert_eq!(form.text("asked"), "order");
    assert_eq!(one.submit(&desk.at(), &form.with("pick.order", "theirs").pairs()).status, 303);
    assert_eq!(labels(&desk.standing()), ["L1", "L3", "L2"]);
}

#[test]
fn a_conflict_that_is_overtaken_is_asked_again() {
    let desk = desk();
    let ((mut one, mine), (mut two, theirs)) = (desk.tab(), desk.tab());
    assert_eq!(two.submit(&desk.at(), &theirs.with("name", "Theirs").pairs()).status, 303);
    let form = asked(&one.submit(&desk.at(), &mine.with("name", "Mine").pairs()));
    let (mut three, later) = desk.tab();
    assert_eq!(
        three.submit(&desk.at(), &later.with("name", "Later").with("slug", "later").pairs()).status,
        303
    );
    let form = asked(&one.submit(&desk.at(), &form.with("pick.name", "yours").pairs()));
    assert_eq!(form.text("name"), "Mine");
    assert_eq!(one.submit(&desk.at(), &form.with("pick.name", "yours").pairs()).status, 303);
    let card = desk.standing();
    assert_eq!((&card["name"], &card["slug"]), (&json!("Mine"), &json!("later")));
}

#[test]
fn a_form_that_does_not_say_what_it_began_with_asks_about_all_that_differs() {
    let desk = desk();
    let (mut one, mine) = desk.tab();
    let mine = mine.with("name", "Mine").with("base", "");
    let form = asked(&one.submit(&desk.at(), &mine.pairs()));
    assert!(form.text("asked").split(' ').any(|name| name == "name"), "{form:?}");
    assert_eq!(desk.standing()["version"], 1);
}

#[test]
fn somebody_may_look_before_it_is_put_together() {
    let desk = desk();
    let ((mut one, mine), (mut two, theirs)) = (desk.tab(), desk.tab());
    assert_eq!(two.submit(&desk.at(), &theirs.with("visibility", "private").pairs()).status, 303);
    let page = one.submit(&desk.at(), &mine.with("name", "Mine").with("review", "1").pairs());
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("Nothing collides") && page.text().contains("Only you"),
        "{}",
        page.text()
    );
    assert_eq!(desk.standing()["version"], 2, "looking saves nothing");
    let form = Form::of(&page.text(), "conflict");
    assert_eq!(one.submit(&desk.at(), &form.pairs()).status, 303);
    let card = desk.standing();
    assert_eq!((&card["name"], &card["visibility"]), (&json!("Mine"), &json!("private")));
}

#[test]
fn german_is_spoken_about_a_conflict() {
    let desk = desk();
    let ((one, mine), (mut two, theirs)) = (desk.tab(), desk.tab());
    assert_eq!(two.submit(&desk.at(), &theirs.with("name", "Deins").pairs()).status, 303);
    let page = one.reading("de").submit(&desk.at(), &mine.with("name", "Meins").pairs());
    assert!(page.text().contains("Zwei Änderungen treffen sich"), "{}", page.text());
}

/// Everybody adds a letter to the name and a link of their own, all having seen the same card. Whoever is asked
/// takes what the others have and adds to it; in the end every letter and every link is there.
#[test]
fn no_edit_is_lost_whoever_is_first() {
    const TABS: usize = 8;
    let desk = desk();
    let letters: Vec<String> = (0..TABS).map(|n| n.to_string()).collect();
    let tabs: Vec<_> = letters.iter().map(|_| parking_lot::Mutex::new(Some(desk.tab()))).collect();
    together(TABS, |n| {
        let (mut browser, form) = tabs[n].lock().take().unwrap();
        let (letter, link) = (&letters[n], format!("https://example.org/of-{}", letters[n]));
        let mut form = form.with("name", &format!("Card {letter}")).with("link.9.url", &link);
        for _ in 0..=TABS * 2 {
            let reply = browser.submit(&desk.at(), &form.pairs());
            if reply.status == 303 {
                return;
            }
            let page = reply.text();
            form = asked(&reply);
            assert_eq!(form.text("asked"), "name");
            let theirs = page.split("value=\"theirs\"").nth(1).unwrap();
            let theirs =
                theirs.split("<bdi class=\"told\">").nth(1).unwrap().split('<').next().unwrap();
            let mine = format!("{theirs}{letter}");
            form = form.with("pick.name", "other").with("other.name", &mine);
        }
        panic!("{letter} was beaten more often than there are others");
    });
    let card = desk.standing();
    let name = card["name"].as_str().unwrap();
    for letter in &letters {
        assert!(name.matches(letter.as_str()).count() == 1, "{letter} is lost: {name}");
        let link = format!("https://example.org/of-{letter}");
        let links = card["links"].as_array().unwrap().iter();
        assert_eq!(links.filter(|l| l["url"] == json!(link)).count(), 1, "{link}: {card}");
    }
    assert_eq!(card["version"], 1 + TABS);
}
