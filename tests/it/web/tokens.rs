//! The pages of API tokens.

use super::secret;
use crate::kit::{Api, Browser, ok};
use cardinal::testing::Site;

const FORM: [(&str, &str); 5] = [
    ("name", "Sync \"<b>\""),
    ("scopes", "cards:read"),
    ("scopes", "leads:read"),
    ("expires_in_days", "30"),
    ("idempotency_key", "0123456789abcdef"),
];

#[test]
fn a_token_is_made_shown_once_and_revoked() {
    let site = Site::start();
    let ada = site.person("Ada");
    let mut browser = Browser::of(&site, &ada);
    assert!(browser.get("/tokens/new").text().contains("Change your profile and your account"));
    let made = browser.submit("/tokens", &FORM);
    assert_eq!(made.status, 200);
    let token = secret(&made.text());
    ok(&Api::bearer(&site, &token).get("/api/cards"), 200);
    assert_eq!(Api::bearer(&site, &token).get("/api/credits").status, 403, "only what was ticked");
    // The same form again makes no second one and shows nothing.
    let again = browser.submit("/tokens", &FORM);
    assert_eq!((again.status, again.header("Idempotent-Replayed")), (200, Some("true")));
    assert!(!again.text().contains(&token) && again.text().contains("shown once already"));
    let page = browser.get("/tokens").text();
    assert_eq!(
        page.matches("Sync &quot;&lt;b&gt;&quot;").count(),
        2,
        "its name, and its button: {page}"
    );
    assert!(!page.contains(&token));
    let revoke = |page: &str| {
        let row = page.split("Sync &quot;").nth(1).unwrap();
        format!("/tokens/{}/revoke", super::between(row, "action=\"/tokens/", "/revoke\""))
    };
    let path = revoke(&page);
    assert_eq!(Browser::of(&site, &site.person("Eve")).submit(&path, &[]).status, 404);
    assert!(browser.submit_and_follow(&path, &[]).text().contains("The token is revoked."));
    assert_eq!(Api::bearer(&site, &token).get("/api/cards").status, 401);
    assert_eq!(browser.submit("/tokens/none/revoke", &[]).status, 404);
}

#[test]
fn a_form_with_faults_comes_back_with_all_of_it() {
    let site = Site::start();
    let mut ada = Browser::of(&site, &site.person("Ada"));
    let none = ada.submit("/tokens", &[("name", "Mine"), ("expires_in_days", "")]);
    assert!(none.status == 422 && none.text().contains("Tick at least one"), "{}", none.text());
    assert!(none.text().contains("value=\"Mine\""));
    for (name, value) in [("scopes", "root"), ("expires_in_days", "soon"), ("expires_in_days", "0")]
    {
        let form = [("name", "Mine"), ("scopes", "cards:read"), (name, value)];
        let refused = ada.submit("/tokens", &form);
        assert_eq!(refused.status, 422, "{name}={value}");
        assert!(
            refused
                .text()
                .contains("id=\"scopes-cards:read\" name=\"scopes\" value=\"cards:read\" checked")
        );
    }
    assert!(
        !ada.get("/tokens/new").text().contains("value=\"admin\""),
        "a member has no use for it"
    );
    assert!(ada.reading("de").get("/tokens").text().contains("API-Schlüssel"));
}
