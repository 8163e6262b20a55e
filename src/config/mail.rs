//! How mail is sent: by a server, which an address names as mail programs have it, or into a folder.

use super::Config;
use std::path::PathBuf;

/// How mail is sent, and what it costs.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    /// The server that takes it; without one it is written into files.
    pub server: Option<MailServer>,
    /// `Name <address>` that it comes from; made from the address people reach this server by if absent.
    pub from: Option<String>,
    /// Credits that a mailed share takes; 0: none.
    pub share_price: i64,
}

/// A server that takes mail.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others.
    pub encryption: Encryption,
    /// Name and password.
    pub credentials: Option<(String, String)>,
}

/// How a connection is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From its first byte.
    Tls,
    /// From STARTTLS on, without which nothing is sent.
    StartTls,
    /// From STARTTLS on, if the server offers it.
    IfOffered,
    /// Not at all: it does not leave this machine.
    Loopback,
}

impl MailServer {
    /// The server that `smtp://` (STARTTLS) or `smtps://` (TLS) leads to, as in `smtps://user@mail.example.org:465`.
    /// Credentials cross a network encrypted or not at all: with `smtp://` and credentials STARTTLS is a must, but on
    /// this machine itself; without credentials it is used where it is offered, or a must with `?tls=required`.
    pub fn parse(text: &str, password: Option<&str>) -> Result<Self, String> {
        let form = "must be like smtps://user@mail.example.org or smtp://user@mail.example.org:587";
        let url = url::Url::parse(text).map_err(|fault| format!("{fault}; {form}"))?;
        let implicit = match url.scheme() {
            "smtps" => true,
            "smtp" => false,
            other => return Err(format!("{other}:// is not a way to send mail; {form}")),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("it names no host")?;
        let host = host.trim_matches(['[', ']']).to_owned();
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(format!("it leads to a server, not to a path; {form}"));
        }
        let required = match url.query() {
            None => false,
            Some("tls=required") => true,
            Some(other) => return Err(format!("?{other} is not known; ?tls=required is")),
        };
        let decoded = |text: &str| {
            let text = percent_encoding::percent_decode_str(text).decode_utf8();
            text.map(String::from).map_err(|fault| format!("user or password: {fault}"))
        };
        let password = match (password, url.password()) {
            (Some(_), Some(_)) => return Err("the password is given twice".into()),
            (Some(password), None) => Some(password.to_owned()),
            (None, inner) => inner.map(decoded).transpose()?,
        };
        let credentials = match (decoded(url.username())?, password) {
            (user, None) if user.is_empty() => None,
            (user, Some(_)) if user.is_empty() => return Err("a password, but no user".into()),
            (user, Some(password)) => Some((user, password)),
            (user, None) => return Err(format!("there is no password for the user {user}")),
        };
        let encryption = if implicit {
            Encryption::Tls
        } else if required || (credentials.is_some() && !is_loopback(&host)) {
            Encryption::StartTls
        } else if is_loopback(&host) {
            Encryption::Loopback
        } else {
            Encryption::IfOffered
        };
        let standard = if implicit {
            465
        } else if credentials.is_some() {
            587
        } else {
            25
        };
        Ok(Self { port: url.port().unwrap_or(standard), host, encryption, credentials })
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Without the password.
impl std::fmt::Debug for MailServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{} ({:?})", self.host, self.port, self.encryption)
    }
}

/// How an installation sends mail, to be told to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailWay {
    /// By this server.
    Smtp {
        /// Its name or address.
        host: String,
        /// Its port.
        port: u16,
    },
    /// Not at all: it is written into this folder.
    Outbox(PathBuf),
}

impl Config {
    /// How this installation sends mail.
    pub fn mail_way(&self) -> MailWay {
        match &self.mail.server {
            Some(server) => MailWay::Smtp { host: server.host.clone(), port: server.port },
            None => MailWay::Outbox(self.data_dir.join("outbox")),
        }
    }
}

impl std::fmt::Display for MailWay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Smtp { host, port } => write!(f, "mail is sent by {host}:{port}"),
            Self::Outbox(dir) => {
                write!(f, "mail is not sent: it is written into {}", dir.display())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: &str, password: Option<&str>) -> Result<String, String> {
        MailServer::parse(url, password).map(|server| format!("{server:?}"))
    }

    #[test]
    fn credentials_cross_no_network_in_the_clear() {
        for (url, is) in [
            ("smtps://ada@mail.example.org", "mail.example.org:465 (Tls)"),
            ("smtp://ada@mail.example.org", "mail.example.org:587 (StartTls)"),
            ("smtp://ada@127.0.0.1:2525", "127.0.0.1:2525 (Loopback)"),
            ("smtp://ada@[::1]:2525", "::1:2525 (Loopback)"),
        ] {
            assert_eq!(told(url, Some("secret")).as_deref(), Ok(is));
            assert!(told(url, None).unwrap_err().contains("no password"), "{url}");
        }
        for (url, is) in [
            ("smtp://relay.lan", "relay.lan:25 (IfOffered)"),
            ("smtp://relay.lan/?tls=required", "relay.lan:25 (StartTls)"),
            ("smtp://localhost:1025", "localhost:1025 (Loopback)"),
            ("smtp://localhost:1025?tls=required", "localhost:1025 (StartTls)"),
        ] {
            assert_eq!(told(url, None).as_deref(), Ok(is));
        }
        let inner = MailServer::parse("smtps://a%40b:p%2Fq@h.example", None).unwrap();
        assert_eq!(inner.credentials, Some(("a@b".into(), "p/q".into())));
    }

    #[test]
    fn a_wrong_address_is_refused_by_name() {
        for (url, word) in [
            ("mail.example.org", "smtps://"),
            ("https://mail.example.org", "https://"),
            ("smtp://", "host"),
            ("smtps://h.example/inbox", "path"),
            ("smtp://h.example?tls=none", "?tls=none"),
            ("smtps://a:b@h.example:99999", "port"),
            ("smtps://:b@h.example", "no user"),
        ] {
            let fault = told(url, None).unwrap_err();
            assert!(fault.contains(word), "{url}: {fault}");
        }
        assert!(told("smtps://a:b@h.example", Some("c")).unwrap_err().contains("twice"));
    }
}
