//! Sends mail: hands one after the other over to a server, or writes it into the outbox, outside of every transaction,
//! and notes what came of it under the job's lease. What may be sent twice, and how rarely, `domain::mails` says.
//!
//! The lease is longer than all steps of a hand-over may take together. A server that stretches each of its answers by
//! sending it in crumbs can outlast it all the same; the mail is another thread's then, and may arrive twice.

use super::hands::Craft;
use crate::config::{Encryption, Limits, MailServer, MailWay};
use crate::domain::jobs::{self, Job, JobId};
use crate::domain::mails::{self, Next, Post, Sealed, Told};
use crate::error::{Error, Result};
use crate::http::state::State;
use crate::store::Lane;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a mail is a thread's own: ten steps of 30 s (a name's several addresses among them) and the take-over.
const LEASE: Duration = Duration::from_mins(20);
/// How long the server has to say goodbye: the mail is sent by then.
const GOODBYE_DEADLINE: Duration = Duration::from_secs(2);
/// Most characters kept of what a server said.
const LOG_MAX: usize = 500;

/// Sends mail.
#[derive(Debug)]
pub(super) struct Mailing {
    post: Post,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Smtp(Box<Smtp>),
    Outbox(PathBuf),
}

impl Mailing {
    pub(super) fn new(state: &State) -> Result<Self> {
        let mail = &state.config.mail;
        let post = Post::new(mail.from.as_deref(), &state.public_url).map_err(Error::internal)?;
        let way = match (&mail.server, state.config.mail_way()) {
            (Some(server), _) => {
                let limits = &state.config.limits;
                Way::Smtp(Box::new(Smtp::new(server, post.domain(), limits)?))
            }
            (None, MailWay::Outbox(dir)) => Way::Outbox(dir),
            (None, MailWay::Smtp { .. }) => return Err(Error::internal("there is no mail server")),
        };
        Ok(Self { post, way })
    }

    fn send(&self, letter: &mails::Letter) -> (Told, Option<SmtpConnection>) {
        let sealed = match self.post.seal(letter) {
            Ok(sealed) => sealed,
            Err(log) => {
                let why = "the recipient's address cannot be written to";
                return (Told::Refused { why, log, bounced: false }, None);
            }
        };
        match &self.way {
            Way::Smtp(smtp) => smtp.send(&sealed),
            Way::Outbox(dir) => (keep(dir, letter.job, &sealed.bytes), None),
        }
    }
}

impl Craft for Mailing {
    const QUEUE: &'static str = jobs::MAIL;
    const LANE: Lane = Lane::Mail;
    const LEASE: Duration = LEASE;

    fn perform(&self, state: &State, job: &Job) -> Result<()> {
        let lease = job.lease();
        let (told, connection) = match state.store.read(|read| mails::begin(read, job.id))? {
            Next::Send(letter) => self.send(&letter),
            Next::GiveUp(why) => (Told::Refused { why, log: why.into(), bounced: false }, None),
        };
        if let Told::Later { log, .. } | Told::Refused { log, .. } = &told {
            tracing::warn!(job = %job.id, attempt = job.attempt, "a mail was not sent: {log}");
        }
        let noted = state.store.write(move |tx| mails::finish(tx, lease, &told).map(drop));
        // Said after it is noted: what waits for a slow goodbye widens the window in which a kill sends a mail twice.
        if let Some(mut connection) = connection {
            drop(connection.set_timeout(Some(GOODBYE_DEADLINE)));
            connection.abort();
        }
        match noted {
            // Somebody else has it, or nobody is to have it: let it go, if it is still ours to let go.
            Err(Error::Conflict(lost)) => {
                tracing::warn!(job = %job.id, detail = %lost.detail, "a mail was lost sight of");
                let held = state.store.write(move |tx| mails::let_go(tx, lease).map(drop));
                held.or_else(
                    |fault| if matches!(fault, Error::Conflict(_)) { Ok(()) } else { Err(fault) },
                )
            }
            other => other,
        }
    }
}

/// Writes a mail into the outbox, under the name of its job: written again, it is the same file.
fn keep(dir: &Path, job: JobId, bytes: &[u8]) -> Told {
    let keep = || {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        let part = dir.join(format!(".{job}.part"));
        let mut file =
            fs::File::options().create(true).write(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, dir.join(format!("{job}.eml")))?;
        fs::File::open(dir)?.sync_all()
    };
    match keep() {
        Ok(()) => Told::Sent,
        Err(fault) => Told::Later {
            why: "the outbox cannot be written",
            log: format!("{} cannot be written: {fault}", dir.display()),
        },
    }
}

/// A server that takes mail.
struct Smtp {
    server: MailServer,
    tls: TlsParameters,
    hello: ClientId,
    deadline: Duration,
    takeover: Duration,
}

