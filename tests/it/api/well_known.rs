//! `GET /.well-known/security.txt` and `GET /robots.txt`.

use crate::kit::{Api, expect};
use cardinal::clock::Millis;
use cardinal::testing::Site;

#[test]
fn there_is_no_contact_until_the_operator_names_one() {
    let site = Site::start();
    expect(&Api::nobody(&site).get("/.well-known/security.txt"), 404, "not-found");
}

#[test]
fn a_contact_is_told_with_an_end() {
    let site = Site::at(Millis(1_800_000_000_000), |config| {
        config.public_url = Some("https://cards.example.org".into());
        config.security_contacts =
            vec!["mailto:security@example.org".into(), "https://example.org/report".into()];
    });
    let reply = Api::nobody(&site).get("/.well-known/security.txt");
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("Content-Type"), Some("text/plain; charset=utf-8"));
    assert_eq!(
        reply.text(),
        "Contact: mailto:security@example.org\nContact: https://example.org/report\n\
         Expires: 2027-07-14T00:00:00.000Z\n\
         Canonical: https://cards.example.org/.well-known/security.txt\n"
    );
}

#[test]
fn crawlers_are_led_to_cards_and_nowhere_else() {
    let reply = Api::nobody(&Site::start()).get("/robots.txt");
    assert_eq!(reply.status, 200);
    let text = reply.text();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("User-agent: *"));
    let rules: Vec<(&str, &str)> = lines.map(|line| line.split_once(": ").unwrap()).collect();
    // RFC 9309: the longest rule that fits decides.
    let may = |path: &str| {
        let fitting = rules.iter().filter(|(_, prefix)| path.starts_with(prefix));
        fitting.max_by_key(|(_, prefix)| prefix.len()).is_none_or(|(verb, _)| *verb == "Allow")
    };
    for path in ["/c/ada", "/c/ada.vcf", "/u/ada", "/photos/x.jpg", "/assets/style.css"] {
        assert!(may(path), "{path}");
    }
    for path in ["/", "/t/abc", "/api/cards", "/login", "/cards", "/metrics", "/setup"] {
        assert!(!may(path), "{path}");
    }
}
