//! The same product made the way the seeds warn of: every decision looks first and acts then, in a
//! statement of its own. Same server, same routes, same SQLite at the same durability; what differs is only
//! that check and act are two steps.
//!
//! The seeds' programs run on `PostgreSQL` at its default isolation, READ COMMITTED, where every statement
//! sees what others have committed until then, inside a transaction, too. In SQLite that is a statement of
//! its own; in a DEFERRED transaction the act would rather be refused (`SQLITE_BUSY_SNAPSHOT`) once
//! somebody else has written since the look. There is no sleep and no yield anywhere: the gap between look
//! and act is the one that is there.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "what it shows is what plain connections lead to"
)]

mod db;
mod app;
mod people;
mod cards;
mod forms;
pub(super) mod profiles;
pub(super) mod rights;
pub(super) mod invitations;
pub(super) mod credits;
pub(super) mod webhooks;
pub(super) mod jobs;
pub(super) mod leads;
pub(super) mod progress;
pub(super) mod switches;
pub(super) mod shares;
pub(super) mod mails;

use super::target::{CardRow, Question, Stage, Target};
use crate::config::Limits;
use crate::error::{Error, Result};
use crate::server::Server;
use app::App;
use db::Db;
use rusqlite::params;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// The naive program, serving a scratch database.
pub(super) struct Naive {
    // Dropped in this order: the server stops before its folder goes.
    server: Server,
    /// For looks at the state: the program's own connections are busy.
    aside: Db,
    _dir: TempDir,
}

impl Naive {
    pub(super) fn start(stage: &Stage) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("cardinal-naive-").tempdir();
        let dir = dir.map_err(Error::internal)?;
        let path = dir.path().join("naive.db");
        db::lay_down(&path)?;
        // As many connections as Prisma, the seeds' way to the database, opens by default.
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let pool = Db::open(&path, u32::try_from(2 * cores + 1).unwrap_or(5))?;
        let max_cards = if stage.tier == "free" { 5 } else { 1_000_000 };
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(Error::internal)?;
        let app = Arc::new(App { db: pool, max_cards });
        let server = Server::start(listener, app, &Limits::default()).map_err(Error::internal)?;
        Ok(Self { server, aside: Db::open(&path, 1)?, _dir: dir })
    }

    fn count(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize> {
        let count: i64 = self.aside.first(sql, params, |row| row.get(0))?.unwrap_or(0);
        Ok(usize::try_from(count).unwrap_or(0))
    }
}

impl Target for Naive {
    fn address(&self) -> SocketAddr {
        self.server.local_addr()
    }

    fn set_up_token(&self) -> String {
        "whoever comes".into()
    }

    fn cards(&self, user: &str) -> Result<Vec<CardRow>> {
        let cards = self.aside.all(
            "SELECT id, slug, name, is_default FROM business_cards
             WHERE user_id = ?1 ORDER BY rowid",
            params![user],
            |row| {
                let card = CardRow {
                    slug: row.get(1)?,
                    name: row.get(2)?,
                    is_default: row.get(3)?,
                    version: None,
                    links: Vec::new(),
                };
                Ok((row.get::<_, String>(0)?, card))
            },
        )?;
        let whole = cards.into_iter().map(|(id, card)| {
            let sql = "SELECT label FROM platform_links WHERE card_id = ?1 ORDER BY rowid";
            Ok(CardRow { links: self.aside.all(sql, params![id], |row| row.get(0))?, ..card })
        });
        whole.collect()
    }

    fn bearers(&self, slug: &str) -> Result<usize> {
        self.count("SELECT count(*) FROM business_cards WHERE slug = ?1", params![slug])
    }

    fn accounts(&self, email: &str, handle: &str) -> Result<usize> {
        let sql = "SELECT count(*) FROM app_users WHERE email = ?1 OR handle = ?2";
        self.count(sql, params![email, handle])
    }

    fn admins(&self) -> Result<usize> {
        self.count("SELECT count(*) FROM app_users WHERE role = 'admin'", params![])
    }

    fn admin(&self) -> Result<String> {
        people::make_admin(&self.aside)
    }

    fn number(&self, question: &Question<'_>) -> Result<i64> {
        let about = rusqlite::params_from_iter(question.about);
        let found = self.aside.first(question.naive, about, |row| row.get::<_, Option<i64>>(0))?;
        Ok(found.flatten().unwrap_or(0))
    }

    fn pass(&self, _: Duration) -> Result<()> {
        jobs::reset(&self.aside)
    }

    fn guesses(&self, email: &str) -> Result<usize> {
        self.count("SELECT count(*) FROM failed_logins WHERE email = ?1", params![email])
    }

    /// Its tables promise nothing that the scenarios do not ask for themselves.
    fn audit(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}
