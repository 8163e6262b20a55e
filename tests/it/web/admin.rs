//! The admin's first page: the figures, and a copy of the database.

use crate::kit::{Api, Browser, card, ok, together};
use cardinal::clock::Clock;
use cardinal::config::Config;
use cardinal::domain::users;
use cardinal::error::Error;
use cardinal::store::Store;
use cardinal::testing::{Reply, Site};
use serde_json::json;

/// Pages that are the admins' alone.
const PAGES: &[&str] = &[
    "/admin",
    "/admin/people",
    "/admin/invites",
    "/admin/flags",
    "/admin/flags/new",
    "/admin/jobs",
];

#[test]
fn members_see_nothing_of_it_and_nobody_signs_in_first() {
    let site = Site::start();
    site.admin("Root");
    let mut ada = Browser::of(&site, &site.person("Ada"));
    for page in PAGES {
        let refused = ada.get(page);
        assert_eq!(refused.status, 403, "{page}");
        assert!(refused.text().contains("Your account may not do this."), "{page}");
        assert_eq!(Browser::nobody(&site).get(page).status, 303, "{page}");
    }
    for path in ["/admin/backup", "/admin/flags", "/admin/invites"] {
        assert_eq!(ada.submit(path, &[]).status, 403, "{path}");
    }
}

#[test]
fn the_figures_are_told_with_their_thresholds() {
    let site = Site::start();
    let root = site.admin("Root");
    let mut browser = Browser::of(&site, &root);
    assert!(browser.get("/admin").text().contains("Nothing to measure yet. Worry below 95 %."));
    let mut api = Api::of(&root);
    let card = card(&mut api, "Ada");
    let path = format!("/api/cards/{}", card["id"].as_str().unwrap());
    ok(&api.patch(&path, &json!({"name": "B", "version": 1})), 200);
    assert_eq!(api.patch(&path, &json!({"name": "C", "version": 1})).status, 409);
    let page = browser.get("/admin").text();
    assert!(page.contains("50 % of edits met a conflict; worry above 1 %."), "{page}");
    assert!(
        page.contains("class=\"gauge bad\"") && page.contains("Worrying"),
        "not by colour alone"
    );
    let german = browser.reading("de").get("/admin").text();
    assert!(
        german.contains("50 % der Änderungen") && german.contains("über 1 % wird es bedenklich")
    );
}

#[test]
fn a_copy_is_a_whole_database_while_others_write() {
    let site = Site::start();
    let root = site.admin("Root");
    let copies: Vec<Option<Reply>> = together(3, |n| {
        if n > 0 {
            let mut api = Api::of(&site.person("Ada"));
            for m in 0..40 {
                card(&mut api, &format!("Card {n} {m}"));
            }
            return None;
        }
        Some(Browser::of(&site, &root).submit("/admin/backup", &[]))
    });
    let copy = copies.into_iter().flatten().next().unwrap();
    assert_eq!(copy.status, 200, "{}", copy.text());
    assert_eq!(copy.header("Content-Type"), Some("application/vnd.sqlite3"));
    assert_eq!(copy.header("Cache-Control"), Some("no-store"));
    let name = copy.header("Content-Disposition").unwrap();
    assert!(name.starts_with("attachment; filename=\"cardinal-20"), "{name}");
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("cardinal.db"), &copy.body).unwrap();
    let store = Store::open(&Config::new(dir.path()), Clock::system()).unwrap();
    let admins: Result<bool, Error> = store.read(users::has_admin);
    assert!(admins.unwrap());
    let left: Vec<_> = std::fs::read_dir(site.data_dir()).unwrap().flatten().collect();
    assert!(
        !left.iter().any(|file| file.file_name().to_string_lossy().contains("copy")),
        "{left:?}"
    );
}

#[test]
fn another_site_takes_no_copy_away() {
    let site = Site::start();
    let root = site.admin("Root");
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let foreign = [form, ("Sec-Fetch-Site", "cross-site")];
    assert_eq!(Api::of(&root).send("POST", "/admin/backup", &foreign, b"").status, 403);
    assert_eq!(Api::of(&root).get("/admin/backup").status, 405, "no link leads to it");
    let json = [("Content-Type", "application/json")];
    assert_eq!(Api::of(&root).send("POST", "/admin/backup", &json, b"{}").status, 415);
}
