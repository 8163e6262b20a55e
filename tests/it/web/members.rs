//! A card's page for whoever is signed in: what they can do with the card, and that nobody else is told of it.

use crate::kit::{Api, Browser, card, ok, together};
use cardinal::testing::{Reply, Site};
use serde_json::{Value, json};

/// Grace's card at `/c/grace`.
fn grace(site: &Site) -> (cardinal::testing::Person, Value) {
    let grace = site.person("Grace");
    let made = card(&mut Api::of(&grace), "Grace");
    (grace, made)
}

fn strangers(site: &Site, headers: &[(&str, &str)]) -> Reply {
    let all = [&[("Accept", "text/html"), ("Accept-Language", "en")], headers].concat();
    site.client().send("GET", "/c/grace", &all, b"").unwrap()
}

/// What the page lets its reader do.
fn offers(page: &str) -> &'static str {
    let all = ["\"/saved/grace/remove\"", "\"/saved/grace\"", "/edit\""];
    let offered: Vec<_> = all.into_iter().filter(|what| page.contains(what)).collect();
    assert_eq!(offered.is_empty(), !page.contains("<aside class=\"member\""), "{page}");
    match offered.as_slice() {
        [] => "nothing",
        ["\"/saved/grace\""] => "save",
        ["\"/saved/grace/remove\""] => "remove",
        ["/edit\""] => "edit",
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_card_is_saved_where_it_is_shown() {
    let site = Site::start();
    grace(&site);
    let ada = site.person("Ada");
    let mut browser = Browser::of(&site, &ada);
    let next = [("next", "/c/grace")];
    for _ in 0..2 {
        let page = browser.get("/c/grace").text();
        assert!(offers(&page) == "save" && page.contains("name=\"next\" value=\"/c/grace\""));
        // Said twice, as with two clicks, it is said once.
        for _ in 0..2 {
            let saved = browser.submit_and_follow("/saved/grace", &next).text();
            assert!(offers(&saved) == "remove" && saved.contains("In your saved cards"), "{saved}");
        }
        assert!(browser.get("/saved").text().contains("href=\"/c/grace\""));
        let gone = browser.submit_and_follow("/saved/grace/remove", &next);
        assert_eq!(offers(&gone.text()), "save");
    }
    let german = Browser::of(&site, &ada).reading("de").get("/c/grace");
    assert!(german.text().contains("Karte merken"), "{}", german.text());
}

#[test]
fn ones_own_card_offers_its_editor() {
    let site = Site::start();
    let (grace, made) = grace(&site);
    let mut browser = Browser::of(&site, &grace);
    let page = browser.get("/c/grace").text();
    let (id, edit) = (made["id"].as_str().unwrap(), "href=\"/cards/");
    assert!(offers(&page) == "edit" && page.contains(&format!("{edit}{id}/edit\"")), "{page}");
    assert!(!strangers(&site, &[]).text().contains(id), "nobody else is told which card it is");
    let path = format!("/api/cards/{id}");
    ok(&Api::of(&grace).patch(&path, &json!({"visibility": "private", "version": 1})), 200);
    assert_eq!(browser.get("/c/grace").status, 404, "in public it is private to its owner, too");
}

#[test]
fn nobody_keeps_what_is_told_to_one() {
    let site = Site::start();
    let (grace, _) = grace(&site);
    let before = strangers(&site, &[]);
    let tag = before.header("ETag").unwrap().to_owned();
    for person in [&grace, &site.person("Ada")] {
        let own = Browser::of(&site, person).get("/c/grace");
        assert_eq!(own.header("Cache-Control"), Some("private, no-store, no-transform"));
        assert_eq!((own.header("ETag"), own.header("Vary")), (None, before.header("Vary")));
        assert!(own.header("Content-Security-Policy").unwrap().contains("form-action 'self'"));
    }
    // The public page is what it was, and a cache is told that it depends on who asks.
    let after = strangers(&site, &[]);
    assert!(after.body == before.body && after.header("ETag") == Some(&tag));
    assert!(after.header("Cache-Control").unwrap().starts_with("public, max-age=0, must-reval"));
    assert!(after.header("Vary").unwrap().split(", ").any(|field| field == "Cookie"));
    assert_eq!(strangers(&site, &[("If-None-Match", &tag)]).status, 304);
    // Whoever comes with the strangers' page in hand, and signed in, is not told that it is still right.
    let (user, limits) = (grace.user.id, site.running().state().config.limits.clone());
    let opened = site
        .store()
        .write(move |tx| cardinal::domain::sessions::open(tx, user, "a browser", &limits));
    let opened: Result<_, cardinal::error::Error> = opened;
    let cookie = format!("cardinal={}", opened.unwrap().1.reveal());
    let signed_in = [("Cookie", cookie.as_str()), ("If-None-Match", &tag)];
    let reply = strangers(&site, &signed_in);
    assert_eq!((reply.status, offers(&reply.text())), (200, "edit"));
    // A login that is none, and a token, whose scopes say what it may know, see what strangers do.
    let token = format!("Bearer {}", grace.token);
    for field in
        [("Cookie", "cardinal=x"), ("Authorization", "Bearer x"), ("Authorization", &token)]
    {
        let reply = strangers(&site, &[field]);
        assert!(reply.body == before.body && reply.header("ETag") == Some(&tag), "{field:?}");
    }
}

/// Some save and take out, some only look, one owns it: each is told their own state after each step, and nobody
/// anybody else's, in copies that all share.
#[test]
fn everybody_is_told_of_themselves_alone() {
    const STEPS: usize = 12;
    let site = Site::start();
    let (grace, _) = grace(&site);
    let people: Vec<_> = (0..4).map(|n| site.person(&format!("Reader {n}"))).collect();
    let tag = strangers(&site, &[]).header("ETag").unwrap().to_owned();
    together(people.len() + 4, |n| match people.get(n) {
        Some(person) => {
            let mut browser = Browser::of(&site, person);
            for step in 0..STEPS {
                let (path, offered) = match (step + n) % 2 {
                    0 => ("/saved/grace", "remove"),
                    _ => ("/saved/grace/remove", "save"),
                };
                let page = browser.submit_and_follow(path, &[("next", "/c/grace")]);
                assert_eq!(offers(&page.text()), offered, "reader {n}, step {step}");
            }
        }
        None if n == people.len() => (0..STEPS).for_each(|_| {
            let page = Browser::of(&site, &grace).get("/c/grace");
            assert_eq!(offers(&page.text()), "edit");
        }),
        None => (0..STEPS).for_each(|_| {
            let page = strangers(&site, &[]);
            assert_eq!((offers(&page.text()), page.header("ETag")), ("nothing", Some(&*tag)));
        }),
    });
}
