//! Webhooks.

use super::text;
use crate::domain::webhooks::{DESCRIPTION_MAX, Event, Guard, Setting, URL_MAX};
use crate::error::{Error, Fault, Result};
use crate::http::shape::{Kind, Shape, line, optional, required};
use crate::store::tx::Named;
use serde_json::{Map, Value};

/// Where messages go.
pub const URL: Kind = line(1, URL_MAX);
/// What an endpoint is for.
pub const DESCRIPTION: Kind = line(0, DESCRIPTION_MAX);
/// What is told.
pub const EVENTS: Kind = Kind::List { of: &Kind::Choice(Event::WORDS), max: Event::WORDS.len() };

/// What makes an endpoint.
pub const NEW_WEBHOOK: Shape = Shape {
    name: "NewWebhook",
    fields: &[
        required("url", "https, at the public Internet.", URL),
        required("events", "What is told.", EVENTS),
        optional("description", "", DESCRIPTION),
    ],
};

/// What must hold of an endpoint as a whole.
pub const CONTENT: Shape = Shape {
    name: "WebhookContent",
    fields: &[
        required("url", "", URL),
        required("events", "", EVENTS),
        optional("description", "", DESCRIPTION),
        optional("is_active", "", Kind::Flag),
    ],
};

/// What a checked body decides. Where a message may go, the guard says.
pub fn setting(body: &Map<String, Value>, guard: &Guard) -> Result<Setting> {
    let named = body.get("events").and_then(Value::as_array).into_iter().flatten();
    let named: Vec<&str> = named.filter_map(Value::as_str).collect();
    let fault = |name: &str, code, detail: &str| Fault {
        pointer: format!("/{name}"),
        code,
        detail: detail.to_owned(),
    };
    let mut faults = Vec::new();
    let url = guard.check(text(body, "url"));
    if let Err((code, detail)) = url {
        faults.push(fault("url", code, detail));
    }
    if named.is_empty() {
        faults.push(fault("events", "blank", "must name an event"));
    }
    let url = match url {
        Ok(url) if faults.is_empty() => url.to_string(),
        _ => return Err(Error::Invalid(faults)),
    };
    let events = Event::NAMES.iter().filter(|(_, name)| named.contains(name));
    Ok(Setting {
        url,
        description: text(body, "description").to_owned(),
        events: events.map(|(event, _)| *event).collect(),
        is_active: body.get("is_active").and_then(Value::as_bool).unwrap_or(true),
    })
}
