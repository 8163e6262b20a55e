//! Profiles the naive way.

use super::db::Db;
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use rusqlite::params;
use serde_json::{Value, json};

/// Seed 002's tables before its migration: a row is found by its person, and no version stands in it.
pub(super) const SCHEMA: &str = "
CREATE TABLE personal_infos(user_id TEXT NOT NULL, full_name TEXT) STRICT;
CREATE INDEX personal_infos_user ON personal_infos(user_id);
CREATE TABLE professional_infos(user_id TEXT NOT NULL, designation TEXT) STRICT;
CREATE INDEX professional_infos_user ON professional_infos(user_id);
";

/// A section: its field and its statements.
struct Section {
    field: &'static str,
    find: &'static str,
    create: &'static str,
    update: &'static str,
}

const PERSONAL: Section = Section {
    field: "full_name",
    find: "SELECT full_name FROM personal_infos WHERE user_id = ?1",
    create: "INSERT INTO personal_infos(user_id, full_name) VALUES (?1, ?2)",
    update: "UPDATE personal_infos SET full_name = ?2 WHERE user_id = ?1",
};
const PROFESSIONAL: Section = Section {
    field: "designation",
    find: "SELECT designation FROM professional_infos WHERE user_id = ?1",
    create: "INSERT INTO professional_infos(user_id, designation) VALUES (?1, ?2)",
    update: "UPDATE professional_infos SET designation = ?2 WHERE user_id = ?1",
};

/// Answers a request of `user`, if it is about these.
pub(super) fn answer(
    db: &Db,
    head: &Head,
    user: &str,
    path: &[&str],
    body: &Value,
) -> Result<Option<Response>> {
    let section = match path {
        ["api", "profile", "personal"] => &PERSONAL,
        ["api", "profile", "professional"] => &PROFESSIONAL,
        _ => return Ok(None),
    };
    match head.method.as_str() {
        "GET" => find(db, user, section).map(Some),
        "PUT" => create(db, user, section, body).map(Some),
        _ => update(db, user, section, body).map(Some),
    }
}

fn find(db: &Db, user: &str, section: &Section) -> Result<Response> {
    let found: Option<Option<String>> = db.first(section.find, params![user], |row| row.get(0))?;
    let value = found.ok_or(Error::NotFound("profile"))?;
    Ok(Response::json(200, &json!({section.field: value})))
}

/// Seed 001, "Root cause": look whether there is one, and if there is none, create.
fn create(db: &Db, user: &str, section: &Section, body: &Value) -> Result<Response> {
    if db.first(section.find, params![user], |_| Ok(()))?.is_some() {
        return Err(Error::conflict("version-conflict", "There is one."));
    }
    let value = body[section.field].as_str();
    db.run(section.create, params![user, value])?;
    Ok(Response::json(201, &json!({section.field: value})))
}

/// Seed 002, "Profile Actions", "Before": `await db.update('personal_info').set(data)`. Last write wins.
fn update(db: &Db, user: &str, section: &Section, body: &Value) -> Result<Response> {
    let value = body[section.field].as_str();
    db.run(section.update, params![user, value])?;
    Ok(Response::json(200, &json!({section.field: value})))
}
