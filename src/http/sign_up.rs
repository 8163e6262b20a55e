//! What a person gives to get an account, or a new password: the same over the API and in the forms.

use super::access;
use super::request::Head;
use super::shape::{Field, Kind, Shape, line, optional, required};
use super::state::State;
use crate::config::{Config, Registration as Mode};
use crate::domain::flags::{self, Builtin};
use crate::domain::invites::{self, NewRequest};
use crate::domain::passwords::{self, Hash};
use crate::domain::resets;
use crate::domain::sessions::{self, Session};
use crate::domain::trials::{self, TrialId};
use crate::domain::users::{self, NewUser, Role, User};
use crate::error::{Error, Result};
use crate::id::{Id, Token};
use crate::store::{Read, Tx};
use serde_json::{Map, Value};

/// An e-mail address in a body.
pub const EMAIL: Kind = Kind::Line {
    min: 3,
    max: users::EMAIL_MAX,
    format: Some("email"),
    rule: Some(users::email_rule),
};
/// A handle in a body.
pub const HANDLE: Kind = Kind::Line {
    min: 1,
    max: users::HANDLE_MAX,
    format: Some("handle"),
    rule: Some(users::handle_rule),
};
/// An id in a body.
const ID: Kind = Kind::Line { min: 1, max: 36, format: Some("uuid"), rule: Some(id_rule) };
/// A new password in a body.
pub const PASSWORD: Kind = Kind::Secret { min: passwords::MIN, max: passwords::MAX };

const EMAIL_FIELD: Field = required("email", "", EMAIL);
const PASSWORD_FIELD: Field = required("password", "15 to 256 characters.", PASSWORD);
const NAME_FIELD: Field = required("display_name", "", line(1, users::DISPLAY_NAME_MAX));
const HANDLE_FIELD: Field = optional("handle", "Made from the name if absent.", HANDLE);

/// What makes a person.
pub const SHAPE: Shape =
    Shape { name: "SignUp", fields: &[EMAIL_FIELD, PASSWORD_FIELD, NAME_FIELD, HANDLE_FIELD] };

/// What registers a person: the same, and what the person comes with.
pub const REGISTER: Shape = Shape {
    name: "Register",
    fields: &[
        EMAIL_FIELD,
        PASSWORD_FIELD,
        NAME_FIELD,
        HANDLE_FIELD,
        optional("invite_code", "Where registration takes one.", line(0, 200)),
        optional("trial_id", "The trial that led here.", ID),
    ],
};

/// What asks for an invite.
pub const INVITE_REQUEST: Shape = Shape {
    name: "NewInviteRequest",
    fields: &[
        EMAIL_FIELD,
        required("name", "", line(1, users::DISPLAY_NAME_MAX)),
        optional("motivation", "Why.", MOTIVATION),
    ],
};
/// Why somebody wants in, in a body.
pub const MOTIVATION: Kind = Kind::Prose { min: 0, max: invites::MOTIVATION_MAX };

/// What sets a new password, beside what proves that one may.
pub const NEW_PASSWORD: Shape = Shape {
    name: "NewPassword",
    fields: &[required("new_password", "15 to 256 characters.", PASSWORD)],
};

