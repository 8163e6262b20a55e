//! The page of a card as everybody sees it, and the form that exchanges contacts.

use crate::kit::{Api, Browser, card, ok, together};
use cardinal::testing::{Reply, Site};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::io::Read;

const TEMPLATES: [&str; 5] = [
    "personal-small",
    "personal-detailed",
    "professional-small",
    "professional-detailed",
    "custom",
];
const HOSTILE: &str = "<script>alert(1)</script>\"'&</style>";
const LEAD: [(&str, &str); 3] =
    [("name", "Grace"), ("email", "grace@example.org"), ("consent", "true")];

fn page(site: &Site, path: &str, accept: &[(&str, &str)]) -> Reply {
    let html = [("Accept", "text/html,*/*;q=0.8")];
    site.client().send("GET", path, &[&html, accept].concat(), b"").unwrap()
}

#[test]
fn each_template_shows_whatever_a_card_holds() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let personal = json!({"full_name": HOSTILE, "bio": HOSTILE.repeat(40), "version": 0});
    ok(&ada.put("/api/profile/personal", &personal), 201);
    let work = json!({"company_name": HOSTILE, "office_hours": HOSTILE, "version": 0});
    ok(&ada.put("/api/profile/professional", &work), 201);
    let link = json!({"platform": "shop", "label": HOSTILE, "url": "https://a.example/?a=\"<b>&c"});
    for template in TEMPLATES {
        for links in [vec![], vec![link.clone(); 50]] {
            let new = json!({
                "name": HOSTILE, "template_type": template, "links": links,
                "design_config": {"primary_color": "#fefefe", "font": "serif", "layout": "horizontal"},
            });
            let slug = ok(&ada.post("/api/cards", &new), 201)["slug"].as_str().unwrap().to_owned();
            let reply = page(&site, &format!("/c/{slug}"), &[]);
            let text = reply.text();
            assert_eq!(reply.status, 200, "{template}");
            assert!(!text.contains("<script>alert") && !text.contains("</style>\"'"), "{template}");
            assert_eq!((text.matches("<h1").count(), text.matches("<main").count()), (1, 1));
            assert_eq!(text.matches("</style>").count(), 1, "{template}");
            assert!(!text.contains(" style=") && !text.contains(" onclick"), "{template}");
            let policy = reply.header("Content-Security-Policy").unwrap();
            assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"));
            assert_eq!(text.matches("rel=\"me noopener nofollow ugc\"").count(), links.len());
        }
    }
}

#[test]
fn a_card_is_mirrored_as_a_whole_or_not_at_all() {
    let site = Site::start();
    let mut layla = Api::of(&site.person("Layla"));
    for template in TEMPLATES {
        for (name, dir) in [("ليلى العامري", " dir=\"rtl\""), ("李雷", ""), ("Ada ليلى", "")]
        {
            let new = json!({"name": name, "template_type": template});
            let slug =
                ok(&layla.post("/api/cards", &new), 201)["slug"].as_str().unwrap().to_owned();
            let text = page(&site, &format!("/c/{slug}"), &[]).text();
            let head = text.split("<article").nth(1).unwrap().split('>').next().unwrap();
            assert!(head.ends_with(&format!("c-9f233b\"{dir}")), "{head}");
            assert!(!text.contains("<div class=\"top\" dir"), "{text}");
            assert!(
                text.contains("/contact\" dir=\"ltr\""),
                "its form is in the page's words: {text}"
            );
        }
    }
}

#[test]
fn a_page_is_for_browsers_and_json_for_everybody_else() {
    let site = Site::start();
    card(&mut Api::of(&site.person("Ada")), "Ada");
    let html = page(&site, "/c/ada", &[]);
    assert_eq!(html.header("Content-Type"), Some("text/html; charset=utf-8"));
    let vary = html.header("Vary").unwrap();
    assert!(["Accept,", "Accept-Language", "Accept-Encoding"].iter().all(|f| vary.contains(f)));
    for accept in ["application/json", "*/*", "text/html;q=0.1, application/json"] {
        let reply = Api::nobody(&site).send("GET", "/c/ada", &[("Accept", accept)], b"");
        assert_eq!(reply.header("Content-Type"), Some("application/json"), "{accept}");
    }
    assert_eq!(page(&site, "/c/nobody", &[]).header("Content-Type"), html.header("Content-Type"));
    let german = page(&site, "/c/ada", &[("Accept-Language", "de")]);
    assert!(german.text().contains("Kontakt speichern") && german.text().contains("lang=\"de\""));
    assert_ne!(german.header("ETag"), html.header("ETag"));
}

#[test]
fn a_page_is_one_small_document() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    ok(
        &ada.put(
            "/api/profile/personal",
            &json!({"full_name": "Ada", "bio": "x y ".repeat(99), "version": 0}),
        ),
        201,
    );
    for template in TEMPLATES {
        let new = json!({"name": template, "template_type": template});
        let slug = ok(&ada.post("/api/cards", &new), 201)["slug"].as_str().unwrap().to_owned();
        let plain = page(&site, &format!("/c/{slug}"), &[]);
        let packed = page(&site, &format!("/c/{slug}"), &[("Accept-Encoding", "gzip")]);
        assert_eq!(packed.header("Content-Encoding"), Some("gzip"));
        assert!(
            packed.body.len() + packed.head.len() < 14_000,
            "{template}: {}",
            packed.body.len()
        );
        assert_ne!(plain.header("ETag"), packed.header("ETag"));
        let mut text = String::new();
        GzDecoder::new(&*packed.body).read_to_string(&mut text).unwrap();
        assert_eq!(text, plain.text());
        for loads in ["<link rel=\"stylesheet\"", "<script src", "<iframe", "@import", "url("] {
            assert!(!text.contains(loads), "{template} loads {loads}");
        }
    }
}

