//! A mail server of somebody else's making takes what we send: aiosmtpd, which `.ci/run` installs.

use super::{mail, once_state};
use crate::kit::Api;
use cardinal::config::MailServer as Server;
use cardinal::testing::Site;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Takes what comes, and prints sender, recipient, and what Python's own parser reads in it.
const PROGRAM: &str = r#"
import asyncio, email, email.policy, json
from aiosmtpd.smtp import SMTP
class Handler:
    async def handle_DATA(self, server, session, envelope):
        told = email.message_from_bytes(envelope.content, policy=email.policy.default)
        print(json.dumps({
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "subject": str(told["Subject"]),
            "reply_to": str(told["Reply-To"]), "id": str(told["Message-ID"]),
            "defects": [str(d) for d in told.defects],
            "text": told.get_body(("plain",)).get_content(), "page": told.get_body(("html",)).get_content(),
        }), flush=True)
        return "250 taken"
# Its own way of starting takes no free port.
async def main():
    make = lambda: SMTP(Handler(), enable_SMTPUTF8=True)
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"#;

struct Elsewhere(Child);

impl Drop for Elsewhere {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
#[ignore = "takes a Python with aiosmtpd, named by CARDINAL_TEST_PYTHON: .ci/run has one"]
fn somebody_elses_server_takes_and_reads_it() {
    let python = variable("CARDINAL_TEST_PYTHON")
        .expect("CARDINAL_TEST_PYTHON names a Python that has aiosmtpd: see .ci/run");
    let mut child = Command::new(python)
        .args(["-c", PROGRAM])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("CARDINAL_TEST_PYTHON runs");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let _elsewhere = Elsewhere(child);
    let port = lines.next().expect("aiosmtpd is installed there and starts").unwrap();
    let site = Site::with(|config| {
        let url = format!("smtp://127.0.0.1:{port}");
        config.mail.server = Some(Server::parse(&url, None).unwrap());
        config.mail.from = Some("\"Karten, viele\" <cards@example.org>".into());
    });
    let ada = site.person("Zoë 李雷");
    let mut api = Api::of(&ada);
    for recipient in ["grace@example.org", "用户@bücher.example"] {
        let share = mail(&mut api, recipient);
        once_state(&mut api, &share, "sent");
        let told: serde_json::Value =
            serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(told["from"], "cards@example.org");
        assert_eq!(told["to"][0], recipient.replace("bücher", "xn--bcher-kva"));
        assert_eq!(told["subject"], "Zoë 李雷 has a card for you");
        assert_eq!(told["reply_to"], format!("Zoë 李雷 <{}>", ada.user.email));
        let job = share["mail"]["job_id"].as_str().unwrap();
        assert_eq!(told["id"], format!("<{job}@example.org>"));
        assert_eq!(told["defects"], serde_json::json!([]));
        for part in ["text", "page"] {
            assert!(
                told[part].as_str().unwrap().contains(share["url"].as_str().unwrap()),
                "{told}"
            );
        }
    }
}

/// A variable of the environment of this run.
fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::vars_os().find(|(known, _)| known == name).map(|(_, value)| value)
}
