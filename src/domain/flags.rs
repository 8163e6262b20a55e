//! Feature flags: switches that admins turn while the program runs. Owns tables `flags`, `flag_overrides` and
//! `flag_audit`. Every change steps the flag's version and leaves one entry in its history.

use super::evaluations::{Evaluation, Rule};
use super::users::{self, UserId};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::store::{Read, Row, RowResult, Tx, params};
use serde_json::{Value, json};
use std::fmt;

/// Most characters of a key.
pub const KEY_MAX: usize = 64;
/// Most characters of a description.
pub const DESCRIPTION_MAX: usize = 500;
/// Most flags, so that all of them can be evaluated at once; a built-in one can be saved all the same.
pub const FLAGS_MAX: u32 = 1_000;

/// A flag's name, for good: `[a-z0-9][a-z0-9_.-]{0,63}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// The key that `text` is; `None` if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let alone = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let inside = |b: u8| alone(b) || matches!(b, b'_' | b'.' | b'-');
        let fits = text.len() <= KEY_MAX && text.bytes().next().is_some_and(alone);
        (fits && text.bytes().all(inside)).then(|| Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A switch that the program itself asks. Until an admin saves it, it is as [`Builtin::setting`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    /// Whether people may leave leads at cards. Goes by the card's id.
    LeadsForm,
    /// Whether people may register, in whatever way they otherwise may. Goes by the e-mail address.
    Registration,
}

/// Every built-in switch, in the order of their keys.
pub const BUILTINS: &[Builtin] = &[Builtin::LeadsForm, Builtin::Registration];

impl Builtin {
    /// Its key.
    pub fn key(self) -> Key {
        Key(match self {
            Self::LeadsForm => "leads-form".to_owned(),
            Self::Registration => "registration".to_owned(),
        })
    }

    /// How it is set before anybody sets it.
    pub fn setting(self) -> Setting {
        let description = match self {
            Self::LeadsForm => "Built in: off closes the cards' forms for leads.",
            Self::Registration => "Built in: off closes registration, whatever else is configured.",
        };
        Setting { enabled: true, percentage: 100, description: description.to_owned() }
    }

    fn of(key: &Key) -> Option<Self> {
        BUILTINS.iter().copied().find(|builtin| builtin.key() == *key)
    }
}

/// What an admin decides about a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Whether it is switched on at all.
    pub enabled: bool,
    /// The share of people it is on for, 0 to 100.
    pub percentage: u8,
    /// What it is for.
    pub description: String,
}

/// A flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Name.
    pub key: Key,
    /// What an admin decides.
    pub setting: Setting,
    /// Steps by one with each change, of its overrides, too. 0: nobody has saved it yet.
    pub version: i64,
    /// When it was saved first.
    pub created: Option<Millis>,
    /// When it was changed last.
    pub updated: Option<Millis>,
}

/// What a flag is for one person, whatever share it is on for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Override {
    /// The person.
    pub user: UserId,
    /// On or off.
    pub enabled: bool,
}

/// What one version of a flag changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The version.
    pub version: i64,
    /// Who did it, if not the command line; perhaps a person who is gone.
    pub actor: Option<UserId>,
    /// When.
    pub at: Millis,
    /// What: a JSON object with `before` and `after`, and `override` if it was one.
    pub change: String,
}

/// A query for whole flags; `$rest` begins behind the table's name.
macro_rules! select_flags {
    ($rest:literal) => {
        concat!(
            "SELECT key, enabled, percentage, description, version, created_ms, updated_ms
             FROM flags ",
            $rest
        )
    };
}

fn from_row(row: &Row<'_>) -> RowResult<Flag> {
    Ok(Flag {
        key: Key(row.get(0)?),
        setting: Setting {
            enabled: row.get(1)?,
            percentage: row.get(2)?,
            description: row.get(3)?,
        },
        version: row.get(4)?,
        created: row.get(5)?,
        updated: row.get(6)?,
    })
}

/// A flag as it stands; what nobody has saved yet is a built-in's default, or off for lack of anything else.
pub fn standing(read: &Read<'_>, key: &Key) -> Result<Flag> {
    let saved = read.maybe(select_flags!("WHERE key = ?1"), params![key.as_str()], from_row)?;
    Ok(saved.unwrap_or_else(|| {
        let nothing = || Setting { enabled: false, percentage: 100, description: String::new() };
        let setting = Builtin::of(key).map_or_else(nothing, Builtin::setting);
        Flag { key: key.clone(), setting, version: 0, created: None, updated: None }
    }))
}

