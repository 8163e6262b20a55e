//! The pages of webhooks.

use super::{between, secret};
use crate::kit::receiver::Receiver;
use crate::kit::{Api, Browser, expect, ok};
use cardinal::clock::{Instant, Stop};
use cardinal::testing::Site;
use std::time::Duration;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const GONE: &str = "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

fn site() -> Site {
    Site::with(|config| config.webhooks.allowed = vec!["127.0.0.0/8".parse().unwrap()])
}

/// Makes an endpoint by the form; where its page is, and its secret.
#[track_caller]
fn made(browser: &mut Browser, url: &str) -> (String, String) {
    let form = [
        ("url", url),
        ("events", "lead.created"),
        ("events", "card.updated"),
        ("description", "CRM"),
    ];
    let page = browser.submit("/webhooks", &form).text();
    (format!("/webhooks/{}", between(&page, "href=\"/webhooks/", "\"")), secret(&page))
}

#[test]
fn an_endpoint_is_made_tested_changed_and_deleted() {
    let site = site();
    let mut ada = Browser::of(&site, &site.person("Ada"));
    let receiver = Receiver::start(&[OK]);
    assert!(ada.get("/webhooks").text().contains("No webhooks yet"));
    assert!(ada.get("/webhooks/new").text().contains("A lead comes in"));
    let (page, whsec) = made(&mut ada, &receiver.url);
    assert!(whsec.starts_with("whsec_"));
    assert!(ada.get("/webhooks").text().contains(&receiver.url));
    assert!(ada.submit_and_follow(&format!("{page}/test"), &[]).text().contains("On its way."));
    assert!(receiver.next().body.contains("ping"));
    // Changed at its version, paused, and on again.
    let change = [
        ("url", receiver.url.as_str()),
        ("events", "lead.claimed"),
        ("description", "<i>"),
        ("version", "1"),
    ];
    assert!(ada.submit_and_follow(&page, &change).text().contains("&lt;i&gt;"));
    let late = [
        ("url", receiver.url.as_str()),
        ("events", "lead.claimed"),
        ("description", "mine"),
        ("version", "1"),
    ];
    let refused = ada.submit(&page, &late);
    assert!(refused.status == 409 && refused.text().contains("value=\"mine\""));
    assert!(refused.text().contains("this was saved: “&lt;i&gt;”"));
    let paused =
        ada.submit_and_follow(&format!("{page}/active"), &[("active", "0"), ("version", "2")]);
    assert!(paused.text().contains("Paused"));
    assert_eq!(
        ada.submit(&format!("{page}/active"), &[("active", "1"), ("version", "2")]).status,
        409
    );
    let rotated = ada.submit(&format!("{page}/rotate"), &[]);
    assert_ne!(secret(&rotated.text()), whsec);
    let version = between(&ada.get(&page).text(), "name=\"version\" value=\"", "\"").to_owned();
    let gone = ada.submit_and_follow(&format!("{page}/delete"), &[("version", &version)]);
    assert!(gone.text().contains("The webhook is deleted."));
    assert_eq!(ada.get(&page).status, 404);
}

#[test]
fn what_is_wrong_or_not_ones_own_is_refused() {
    let site = site();
    let (ada, eve) = (site.person("Ada"), site.person("Eve"));
    let (mut browser, mut other) = (Browser::of(&site, &ada), Browser::of(&site, &eve));
    for (url, event) in [
        ("ftp://example.org", "lead.created"),
        ("https://user:x@example.org/", "lead.created"),
        ("https://example.org/", "no.such"),
        ("", "lead.created"),
    ] {
        let refused = browser.submit("/webhooks", &[("url", url), ("events", event)]);
        assert_eq!(refused.status, 422, "{url} {event}");
    }
    let none = browser.submit("/webhooks", &[("url", "https://example.org/")]);
    assert!(none.status == 422 && none.text().contains("value=\"https://example.org/\""));
    let (page, _) = made(&mut browser, "https://example.org/hook");
    assert_eq!(other.get(&page).status, 404);
    for verb in ["active", "rotate", "test", "delete", "deliveries/none/retry"] {
        assert_eq!(
            other.submit(&format!("{page}/{verb}"), &[("version", "1")]).status,
            404,
            "{verb}"
        );
    }
    assert_eq!(browser.submit(&format!("{page}/deliveries/none/retry"), &[]).status, 404);
    assert_eq!(browser.submit("/webhooks/none/deliveries/none/retry", &[]).status, 404);
    assert_eq!(browser.get("/webhooks/none").status, 404);
    for (path, verb) in [
        ("/webhooks/none/active", "0"),
        ("/webhooks/none/rotate", ""),
        ("/webhooks/none/test", ""),
        ("/webhooks/none/delete", "1"),
    ] {
        assert_eq!(browser.submit(path, &[("active", verb)]).status, 404, "{path}");
    }
    assert!(browser.reading("de").get("/webhooks").text().contains("Webhook anlegen"));
    assert_eq!(ok(&Api::of(&ada).get("/api/webhooks"), 200)["items"][0]["version"], 1);
}

