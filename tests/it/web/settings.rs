//! Settings: the account, the password, how pages are to be, and the end of the account.

use crate::kit::{Api, Browser, ok, together};
use cardinal::testing::Site;
use serde_json::json;

const PASSWORD: &str = "correct horse battery staple";
const BETTER: &str = "four other words in a row";

/// A site and a browser in which Ada is signed in, by her password.
fn signed_in() -> (Site, Browser) {
    let site = Site::start();
    site.admin("Root");
    let mut ada = Browser::nobody(&site);
    let fields = [
        ("display_name", "Ada"),
        ("handle", "ada"),
        ("email", "ada@example.org"),
        ("password", PASSWORD),
    ];
    assert_eq!(ada.submit("/register", &fields).status, 303);
    (site, ada)
}

#[test]
fn the_page_leads_on_and_speaks_german() {
    let (site, mut ada) = signed_in();
    let page = ada.get("/settings").text();
    for place in ["/sessions", "/tokens", "/webhooks", "/saved", "/credits", "/progress"] {
        assert!(page.contains(&format!("href=\"{place}\"")), "{place}");
    }
    assert!(!page.contains("href=\"/admin\""), "a member is not led to what is for admins");
    let root = Browser::of(&site, &site.admin("Second")).get("/settings").text();
    assert!(root.contains("href=\"/admin\""));
    let german = ada.reading("de").get("/settings").text();
    assert!(german.contains("Barrierefreiheit") && german.contains("Konto löschen"), "{german}");
}

#[test]
fn name_and_handle_are_changed_at_their_version() {
    let (site, mut ada) = signed_in();
    let change = [("display_name", "Ada \"<b>\" L"), ("handle", "ada-l"), ("version", "1")];
    let page = ada.submit_and_follow("/settings/account", &change).text();
    assert!(page.contains("Saved.") && page.contains("Ada &quot;&lt;b&gt;&quot; L"), "{page}");
    // The same form again changes nothing and says so.
    assert_eq!(ada.submit("/settings/account", &change).status, 303);
    // Somebody at an older version gets both, and puts theirs in its place by saving again.
    let late = [("display_name", "Countess"), ("handle", "ada-l"), ("version", "1")];
    let refused = ada.submit("/settings/account", &late);
    assert_eq!(refused.status, 409);
    let page = refused.text();
    assert!(page.contains("value=\"Countess\"") && page.contains("name=\"version\" value=\"2\""));
    assert!(page.contains("this was saved: “Ada &quot;&lt;b&gt;&quot; L”"), "{page}");
    let again = [("display_name", "Countess"), ("handle", "ada-l"), ("version", "2")];
    assert_eq!(ada.submit("/settings/account", &again).status, 303);
    let eve = site.person("Eve");
    let taken = [("display_name", "Eve"), ("handle", "ada-l"), ("version", "1")];
    let refused = Browser::of(&site, &eve).submit("/settings/account", &taken);
    assert!(refused.status == 422 && refused.text().contains("Somebody has this handle"));
    let long = "x".repeat(65_536);
    let wrong = [("display_name", long.as_str()), ("handle", "<>"), ("version", "3")];
    assert_eq!(ada.submit("/settings/account", &wrong).status, 422);
}

#[test]
fn of_two_tabs_one_changes_the_account() {
    let site = Site::start();
    let ada = site.person("Ada");
    let replies = together(8, |n| {
        let name = format!("Ada {n}");
        let change = [("display_name", name.as_str()), ("handle", "ada"), ("version", "1")];
        Browser::of(&site, &ada).submit("/settings/account", &change).status
    });
    let count = |status: u16| replies.iter().filter(|found| **found == status).count();
    assert_eq!((count(303), count(409)), (1, 7), "{replies:?}");
    assert_eq!(ok(&Api::of(&ada).get("/api/me"), 200)["version"], 2);
}

