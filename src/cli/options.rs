//! Options that several commands share.

use crate::clock::Clock;
use crate::config::{Config, Mail, MailServer, Registration, Synchronous, WebhookTargets};
use crate::domain::credits;
use crate::domain::mails::Post;
use crate::error::{Error, Result};
use crate::store::{self, Store};
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where the database is.
#[derive(Debug, Clone, Args)]
pub(super) struct DataDir {
    /// Folder of the database and everything beside it
    #[arg(long, env = "CARDINAL_DATA_DIR", value_name = "DIR", default_value = "cardinal-data")]
    pub(super) data_dir: PathBuf,
}

impl DataDir {
    /// Opens the database for a command that needs one to be there.
    pub(super) fn open(&self) -> Result<Store> {
        let path = self.data_dir.join(store::DATABASE);
        if !path.is_file() {
            let told =
                format!("there is no database at {}; `cardinal serve` makes one", path.display());
            return Err(Error::internal(told));
        }
        Store::open(&Config::new(&self.data_dir), Clock::system())
    }

    /// Opens the database, and makes it if it is absent.
    pub(super) fn open_or_make(&self) -> Result<Store> {
        Store::open(&Config::new(&self.data_dir), Clock::system())
    }
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub(super) struct ServeOptions {
    #[command(flatten)]
    pub(super) data: DataDir,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "CARDINAL_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(super) listen: SocketAddr,
    /// Address people reach this server by, as in `https://cards.example.org`
    #[arg(long, env = "CARDINAL_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub(super) public_url: Option<String>,
    /// Who may register
    #[arg(long, env = "CARDINAL_REGISTRATION", value_enum, default_value = "open")]
    pub(super) registration: Registration,
    /// Tier a new person starts with: free, standard or unlimited
    #[arg(long, env = "CARDINAL_DEFAULT_TIER", value_name = "TIER", default_value = "standard")]
    pub(super) default_tier: String,
    /// Proxy whose Forwarded and X-Forwarded-* count, as in 10.0.0.0/8; may be given several times
    #[arg(long, env = "CARDINAL_TRUSTED_PROXY", value_name = "CIDR", value_delimiter = ',', value_parser = network)]
    pub(super) trusted_proxy: Vec<ipnet::IpNet>,
    /// Network that webhooks may reach beyond the public Internet, at any port and by http, as in 10.0.0.0/8; may be
    /// given several times
    #[arg(long, env = "CARDINAL_WEBHOOK_ALLOW_CIDR", value_name = "CIDR")]
    #[arg(value_delimiter = ',', value_parser = network)]
    pub(super) webhook_allow_cidr: Vec<ipnet::IpNet>,
    /// Let webhooks be called by http everywhere
    #[arg(long, env = "CARDINAL_ALLOW_HTTP_WEBHOOKS")]
    pub(super) allow_http_webhooks: bool,
    /// Open the browser, signed in as the admin who has been here longest
    #[arg(long, env = "CARDINAL_OPEN")]
    pub(super) open: bool,
    #[command(flatten)]
    pub(super) mail: MailOptions,
    /// Whom to tell of a weakness, in security.txt: an address like security@example.org, or a URI (mailto, https or
    /// tel); may be given several times
    #[arg(long, env = "CARDINAL_SECURITY_CONTACT", value_name = "CONTACT")]
    #[arg(value_delimiter = ',', value_parser = contact)]
    pub(super) security_contact: Vec<String>,
    /// When to wait for the disk: at every commit, or (a power cut may then take back the last
    /// acknowledged changes) at checkpoints only
    #[arg(long, env = "CARDINAL_SYNCHRONOUS", value_enum, default_value = "full")]
    pub(super) synchronous: Synchronous,
    /// Live connections at most
    #[arg(long, env = "CARDINAL_MAX_CONNECTIONS", value_name = "N", default_value_t = 1_024)]
    #[arg(value_parser = clap::value_parser!(u32).range(8..))]
    pub(super) max_connections: u32,
    /// What to log: error, warn, info (a line per request), debug, trace
    #[arg(long, env = "CARDINAL_LOG", value_name = "LEVEL", default_value = "info")]
    pub(super) log: tracing_subscriber::filter::LevelFilter,
}

/// How to send mail.
#[derive(Debug, Clone, Args)]
pub(super) struct MailOptions {
    /// Server that takes mail, as in `smtps://user@mail.example.org` (TLS, port 465) or
    /// `smtp://user@mail.example.org:587` (STARTTLS: a must with a user, but on this machine itself; without one used
    /// where it is offered, or a must with `?tls=required`). Without it mail is written into files in `outbox` in the
    /// data directory
    #[arg(long, env = "CARDINAL_SMTP_URL", value_name = "URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// File that holds the password for it in its first line. In the environment it may stand in the URL, too
    #[arg(long, env = "CARDINAL_SMTP_PASSWORD_FILE", value_name = "FILE", requires = "smtp_url")]
    smtp_password_file: Option<PathBuf>,
    /// Whom mail comes from, as in `Cards <cards@example.org>`; a must with --smtp-url
    #[arg(long, env = "CARDINAL_MAIL_FROM", value_name = "MAILBOX", value_parser = mailbox)]
    mail_from: Option<String>,
    /// Credits that mailing a share takes; given back if it cannot be sent
    #[arg(long, env = "CARDINAL_SHARE_MAIL_PRICE", value_name = "CREDITS", default_value_t = 0)]
    #[arg(allow_negative_numbers = true)]
    #[arg(value_parser = clap::value_parser!(i64).range(0..=credits::AMOUNT_MAX))]
    share_mail_price: i64,
}

impl MailOptions {
    fn mail(self) -> Result<Mail> {
        let fault = |what: &str, why: &str| Error::internal(format!("--{what}: {why}"));
        let password = self.smtp_password_file.map(|path| {
            let text = std::fs::read_to_string(&path).map_err(|told| {
                fault("smtp-password-file", &format!("{} cannot be read: {told}", path.display()))
            })?;
            let line = text.lines().next().unwrap_or_default();
            let empty = || fault("smtp-password-file", "its first line is empty");
            (!line.is_empty()).then(|| line.to_owned()).ok_or_else(empty)
        });
        let password = password.transpose()?;
        let server = self.smtp_url.map(|url| MailServer::parse(&url, password.as_deref()));
        let server = server.transpose().map_err(|why| fault("smtp-url", &why))?;
        if server.is_some() && self.mail_from.is_none() {
            return Err(fault(
                "mail-from",
                "a server takes no mail that comes from nobody: say whom",
            ));
        }
        Ok(Mail { server, from: self.mail_from, share_price: self.share_mail_price })
    }
}

/// Checked only; it is read again by whoever writes mail.
fn mailbox(text: &str) -> Result<String, String> {
    Post::new(Some(text), "http://localhost").map(|_| text.to_owned())
}

impl ServeOptions {
    pub(super) fn config(self) -> Result<Config> {
        let mut config = Config::new(self.data.data_dir);
        config.listen = self.listen;
        config.public_url = self.public_url;
        config.registration = self.registration;
        config.default_tier = self.default_tier;
        config.trusted_proxies = self.trusted_proxy;
        config.webhooks = WebhookTargets {
            allowed: self.webhook_allow_cidr,
            allows_http: self.allow_http_webhooks,
        };
        config.mail = self.mail.mail()?;
        config.security_contacts = self.security_contact;
        config.synchronous = self.synchronous;
        config.limits.connections_max = self.max_connections as usize;
        Ok(config)
    }
}

/// A CIDR, or a single address.
fn network(text: &str) -> Result<ipnet::IpNet, String> {
    if let Ok(address) = text.parse::<std::net::IpAddr>() {
        return Ok(address.into());
    }
    text.parse().map_err(|fault: ipnet::AddrParseError| {
        format!("{fault}; must be like 10.0.0.0/8 or 10.0.0.1")
    })
}

/// A contact as a URI; what looks like a mail address is one (RFC 9116 §2.5.3).
fn contact(text: &str) -> Result<String, String> {
    let bare = text.contains('@') && !text.contains(':');
    let uri = if bare { format!("mailto:{text}") } else { text.to_owned() };
    let parsed = url::Url::parse(&uri).map_err(|fault| fault.to_string())?;
    let plain = uri.bytes().all(|b| b.is_ascii_graphic());
    if !plain || !matches!(parsed.scheme(), "mailto" | "https" | "tel") {
        return Err("must be like security@example.org, https://example.org/security or tel:+1-201-555-0123".into());
    }
    Ok(uri)
}

pub(super) fn public_url(text: &str) -> Result<String, String> {
    let parsed = url::Url::parse(text).map_err(|fault| fault.to_string())?;
    let whole = matches!(parsed.scheme(), "http" | "https") && parsed.has_host();
    if !whole || parsed.query().is_some() || parsed.fragment().is_some() || parsed.path() != "/" {
        return Err("must be like https://cards.example.org, without a path".into());
    }
    Ok(text.trim_end_matches('/').to_owned())
}