/// A flag that there is: a saved or a built-in one.
pub fn find(read: &Read<'_>, key: &Key) -> Result<Flag> {
    let flag = standing(read, key)?;
    let there = flag.version > 0 || Builtin::of(key).is_some();
    if there { Ok(flag) } else { Err(Error::NotFound("flag")) }
}

/// Flags after `after`, by key; built-in ones that nobody has saved are among them.
pub fn list(read: &Read<'_>, after: Option<&Key>, limit: u32) -> Result<Vec<Flag>> {
    let mut flags = read.all(
        select_flags!("WHERE key > coalesce(?1, '') ORDER BY key LIMIT ?2"),
        params![after.map(Key::as_str), limit],
        from_row,
    )?;
    for builtin in BUILTINS {
        let flag = standing(read, &builtin.key())?;
        if flag.version == 0 && after.is_none_or(|after| flag.key > *after) {
            flags.push(flag);
        }
    }
    flags.sort_by(|a, b| a.key.cmp(&b.key));
    flags.truncate(limit as usize);
    Ok(flags)
}

/// Saves a flag that stands as `standing` says: makes it, or changes it. The same setting again changes
/// nothing. `quota-exceeded`.
pub fn save(tx: &Tx<'_>, actor: UserId, standing: &Flag, setting: &Setting) -> Result<Flag> {
    if standing.version > 0 && standing.setting == *setting {
        return Ok(standing.clone());
    }
    // A built-in switch can always be turned.
    let max = if Builtin::of(&standing.key).is_some() { u32::MAX } else { FLAGS_MAX };
    // SCAN: counts at most FLAGS_MAX of them and the built-in ones.
    let saved = tx.changed(
        "INSERT INTO flags(key, enabled, percentage, description, version, created_ms, updated_ms)
         SELECT ?1, ?2, ?3, ?4, 1, ?5, ?5
         WHERE coalesce((SELECT version FROM flags WHERE key = ?1), 0) = ?6
           AND (?6 > 0 OR (SELECT count(*) FROM flags) < ?7)
         ON CONFLICT(key) DO UPDATE SET enabled = excluded.enabled, percentage = excluded.percentage,
           description = excluded.description, version = version + 1, updated_ms = excluded.updated_ms
         RETURNING key, enabled, percentage, description, version, created_ms, updated_ms",
        params![
            standing.key.as_str(),
            setting.enabled,
            setting.percentage,
            setting.description,
            tx.now(),
            standing.version,
            max,
        ],
        from_row,
    )?;
    let saved = saved.ok_or_else(|| {
        Error::conflict("quota-exceeded", format!("There are {FLAGS_MAX} flags already."))
    })?;
    let before = (standing.version > 0).then_some(&standing.setting);
    note(tx, actor, &saved, &changed(before, &saved.setting))?;
    Ok(saved)
}

/// Saves a built-in flag as it is by default, if nobody has: what only changes a flag needs one that stands.
fn lay_down(tx: &Tx<'_>, actor: UserId, key: &Key) -> Result<Flag> {
    let flag = find(tx, key)?;
    if flag.version > 0 { Ok(flag) } else { save(tx, actor, &flag, &flag.setting) }
}

/// Turns a flag over.
pub fn toggle(tx: &Tx<'_>, actor: UserId, key: &Key) -> Result<Flag> {
    let standing = lay_down(tx, actor, key)?;
    let turned = tx.changed(
        "UPDATE flags SET enabled = 1 - enabled, version = version + 1, updated_ms = ?2
         WHERE key = ?1
         RETURNING key, enabled, percentage, description, version, created_ms, updated_ms",
        params![key.as_str(), tx.now()],
        from_row,
    )?;
    let turned = turned.ok_or(Error::NotFound("flag"))?;
    note(tx, actor, &turned, &changed(Some(&standing.setting), &turned.setting))?;
    Ok(turned)
}