#[test]
fn a_password_is_changed_and_ends_the_other_logins() {
    let (site, mut ada) = signed_in();
    let mut other = Browser::nobody(&site);
    let login = [("email", "ada@example.org"), ("password", PASSWORD)];
    assert_eq!(other.submit("/login", &login).status, 303);
    let change =
        |current, new| [("current_password", current), ("new_password", new), ("username", "ada")];
    let wrong = ada.submit("/settings/password", &change("not this one, surely", BETTER));
    assert!(wrong.status == 422 && wrong.text().contains("not your current password"));
    assert!(!wrong.text().contains(BETTER), "a password is never sent back");
    let weak = ada.submit("/settings/password", &change(PASSWORD, "short"));
    assert!(weak.status == 422 && weak.text().contains("new_password-fault"), "{}", weak.text());
    assert_eq!(other.get("/settings").status, 200);
    let done = ada.submit_and_follow("/settings/password", &change(PASSWORD, BETTER));
    assert!(done.text().contains("Your password is changed"));
    assert_eq!(other.get("/settings").status, 303, "the other login has ended");
    let none = Browser::of(&site, &site.person("Eve"))
        .submit("/settings/password", &change(PASSWORD, BETTER));
    assert!(none.status == 422 && none.text().contains("no password yet"));
}

#[test]
fn pages_are_as_one_needs_them() {
    let (_site, mut ada) = signed_in();
    let needs =
        [("high_contrast", "1"), ("dyslexia_font", "1"), ("text_scale", "1.5"), ("version", "0")];
    let page = ada.submit_and_follow("/settings/accessibility", &needs).text();
    assert!(
        page.contains("data-contrast=\"high\" data-font=\"dyslexia\" data-scale=\"150\""),
        "{page}"
    );
    // A form of before is shown with what stands, not taken over it.
    let late = ada.submit("/settings/accessibility", &[("text_scale", "1"), ("version", "0")]);
    assert_eq!(late.status, 409);
    let wrong = [("text_scale", "9"), ("version", "1")];
    assert_eq!(ada.submit("/settings/accessibility", &wrong).status, 422);
    assert!(ada.get("/tokens").text().contains("data-contrast=\"high\""), "on every page");
    let back = [("text_scale", "1"), ("version", "1")];
    let page = ada.submit_and_follow("/settings/accessibility", &back).text();
    assert!(!page.contains("data-contrast") && !page.contains("data-scale"));
}

/// Who has no use for keys of one character is not told of any.
#[test]
fn keys_of_one_character_are_turned_off() {
    let (_site, mut ada) = signed_in();
    let inbox = ada.get("/leads").text();
    assert!(inbox.contains("id=\"keys\"") && inbox.contains("href=\"/settings#accessibility\""));
    let needs = [("no_character_keys", "1"), ("text_scale", "1"), ("version", "0")];
    let page = ada.submit_and_follow("/settings/accessibility", &needs).text();
    assert!(page.contains("id=\"accessibility\"") && page.contains(" data-keys=\"off\""), "{page}");
    let inbox = ada.get("/leads").text();
    assert!(inbox.contains(" data-keys=\"off\"") && !inbox.contains("id=\"keys\""), "{inbox}");
    let back = [("text_scale", "1"), ("version", "1")];
    assert_eq!(ada.submit("/settings/accessibility", &back).status, 303);
    assert!(!ada.get("/leads").text().contains("data-keys=\"off\""));
}

#[test]
fn an_account_is_deleted_only_by_its_handle() {
    let (site, mut ada) = signed_in();
    let wrong = ada.submit("/settings/delete", &[("confirm", "eve"), ("version", "1")]);
    assert!(wrong.status == 422 && wrong.text().contains("not your handle"));
    let stale = ada.submit("/settings/delete", &[("confirm", "ada"), ("version", "7")]);
    assert_eq!(stale.status, 409);
    let gone = ada.submit("/settings/delete", &[("confirm", " Ada "), ("version", "1")]);
    assert_eq!((gone.status, gone.header("Location")), (303, Some("/")));
    assert_eq!(ada.get("/settings").header("Location"), Some("/login?next=%2Fsettings"));
    let root = site.admin("Second");
    for person in ok(&Api::of(&root).get("/api/admin/users"), 200)["items"].as_array().unwrap() {
        assert_ne!(person["email"], json!("ada@example.org"));
    }
}

#[test]
fn the_last_admin_stays() {
    let site = Site::start();
    let root = site.admin("Root");
    site.person("Ada");
    let fields = [("confirm", root.user.handle.as_str()), ("version", "1")];
    let refused = Browser::of(&site, &root).submit("/settings/delete", &fields);
    assert!(
        refused.status == 422 && refused.text().contains("the last admin"),
        "{}",
        refused.text()
    );
    assert_eq!(Browser::of(&site, &root).get("/settings").status, 200);
}
