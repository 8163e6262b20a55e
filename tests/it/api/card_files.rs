//! `/c/{slug}.vcf`, `/c/{slug}/qr.svg` and `/c/{slug}/qr.png`: a card as files.

use super::photos::{file, path, put};
use crate::kit::{Api, card, expect, faults, ok, together};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardinal::testing::Site;
use serde_json::json;

const SHOWN: [&str; 5] = [
    "/c/ada.vcf",
    "/c/ada/qr.svg",
    "/c/ada/qr.png",
    "/c/ada/og.png",
    "/c/ada/qr.svg?content=vcard",
];

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
fn a_code_holds_the_contact_itself_if_it_fits() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    card(&mut ada, "Ada");
    let mut nobody = Api::nobody(&site);
    let address = nobody.get("/c/ada/qr.svg");
    assert_eq!(nobody.get("/c/ada/qr.svg?content=url").body, address.body);
    let svg = nobody.get("/c/ada/qr.svg?content=vcard");
    ok(&svg, 200);
    assert!(svg.text().contains("<title>Ada</title>") && svg.body != address.body);
    let disposition = svg.header("Content-Disposition").unwrap();
    assert!(disposition.ends_with("\"ada-contact-qr.svg\""), "{disposition}");
    let tag = svg.header("ETag").unwrap().to_owned();
    let again = [("If-None-Match", tag.as_str())];
    ok(&nobody.send("GET", "/c/ada/qr.svg?content=vcard", &again, b""), 304);
    let png = nobody.get("/c/ada/qr.png?content=vcard&size=600");
    assert!(png.body.starts_with(b"\x89PNG") && png.body[16..20] == 600_u32.to_be_bytes());
    for file in
        ["/c/ada/qr.svg?content=", "/c/ada/qr.png?content=vcf", "/c/ada/qr.png?content=VCARD"]
    {
        faults(&nobody.get(file), &[("content", "choice")]);
    }
    // Three times a hundred signs of three octets, the name told twice.
    let long = "李".repeat(100);
    ok(&ada.put("/api/profile/personal", &json!({"full_name": long, "version": 0})), 201);
    let work = json!({"company_name": long, "designation": long, "version": 0});
    ok(&ada.put("/api/profile/professional", &work), 201);
    for file in ["/c/ada/qr.svg?content=vcard", "/c/ada/qr.png?content=vcard"] {
        let told = expect(&nobody.get(file), 422, "contact-too-long");
        assert!(told["detail"].as_str().unwrap().contains("1,000"), "{told}");
    }
    ok(&nobody.get("/c/ada/qr.svg"), 200);
}

#[test]
fn a_photo_is_made_as_small_as_address_books_take() {
    const MAX: usize = 64 * 1_024;
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    card(&mut ada, "Ada");
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u8::try_from(state >> 24).unwrap()
    };
    let busy = image::RgbImage::from_fn(640, 640, |_, _| image::Rgb([noise(), noise(), noise()]));
    let at = path(&site, &put(&mut ada, "image/png", &file(busy, image::ImageFormat::Png)));
    let mut nobody = Api::nobody(&site);
    assert!(nobody.get(&at).body.len() > MAX, "the page shows it as it is");
    let replies = together(4, |_| Api::nobody(&site).get("/c/ada.vcf"));
    for (reply, head) in replies.iter().chain([&nobody.get("/c/ada.vcf?v=4")]).zip(
        ["PHOTO;ENCODING=b;TYPE=JPEG:"; 4].into_iter().chain(["PHOTO:data:image/jpeg;base64,"]),
    ) {
        let lines = unfolded(&reply.text());
        let photo = lines.iter().find_map(|line| line.strip_prefix(head)).expect("a photo");
        let photo = STANDARD.decode(photo).unwrap();
        let read = image::load_from_memory(&photo).unwrap();
        assert!(photo.len() <= MAX && read.width() >= 160, "{} {}", photo.len(), read.width());
    }
    assert!(replies.iter().all(|reply| reply.body == replies[0].body));
    // Another photo is another copy.
    let plain = file(image::RgbImage::new(64, 64), image::ImageFormat::Png);
    ok(&put(&mut ada, "image/png", &plain), 200);
    assert!(nobody.get("/c/ada.vcf").body.len() < 4_000);
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