/// What its keys are is nobody's business.
impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.server.fmt(f)
    }
}

/// A step of the hand-over, for the log.
type Step<T> = std::result::Result<T, (&'static str, SmtpError)>;

impl Smtp {
    fn new(server: &MailServer, domain: &str, limits: &Limits) -> Result<Self> {
        let tls = TlsParameters::new(server.host.clone()).map_err(Error::internal)?;
        Ok(Self {
            server: server.clone(),
            tls,
            hello: ClientId::Domain(domain.into()),
            deadline: limits.mail_deadline,
            takeover: limits.mail_takeover_deadline,
        })
    }

    /// Hands a mail over. Only what is said about the recipient or about the mail itself is held against it; whatever
    /// goes wrong before that is a matter between the operator and the server, and may go right later.
    fn send(&self, sealed: &Sealed) -> (Told, Option<SmtpConnection>) {
        let mut connection = match self.open() {
            Ok(connection) => connection,
            Err(Unopened::Step((step, fault))) => return (later(step, &fault), None),
            Err(Unopened::InTheClear) => {
                let log = "the server offers no STARTTLS; nothing is sent in the clear".into();
                return (Told::Later { why: UNREACHABLE, log }, None);
            }
        };
        let told = self.hand_over(&mut connection, sealed);
        (told, Some(connection))
    }

    fn open(&self) -> Result<SmtpConnection, Unopened> {
        let step = |step: &'static str| move |fault| Unopened::Step((step, fault));
        let at = (self.server.host.as_str(), self.server.port);
        let implicit = (self.server.encryption == Encryption::Tls).then_some(&self.tls);
        let mut connection =
            SmtpConnection::connect(at, Some(self.deadline), &self.hello, implicit, None)
                .map_err(step("the greeting"))?;
        match self.server.encryption {
            Encryption::StartTls if !connection.can_starttls() => return Err(Unopened::InTheClear),
            Encryption::StartTls => {
                connection.starttls(&self.tls, &self.hello).map_err(step("STARTTLS"))?;
            }
            Encryption::IfOffered if connection.can_starttls() => {
                connection.starttls(&self.tls, &self.hello).map_err(step("STARTTLS"))?;
            }
            Encryption::Tls | Encryption::IfOffered | Encryption::Loopback => {}
        }
        if let Some((user, password)) = &self.server.credentials {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).map_err(step("AUTH"))?;
        }
        Ok(connection)
    }

    fn hand_over(&self, connection: &mut SmtpConnection, sealed: &Sealed) -> Told {
        let mut parameters = Vec::new();
        let is_plain = |address: &lettre::Address| AsRef::<str>::as_ref(address).is_ascii();
        if !is_plain(&sealed.to) || !is_plain(&sealed.from) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Told::Refused {
                    why: "the mail server does not take addresses with letters beyond ASCII",
                    log: "the server does not offer SMTPUTF8".into(),
                    bounced: false,
                };
            }
            parameters.push(MailParameter::SmtpUtfEight);
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let step = |step: &'static str| move |fault| (step, fault);
        let begun: Step<()> = connection
            .command(Mail::new(Some(sealed.from.clone()), parameters))
            .map(drop)
            .map_err(step("MAIL FROM"));
        if let Err((step, fault)) = begun {
            return later(step, &fault);
        }
        let addressed = connection.command(Rcpt::new(sealed.to.clone(), Vec::new()));
        if let Err(fault) = addressed {
            return judge("RCPT TO", "the recipient was refused", &fault);
        }
        if let Err(fault) = connection.command(Data) {
            return judge("DATA", "the mail was refused", &fault);
        }
        if let Err(fault) = connection.set_timeout(Some(self.takeover)) {
            return Told::Later { why: UNREACHABLE, log: fault.to_string() };
        }
        match connection.message(&sealed.bytes) {
            Ok(_) => Told::Sent,
            Err(fault) => judge("the mail", "the mail was refused", &fault),
        }
    }
}

/// Why there is no connection to hand mail over by.
enum Unopened {
    Step((&'static str, SmtpError)),
    /// The server would have it in the clear.
    InTheClear,
}

const UNREACHABLE: &str = "the mail server did not take it";

fn later(step: &str, fault: &SmtpError) -> Told {
    Told::Later { why: UNREACHABLE, log: log(step, fault) }
}

/// What the server said about the recipient or the mail: for ever (5xx), or for now.
fn judge(step: &str, why: &'static str, fault: &SmtpError) -> Told {
    if fault.is_permanent() {
        return Told::Refused { why, log: log(step, fault), bounced: true };
    }
    later(step, fault)
}

/// A fault in words, in one line.
fn log(step: &str, fault: &SmtpError) -> String {
    let words = format!("at {step}: {fault}");
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LOG_MAX).collect()
}
