//! This program as a target: the whole of it, started as `cardinal serve` starts it.

use super::target::{CardRow, Question, Stage, Target};
use crate::clock::{Clock, Millis};
use crate::config::{Config, PasswordCost};
use crate::domain::audits::{self, AUDITS};
use crate::domain::users::{self, NewUser, Role};
use crate::domain::{cards, sessions, throttle};
use crate::error::{Error, Result};
use crate::id::{Id, Token, TokenKind, hex};
use crate::instance::Instance;
use crate::store::{Read, params, params_from_iter};
use crate::worker;
use ipnet::Ipv4Net;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tempfile::TempDir;

pub(super) struct Ours {
    // Dropped in this order: the program stops before its folder goes.
    instance: Instance,
    clock: Clock,
    _dir: TempDir,
}

impl Ours {
    pub(super) fn start(stage: &Stage) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("cardinal-race-").tempdir();
        let dir = dir.map_err(Error::internal)?;
        let mut config = Config::new(dir.path());
        config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        config.default_tier = stage.tier.into();
        config.registration = stage.registration;
        config.password_cost = CHEAP;
        config.mail.share_price = stage.mail_price;
        if stage.mail_price > 0 {
            config.limits.mail_senders_max = 0;
        }
        if stage.calls {
            config.webhooks.allowed = vec![Ipv4Net::new_assert(Ipv4Addr::LOCALHOST, 8).into()];
        } else {
            // What is to be told stays in the queue.
            config.limits.webhook_calls_max = 0;
        }
        let now = Clock::system().now();
        let clock = if stage.frozen { Clock::manual(Millis(now.0)) } else { Clock::system() };
        let instance = Instance::start(config, clock.clone())?;
        Ok(Self { instance, clock, _dir: dir })
    }

    fn ask<T>(&self, question: impl FnOnce(&Read<'_>) -> Result<T>) -> Result<T> {
        self.instance.state().store.read(question)
    }

    fn count(&self, question: impl FnOnce(&Read<'_>) -> Result<Option<i64>>) -> Result<usize> {
        Ok(usize::try_from(self.ask(question)?.unwrap_or(0)).unwrap_or(0))
    }
}

/// A race is about what comes after the hash.
pub(super) const CHEAP: PasswordCost = PasswordCost { memory_kib: 64, passes: 1 };

impl Target for Ours {
    fn address(&self) -> SocketAddr {
        self.instance.address()
    }

    fn set_up_token(&self) -> String {
        let token = Token::new(TokenKind::SetUp);
        self.instance.state().offer_set_up(&token);
        token.reveal().to_owned()
    }

    fn cards(&self, user: &str) -> Result<Vec<CardRow>> {
        let user = Id::parse(user).ok_or(Error::NotFound("person"))?;
        let cards = self.ask(|read| cards::list(read, user, None, 100_000))?;
        let row = |card: cards::Card| CardRow {
            slug: card.slug,
            name: card.content.name,
            is_default: card.is_default,
            version: Some(card.version),
            links: card.links.into_iter().map(|link| link.label).collect(),
        };
        Ok(cards.into_iter().map(row).collect())
    }

    fn bearers(&self, slug: &str) -> Result<usize> {
        let sql = "SELECT count(*) FROM cards WHERE slug = ?1";
        self.count(|read| read.maybe(sql, params![slug], |row| row.get(0)))
    }

    fn accounts(&self, email: &str, handle: &str) -> Result<usize> {
        let sql = "SELECT count(*) FROM users WHERE email_norm = ?1 OR handle = ?2";
        self.count(|read| read.maybe(sql, params![email, handle], |row| row.get(0)))
    }

    fn admins(&self) -> Result<usize> {
        let sql = "SELECT count(*) FROM users WHERE role = 'admin'";
        self.count(|read| read.maybe(sql, params![], |row| row.get(0)))
    }

    fn admin(&self) -> Result<String> {
        let state = self.instance.state();
        let limits = state.config.limits.clone();
        let token = state.store.write::<_, Error, _>(move |tx| {
            let name = format!("admin-{}", hex(12));
            let email = format!("{name}@example.org");
            let new = NewUser {
                email,
                handle: Some(name.clone()),
                display_name: name,
                role: Role::Admin,
            };
            let admin = users::create(tx, &new, "standard")?;
            Ok(sessions::open(tx, admin.id, "race", &limits)?.1)
        })?;
        Ok(token.reveal().to_owned())
    }

    fn number(&self, question: &Question<'_>) -> Result<i64> {
        let about = params_from_iter(question.about);
        let found =
            self.ask(|read| read.maybe(question.ours, about, |row| row.get::<_, Option<i64>>(0)))?;
        Ok(found.flatten().unwrap_or(0))
    }

    fn pass(&self, span: Duration) -> Result<()> {
        self.clock.advance(span);
        worker::reap(self.instance.state()).map(drop)
    }

    fn guesses(&self, email: &str) -> Result<usize> {
        let subject = throttle::account(&self.instance.state().pepper, email);
        let sql = "SELECT attempts FROM login_attempts WHERE subject = ?1";
        self.count(|read| read.maybe(sql, params![subject], |row| row.get(0)))
    }

    fn audit(&self) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        let integrity = self.ask(audits::integrity)?;
        faults.extend(integrity.examples.into_iter().map(|line| format!("integrity: {line}")));
        for audit in AUDITS {
            let finding = self.ask(|read| audits::ask(read, audit))?;
            faults.extend(finding.examples.iter().map(|line| format!("{}: {line}", audit.name)));
        }
        Ok(faults)
    }
}
