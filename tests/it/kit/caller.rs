//! Somebody who calls the API.

use super::conformance;
use cardinal::testing::{Client, Person, Reply, Site};
use serde_json::Value;

/// A client whose every reply is held against the OpenAPI document.
pub(crate) struct Api(Client);

impl Api {
    /// Nobody.
    pub(crate) fn nobody(site: &Site) -> Self {
        Self(site.client())
    }

    /// This person, by an API token of every scope.
    pub(crate) fn of(person: &Person) -> Self {
        Self(person.client())
    }

    /// Whoever holds this token.
    pub(crate) fn bearer(site: &Site, token: &str) -> Self {
        Self(site.client().bearer(token))
    }

    /// A browser with this session's cookie.
    pub(crate) fn cookie(site: &Site, token: &str) -> Self {
        Self(site.client().with("Cookie", &format!("theme=dark; cardinal={token}")))
    }

    /// The same with this header field in every request.
    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        Self(self.0.with(name, value))
    }

    #[track_caller]
    pub(crate) fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    #[track_caller]
    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.json("POST", path, &[], body)
    }

    #[track_caller]
    pub(crate) fn put(&mut self, path: &str, body: &Value) -> Reply {
        self.json("PUT", path, &[], body)
    }

    #[track_caller]
    pub(crate) fn patch(&mut self, path: &str, body: &Value) -> Reply {
        self.json("PATCH", path, &[], body)
    }

    #[track_caller]
    pub(crate) fn delete(&mut self, path: &str) -> Reply {
        self.send("DELETE", path, &[], b"")
    }

    /// A JSON body and further header fields.
    #[track_caller]
    pub(crate) fn json(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Reply {
        let reply = self.0.send_json(method, path, headers, body).unwrap();
        conformance::check(method, path, &reply);
        reply
    }

    /// Any request.
    #[track_caller]
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let reply = self.0.send(method, path, headers, body).unwrap();
        conformance::check(method, path, &reply);
        reply
    }
}
