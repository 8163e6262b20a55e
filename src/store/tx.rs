//! What a unit of work may do. [`Read`] reads one snapshot; [`Tx`] reads and writes inside the writer's
//! transaction. Neither gives away the connection, and both carry one time, so that all that is written
//! together bears the same.

use super::Lane;
use crate::clock::Millis;
use crate::error::{Error, Result, Unavailable};
use crate::id::{Id, Ids, TokenHash};
use crate::metrics::Metrics;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Params, Row};
use std::cell::Cell;
use std::ops::Deref;

/// One snapshot of the database.
#[derive(Debug)]
pub struct Read<'c> {
    conn: &'c Connection,
    now: Millis,
}

impl<'c> Read<'c> {
    pub(super) const fn new(conn: &'c Connection, now: Millis) -> Self {
        Self { conn, now }
    }

    /// The time of this unit of work.
    pub const fn now(&self) -> Millis {
        self.now
    }

    /// The one row of `sql`; that there is none is a fault of ours.
    pub fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        self.maybe(sql, params, map)?.ok_or_else(|| Error::internal("a query found no row"))
    }

    /// The first row of `sql`, if there is one.
    pub fn maybe<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        first(&mut self.reading(sql)?, params, map)
    }

    /// All rows of `sql`.
    pub fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.reading(sql)?;
        let rows = statement.query_map(params, map)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn reading(&self, sql: &str) -> Result<CachedStatement<'c>> {
        let statement = self.conn.prepare_cached(sql)?;
        if statement.readonly() {
            return Ok(statement);
        }
        Err(Error::internal("a statement that writes was given to a reader"))
    }
}

fn first<T>(
    statement: &mut CachedStatement<'_>,
    params: impl Params,
    map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    let mut rows = statement.query(params)?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let value = map(row)?;
    // A statement with RETURNING has done its work only when it has been stepped to its end.
    while rows.next()?.is_some() {}
    Ok(Some(value))
}

/// The writer's transaction, as one unit of work sees it. It reads what it has written.
#[derive(Debug)]
pub struct Tx<'c> {
    read: Read<'c>,
    ids: &'c Ids,
    epoch: &'c Epoch,
    lanes_with_work: Cell<u8>,
    metrics: &'c Metrics,
}

impl<'c> Deref for Tx<'c> {
    type Target = Read<'c>;

    fn deref(&self) -> &Read<'c> {
        &self.read
    }
}

impl<'c> Tx<'c> {
    pub(super) const fn new(
        conn: &'c Connection,
        now: Millis,
        ids: &'c Ids,
        epoch: &'c Epoch,
        metrics: &'c Metrics,
    ) -> Self {
        Self { read: Read::new(conn, now), ids, epoch, lanes_with_work: Cell::new(0), metrics }
    }

    /// A new id, greater than every id this process has made.
    pub fn new_id<K>(&self) -> Id<K> {
        self.ids.next(self.now())
    }

    /// Runs a statement that changes rows. The count is the answer: ask by changing.
    pub fn change(&self, sql: &str, params: impl Params) -> Result<Changed> {
        Ok(Changed(self.writing(sql)?.execute(params)?))
    }

    /// Changes at most one row and returns what its RETURNING says; `None` if there was none to change.
    pub fn changed<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        first(&mut self.writing(sql)?, params, map)
    }

    /// After some faults (a full disk) SQLite rolls back by itself; what a unit that overlooked the fault
    /// did then would stand, whatever becomes of the rest.
    fn writing(&self, sql: &str) -> Result<CachedStatement<'c>> {
        if self.read.conn.is_autocommit() {
            return Err(Error::Unavailable(Unavailable::DiskFull));
        }
        Ok(self.read.conn.prepare_cached(sql)?)
    }

    /// Where what happens is counted, whatever becomes of this unit.
    pub const fn metrics(&self) -> &'c Metrics {
        self.metrics
    }

    /// Says that there is work for whoever waits at [`Store::wait_for_work`](super::Store::wait_for_work), once
    /// this unit is committed.
    pub fn made_work(&self, lane: Lane) {
        self.lanes_with_work.set(self.lanes_with_work.get() | lane.bit());
    }

    pub(super) fn lanes_with_work(&self) -> u8 {
        self.lanes_with_work.get()
    }

    /// The age of what may be remembered about credentials. What was learnt in another epoch is void.
    pub fn credentials_epoch(&self) -> u64 {
        self.epoch.value()
    }

    /// To be called by every unit that takes a right away: voids, from the next unit on, whatever is
    /// remembered about credentials.
    pub fn credentials_changed(&self) {
        self.epoch.step();
    }
}

/// Counts the moments at which credentials may have changed. Lives with the writer's connection and is
/// touched only by whoever holds it.
#[derive(Debug)]
pub(super) struct Epoch(Cell<u64>);

impl Epoch {
    pub(super) const fn new() -> Self {
        Self(Cell::new(1))
    }

    pub(super) fn value(&self) -> u64 {
        self.0.get()
    }

    pub(super) fn step(&self) {
        self.0.set(self.0.get() + 1);
    }
}

/// How many rows a statement changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Changed(usize);

impl Changed {
    /// The number of rows.
    pub const fn count(self) -> usize {
        self.0
    }

    /// Nothing to do if exactly one row was changed, else the fault that explains it.
    pub fn one_or(self, explain: impl FnOnce() -> Error) -> Result<()> {
        if self.0 == 1 { Ok(()) } else { Err(explain()) }
    }

    /// For statements that are right whatever they find.
    pub const fn any(self) {}
}

impl<K> ToSql for Id<K> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.as_bytes())))
    }
}

impl<K> FromSql for Id<K> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        <[u8; 16]>::column_result(value).map(Self::from_bytes)
    }
}

impl ToSql for TokenHash {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(&self.0)))
    }
}

impl FromSql for TokenHash {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        <[u8; 32]>::column_result(value).map(Self)
    }
}

impl ToSql for Millis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Integer(self.0)))
    }
}

impl FromSql for Millis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
    }
}

/// Stores an enum as the text of its one name, which a CHECK in the schema lists too.
pub trait Named: Sized + Copy + 'static {
    /// Every value with its name.
    const NAMES: &'static [(Self, &'static str)];

    /// Its name.
    fn name(self) -> &'static str;

    /// The value of this name.
    fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, n)| *n == name).map(|(value, _)| *value)
    }
}

/// Reads a [`Named`] value from a column.
pub fn named<T: Named>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let kind = rusqlite::types::Type::Text;
    T::from_name(row.get_ref(column)?.as_str()?).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(column, kind, FromSqlError::InvalidType.into())
    })
}