#[test]
fn an_admin_sees_everybodys_and_what_was_delivered() {
    let site = site();
    let (root, ada, eve) = (site.admin("Root"), site.person("Ada <b>"), site.person("Eve"));
    let mut admin = Browser::of(&site, &root);
    assert!(admin.get("/admin/webhooks").text().contains("No webhooks yet"));
    let receiver = Receiver::start(&[GONE]);
    let (gone, _) = made(&mut Browser::of(&site, &ada), &receiver.url);
    let (well, _) = made(&mut Browser::of(&site, &eve), "https://example.org/hook");
    assert!(admin.get("/admin/webhooks?failing=true").text().contains("None fails"));
    assert_eq!(Browser::of(&site, &ada).submit(&format!("{gone}/test"), &[]).status, 303);
    receiver.next();
    let (begun, nobody) = (Instant::now(), Stop::default());
    let failing = loop {
        let told = ok(&Api::of(&root).get("/api/admin/webhooks?failing=true"), 200);
        if told["items"][0]["failed"] == 1 {
            break told["items"].clone();
        }
        assert!(begun.elapsed() < crate::program::PATIENCE, "{told}");
        nobody.wait(Duration::from_millis(5));
    };
    assert_eq!(failing.as_array().unwrap().len(), 1);
    assert_eq!(failing[0]["owner"]["display_name"], "Ada <b>");
    assert_eq!(
        (&failing[0]["webhook"]["ended_for"], &failing[0]["pending"]),
        (&"gone".into(), &0.into())
    );
    let page = admin.get("/admin/webhooks").text();
    assert!(page.contains("Ada &lt;b&gt;") && page.contains("Eve"), "{page}");
    assert!(admin.get("/admin/webhooks?limit=1").text().contains("rel=\"next\""));
    let page = admin.get("/admin/webhooks?failing=true").text();
    assert!(page.contains("Ended: the receiver said it is gone") && !page.contains("Eve"));
    let page = admin.get(&format!("/admin{gone}")).text();
    assert!(page.contains("<code>ping</code>") && page.contains("it answered that it is gone"));
    assert!(!page.contains("/retry"), "what to do about it is its owner's");
    let log = format!("/api/admin{gone}/deliveries");
    let log = ok(&Api::of(&root).get(&log), 200);
    assert_eq!(
        (&log["items"][0]["type"], &log["items"][0]["status"]),
        (&"ping".into(), &410.into())
    );
    // A member sees the own, and an admin changes nothing of somebody else's.
    expect(&Api::of(&ada).get("/api/admin/webhooks"), 403, "forbidden");
    assert_eq!(admin.submit(&format!("{well}/delete"), &[("version", "1")]).status, 404);
    assert_eq!(admin.get("/admin/webhooks/none").status, 404);
    expect(&Api::of(&root).get("/api/admin/webhooks/none/deliveries"), 404, "not-found");
    let german = admin.reading("de").get("/admin/webhooks").text();
    assert!(german.contains("Nur gestörte zeigen"), "{german}");
}

#[test]
fn the_tier_bounds_how_many_there_are() {
    let site = Site::with(|config| config.default_tier = "free".into());
    let ada = site.person("Ada");
    let replies = crate::kit::together(6, |n| {
        let url = format!("https://example.org/{n}");
        let form = [("url", url.as_str()), ("events", "lead.created")];
        Browser::of(&site, &ada).submit("/webhooks", &form).status
    });
    let count = |status: u16| replies.iter().filter(|found| **found == status).count();
    assert_eq!((count(200), count(422)), (2, 4), "{replies:?}");
}
