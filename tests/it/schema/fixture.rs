//! A scratch database with people and cards whose names say what they are: person `ada` has the id `ada…`
//! in 16 bytes, card `ada-1` the slug `ada-1`.

use cardinal::store::schema::SCHEMA;
use rusqlite::{Connection, Error, ErrorCode};
use tempfile::TempDir;

pub(crate) struct Scratch {
    pub(crate) conn: Connection,
    _dir: TempDir,
}

/// An id as SQL.
pub(crate) fn id(name: &str) -> String {
    format!("CAST(substr('{name}' || '................', 1, 16) AS BLOB)")
}

/// SQL that makes a person.
pub(crate) fn person(name: &str) -> String {
    format!(
        "INSERT INTO users(id, email, email_norm, handle, display_name, role, created_ms, updated_ms)
         VALUES ({}, '{name}@x', '{name}@x', '{name}', '{name}', 'member', 0, 0);",
        id(name)
    )
}

/// SQL that makes a person a holder of cards.
pub(crate) fn holder(name: &str) -> String {
    format!("INSERT INTO card_holders(user_id, card_count) VALUES ({}, 1);", id(name))
}

/// SQL that makes a card.
pub(crate) fn card(owner: &str, slug: &str, is_default: u8) -> String {
    format!(
        "INSERT INTO cards(id, user_id, slug, name, template_type, is_default, created_ms, updated_ms)
         VALUES ({}, {}, '{slug}', '{slug}', 'custom', {is_default}, 0, 0);",
        id(slug),
        id(owner)
    )
}

/// SQL that changes a card as it is to be changed.
pub(crate) fn change(slug: &str, what: &str) -> String {
    format!("UPDATE cards SET {what}, version = version + 1 WHERE id = {};", id(slug))
}

/// SQL that notes a former name.
pub(crate) fn retire(slug: &str, owner: &str, card: Option<&str>) -> String {
    let card = card.map_or("NULL".to_owned(), id);
    format!(
        "INSERT INTO slugs(slug, user_id, card_id, retired_ms) VALUES ('{slug}', {}, {card}, 0);",
        id(owner)
    )
}

/// SQL that deletes a card as it is to be deleted.
pub(crate) fn delete(slug: &str, owner: &str) -> String {
    format!("{} DELETE FROM cards WHERE id = {};", retire(slug, owner, None), id(slug))
}

impl Scratch {
    pub(crate) fn blank() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let conn = Connection::open(dir.path().join("scratch.db")).unwrap();
        conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF").unwrap();
        conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON").unwrap();
        conn.execute_batch(SCHEMA).unwrap();
        Self { conn, _dir: dir }
    }

    /// Ada with two cards, the first of which is the default; Grace with one; Alan with none.
    pub(crate) fn new() -> Self {
        let scratch = Self::blank();
        let people = [person("ada"), person("grace"), person("alan")].concat();
        let cards = [
            holder("ada"),
            card("ada", "ada-1", 1),
            card("ada", "ada-2", 0),
            holder("grace"),
            card("grace", "grace-1", 1),
        ];
        scratch.conn.execute_batch(&format!("BEGIN; {people} {} COMMIT", cards.concat())).unwrap();
        scratch
    }

    /// What becomes of `sql` in a transaction of its own, which leaves nothing unless it is accepted.
    pub(crate) fn try_sql(&self, sql: &str) -> Verdict {
        self.conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        let ran = self.conn.execute_batch(sql);
        let verdict = match ran {
            Err(fault) => Verdict::AtOnce(constraint(&fault)),
            Ok(()) => match self.conn.execute_batch("COMMIT") {
                Ok(()) => Verdict::Accepted,
                Err(fault) => Verdict::AtCommit(constraint(&fault)),
            },
        };
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK").unwrap();
        }
        verdict
    }

    /// As [`Scratch::try_sql`], and undone whatever became of it.
    #[track_caller]
    pub(crate) fn assert(&self, sql: &str, expected: &Verdict) {
        assert_eq!(&self.try_sql(sql), expected, "{sql}");
        self.assert_sound();
    }

    #[track_caller]
    pub(crate) fn accept(&self, sql: &str) {
        self.assert(sql, &Verdict::Accepted);
    }

    /// Whoever has a card has exactly one default card.
    #[track_caller]
    pub(crate) fn assert_sound(&self) {
        let broken = self.number(
            "SELECT count(*) FROM (SELECT 1 FROM cards GROUP BY user_id HAVING sum(is_default) <> 1)",
        );
        assert_eq!(broken, 0);
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.conn.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        let mut statement = self.conn.prepare_cached(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }
}

/// What becomes of a transaction; refusals with the name of what refuses.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accepted,
    AtOnce(String),
    AtCommit(String),
}

impl Verdict {
    pub(crate) fn at_once(name: &str) -> Self {
        Self::AtOnce(name.into())
    }

    /// A deferred foreign key; SQLite does not say which.
    pub(crate) fn at_commit() -> Self {
        Self::AtCommit("FOREIGN KEY constraint failed".into())
    }
}

fn constraint(fault: &Error) -> String {
    assert_eq!(fault.sqlite_error_code(), Some(ErrorCode::ConstraintViolation), "{fault}");
    match fault {
        Error::SqliteFailure(_, Some(message)) | Error::SqlInputError { msg: message, .. } => {
            message.rsplit_once(": ").map_or(message.as_str(), |(_, name)| name).to_owned()
        }
        other => panic!("{other}"),
    }
}
