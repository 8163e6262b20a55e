//! The page of logins.

use crate::kit::Browser;
use cardinal::testing::Site;

#[test]
fn logins_are_listed_and_ended_one_by_one_and_all_at_once() {
    let site = Site::start();
    let (ada, eve) = (site.person("Ada"), site.person("Eve"));
    let mut here = Browser::of(&site, &ada);
    let (mut phone, mut tablet) = (Browser::of(&site, &ada), Browser::of(&site, &ada));
    let page = here.get("/sessions").text();
    assert_eq!(page.matches("This device").count(), 1, "{page}");
    let ids: Vec<&str> = page.split("action=\"/sessions/").skip(1).collect();
    let ids: Vec<&str> =
        ids.iter().filter_map(|id| id.split_once("/end\"")).map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 3);
    // Somebody else's is as absent as none.
    let end = format!("/sessions/{}/end", ids[1]);
    assert_eq!(Browser::of(&site, &eve).submit(&end, &[]).status, 404);
    assert_eq!(here.submit("/sessions/none/end", &[]).status, 404);
    assert!(here.submit_and_follow(&end, &[]).text().contains("Signed out there."));
    assert_eq!(phone.get("/sessions").status, 303);
    assert_eq!(here.submit("/sessions/end-others", &[]).status, 303);
    assert_eq!(tablet.get("/sessions").status, 303);
    assert!(here.reading("de").get("/sessions").text().contains("Dieses Gerät"));
}

#[test]
fn ending_this_login_signs_out() {
    let site = Site::start();
    let mut ada = Browser::of(&site, &site.person("Ada"));
    let page = ada.get("/sessions").text();
    let id = super::between(&page, "action=\"/sessions/", "/end\"").to_owned();
    let gone = ada.submit(&format!("/sessions/{id}/end"), &[]);
    assert_eq!((gone.status, gone.header("Location")), (303, Some("/")));
    assert_eq!(ada.get("/sessions").header("Location"), Some("/login?next=%2Fsessions"));
}
