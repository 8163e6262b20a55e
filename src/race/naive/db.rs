//! A pool of plain connections; every statement takes one and is a transaction of its own.

use crate::error::{Error, Result};
use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, Params, Row};
use std::path::Path;

/// The tables of the seeds' programs, with the constraints that they had before they were mended.
const SCHEMA: &str = "
PRAGMA journal_mode = WAL;
-- Seed 001: e-mail and handle are unique, so a lost race is an error nobody expected (P2002).
CREATE TABLE app_users(
  id TEXT PRIMARY KEY NOT NULL, email TEXT NOT NULL UNIQUE, handle TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL
) STRICT;
CREATE TABLE access_tokens(
  id TEXT PRIMARY KEY NOT NULL, user_id TEXT NOT NULL, token TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE failed_logins(email TEXT NOT NULL) STRICT;
CREATE INDEX failed_logins_email ON failed_logins(email);
-- Seed 000: no constraint on the default. Seed 002: no constraint on the slug, no version.
CREATE TABLE business_cards(
  id TEXT PRIMARY KEY NOT NULL, user_id TEXT NOT NULL, slug TEXT NOT NULL, name TEXT NOT NULL,
  is_default INTEGER NOT NULL
) STRICT;
CREATE INDEX business_cards_user ON business_cards(user_id);
CREATE INDEX business_cards_slug ON business_cards(slug);
CREATE TABLE platform_links(
  card_id TEXT NOT NULL, platform TEXT NOT NULL, label TEXT NOT NULL, url TEXT NOT NULL
) STRICT;
CREATE INDEX platform_links_card ON platform_links(card_id);
-- Seed 004, step 4: a key is looked for; nothing keeps it from standing twice.
CREATE TABLE processed_keys(user_id TEXT NOT NULL, key TEXT NOT NULL, reply TEXT NOT NULL) STRICT;
CREATE INDEX processed_keys_key ON processed_keys(user_id, key);
";

/// Every connection waits for the others, and for the disk as the program that is compared with it does.
const SET_UP: &str = "PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL;";

/// Makes the database.
pub(super) fn lay_down(path: &Path) -> Result<()> {
    let conn = Connection::open(path)?;
    for schema in [
        SCHEMA,
        super::profiles::SCHEMA,
        super::rights::SCHEMA,
        super::invitations::SCHEMA,
        super::credits::SCHEMA,
        super::webhooks::SCHEMA,
        super::jobs::SCHEMA,
        super::leads::SCHEMA,
        super::progress::SCHEMA,
        super::switches::SCHEMA,
        super::shares::SCHEMA,
        super::mails::SCHEMA,
    ] {
        conn.execute_batch(schema)?;
    }
    Ok(())
}

pub(super) struct Db(Pool<SqliteConnectionManager>);

impl Db {
    pub(super) fn open(path: &Path, connections: u32) -> Result<Self> {
        let manager =
            SqliteConnectionManager::file(path).with_init(|conn| conn.execute_batch(SET_UP));
        let pool = Pool::builder().max_size(connections).test_on_check_out(false).build(manager);
        pool.map(Self).map_err(Error::internal)
    }

    /// Runs a statement that changes rows; how many.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        let conn = self.0.get().map_err(Error::internal)?;
        Ok(conn.prepare_cached(sql)?.execute(params)?)
    }

    /// All rows of a query.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let conn = self.0.get().map_err(Error::internal)?;
        let mut statement = conn.prepare_cached(sql)?;
        let rows = statement.query_map(params, map)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// The first row of a query.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.all(sql, params, map)?.into_iter().next())
    }
}
