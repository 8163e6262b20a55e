//! Delivery to a server that takes mail, refuses it, puts it off, drops the connection or is slow.

use super::{assert_sound, mail, once, once_state, pass, sends};
use crate::kit::smtp::{MailServer, Mood};
use crate::kit::{Api, ok};
use cardinal::clock::Millis;
use cardinal::config::{Encryption, MailServer as Server};
use cardinal::domain::jobs::{self, JobId};
use cardinal::testing::Site;
use cardinal::worker;
use serde_json::{Value, json};
use std::time::Duration;

const NOW: Millis = Millis(1_700_000_000_000);

fn error_of(site: &Site, share: &Value) -> String {
    let id = JobId::parse(share["mail"]["job_id"].as_str().unwrap()).unwrap();
    let job = site.store().read(|read| jobs::find(read, id)).unwrap();
    job.last_error.unwrap_or_default()
}

#[test]
fn a_mailed_card_arrives() {
    let server = MailServer::start(&[Mood::Takes]);
    let site = Site::at(NOW, |config| sends(config, &server, 0));
    let ada = site.person("Ada");
    let mut api = Api::of(&ada);
    let share = mail(&mut api, "Grace@example.org");
    assert_eq!(share["mail"]["state"], "queued");
    assert_eq!((&share["mail"]["price"], &share["mail"]["error"]), (&json!(0), &json!(null)));
    let mail = server.mails(1).remove(0);
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("cards@example.org", "Grace@example.org"));
    let job = share["mail"]["job_id"].as_str().unwrap();
    for (name, value) in [
        ("From", "Cards <cards@example.org>".to_owned()),
        ("To", "Grace@example.org".into()),
        ("Reply-To", format!("Ada <{}>", ada.user.email)),
        ("Subject", "Ada has a card for you".into()),
        ("Message-ID", format!("<{job}@example.org>")),
        ("Date", "Tue, 14 Nov 2023 22:13:20 +0000".into()),
        ("Auto-Submitted", "auto-generated".into()),
        ("MIME-Version", "1.0".into()),
    ] {
        assert_eq!(mail.field(name).as_deref(), Some(value.as_str()), "{name}");
    }
    let (parts, url) = (mail.parts(), share["url"].as_str().unwrap());
    assert_eq!(parts.len(), 2);
    assert!(parts[0].contains(url) && parts[0].contains("Ada Lovelace"), "{}", parts[0]);
    assert!(parts[0].contains(&ada.user.email), "who has sent it is said: {}", parts[0]);
    assert!(parts[1].contains(&format!("href=\"{url}\"")), "{}", parts[1]);
    assert!(parts[1].contains(share["pixel_url"].as_str().unwrap()), "{}", parts[1]);

    let sent = once_state(&mut api, &share, "sent");
    assert_eq!(sent["mail"]["finished_at"], NOW.to_string());
    assert_eq!(sent["bounced"]["total"], 0);
    assert_eq!(server.count(), 1);
    assert_sound(&site);
}

#[test]
fn a_refused_recipient_is_a_bounce_and_not_tried_again() {
    for moods in [
        &[Mood::Recipient("550 5.1.1 nobody of this name")][..],
        &[Mood::Whole("554 5.7.1 this is spam")],
    ] {
        let server = MailServer::start(moods);
        let site = Site::at(NOW, |config| sends(config, &server, 0));
        let mut api = Api::of(&site.person("Ada"));
        let share = mail(&mut api, "grace@example.org");
        let failed = once_state(&mut api, &share, "failed");
        assert_eq!(failed["bounced"]["total"], 1);
        assert!(failed["mail"]["error"].as_str().unwrap().contains("refused"), "{failed}");
        let error = error_of(&site, &share);
        assert!(error.contains("nobody of this name") || error.contains("spam"), "{error}");
        pass(&site, Duration::from_hours(48));
        let again = mail(&mut api, "grace@example.org");
        once_state(&mut api, &again, "failed");
        assert_eq!(server.connections(), 2, "one for each mail");
        assert_sound(&site);
    }
}

