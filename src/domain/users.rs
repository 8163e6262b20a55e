//! People with an account. Owns table `users`.

use super::{credits, named, slugs, subscriptions};
use crate::clock::Millis;
use crate::error::{Error, Result, Unavailable};
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};
use unicode_normalization::UnicodeNormalization;

pub use super::ids::{UserId, UserKind};

/// Most characters of a display name.
pub const DISPLAY_NAME_MAX: usize = 100;
/// Most characters of a handle.
pub const HANDLE_MAX: usize = 50;
/// Most characters of an e-mail address (RFC 5321 §4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;

/// What a person may do beyond the own things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing.
    Member,
    /// Run the installation.
    Admin,
}
named!(Role { Member => "member", Admin => "admin" });

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// Address as typed.
    pub email: String,
    /// Public short name, unique.
    pub handle: String,
    /// Name as shown.
    pub display_name: String,
    /// What the person may do.
    pub role: Role,
    /// Steps by one with each change.
    pub version: i64,
    /// When the account was made.
    pub created: Millis,
    /// When it was disabled, if it is.
    pub disabled: Option<Millis>,
}

/// What is needed to make a person.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Address as typed.
    pub email: String,
    /// The handle asked for; made from the name if absent.
    pub handle: Option<String>,
    /// Name as shown.
    pub display_name: String,
    /// What the person may do.
    pub role: Role,
}

/// The form in which addresses are compared: NFC, lower case. Dots and `+` are kept: they mean what the
/// receiving server says they mean.
pub fn normalise_email(email: &str) -> String {
    email.trim().nfc().collect::<String>().to_lowercase()
}

/// The form in which handles are kept.
pub fn normalise_handle(handle: &str) -> String {
    handle.trim().to_ascii_lowercase()
}

/// What an e-mail address must be like. Whether it exists is found out by writing to it.
pub fn email_rule(email: &str) -> Result<(), (&'static str, &'static str)> {
    let wrong = Err(("email", "must be an e-mail address"));
    let Some((local, domain)) = email.rsplit_once('@') else { return wrong };
    let bad =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '<' | '>' | ',' | ';');
    let labels = domain
        .split('.')
        .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    if local.is_empty() || local.len() > 64 || local.contains(bad) || !labels {
        return wrong;
    }
    Ok(())
}

/// What a handle must be like.
pub fn handle_rule(handle: &str) -> Result<(), (&'static str, &'static str)> {
    let handle = normalise_handle(handle);
    let inner = handle.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let ends = |end: Option<char>| end.is_some_and(|c| c.is_ascii_alphanumeric());
    if inner && ends(handle.chars().next()) && ends(handle.chars().next_back()) {
        return Ok(());
    }
    Err((
        "handle",
        "must be letters a-z, digits, - and _, beginning and ending with a letter or digit",
    ))
}

/// A query for whole people; `$rest` begins behind the table's name.
macro_rules! select_users {
    ($rest:literal) => {
        concat!(
            "SELECT id, email, handle, display_name, role, version, created_ms, disabled_ms
             FROM users ",
            $rest
        )
    };
}

fn from_row(row: &Row<'_>) -> RowResult<User> {
    Ok(User {
        id: row.get(0)?,
        email: row.get(1)?,
        handle: row.get(2)?,
        display_name: row.get(3)?,
        role: named(row, 4)?,
        version: row.get(5)?,
        created: row.get(6)?,
        disabled: row.get(7)?,
    })
}

/// Makes a person with a subscription of `tier`. `email-taken`, `handle-taken`.
pub fn create(tx: &Tx<'_>, new: &NewUser, tier: &str) -> Result<User> {
    let id: UserId = tx.new_id();
    let handle = match &new.handle {
        Some(asked) => {
            let asked = normalise_handle(asked);
            if slugs::is_reserved(&asked) || !insert(tx, id, new, &asked)? {
                return Err(Error::conflict("handle-taken", "This handle is taken."));
            }
            asked
        }
        None => insert_named(tx, id, new)?,
    };
    subscriptions::open(tx, id, tier)?;
    credits::open(tx, id)?;
    let (email, display_name, role) = (new.email.clone(), new.display_name.clone(), new.role);
    Ok(User {
        id,
        email,
        handle,
        display_name,
        role,
        version: 1,
        created: tx.now(),
        disabled: None,
    })
}

