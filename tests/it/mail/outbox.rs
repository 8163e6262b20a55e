//! An installation without a mail server writes mail into files.

use super::{mail, once, once_state};
use crate::kit::{Api, ok};
use cardinal::config::MailWay;
use cardinal::testing::Site;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn mail_is_written_into_the_outbox_for_its_owner_alone() {
    let site = Site::start();
    let mut api = Api::of(&site.person("Ada"));
    let share = mail(&mut api, "grace@example.org");
    once_state(&mut api, &share, "sent");
    let outbox = site.data_dir().join("outbox");
    assert_eq!(site.running().state().config.mail_way(), MailWay::Outbox(outbox.clone()));
    let name = format!("{}.eml", share["mail"]["job_id"].as_str().unwrap());
    let names: Vec<_> =
        std::fs::read_dir(&outbox).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [name.as_str()]);
    assert_eq!((mode(&outbox), mode(&outbox.join(&name))), (0o700, 0o600));
    let text = std::fs::read_to_string(outbox.join(name)).unwrap();
    assert!(text.contains("To: grace@example.org\r\n"), "{text}");
    assert!(text.contains("From: Cardinal <cardinal@localhost>\r\n"), "{text}");
}

#[test]
fn an_outbox_that_cannot_be_written_is_waited_for() {
    let site = Site::with(|config| {
        std::fs::create_dir_all(&config.data_dir).unwrap();
        std::fs::write(config.data_dir.join("outbox"), "in the way").unwrap();
    });
    let mut api = Api::of(&site.person("Ada"));
    let share = mail(&mut api, "grace@example.org");
    let told = once(&mut api, &share, |mail| mail["error"] != Value::Null);
    assert_eq!(told["mail"]["state"], "queued");
    assert_eq!(told["mail"]["error"], "the outbox cannot be written");
    std::fs::remove_file(site.data_dir().join("outbox")).unwrap();
    let retry = format!("/api/jobs/{}/retry", told["mail"]["job_id"].as_str().unwrap());
    ok(&Api::of(&site.admin("Root")).post(&retry, &json!({})), 200);
    once_state(&mut api, &share, "sent");
}
