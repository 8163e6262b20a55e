//! Forms of pages sent by many at the same moment: one is saved, and the pages of the others say so and lose nothing.

use crate::kit::{Api, Browser, ok, together};
use cardinal::testing::{Person, Site};

/// A form's fields.
type Fields = Vec<(&'static str, String)>;

const TABS: usize = 8;

fn send(site: &Site, who: &Person, path: &str, fields: &Fields) -> (u16, String) {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, &**text)).collect();
    let reply = Browser::of(site, who).submit(path, &fields);
    (reply.status, reply.text())
}

/// One person sends a form from many tabs, in each with words of its own that begin with `begin`: one wins; what it
/// wrote, and the pages of the others, each with the words that were typed there.
#[track_caller]
fn one_wins(
    site: &Site,
    who: &Person,
    (path, begin): (&str, &str),
    fields: impl Fn(&str) -> Fields + Sync,
) -> (String, Vec<String>) {
    let words = |n: usize| format!("{begin} {n}.");
    let replies = together(TABS, |n| send(site, who, path, &fields(&words(n))));
    let winner: Vec<usize> = (0..TABS).filter(|n| replies[*n].0 == 303).collect();
    assert_eq!(winner.len(), 1, "{path}");
    let mut others = Vec::new();
    for (n, (status, page)) in replies.into_iter().enumerate() {
        if n != winner[0] {
            assert_eq!(status, 409, "{path}: {page}");
            assert!(page.contains(&words(n)), "{path}: what was typed is kept: {page}");
            others.push(page);
        }
    }
    (words(winner[0]), others)
}

/// The others are told what was saved, and their next try builds upon it.
#[track_caller]
fn assert_told(stands: &str, others: &[String], version: i64) {
    for page in others {
        assert!(page.contains(&format!("this was saved: “{stands}”")), "{page}");
        assert!(page.contains(&format!("name=\"version\" value=\"{version}\"")), "{page}");
    }
}

#[test]
fn of_tabs_one_saves_a_section_of_the_profile() {
    let site = Site::start();
    let ada = site.person("Ada");
    for (section, field) in [("personal", "full_name"), ("professional", "designation")] {
        let path = format!("/profile/{section}");
        // First where there is none, then where there is one.
        for (version, begin) in [(0, "First"), (1, "Then")] {
            let form =
                |words: &str| vec![(field, words.to_owned()), ("version", version.to_string())];
            let (stands, others) = one_wins(&site, &ada, (&path, begin), form);
            for page in others {
                assert!(page.contains("Two changes met") && page.contains(&stands), "{page}");
            }
            let kept = ok(&Api::of(&ada).get(&format!("/api/profile/{section}")), 200);
            assert_eq!((&kept[field], &kept["version"]), (&stands.into(), &(version + 1).into()));
        }
    }
}

#[test]
fn of_tabs_one_changes_the_account() {
    let site = Site::start();
    let ada = site.person("Ada");
    let form = |words: &str| {
        let handle = ("handle", ada.user.handle.clone());
        vec![("display_name", words.to_owned()), handle, ("version", "1".to_owned())]
    };
    let (stands, others) = one_wins(&site, &ada, ("/settings/account", "Tab"), form);
    assert_told(&stands, &others, 2);
    let me = ok(&Api::of(&ada).get("/api/me"), 200);
    assert_eq!((&me["display_name"], &me["version"]), (&stands.into(), &2.into()));
}

