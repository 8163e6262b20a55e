//! Laying down, recognising and upgrading a database, and setting up a connection to it.

use super::ServeLock;
use crate::config::Synchronous;
use crate::error::{Error, Result};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use rusqlite_migration::{M, Migrations};
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The schema, as a fresh database gets it.
pub const SCHEMA: &str = include_str!("../../schema.sql");
/// `application_id` of our files: `DBC1`.
pub const APPLICATION_ID: i32 = 0x4442_4331;
/// `user_version` of the schema this program speaks.
pub const SCHEMA_VERSION: i32 = 5;
/// How each version came from the one before. A fresh database is laid down whole; `tests/it/schema` holds that
/// both ways lead to the same.
const STEPS: &[M<'_>] = &[
    M::up(include_str!("steps/v1.sql")),
    M::up(include_str!("steps/v2.sql")),
    M::up(include_str!("steps/v3.sql")),
    M::up(include_str!("steps/v4.sql")),
    M::up(include_str!("steps/v5.sql")),
];
/// The first SQLite without the WAL-reset race, in which a commit and a checkpoint of two connections
/// could lose pages (3.7.0 to 3.51.2).
const SQLITE_MIN: i32 = 3_051_003;

/// Settings of a connection that the configuration decides.
pub(super) struct Pragmas {
    pub(super) busy_timeout: Duration,
}

/// Makes the data directory and the database if they are absent, upgrades one of an older version, and refuses
/// a file that is not ours. `lock` is given by whoever serves the directory.
pub(super) fn prepare(data_dir: &Path, lock: Option<&ServeLock>) -> Result<PathBuf> {
    if rusqlite::version_number() < SQLITE_MIN {
        return Err(Error::internal(format!(
            "this program was built with SQLite {}, which has the WAL-reset race; 3.51.3 is the first without it",
            rusqlite::version()
        )));
    }
    make_data_dir(data_dir)?;
    // One at a time: where two switch to the log at once, SQLite tells one of them "busy" without waiting.
    let turn = fs::File::open(data_dir).and_then(|dir| dir.lock().map(|()| dir));
    let turn = turn.map_err(|fault| {
        Error::internal(format!("{} cannot be opened: {fault}", data_dir.display()))
    })?;
    let path = data_dir.join(super::DATABASE);
    let mut conn = Connection::open(&path).map_err(|fault| {
        Error::internal(format!("{} cannot be opened: {fault}", path.display()))
    })?;
    conn.busy_timeout(Duration::from_secs(10))?;
    if identity(&conn, &path)? == (0, 0) {
        lay_down(&conn, &path)?;
    }
    upgrade(&mut conn, &path, data_dir, lock)?;
    recognise(&conn, &path)?;
    drop(turn);
    Ok(path)
}

pub(super) fn make_data_dir(data_dir: &Path) -> Result<()> {
    if data_dir.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data_dir)
        .map_err(|fault| Error::internal(format!("{} cannot be made: {fault}", data_dir.display())))
}

/// Nothing is done to a file before it is known to be blank or ours. Whether it is blank is asked again
/// inside the transaction that writes it.
fn lay_down(conn: &Connection, path: &Path) -> Result<()> {
    if !is_blank(conn, path)? {
        return Err(foreign(path));
    }
    keep_private(path)?;
    let journal: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if journal != "wal" {
        return Err(Error::internal("this file system does not support SQLite's write-ahead log"));
    }
    conn.execute_batch("BEGIN EXCLUSIVE")?;
    if is_blank(conn, path)? {
        conn.execute_batch(SCHEMA)?;
    }
    conn.execute_batch("COMMIT")?;
    Ok(())
}

/// Takes a database of an older version to ours, step by step, each in a transaction of its own, after a copy
/// of it has been put beside it. Whoever serves the database meanwhile would go on with the old schema in mind,
/// so nobody may.
fn upgrade(
    conn: &mut Connection,
    path: &Path,
    data_dir: &Path,
    lock: Option<&ServeLock>,
) -> Result<()> {
    let (APPLICATION_ID, version @ 1..SCHEMA_VERSION) = identity(conn, path)? else {
        return Ok(());
    };
    let taken = if lock.is_none() { ServeLock::take(data_dir)? } else { None };
    if lock.or(taken.as_ref()).is_none() {
        return Err(Error::internal(format!(
            "{} is being served by an older cardinal: stop it first",
            data_dir.display()
        )));
    }
    let copy = path.with_extension(format!("v{version}.db"));
    back_up(conn, &copy)?;
    Migrations::from_slice(STEPS).to_latest(conn).map_err(|fault| {
        Error::internal(format!("{} could not be upgraded: {fault}", path.display()))
    })?;
    let copy = copy.display();
    tracing::info!(from = version, to = SCHEMA_VERSION, %copy, "the database was upgraded");
    Ok(())
}

