//! API tokens. Owns table `api_tokens`. A token can do what its owner can do and its scopes name.

use super::named;
use super::users::UserId;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{Id, Token};
use crate::store::tx::Named;
use crate::store::{Read, Row, RowResult, Tx, params};

/// Marks an API token's id.
#[derive(Debug)]
pub enum TokenKind {}
/// An API token's id.
pub type TokenId = Id<TokenKind>;

/// Most characters of a token's name.
pub const NAME_MAX: usize = 100;
/// Most tokens a person may have.
pub const PER_PERSON_MAX: i64 = 100;

/// One thing that a token may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Read the own cards.
    CardsRead,
    /// Make, change and delete them.
    CardsWrite,
    /// Read the own profile, sessions and settings.
    ProfileRead,
    /// Change them.
    ProfileWrite,
    /// Read leads.
    LeadsRead,
    /// Work them.
    LeadsWrite,
    /// Read shares and their events.
    SharesRead,
    /// Make shares, record events.
    SharesWrite,
    /// Read the balance.
    CreditsRead,
    /// Spend.
    CreditsWrite,
    /// Look after webhooks.
    Webhooks,
    /// Work jobs.
    Jobs,
    /// Whatever takes an admin.
    Admin,
}
named!(Scope {
    CardsRead => "cards:read",
    CardsWrite => "cards:write",
    ProfileRead => "profile:read",
    ProfileWrite => "profile:write",
    LeadsRead => "leads:read",
    LeadsWrite => "leads:write",
    SharesRead => "shares:read",
    SharesWrite => "shares:write",
    CreditsRead => "credits:read",
    CreditsWrite => "credits:write",
    Webhooks => "webhooks",
    Jobs => "jobs",
    Admin => "admin",
});

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u16);

impl Scopes {
    /// Whether the set has this scope.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u16) != 0
    }

    /// Whether the set has all of these.
    pub const fn contains(self, scopes: Self) -> bool {
        self.0 & scopes.0 == scopes.0
    }

    /// The set with this scope.
    #[must_use]
    pub const fn with(self, scope: Scope) -> Self {
        Self(self.0 | (1 << scope as u16))
    }

    /// The set of scopes with these names, separated by spaces; unknown ones are left out.
    pub fn parse(names: &str) -> Self {
        names.split(' ').filter_map(Scope::from_name).fold(Self::default(), Self::with)
    }

    /// The names, in the order of [`Scope`].
    pub fn names(self) -> Vec<&'static str> {
        Scope::NAMES.iter().filter(|(scope, _)| self.has(*scope)).map(|(_, name)| *name).collect()
    }
}

/// An API token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Id.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// Its first characters.
    pub hint: String,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was made.
    pub created: Millis,
    /// When it ends, if it does.
    pub expires: Option<Millis>,
}

/// What is needed to make a token.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// How many days it lives; for good if absent.
    pub expires_in_days: Option<u32>,
}

fn from_row(row: &Row<'_>) -> RowResult<ApiToken> {
    Ok(ApiToken {
        id: row.get(0)?,
        name: row.get(1)?,
        hint: row.get(2)?,
        scopes: Scopes::parse(row.get_ref(3)?.as_str()?),
        created: row.get(4)?,
        expires: row.get(5)?,
    })
}

/// Makes a token for whoever holds `secret`. `quota-exceeded`.
pub fn create(tx: &Tx<'_>, user: UserId, new: &NewToken, secret: &Token) -> Result<ApiToken> {
    let day = std::time::Duration::from_hours(24);
    let made = ApiToken {
        id: tx.new_id(),
        name: new.name.clone(),
        hint: secret.hint().to_owned(),
        scopes: new.scopes,
        created: tx.now(),
        expires: new.expires_in_days.map(|days| tx.now().plus(day * days)),
    };
    tx.change(
        "INSERT INTO api_tokens(id, user_id, name, token_hash, hint, scopes, created_ms, expires_ms)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
         WHERE (SELECT count(*) FROM api_tokens WHERE user_id = ?2) < ?9",
        params![
            made.id,
            user,
            made.name,
            secret.hash(),
            made.hint,
            made.scopes.names().join(" "),
            made.created,
            made.expires,
            PER_PERSON_MAX,
        ],
    )?
    .one_or(|| Error::conflict("quota-exceeded", format!("You have {PER_PERSON_MAX} tokens.")))?;
    Ok(made)
}

/// A person's tokens after `after`, oldest first.
pub fn list(
    read: &Read<'_>,
    user: UserId,
    after: Option<TokenId>,
    limit: u32,
) -> Result<Vec<ApiToken>> {
    read.all(
        "SELECT id, name, hint, scopes, created_ms, expires_ms FROM api_tokens
         WHERE user_id = ?1 AND id > coalesce(?2, x'') ORDER BY id LIMIT ?3",
        params![user, after, limit],
        from_row,
    )
}

/// Revokes a token; it is dead with the commit.
pub fn revoke(tx: &Tx<'_>, user: UserId, id: TokenId) -> Result<()> {
    tx.credentials_changed();
    tx.change("DELETE FROM api_tokens WHERE id = ?1 AND user_id = ?2", params![id, user])?
        .one_or(|| Error::NotFound("token"))
}
