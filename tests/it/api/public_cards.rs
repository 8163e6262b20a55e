//! `/c/{slug}`, `/c/{slug}.json` and `/u/{handle}`: what everybody sees.

use crate::kit::{Api, card, expect, ok};
use cardinal::testing::Site;
use serde_json::{Value, json};

const JSON: [(&str, &str); 1] = [("Accept", "application/json")];

fn path(card: &Value) -> String {
    format!("/api/cards/{}", card["id"].as_str().unwrap())
}

#[test]
fn the_public_sees_these_members_and_no_other() {
    let site = Site::start();
    let ada = site.person("Ada");
    let mut api = Api::of(&ada);
    let new = json!({
        "name": "Ada", "design_config": {"font": "serif"}, "lead_routing": "team",
        "links": [{"platform": "web", "label": "Home", "url": "https://a.example"}],
    });
    let made = ok(&api.post("/api/cards", &new), 201);
    let mut nobody = Api::nobody(&site);
    let expected = json!({
        "slug": "ada", "url": format!("http://{}/c/ada", site.address()), "name": "Ada",
        "handle": ada.user.handle, "template_type": "personal-small", "design": {"font": "serif"},
        "person": {}, "links": [{"platform": "web", "label": "Home", "url": "https://a.example"}],
        "photo_url": null, "updated_at": made["updated_at"],
    });
    for (path, headers) in [("/c/ada", &JSON[..]), ("/c/ada.json", &[])] {
        let reply = nobody.send("GET", path, headers, b"");
        assert_eq!(ok(&reply, 200), expected);
        assert_eq!(reply.header("Content-Type"), Some("application/json"));
        let text = reply.text();
        let secrets = [ada.user.email.as_str(), made["id"].as_str().unwrap()];
        assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
        let head = nobody.send("HEAD", path, headers, b"");
        assert_eq!((head.status, head.header("ETag")), (200, reply.header("ETag")));
        assert_eq!(head.header("Content-Length"), reply.header("Content-Length"));
    }
}

#[test]
fn a_reader_who_has_the_card_is_told_so() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = card(&mut ada, "Ada");
    let mut nobody = Api::nobody(&site);
    let first = nobody.get("/c/ada.json");
    assert!(first.header("Cache-Control").unwrap().starts_with("public, max-age=0, must-reval"));
    let tag = first.header("ETag").unwrap().to_owned();
    for have in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".into()] {
        let again = nobody.send("GET", "/c/ada.json", &[("If-None-Match", &have)], b"");
        ok(&again, 304);
        // What a cache keeps is brought up to date by these fields: they say the same as before.
        for name in ["ETag", "Cache-Control", "Vary", "Cross-Origin-Resource-Policy"] {
            assert_eq!(again.header(name), first.header(name), "{name}");
        }
    }
    expect(
        &nobody.send("GET", "/c/ada.json", &[("If-None-Match", "x")], b""),
        400,
        "bad-precondition",
    );
    ok(&ada.patch(&path(&made), &json!({"name": "Ada L", "version": 1})), 200);
    let changed = nobody.send("GET", "/c/ada.json", &[("If-None-Match", &tag)], b"");
    assert_eq!(ok(&changed, 200)["name"], "Ada L");
    assert_ne!(changed.header("ETag"), Some(tag.as_str()));
}

#[test]
fn a_card_is_shown_to_whom_its_owner_wants() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = card(&mut ada, "Ada");
    assert_eq!(ada.get("/c/ada").header("X-Robots-Tag"), None);
    ok(&ada.patch(&path(&made), &json!({"visibility": "unlisted", "version": 1})), 200);
    let unlisted = ada.get("/c/ada");
    ok(&unlisted, 200);
    assert_eq!(unlisted.header("X-Robots-Tag"), Some("noindex, nofollow"));
    ok(&ada.patch(&path(&made), &json!({"visibility": "private", "version": 2})), 200);
    // Private is private: the owner, too, sees it only through the API.
    expect(&ada.get("/c/ada"), 404, "not-found");
    ok(&ada.put(&format!("{}/active", path(&made)), &json!({"active": false})), 200);
    expect(&ada.get("/c/ada"), 404, "not-found");
    expect(&ada.get("/c/nobody"), 404, "not-found");
    expect(&ada.get("/c/admin"), 404, "not-found");
}

