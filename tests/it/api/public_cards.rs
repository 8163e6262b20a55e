//! `/c/{slug}`, `/c/{slug}.json` and `/u/{handle}`: what everybody sees.

use crate::kit::{Api, card, expect, ok};
use cardinal::http::Method;
use cardinal::routes::ROUTES;
use cardinal::testing::{Reply, Site};
use serde_json::{Map, Value, json};

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

/// What a card shows, for this choice of fields.
#[track_caller]
fn person(api: &mut Api, card: &Value, config: &Value) -> Value {
    let version = ok(&api.get(&path(card)), 200)["version"].clone();
    // Merged, so what is not named has to be taken away.
    let mut whole = json!({"personal": null, "professional": null, "links": null});
    whole.as_object_mut().unwrap().extend(config.as_object().unwrap().clone());
    let patch = json!({"fields_config": whole, "version": version});
    ok(&api.patch(&path(card), &patch), 200);
    let shown = format!("/c/{}.json", card["slug"].as_str().unwrap());
    ok(&api.get(&shown), 200)["person"].clone()
}

#[test]
fn a_card_shows_the_fields_that_were_chosen() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = card(&mut ada, "Ada");
    assert_eq!(person(&mut ada, &made, &json!({})), json!({}), "there is no profile");
    let personal = json!({
        "full_name": "Ada L", "bio": "One\nTwo", "mobile_number": "112", "date_of_birth": "1915-12-10",
        "version": 0,
    });
    ok(&ada.put("/api/profile/personal", &personal), 201);
    let professional = json!({"designation": "Analyst", "department": "Engines", "version": 0});
    ok(&ada.put("/api/profile/professional", &professional), 201);
    for (config, shown) in [
        (json!({}), json!({"full_name": "Ada L", "bio": "One\nTwo", "designation": "Analyst"})),
        (json!({"personal": []}), json!({"designation": "Analyst"})),
        (json!({"professional": []}), json!({"full_name": "Ada L", "bio": "One\nTwo"})),
        (json!({"personal": [], "professional": []}), json!({})),
        (
            json!({"personal": ["mobile_number", "full_name", "website"], "professional": ["department"]}),
            json!({"full_name": "Ada L", "mobile_number": "112", "department": "Engines"}),
        ),
    ] {
        assert_eq!(person(&mut ada, &made, &config), shown, "{config}");
    }
    // In the order of the profile, whatever the order of the choice.
    let text = ada.get("/c/ada.json").text();
    assert!(
        text.contains(r#""person":{"full_name":"Ada L","mobile_number":"112","department":"#),
        "{text}"
    );

    // What is deleted is shown no more; a change is shown at once.
    let tag = ada.get("/c/ada.json").header("ETag").unwrap().to_owned();
    ok(&ada.delete("/api/profile/personal?version=1"), 200);
    let reply = ada.send("GET", "/c/ada.json", &[("If-None-Match", &tag)], b"");
    assert_eq!(ok(&reply, 200)["person"], json!({"department": "Engines"}));
    let again = json!({"full_name": "Ada K", "version": 0});
    ok(&ada.patch("/api/profile/personal", &again), 201);
    assert_eq!(ok(&ada.get("/c/ada"), 200)["person"]["full_name"], "Ada K");
}

fn put_photo(api: &mut Api) -> Reply {
    let mut file = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(8, 8).write_to(&mut file, image::ImageFormat::Png).unwrap();
    api.send("PUT", "/api/profile/photo", &[("Content-Type", "image/png")], file.get_ref())
}

#[test]
fn a_card_shows_its_owners_photo() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    card(&mut ada, "Ada");
    card(&mut bob, "Bob");
    let put = ok(&put_photo(&mut ada), 200);
    assert_eq!(ok(&bob.get("/c/ada.json"), 200)["photo_url"], put["photo_url"]);
    assert_eq!(ok(&bob.get("/c/bob.json"), 200)["photo_url"], Value::Null);
    ok(&ada.delete("/api/profile/photo"), 200);
    assert_eq!(ok(&bob.get("/c/ada.json"), 200)["photo_url"], Value::Null);
}

/// Every field of the profile, with a text that stands nowhere else.
const MARKED: &[(&str, &[(&str, &str)])] = &[
    (
        "personal",
        &[
            ("full_name", "marked-full-name"),
            ("date_of_birth", "1903-04-17"),
            ("primary_email", "marked-primary@example.org"),
            ("secondary_email", "marked-secondary@example.org"),
            ("mobile_number", "+49 1111 000001"),
            ("phone_number", "+49 2222 000002"),
            ("whatsapp_number", "+49 3333 000003"),
            ("home_address", "marked-home"),
            ("bio", "marked-bio"),
            ("pronouns", "marked-pronouns"),
            ("website", "https://marked-website.example"),
        ],
    ),
    (
        "professional",
        &[
            ("designation", "marked-designation"),
            ("department", "marked-department"),
            ("company_name", "marked-firm"),
            ("company_website", "https://marked-company-site.example"),
            ("office_email", "marked-office@example.org"),
            ("office_phone", "+49 4444 000004"),
            ("office_address", "marked-office-address"),
            ("office_hours", "marked-hours"),
        ],
    ),
];

