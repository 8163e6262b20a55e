//! Feature flags, for admins: setting, toggling, overriding for one person, and the history.

use super::Patching;
use super::users::{ID, TIME, VERSION};
use crate::clock::Millis;
use crate::domain::flags::{self, Entry, Flag, Key, Override};
use crate::domain::users::{self, UserId};
use crate::error::Error;
use crate::http::bodies::flags::{CONTENT, DESCRIPTION, ENABLED, PERCENTAGE, SHARE, TEXT, setting};
use crate::http::page::{self, Cursor, Page};
use crate::http::precondition::{Edit, Standing, etag_of};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, line, optional, required};
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::store::Tx;
use serde_json::{Value, json};

const KEY: Kind = line(1, flags::KEY_MAX);
const VERSION_OR_0: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };
const BUILDS_UPON: &str =
    "The version it builds upon, if If-Match is absent; for a new flag 0 or none.";

const FLAG: Shape = Shape {
    name: "Flag",
    fields: &[
        required("key", "", KEY),
        required("enabled", "Off is off for all.", Kind::Flag),
        required("percentage", "The share of people it is on for.", PERCENTAGE),
        required("description", "", DESCRIPTION),
        required("version", "0: built in, and nobody has saved it yet.", VERSION_OR_0),
        required("created_at", "", Kind::Nullable(&TIME)),
        required("updated_at", "", Kind::Nullable(&TIME)),
    ],
};

const SAVED: Shape = Shape {
    name: "FlagToSave",
    fields: &[
        ENABLED,
        SHARE,
        TEXT,
        optional("version", BUILDS_UPON, Kind::Version),
        optional("key", "Read-only.", Kind::Text),
        optional("created_at", "Read-only.", Kind::Text),
        optional("updated_at", "Read-only.", Kind::Text),
    ],
};
const SAVING: Patching =
    Patching { patch: &SAVED, content: &CONTENT, read_only: &["key", "created_at", "updated_at"] };

const NOTHING: Shape = Shape { name: "Nothing", fields: &[] };
const TOGGLED: Shape = Shape {
    name: "ToggledFlag",
    fields: &[required("enabled", "", Kind::Flag), required("version", "", VERSION)],
};

const RULING: Shape =
    Shape { name: "FlagOverrideToSet", fields: &[required("enabled", "", Kind::Flag)] };
const OVERRIDE: Shape = Shape {
    name: "FlagOverride",
    fields: &[required("user_id", "", ID), required("enabled", "", Kind::Flag)],
};
const RULED: Shape = Shape {
    name: "FlagOverridden",
    fields: &[
        required("key", "", KEY),
        required("user_id", "", ID),
        required("enabled", "Null: as the flag itself says.", Kind::Nullable(&Kind::Flag)),
        required("changed", "Whether this request changed it.", Kind::Flag),
        required("version", "The flag's.", VERSION_OR_0),
    ],
};

const ENTRY: Shape = Shape {
    name: "FlagChange",
    fields: &[
        required("version", "", VERSION),
        required("actor", "Who did it.", Kind::Nullable(&ID)),
        required("at", "", TIME),
        required("change", "`before` and `after`; `override` names a person.", Kind::Free),
    ],
};

/// `GET /api/flags`
pub const LIST_ABOUT: About = About::new(
    "The flags by key; built-in ones that nobody has saved are at version 0",
    &[Reply { status: 200, about: "A page", content: Content::Page(&FLAG) }],
)
.query(page::QUERY);
/// `GET /api/flags/{key}`
pub const FIND_ABOUT: About = About::new(
    "A flag",
    &[
        Reply { status: 200, about: "The flag", content: Content::Json(&FLAG) },
        Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
    ],
);
/// `PUT /api/flags/{key}`
pub const SAVE_ABOUT: About = About::new(
    "Makes a flag, or sets it as a whole",
    &[
        Reply { status: 200, about: "The flag as it stands now", content: Content::Json(&FLAG) },
        Reply { status: 201, about: "Made", content: Content::Json(&FLAG) },
    ],
)
.body(&SAVED)
.versioned();
/// `POST /api/flags/{key}/toggle`
pub const TOGGLE_ABOUT: About = About::new(
    "Turns a flag over, once for each key",
    &[Reply { status: 200, about: "Turned", content: Content::Json(&TOGGLED) }],
)
.body(&NOTHING)
.keyed();
/// `GET /api/flags/{key}/overrides`
pub const OVERRIDES_ABOUT: About = About::new(
    "The people for whom a flag is set apart",
    &[Reply { status: 200, about: "A page", content: Content::Page(&OVERRIDE) }],
)
.query(page::QUERY);
const OVERRIDDEN: &[Reply] =
    &[Reply { status: 200, about: "So it is now", content: Content::Json(&RULED) }];
