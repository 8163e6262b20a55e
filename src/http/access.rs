//! Who is calling, and whether they may. Recognised inside the transaction of what they do: a login that
//! ended a moment ago changes nothing any more.

use super::client::Client;
use super::problem::Problem;
use super::request::Head;
use crate::domain::callers::{self, Credential, Member};
use crate::domain::tokens::Scope;
use crate::domain::users::{Role, UserId};
use crate::error::{Error, Result};
use crate::id::{Token, TokenHash, TokenKind};
use crate::store::tx::Named;
use crate::store::{Read, Tx};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::Duration;

/// Who a route is for. Stands in the table of routes, so that "who may" is read off one screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody; a credential that is sent is not looked at.
    Public,
    /// Anybody; a person who is recognised is shown more.
    Anyone,
    /// A person, recognised by anything that is valid.
    AnyMember,
    /// A person; an API token needs this scope.
    Member(Scope),
    /// An admin; an API token needs this scope, or the one for whatever takes an admin.
    Admin(Scope),
    /// Whoever is on this machine, without a name; from elsewhere an admin, as above.
    Operator(Scope),
}

/// Whether a proxy says that it passes this on for somebody else: also one on this machine that nobody told us of.
fn is_forwarded(head: &Head) -> bool {
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"]
        .iter()
        .any(|name| head.headers.get(name).is_some())
}

impl Access {
    /// Who it is for when this asks: an operator's route is everybody's on this machine, and else an admin's.
    #[must_use]
    pub fn of(self, head: &Head, client: &Client) -> Self {
        match self {
            Self::Operator(_) if client.is_local() && !is_forwarded(head) => Self::Public,
            Self::Operator(scope) => Self::Admin(scope),
            other => other,
        }
    }

    /// Whether anybody may.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Public | Self::Anyone)
    }
}

/// Name of the session cookie over https. The prefix makes browsers bind it to this host.
pub const COOKIE_HTTPS: &str = "__Host-cardinal";
/// Name of the session cookie over http.
pub const COOKIE_HTTP: &str = "cardinal";

/// What a request shows of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// No credential.
    Nothing,
    /// Something that cannot be a credential of ours.
    Unreadable,
    /// A login's token.
    Session(TokenHash),
    /// An API token.
    ApiToken(TokenHash),
    /// A login's token, sent by a browser by itself.
    Cookie(TokenHash),
}

impl Presented {
    /// What `head` shows. A request with both a Bearer token and a cookie goes by the token alone.
    pub fn of(head: &Head) -> Self {
        if let Some(field) = head.headers.get("authorization") {
            return bearer(field);
        }
        let cookies = head.headers.all("cookie").flat_map(|field| field.split(';'));
        let mut ours = cookies.filter_map(|pair| pair.trim().split_once('='));
        let found = ours.find(|(name, _)| *name == COOKIE_HTTPS || *name == COOKIE_HTTP);
        match found.map(|(_, value)| Token::parse(value, &[TokenKind::Session])) {
            None => Self::Nothing,
            Some(None) => Self::Unreadable,
            Some(Some(token)) => Self::Cookie(token.hash()),
        }
    }
}

fn bearer(field: &str) -> Presented {
    let Some((scheme, token)) = field.split_once(' ') else { return Presented::Unreadable };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Presented::Unreadable;
    }
    let token = token.trim();
    if let Some(token) = Token::parse(token, &[TokenKind::Session]) {
        return Presented::Session(token.hash());
    }
    Token::parse(token, &[TokenKind::Api])
        .map_or(Presented::Unreadable, |token| Presented::ApiToken(token.hash()))
}

/// What the client says it runs on.
pub fn device(head: &Head) -> String {
    head.headers.get("user-agent").unwrap_or_default().to_owned()
}

/// Refuses a change that a page of another site makes a browser send with its cookie: by `Sec-Fetch-Site`,
/// or, from browsers that do not send it, by `Origin`. Requests without a cookie are none of a browser's
/// doing.
pub fn same_site(head: &Head, presented: Presented, public_url: &str) -> Result<(), Problem> {
    if head.method.is_safe()
        || !matches!(presented, Presented::Cookie(_))
        || is_own(head, public_url)
    {
        return Ok(());
    }
    Err(foreign())
}

/// Whether a browser says that a page of this site made it send a request; `false` if it says nothing.
fn is_own(head: &Head, public_url: &str) -> bool {
    match (head.headers.get("sec-fetch-site"), head.headers.get("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            origin == public_url || host.is_some_and(|host| head.headers.get("host") == Some(host))
        }
        (None, None) => false,
    }
}

