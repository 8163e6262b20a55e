//! The profile: its sections, put together with what was saved elsewhere, and the photo.

use crate::kit::{Api, Browser, Form, ok, together};
use cardinal::testing::{Person, Site};
use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};
use std::io::Cursor;

fn picture() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbImage::new(8, 8).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

#[test]
fn both_sections_are_saved_and_shown() {
    let site = Site::start();
    let ada = site.person("Ada");
    let mut browser = Browser::of(&site, &ada);
    assert!(browser.get("/profile").text().contains("action=\"/profile/personal\""));
    let personal = [
        ("full_name", "Ada \"<script>\""),
        ("bio", "One\r\ntwo"),
        ("date_of_birth", ""),
        ("version", "0"),
    ];
    let page = browser.submit_and_follow("/profile/personal", &personal).text();
    assert!(page.contains("Ada &quot;&lt;script&gt;&quot;") && page.contains("One\ntwo"), "{page}");
    let work = [("designation", "Analyst"), ("office_hours", "Mon 9–17"), ("version", "0")];
    assert_eq!(browser.submit("/profile/professional", &work).status, 303);
    let stands = ok(&Api::of(&ada).get("/api/profile/professional"), 200);
    assert_eq!((&stands["designation"], &stands["version"]), (&"Analyst".into(), &1.into()));
    // What was left empty is empty.
    let emptied = [("full_name", "Ada"), ("bio", ""), ("version", "1")];
    assert_eq!(browser.submit("/profile/personal", &emptied).status, 303);
    assert!(ok(&Api::of(&ada).get("/api/profile/personal"), 200)["bio"].is_null());
    assert!(browser.reading("de").get("/profile").text().contains("Geburtsdatum"));
}

#[test]
fn a_wrong_field_is_told_and_nothing_typed_is_lost() {
    let site = Site::start();
    let mut ada = Browser::of(&site, &site.person("Ada"));
    let long = "x".repeat(65_536);
    for (name, value) in [
        ("primary_email", "not an address"),
        ("mobile_number", "call me"),
        ("date_of_birth", "2999-01-01"),
        ("website", "javascript:alert(1)"),
        ("bio", long.as_str()),
    ] {
        let form = [("full_name", "Ada L"), (name, value), ("version", "0")];
        let refused = ada.submit("/profile/personal", &form);
        assert_eq!(refused.status, 422, "{name}");
        let page = refused.text();
        assert!(page.contains("value=\"Ada L\""), "{name}: what was typed is kept");
        assert!(page.contains(&format!("id=\"{name}-fault\"")), "{name}");
    }
}

/// What Ada's profile holds, and its form as it stands.
fn opened(site: &Site, ada: &Person) -> (Value, Form) {
    let standing = ok(&Api::of(ada).get("/api/profile/personal"), 200);
    (standing, Form::of(&Browser::of(site, ada).get("/profile").text(), "personal"))
}

#[test]
fn of_tabs_that_change_different_fields_at_once_none_is_lost() {
    const FIELDS: [(&str, &str); 9] = [
        ("full_name", "Ada King"),
        ("date_of_birth", "1915-12-10"),
        ("primary_email", "ada@example.org"),
        ("secondary_email", ""),
        ("mobile_number", "+44 7700 900461"),
        ("home_address", "1 Dorset Street\r\nLondon"),
        ("bio", "New\r\nlines"),
        ("pronouns", "she/her"),
        ("website", "https://example.org/ada"),
    ];
    let site = Site::start();
    let ada = site.person("Ada");
    let first = json!({
        "full_name": "Ada", "secondary_email": "b@example.org", "bio": "Old\nlines", "version": 0,
    });
    ok(&Api::of(&ada).put("/api/profile/personal", &first), 201);
    let (_, form) = opened(&site, &ada);
    let locations = together(FIELDS.len(), |n| {
        let (name, text) = FIELDS[n];
        let form = form.clone().with(name, text);
        let reply = Browser::of(&site, &ada).submit("/profile/personal", &form.pairs());
        assert_eq!(reply.status, 303, "{name}: {}", reply.text());
        reply.header("Location").unwrap().to_owned()
    });
    let alone = locations.iter().filter(|location| *location == "/profile?note=saved");
    assert_eq!(alone.count(), 1, "the first: {locations:?}");
    let (standing, _) = opened(&site, &ada);
    for (name, text) in FIELDS {
        let text = if text.is_empty() { Value::Null } else { json!(text.replace("\r\n", "\n")) };
        assert_eq!(standing[name], text, "{name} is lost");
    }
    assert_eq!(standing["version"], 1 + FIELDS.len());
    let page = Browser::of(&site, &ada).get("/profile?note=merged").text();
    assert!(page.contains("What was changed elsewhere meanwhile was kept"), "{page}");
}