/// Everything that any route tells anybody of Ada, whose cards are `slugs`: heads and bodies.
fn told_to_anybody(
    site: &Site,
    slugs: &[&str],
    handle: &str,
    photo: &str,
) -> Vec<(String, String)> {
    let mut told = Vec::new();
    let public = ROUTES.iter().filter(|r| r.access.is_open() && r.method == Method::Get);
    for route in public {
        for slug in slugs {
            let path = route.path.replace("{slug}", slug).replace("{handle}", handle);
            let path = path.replace("{hash}", photo).replace("{name}", "app.css");
            let path = path.replace("{version}", "00000000");
            let path = path.replace("{tracking_id}", &format!("share-of-the-card-{slug}"));
            assert!(!path.contains('{'), "what stands for {path}?");
            for accept in ["application/json", "text/html", "text/vcard", "*/*"] {
                let reply = Api::nobody(site).send("GET", &path, &[("Accept", accept)], b"");
                let body = String::from_utf8_lossy(&reply.body).into_owned();
                told.push((format!("{} {accept}", route.path), format!("{}\n{body}", reply.head)));
            }
        }
    }
    told
}

/// Fills both sections of the profile, and puts a photo; the photo's name.
fn fill(ada: &mut Api) -> String {
    for (section, fields) in MARKED {
        let mut body: Map<String, Value> =
            fields.iter().map(|(name, value)| ((*name).into(), json!(value))).collect();
        body.insert("version".into(), json!(0));
        ok(&ada.put(&format!("/api/profile/{section}"), &Value::Object(body)), 201);
    }
    let url = ok(&put_photo(ada), 200)["photo_url"].as_str().unwrap().to_owned();
    url.rsplit(['/', '.']).nth(1).unwrap().to_owned()
}

/// Choices of fields, and the fields that each shows: nothing chosen, all, none, and each alone.
fn choices() -> Vec<(Value, Vec<&'static str>)> {
    let unasked = ["full_name", "pronouns", "bio", "website", "designation", "company_name"];
    let every = |at: usize| MARKED[at].1.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let mut choices = vec![
        (json!({}), unasked.to_vec()),
        (json!({"personal": []}), unasked[4..].to_vec()),
        (json!({"professional": []}), unasked[..4].to_vec()),
        (json!({"personal": [], "professional": [], "links": []}), vec![]),
        (json!({"personal": every(0), "professional": every(1)}), [every(0), every(1)].concat()),
    ];
    for (at, (section, _)) in MARKED.iter().enumerate() {
        let other = MARKED[1 - at].0;
        let alone = |name| (json!({*section: [name], other: []}), vec![name]);
        choices.extend(every(at).into_iter().map(alone));
    }
    choices
}

#[test]
fn nothing_that_was_not_chosen_leaves_by_any_public_route() {
    let site = Site::start();
    let person = site.person("marked-display-name");
    let (mut ada, user) = (Api::of(&person), &person.user);
    let photo = fill(&mut ada);
    let link = json!({"platform": "web", "label": "marked-link", "url": "https://marked.example"});
    let made = ok(&ada.post("/api/cards", &json!({"name": "Shown", "links": [link]})), 201);
    let hidden = json!({"name": "marked-private", "slug": "hidden", "visibility": "private"});
    let private = ok(&ada.post("/api/cards", &hidden), 201);
    for card in [&made, &private] {
        let path = format!("/api/shares/share-of-the-card-{}", card["slug"].as_str().unwrap());
        ok(&ada.put(&path, &json!({"card_id": card["id"], "channel": "link"})), 201);
    }
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let secrets = [
        user.id.to_string(),
        user.email.clone(),
        user.display_name.clone(),
        person.token.clone(),
        text(&made["id"]),
        text(&made["links"][0]["id"]),
        text(&hidden["name"]),
    ];
    for (config, chosen) in choices() {
        self::person(&mut ada, &made, &config);
        let told = told_to_anybody(&site, &["shown", "hidden"], &user.handle, &photo);
        let (_, by_card) = told.iter().find(|(route, _)| route.contains("{slug}.json")).unwrap();
        for (name, marker) in MARKED.iter().flat_map(|(_, fields)| *fields) {
            let shown = chosen.contains(name);
            assert_eq!(by_card.contains(marker), shown, "{name} by {config}: {by_card}");
            let leak = told.iter().find(|(_, text)| !shown && text.contains(marker));
            assert_eq!(leak, None, "{name} by {config}");
        }
        for (route, text) in &told {
            let linked = config.get("links").is_none();
            assert!(linked || !text.contains("marked-link"), "{route} tells a link by {config}");
            let leak = secrets.iter().find(|secret| text.contains(*secret));
            assert_eq!(leak, None, "{route} by {config}: {text}");
        }
    }
}