/// `PUT /api/flags/{key}/overrides/{user_id}`
pub const OVERRIDE_ABOUT: About =
    About::new("Turns a flag on or off for one person", OVERRIDDEN).body(&RULING).problems(&[412]);
/// `DELETE /api/flags/{key}/overrides/{user_id}`
pub const CLEAR_ABOUT: About =
    About::new("Leaves a person to the flag itself again", OVERRIDDEN).problems(&[412]);
/// `GET /api/flags/{key}/audit`
pub const HISTORY_ABOUT: About = About::new(
    "What each version of a flag changed, newest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&ENTRY) }],
)
.query(page::QUERY);

impl Cursor for Key {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

fn flag_json(flag: &Flag) -> Value {
    let time = |at: Option<Millis>| at.map(|at| at.to_string());
    json!({
        "key": flag.key.as_str(),
        "enabled": flag.setting.enabled,
        "percentage": flag.setting.percentage,
        "description": flag.setting.description,
        "version": flag.version,
        "created_at": time(flag.created),
        "updated_at": time(flag.updated),
    })
}

fn tag(flag: &Flag) -> String {
    etag_of(flag.key.as_str(), flag.version)
}

/// The key in the path; text that is no key is the key of nothing.
fn key(ctx: &Ctx) -> Result<Key, Problem> {
    Key::parse(ctx.param("key")).ok_or_else(|| Error::NotFound("flag").into())
}

/// The flags. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    ctx.read(|read, _| {
        let page = page?;
        let found = flags::list(read, page.after.as_ref(), page.fetch())?;
        Ok(page.reply(found, |flag| flag.key.clone(), flag_json))
    })
}

/// A flag. 200; 304; 404.
pub fn find(ctx: Ctx) -> Outcome {
    let (key, fresh) = (key(&ctx), ctx.freshness());
    ctx.read(|read, _| {
        let flag = flags::find(read, &key?)?;
        fresh?.answer(tag(&flag), || Response::json(200, &flag_json(&flag)))
    })
}

/// Makes or sets a flag. 201 or 200; 409 `quota-exceeded`; 422; 409, 412 and, for one that there is, 428 for
/// its version.
pub fn save(ctx: Ctx) -> Outcome {
    let edit = ctx.edit();
    let malformed = || {
        let detail = "must be 1 to 64 of a-z, 0-9, _, . and -, beginning with a letter or digit";
        edit.unreadable().unwrap_or_else(|| Error::invalid("key", "key", detail).into())
    };
    let key = Key::parse(ctx.param("key")).ok_or_else(malformed);
    ctx.write(move |tx, who| {
        let flag = flags::standing(tx, ready(&key)?)?;
        let resource = || flag_json(&flag);
        let tag = tag(&flag);
        let standing = Standing { version: flag.version, etag: &tag, resource: &resource };
        let body = edit.admit_or_first(&standing)?;
        // What is put is the whole: nothing of the setting that stands is left where the body is silent.
        let mut blank = resource();
        if let Value::Object(members) = &mut blank {
            members.retain(|name, _| SAVING.read_only.contains(&name.as_str()));
        }
        let setting = setting(&SAVING.merged(blank, body)?);
        let saved = flags::save(tx, who.user()?, &flag, &setting)?;
        let status = if flag.version == 0 { 201 } else { 200 };
        // No ETag: what was stored is not what was sent (RFC 9110 §9.3.4).
        Ok(Response::json(status, &flag_json(&saved)))
    })
}

