//! `GET /api/admin/stats`.

use crate::kit::{Api, Browser, Form, card, expect, ok};
use cardinal::clock::Millis;
use cardinal::testing::Site;
use serde_json::{Value, json};
use std::time::Duration;

fn site() -> Site {
    Site::at(Millis(1_800_000_000_000), |_| {})
}

fn stats(root: &mut Api) -> Value {
    ok(&root.get("/api/admin/stats"), 200)
}

#[test]
fn the_four_figures_stand_with_their_thresholds() {
    let site = site();
    let (mut ada, mut root) = (Api::of(&site.person("Ada")), Api::of(&site.admin("Root")));
    let figures = stats(&mut root)["figures"].clone();
    for name in ["conflict_rate", "retry_success_rate", "slug_failure_rate"] {
        let figure = &figures[name];
        assert_eq!((&figure["value"], &figure["of"]), (&json!(null), &json!(0)), "{name}");
        assert_eq!((&figure["ok"], &figure["unit"]), (&json!(true), &json!("ratio")), "{name}");
    }
    assert_eq!(figures["conflict_rate"]["threshold"], 0.01);
    assert_eq!(figures["retry_success_rate"]["threshold"], 0.95);
    assert_eq!(figures["slug_failure_rate"]["threshold"], 0.0);
    assert_eq!(figures["average_attempts"]["threshold"], 1.5);

    let path = format!("/api/cards/{}", card(&mut ada, "Ada")["id"].as_str().unwrap());
    for _ in 0..3 {
        card(&mut ada, "Ada");
    }
    for version in 1..=3 {
        ok(&ada.patch(&path, &json!({"name": format!("Ada {version}"), "version": version})), 200);
    }
    expect(&ada.patch(&path, &json!({"name": "x", "version": 1})), 409, "version-conflict");
    let figures = stats(&mut root)["figures"].clone();
    let told = |name: &str| {
        let figure = &figures[name];
        (figure["value"].as_f64().unwrap(), figure["of"].as_u64().unwrap(), figure["ok"] == true)
    };
    assert_eq!(told("conflict_rate"), (0.25, 4, false));
    assert_eq!(told("retry_success_rate"), (1.0, 3, true));
    assert_eq!(told("slug_failure_rate"), (0.0, 4, true));
    // Three of four names were taken: 1 + 2 + 2 + 2 tries.
    assert_eq!(told("average_attempts"), (1.75, 4, false));
}

#[test]
fn what_pages_change_counts_like_what_programs_do() {
    let site = site();
    let (ada, mut root) = (site.person("Ada"), Api::of(&site.admin("Root")));
    let mut browser = Browser::of(&site, &ada);
    let mut rate = || {
        let figure = stats(&mut root)["figures"]["conflict_rate"].clone();
        let (value, of) = (figure["value"].as_f64().unwrap_or(0.0), figure["of"].as_f64().unwrap());
        (value * of, of)
    };
    let began = Form::of(&browser.get("/profile").text(), "personal");
    let mut save = |name: &str| {
        let form = began.clone().with("full_name", name);
        browser.submit("/profile/personal", &form.pairs()).status
    };
    assert_eq!((save("Ada"), save("Ada King")), (303, 409));
    assert_eq!(rate(), (1.0, 2.0));
    // What cannot be taken is no conflict, and neither is a form that is only shown again.
    assert_eq!(save(&"x".repeat(200)), 409);
    let made = card(&mut Api::of(&ada), "Card");
    let edit = format!("/cards/{}/edit", made["id"].as_str().unwrap());
    let form = Form::of(&browser.get(&edit).text(), "editor");
    let again = form.clone().with("rearrange", "add");
    assert_eq!(browser.submit(&edit, &again.pairs()).status, 200);
    let refused = form.clone().with("name", "");
    assert_eq!(browser.submit(&edit, &refused.pairs()).status, 422);
    assert_eq!(rate(), (2.0, 3.0));
    for (name, status) in [("Mine", 303), ("Theirs", 409)] {
        let form = form.clone().with("name", name);
        assert_eq!(browser.submit(&edit, &form.pairs()).status, status);
    }
    let settings = [("version", "7"), ("handle", "other"), ("display_name", "Other")];
    assert_eq!(browser.submit("/settings/account", &settings).status, 409);
    let needs = [("version", "7"), ("text_scale", "1.5")];
    assert_eq!(browser.submit("/settings/accessibility", &needs).status, 409);
    let delete = edit.replace("/edit", "/delete");
    assert_eq!(browser.submit(&delete, &[("version", "7")]).status, 409);
    // The last card stays; that is another refusal.
    assert_eq!(browser.submit(&delete, &[("version", "2")]).status, 409);
    assert_eq!(rate(), (6.0, 8.0));
}

#[test]
fn health_is_of_now() {
    let site = site();
    let mut root = Api::of(&site.admin("Root"));
    ok(&root.post("/api/jobs", &json!({"queue": "q", "kind": "k", "payload": 1})), 201);
    site.clock().advance(Duration::from_secs(90));
    let told = stats(&mut root);
    assert_eq!(told["since"], "2027-01-15T08:00:00.000Z");
    let health = &told["health"];
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        (&health["uptime_seconds"], &health["oldest_job_seconds"]),
        (&json!(90), &json!(90))
    );
    assert_eq!((&health["jobs_due"], &health["jobs_dead"]), (&json!(1), &json!(0)));
    assert_eq!(health["is_disk_full"], false);
    assert!(health["database_bytes"].as_u64().unwrap() > 4_096);
    assert!(health["free_bytes"].as_u64().unwrap() > 0);
}

#[test]
fn they_are_for_admins() {
    let site = site();
    expect(&Api::nobody(&site).get("/api/admin/stats"), 401, "unauthenticated");
    expect(&Api::of(&site.person("Ada")).get("/api/admin/stats"), 403, "forbidden");
}