#[test]
fn what_is_put_off_is_tried_again_later() {
    let server = MailServer::start(&[
        Mood::Recipient("451 4.7.1 come again"),
        Mood::Whole("452 full"),
        Mood::Takes,
    ]);
    let site = Site::at(NOW, |config| sends(config, &server, 0));
    let mut api = Api::of(&site.person("Ada"));
    let share = mail(&mut api, "grace@example.org");
    once(&mut api, &share, |mail| mail["error"] != Value::Null);
    assert!(error_of(&site, &share).contains("come again"));
    // Not before a minute, give or take a tenth, has passed.
    pass(&site, Duration::from_secs(53));
    pass(&site, Duration::from_secs(14));
    let first = server.mails(1).remove(0);
    once(&mut api, &share, |_| error_of(&site, &share).contains("452"));
    pass(&site, Duration::from_secs(331));
    let second = server.mails(2).remove(1);
    let sent = once_state(&mut api, &share, "sent");
    assert_eq!(sent["mail"]["error"], Value::Null);
    assert_eq!((first.is_taken, second.is_taken), (false, true));
    assert_eq!(first.text, second.text, "each attempt sends the same");
    assert_eq!(sent["bounced"]["total"], 0);
}

#[test]
fn nobody_has_read_a_mail_two_seconds_after_it_was_sent() {
    let server = MailServer::start(&[Mood::Recipient("451 4.7.1 come again"), Mood::Takes]);
    let site = Site::at(NOW, |config| {
        sends(config, &server, 0);
        config.limits.buffer_time_max = Duration::from_hours(1);
    });
    let mut api = Api::of(&site.person("Ada"));
    let share = mail(&mut api, "grace@example.org");
    once(&mut api, &share, |mail| mail["error"] != Value::Null);
    pass(&site, Duration::from_secs(67));
    once_state(&mut api, &share, "sent");
    let path = format!("/t/{}", share["tracking_id"].as_str().unwrap());
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let mut reader = Api::nobody(&site).with("User-Agent", agent);
    for (pause_ms, people) in [(0, 0), (1_999, 0), (1, 1)] {
        site.clock().advance(Duration::from_millis(pause_ms));
        assert_eq!(reader.get(&path).status, 302);
        worker::flush(site.running().state()).unwrap();
        let clicked = once_state(&mut api, &share, "sent")["clicked"].take();
        assert_eq!(clicked["human_total"], people, "{clicked}");
    }
    assert_sound(&site);
}

#[test]
fn a_sender_that_is_refused_is_no_fault_of_the_recipient() {
    let server = MailServer::start(&[Mood::Sender("550 who are you"), Mood::Takes]);
    let site = Site::at(NOW, |config| sends(config, &server, 0));
    let mut api = Api::of(&site.person("Ada"));
    let share = mail(&mut api, "grace@example.org");
    let told = once(&mut api, &share, |mail| mail["error"] != Value::Null);
    assert_eq!(told["mail"]["state"], "queued");
    pass(&site, Duration::from_secs(67));
    assert_eq!(once_state(&mut api, &share, "sent")["bounced"]["total"], 0);
}

/// The one window: nobody can know whether the mail was taken over.
#[test]
fn what_nobody_answered_for_is_sent_again_as_the_same_mail() {
    let server = MailServer::start(&[Mood::Drops, Mood::Takes]);
    let site = Site::at(NOW, |config| sends(config, &server, 0));
    let mut api = Api::of(&site.person("Ada"));
    let share = mail(&mut api, "grace@example.org");
    once(&mut api, &share, |mail| mail["error"] != Value::Null);
    pass(&site, Duration::from_secs(67));
    once_state(&mut api, &share, "sent");
    let mails = server.mails(2);
    assert_eq!(mails[0].id(), mails[1].id());
    assert_eq!(mails[0].text, mails[1].text);
}