#[test]
fn a_page_is_never_of_yesterday() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = card(&mut ada, "Ada");
    let path = format!("/api/cards/{}", made["id"].as_str().unwrap());
    // Readers fill what is kept while the owner changes it; who has been answered sees no older one afterwards.
    let site = &site;
    let changes = |api: &mut Api, n: usize| {
        let patch = json!({"name": format!("Ada {n}"), "version": n});
        ok(&api.patch(&path, &patch), 200);
        let text = page(site, "/c/ada", &[]).text();
        assert!(text.contains(&format!("Ada {n}")), "an older page was told after change {n}");
    };
    let ada = parking_lot::Mutex::new(ada);
    together(4, |n| match n {
        0 => (1..=20).for_each(|n| changes(&mut ada.lock(), n)),
        _ => (0..20).for_each(|_| assert_eq!(page(site, "/c/ada", &[]).status, 200)),
    });
    let tag = page(site, "/c/ada", &[]).header("ETag").unwrap().to_owned();
    assert_eq!(page(site, "/c/ada", &[("If-None-Match", &tag)]).status, 304);
}

#[test]
fn machines_are_told_who_it_is() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = card(&mut ada, "Ada");
    let named = json!({"full_name": "Ada </script> Lovelace", "version": 0});
    ok(&ada.put("/api/profile/personal", &named), 201);
    let text = page(&site, "/c/ada", &[]).text();
    let data = text.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    let data: Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    assert_eq!(data["mainEntity"]["name"], "Ada </script> Lovelace");
    assert!(data["mainEntity"].get("email").is_none(), "{data}");
    let url = format!("http://{}/c/ada", site.address());
    assert!(text.contains(&format!("<link rel=\"canonical\" href=\"{url}\">")));
    assert!(text.contains(&format!("property=\"og:image\" content=\"{url}/og.png?v=")));
    assert!(!text.contains("noindex"));
    let path = format!("/api/cards/{}", made["id"].as_str().unwrap());
    ok(&ada.patch(&path, &json!({"visibility": "unlisted", "version": 1})), 200);
    let unlisted = page(&site, "/c/ada", &[]);
    assert!(unlisted.text().contains("noindex, nofollow"));
    assert_eq!(unlisted.header("X-Robots-Tag"), Some("noindex, nofollow"));
    ok(&ada.patch(&path, &json!({"visibility": "private", "version": 2})), 200);
    assert_eq!(page(&site, "/c/ada", &[]).status, 404);
}

#[test]
fn a_contact_is_left_once_however_often_it_is_sent() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    card(&mut ada, "Ada");
    assert!(page(&site, "/c/ada", &[]).text().contains("action=\"/c/ada/contact\""));
    together(8, |_| {
        let done = Browser::nobody(&site).submit("/c/ada/contact", &LEAD);
        assert_eq!((done.status, done.header("Location")), (303, Some("/c/ada/contact?note=sent")));
    });
    let leads = ok(&ada.get("/api/leads"), 200);
    assert_eq!(leads["items"].as_array().unwrap().len(), 1, "{leads}");
    let thanks = Browser::nobody(&site).get("/c/ada/contact?note=sent");
    assert!(thanks.text().contains("Thank you") && thanks.text().contains("/c/ada.vcf"));
    let german = Browser::nobody(&site).reading("de").get("/c/ada/contact");
    assert!(german.text().contains("Kontakt austauschen"), "{}", german.text());
}

#[test]
fn what_is_wrong_with_a_contact_stands_at_its_field() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    card(&mut ada, "Ada");
    let mut nobody = Browser::nobody(&site);
    for (fields, marked) in [
        (vec![("name", HOSTILE), ("email", "nowhere"), ("consent", "true")], "email-fault"),
        (vec![("name", HOSTILE), ("email", "g@example.org")], "consent-fault"),
        (vec![("name", ""), ("email", "g@example.org"), ("consent", "true")], "name-fault"),
    ] {
        let reply = nobody.submit("/c/ada/contact", &fields);
        let text = reply.text();
        assert_eq!(reply.status, 422, "{text}");
        assert!(
            text.contains(&format!("id=\"{marked}\"")) && !text.contains("<script>alert"),
            "{text}"
        );
    }
    let long = "x".repeat(65_536);
    let much = [("name", "G"), ("email", "g@example.org"), ("consent", "true"), ("message", &long)];
    assert_eq!(nobody.submit("/c/ada/contact", &much).status, 422);
    // A program fills in what no person sees, and is told nothing of it.
    let trapped = [&LEAD[..], &[("homepage", "https://spam.example")]].concat();
    assert_eq!(nobody.submit("/c/ada/contact", &trapped).status, 303);
    assert_eq!(ok(&ada.get("/api/leads"), 200)["items"], json!([]));
    assert_eq!(nobody.submit("/c/nobody/contact", &LEAD).status, 404);
}

#[test]
fn the_switch_takes_the_form_away() {
    let site = Site::start();
    card(&mut Api::of(&site.person("Ada")), "Ada");
    assert!(page(&site, "/c/ada", &[]).text().contains("/c/ada/contact"));
    let mut admin = Api::of(&site.admin("Root"));
    ok(&admin.put("/api/flags/leads-form", &json!({"enabled": false, "percentage": 100})), 201);
    assert!(!page(&site, "/c/ada", &[]).text().contains("/c/ada/contact"));
    let mut nobody = Browser::nobody(&site);
    assert_eq!(nobody.get("/c/ada/contact").status, 403);
    let refused = nobody.submit("/c/ada/contact", &LEAD);
    assert!(refused.status == 403 && refused.text().contains("grace@example.org"), "it is kept");
}