/// Copies the database as it stands into a file of its own, which is whole as soon as it has its name.
pub(super) fn back_up(conn: &Connection, copy: &Path) -> Result<()> {
    let told = |fault: &dyn std::fmt::Display| {
        Error::internal(format!("the copy {} could not be made: {fault}", copy.display()))
    };
    let part = copy.with_extension("part");
    match fs::remove_file(&part) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(told(&fault)),
        _ => {}
    }
    let to = part.to_str().ok_or_else(|| told(&"its path is not UTF-8"))?;
    conn.execute("VACUUM INTO ?1", [to]).map_err(|fault| told(&fault))?;
    keep_log(&part).map_err(|fault| told(&fault))?;
    keep_private(&part)?;
    let named = fs::File::open(&part).and_then(|file| file.sync_all());
    named.and_then(|()| fs::rename(&part, copy)).map_err(|fault| told(&fault))?;
    let dir = copy.parent().unwrap_or_else(|| Path::new("."));
    fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(|fault| told(&fault))
}

/// A copy keeps no log as the database does, without which it would not be opened as one.
fn keep_log(copy: &Path) -> Result<(), rusqlite::Error> {
    let conn = Connection::open(copy)?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0))?;
    conn.close().map_err(|(_, fault)| fault)
}

fn is_blank(conn: &Connection, path: &Path) -> Result<bool> {
    if identity(conn, path)? != (0, 0) {
        return Ok(false);
    }
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables == 0)
}

/// SQLite gives the log and its index the mode of the database.
fn keep_private(path: &Path) -> Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(Error::internal)
}

fn recognise(conn: &Connection, path: &Path) -> Result<()> {
    match identity(conn, path)? {
        (APPLICATION_ID, SCHEMA_VERSION) => keep_private(path),
        (APPLICATION_ID, newer) => Err(Error::internal(format!(
            "{} has schema {newer}, and this program speaks {SCHEMA_VERSION}: use a newer cardinal",
            path.display()
        ))),
        _ => Err(foreign(path)),
    }
}

fn foreign(path: &Path) -> Error {
    Error::internal(format!("{} is not a database of cardinal; it was left alone", path.display()))
}

fn identity(conn: &Connection, path: &Path) -> Result<(i32, i32)> {
    let pragma = |name| conn.query_row(name, [], |row| row.get(0));
    let both = || Ok((pragma("PRAGMA application_id")?, pragma("PRAGMA user_version")?));
    both().map_err(|fault: rusqlite::Error| match fault.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => foreign(path),
        _ => fault.into(),
    })
}

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The one writer.
    Write(Synchronous),
    /// Checkpoints.
    Maintain(Synchronous),
    /// One of the readers.
    Read,
}

impl Purpose {
    pub(super) fn flags(self) -> OpenFlags {
        let access = match self {
            Self::Write(_) | Self::Maintain(_) => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Self::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        // Each connection is used by one thread at a time, behind a lock of ours.
        access | OpenFlags::SQLITE_OPEN_NO_MUTEX
    }

    /// KiB of page cache. Readers have little: the operating system caches the file once for all, and each commit
    /// empties them anyway.
    const fn cache_kib(self) -> i64 {
        match self {
            Self::Write(_) => 16_384,
            Self::Read => 1_024,
            Self::Maintain(_) => 512,
        }
    }

    const fn synchronous(self) -> i64 {
        match self {
            Self::Write(Synchronous::Normal) | Self::Maintain(Synchronous::Normal) => 1,
            _ => 2,
        }
    }
}

/// Opens a connection and sets it up.
pub(super) fn connect(path: &Path, purpose: Purpose, pragmas: &Pragmas) -> Result<Connection> {
    let conn = Connection::open_with_flags(path, purpose.flags())?;
    set_up(&conn, purpose, pragmas)?;
    Ok(conn)
}

/// Sets a connection up and reads every setting back: a pragma that is misspelt or compiled out says
/// nothing by itself.
pub(super) fn set_up(
    conn: &Connection,
    purpose: Purpose,
    pragmas: &Pragmas,
) -> Result<(), rusqlite::Error> {
    conn.busy_timeout(pragmas.busy_timeout)?;
    conn.set_prepared_statement_cache_capacity(256);
    for (option, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    ] {
        conn.set_db_config(option, on)?;
    }
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, 8 * 1_024 * 1_024)?;
    conn.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000)?;
    let settings = [
        ("synchronous", purpose.synchronous()),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("cell_size_check", 1),
        ("temp_store", 2),
        ("mmap_size", 0),
        ("cache_size", -purpose.cache_kib()),
        ("wal_autocheckpoint", 0),
        ("journal_size_limit", 64 * 1_024 * 1_024),
        ("query_only", i64::from(purpose == Purpose::Read)),
    ];
    for (name, value) in settings {
        conn.execute_batch(&format!("PRAGMA {name} = {value}"))?;
        let stands: i64 = conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?;
        if stands != value {
            let told = format!("PRAGMA {name} = {value} was not taken: it is {stands}");
            return Err(rusqlite::Error::ToSqlConversionFailure(told.into()));
        }
    }
    let journal: String = conn.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if journal == "wal" {
        return Ok(());
    }
    Err(rusqlite::Error::ToSqlConversionFailure("the database is not in WAL mode".into()))
}
