//! `PUT /api/cards/{id}/links`: the list is replaced as a whole, under the card's version.

use crate::kit::{Api, card, expect, faults, ok};
use cardinal::testing::Site;
use serde_json::{Value, json};

struct Linked {
    _site: Site,
    api: Api,
    path: String,
}

/// Somebody with a card at version 1.
fn linked() -> Linked {
    let site = Site::start();
    let mut api = Api::of(&site.person("Ada"));
    let path = format!("/api/cards/{}/links", card(&mut api, "Ada")["id"].as_str().unwrap());
    Linked { _site: site, api, path }
}

fn link(platform: &str, url: &str) -> Value {
    json!({"platform": platform, "url": url})
}

#[test]
fn a_list_is_replaced_and_links_that_stay_keep_their_ids() {
    let Linked { mut api, path, _site } = linked();
    let list = [link("github", "https://a.example"), link("web", "https://b.example")];
    let reply = api.put(&path, &json!({"links": list, "version": 1}));
    assert_eq!(reply.header("ETag"), None, "what is stored is not what was sent");
    let first = ok(&reply, 200);
    assert_eq!((&first["version"], &first["links"][0]["label"]), (&json!(2), &json!("")));
    let id = |card: &Value, n: usize| card["links"][n]["id"].clone();
    // In another order, with a new one between: known by platform and address, or by the id that is sent.
    let mut moved = link("web", "https://b.example");
    moved["label"] = json!("Home");
    let renamed = json!({"id": id(&first, 0), "platform": "gitlab", "url": "https://c.example"});
    let list = json!([moved, link("mail", "mailto:ada@example.org"), renamed]);
    let second = ok(&api.put(&path, &json!({"links": list, "version": "2"})), 200);
    assert_eq!(second["version"], 3);
    assert_eq!((id(&second, 0), id(&second, 2)), (id(&first, 1), id(&first, 0)));
    assert_eq!(second["links"][0]["label"], "Home");
    assert!(id(&second, 1) != id(&first, 0) && id(&second, 1) != id(&first, 1));
    // The same list again, as it came: nothing changes.
    let same = json!({"links": second["links"], "version": 3});
    assert_eq!(ok(&api.put(&path, &same), 200), second);
    let found = ok(&api.get(path.trim_end_matches("/links")), 200);
    assert_eq!(found, second);
    assert_eq!(ok(&api.put(&path, &json!({"links": [], "version": 3})), 200)["links"], json!([]));
}

#[test]
fn equal_links_are_told_apart() {
    let Linked { mut api, path, _site } = linked();
    let twice = json!([link("web", "https://a.example"), link("web", "https://a.example")]);
    let first = ok(&api.put(&path, &json!({"links": twice, "version": 1})), 200);
    assert_ne!(first["links"][0]["id"], first["links"][1]["id"]);
    let again = ok(&api.put(&path, &json!({"links": twice, "version": 2})), 200);
    assert_eq!(again, first);
}

#[test]
fn a_list_names_the_version_it_builds_upon() {
    let Linked { mut api, path, _site } = linked();
    let list = json!([link("web", "https://a.example")]);
    expect(&api.put(&path, &json!({"links": list})), 428, "precondition-required");
    expect(&api.put(&path, &json!({"links": list, "version": 2})), 409, "version-conflict");
    let wrong = [("If-Match", "\"x-1\"")];
    expect(&api.json("PUT", &path, &wrong, &json!({"links": list})), 412, "precondition-failed");
    let any = [("If-Match", "*")];
    assert_eq!(ok(&api.json("PUT", &path, &any, &json!({"links": list})), 200)["version"], 2);
}

#[test]
fn what_is_no_link_is_refused_with_its_place() {
    let Linked { mut api, path, _site } = linked();
    let long = format!("https://a.example/{}", "x".repeat(2_048));
    let list = json!([
        {"platform": "Git Hub", "url": "https://a.example"},
        {"platform": "", "url": "javascript:alert(1)"},
        {"platform": "web", "url": "https://good.example@evil.example"},
        {"platform": "web", "url": "example.org", "label": "x".repeat(81)},
        {"platform": "web", "url": long},
        {"platform": "web", "url": "https://a.example", "id": "x"},
        {"url": "data:text/html,x", "color": "red"},
        "https://a.example",
    ]);
    faults(
        &api.put(&path, &json!({"links": list, "version": 1, "extra": 1})),
        &[
            ("/links/0/platform", "platform"),
            ("/links/1/platform", "blank"),
            ("/links/1/url", "url_scheme"),
            ("/links/2/url", "url_userinfo"),
            ("/links/3/label", "too-long"),
            ("/links/3/url", "url"),
            ("/links/4/url", "too-long"),
            ("/links/5/id", "too-short"),
            ("/links/6/platform", "required"),
            ("/links/6/url", "url_scheme"),
            ("/links/6/color", "unknown"),
            ("/links/7", "type"),
            ("/extra", "unknown"),
        ],
    );
    for (body, fault) in [
        (json!({"version": 1}), ("/links", "required")),
        (json!({"version": 1, "links": null}), ("/links", "type")),
        (json!({"version": 1, "links": {}}), ("/links", "type")),
    ] {
        faults(&api.put(&path, &body), &[fault]);
    }
}

#[test]
fn a_card_has_fifty_links_at_most() {
    let Linked { mut api, path, _site } = linked();
    let list = |count: usize| {
        let links = (0..count).map(|n| link("web", &format!("https://a.example/{n}")));
        links.collect::<Vec<_>>()
    };
    let reply = api.put(&path, &json!({"links": list(51), "version": 1}));
    faults(&reply, &[("/links", "too-many")]);
    let reply = api.post("/api/cards", &json!({"name": "x", "links": list(51)}));
    faults(&reply, &[("/links", "too-many")]);
    let full = ok(&api.put(&path, &json!({"links": list(50), "version": 1})), 200);
    assert_eq!(full["links"].as_array().unwrap().len(), 50);
    assert_eq!(full["links"][49]["url"], "https://a.example/49");
}

#[test]
fn a_link_of_another_card_is_no_link_of_this_one() {
    let Linked { mut api, path, _site } = linked();
    let links = json!([link("web", "https://a.example")]);
    let other = ok(&api.post("/api/cards", &json!({"name": "Other", "links": links})), 201);
    let mut stolen = link("web", "https://a.example");
    stolen["id"] = other["links"][0]["id"].clone();
    let reply = api.put(&path, &json!({"links": [stolen], "version": 1}));
    faults(&reply, &[("/links/0/id", "unknown-link")]);
    let own = ok(&api.put(&path, &json!({"links": links, "version": 1})), 200);
    let link = &own["links"][0];
    let reply = api.put(&path, &json!({"links": [link, link], "version": 2}));
    faults(&reply, &[("/links/1/id", "duplicate")]);
}
