//! Changing the own password: the same over the API and in the form.
//!
//! Two doors, as in a login: the attempt is counted before it is made, and the second door changes what the first one
//! saw, or nothing. That the current password is wrong is told behind the second, where a stored reply is looked for
//! first: whoever has changed it and asks again with the same key is wrong about it by now.

use super::access::Caller;
use super::ctx::Ctx;
use super::problem::Problem;
use super::sign_in::Guess;
use super::sign_up::admit_password;
use super::state::State;
use crate::domain::passwords::{self, Credential, Hash};
use crate::domain::{sessions, users};
use crate::error::{Error, Result};
use crate::store::Tx;
use serde_json::{Map, Value};

/// Somebody who wants another password.
#[derive(Clone)]
pub struct Change {
    guess: Guess,
    current: String,
    new: String,
}

/// What the first door saw.
pub struct Seen {
    credential: Credential,
    email: String,
}

/// A change whose current password has been checked.
pub struct Checked {
    guess: Guess,
    seen: Seen,
    /// None: it was another one.
    hash: Option<Hash>,
}

impl Change {
    /// The change that a checked body asks for.
    pub fn of(ctx: &Ctx, body: &Map<String, Value>) -> Self {
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let (current, new) = (text("current_password"), text("new_password"));
        Self { guess: Guess::of(ctx), current: current.to_owned(), new: new.to_owned() }
    }

    /// Behind the first door: counts the attempt, or refuses it. `weak-password`, `no-password`.
    pub fn count(&self, tx: &Tx<'_>, who: &Caller) -> Result<Seen> {
        let user = users::find(tx, who.user()?)?;
        admit_password(&self.new, &user)?;
        let email = users::normalise_email(&user.email);
        let credential = passwords::find(tx, user.id)?.ok_or_else(none)?;
        self.guess.count(tx, &email)?;
        Ok(Seen { credential, email })
    }

    /// Between the doors.
    pub fn check(self, state: &State, seen: Seen) -> Result<Checked, Problem> {
        let hash = state.hashers.run(|| {
            let matches = passwords::matches(&self.current, &seen.credential.hash)?;
            matches.then(|| passwords::hash(&self.new, state.config.password_cost)).transpose()
        })??;
        Ok(Checked { guess: self.guess, seen, hash })
    }
}

impl Checked {
    /// Behind the second door: sets the new password and ends every other login; how many. `wrong-password`.
    pub fn complete(&self, tx: &Tx<'_>, who: &Caller) -> Result<usize> {
        let hash = self.hash.as_ref().ok_or_else(wrong)?;
        if !passwords::replace(tx, &self.seen.credential, hash)? {
            return Err(wrong());
        }
        self.guess.give_back(tx, &self.seen.email)?;
        let member = who.member()?;
        sessions::revoke_others(tx, member.user, member.session())
    }
}

/// No 401: a client would take it for the end of its login.
const fn wrong() -> Error {
    Error::forbidden("wrong-password", "The current password is another one.")
}

fn none() -> Error {
    let detail = "This account has no password yet. Ask an admin for a link that sets one.";
    Error::conflict("no-password", detail)
}
