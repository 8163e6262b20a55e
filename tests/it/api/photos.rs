//! `/api/profile/photo` and `/photos/{hash}.jpg`.

use crate::kit::{Api, expect, ok, together};
use cardinal::testing::{Reply, Site};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use std::io::Cursor;

const PHOTO: &str = "/api/profile/photo";
pub(super) const RED: Rgb<u8> = Rgb([220, 20, 20]);
pub(super) const BLUE: Rgb<u8> = Rgb([20, 20, 220]);

pub(super) fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.into().write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// Red on the left, blue on the right.
pub(super) fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

pub(super) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    file(halves(width, height), ImageFormat::Jpeg)
}

#[track_caller]
pub(super) fn put(api: &mut Api, media_type: &str, file: &[u8]) -> Reply {
    api.send("PUT", PHOTO, &[("Content-Type", media_type)], file)
}

/// The path of a photo that a reply tells.
#[track_caller]
pub(super) fn path(site: &Site, reply: &Reply) -> String {
    let body = ok(reply, 200);
    let url = body["photo_url"].as_str().unwrap();
    url.strip_prefix(&format!("http://{}", site.address())).unwrap().to_owned()
}

#[test]
fn a_photo_is_put_found_shown_and_deleted() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    expect(&ada.get(PHOTO), 404, "not-found");
    assert_eq!(ok(&ada.delete(PHOTO), 200), json!({"photo_url": null}));
    let first = put(&mut ada, "image/jpeg", &jpeg(100, 50));
    let at = path(&site, &first);
    assert_eq!(first.header("ETag"), None, "what is kept is not what was sent");
    let found = ada.get(PHOTO);
    assert_eq!(ok(&found, 200), ok(&first, 200));
    let tag = found.header("ETag").unwrap().to_owned();
    ok(&ada.send("GET", PHOTO, &[("If-None-Match", &tag)], b""), 304);

    let mut nobody = Api::nobody(&site);
    let shown = nobody.get(&at);
    for (name, value) in [
        ("Content-Type", "image/jpeg"),
        ("Cache-Control", "public, max-age=31536000, immutable"),
        ("Content-Security-Policy", "sandbox; default-src 'none'"),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Disposition", "inline; filename=\"photo.jpg\""),
    ] {
        assert_eq!(shown.header(name), Some(value), "{name}");
    }
    let fresh = shown.header("ETag").unwrap().to_owned();
    assert!(at.contains(fresh.trim_matches('"')), "its name is its hash");
    let again = nobody.send("GET", &at, &[("If-None-Match", &fresh)], b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("Cache-Control"), shown.header("Cache-Control"));

    // The same again is the same; another is another, and the first is gone.
    assert_eq!(path(&site, &put(&mut ada, "image/jpeg", &jpeg(100, 50))), at);
    let second = path(&site, &put(&mut ada, "image/png", &file(halves(50, 50), ImageFormat::Png)));
    assert_ne!(second, at);
    expect(&nobody.get(&at), 404, "not-found");
    assert_eq!(ok(&ada.delete(PHOTO), 200), json!({"photo_url": null}));
    expect(&nobody.get(&second), 404, "not-found");
    expect(&ada.get(PHOTO), 404, "not-found");
}

#[test]
fn a_photo_stays_while_somebody_has_it() {
    let site = Site::start();
    let (mut ada, mut bob) = (Api::of(&site.person("Ada")), Api::of(&site.person("Bob")));
    let at = path(&site, &put(&mut ada, "image/jpeg", &jpeg(10, 10)));
    assert_eq!(path(&site, &put(&mut bob, "image/jpeg", &jpeg(10, 10))), at);
    ok(&ada.delete(PHOTO), 200);
    assert_eq!(bob.get(&at).status, 200);
    ok(&bob.delete("/api/me?version=1"), 200);
    expect(&ada.get(&at), 404, "not-found");
}

#[test]
fn names_that_are_none_lead_nowhere() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let at = path(&site, &put(&mut ada, "image/jpeg", &jpeg(10, 10)));
    let name = at.strip_prefix("/photos/").unwrap().strip_suffix(".jpg").unwrap();
    for wrong in [&name.to_uppercase(), &name[1..], &format!("{name}0"), "x", &"é".repeat(32), "+"]
    {
        let wrong = wrong.replace('é', "%C3%A9");
        expect(&ada.get(&format!("/photos/{wrong}.jpg")), 404, "not-found");
    }
    expect(&ada.get(&format!("/photos/{name}")), 404, "not-found");
    expect(&ada.get(&format!("/photos/{name}.png")), 404, "not-found");
}

