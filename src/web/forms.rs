//! Forms: what was sent in one, and its fields with what is wrong with them.

use crate::error::Fault;
use crate::http::Ctx;
use maud::{Markup, html};
use serde_json::{Map, Value};

/// The fields of the form that was sent, by name.
pub(super) fn sent(ctx: &Ctx) -> Map<String, Value> {
    let fields = url::form_urlencoded::parse(&ctx.request().body);
    fields.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect()
}

/// A field that has to be filled in.
pub(super) struct Field {
    /// Its name, as it is sent.
    pub(super) name: &'static str,
    /// Its name, as it is shown.
    pub(super) label: &'static str,
    /// Its type in HTML.
    pub(super) kind: &'static str,
    /// What a browser may fill in.
    pub(super) autocomplete: &'static str,
    /// What helps to fill it in.
    pub(super) hint: &'static str,
}

/// What helps to choose a password.
pub(super) const PASSWORD_HINT: &str = "At least 15 characters. A few words in a row are good.";

/// A field with what was sent in it, but for a password, and with what is wrong with that.
pub(super) fn input(field: &Field, sent: &Map<String, Value>, faults: &[Fault]) -> Markup {
    let pointer = format!("/{}", field.name);
    let fault = faults.iter().find(|fault| fault.pointer == pointer);
    let value = sent.get(field.name).and_then(Value::as_str).filter(|_| field.kind != "password");
    let (hint_id, fault_id) = (format!("{}-hint", field.name), format!("{}-fault", field.name));
    let described = if fault.is_some() { &fault_id } else { &hint_id };
    html! {
        label for=(field.name) { (field.label) }
        input id=(field.name) name=(field.name) type=(field.kind) autocomplete=(field.autocomplete)
            value=[value] required aria-invalid=[fault.map(|_| "true")] aria-describedby=(described);
        @if let Some(fault) = fault {
            p.fault id=(fault_id) { "This " (fault.detail) "." }
        } @else if !field.hint.is_empty() {
            small id=(hint_id) { (field.hint) }
        }
    }
}
