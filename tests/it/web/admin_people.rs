//! What an admin sees of people and does about them.

use super::{between, secret};
use crate::kit::{Api, Browser, ok, together};
use cardinal::testing::{Person, Site};
use serde_json::json;

fn page_of(person: &Person) -> String {
    format!("/admin/people/{}", person.user.id)
}

#[test]
fn people_are_listed_and_found() {
    let site = Site::start();
    let root = site.admin("Root");
    for name in ["Ada <script>", "Grace"] {
        site.person(name);
    }
    let mut browser = Browser::of(&site, &root);
    let page = browser.get("/admin/people").text();
    assert!(page.contains("Ada &lt;script&gt;") && page.contains("Grace"), "{page}");
    let found = browser.get("/admin/people?q=gRac").text();
    assert!(found.contains("Grace") && !found.contains("Ada &lt;"));
    assert!(browser.get("/admin/people?q=%25").text().contains("Nobody found"), "a sign is a sign");
    let next = browser.get("/admin/people?limit=1").text();
    assert!(next.contains("rel=\"next\""), "{next}");
    assert!(browser.reading("de").get("/admin/people").text().contains("Mitglied"));
}

#[test]
fn somebody_is_locked_out_and_let_in() {
    let site = Site::start();
    let (root, ada) = (site.admin("Root"), site.person("Ada"));
    let (mut browser, mut hers) = (Browser::of(&site, &root), Browser::of(&site, &ada));
    let path = format!("{}/enabled", page_of(&ada));
    assert_eq!(hers.get("/settings").status, 200);
    assert!(browser.submit_and_follow(&path, &[("enabled", "0")]).text().contains("Locked out"));
    assert_eq!(hers.get("/settings").status, 303);
    assert_eq!(Api::of(&ada).get("/api/me").status, 401);
    assert!(browser.submit_and_follow(&path, &[("enabled", "1")]).text().contains("Let in again."));
    assert_eq!(hers.get("/settings").status, 200);
    let own = browser.submit(&format!("{}/enabled", page_of(&root)), &[("enabled", "0")]);
    assert_eq!(own.status, 409, "nobody locks themselves out");
    assert_eq!(browser.get("/admin/people/none").status, 404);
    assert_eq!(browser.submit("/admin/people/none/enabled", &[("enabled", "0")]).status, 404);
}

#[test]
fn of_two_admins_who_lock_each_other_out_one_stays() {
    let site = Site::start();
    let admins = [site.admin("Root"), site.admin("Second")];
    let replies = together(2, |n| {
        let path = format!("{}/enabled", page_of(&admins[1 - n]));
        Browser::of(&site, &admins[n]).submit(&path, &[("enabled", "0")]).status
    });
    assert_eq!(replies.iter().filter(|status| **status == 303).count(), 1, "{replies:?}");
    let stays = admins.iter().filter(|admin| Api::of(admin).get("/api/admin/users").status == 200);
    assert_eq!(stays.count(), 1);
}

#[test]
fn a_role_is_chosen_and_the_last_admin_stays() {
    let site = Site::start();
    let (root, ada) = (site.admin("Root"), site.person("Ada"));
    let (mut browser, mut hers) = (Browser::of(&site, &root), Browser::of(&site, &ada));
    let path = format!("{}/role", page_of(&ada));
    assert_eq!(hers.get("/admin").status, 403);
    let done = browser.submit_and_follow(&path, &[("role", "admin")]).text();
    assert!(done.contains("Role saved.") && done.contains("value=\"admin\" selected"), "{done}");
    assert_eq!(hers.get("/admin").status, 200);
    let unknown = browser.submit(&path, &[("role", "owner")]);
    assert!(unknown.status == 422 && unknown.text().contains("id=\"role-fault\""));
    // Who steps down is led away from where nothing is to be seen any more.
    let own = format!("{}/role", page_of(&root));
    let down = browser.submit(&own, &[("role", "member")]);
    assert_eq!((down.status, down.header("Location")), (303, Some("/cards")));
    assert_eq!(browser.submit(&path, &[("role", "member")]).status, 403);
    let last = hers.submit(&path, &[("role", "member")]);
    assert!(last.status == 409 && last.text().contains("the last admin. Make"), "{}", last.text());
    assert_eq!(hers.submit("/admin/people/none/role", &[("role", "member")]).status, 404);
    assert!(hers.reading("de").get(&page_of(&ada)).text().contains("Rolle speichern"));
}

#[test]
fn a_reset_link_is_shown_once() {
    let site = Site::start();
    let (root, ada) = (site.admin("Root"), site.person("Ada"));
    let mut browser = Browser::of(&site, &root);
    let path = format!("{}/reset-link", page_of(&ada));
    let form = [("idempotency_key", "0123456789abcdef")];
    let link = secret(&browser.submit(&path, &form).text());
    let again = browser.submit(&path, &form).text();
    assert!(!again.contains(&link) && again.contains("shown once already"));
    let token = link.split_once("/reset?token=").unwrap().1;
    assert_eq!(Browser::nobody(&site).get(&format!("/reset?token={token}")).status, 200);
    assert_eq!(browser.submit("/admin/people/none/reset-link", &[]).status, 404);
}

