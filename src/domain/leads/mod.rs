//! Leads: what people leave at a card who want to be written to. Owns tables `leads` (in `work`) and `lead_claims`
//! (in `history`). A lead is its card owner's alone, or the team's; of the team's, one person at a time works each.
//! Who does is decided by one statement, and every later write of that person names the epoch in which it holds
//! the lead: who was relieved meanwhile writes nothing more.

mod work;
mod history;

use super::named;
use super::users::UserId;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, params};

pub use super::ids::CardId;
pub use history::{Epoch, Reason, history};
pub use work::{
    Change, NewLead, addressee, assert_held, claim, claim_next, leave, reassign, release, submit,
    update,
};

/// Marks a lead's id.
#[derive(Debug)]
pub enum LeadKind {}
/// A lead's id.
pub type LeadId = Id<LeadKind>;

/// Most characters of a name.
pub const NAME_MAX: usize = 100;
/// Most characters of a telephone number.
pub const PHONE_MAX: usize = 40;
/// Most characters of a company's name.
pub const COMPANY_MAX: usize = 100;
/// Most characters of a message.
pub const MESSAGE_MAX: usize = 2_000;
/// Most characters of the notes.
pub const NOTES_MAX: usize = 5_000;
/// Most characters of what is searched for.
pub const SEARCH_MAX: usize = 100;

/// How far a lead is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nobody works it.
    Open,
    /// Somebody does.
    Claimed,
    /// Nothing came of it.
    Closed,
    /// Something did.
    Converted,
}
named!(Status {
    Open => "open",
    Claimed => "claimed",
    Closed => "closed",
    Converted => "converted",
});

/// A lead as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Id.
    pub id: LeadId,
    /// The card it came by, which may be gone.
    pub card: CardId,
    /// That card's slug at the time.
    pub card_slug: String,
    /// Whose alone it is; `None`: the team's.
    pub owner: Option<UserId>,
    /// Who wants to be written to.
    pub name: String,
    /// Address as typed.
    pub email: String,
    /// Telephone number; may be empty.
    pub phone: String,
    /// Company; may be empty.
    pub company: String,
    /// What they wrote; may be empty.
    pub message: String,
    /// What whoever works it noted.
    pub notes: String,
    /// How far it is.
    pub status: Status,
    /// Id and name of the person who works it.
    pub holder: Option<(UserId, String)>,
    /// Steps by one with each change of that person.
    pub claim_epoch: i64,
    /// Steps by one with each change.
    pub version: i64,
    /// When it came.
    pub created: Millis,
}

impl Lead {
    /// Whether this person works it.
    pub fn is_with(&self, user: UserId) -> bool {
        self.holder.as_ref().is_some_and(|(holder, _)| *holder == user)
    }
}

/// A query for whole leads; `$rest` begins behind the joined tables.
macro_rules! select_leads {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.card_id, l.card_slug, l.owner_id, l.name, l.email, l.phone, l.company,
               l.message, l.notes, l.status, u.id, u.display_name, l.claim_epoch, l.version,
               l.created_ms
             FROM leads l LEFT JOIN users u ON u.id = l.assigned_to ",
            $rest
        )
    };
}

fn from_row(row: &Row<'_>) -> RowResult<Lead> {
    let holder: (Option<UserId>, Option<String>) = (row.get(11)?, row.get(12)?);
    Ok(Lead {
        id: row.get(0)?,
        card: row.get(1)?,
        card_slug: row.get(2)?,
        owner: row.get(3)?,
        name: row.get(4)?,
        email: row.get(5)?,
        phone: row.get(6)?,
        company: row.get(7)?,
        message: row.get(8)?,
        notes: row.get(9)?,
        status: named(row, 10)?,
        holder: holder.0.zip(holder.1),
        claim_epoch: row.get(13)?,
        version: row.get(14)?,
        created: row.get(15)?,
    })
}

/// A lead that this person sees: an own one or the team's. Any other is as absent as none.
pub fn find(read: &Read<'_>, user: UserId, id: LeadId) -> Result<Lead> {
    read.maybe(
        select_leads!("WHERE l.id = ?1 AND (l.owner_id IS NULL OR l.owner_id = ?2)"),
        params![id, user],
        from_row,
    )?
    .ok_or(Error::NotFound("lead"))
}

/// With whom leads are that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assigned {
    /// With whoever asks.
    Me,
    /// With nobody.
    Nobody,
}
named!(Assigned { Me => "me", Nobody => "none" });

/// Which leads are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those that are so far.
    pub status: Option<Status>,
    /// Only those that are with this one.
    pub assigned: Option<Assigned>,
    /// Only those that have this in what was sent, or in the notes.
    pub text: Option<String>,
}

impl Filter {
    /// As LIKE takes it, which does not tell the case of letters from A to Z.
    fn pattern(&self) -> Option<String> {
        let text = self.text.as_ref()?;
        let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        Some(format!("%{plain}%"))
    }
}

/// The leads before `before` that this person sees, newest first, as in an inbox.
pub fn list(
    read: &Read<'_>,
    user: UserId,
    filter: &Filter,
    before: Option<LeadId>,
    limit: u32,
) -> Result<Vec<Lead>> {
    let (status, text) = (filter.status.map(Named::name), filter.pattern());
    if filter.assigned == Some(Assigned::Me) {
        // Whoever works a lead sees it; and it is found among the person's, not among all.
        return read.all(
            select_leads!(
                "WHERE l.assigned_to = ?1 AND l.id < coalesce(?2, x'ff')
                   AND (?3 IS NULL OR l.status = ?3)
                   AND (?5 IS NULL OR concat_ws(char(10), l.name, l.email, l.phone, l.company, l.message,
                          l.notes) LIKE ?5 ESCAPE '\\')
                 ORDER BY l.id DESC LIMIT ?4"
            ),
            params![user, before, status, limit, text],
            from_row,
        );
    }
    let is_free = filter.assigned == Some(Assigned::Nobody);
    read.all(
        select_leads!(
            "WHERE l.id < coalesce(?2, x'ff') AND (l.owner_id IS NULL OR l.owner_id = ?1)
               AND (?3 IS NULL OR l.status = ?3) AND (?4 = 0 OR l.assigned_to IS NULL)
               AND (?6 IS NULL OR concat_ws(char(10), l.name, l.email, l.phone, l.company, l.message,
                      l.notes) LIKE ?6 ESCAPE '\\')
             ORDER BY l.id DESC LIMIT ?5"
        ),
        params![user, before, status, is_free, limit, text],
        from_row,
    )
}
