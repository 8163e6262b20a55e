//! Signing in with e-mail address and password: the same over the API and in the forms.
//!
//! Two doors: the first counts the attempt before it is made and takes the hash, then the password is checked
//! with the writer free, and the second opens the session only if the password is still the one. Where the
//! cost of a hash has risen since, the password is hashed anew on the way.

use super::access::{self, COOKIE_HTTP, COOKIE_HTTPS};
use super::ctx::Ctx;
use super::problem::Problem;
use super::state::{Gate, State};
use crate::config::{Limits, PasswordCost};
use crate::domain::passwords::{self, Credential, Hash};
use crate::domain::sessions::{self, Session};
use crate::domain::settings::Pepper;
use crate::domain::throttle::{self, Allowance, Subject};
use crate::domain::users::{self, User};
use crate::error::{Error, Result};
use crate::id::{Token, TokenKind};
use crate::store::Tx;
use parking_lot::Mutex;
use std::sync::OnceLock;

/// A guess at a password, which counts at the account and for the address it comes from.
#[derive(Clone)]
pub struct Guess {
    pepper: Pepper,
    account: Allowance,
    address: Option<(Subject, Allowance)>,
}

impl Guess {
    /// A guess that this request makes.
    pub fn of(ctx: &Ctx) -> Self {
        let (pepper, limits) = (&ctx.state().pepper, &ctx.state().config.limits);
        let window = limits.login_window;
        let address = (!ctx.client().is_local()).then(|| {
            let subject = pepper.hash(&[b"login-address", &ctx.client().subscriber()]);
            (subject, Allowance { free: limits.login_address_max, window })
        });
        let account = Allowance { free: limits.login_account_max, window };
        Self { pepper: pepper.clone(), account, address }
    }

    /// Counts it, or refuses it, before it is made.
    pub fn count(&self, tx: &Tx<'_>, email_norm: &str) -> Result<()> {
        throttle::reserve(tx, &throttle::account(&self.pepper, email_norm), self.account)?;
        self.address.iter().try_for_each(|(subject, free)| throttle::reserve(tx, subject, *free))
    }

    /// Gives it back: it was right.
    pub fn give_back(&self, tx: &Tx<'_>, email_norm: &str) -> Result<()> {
        throttle::refund(tx, &throttle::account(&self.pepper, email_norm))?;
        self.address.iter().try_for_each(|(subject, _)| throttle::refund(tx, subject))
    }
}

/// Somebody who wants to sign in.
#[derive(Clone)]
pub struct Attempt {
    guess: Guess,
    email: String,
    password: String,
    device: String,
}

/// That somebody knows the password of an account, as it was when it was looked at.
pub struct Proof {
    guess: Guess,
    email: String,
    device: String,
    credential: Credential,
    dearer: Option<Hash>,
}

impl Attempt {
    /// What a request asks for; a device without a name is called what the client says it runs on.
    pub fn of(ctx: &Ctx, email: &str, password: &str, device: &str) -> Self {
        let asked = device.trim().to_owned();
        let device = if asked.is_empty() { access::device(&ctx.request().head) } else { asked };
        let (email, password) = (users::normalise_email(email), password.to_owned());
        Self { guess: Guess::of(ctx), email, password, device }
    }

    /// Behind the first door: counts the attempt, or refuses it, and finds what it has to match.
    pub fn count(&self, tx: &Tx<'_>) -> Result<Option<Credential>> {
        self.guess.count(tx, &self.email)?;
        passwords::find_by_email(tx, &self.email)
    }

    /// Between the doors: `invalid-credentials`, the same for an unknown address and a wrong password, after the
    /// same work.
    pub fn prove(self, state: &State, credential: Option<Credential>) -> Result<Proof, Problem> {
        let cost = state.config.password_cost;
        let hash = match &credential {
            Some(credential) => credential.hash.clone(),
            None => decoy(&state.hashers, cost)?,
        };
        let matches = state.hashers.run(|| passwords::matches(&self.password, &hash))??;
        let Some(credential) = credential.filter(|_| matches) else {
            state.store.metrics().logins.failed.step();
            return Err(wrong().into());
        };
        let outdated = passwords::is_outdated(&credential.hash, cost)?;
        let hashed = || state.hashers.run(|| passwords::hash(&self.password, cost));
        let dearer = if outdated { Some(hashed()??) } else { None };
        let Self { guess, email, device, .. } = self;
        Ok(Proof { guess, email, device, credential, dearer })
    }
}

impl Proof {
    /// Behind the second door: opens the session; `invalid-credentials` if the password is another one by now.
    pub fn sign_in(&self, tx: &Tx<'_>, limits: &Limits) -> Result<(User, Session, Token)> {
        if !passwords::still_stands(tx, &self.credential)? {
            tx.metrics().logins.failed.step();
            return Err(wrong());
        }
        self.guess.give_back(tx, &self.email)?;
        if let Some(dearer) = &self.dearer {
            passwords::rehash(tx, &self.credential, dearer)?;
        }
        let user = users::find(tx, self.credential.user)?;
        let (session, token) = sessions::open(tx, user.id, &self.device, limits)?;
        tx.metrics().logins.ok.step();
        Ok((user, session, token))
    }
}

const fn wrong() -> Error {
    Error::unauthenticated("invalid-credentials", "Wrong e-mail address or password.")
}

/// A hash of nobody's password, checked in place of an unknown person's, so that the time tells nothing.
fn decoy(hashers: &Gate, cost: PasswordCost) -> Result<Hash, Problem> {
    static DECOYS: OnceLock<Mutex<Vec<(u32, u32, Hash)>>> = OnceLock::new();
    let decoys = DECOYS.get_or_init(Mutex::default);
    let same = |(memory, passes, _): &&(u32, u32, Hash)| {
        (*memory, *passes) == (cost.memory_kib, cost.passes)
    };
    if let Some((_, _, hash)) = decoys.lock().iter().find(same) {
        return Ok(hash.clone());
    }
    let secret = Token::new(TokenKind::Session);
    let hash = hashers.run(|| passwords::hash(secret.reveal(), cost))??;
    decoys.lock().push((cost.memory_kib, cost.passes, hash.clone()));
    Ok(hash)
}

/// The `Set-Cookie` of a login: only this host's pages send it back, no script reads it.
pub fn cookie(state: &State, token: &Token) -> String {
    let life_s = state.config.limits.session_life.as_secs();
    set_cookie(state, token.reveal(), life_s)
}

/// The `Set-Cookie` that takes the login from the browser.
pub fn no_cookie(state: &State) -> String {
    set_cookie(state, "", 0)
}

fn set_cookie(state: &State, value: &str, life_s: u64) -> String {
    let (name, secure) =
        if state.is_https() { (COOKIE_HTTPS, " Secure;") } else { (COOKIE_HTTP, "") };
    format!("{name}={value}; Path=/;{secure} HttpOnly; SameSite=Lax; Max-Age={life_s}")
}