#[test]
fn a_subscription_is_changed_at_its_version() {
    let site = Site::start();
    let (root, ada) = (site.admin("Root"), site.person("Ada"));
    let mut browser = Browser::of(&site, &root);
    let path = format!("{}/subscription", page_of(&ada));
    let asked = |tier, status, version| [("tier", tier), ("status", status), ("version", version)];
    let page = browser.submit_and_follow(&path, &asked("free", "paused", "1")).text();
    assert!(page.contains("Allows 5 cards and 2 webhooks now."), "{page}");
    let late = browser.submit(&path, &asked("standard", "active", "1"));
    assert!(
        late.status == 409 && late.text().contains("this was saved: “Paused”"),
        "{}",
        late.text()
    );
    let illegal = browser.submit(&path, &asked("free", "expired", "2"));
    assert!(illegal.status == 422 && illegal.text().contains("cannot come next"));
    assert_eq!(browser.submit(&path, &asked("gold", "active", "2")).status, 422);
    let none = browser.submit("/admin/people/none/subscription", &asked("free", "active", "1"));
    assert_eq!(none.status, 404);
    assert_eq!(ok(&Api::of(&ada).get("/api/subscription"), 200)["version"], 2);
}

#[test]
fn a_subscription_ends_on_a_day_and_at_a_time_of_it() {
    let site = Site::start();
    let (root, ada) = (site.admin("Root"), site.person("Ada"));
    let mut browser = Browser::of(&site, &root);
    let path = format!("{}/subscription", page_of(&ada));
    let asked = |day, time, version| {
        [
            ("tier", "standard"),
            ("status", "active"),
            ("expires_on", day),
            ("expires_time", time),
            ("version", version),
        ]
    };
    for (day, time, version, ends) in [
        ("2094-01-31", "", "1", json!("2094-01-31T23:59:59.000Z")),
        ("2094-01-31", "17:30", "2", json!("2094-01-31T17:30:00.000Z")),
        ("", "", "3", json!(null)),
    ] {
        let page = browser.submit_and_follow(&path, &asked(day, time, version)).text();
        for (field, kind, value) in [("expires_on", "date", day), ("expires_time", "time", time)] {
            let shown =
                format!("name=\"{field}\" type=\"{kind}\" autocomplete=\"off\" value=\"{value}\"");
            assert!(page.contains(&shown), "{shown}: {page}");
        }
        assert_eq!(ok(&Api::of(&ada).get("/api/subscription"), 200)["expires_at"], ends);
    }
    // What is wrong stands at its field, and what was typed stays.
    for (day, time, field, en, de) in [
        ("soon", "", "expires_on", "No day of the calendar", "Kein Tag des Kalenders"),
        ("2094-01-31", "25:00", "expires_time", "No time of the day", "Keine Uhrzeit"),
        ("", "08:00", "expires_on", "but no day", "fehlt der Tag"),
        ("2001-01-01", "", "expires_on", "This has passed", "Das ist vorbei"),
    ] {
        for (language, told) in [("en", en), ("de", de)] {
            let mut browser = Browser::of(&site, &root).reading(language);
            let refused = browser.submit(&path, &asked(day, time, "4"));
            let (status, page) = (refused.status, refused.text());
            let fault = between(&page, &format!("id=\"{field}-fault\">"), "<");
            assert!(status == 422 && fault.contains(told), "{status} {fault}");
            assert!(page.contains(&format!("value=\"{day}\"")), "{page}");
        }
    }
    let late = browser.submit(&path, &asked("2094-01-31", "", "1"));
    assert!(late.status == 409 && late.text().contains("without an end"), "{}", late.text());
}

#[test]
fn credits_are_given_once_however_often_the_form_is_sent() {
    let site = Site::start();
    let (root, ada) = (site.admin("Root"), site.person("Ada"));
    let path = format!("{}/credits", page_of(&ada));
    let page = Browser::of(&site, &root).get(&page_of(&ada)).text();
    let form = page.split(&format!("action=\"{path}\"")).nth(1).unwrap();
    let key = between(form, "name=\"idempotency_key\" value=\"", "\"");
    let given =
        [("amount", "250"), ("reason", "promotion"), ("memo", "Hi"), ("idempotency_key", key)];
    let replies = together(6, |_| Browser::of(&site, &root).submit(&path, &given).status);
    assert_eq!(replies, [303; 6]);
    assert_eq!(ok(&Api::of(&ada).get("/api/credits"), 200)["balance"], 250);
    let mut browser = Browser::of(&site, &root);
    for amount in ["0", "-1", "1.5", "many", "", "1000000000001"] {
        let form =
            [("amount", amount), ("reason", "other"), ("idempotency_key", "fedcba9876543210")];
        assert_eq!(browser.submit(&path, &form).status, 422, "{amount}");
    }
    let unkeyed = browser.submit(&path, &[("amount", "1"), ("reason", "other")]);
    assert_eq!(unkeyed.status, 400);
    let none = [("amount", "1"), ("reason", "other"), ("idempotency_key", "0000000000000000")];
    assert_eq!(browser.submit("/admin/people/none/credits", &none).status, 404);
}
