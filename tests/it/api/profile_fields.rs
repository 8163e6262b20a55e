//! What the fields of a profile may hold.

use crate::kit::{Api, expect, faults, ok};
use cardinal::clock::Millis;
use cardinal::testing::Site;
use serde_json::json;

const PERSONAL: &str = "/api/profile/personal";
const PROFESSIONAL: &str = "/api/profile/professional";

#[test]
fn all_faults_are_told_at_once() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let wrong = json!({
        "full_name": "x".repeat(101), "date_of_birth": "2126-01-01", "primary_email": "nobody",
        "secondary_email": 7, "mobile_number": "12", "phone_number": "call me",
        "whatsapp_number": "\u{661}\u{662}\u{663}", "home_address": " \n ", "bio": "x".repeat(2_001),
        "pronouns": "a\nb", "website": "javascript:alert(1)", "nickname": "A", "version": 0,
    });
    let expected = [
        ("/full_name", "too-long"),
        ("/date_of_birth", "range"),
        ("/primary_email", "email"),
        ("/secondary_email", "type"),
        ("/mobile_number", "too-short"),
        ("/phone_number", "phone"),
        ("/whatsapp_number", "phone"),
        ("/home_address", "blank"),
        ("/bio", "too-long"),
        ("/pronouns", "control"),
        ("/website", "url_scheme"),
        ("/nickname", "unknown"),
    ];
    faults(&ada.put(PERSONAL, &wrong), &expected);
    faults(&ada.patch(PERSONAL, &wrong), &expected);
    let wrong = json!({
        "designation": "", "department": "\u{200b}", "company_name": ["x"], "company_website": "a.example",
        "office_email": "a@b@", "office_phone": "x", "office_address": "a\u{0}b",
        "office_hours": "x".repeat(501), "version": 0, "updated_at": "2026-01-01T00:00:00Z", "is_new": 1,
    });
    let expected = [
        ("/designation", "blank"),
        ("/department", "blank"),
        ("/company_name", "type"),
        ("/company_website", "url"),
        ("/office_email", "email"),
        ("/office_phone", "too-short"),
        ("/office_address", "control"),
        ("/office_hours", "too-long"),
        ("/updated_at", "read-only"),
        ("/is_new", "type"),
    ];
    faults(&ada.put(PROFESSIONAL, &wrong), &expected);
    expect(&ada.get(PERSONAL), 404, "not-found");
    expect(&ada.get(PROFESSIONAL), 404, "not-found");
    // A stale version is told before all that.
    expect(&ada.put(PERSONAL, &json!({"version": 1, "nickname": "A"})), 409, "version-conflict");
    faults(&ada.put(PERSONAL, &json!([])), &[("", "type")]);
    for version in [json!(-1), json!(1.5), json!("x"), json!(true), json!(1_u64 << 53)] {
        faults(&ada.put(PERSONAL, &json!({"version": version})), &[("/version", "type")]);
    }
}

#[test]
fn a_day_of_birth_is_a_day_of_the_calendar() {
    // 2026-03-01T23:59:00Z
    let site = Site::at(Millis(1_772_409_540_000), |_| {});
    let mut ada = Api::of(&site.person("Ada"));
    let mut born = |day: &str| ada.put(PERSONAL, &json!({"date_of_birth": day, "version": 0}));
    for (day, code) in [
        ("2023-02-29", "date"),
        ("1900-02-29", "date"),
        ("2020-13-01", "date"),
        ("2020-1-011", "date"),
        ("20200101", "too-short"),
        ("2020-001-1", "date"),
        ("+020200101", "date"),
        ("10.12.1915", "date"),
        ("2020-01-01T00:00", "too-long"),
        ("1899-12-31", "range"),
        ("2026-03-03", "range"),
        ("9999-12-31", "range"),
    ] {
        faults(&born(day), &[("/date_of_birth", code)]);
    }
    // Tomorrow by UTC is today in Kiribati.
    assert_eq!(ok(&born(" 2026-03-02 "), 201)["date_of_birth"], "2026-03-02");
    for day in ["1900-01-01", "2024-02-29", "2026-03-01"] {
        let version = ok(&ada.get(PERSONAL), 200)["version"].clone();
        ok(&ada.put(PERSONAL, &json!({"date_of_birth": day, "version": version})), 200);
    }
}

#[test]
fn phone_numbers_are_taken_as_people_write_them() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    ok(&ada.put(PROFESSIONAL, &json!({"version": 0})), 201);
    let mut version = 1;
    for number in
        ["112", "+1 (415) 555-2671 x99", "0049/30/123", "030 1234 EXT 5", "12345678901234567890"]
    {
        let body = json!({"office_phone": number, "version": version});
        assert_eq!(ok(&ada.patch(PROFESSIONAL, &body), 200)["office_phone"], number);
        version += 1;
    }
    for number in ["1-2", "123456789012345678901", "12 3 text 4", "1x2x3", "tel:112", "1\u{a0}12"] {
        let body = json!({"office_phone": number, "version": version});
        faults(&ada.patch(PROFESSIONAL, &body), &[("/office_phone", "phone")]);
    }
}

#[test]
fn websites_lead_to_websites() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let mut save = |url: &str| ada.put(PERSONAL, &json!({"website": url, "version": 0}));
    for (url, code) in [
        ("mailto:ada@example.org", "url_scheme"),
        ("https:ada.example", "url_scheme"),
        ("https://", "url"),
        ("//ada.example", "url"),
        ("https://ada.example/a b", "url"),
        ("https://bank.example@evil.example/", "url_userinfo"),
        ("data:text/html,x", "url_scheme"),
    ] {
        faults(&save(url), &[("/website", code)]);
    }
    ok(&save("HTTPS://ada.example/ä?b#c"), 201);
}

#[test]
fn a_line_feed_is_one_character_however_it_is_sent() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let lines = |end: &str| format!("{}x", format!("{}{end}", "x".repeat(9)).repeat(199));
    let sent = lines("\r\n") + &"x".repeat(9);
    let bio = ok(&ada.put(PERSONAL, &json!({"bio": sent, "version": 0})), 201)["bio"].clone();
    assert_eq!(bio, lines("\n") + &"x".repeat(9));
    assert_eq!(bio.as_str().unwrap().len(), 2_000);
    let more = json!({"bio": sent + "x", "version": 1});
    faults(&ada.put(PERSONAL, &more), &[("/bio", "too-long")]);
}