/// Everybody adds a sign to the biography, all having seen the same. Whoever is asked takes what stands and adds to
/// that; in the end every sign is there.
#[test]
fn of_tabs_that_change_one_field_at_once_each_is_asked_until_all_are_in() {
    const TABS: usize = 6;
    let site = Site::start();
    let ada = site.person("Ada");
    let form = Form::of(&Browser::of(&site, &ada).get("/profile").text(), "personal");
    let asked = together(TABS, |n| {
        let mut browser = Browser::of(&site, &ada);
        let mut form = form.clone().with("bio", &format!("{n}"));
        for asked in 0..TABS {
            let reply = browser.submit("/profile/personal", &form.pairs());
            if reply.status == 303 {
                return asked;
            }
            let page = reply.text();
            assert_eq!(reply.status, 409, "{page}");
            form = Form::of(&page, "conflict");
            assert_eq!(form.text("asked"), "bio");
            let theirs = page.split("value=\"theirs\"").nth(1).unwrap();
            let theirs = super::between(theirs, "<bdi class=\"told\">", "<");
            let both = format!("{theirs}{n}");
            form = form.with("pick.bio", "other").with("other.bio", &both);
        }
        panic!("{n} was beaten more often than there are others");
    });
    assert_eq!(asked.iter().filter(|asked| **asked == 0).count(), 1, "one was the first");
    let (standing, _) = opened(&site, &ada);
    let bio = standing["bio"].as_str().unwrap();
    let all = (0..TABS).all(|n| bio.matches(&n.to_string()).count() == 1);
    assert!(all && bio.len() == TABS && standing["version"] == TABS, "{standing}");
}

#[test]
fn any_answer_counts_and_what_does_not_collide_is_put_together() {
    for (pick, third, name) in
        [("yours", "", "Mine"), ("theirs", "", "Theirs"), ("other", "A third", "A third")]
    {
        let site = Site::start();
        let ada = site.person("Ada");
        let mut browser = Browser::of(&site, &ada);
        let form = Form::of(&browser.get("/profile").text(), "personal");
        let theirs = form.clone().with("full_name", "Theirs").with("pronouns", "they");
        assert_eq!(browser.submit("/profile/personal", &theirs.pairs()).status, 303);
        let mine = form.with("full_name", "Mine").with("bio", "<b>\r\nMine");
        let page = browser.submit("/profile/personal", &mine.pairs());
        let text = page.text();
        assert_eq!(page.status, 409, "{text}");
        assert!(text.contains("Save as version 2") && text.contains("one field was"), "{text}");
        assert!(text.contains("2 changes merged for you") && text.contains("&lt;b&gt;"), "{text}");
        // Sent without an answer it comes again, as it was.
        let form = Form::of(&text, "conflict");
        let again = browser.submit("/profile/personal", &form.pairs()).text();
        assert!(again.contains("Choose one of these"), "{again}");
        let form = Form::of(&again, "conflict").with("pick.full_name", pick);
        let form = form.with("other.full_name", third);
        assert_eq!(browser.submit("/profile/personal", &form.pairs()).status, 303);
        let (standing, _) = opened(&site, &ada);
        let told = ["full_name", "pronouns", "bio", "version"].map(|name| standing[name].clone());
        assert_eq!(told, [json!(name), json!("they"), json!("<b>\nMine"), json!(2)]);
    }
}

