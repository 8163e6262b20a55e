//! The built program in a process of its own, and people in its database.

use cardinal::clock::Clock;
use cardinal::config::Config;
use cardinal::domain::tokens::{self, NewToken, Scope, Scopes};
use cardinal::domain::users::{self, NewUser, Role, UserId};
use cardinal::error::Error;
use cardinal::id::{Token, TokenKind, hex};
use cardinal::store::Store;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub(crate) struct Served {
    child: Child,
    address: SocketAddr,
    dir: TempDir,
}

impl Served {
    /// Starts the program on a free port and a scratch database.
    pub(crate) fn start(args: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_cardinal"))
            .args(["serve", "--listen", "127.0.0.1:0", "--default-tier", "unlimited", "--data-dir"])
            .arg(dir.path())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(File::create(dir.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap().parse().unwrap();
        Self { child, address, dir }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn config(&self) -> Config {
        Config::new(self.dir.path())
    }
}

impl Served {
    /// The server's resident memory.
    pub(crate) fn resident_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib / 1_024
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Somebody with a token.
pub(crate) struct Member {
    pub(crate) user: UserId,
    pub(crate) token: String,
}

/// So many people more in a database, which may be served meanwhile.
pub(crate) fn members(config: &Config, count: usize) -> Vec<Member> {
    let store = Store::open(config, Clock::system()).unwrap();
    let secrets: Vec<Token> = (0..count).map(|_| Token::new(TokenKind::Api)).collect();
    let stored = secrets.clone();
    let made = store.write::<_, Error, _>(move |tx| {
        let add = |secret: &Token| {
            let handle = format!("h{}", hex(12));
            let new = NewUser {
                email: format!("{handle}@example.org"),
                handle: Some(handle),
                display_name: "Somebody".into(),
                role: Role::Member,
            };
            let user = users::create(tx, &new, "unlimited")?.id;
            let scopes = Scopes::default().with(Scope::CardsRead).with(Scope::CardsWrite);
            let asked = NewToken { name: "bench".into(), scopes, expires_in_days: None };
            tokens::create(tx, user, &asked, secret)?;
            Ok(user)
        };
        stored.iter().map(add).collect::<Result<Vec<_>, Error>>()
    });
    let users = made.unwrap();
    let tokens = secrets.iter().map(|secret| secret.reveal().to_owned());
    users.into_iter().zip(tokens).map(|(user, token)| Member { user, token }).collect()
}