#[test]
fn a_card_shows_the_links_that_were_chosen() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let links = ["a", "b", "c"].map(|n| json!({"platform": n, "url": "https://a.example"}));
    let made = ok(&ada.post("/api/cards", &json!({"name": "Ada", "links": links})), 201);
    let id = |n: usize| made["links"][n]["id"].as_str().unwrap();
    let (mut version, shown) = (1, |api: &mut Api, chosen: Value, version: i64| {
        let patch = json!({"fields_config": {"links": chosen}, "version": version});
        ok(&api.patch(&path(&made), &patch), 200);
        let card = ok(&api.get("/c/ada"), 200);
        let links = card["links"].as_array().unwrap().iter();
        links.map(|link| link["platform"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    });
    for (chosen, expected) in [
        (json!("all"), vec!["a", "b", "c"]),
        (json!([id(2), id(0).to_uppercase()]), vec!["a", "c"]),
        (json!([]), vec![]),
    ] {
        assert_eq!(shown(&mut ada, chosen, version), expected);
        version += 1;
    }
}

#[test]
fn a_handle_leads_to_the_default_card() {
    let site = Site::start();
    let person = site.person("Ada");
    let mut ada = Api::of(&person);
    let at = format!("/u/{}", person.user.handle);
    expect(&ada.get(&at), 404, "not-found");
    let (first, second) = (card(&mut ada, "First"), card(&mut ada, "Second"));
    let follow = |api: &mut Api, at: &str| {
        let reply = api.get(at);
        ok(&reply, 302);
        reply.header("Location").unwrap().to_owned()
    };
    assert_eq!(follow(&mut ada, &at), "/c/first");
    assert_eq!(follow(&mut ada, &at.to_uppercase().replacen('U', "u", 1)), "/c/first");
    ok(&ada.send("PUT", &format!("{}/default", path(&second)), &[], b""), 200);
    assert_eq!(follow(&mut ada, &at), "/c/second");
    let active = format!("{}/active", path(&second));
    ok(&ada.put(&active, &json!({"active": false})), 200);
    expect(&ada.get(&at), 404, "not-found");
    ok(&ada.put(&active, &json!({"active": true})), 200);
    let hide = json!({"visibility": "private", "version": 4});
    ok(&ada.patch(&path(&second), &hide), 200);
    expect(&ada.get(&at), 404, "not-found");
    ok(&ada.send("PUT", &format!("{}/default", path(&first)), &[], b""), 200);
    ok(&ada.patch("/api/me", &json!({"handle": "countess", "version": 1})), 200);
    assert_eq!(follow(&mut ada, "/u/countess"), "/c/first");
    expect(&ada.get(&at), 404, "not-found");
}

#[test]
fn a_card_has_one_address() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    card(&mut ada, "Ada Lovelace");
    let mut nobody = Api::nobody(&site);
    for (asked, canonical) in [
        ("/c/Ada-Lovelace", "/c/ada-lovelace"),
        ("/c/ADA-LOVELACE.json", "/c/ada-lovelace.json"),
        ("/c/%41da-lovelace?x=1", "/c/ada-lovelace?x=1"),
        ("/c/ada-lovelace/", "/c/ada-lovelace"),
        ("/c/ada-lovelace/?x=1&y", "/c/ada-lovelace?x=1&y"),
        ("/c/ada-lovelace.json/", "/c/ada-lovelace.json"),
    ] {
        for method in ["GET", "HEAD"] {
            let reply = nobody.send(method, asked, &[], b"");
            ok(&reply, 308);
            assert_eq!(reply.header("Location"), Some(canonical), "{asked}");
        }
    }
    ok(&nobody.get("/c/%61da%2Dlovelace"), 200);
    for absent in ["/c/", "/c//", "//evil.example/", "/c/Ä", "/c/a%2Fb", "/c/%0d%0aX", "/c/a%00b"]
    {
        let reply = nobody.get(&absent.replace('Ä', "%C3%84"));
        expect(&reply, 404, "not-found");
        assert_eq!(reply.header("Location"), None);
    }
    for wrong in ["/c/%ff", "/c/ada%C3", "/u/%80", "/api/cards/%ff"] {
        let reply = ada.get(wrong);
        assert_eq!(reply.status, 400, "{wrong}: {}", reply.text());
    }
    expect(&nobody.post("/c/ada-lovelace/", &json!({})), 404, "not-found");
}
