//! What comes from people into a mail stays what it is: a name, an address, a text.

use super::{mail, once_state, sends, wanted};
use crate::kit::smtp::{MailServer, Mood};
use crate::kit::{Api, faults, ok};
use cardinal::testing::Site;
use serde_json::json;

#[test]
fn a_name_is_no_header_field() {
    let server = MailServer::start(&[Mood::Takes]);
    let site = Site::with(|config| sends(config, &server, 0));
    for (n, name) in [
        "Ada, <eve@evil.example>",
        "Ada\" <eve@evil.example>, \"x",
        "李雷",
        "ليلى العامري",
        "Zoë \u{202e}esreveR",
        "=?utf-8?q?Eve?=",
        "<script>alert(1)</script>",
        "Ada Augusta King-Noel, Countess of Lovelace, née Byron, of the Analytical Engine and much more",
    ]
    .into_iter()
    .enumerate()
    {
        let person = site.person("Ada");
        let mut api = Api::of(&person);
        let me = ok(&api.get("/api/me"), 200);
        let change = json!({"display_name": name, "version": me["version"]});
        let reply = api.patch("/api/me", &change);
        if reply.status != 200 {
            continue;
        }
        let share = mail(&mut api, "grace@example.org");
        once_state(&mut api, &share, "sent");
        let mail = server.mails(1).pop().unwrap();
        assert_eq!(mail.to, "grace@example.org", "{n}");
        assert_eq!(mail.field("To").as_deref(), Some("grace@example.org"), "{name}");
        let reply_to = mail.field("Reply-To").unwrap();
        assert!(reply_to.ends_with(&format!("<{}>", person.user.email)), "{reply_to}");
        assert!(mail.field("Bcc").is_none() && mail.field("Subject").is_some(), "{}", mail.text);
        assert!(mail.text.split("\r\n\r\n").next().unwrap().is_ascii(), "{}", mail.text);
        let lines = mail.text.split("\r\n").map(str::len).max().unwrap();
        assert!(lines <= 998 && !mail.text.replace("\r\n", "").contains(['\r', '\n']), "{lines}");
        let parts = mail.parts();
        assert!(!parts[1].contains("<script>"), "{}", parts[1]);
        if !name.contains('\u{202e}') {
            assert!(parts[0].contains(name), "{}", parts[0]);
        }
    }
}

#[test]
fn what_cannot_be_written_to_is_refused_by_name() {
    let site = Site::start();
    let mut api = Api::of(&site.person("Ada"));
    for (recipient, code) in [
        ("nobody", "email"),
        ("a@b@c.example", "email"),
        ("grace@example.org\r\nBcc: eve@evil.example", "email"),
        ("grace@example.org>\r\nDATA", "email"),
        ("\"a b\"@example.org", "email"),
        ("grace..hopper@example.org", "email"),
        (".grace@example.org", "email"),
        ("grace@127.0.0.1", "email"),
        ("grace@[127.0.0.1]", "email"),
        ("grace@exa_mple..org", "email"),
    ] {
        let body = wanted(&mut api, recipient);
        let reply = api.post("/api/shares", &body);
        assert_eq!(reply.status, 422, "{recipient}: {}", reply.text());
        let told = &reply.json()["errors"][0];
        assert_eq!(told["pointer"], "/recipient", "{recipient}");
        assert!(told["code"] == code || told["code"] == "control", "{recipient}: {told}");
    }
    let body = wanted(&mut api, "grace@example.org");
    let without = |name: &str| {
        let mut body = body.clone();
        body.as_object_mut().unwrap().remove(name);
        body
    };
    faults(&api.post("/api/shares", &without("recipient")), &[("/recipient", "required")]);
    let mut link = body.clone();
    link["channel"] = json!("link");
    faults(&api.post("/api/shares", &link), &[("/channel", "choice")]);
    link["send"] = json!("yes");
    faults(&api.post("/api/shares", &link), &[("/send", "type")]);
    // Not mailed, nothing of that matters.
    link["send"] = json!(false);
    assert_eq!(ok(&api.post("/api/shares", &link), 201)["mail"], json!(null));
    assert_eq!(ok(&api.get("/api/shares"), 200)["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_domain_of_other_letters_goes_out_in_ascii_and_a_local_part_needs_a_server_that_takes_it() {
    let server = MailServer::start(&[Mood::Takes]);
    let site = Site::with(|config| sends(config, &server, 0));
    let mut api = Api::of(&site.person("Ada"));
    let share = mail(&mut api, "grace@bücher.example");
    once_state(&mut api, &share, "sent");
    assert_eq!(server.mails(1)[0].to, "grace@xn--bcher-kva.example");
    let share = mail(&mut api, "用户@example.org");
    let failed = once_state(&mut api, &share, "failed");
    assert!(failed["mail"]["error"].as_str().unwrap().contains("beyond ASCII"), "{failed}");
    assert_eq!(failed["bounced"]["total"], 0);

    let modern = MailServer::offering(&[Mood::Takes], &["SMTPUTF8"]);
    let site = Site::with(|config| sends(config, &modern, 0));
    let mut api = Api::of(&site.person("Ada"));
    let share = mail(&mut api, "用户@example.org");
    once_state(&mut api, &share, "sent");
    assert_eq!(modern.mails(1)[0].to, "用户@example.org");
    assert!(modern.lines().iter().any(|line| line.contains("SMTPUTF8")));
}