/// Makes the installation's first admin; `already-set-up` if there is one. Of two racing set-ups one wins.
pub fn create_first_admin(tx: &Tx<'_>, new: &NewUser, tier: &str) -> Result<User> {
    if has_admin(tx)? {
        return Err(Error::conflict("already-set-up", "This installation has an admin already."));
    }
    create(tx, &NewUser { role: Role::Admin, ..new.clone() }, tier)
}

/// A handle from the person's name, with a suffix while it is taken.
fn insert_named(tx: &Tx<'_>, id: UserId, new: &NewUser) -> Result<String> {
    let mut base = slugs::slugify(&new.display_name);
    base.truncate(HANDLE_MAX - 9);
    for attempt in 0..slugs::ATTEMPTS {
        let handle = slugs::candidate(&base, attempt);
        if !slugs::is_reserved(&handle) && insert(tx, id, new, &handle)? {
            return Ok(handle);
        }
    }
    Err(Error::Unavailable(Unavailable::SlugExhausted))
}

/// False if the handle is taken; a taken address is an error of its own.
fn insert(tx: &Tx<'_>, id: UserId, new: &NewUser, handle: &str) -> Result<bool> {
    let inserted = tx.change(
        "INSERT INTO users(id, email, email_norm, handle, display_name, role, created_ms, updated_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
         ON CONFLICT(handle) DO NOTHING",
        params![
            id,
            new.email,
            normalise_email(&new.email),
            handle,
            new.display_name,
            new.role.name(),
            tx.now(),
        ],
    )?;
    Ok(inserted.count() == 1)
}

/// The person with this id.
pub fn find(read: &Read<'_>, id: UserId) -> Result<User> {
    read.maybe(select_users!("WHERE id = ?1"), params![id], from_row)?
        .ok_or(Error::NotFound("person"))
}

/// The person with this address.
pub fn find_by_email(read: &Read<'_>, email: &str) -> Result<User> {
    let email = normalise_email(email);
    read.maybe(select_users!("WHERE email_norm = ?1"), params![email], from_row)?
        .ok_or(Error::NotFound("person"))
}

/// Everybody, oldest account first.
pub fn list(read: &Read<'_>) -> Result<Vec<User>> {
    // SCAN: it is everybody.
    read.all(select_users!("ORDER BY id"), [], from_row)
}

/// Everybody after `after`, oldest account first.
pub fn page(read: &Read<'_>, after: Option<UserId>, limit: u32) -> Result<Vec<User>> {
    read.all(
        select_users!("WHERE id > coalesce(?1, x'') ORDER BY id LIMIT ?2"),
        params![after, limit],
        from_row,
    )
}

/// The admin who has been here longest.
pub fn first_admin(read: &Read<'_>) -> Result<Option<UserId>> {
    // SCAN: asked at start, at set-up and on the first page.
    read.maybe(
        "SELECT id FROM users WHERE role = 'admin' AND disabled_ms IS NULL ORDER BY id LIMIT 1",
        [],
        |row| row.get(0),
    )
}

/// People after `after` whose address, handle or name has `text` in it, oldest account first.
pub fn search(read: &Read<'_>, text: &str, after: Option<UserId>, limit: u32) -> Result<Vec<User>> {
    let text = text.trim().to_lowercase();
    // SCAN: whoever runs the installation looks for somebody.
    read.all(
        select_users!(
            "WHERE id > coalesce(?1, x'') AND (instr(email_norm, ?3) > 0 OR instr(handle, ?3) > 0
               OR instr(lower(display_name), ?3) > 0) ORDER BY id LIMIT ?2"
        ),
        params![after, limit, text],
        from_row,
    )
}