/// Turns a flag over. 200; 404.
pub fn toggle(ctx: Ctx) -> Outcome {
    let (key, body) = (key(&ctx), ctx.object());
    ctx.write(move |tx, who| {
        let key = ready(&key)?;
        flags::find(tx, key)?;
        ready(&body)?;
        let flag = flags::toggle(tx, who.user()?, key)?;
        let body = json!({"enabled": flag.setting.enabled, "version": flag.version});
        Ok(Response::json(200, &body))
    })
}

/// The overrides of a flag. 200; 404.
pub fn overrides(ctx: Ctx) -> Outcome {
    let (key, page) = (key(&ctx), Page::of(&ctx));
    ctx.read(|read, _| {
        let key = key?;
        flags::find(read, &key)?;
        let page = page?;
        let found = flags::overrides(read, &key, page.after, page.fetch())?;
        let told = |one: &Override| json!({"user_id": one.user, "enabled": one.enabled});
        Ok(page.reply(found, |one| one.user, told))
    })
}

/// Turns a flag on or off for one person. 200; 404; 412 if an `If-Match` says otherwise.
pub fn set_override(ctx: Ctx) -> Outcome {
    let (key, user, edit, body) =
        (key(&ctx), ctx.id("user_id", "person"), ctx.edit(), ctx.object());
    ctx.write(move |tx, who| {
        let (key, user) = (ready(&key)?, *ready(&user)?);
        admit(tx, key, user, &edit)?;
        let enabled = ready(&body)?.get("enabled").and_then(Value::as_bool);
        ruled(tx, who.user()?, key, user, enabled)
    })
}

/// Leaves a person to the flag itself. 200; 404; 412 if an `If-Match` says otherwise.
pub fn clear_override(ctx: Ctx) -> Outcome {
    let (key, user, edit) = (key(&ctx), ctx.id("user_id", "person"), ctx.edit());
    ctx.write(move |tx, who| {
        let (key, user) = (ready(&key)?, *ready(&user)?);
        admit(tx, key, user, &edit)?;
        ruled(tx, who.user()?, key, user, None)
    })
}

/// Lets an override pass unless it builds upon another version of the flag.
fn admit(tx: &Tx<'_>, key: &Key, user: UserId, edit: &Edit) -> Result<(), Problem> {
    let flag = flags::find(tx, key)?;
    users::find(tx, user)?;
    let resource = || flag_json(&flag);
    let tag = tag(&flag);
    let standing = Standing { version: flag.version, etag: &tag, resource: &resource };
    edit.admit_unversioned(&standing).map(drop)
}

fn ruled(tx: &Tx<'_>, actor: UserId, key: &Key, user: UserId, enabled: Option<bool>) -> Outcome {
    let (flag, changed) = flags::rule(tx, actor, key, user, enabled)?;
    let body = json!({
        "key": key.as_str(),
        "user_id": user,
        "enabled": enabled,
        "changed": changed,
        "version": flag.version,
    });
    Ok(Response::json(200, &body))
}

/// A flag's history. 200; 404.
pub fn history(ctx: Ctx) -> Outcome {
    let (key, page) = (key(&ctx), Page::of(&ctx));
    ctx.read(|read, _| {
        let key = key?;
        flags::find(read, &key)?;
        let page = page?;
        let found = flags::history(read, &key, page.after, page.fetch())?;
        Ok(page.reply(found, |entry| entry.version, entry_json))
    })
}

fn entry_json(entry: &Entry) -> Value {
    // What was written by the domain is JSON; the schema checked it.
    let change: Value = serde_json::from_str(&entry.change).unwrap_or_default();
    json!({
        "version": entry.version,
        "actor": entry.actor,
        "at": entry.at.to_string(),
        "change": change,
    })
}
