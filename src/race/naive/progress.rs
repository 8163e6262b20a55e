//! Points, streaks, topics and subscriptions the naive way.

use super::db::Db;
use crate::error::Result;
use crate::http::{Head, Response};
use serde_json::Value;

/// Its tables.
pub(super) const SCHEMA: &str = "";

/// Answers a request of `user`, if it is about these.
pub(super) fn answer(
    _db: &Db,
    _head: &Head,
    _user: &str,
    _path: &[&str],
    _body: &Value,
) -> Result<Option<Response>> {
    Ok(None)
}
