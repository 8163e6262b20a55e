//! Requests for an invite and codes, as admins see them.

use super::{between, secret};
use crate::kit::{Browser, together};
use cardinal::config::Registration;
use cardinal::testing::Site;

fn site_with_request() -> Site {
    let site = Site::with(|config| config.registration = Registration::Invite);
    let form = [("name", "Ada <b>"), ("email", "ada@example.org"), ("motivation", "Cards & more")];
    assert_eq!(Browser::nobody(&site).submit("/invite", &form).status, 303);
    site
}

/// Where the only request is decided.
fn request(browser: &mut Browser) -> String {
    let page = browser.get("/admin/invites").text();
    assert!(page.contains("Ada &lt;b&gt;") && page.contains("Cards &amp; more"), "{page}");
    let id = between(&page, "action=\"/admin/invites/requests/", "/");
    format!("/admin/invites/requests/{id}")
}

#[test]
fn of_admins_who_decide_at_once_one_does() {
    let site = site_with_request();
    let admins: Vec<_> = (0..6).map(|n| site.admin(&format!("Admin {n}"))).collect();
    let path = request(&mut Browser::of(&site, &admins[0]));
    let replies = together(6, |n| {
        let verb = if n % 2 == 0 { "approve" } else { "reject" };
        let reply = Browser::of(&site, &admins[n]).submit(&format!("{path}/{verb}"), &[]);
        (reply.status, reply.text())
    });
    let decided = replies.iter().filter(|(status, _)| matches!(status, 200 | 303)).count();
    assert_eq!(decided, 1);
    for (_, page) in replies.iter().filter(|(status, _)| *status == 409) {
        assert!(page.contains("decided this before you"), "{page}");
    }
    let page = Browser::of(&site, &admins[0]).get("/admin/invites").text();
    assert!(page.contains("Nobody is waiting") && page.contains("Decided: 1"), "{page}");
}

#[test]
fn a_code_is_made_shown_once_used_and_withdrawn() {
    let site = site_with_request();
    let mut root = Browser::of(&site, &site.admin("Root"));
    let approve = format!("{}/approve", request(&mut root));
    let code = secret(&root.submit(&approve, &[]).text());
    let account = [
        ("display_name", "Ada"),
        ("email", "ada@example.org"),
        ("password", "correct horse battery staple"),
        ("invite_code", code.as_str()),
    ];
    assert_eq!(Browser::nobody(&site).submit("/register", &account).status, 303);
    let form = [
        ("max_uses", "3"),
        ("expires_in_days", "7"),
        ("note", "Bremen"),
        ("idempotency_key", "aaaaaaaaaaaaaaaa"),
    ];
    let made = secret(&root.submit("/admin/invites", &form).text());
    assert!(!root.submit("/admin/invites", &form).text().contains(&made));
    let page = root.get("/admin/invites").text();
    assert!(page.contains("Bremen") && page.contains("0 / 3") && page.contains("1 / 1"), "{page}");
    for (name, value) in [("max_uses", "0"), ("max_uses", "x"), ("expires_in_days", "999")] {
        let refused = root.submit("/admin/invites", &[("note", "mine"), (name, value)]);
        assert!(
            refused.status == 422 && refused.text().contains("value=\"mine\""),
            "{name}={value}"
        );
    }
    let row = page.split("Bremen").nth(1).unwrap();
    let path = format!("/admin/invites/{}/withdraw", between(row, "action=\"/admin/invites/", "/"));
    assert!(root.submit_and_follow(&path, &[]).text().contains("Withdrawn."));
    assert_eq!(root.submit(&path, &[]).status, 404);
    for path in [
        "/admin/invites/none/withdraw",
        "/admin/invites/requests/none/approve",
        "/admin/invites/requests/none/reject",
    ] {
        assert_eq!(root.submit(path, &[]).status, 404, "{path}");
    }
    assert!(root.reading("de").get("/admin/invites").text().contains("Niemand wartet"));
}
