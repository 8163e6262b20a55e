//! `/c/{slug}.vcf`, `/c/{slug}/qr.svg` and `/c/{slug}/qr.png`: a card as files.

use crate::kit::{Api, card, expect, ok};
use cardinal::testing::Site;
use serde_json::json;

const SHOWN: [&str; 4] = ["/c/ada.vcf", "/c/ada/qr.svg", "/c/ada/qr.png", "/c/ada/og.png"];

fn unfolded(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_card_goes_into_an_address_book() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = card(&mut ada, "Ada");
    let hostile = "Ada\u{2028}Lovelace; 李, \"x\"";
    let profile = json!({"full_name": hostile, "mobile_number": "+44 7700 900461", "version": 0});
    ok(&ada.put("/api/profile/personal", &profile), 201);
    let mut nobody = Api::nobody(&site);
    let reply = nobody.get("/c/ada.vcf");
    ok(&reply, 200);
    assert_eq!(reply.header("Content-Type"), Some("text/vcard; charset=utf-8"));
    assert_eq!(reply.header("Content-Disposition"), Some("inline; filename=\"ada.vcf\""));
    let text = reply.text();
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
    let lines = unfolded(&text);
    assert_eq!((lines[0].as_str(), lines[1].as_str()), ("BEGIN:VCARD", "VERSION:3.0"));
    let url = format!("URL:http://{}/c/ada", site.address());
    for line in ["FN:Ada\\nLovelace\\; 李\\, \"x\"", &url, "END:VCARD"] {
        assert!(lines.iter().any(|told| told == line), "{line} is not in {lines:#?}");
    }
    let uid =
        |text: &str| unfolded(text).into_iter().find(|line| line.starts_with("UID:urn:uuid:"));
    let path = format!("/api/cards/{}", made["id"].as_str().unwrap());
    ok(&ada.patch(&path, &json!({"name": "Another", "version": 1})), 200);
    assert!(uid(&text).is_some() && uid(&text) == uid(&nobody.get("/c/ada.vcf").text()));
    // A number that was not chosen is in no card.
    assert!(!text.contains("7700"), "{text}");
    let four = [("Accept", "text/vcard;version=4.0")];
    for reply in [nobody.get("/c/ada.vcf?v=4"), nobody.send("GET", "/c/ada.vcf", &four, b"")] {
        assert_eq!(unfolded(&reply.text())[1], "VERSION:4.0");
    }
    expect(&nobody.get("/c/ada.vcf?v=2"), 422, "validation-failed");
    let download = nobody.get("/c/ada.vcf?download=1");
    assert!(download.header("Content-Disposition").unwrap().starts_with("attachment"));
}

#[test]
fn a_code_says_where_the_card_is() {
    let site = Site::start();
    card(&mut Api::of(&site.person("Ada")), "Ada");
    let mut nobody = Api::nobody(&site);
    let svg = nobody.get("/c/ada/qr.svg");
    ok(&svg, 200);
    assert_eq!(svg.header("Content-Type"), Some("image/svg+xml"));
    assert!(svg.text().contains(&format!("<title>http://{}/c/ada</title>", site.address())));
    for (query, size) in
        [("", 512_u32), ("?size=64", 64), ("?size=300", 300), ("?size=2048", 2_048)]
    {
        let png = nobody.get(&format!("/c/ada/qr.png{query}"));
        assert!(png.body.starts_with(b"\x89PNG"), "{query}");
        assert_eq!(png.body[16..24], [size.to_be_bytes(), size.to_be_bytes()].concat(), "{query}");
    }
    for size in ["63", "2049", "-1", "x", "", "99999999999999"] {
        expect(&nobody.get(&format!("/c/ada/qr.png?size={size}")), 422, "validation-failed");
    }
}

#[test]
fn the_files_stand_where_the_card_does() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let made = card(&mut ada, "Ada");
    let path = format!("/api/cards/{}", made["id"].as_str().unwrap());
    let mut nobody = Api::nobody(&site);
    for file in SHOWN {
        let first = nobody.get(file);
        ok(&first, 200);
        let tag = first.header("ETag").unwrap().to_owned();
        ok(&nobody.send("GET", file, &[("If-None-Match", &tag)], b""), 304);
        let upper = nobody.get(&file.replace("ada", "ADA"));
        assert_eq!((upper.status, upper.header("Location")), (308, Some(file)));
    }
    ok(&ada.patch(&path, &json!({"slug": "ada-l", "version": 1})), 200);
    for file in SHOWN {
        let now = file.replace("ada", "ada-l");
        let moved = nobody.get(file);
        assert_eq!((moved.status, moved.header("Location")), (302, Some(now.as_str())));
    }
    ok(&ada.put(&format!("{path}/active"), &json!({"active": false})), 200);
    for file in SHOWN {
        expect(&nobody.get(&file.replace("ada", "ada-l")), 410, "gone");
        expect(&nobody.get(&file.replace("ada", "nobody")), 404, "not-found");
    }
}