/// Refuses a form that another site's page makes a browser send, also one that needs no cookie: signing
/// somebody in as somebody else is a change too. A program that says nothing of where it comes from is let in.
pub fn own_form(head: &Head, public_url: &str) -> Result<(), Problem> {
    let told = ["sec-fetch-site", "origin"].iter().any(|name| head.headers.get(name).is_some());
    if told && !is_own(head, public_url) { Err(foreign()) } else { Ok(()) }
}

fn foreign() -> Problem {
    let detail = "The request came from another site's page. Nothing was changed.";
    Problem::new(403, "csrf-rejected", "Not allowed", detail)
}

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Anybody.
    Anonymous,
    /// A person.
    Member(Member),
}

impl Caller {
    /// The person who calls.
    pub fn member(&self) -> Result<&Member> {
        match self {
            Self::Member(member) => Ok(member),
            Self::Anonymous => Err(nobody()),
        }
    }

    /// The id of the person who calls.
    pub fn user(&self) -> Result<UserId> {
        self.member().map(|member| member.user)
    }
}

fn nobody() -> Error {
    Error::unauthenticated("unauthenticated", "This needs a login or an API token.")
}

/// Who is behind `recognised`, on a route of this access: whoever is not recognised is anybody where that will do.
pub fn caller(access: Access, recognised: impl FnOnce() -> Result<Member>) -> Result<Caller> {
    match access {
        Access::Public => Ok(Caller::Anonymous),
        Access::Anyone => match recognised() {
            Err(Error::Unauthenticated(_)) => Ok(Caller::Anonymous),
            found => found.map(Caller::Member),
        },
        _ => recognised().map(Caller::Member),
    }
}

/// Recognises the caller in a snapshot.
pub fn recognise(read: &Read<'_>, presented: Presented) -> Result<Member> {
    let found = match presented {
        Presented::Nothing => return Err(nobody()),
        Presented::Unreadable => None,
        Presented::Session(hash) | Presented::Cookie(hash) => callers::by_session(read, &hash)?,
        Presented::ApiToken(hash) => callers::by_token(read, &hash)?,
    };
    found.ok_or(Error::unauthenticated(
        "invalid-token",
        "This login or token is unknown, expired or revoked.",
    ))
}

/// Whether a person may use a route.
pub fn authorise(member: &Member, access: Access) -> Result<(), Problem> {
    let scope = match access {
        Access::Public | Access::Anyone | Access::AnyMember => None,
        Access::Member(scope) | Access::Admin(scope) | Access::Operator(scope) => Some(scope),
    };
    let takes_admin = matches!(access, Access::Admin(_) | Access::Operator(_));
    if let (Credential::Token(_, scopes), Some(scope)) = (member.credential, scope)
        && !scopes.has(scope)
        && !(takes_admin && scopes.has(Scope::Admin))
    {
        let name = scope.name();
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{name}\"");
        let detail = format!("This token lacks the scope {name}.");
        return Err(Problem::new(403, "insufficient-scope", "Not allowed", detail)
            .with_header("WWW-Authenticate", challenge));
    }
    if takes_admin && member.role != Role::Admin {
        return Err(Error::forbidden("forbidden", "This takes an admin.").into());
    }
    Ok(())
}

/// Callers recognised before, so that a write need not look them up again. Touched only inside the
/// writer's transactions, which are one after the other, and void as soon as any of them, or another
/// process, may have changed a credential ([`Tx::credentials_changed`]); so what it says is what the
/// database would say, but for a login's end, which is put off while it is in use: the one remembered is
/// never the later, and whoever seems to have come to it is looked up again. Debug builds ask the database
/// each time and compare.
#[derive(Debug, Default)]
pub struct Known(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    epoch: u64,
    members: HashMap<TokenHash, Member>,
}

/// Callers remembered at once.
const KNOWN_MAX: usize = 16_384;

impl Known {
    /// Recognises the caller in the writer's transaction. Looked up again, too, is a login whose use is to be
    /// written down once in `every`, as long as that has not been done.
    pub fn recognise(&self, tx: &Tx<'_>, presented: Presented, every: Duration) -> Result<Member> {
        let (Presented::Session(hash) | Presented::Cookie(hash) | Presented::ApiToken(hash)) =
            presented
        else {
            return recognise(tx, presented);
        };
        let mut memory = self.0.lock();
        if memory.epoch != tx.credentials_epoch() || memory.members.len() >= KNOWN_MAX {
            memory.members.clear();
            memory.epoch = tx.credentials_epoch();
        }
        if let Some(member) = memory.members.get(&hash)
            && member.expires.is_none_or(|expires| expires > tx.now())
            && !member.is_news(tx.now(), every)
        {
            debug_assert!(recognise(tx, presented).is_ok_and(|found| found.is_same(member)));
            return Ok(*member);
        }
        let member = recognise(tx, presented)?;
        memory.members.insert(hash, member);
        Ok(member)
    }
}
