//! Pages: what they load, and how faults are told to whoever reads pages.

mod entry;

use crate::kit::{Api, expect, ok};
use cardinal::testing::Site;

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
