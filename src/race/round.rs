//! One round of a scenario: the people in it, and how they speak to the server.

use super::crowd::Crowd;
use super::tally::Tally;
use super::target::Target;
use crate::error::{Error, Result};
use crate::id::hex;
use crate::testing::{Client, Reply};
use serde_json::{Value, json};
use std::io;
use std::sync::Arc;

/// Everybody's password: long enough, and no word that is looked up.
pub(super) const PASSWORD: &str = "fourteen grey herons by the weir";

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// The account's id.
    pub(super) id: String,
    /// Its e-mail address.
    pub(super) email: String,
    /// The token of a login.
    pub(super) token: String,
}

/// One round.
pub(super) struct Round<'a> {
    pub(super) target: &'a dyn Target,
    pub(super) crowd: &'a mut Crowd,
    pub(super) tally: &'a mut Tally,
    /// Rounds before this one.
    pub(super) number: u32,
}

impl Round<'_> {
    /// A new person.
    pub(super) fn person(&mut self) -> Result<Person> {
        register(self.crowd.anyone()?).map_err(Error::internal)
    }

    /// A person for each client, the same ones in every round.
    pub(super) fn people(&mut self) -> Result<Arc<[Person]>> {
        if let Some(people) = self.crowd.people_mut() {
            return Ok(Arc::clone(people));
        }
        let people: Arc<[Person]> = self.crowd.charge(|_, client| register(client))?.into();
        *self.crowd.people_mut() = Some(Arc::clone(&people));
        Ok(people)
    }

    /// What is done before the race begins; anything but `status` ends the run.
    pub(super) fn prepare(
        &mut self,
        who: &Person,
        method: &str,
        path: &str,
        body: &Value,
        status: u16,
    ) -> Result<Value> {
        let reply = ask(self.crowd.anyone()?, who, method, path, body).map_err(Error::internal)?;
        told(method, path, &reply, status)
    }

    /// The same as nobody.
    pub(super) fn anybody(&mut self, path: &str, body: &Value, status: u16) -> Result<Value> {
        let reply = self.crowd.anyone()?.post(path, body).map_err(Error::internal)?;
        told("POST", path, &reply, status)
    }

    /// A new card of this person.
    pub(super) fn card(&mut self, who: &Person, name: &str) -> Result<Value> {
        self.prepare(who, "POST", "/api/cards", &json!({"name": name}), 201)
    }
}

fn register(client: &mut Client) -> io::Result<Person> {
    let unique = hex(12);
    let email = format!("{unique}@example.org");
    let body = applicant(&email, &format!("h{unique}"));
    let reply = client.post("/api/auth/register", &body)?;
    let told = reply.json();
    match (reply.status, told["user"]["id"].as_str(), told["token"].as_str()) {
        (201, Some(id), Some(token)) => Ok(Person { id: id.into(), email, token: token.into() }),
        _ => Err(io::Error::other(format!("nobody could register: {}", reply.text()))),
    }
}

fn told(method: &str, path: &str, reply: &Reply, status: u16) -> Result<Value> {
    if reply.status == status {
        return Ok(reply.json());
    }
    let (answered, text) = (reply.status, reply.text());
    Err(Error::internal(format!("{method} {path} was answered {answered} {text}")))
}

/// What registers somebody.
pub(super) fn applicant(email: &str, handle: &str) -> Value {
    json!({"email": email, "handle": handle, "display_name": "Ada", "password": PASSWORD})
}

/// Sends a request as somebody.
pub(super) fn ask(
    client: &mut Client,
    who: &Person,
    method: &str,
    path: &str,
    body: &Value,
) -> io::Result<Reply> {
    ask_with(client, &who.token, method, path, &[], body)
}

/// The same with a token and further header fields. A body of null is none.
pub(super) fn ask_with(
    client: &mut Client,
    token: &str,
    method: &str,
    path: &str,
    fields: &[(&str, &str)],
    body: &Value,
) -> io::Result<Reply> {
    let bearer = format!("Bearer {token}");
    let fields: Vec<_> =
        fields.iter().copied().chain([("Authorization", bearer.as_str())]).collect();
    if body.is_null() {
        return client.send(method, path, &fields, b"");
    }
    client.send_json(method, path, &fields, body)
}

/// Reads something as somebody; that it is told is not in question.
pub(super) fn look(client: &mut Client, who: &Person, path: &str) -> io::Result<Value> {
    let reply = ask(client, who, "GET", path, &Value::Null)?;
    match reply.status {
        200 => Ok(reply.json()),
        status => Err(io::Error::other(format!("a look at {path} was answered {status}"))),
    }
}

/// A member of a reply as text.
pub(super) fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}
