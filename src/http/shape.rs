//! The shape of JSON objects, written once. The same table checks what comes in, finding all faults at
//! once, and becomes the schema in the OpenAPI document: the two cannot differ.

use crate::error::{Error, Fault};
use serde_json::{Map, Value, json};

/// An object's members.
#[derive(Debug)]
pub struct Shape {
    /// Its name in the OpenAPI document.
    pub name: &'static str,
    /// Its members; any other is refused.
    pub fields: &'static [Field],
}

/// A member of an object, or a parameter of a query.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it is, for the document.
    pub about: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Whether it must be there. A member that need not be there may be null as well.
    pub required: bool,
}

/// A rule beyond type and length: the fault's code and its sentence, if there is one.
pub type Rule = fn(&str) -> Result<(), (&'static str, &'static str)>;

/// What a member may hold.
#[derive(Debug)]
pub enum Kind {
    /// One line of text: characters after trimming, no control characters.
    Line {
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
        /// JSON Schema's `format` or a word for it.
        format: Option<&'static str>,
        /// What else must hold.
        rule: Option<Rule>,
    },
    /// A password: taken as it is, left out of fingerprints and logs.
    Secret {
        /// Fewest characters: for a new one; a fault is `weak-password` then.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// Text of several lines: characters after trimming, no control characters but line feeds and tabs.
    Prose {
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An integer, written without a fraction or exponent.
    Integer {
        /// Smallest.
        min: i64,
        /// Greatest.
        max: i64,
    },
    /// A number, with or without a fraction.
    Number {
        /// Smallest.
        min: f64,
        /// Greatest.
        max: f64,
    },
    /// true or false.
    Flag,
    /// true: somebody's consent, without which there is nothing to take.
    Consent,
    /// A version: an integer from 0 to 2⁵³ − 1, or the same as a decimal string (a form's hidden field).
    Version,
    /// Text of any length.
    Text,
    /// A list.
    List {
        /// What it is a list of.
        of: &'static Kind,
        /// Most items.
        max: usize,
    },
    /// An object of this shape.
    Object(&'static Shape),
    /// Any object.
    Free,
    /// Anything.
    Any,
    /// This or null.
    Nullable(&'static Kind),
    /// One of several.
    Either(&'static [Kind]),
}

/// The greatest integer that JavaScript holds exactly.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;

/// One line of text with nothing special about it.
pub const fn line(min: usize, max: usize) -> Kind {
    Kind::Line { min, max, format: None, rule: None }
}

/// A member that must be there.
pub const fn required(name: &'static str, about: &'static str, kind: Kind) -> Field {
    Field { name, about, kind, required: true }
}

/// A member that need not be there.
pub const fn optional(name: &'static str, about: &'static str, kind: Kind) -> Field {
    Field { name, about, kind, required: false }
}

/// A version in any of its forms; `None` for anything else.
pub fn version(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    };
    number.filter(|version| (0..=INTEGER_MAX).contains(version))
}

/// At most so many faults are told at once.
const FAULTS_MAX: usize = 50;

impl Shape {
    /// Every fault of `members`, in the order of the shape; unknown members last.
    pub fn check(&self, members: &Map<String, Value>) -> Result<(), Error> {
        let faults = self.faults(members);
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }

    /// The same as a list.
    pub fn faults(&self, members: &Map<String, Value>) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.find_faults(members, "", &mut faults);
        faults.truncate(FAULTS_MAX);
        faults
    }

    fn find_faults(&self, members: &Map<String, Value>, at: &str, faults: &mut Vec<Fault>) {
        for field in self.fields {
            let pointer = || format!("{at}/{}", field.name);
            match members.get(field.name) {
                None if field.required => {
                    faults.push(fault(&pointer(), "required", "is required"));
                }
                None => {}
                Some(Value::Null) if !field.required => {}
                Some(value) => field.kind.find_faults(value, &pointer(), faults),
            }
        }
        for name in members.keys() {
            if !self.fields.iter().any(|field| field.name == name) {
                let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                faults.push(fault(&pointer, "unknown", "is no member of this"));
            }
        }
    }

    /// The members that may be fingerprinted: all but secrets.
    pub fn without_secrets(&self, members: &Map<String, Value>) -> Map<String, Value> {
        let secret = |name: &str| {
            let field = self.fields.iter().find(|field| field.name == name);
            field.is_some_and(|field| matches!(field.kind, Kind::Secret { .. }))
        };
        members.iter().filter(|(n, _)| !secret(n)).map(|(n, v)| (n.clone(), v.clone())).collect()
    }

    /// Its JSON Schema.
    pub fn schema(&self) -> Value {
        let properties: Map<String, Value> = self
            .fields
            .iter()
            .map(|field| {
                let mut schema = field.kind.schema();
                if let Value::Object(schema) = &mut schema
                    && !field.about.is_empty()
                {
                    schema.insert("description".into(), json!(field.about));
                }
                (field.name.to_owned(), schema)
            })
            .collect();
        let required: Vec<&str> =
            self.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
        json!({
            "type": "object",
            "title": self.name,
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }
}

fn fault(pointer: &str, code: &'static str, detail: impl Into<String>) -> Fault {
    Fault { pointer: pointer.to_owned(), code, detail: detail.into() }
}

impl Kind {
    fn find_faults(&self, value: &Value, at: &str, faults: &mut Vec<Fault>) {
        match (self, value) {
            (Self::Line { min, max, rule, .. }, Value::String(text)) => {
                line_faults(text, *min, *max, *rule, at, faults);
            }
            (Self::Secret { min, max }, Value::String(text)) => {
                secret_faults(text, *min, *max, at, faults);
            }
            (Self::Prose { min, max }, Value::String(text)) => {
                let flat = text.replace("\r\n", "\n").replace(['\n', '\t', '\r'], " ");
                line_faults(&flat, *min, *max, None, at, faults);
            }
            (Self::Choice(words), Value::String(text)) if words.contains(&text.as_str()) => {}
            (Self::Choice(words), _) => {
                faults.push(fault(at, "choice", format!("must be one of {}", words.join(", "))));
            }
            (Self::Integer { min, max }, Value::Number(number)) if number.is_i64() => {
                if !number.as_i64().is_some_and(|n| (*min..=*max).contains(&n)) {
                    faults.push(fault(at, "range", format!("must be from {min} to {max}")));
                }
            }
            (Self::Number { min, max }, Value::Number(number)) => {
                if !number.as_f64().is_some_and(|n| (*min..=*max).contains(&n)) {
                    faults.push(fault(at, "range", format!("must be from {min} to {max}")));
                }
            }
            (Self::Version, value) if version(value).is_some() => {}
            (Self::Consent, Value::Bool(false)) => {
                faults.push(fault(at, "consent", "must be given"));
            }
            (Self::List { of, max }, Value::Array(items)) => {
                if items.len() > *max {
                    faults.push(fault(at, "too-many", format!("has more than {max} items")));
                    return;
                }
                for (n, item) in items.iter().enumerate() {
                    of.find_faults(item, &format!("{at}/{n}"), faults);
                }
            }
            (Self::Object(shape), Value::Object(members)) => shape.find_faults(members, at, faults),
            (Self::Nullable(_), Value::Null)
            | (Self::Flag | Self::Consent, Value::Bool(_))
            | (Self::Text, Value::String(_))
            | (Self::Free, Value::Object(_))
            | (Self::Any, _) => {}
            (Self::Nullable(kind), value) => kind.find_faults(value, at, faults),
            (Self::Either(kinds), value) => either_faults(kinds, value, at, faults),
            (expected, _) => {
                faults.push(fault(at, "type", format!("must be {}", expected.noun())));
            }
        }
    }

    const fn noun(&self) -> &'static str {
        match self {
            Self::Line { .. }
            | Self::Prose { .. }
            | Self::Secret { .. }
            | Self::Choice(_)
            | Self::Text => "a string",
            Self::Integer { .. } => "an integer",
            Self::Number { .. } => "a number",
            Self::Flag | Self::Consent => "true or false",
            Self::Version => "a version: an integer, or one in decimal digits as a string",
            Self::List { .. } => "an array",
            Self::Object(_) | Self::Free => "an object",
            Self::Nullable(kind) => kind.noun(),
            Self::Any => "anything",
            Self::Either(_) => "of another type",
        }
    }

    /// Its JSON Schema.
    pub fn schema(&self) -> Value {
        match self {
            Self::Line { min, max, format, .. } => {
                let mut schema = json!({"type": "string", "minLength": min, "maxLength": max});
                if let (Some(format), Value::Object(schema)) = (format, &mut schema) {
                    schema.insert("format".into(), json!(format));
                }
                schema
            }
            Self::Secret { min, max } => {
                json!({"type": "string", "format": "password", "minLength": min, "maxLength": max})
            }
            Self::Prose { min, max } => {
                json!({"type": "string", "minLength": min, "maxLength": max})
            }
            Self::Choice(words) => json!({"type": "string", "enum": words}),
            Self::Integer { min, max } => {
                json!({"type": "integer", "minimum": min, "maximum": max})
            }
            Self::Number { min, max } => {
                json!({"type": "number", "minimum": min, "maximum": max})
            }
            Self::Flag | Self::Consent => json!({"type": "boolean"}),
            Self::Version => json!({"anyOf": [
                {"type": "integer", "minimum": 0, "maximum": INTEGER_MAX},
                {"type": "string", "pattern": "^[0-9]{1,16}$"},
            ]}),
            Self::Text => json!({"type": "string"}),
            Self::List { of, max } => {
                json!({"type": "array", "items": of.schema(), "maxItems": max})
            }
            Self::Object(shape) => shape.schema(),
            Self::Free => json!({"type": "object"}),
            Self::Any => json!({}),
            Self::Nullable(kind) => json!({"anyOf": [kind.schema(), {"type": "null"}]}),
            Self::Either(kinds) => {
                json!({"anyOf": kinds.iter().map(Self::schema).collect::<Vec<_>>()})
            }
        }
    }
}

fn secret_faults(text: &str, min: usize, max: usize, at: &str, faults: &mut Vec<Fault>) {
    match text.chars().count() {
        length if length < min => {
            let detail = format!("has {length} characters; {min} are needed");
            faults.push(fault(at, "weak-password", detail));
        }
        length if length > max => {
            faults.push(fault(at, "too-long", format!("has more than {max} characters")));
        }
        _ => {}
    }
}

fn line_faults(
    text: &str,
    min: usize,
    max: usize,
    rule: Option<Rule>,
    at: &str,
    faults: &mut Vec<Fault>,
) {
    let text = text.trim();
    let length = text.chars().count();
    if text.chars().any(char::is_control) {
        faults.push(fault(at, "control", "has control characters"));
    } else if length > 0 && min > 0 && text.chars().all(is_invisible) {
        faults.push(fault(at, "blank", "must not be blank"));
    } else if length < min {
        let detail = match (length, min) {
            (0, _) => "must not be blank".to_owned(),
            _ => format!("has less than {min} characters"),
        };
        faults.push(fault(at, if length == 0 { "blank" } else { "too-short" }, detail));
    } else if length > max {
        faults.push(fault(at, "too-long", format!("has more than {max} characters")));
    } else if let Some(Err((code, detail))) = rule.map(|rule| rule(text)) {
        faults.push(fault(at, code, detail));
    }
}

/// White space and the characters that leave no mark of their own (Unicode's
/// `Default_Ignorable_Code_Point`, as far as it is assigned).
const fn is_invisible(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// The faults of the alternative that came closest.
fn either_faults(kinds: &[Kind], value: &Value, at: &str, faults: &mut Vec<Fault>) {
    let tried = kinds.iter().map(|kind| {
        let mut found = Vec::new();
        kind.find_faults(value, at, &mut found);
        found
    });
    let closest = tried.min_by_key(|found| {
        let deepest = found.iter().map(|fault| fault.pointer.len()).max().unwrap_or(0);
        (!found.is_empty(), std::cmp::Reverse(deepest))
    });
    faults.extend(closest.unwrap_or_default());
}