#[test]
fn of_people_who_want_a_handle_one_gets_it() {
    let site = Site::start();
    let people: Vec<Person> = (0..TABS).map(|n| site.person(&format!("Ada {n}"))).collect();
    let replies = together(TABS, |n| {
        let form = vec![
            ("display_name", format!("Ada {n}")),
            ("handle", "countess".to_owned()),
            ("version", "1".to_owned()),
        ];
        send(&site, &people[n], "/settings/account", &form)
    });
    let others: Vec<_> = replies.iter().filter(|(status, _)| *status != 303).collect();
    assert_eq!(others.len(), TABS - 1);
    for (status, page) in others {
        assert!(*status == 422 && page.contains("Somebody has this handle"), "{page}");
        assert!(page.contains("value=\"countess\""), "what was typed is kept");
    }
    let has = |who: &&Person| ok(&Api::of(who).get("/api/me"), 200)["handle"] == "countess";
    assert_eq!(people.iter().filter(has).count(), 1);
}

#[test]
fn of_admins_one_sets_a_flag() {
    let site = Site::start();
    let root = site.admin("Root");
    // One makes it; for the others there is one of this name.
    let made = together(TABS, |n| {
        let form = vec![
            ("key", "beta".to_owned()),
            ("percentage", "100".to_owned()),
            ("description", format!("Tab {n}.")),
        ];
        send(&site, &root, "/admin/flags", &form)
    });
    let others: Vec<_> = made.iter().filter(|(status, _)| *status != 303).collect();
    assert_eq!(others.len(), TABS - 1);
    for (status, page) in others {
        assert!(*status == 422 && page.contains("a flag of this name already"), "{page}");
    }
    let form = |words: &str| {
        let percentage = ("percentage", "50".to_owned());
        vec![("description", words.to_owned()), percentage, ("version", "1".to_owned())]
    };
    let (stands, others) = one_wins(&site, &root, ("/admin/flags/beta", "Then"), form);
    assert_told(&stands, &others, 2);
    let history = ok(&Api::of(&root).get("/api/flags/beta/audit"), 200);
    assert_eq!(history["items"].as_array().unwrap().len(), 2, "{history}");
    assert_eq!(history["items"][0]["change"]["after"]["description"], stands);
}

#[test]
fn of_admins_one_decides_a_subscription() {
    let site = Site::start();
    let ada = site.person("Ada");
    let admins: Vec<Person> = (0..TABS).map(|n| site.admin(&format!("Root {n}"))).collect();
    let path = format!("/admin/people/{}/subscription", ada.user.id);
    let replies = together(TABS, |n| {
        let tier = if n % 2 == 0 { "free" } else { "standard" };
        let form = vec![
            ("tier", tier.to_owned()),
            ("status", "active".to_owned()),
            ("version", "1".to_owned()),
        ];
        send(&site, &admins[n], &path, &form)
    });
    let kept = ok(&Api::of(&ada).get("/api/subscription"), 200);
    assert_eq!(kept["version"], 2, "once");
    let (name, won) = if kept["tier"] == "free" { ("Free", 0) } else { ("Standard", 1) };
    for (n, (status, page)) in replies.iter().enumerate() {
        // Who asked for what stands by now has it; the others are told what it is.
        let must = if n % 2 == won { 303 } else { 409 };
        assert_eq!(*status, must, "{page}");
        assert!(must == 303 || page.contains(&format!("this was saved: “{name}”")), "{page}");
    }
}

#[test]
fn of_tabs_one_changes_a_webhook() {
    let site = Site::start();
    let ada = site.person("Ada");
    let hook = serde_json::json!({"url": "https://example.org/", "events": ["card.created"]});
    let made = ok(&Api::of(&ada).post("/api/webhooks", &hook), 201);
    let path = format!("/webhooks/{}", made["id"].as_str().unwrap());
    let form = |words: &str| {
        let events = ("events", "card.created".to_owned());
        let url = ("url", "https://example.org/".to_owned());
        vec![url, events, ("description", words.to_owned()), ("version", "1".to_owned())]
    };
    let (stands, others) = one_wins(&site, &ada, (&path, "Tab"), form);
    assert_told(&stands, &others, 2);
    let kept = ok(&Api::of(&ada).get(&format!("/api{path}")), 200);
    assert_eq!((&kept["description"], &kept["version"]), (&stands.into(), &2.into()));
}
