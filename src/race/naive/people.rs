//! Accounts the naive way.

use super::db::Db;
use super::{forms, invitations};
use crate::error::{Error, Result};
use crate::http::{Head, Response};
use crate::id::hex;
use crate::race::ours::CHEAP;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use rusqlite::params;
use serde_json::{Value, json};

/// How many wrong passwords are allowed.
const GUESSES_MAX: i64 = 5;

/// Who sends this request. Seed 002 and its kin check the session first, in a query of its own; what is
/// written afterwards does not ask again.
pub(super) fn caller(db: &Db, head: &Head) -> Result<String> {
    let sql = "SELECT user_id FROM access_tokens WHERE token = ?1";
    let found = db.first(sql, params![token(head)], |row| row.get(0))?;
    found.ok_or(Error::unauthenticated("invalid-token", "This token opens nothing."))
}

/// The token of this request.
pub(super) fn token(head: &Head) -> Option<&str> {
    head.headers.get("authorization").and_then(|field| field.strip_prefix("Bearer "))
}

/// Seed 001, "Root cause": findUnique, and if there is nobody, create. The unique columns turn the lost
/// race into an error that nobody handles (P2002).
pub(super) fn register(db: &Db, body: &Value) -> Result<Response> {
    let (email, handle) = (text(body, "email"), text(body, "handle"));
    if !super::switches::registration_is_on(db)? {
        return Err(Error::forbidden("registration-closed", "Registration is closed."));
    }
    if exists(db, "SELECT 1 FROM app_users WHERE email = ?1", &email)? {
        return Err(Error::conflict("email-taken", "There is an account of this address."));
    }
    if exists(db, "SELECT 1 FROM app_users WHERE handle = ?1", &handle)? {
        return Err(Error::conflict("handle-taken", "This handle is taken."));
    }
    let code = body["invite_code"].as_str();
    let uses = code.map(|code| invitations::check(db, code)).transpose()?;
    let trial = body["trial_id"].as_str();
    let trial = trial.map(|trial| invitations::find_open(db, trial)).transpose()?.flatten();
    let id = create(db, body, &handle, "member")?;
    if let (Some(code), Some(uses)) = (code, uses) {
        invitations::used(db, code, uses)?;
    }
    if let Some(trial) = &trial {
        invitations::convert(db, trial, &id)?;
    }
    let (_, token) = open(db, &id)?;
    let user = json!({"id": id, "email": email});
    let body = json!({"user": user, "token": token, "trial_converted": trial.is_some()});
    Ok(Response::json(201, &body))
}

/// Seed 001's "findFirst + create" once more: nobody is admin, so this one is.
pub(super) fn set_up(db: &Db, form: &[u8]) -> Result<Response> {
    if exists(db, "SELECT 1 FROM app_users WHERE role = ?1", "admin")? {
        return Err(Error::conflict("already-set-up", "There is an admin already."));
    }
    create(db, &forms::body(form), &format!("h{}", hex(12)), "admin")?;
    Ok(Response::new(303).with("Location", "/"))
}

/// Seed 003, "Counter increments with conditions": the count is looked at before the password is checked,
/// and raised afterwards.
pub(super) fn login(db: &Db, body: &Value) -> Result<Response> {
    let email = text(body, "email");
    let sql = "SELECT count(*) FROM failed_logins WHERE email = ?1";
    let failed: i64 = db.first(sql, params![email], |row| row.get(0))?.unwrap_or(0);
    if failed >= GUESSES_MAX {
        return Err(Error::Throttled { retry_after_s: 900 });
    }
    let sql = "SELECT id, password FROM app_users WHERE email = ?1";
    let found: Option<(String, String)> =
        db.first(sql, params![email], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if let Some((user, hash)) = found
        && matches(&text(body, "password"), &hash)?
    {
        let (_, token) = open(db, &user)?;
        return Ok(Response::json(200, &json!({"user": {"id": user}, "token": token})));
    }
    db.run("INSERT INTO failed_logins(email) VALUES (?1)", params![email])?;
    Err(Error::unauthenticated("invalid-credentials", "Wrong address or password."))
}

/// The own account.
pub(super) fn me(user: &str) -> Response {
    Response::json(200, &json!({"id": user}))
}

/// Whether somebody is an admin, and whether somebody else is, by two looks before the role is taken.
pub(super) fn set_role(db: &Db, user: &str, id: &str, body: &Value) -> Result<Response> {
    let sql = "SELECT 1 FROM app_users WHERE id = ?1 AND role = 'admin'";
    if !exists(db, sql, user)? {
        return Err(Error::forbidden("forbidden", "This is for admins."));
    }
    if !exists(db, "SELECT 1 FROM app_users WHERE id <> ?1 AND role = 'admin'", id)? {
        return Err(Error::conflict("last-admin", "This is the last admin."));
    }
    let role = text(body, "role");
    db.run("UPDATE app_users SET role = ?2 WHERE id = ?1", params![id, role])?;
    Ok(Response::json(200, &json!({"id": id, "role": role})))
}

/// Makes a token.
pub(super) fn make_token(db: &Db, user: &str) -> Result<Response> {
    let (id, token) = open(db, user)?;
    Ok(Response::json(201, &json!({"id": id, "token": token})))
}

/// Revokes a token.
pub(super) fn revoke_token(db: &Db, user: &str, id: &str) -> Result<Response> {
    let sql = "DELETE FROM access_tokens WHERE id = ?1 AND user_id = ?2";
    db.run(sql, params![id, user])?;
    Ok(Response::json(200, &json!({"deleted": id})))
}

/// An admin, and the token of a login.
pub(super) fn make_admin(db: &Db) -> Result<String> {
    let name = format!("admin-{}", hex(12));
    let body = json!({"email": format!("{name}@example.org"), "display_name": name});
    let id = create(db, &body, &name, "admin")?;
    Ok(open(db, &id)?.1)
}

fn create(db: &Db, body: &Value, handle: &str, role: &str) -> Result<String> {
    let id = hex(16);
    let hash = hash(&text(body, "password"))?;
    db.run(
        "INSERT INTO app_users(id, email, handle, display_name, role, password)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![id, text(body, "email"), handle, text(body, "display_name"), role, hash],
    )?;
    Ok(id)
}

/// Hashed as ours are, and at the same cost.
pub(super) fn hash(password: &str) -> Result<String> {
    let params = Params::new(CHEAP.memory_kib, CHEAP.passes, 1, None);
    let params = params.map_err(|fault| Error::internal(fault.to_string()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(password.as_bytes());
    Ok(hash.map_err(|fault| Error::internal(fault.to_string()))?.to_string())
}

/// Whether this is the password that was hashed.
pub(super) fn matches(password: &str, hash: &str) -> Result<bool> {
    let hash = PasswordHash::new(hash).map_err(|fault| Error::internal(fault.to_string()))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn open(db: &Db, user: &str) -> Result<(String, String)> {
    let (id, token) = (hex(16), format!("{}{}", hex(16), hex(16)));
    let sql = "INSERT INTO access_tokens(id, user_id, token) VALUES (?1, ?2, ?3)";
    db.run(sql, params![id, user, token])?;
    Ok((id, token))
}

fn exists(db: &Db, sql: &str, value: &str) -> Result<bool> {
    Ok(db.first(sql, params![value], |_| Ok(()))?.is_some())
}

/// A member of a body.
pub(super) fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}
