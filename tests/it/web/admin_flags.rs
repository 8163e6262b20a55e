//! The pages of feature flags.

use crate::kit::{Api, Browser, ok, together};
use cardinal::testing::Site;

#[test]
fn a_flag_is_made_changed_turned_and_told_of() {
    let site = Site::start();
    let root = site.admin("Root <b>");
    let mut browser = Browser::of(&site, &root);
    assert!(browser.get("/admin/flags").text().contains("registration"), "the built-in ones");
    assert_eq!(browser.get("/admin/flags/new").status, 200);
    let form = |key, percentage| {
        [("key", key), ("enabled", "1"), ("percentage", percentage), ("description", "\"<i>\"")]
    };
    let page = browser.submit_and_follow("/admin/flags", &form("new-editor", "25")).text();
    assert!(page.contains("On for 25 %") && page.contains("&quot;&lt;i&gt;&quot;"), "{page}");
    let taken = browser.submit("/admin/flags", &form("new-editor", "25"));
    assert!(taken.status == 422 && taken.text().contains("a flag of this name already"));
    for (key, percentage) in [("New Editor", "25"), ("", "25"), ("other", "101"), ("other", "half")]
    {
        assert_eq!(
            browser.submit("/admin/flags", &form(key, percentage)).status,
            422,
            "{key} {percentage}"
        );
    }
    let path = "/admin/flags/new-editor";
    let change = [("percentage", "50"), ("description", "all of it"), ("version", "1")];
    let page = browser.submit_and_follow(path, &change).text();
    assert!(page.contains("Version 2") && page.contains("enabled: true → false"), "{page}");
    assert!(page.contains("Root &lt;b&gt;"), "who did it");
    let late = browser.submit(path, &[("percentage", "75"), ("description", ""), ("version", "1")]);
    assert!(late.status == 409 && late.text().contains("this was saved: “50”"), "{}", late.text());
    assert!(
        browser
            .submit_and_follow("/admin/flags/new-editor/toggle", &[])
            .text()
            .contains("Version 3")
    );
    for path in ["/admin/flags/none", "/admin/flags/No%20Key"] {
        assert_eq!(browser.get(path).status, 404, "{path}");
        assert_eq!(browser.submit(&format!("{path}/toggle"), &[]).status, 404, "{path}");
    }
    assert!(browser.reading("de").get(path).text().contains("Fassung 3"));
}

#[test]
fn a_flag_is_set_apart_for_one_person() {
    let site = Site::start();
    let (root, ada) = (site.admin("Root"), site.person("Ada"));
    let mut browser = Browser::of(&site, &root);
    let form = [("key", "beta"), ("percentage", "0"), ("enabled", "1")];
    assert_eq!(browser.submit("/admin/flags", &form).status, 303);
    let rule = "/admin/flags/beta/overrides";
    let page =
        browser.submit_and_follow(rule, &[("email", &ada.user.email), ("enabled", "1")]).text();
    assert!(page.contains(&format!("href=\"/admin/people/{}\"", ada.user.id)), "{page}");
    let nobody = browser.submit(rule, &[("email", "nobody@example.org"), ("enabled", "1")]);
    assert!(nobody.status == 422 && nobody.text().contains("Nobody has this address"));
    assert!(nobody.text().contains("value=\"nobody@example.org\""));
    let id = ada.user.id.to_string();
    let page = browser.submit_and_follow(rule, &[("user", &id)]).text();
    assert!(!page.contains(&format!("href=\"/admin/people/{id}\"")), "{page}");
}

#[test]
fn a_form_sent_often_turns_a_flag_once() {
    let site = Site::start();
    let root = site.admin("Root");
    let mut browser = Browser::of(&site, &root);
    assert_eq!(
        browser.submit("/admin/flags", &[("key", "beta"), ("percentage", "100")]).status,
        303
    );
    let form = [("idempotency_key", "0123456789abcdef")];
    let replies =
        together(7, |_| Browser::of(&site, &root).submit("/admin/flags/beta/toggle", &form).status);
    assert_eq!(replies, [303; 7]);
    let flag = ok(&Api::of(&root).get("/api/flags/beta"), 200);
    assert_eq!((&flag["enabled"], &flag["version"]), (&true.into(), &2.into()));
}
