//! Cardinal inside a test: a real server on a free port over a database of its own, for our tests and for
//! those of programs that talk to one. Hundreds may run in one process.
//!
//! ```no_run
//! use cardinal::testing::Site;
//! use serde_json::json;
//!
//! let site = Site::start();
//! let ada = site.person("Ada");
//! let reply = ada.client().post("/api/cards", &json!({"name": "Ada Lovelace"})).unwrap();
//! assert_eq!(reply.status, 201);
//! ```

#![expect(clippy::expect_used, reason = "a test that cannot begin has nothing to go on with")]

pub mod client;

pub use client::{Client, Reply};

use crate::clock::{Clock, Millis};
use crate::config::{Config, PasswordCost};
use crate::domain::tokens::{self, NewToken, Scope, Scopes};
use crate::domain::users::{self, NewUser, Role, User};
use crate::error::Error;
use crate::id::{Token, TokenKind};
use crate::instance::Instance;
use crate::store::Store;
use crate::store::tx::Named;
use std::net::SocketAddr;
use tempfile::TempDir;

/// A server with a scratch database, both gone when it is dropped.
#[derive(Debug)]
pub struct Site {
    instance: Option<Instance>,
    config: Config,
    clock: Clock,
    dir: TempDir,
}

impl Site {
    /// A site with the defaults, but for cheap password hashes and a tier that allows many cards.
    ///
    /// # Panics
    /// If it cannot be started, here and in the other constructors.
    pub fn start() -> Self {
        Self::with(|_| {})
    }

    /// A site with a configuration of your own.
    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::begin(Clock::system(), change)
    }

    /// A site whose clock stands still until [`Clock::advance`] turns it.
    pub fn at(now: Millis, change: impl FnOnce(&mut Config)) -> Self {
        Self::begin(Clock::manual(now), change)
    }

    fn begin(clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::Builder::new().prefix("cardinal-").tempdir().expect("a scratch folder");
        let mut config = Config::new(dir.path());
        config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        config.default_tier = "unlimited".into();
        config.password_cost = PasswordCost { memory_kib: 64, passes: 1 };
        change(&mut config);
        let instance = Instance::start(config.clone(), clock.clone()).expect("a server starts");
        Self { instance: Some(instance), config, clock, dir }
    }

    fn instance(&self) -> &Instance {
        self.instance.as_ref().expect("the server runs")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.instance().address()
    }

    /// Its database.
    pub fn store(&self) -> &Store {
        &self.instance().state().store
    }

    /// The running program.
    pub fn running(&self) -> &Instance {
        self.instance()
    }

    /// Its clock.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The folder of its database.
    pub fn data_dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// A client that is nobody.
    ///
    /// # Panics
    /// If the server does not accept.
    pub fn client(&self) -> Client {
        Client::connect(self.address()).expect("the server accepts")
    }

    /// A new member with an API token of every scope.
    pub fn person(&self, name: &str) -> Person {
        self.someone(name, Role::Member)
    }

    /// A new admin with an API token of every scope.
    pub fn admin(&self, name: &str) -> Person {
        self.someone(name, Role::Admin)
    }

    fn someone(&self, name: &str, role: Role) -> Person {
        let scopes = Scope::NAMES.iter().fold(Scopes::default(), |all, (s, _)| all.with(*s));
        let token = Token::new(TokenKind::Api);
        let (name, tier, secret) =
            (name.to_owned(), self.config.default_tier.clone(), token.clone());
        let user = self.store().write(move |tx| {
            let unique = crate::id::hex(12);
            let new = NewUser {
                email: format!("{unique}@example.org"),
                handle: Some(format!("h{unique}")),
                display_name: name.clone(),
                role,
            };
            let user = users::create(tx, &new, &tier)?;
            let asked = NewToken { name: "test".into(), scopes, expires_in_days: None };
            tokens::create(tx, user.id, &asked, &secret)?;
            Ok::<_, Error>(user)
        });
        let token = token.reveal().to_owned();
        Person { user: user.expect("a person is made"), token, address: self.address() }
    }

    /// Stops the program in order and starts it again on the same database.
    ///
    /// # Panics
    /// If it does not stop in order, or does not start.
    #[must_use]
    pub fn restart(mut self) -> Self {
        let instance = self.instance.take().expect("the server runs");
        instance.stop().expect("the server stops");
        let again = Instance::start(self.config.clone(), self.clock.clone());
        self.instance = Some(again.expect("the server starts again"));
        self
    }
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Person {
    /// The account.
    pub user: User,
    /// An API token of every scope.
    pub token: String,
    address: SocketAddr,
}

impl Person {
    /// A client that is this person, on a connection of its own.
    ///
    /// # Panics
    /// If the server does not accept.
    pub fn client(&self) -> Client {
        Client::connect(self.address).expect("the server accepts").bearer(&self.token)
    }
}