/// Whether this installation has an admin.
pub fn has_admin(read: &Read<'_>) -> Result<bool> {
    first_admin(read).map(|admin| admin.is_some())
}

/// What a person may change about the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserChange {
    /// Public short name.
    pub handle: String,
    /// Name as shown.
    pub display_name: String,
}

/// Changes the account if it is still at version `expected`. `handle-taken`; [`Error::NotFound`] where the
/// version has moved on, which a caller that has read it in this transaction cannot meet.
pub fn update(tx: &Tx<'_>, id: UserId, expected: i64, change: &UserChange) -> Result<User> {
    let current = find(tx, id)?;
    if change.handle != current.handle && slugs::is_reserved(&change.handle) {
        return Err(Error::conflict("handle-taken", "This handle is taken."));
    }
    tx.change(
        "UPDATE users SET handle = ?3, display_name = ?4, version = version + 1, updated_ms = ?5
         WHERE id = ?1 AND version = ?2",
        params![id, expected, change.handle, change.display_name, tx.now()],
    )?
    .one_or(|| Error::NotFound("person"))?;
    find(tx, id)
}

/// Disables an account as an admin does: the last admin stays, `last-admin`.
pub fn lock_out(tx: &Tx<'_>, id: UserId) -> Result<()> {
    disable(tx, id)?;
    if has_admin(tx)? { Ok(()) } else { Err(last_admin()) }
}

/// Disables an account: whoever holds a login or token of it is out with the commit.
pub fn disable(tx: &Tx<'_>, id: UserId) -> Result<()> {
    tx.credentials_changed();
    tx.change(
        "UPDATE users SET disabled_ms = ?2, version = version + 1, updated_ms = ?2
         WHERE id = ?1 AND disabled_ms IS NULL",
        params![id, tx.now()],
    )?
    .any();
    Ok(())
}

/// Lets somebody in again whose account was disabled. Logins of before go on where they have not ended.
pub fn enable(tx: &Tx<'_>, id: UserId) -> Result<()> {
    tx.credentials_changed();
    tx.change(
        "UPDATE users SET disabled_ms = NULL, version = version + 1, updated_ms = ?2
         WHERE id = ?1 AND disabled_ms IS NOT NULL",
        params![id, tx.now()],
    )?
    .any();
    Ok(())
}

/// Gives somebody a role; the one that the person has is well. With the commit whoever is an admin no more is none, by
/// whatever login or token. The last admin stays one, however many take it from each other at once: `last-admin`.
pub fn set_role(tx: &Tx<'_>, id: UserId, role: Role) -> Result<User> {
    tx.credentials_changed();
    // SCAN: a change of roles is rare.
    tx.change(
        "UPDATE users SET role = ?2, version = version + 1, updated_ms = ?3
         WHERE id = ?1 AND role <> ?2 AND (?2 = 'admin' OR EXISTS(
           SELECT 1 FROM users WHERE role = 'admin' AND disabled_ms IS NULL AND id <> ?1))",
        params![id, role.name(), tx.now()],
    )?
    .any();
    let user = find(tx, id)?;
    if user.role == role { Ok(user) } else { Err(last_admin()) }
}

fn last_admin() -> Error {
    Error::conflict("last-admin", "This is the last admin. Make somebody else an admin first.")
}

/// Deletes an account at version `expected` with everything that is the person's. The names of the cards
/// stay taken. The last admin may not go while there are others to look after: `last-admin`.
pub fn delete(tx: &Tx<'_>, id: UserId, expected: i64) -> Result<()> {
    tx.credentials_changed();
    let user = find(tx, id)?;
    slugs::retire_all(tx, id)?;
    tx.change("DELETE FROM users WHERE id = ?1 AND version = ?2", params![id, expected])?
        .one_or(|| Error::NotFound("person"))?;
    // SCAN: a deletion of an admin is rare.
    let others: bool = tx.one("SELECT EXISTS(SELECT 1 FROM users)", [], |row| row.get(0))?;
    if user.role == Role::Admin && others && !has_admin(tx)? {
        return Err(last_admin());
    }
    Ok(())
}
