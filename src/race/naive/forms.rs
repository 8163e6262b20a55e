//! Forms of pages the naive way: what the API makes of the same thing, by another door.

use super::db::Db;
use super::people::text;
use super::{profiles, switches};
use crate::error::Result;
use crate::http::{Request, Response};
use rusqlite::params;
use serde_json::Value;

/// A form's fields, as texts but for the version.
pub(super) fn body(form: &[u8]) -> Value {
    let value = |name: &str, text: &str| match text.parse::<i64>() {
        Ok(number) if name == "version" => Value::from(number),
        _ => Value::from(text),
    };
    let fields = url::form_urlencoded::parse(form);
    fields.map(|(name, text)| (name.to_string(), value(&name, &text))).collect()
}

/// Answers a form that `user` sends, if it is one of these.
pub(super) fn answer(
    db: &Db,
    request: &Request,
    user: &str,
    path: &[&str],
) -> Result<Option<Response>> {
    let (head, body) = (&request.head, body(&request.body));
    let done = match path {
        ["profile", section] => {
            profiles::answer(db, head, user, &["api", "profile", section], &body)?.is_some()
        }
        ["settings", "account"] => {
            // Last write wins, as in seed 002's "Profile Actions".
            let sql = "UPDATE app_users SET display_name = ?2 WHERE id = ?1";
            db.run(sql, params![user, text(&body, "display_name")])? == 1
        }
        ["admin", "flags", key] => switches::save_flag(db, head, key, &body)?.status < 400,
        _ => false,
    };
    Ok(done.then(|| Response::new(303).with("Location", "/")))
}