#[test]
fn a_file_is_what_it_says_it_is() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let png = file(halves(10, 10), ImageFormat::Png);
    for (media_type, sent) in [
        ("image/jpeg", png.as_slice()),
        ("image/webp", &jpeg(10, 10)),
        ("image/png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("image/png", b"GIF89a\x01\0\x01\0\0\0\0;"),
        ("image/png", b""),
        ("image/png; charset=utf-8", b"x"),
    ] {
        expect(&put(&mut ada, media_type, sent), 422, "image-type-mismatch");
    }
    assert_eq!(put(&mut ada, "IMAGE/PNG; q=1", &png).status, 200);
    for media_type in ["image/svg+xml", "image/gif", "application/json", "text/plain", ""] {
        expect(&put(&mut ada, media_type, &png), 415, "unsupported-media-type");
    }
    expect(&ada.send("PUT", PHOTO, &[], &png), 415, "unsupported-media-type");
}

#[test]
fn who_may_not_is_told_so_before_the_file_is_looked_at() {
    let site = Site::start();
    let person = site.person("Ada");
    let file = b"no picture";
    expect(&put(&mut Api::nobody(&site), "image/png", file), 401, "unauthenticated");
    expect(&put(&mut Api::nobody(&site), "image/gif", file), 401, "unauthenticated");
    let asked = json!({"name": "narrow", "scopes": ["profile:read"]});
    let token = ok(&Api::of(&person).post("/api/tokens", &asked), 201)["token"].clone();
    let mut narrow = Api::bearer(&site, token.as_str().unwrap());
    expect(&put(&mut narrow, "image/png", file), 403, "insufficient-scope");
    expect(&narrow.delete(PHOTO), 403, "insufficient-scope");
    let mut ada = Api::of(&person);
    expect(&put(&mut ada, "image/png", file), 422, "image-type-mismatch");
    let large = vec![0; 5 * 1_024 * 1_024 + 1];
    expect(&put(&mut ada, "image/png", &large), 413, "payload-too-large");
}

#[test]
fn a_condition_that_is_sent_is_honoured() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let mut send = |method: &str, field: (&str, &str), width: u32| {
        let fields = [("Content-Type", "image/jpeg"), field];
        ada.send(
            method,
            PHOTO,
            &fields,
            if method == "PUT" { jpeg(width, 8) } else { vec![] }.as_slice(),
        )
    };
    let told = expect(&send("PUT", ("If-Match", "*"), 8), 412, "precondition-failed");
    assert_eq!(told["current"], json!({"photo_url": null}));
    let first = ok(&send("PUT", ("If-None-Match", "*"), 8), 200);
    let refused = send("PUT", ("If-None-Match", "*"), 16);
    assert_eq!(expect(&refused, 412, "precondition-failed")["current"], first);
    let tag = refused.header("ETag").unwrap().to_owned();
    let second = ok(&send("PUT", ("If-Match", &tag), 16), 200);
    for method in ["PUT", "DELETE"] {
        let refused = send(method, ("If-Match", &tag), 24);
        assert_eq!(expect(&refused, 412, "precondition-failed")["current"], second);
    }
    ok(&send("DELETE", ("If-Match", "*"), 0), 200);
    // Told before what is wrong with the file.
    let fields = [("Content-Type", "image/jpeg"), ("If-Match", tag.as_str())];
    expect(&ada.send("PUT", PHOTO, &fields, b"x"), 412, "precondition-failed");
}

#[test]
fn a_key_replays_and_is_for_one_file() {
    let site = Site::start();
    let mut ada = Api::of(&site.person("Ada"));
    let mut with_key = |file: &[u8]| {
        let fields = [("Content-Type", "image/jpeg"), ("Idempotency-Key", "portrait")];
        ada.send("PUT", PHOTO, &fields, file)
    };
    let first = with_key(&jpeg(10, 10));
    ok(&first, 200);
    let again = with_key(&jpeg(10, 10));
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
    assert_eq!(again.body, first.body);
    expect(&with_key(&jpeg(20, 10)), 422, "idempotency-key-reused");
}

#[test]
fn of_photos_put_at_once_one_stands_whole() {
    let site = Site::start();
    for clients in [2, 8] {
        let person = site.person("Ada");
        let told = together(clients, |n| {
            let width = 10 * (u32::try_from(n).unwrap() + 1);
            ok(&put(&mut Api::of(&person), "image/jpeg", &jpeg(width, 10)), 200)
        });
        let stands = ok(&Api::of(&person).get(PHOTO), 200);
        assert!(told.contains(&stands));
        let at = stands["photo_url"].as_str().and_then(|url| url.split("//").nth(1)).unwrap();
        let (_, path) = at.split_once('/').unwrap();
        assert_eq!(Api::nobody(&site).get(&format!("/{path}")).status, 200);
    }
}

#[test]
fn more_uploads_than_may_wait_are_sent_away() {
    let site = Site::with(|config| config.limits.photo_waiters_max = 0);
    let person = site.person("Ada");
    let large = file(halves(3_000, 3_000), ImageFormat::Png);
    let replies = together(8, |_| put(&mut Api::of(&person), "image/png", &large));
    let (served, away): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
    assert!(!served.is_empty());
    for reply in away {
        assert_eq!(expect(reply, 503, "db-busy")["code"], Value::from("db-busy"));
    }
}
