//! Copies of the database as it stands, for whoever takes one away.

use super::Store;
use super::schema::{self, Purpose};
use crate::error::{Error, Result, Unavailable};
use rusqlite::Connection;
use std::fs::{self, File};

/// What a copy is called while it is made. One at a time: what a crash left of it the next one overwrites.
const NAME: &str = "copy.db";

impl Store {
    /// A whole and consistent copy, of one snapshot; others go on reading and writing. The file has no name any more:
    /// it is gone when it is closed. `busy` while another one is made.
    pub fn copy(&self) -> Result<File> {
        let alone = self.copying.try_lock().ok_or(Error::Unavailable(Unavailable::Busy))?;
        let conn = Connection::open_with_flags(&self.path, Purpose::Read.flags())?;
        conn.busy_timeout(self.busy_timeout)?;
        let path = self.path.with_file_name(NAME);
        schema::back_up(&conn, &path)?;
        let file = File::open(&path).map_err(Error::internal)?;
        fs::remove_file(&path).map_err(Error::internal)?;
        drop(alone);
        Ok(file)
    }
}
