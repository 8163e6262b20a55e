//! Pages: what they load, and how faults are told to whoever reads pages.

mod admin;
mod admin_flags;
mod admin_invites;
mod admin_jobs;
mod admin_people;
mod credits;
mod conflicts;
mod copies;
mod dashboard;
mod editor;
mod form_races;
mod entry;
mod leads;
mod members;
mod profile;
mod progress;
mod saved;
mod sessions;
mod settings;
mod shares;
mod stats;
mod tokens;
mod webhooks;
mod public_card;

use crate::kit::{Api, expect, ok};
use cardinal::testing::Site;
use std::io::Read;

/// What a page has between two texts.
#[track_caller]
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let rest = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}")).1;
    rest.split_once(after).unwrap().0
}

/// What a page shows once.
#[track_caller]
fn secret(page: &str) -> String {
    between(page, "id=\"secret\" readonly value=\"", "\"").to_owned()
}

/// Where a page says its style sheet is.
fn style_sheet(page: &str) -> String {
    let link = page.split("rel=\"stylesheet\" href=\"").nth(1).unwrap();
    link.split('"').next().unwrap().to_owned()
}

#[test]
fn a_page_loads_only_what_is_here_and_may_be_kept_for_good() {
    let site = Site::start();
    let mut nobody = Api::nobody(&site);
    let page = nobody.get("/");
    ok(&page, 200);
    let policy = page.header("Content-Security-Policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let style = style_sheet(&page.text());
    let version = style.strip_prefix("/assets/").unwrap().split('/').next().unwrap();
    assert_eq!(style, format!("/assets/{version}/app.css"));
    let sheet = nobody.get(&style);
    ok(&sheet, 200);
    assert_eq!(sheet.header("Content-Type"), Some("text/css; charset=utf-8"));
    assert_eq!(sheet.header("Cache-Control"), Some("public, max-age=31536000, immutable"));
    expect(&nobody.get("/assets/00000000/app.css"), 404, "not-found");
    expect(&nobody.get(&format!("/assets/{version}/none.css")), 404, "not-found");
}

#[test]
fn the_app_can_be_installed() {
    let site = Site::start();
    let mut nobody = Api::nobody(&site);
    let manifest = ok(&nobody.get("/manifest.webmanifest"), 200);
    let icons = manifest["icons"].as_array().unwrap();
    for icon in icons {
        let file = nobody.get(icon["src"].as_str().unwrap());
        assert_eq!((file.status, file.header("Content-Type")), (200, icon["type"].as_str()));
        if let Some((width, _)) = icon["sizes"].as_str().unwrap().split_once('x') {
            assert_eq!(file.body[16..20], width.parse::<u32>().unwrap().to_be_bytes(), "{icon}");
        }
    }
    assert!(icons.iter().any(|icon| icon["purpose"] == "maskable"));
    let favicon = nobody.get("/favicon.ico");
    assert_eq!(favicon.status, 302);
    assert_eq!(nobody.get(favicon.header("Location").unwrap()).status, 200);
}

#[test]
fn a_file_is_packed_for_whoever_takes_it() {
    let site = Site::start();
    let style = style_sheet(&Api::nobody(&site).get("/").text());
    let plain = Api::nobody(&site).get(&style);
    assert_eq!(plain.header("Content-Encoding"), None);
    let packed = Api::nobody(&site).with("Accept-Encoding", "br, gzip;q=0.8").get(&style);
    assert_eq!(packed.header("Content-Encoding"), Some("gzip"));
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(&*packed.body).read_to_end(&mut text).unwrap();
    assert!(text == plain.body && packed.body.len() * 3 < plain.body.len());
    let refused = Api::nobody(&site).with("Accept-Encoding", "gzip;q=0").get(&style);
    assert_eq!(refused.header("Content-Encoding"), None);
}
