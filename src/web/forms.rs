//! Forms: what was sent in one, and its fields with what is wrong with them.

use super::merge::Fields;
use super::words::Words;
use crate::error::{Error, Fault};
use crate::http::replay::MEMBER;
use crate::http::shape::{self, Kind, Shape};
use crate::http::{Ctx, Problem};
use crate::id;
use maud::{Markup, html};
use serde_json::{Map, Value};

/// The fields of a form that was sent, by name; of several of one name the last, but for a list.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    fields: Map<String, Value>,
    /// Name and value, as they were sent.
    all: Vec<(String, String)>,
}

impl Sent {
    /// What was sent. 415 if it is no form, 403 if another site's page had it sent.
    pub fn of(ctx: &Ctx) -> Result<Self, Problem> {
        let mut all = ctx.form()?;
        all.retain(|(name, _)| name != MEMBER);
        let fields = all.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
        Ok(Self { fields: fields.collect(), all })
    }

    /// A form filled in with what stands.
    pub fn standing<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let all: Vec<_> = fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        let fields = all.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
        Self { fields: fields.collect(), all }
    }

    /// The same of these.
    pub fn of_fields(fields: &Fields) -> Self {
        Self::standing(fields.iter().map(|(name, text)| (name.as_str(), text.clone())))
    }

    /// A field's text; empty if it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// All of it.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
    }

    /// Takes a field out.
    pub fn take(&mut self, name: &str) -> String {
        let taken = self.fields.remove(name);
        taken.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Whether a box of this value was ticked, of several with one name.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all.iter().any(|(sent, text)| sent == name && text == value)
    }

    /// The version that a form builds upon; 0 of one that names none.
    pub fn version(&self) -> i64 {
        self.fields.get("version").and_then(shape::version).unwrap_or_default()
    }

    /// As a body of this shape: a form sends everything as text, and a box that is not ticked not at all. What cannot
    /// be read as the shape asks for is left as it is, for the shape to say so.
    pub fn typed(&self, shape: &Shape) -> Map<String, Value> {
        let typed = shape.fields.iter().filter_map(|field| {
            let sent = self.fields.get(field.name).and_then(Value::as_str).map(str::trim);
            let sent = sent.filter(|text| !text.is_empty());
            let value = match &field.kind {
                Kind::Flag => Some(self.ticked(field.name).into()),
                Kind::Integer { .. } => {
                    sent.map(|text| text.parse::<i64>().map_or_else(|_| text.into(), Value::from))
                }
                Kind::Number { .. } => sent.map(|text| {
                    text.replace(',', ".").parse::<f64>().map_or_else(|_| text.into(), Value::from)
                }),
                Kind::List { .. } => {
                    let items = self.all.iter().filter(|(name, _)| name == field.name);
                    Some(items.map(|(_, text)| text.as_str()).collect())
                }
                _ => self.fields.get(field.name).filter(|_| sent.is_some()).cloned(),
            };
            Some((field.name.to_owned(), value?))
        });
        typed.collect()
    }

    /// As the body that the API takes for the same thing: a form also sends the fields that were left empty.
    pub fn body(&self) -> Map<String, Value> {
        let filled = self.fields.iter().filter(|(_, value)| value.as_str() != Some(""));
        filled.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// What is wrong with a form: the faults of a refusal that is about fields, or the refusal itself.
pub fn faults(error: Error) -> Result<Vec<Fault>, Error> {
    match error {
        Error::Invalid(faults) => Ok(faults),
        other => Err(other),
    }
}

/// A fault of a field that a page tells in words of its own.
pub fn fault(name: &str, code: &'static str, detail: &str) -> Fault {
    Fault { pointer: format!("/{name}"), code, detail: detail.to_owned() }
}

/// A field of a form.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    name: &'a str,
    label: &'a str,
    kind: &'static str,
    autocomplete: &'static str,
    hint: &'a str,
    is_required: bool,
    is_bare: bool,
    max: Option<usize>,
}

impl<'a> Field<'a> {
    /// A line of text that may be left empty.
    pub const fn line(name: &'a str, label: &'a str) -> Self {
        let (autocomplete, hint) = ("off", "");
        let (kind, is_required, is_bare, max) = ("text", false, false, None);
        Self { name, label, kind, autocomplete, hint, is_required, is_bare, max }
    }

    /// Of another type in HTML; `textarea` for several lines.
    #[must_use]
    pub const fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// That a browser may fill in.
    #[must_use]
    pub const fn autocomplete(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = autocomplete;
        self
    }

    /// With what helps to fill it in.
    #[must_use]
    pub const fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// That has to be filled in.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// In a form in which nothing has to be filled in, so that not every field has to say so.
    #[must_use]
    pub const fn bare(mut self) -> Self {
        self.is_bare = true;
        self
    }

    /// With so many characters at most.
    #[must_use]
    pub const fn max(mut self, max: usize) -> Self {
        self.max = Some(max);
        self
    }

    /// The field with what was sent in it, but for a password, and with what is wrong with that.
    pub fn show(&self, words: &Words, sent: &Sent, faults: &[Fault]) -> Markup {
        let pointer = format!("/{}", self.name);
        let fault = faults.iter().find(|fault| fault.pointer == pointer);
        let value = Some(sent.text(self.name)).filter(|_| self.kind != "password");
        let (hint_id, fault_id) = (format!("{}-hint", self.name), format!("{}-fault", self.name));
        let described = if fault.is_some() {
            Some(&fault_id)
        } else {
            Some(&hint_id).filter(|_| !self.hint.is_empty())
        };
        let invalid = fault.map(|_| "true");
        // What people say of themselves runs as their script does; an address does not.
        let dir = matches!(self.kind, "text" | "textarea").then_some("auto");
        html! {
            div.field {
                label for=(self.name) {
                    (self.label)
                    @if !self.is_required && !self.is_bare { " " span.optional { (words.shell.optional) } }
                }
                @if self.kind == "textarea" {
                    textarea id=(self.name) name=(self.name) rows="4" maxlength=[self.max] dir=[dir]
                        required[self.is_required] aria-invalid=[invalid] aria-describedby=[described] {
                        (value.unwrap_or_default())
                    }
                } @else {
                    input id=(self.name) name=(self.name) type=(self.kind) autocomplete=(self.autocomplete)
                        value=[value] maxlength=[self.max] required[self.is_required] dir=[dir]
                        aria-invalid=[invalid] aria-describedby=[described];
                }
                @if let Some(fault) = fault {
                    p.fault id=(fault_id) { (words.told(fault)) }
                } @else if !self.hint.is_empty() {
                    p.hint id=(hint_id) { (self.hint) }
                }
            }
        }
    }
}

/// What is wrong, above the form: told first to whoever does not see the marks.
pub fn summary(words: &Words, faults: &[Fault]) -> Markup {
    html! {
        @if !faults.is_empty() {
            div.faults role="alert" {
                p { (words.shell.check) }
                @let general = faults.iter().filter(|fault| fault.pointer.is_empty());
                @for fault in general { p { (words.told(fault)) } }
            }
        }
    }
}

/// What makes a form count once, however often it is sent.
pub fn once() -> Markup {
    html! { input type="hidden" name=(MEMBER) value=(id::hex(32)); }
}