#[test]
fn a_slow_server_is_left() {
    for moods in [&[Mood::IsDeaf][..], &[Mood::IsSilent]] {
        let server = MailServer::start(moods);
        let site = Site::with(|config| {
            sends(config, &server, 0);
            config.limits.mail_deadline = Duration::from_millis(100);
            config.limits.mail_takeover_deadline = Duration::from_millis(100);
        });
        let mut api = Api::of(&site.person("Ada"));
        let share = mail(&mut api, "grace@example.org");
        let told = once(&mut api, &share, |mail| mail["error"] != Value::Null);
        assert_eq!(told["mail"]["state"], "queued");
    }
}

#[test]
fn a_server_that_is_not_there_is_waited_for() {
    let site = Site::with(|config| {
        config.mail.server = Some(Server::parse("smtp://127.0.0.1:1", None).unwrap());
        config.mail.from = Some("cards@example.org".into());
    });
    let mut api = Api::of(&site.person("Ada"));
    let share = mail(&mut api, "grace@example.org");
    let told = once(&mut api, &share, |mail| mail["error"] != Value::Null);
    assert_eq!(told["mail"]["state"], "queued");
}

#[test]
fn no_credentials_go_to_a_server_that_offers_no_encryption() {
    let server = MailServer::offering(&[Mood::Takes], &["AUTH PLAIN LOGIN"]);
    let credentials = Some(("ada".to_owned(), "secret".to_owned()));
    let site = |encryption| {
        Site::with(|config| {
            sends(config, &server, 0);
            let (host, port) = (server.address.ip().to_string(), server.address.port());
            let credentials = credentials.clone();
            config.mail.server = Some(Server { host, port, encryption, credentials });
        })
    };
    let strict = site(Encryption::StartTls);
    let mut api = Api::of(&strict.person("Ada"));
    let share = mail(&mut api, "grace@example.org");
    once(&mut api, &share, |mail| mail["error"] != Value::Null);
    assert!(error_of(&strict, &share).contains("STARTTLS"));
    let said = server.lines();
    assert!(said.iter().all(|line| line.starts_with("EHLO") || line == "QUIT"), "{said:?}");
    // On this machine itself nobody listens.
    let local = site(Encryption::Loopback);
    let mut api = Api::of(&local.person("Ada"));
    let share = mail(&mut api, "grace@example.org");
    once_state(&mut api, &share, "sent");
    assert!(server.lines().iter().any(|line| line.starts_with("AUTH PLAIN ")));
}

#[test]
fn a_card_that_is_hidden_meanwhile_is_not_mailed() {
    let server = MailServer::start(&[Mood::Recipient("451 later"), Mood::Takes]);
    let site = Site::at(NOW, |config| sends(config, &server, 0));
    let mut api = Api::of(&site.person("Ada"));
    let share = mail(&mut api, "grace@example.org");
    once(&mut api, &share, |mail| mail["error"] != Value::Null);
    let path = format!("/api/cards/{}", share["card_id"].as_str().unwrap());
    ok(&api.patch(&path, &json!({"visibility": "private", "version": 1})), 200);
    pass(&site, Duration::from_secs(67));
    let failed = once_state(&mut api, &share, "failed");
    assert!(failed["mail"]["error"].as_str().unwrap().contains("not shown"), "{failed}");
    assert_eq!(server.count(), 0);
}

/// Whoever may make jobs may not make mail of them.
#[test]
fn a_job_without_a_mail_sends_nothing() {
    let server = MailServer::start(&[Mood::Takes]);
    let site = Site::with(|config| sends(config, &server, 0));
    let mut admin = Api::of(&site.admin("Root"));
    let body = json!({"queue": "cardinal-mail", "kind": "share", "payload": {"recipient": "grace@example.org"}});
    let job = ok(&admin.post("/api/jobs", &body), 201);
    let path = format!("/api/jobs/{}", job["id"].as_str().unwrap());
    for _ in 0..20_000 {
        let told = ok(&admin.get(&path), 200);
        if told["state"] == "dead" {
            assert_eq!(told["last_error"], "there is no such mail");
            assert_eq!(server.connections(), 0);
            return;
        }
    }
    panic!("it is still there");
}
