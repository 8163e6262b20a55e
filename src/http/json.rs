//! Reading JSON bodies (RFC 8259) strictly: no duplicate names, since parsers disagree on which one
//! counts, and no deeper than a bound.

use super::problem::Problem;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, json};
use std::fmt;

/// Why a body is not JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong there.
    pub detail: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl From<&Unreadable> for Problem {
    fn from(fault: &Unreadable) -> Self {
        Self::bad_request("invalid-json", format!("The body is not valid JSON: {}.", fault.detail))
            .with("line", json!(fault.line))
            .with("column", json!(fault.column))
    }
}

/// Reads one JSON value and nothing behind it, at most `depth_max` objects and arrays deep.
pub fn parse(text: &[u8], depth_max: usize) -> Result<Value, Unreadable> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = Strict { depth: depth_max }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    read.map_err(|fault| {
        let told = fault.to_string();
        let detail = told.rsplit_once(" at line ").map_or(told.as_str(), |(what, _)| what);
        Unreadable { detail: detail.to_owned(), line: fault.line(), column: fault.column() }
    })
}

/// Builds a [`Value`], refusing what it must not hold.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth })
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if map.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the name {name:?} stands twice")));
            }
            let value = members.next_value_seed(inner)?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

/// JSON Merge Patch (RFC 7396) of two objects: null takes a member away, objects are merged, everything
/// else is replaced.
pub fn merge(target: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, change) in patch {
        match change {
            Value::Null => {
                target.remove(name);
            }
            Value::Object(inner) => {
                let entry = target.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
                if !entry.is_object() {
                    *entry = Value::Object(Map::new());
                }
                if let Value::Object(into) = entry {
                    merge(into, inner);
                }
            }
            other => {
                target.insert(name.clone(), other.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_json_is_read_and_what_is_not_is_located() {
        let read = parse(br#" {"a": [1, -2, 2.5, "x", null, true, {"b": {}}]} "#, 8).unwrap();
        assert_eq!(read, json!({"a": [1, -2, 2.5, "x", null, true, {"b": {}}]}));
        for (text, what) in [
            (r#"{"a":1,"a":2}"#, "stands twice"),
            (r#"{"a":{"b":1,"b":1}}"#, "stands twice"),
            (r#"{"a":1} x"#, "trailing"),
            ("{\"a\":\n 1,}", "trailing comma"),
            ("", "EOF"),
            ("\"\\ud800\"", "hex escape"),
            ("[[[[[[[[[]]]]]]]]]", "nested too deeply"),
        ] {
            let fault = parse(text.as_bytes(), 8).unwrap_err();
            assert!(fault.detail.contains(what), "{text}: {fault:?}");
        }
        assert!(parse(b"{\"a\": \"\xff\"}", 8).is_err());
        let fault = parse(b"{\"a\":\n 1,}", 8).unwrap_err();
        assert_eq!(fault.line, 2);
    }

    #[test]
    fn a_hundred_thousand_brackets_do_not_end_the_process() {
        assert!(parse("[".repeat(100_000).as_bytes(), 64).is_err());
        assert!(parse("{\"a\":".repeat(100_000).as_bytes(), 64).is_err());
    }

    #[test]
    fn merge_patch_does_as_rfc_7396_shows() {
        for (original, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            let (Value::Object(mut target), Value::Object(patch)) = (original, patch) else {
                unreachable!()
            };
            merge(&mut target, &patch);
            assert_eq!(Value::Object(target), result);
        }
    }
}
