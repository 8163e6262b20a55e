//! `GET /livez`, `GET /readyz` and `GET /healthz`.

use crate::kit::{Api, expect, ok};
use cardinal::testing::Site;

#[test]
fn a_running_server_says_that_it_lives_and_is_ready() {
    let site = Site::start();
    let mut nobody = Api::nobody(&site);
    for path in ["/livez", "/readyz", "/healthz"] {
        assert_eq!(ok(&nobody.get(path), 200)["status"], "ok");
        assert_eq!(nobody.send("HEAD", path, &[], b"").status, 200);
    }
}

#[test]
fn a_server_that_is_about_to_stop_lives_and_is_not_ready() {
    let site = Site::start();
    let mut nobody = Api::nobody(&site);
    site.running().state().drain();
    ok(&nobody.get("/livez"), 200);
    for path in ["/readyz", "/healthz"] {
        expect(&nobody.get(path), 503, "draining");
    }
}
