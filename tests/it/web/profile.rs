//! The profile: its sections at their versions, and the photo.

use crate::kit::{Api, Browser, ok, together};
use cardinal::testing::Site;
use image::{ImageFormat, RgbImage};
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

#[test]
fn of_savers_at_once_one_wins_and_the_others_see_both() {
    let site = Site::start();
    let ada = site.person("Ada");
    let replies = together(8, |n| {
        let name = format!("Ada {n}");
        let form = [("full_name", name.as_str()), ("version", "0")];
        let reply = Browser::of(&site, &ada).submit("/profile/personal", &form);
        (reply.status, reply.text().contains(&format!("value=\"{name}\"")), reply.text())
    });
    assert_eq!(replies.iter().filter(|(status, ..)| *status == 303).count(), 1);
    let winner = ok(&Api::of(&ada).get("/api/profile/personal"), 200);
    let told = format!("this was saved: “{}”", winner["full_name"].as_str().unwrap());
    for (status, keeps_mine, page) in replies.iter().filter(|(status, ..)| *status != 303) {
        assert!(*status == 409 && *keeps_mine && page.contains(&told), "{page}");
        assert!(
            page.contains("name=\"version\" value=\"1\""),
            "saving again puts mine in its place"
        );
    }
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