fn text(body: &Map<String, Value>, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A request for an invite from a body of that shape.
pub fn invite_request(body: &Map<String, Value>) -> NewRequest {
    NewRequest {
        email: text(body, "email"),
        name: text(body, "name"),
        motivation: text(body, "motivation"),
    }
}

/// Whether anybody may register, with this code: the code, where it takes one. `registration-closed`,
/// `invite-required`. Whether the code is good shows when it is used up.
pub fn admit(mode: Mode, code: &str) -> Result<Option<String>> {
    match (mode, code.trim()) {
        (Mode::Open, _) => Ok(None),
        (Mode::Closed, _) => {
            let detail = "Registration is closed here. Ask the admin for an account.";
            Err(Error::forbidden("registration-closed", detail))
        }
        (Mode::Invite, "") => {
            let detail = "Registration takes an invite code here. Ask for one.";
            Err(Error::forbidden("invite-required", detail))
        }
        (Mode::Invite, code) => Ok(Some(code.to_owned())),
    }
}

/// Somebody about to get an account.
pub struct Registration {
    new: NewUser,
    hash: Hash,
    code: Option<String>,
    trial: Option<TrialId>,
    device: String,
}

/// Somebody who has got one.
pub struct Registered {
    /// The account.
    pub user: User,
    /// The first login.
    pub session: Session,
    /// Its secret.
    pub token: Token,
    /// Whether a trial became the account.
    pub trial_converted: bool,
}

impl Registration {
    /// From a body of the shape [`REGISTER`], before the door: the writer never waits for a hash.
    pub fn of(
        state: &State,
        head: &Head,
        body: &Map<String, Value>,
        code: Option<String>,
    ) -> Result<Self> {
        let (new, password) = read(body, Role::Member)?;
        let cost = state.config.password_cost;
        let hash = state.hashers.run(|| passwords::hash(&password, cost))??;
        let trial = TrialId::parse(&text(body, "trial_id"));
        Ok(Self { new, hash, code, trial, device: access::device(head) })
    }

    /// Behind the door: `registration-closed`, `invite-invalid`, `email-taken`, `handle-taken`. An invite is used up
    /// and a trial converted in the step that makes the person.
    pub fn complete(&self, tx: &Tx<'_>, config: &Config) -> Result<Registered> {
        switched_on(tx, &self.new.email)?;
        if let Some(code) = &self.code {
            invites::redeem(tx, code)?;
        }
        let user = users::create(tx, &self.new, &config.default_tier)?;
        passwords::create(tx, user.id, &self.hash)?;
        let trial_converted = match self.trial {
            Some(trial) => trials::convert(tx, trial, user.id)?,
            None => false,
        };
        let (session, token) = sessions::open(tx, user.id, &self.device, &config.limits)?;
        Ok(Registered { user, session, token, trial_converted })
    }
}

/// The switch `registration` closes registration at once: asked in the transaction that makes the account.
fn switched_on(tx: &Tx<'_>, email: &str) -> Result<()> {
    if flags::is_on(tx, Builtin::Registration, &users::normalise_email(email))? {
        return Ok(());
    }
    let detail = "Registration is closed at the moment. Ask the admin for an account.";
    Err(Error::forbidden("registration-closed", detail))
}

/// The rule of an id in a body.
pub fn id_rule(text: &str) -> Result<(), (&'static str, &'static str)> {
    let known = Id::<()>::parse(text);
    known.map(drop).ok_or(("uuid", "must be an id"))
}

/// A new person from a body of this shape, and the password; `weak-password`.
pub fn read(body: &Map<String, Value>, role: Role) -> Result<(NewUser, String)> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let new = NewUser {
        email: text("email").trim().to_owned(),
        handle: body.get("handle").and_then(Value::as_str).map(users::normalise_handle),
        display_name: text("display_name").trim().to_owned(),
        role,
    };
    let password = text("password").to_owned();
    let handle = new.handle.as_deref().unwrap_or_default();
    strong(&password, "/password", [&new.email, &new.display_name, handle])?;
    Ok((new, password))
}

/// Refuses a new password that is too easy to guess; `weak-password`. A guesser knows the person's e-mail address,
/// name and handle.
fn strong(password: &str, pointer: &str, [email, name, handle]: [&str; 3]) -> Result<()> {
    let local = email.split('@').next().unwrap_or_default();
    match passwords::weakness(password, &[email, local, name, handle]) {
        Some(weakness) => Err(Error::invalid(pointer, "weak-password", weakness)),
        None => Ok(()),
    }
}

/// Refuses a new password of somebody with an account; `weak-password`.
pub fn admit_password(password: &str, user: &User) -> Result<()> {
    strong(password, "/new_password", [&user.email, &user.display_name, &user.handle])
}

/// Whether a link would set this password: not if the link is dead; `weak-password` if it is alive.
pub fn is_redeemable(read: &Read<'_>, link: Option<&Token>, password: &str) -> Result<bool> {
    let holder = link.map_or(Err(Error::Gone("link")), |token| resets::holder(read, token));
    match holder {
        Ok(user) => admit_password(password, &user).map(|()| true),
        Err(Error::Gone(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}
