//! The pages of jobs.

use crate::kit::{Api, Browser, ok};
use cardinal::testing::Site;
use serde_json::json;

#[test]
fn jobs_are_shown_chosen_cancelled_and_tried_again() {
    let site = Site::start();
    let root = site.admin("Root");
    let (mut api, mut browser) = (Api::of(&root), Browser::of(&site, &root));
    assert!(browser.get("/admin/jobs").text().contains("No jobs here"));
    let new = json!({"queue": "mail", "kind": "mail.<b>", "payload": {"to": "<script>"}, "max_attempts": 1});
    let job = ok(&api.post("/api/jobs", &new), 201);
    let claimed = ok(&api.post("/api/jobs/claim", &json!({"queue": "mail", "worker": "w"})), 200);
    let lease = &claimed["jobs"][0]["lease_token"];
    let id = job["id"].as_str().unwrap();
    let failure = json!({"lease_token": lease, "error": "no <route>"});
    ok(&api.post(&format!("/api/jobs/{id}/fail"), &failure), 200);
    let list = browser.get("/admin/jobs?state=dead&queue=mail").text();
    assert!(list.contains("mail.&lt;b&gt;") && list.contains("Given up"), "{list}");
    assert!(browser.get("/admin/jobs?state=running").text().contains("No jobs here"));
    let path = format!("/admin/jobs/{id}");
    let page = browser.get(&path).text();
    assert!(page.contains("no &lt;route&gt;") && page.contains("&lt;script&gt;"), "{page}");
    let page = browser.submit_and_follow(&format!("{path}/retry"), &[]).text();
    assert!(page.contains("Waiting") && page.contains("Cancel job"), "{page}");
    let page = browser.submit_and_follow(&format!("{path}/cancel"), &[]).text();
    assert!(page.contains("Cancelled") && !page.contains("Cancel job"), "{page}");
    for path in ["/admin/jobs/none/retry", "/admin/jobs/none/cancel"] {
        assert_eq!(browser.submit(path, &[]).status, 404, "{path}");
    }
    assert_eq!(browser.get("/admin/jobs/none").status, 404);
    assert!(browser.reading("de").get("/admin/jobs").text().contains("Abgesagt"));
}