/// The overrides of a flag after `after`, by person.
pub fn overrides(
    read: &Read<'_>,
    key: &Key,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<Override>> {
    read.all(
        "SELECT user_id, enabled FROM flag_overrides
         WHERE key = ?1 AND user_id > coalesce(?2, x'') ORDER BY user_id LIMIT ?3",
        params![key.as_str(), after, limit],
        |row| Ok(Override { user: row.get(0)?, enabled: row.get(1)? }),
    )
}

/// Turns a flag on or off for one person, or, without `enabled`, leaves the person to the flag itself. Said
/// again, it changes nothing. The flag as it stands then, and whether this changed it.
pub fn rule(
    tx: &Tx<'_>,
    actor: UserId,
    key: &Key,
    user: UserId,
    enabled: Option<bool>,
) -> Result<(Flag, bool)> {
    // Only explains beforehand what the foreign key would refuse.
    users::find(tx, user)?;
    let flag = if enabled.is_some() { lay_down(tx, actor, key) } else { find(tx, key) }?;
    let before = ruled(tx, key, user)?;
    let changed = match enabled {
        Some(enabled) => tx.change(
            "INSERT INTO flag_overrides(key, user_id, enabled) VALUES (?1, ?2, ?3)
             ON CONFLICT(key, user_id) DO UPDATE SET enabled = excluded.enabled
             WHERE enabled <> excluded.enabled",
            params![key.as_str(), user, enabled],
        ),
        None => tx.change(
            "DELETE FROM flag_overrides WHERE key = ?1 AND user_id = ?2",
            params![key.as_str(), user],
        ),
    }?;
    if changed.count() == 0 {
        return Ok((flag, false));
    }
    let stepped = tx.changed(
        "UPDATE flags SET version = version + 1, updated_ms = ?2 WHERE key = ?1
         RETURNING key, enabled, percentage, description, version, created_ms, updated_ms",
        params![key.as_str(), tx.now()],
        from_row,
    )?;
    let stepped = stepped.ok_or(Error::NotFound("flag"))?;
    note(tx, actor, &stepped, &json!({"override": user, "before": before, "after": enabled}))?;
    Ok((stepped, true))
}

fn ruled(read: &Read<'_>, key: &Key, user: UserId) -> Result<Option<bool>> {
    read.maybe(
        "SELECT enabled FROM flag_overrides WHERE key = ?1 AND user_id = ?2",
        params![key.as_str(), user],
        |row| row.get(0),
    )
}

fn changed(before: Option<&Setting>, after: &Setting) -> Value {
    let told = |setting: &Setting| {
        json!({
            "enabled": setting.enabled,
            "percentage": setting.percentage,
            "description": setting.description,
        })
    };
    json!({"before": before.map(told), "after": told(after)})
}

/// Writes what this version changed into the flag's history.
fn note(tx: &Tx<'_>, actor: UserId, flag: &Flag, change: &Value) -> Result<()> {
    tx.change(
        "INSERT INTO flag_audit(key, flag_version, actor, at_ms, change) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![flag.key.as_str(), flag.version, actor, tx.now(), change.to_string()],
    )?
    .one_or(|| Error::internal("an entry of a flag's history was not written"))
}

/// A flag's history before version `before`, newest first.
pub fn history(read: &Read<'_>, key: &Key, before: Option<i64>, limit: u32) -> Result<Vec<Entry>> {
    read.all(
        "SELECT flag_version, actor, at_ms, change FROM flag_audit
         WHERE key = ?1 AND flag_version < coalesce(?2, 9007199254740991)
         ORDER BY flag_version DESC LIMIT ?3",
        params![key.as_str(), before, limit],
        |row| {
            Ok(Entry {
                version: row.get(0)?,
                actor: row.get(1)?,
                at: row.get(2)?,
                change: row.get(3)?,
            })
        },
    )
}

/// What a flag comes to for whoever goes by `targeting_key`; a person's override is found if that is the
/// person's id. `None` if it takes a targeting key and there is none.
pub fn evaluate(
    read: &Read<'_>,
    flag: &Flag,
    targeting_key: Option<&str>,
) -> Result<Option<Evaluation>> {
    let person = targeting_key.and_then(UserId::parse);
    let ruled = person.map(|user| ruled(read, &flag.key, user)).transpose()?.flatten();
    let Setting { enabled, percentage, .. } = flag.setting;
    let (key, saved) = (flag.key.as_str(), flag.version > 0);
    Ok(Rule { key, enabled, percentage, ruled, saved }.evaluate(targeting_key))
}

/// Whether a built-in switch is on for whoever goes by `targeting_key`. Asked in the transaction of what it
/// switches, so that nothing happens any more once it is acknowledged as off.
pub fn is_on(read: &Read<'_>, switch: Builtin, targeting_key: &str) -> Result<bool> {
    let flag = standing(read, &switch.key())?;
    Ok(evaluate(read, &flag, Some(targeting_key))?.is_some_and(|found| found.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_plain() {
        for right in ["a", "0", "leads.form", "new-ui_2", "registration", &"x".repeat(64)] {
            assert_eq!(Key::parse(right).unwrap().as_str(), right);
        }
        for wrong in ["", "A", "-a", ".", "_x", "a b", "é", "a/b", "a\n", "a\0", &"x".repeat(65)] {
            assert_eq!(Key::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn built_in_keys_are_keys_in_order() {
        let keys: Vec<Key> = BUILTINS.iter().map(|builtin| builtin.key()).collect();
        assert!(keys.is_sorted() && keys.iter().all(|key| Key::parse(key.as_str()).is_some()));
    }
}