#[test]
fn what_was_saved_while_a_fault_was_mended_is_kept() {
    let site = Site::start();
    let ada = site.person("Ada");
    let mut browser = Browser::of(&site, &ada);
    let form = Form::of(&browser.get("/profile").text(), "personal");
    let theirs = form.clone().with("pronouns", "they");
    let wrong = form.with("full_name", "Ada").with("website", "none");
    let refused = browser.submit("/profile/personal", &wrong.pairs());
    assert_eq!(refused.status, 422);
    assert_eq!(browser.submit("/profile/personal", &theirs.pairs()).status, 303);
    // The same fault once more, and now put together with what was saved between.
    let form = Form::of(&refused.text(), "personal");
    let refused = browser.submit("/profile/personal", &form.pairs());
    assert_eq!((refused.status, refused.text().contains("value=\"they\"")), (422, true));
    let form = Form::of(&refused.text(), "personal").with("website", "https://example.org");
    assert_eq!(browser.submit("/profile/personal", &form.pairs()).status, 303);
    let (standing, _) = opened(&site, &ada);
    assert_eq!((&standing["full_name"], &standing["pronouns"]), (&json!("Ada"), &json!("they")));
}

#[test]
fn a_section_that_was_deleted_meanwhile_asks_about_what_was_changed() {
    let site = Site::start();
    let ada = site.person("Ada");
    let (mut api, browser) = (Api::of(&ada), Browser::of(&site, &ada));
    let first = json!({"full_name": "Ada", "bio": "Old", "version": 0});
    ok(&api.put("/api/profile/personal", &first), 201);
    let (_, form) = opened(&site, &ada);
    ok(&api.delete("/api/profile/personal?version=1"), 200);
    let form = form.with("full_name", "Ada King");
    let page = browser.reading("de").submit("/profile/personal", &form.pairs());
    let text = page.text();
    assert!(page.status == 409 && text.contains("Zwei Änderungen treffen sich"), "{text}");
    let form = Form::of(&text, "conflict").with("pick.full_name", "yours");
    let mut browser = Browser::of(&site, &ada);
    assert_eq!(browser.submit("/profile/personal", &form.pairs()).status, 303);
    let (standing, _) = opened(&site, &ada);
    assert_eq!((&standing["full_name"], &standing["bio"]), (&json!("Ada King"), &Value::Null));
}

#[test]
fn a_photo_is_sent_without_a_script() {
    let site = Site::start();
    let mut ada = Browser::of(&site, &site.person("Ada"));
    let done = ada.upload("/profile", "photo", "image/png", &picture());
    assert_eq!((done.status, done.header("Location")), (303, Some("/profile?note=photo")));
    let page = ada.get("/profile?note=photo").text();
    let hash = super::between(&page, "src=\"/photos/", ".jpg\"").to_owned();
    assert_eq!(ada.get(&format!("/photos/{hash}.jpg")).header("Content-Type"), Some("image/jpeg"));
    for (media_type, file, told) in [
        ("image/png", b"no picture".as_slice(), "no picture that can be read"),
        ("application/octet-stream", b"", "Choose a picture first"),
        ("image/png", &picture()[..40], "damaged"),
    ] {
        let refused = ada.upload("/profile", "photo", media_type, file);
        assert_eq!(refused.status, 422, "{told}");
        assert!(refused.text().contains(told), "{told}: {}", refused.text());
        assert!(refused.text().contains(&hash), "the photo that stands is still there");
    }
    assert_eq!(ada.upload("/profile", "photo", "image/png", &vec![0; 6 << 20]).status, 413);
    let gone = ada.submit_and_follow("/profile/photo/delete", &[]).text();
    assert!(!gone.contains(&hash) && gone.contains("removed"), "{gone}");
}

#[test]
fn a_photo_is_taken_from_nobody_else() {
    let site = Site::start();
    let ada = site.person("Ada");
    let body = b"------x\r\nContent-Disposition: form-data; name=\"photo\"\r\n\r\nx\r\n------x--";
    let media = ("Content-Type", "multipart/form-data; boundary=----x");
    let mut api = Api::of(&ada);
    assert_eq!(api.send("POST", "/profile", &[("Content-Type", "image/png")], body).status, 415);
    assert_eq!(api.send("POST", "/profile", &[media], b"------x").status, 400);
    assert_eq!(Api::nobody(&site).send("POST", "/profile", &[media], body).status, 401);
    let login = Browser::nobody(&site).upload("/profile", "photo", "image/png", &picture());
    assert_eq!(login.header("Location"), Some("/login?next=%2Fprofile"));
}
