//! Who a credential belongs to. Writes nothing.

use super::sessions::SessionId;
use super::tokens::{Scopes, TokenId};
use super::users::{Role, UserId};
use crate::clock::Millis;
use crate::error::Result;
use crate::id::TokenHash;
use crate::store::tx::named;
use crate::store::{Read, params};
use std::time::Duration;

/// A person who has been recognised by a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// What the person may do.
    pub role: Role,
    /// By what.
    pub credential: Credential,
    /// When the credential ends as things stand, if it does.
    pub expires: Option<Millis>,
    /// When it was written down last that a login is in use. Nobody writes that down of an API token.
    pub seen: Option<Millis>,
}

/// What a person is recognised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A login: may do whatever the person may.
    Session(SessionId),
    /// An API token: only what its scopes name.
    Token(TokenId, Scopes),
}

/// The person whose login has the token with this hash.
pub fn by_session(read: &Read<'_>, token: &TokenHash) -> Result<Option<Member>> {
    read.maybe(
        "SELECT s.id, min(s.expires_ms, n.idle_ms), u.id, u.role, n.seen_ms
         FROM sessions s JOIN session_uses n ON n.session_id = s.id JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = ?1 AND s.expires_ms > ?2 AND n.idle_ms > ?2 AND u.disabled_ms IS NULL",
        params![token, read.now()],
        |row| {
            Ok(Member {
                user: row.get(2)?,
                role: named(row, 3)?,
                credential: Credential::Session(row.get(0)?),
                expires: row.get(1)?,
                seen: row.get(4)?,
            })
        },
    )
}

/// The person whose API token has this hash.
pub fn by_token(read: &Read<'_>, token: &TokenHash) -> Result<Option<Member>> {
    read.maybe(
        "SELECT t.id, t.expires_ms, u.id, u.role, t.scopes
         FROM api_tokens t JOIN users u ON u.id = t.user_id
         WHERE t.token_hash = ?1 AND coalesce(t.expires_ms > ?2, 1) AND u.disabled_ms IS NULL",
        params![token, read.now()],
        |row| {
            let scopes = Scopes::parse(row.get_ref(4)?.as_str()?);
            Ok(Member {
                user: row.get(2)?,
                role: named(row, 3)?,
                credential: Credential::Token(row.get(0)?, scopes),
                expires: row.get(1)?,
                seen: None,
            })
        },
    )
}

impl Member {
    /// The login, if the person has been recognised by one.
    pub const fn session(&self) -> Option<SessionId> {
        match self.credential {
            Credential::Session(session) => Some(session),
            Credential::Token(..) => None,
        }
    }

    /// Whether it is time to write down that the login is in use, which is done once in `every`.
    pub fn is_news(&self, now: Millis, every: Duration) -> bool {
        self.seen.is_some_and(|seen| now.since(seen) >= every)
    }

    /// Whether both are the same person, who may do the same, by the same credential.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.user, self.role, self.credential) == (other.user, other.role, other.credential)
    }

    /// Whether this caller may give these scopes away: a login any, a token only those it has.
    pub fn may_grant(&self, scopes: Scopes) -> bool {
        match self.credential {
            Credential::Session(_) => true,
            Credential::Token(_, own) => own.contains(scopes),
        }
    }
}
