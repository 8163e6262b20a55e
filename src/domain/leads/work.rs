//! Making, claiming and working leads. Owns table `leads`.

use super::history::{self, Reason, Step};
use super::{CardId, Lead, LeadId, Status, find};
use crate::domain::flags::{self, Builtin};
use crate::domain::progress::{self, Source};
use crate::domain::public_cards;
use crate::domain::users::{self, UserId};
use crate::domain::webhooks::{self, Event};
use crate::error::{Error, Result};
use crate::store::tx::Named;
use crate::store::{Read, Tx, params};
use serde_json::{Value, json};

/// What somebody leaves at a card, having agreed to being written to.
#[derive(Debug, Clone)]
pub struct NewLead {
    /// Who.
    pub name: String,
    /// Address as typed.
    pub email: String,
    /// Telephone number; may be empty.
    pub phone: String,
    /// Company; may be empty.
    pub company: String,
    /// What they write; may be empty.
    pub message: String,
}

/// The card at `slug`, if the public sees it and can leave something there; a former slug leads to its card.
/// `leads-closed`: the switch `leads-form` is off, for this card.
pub fn addressee(read: &Read<'_>, slug: &str) -> Result<CardId> {
    let card = public_cards::named(read, slug)?;
    public_cards::assert_visible(read, card)?;
    if flags::is_on(read, Builtin::LeadsForm, &card.to_string())? {
        return Ok(card);
    }
    Err(Error::forbidden("leads-closed", "This card takes no messages at the moment."))
}

/// Leaves a lead at a card, which says whose it is. True with its id; or false with the id of the one that was
/// left by the same address with the same message less than a day ago: nothing is changed then.
pub fn submit(tx: &Tx<'_>, card: CardId, new: &NewLead) -> Result<(LeadId, bool)> {
    let email_norm = users::normalise_email(&new.email);
    let noted = tx.changed(
        "INSERT INTO leads(id, card_id, card_slug, owner_id, assigned_to, status, claim_epoch, name, email,
           email_norm, phone, company, message, consent_ms, created_ms, updated_ms)
         SELECT ?1, id, slug, owner, owner, iif(owner IS NULL, 'open', 'claimed'), owner IS NOT NULL,
           ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?9
         FROM (SELECT id, slug, CASE lead_routing WHEN 'owner' THEN user_id END AS owner FROM cards
               WHERE id = ?2 AND is_active = 1 AND visibility <> 'private')
         WHERE NOT EXISTS(SELECT 1 FROM leads WHERE card_id = ?2 AND email_norm = ?5 AND message = ?8
                            AND created_ms > ?9 - 86400000)
         RETURNING id, claim_epoch, assigned_to",
        params![
            tx.new_id::<super::LeadKind>(),
            card,
            new.name,
            new.email,
            email_norm,
            new.phone,
            new.company,
            new.message,
            tx.now(),
        ],
        |row| Ok((Step::from_row(row)?, row.get::<_, i64>(1)? > 0)),
    )?;
    let Some((step, is_routed)) = noted else {
        let stands = tx.maybe(
            "SELECT id FROM leads WHERE card_id = ?1 AND email_norm = ?2 AND message = ?3
             ORDER BY created_ms DESC LIMIT 1",
            params![card, email_norm, new.message],
            |row| row.get(0),
        )?;
        return stands.map(|id| (id, false)).ok_or(Error::NotFound("card"));
    };
    if is_routed {
        history::note(tx, &step, Reason::Routed)?;
    }
    tell(tx, card, Event::LeadCreated, &json!({"lead_id": step.lead, "card_id": card}))?;
    Ok((step.lead, true))
}

/// Tells the webhooks of whose card it is, as long as there is one.
fn tell(tx: &Tx<'_>, card: CardId, event: Event, data: &Value) -> Result<()> {
    let sql = "SELECT user_id FROM cards WHERE id = ?1";
    match tx.maybe(sql, params![card], |row| row.get(0))? {
        Some(owner) => webhooks::emit(tx, owner, event, data),
        None => Ok(()),
    }
}

/// Tells that somebody works a lead now.
fn tell_claimed(tx: &Tx<'_>, user: UserId, lead: &Lead) -> Result<()> {
    let data = json!({
        "lead_id": lead.id,
        "card_id": lead.card,
        "claimed_by": user,
        "claim_epoch": lead.claim_epoch,
        "version": lead.version,
    });
    tell(tx, lead.card, Event::LeadClaimed, &data)
}

/// Takes one of the team's leads that nobody works. True if this call took it, false if it was the person's
/// already: nothing is changed then. `lead-already-claimed` tells by whom and when; `lead-closed`.
pub fn claim(tx: &Tx<'_>, user: UserId, id: LeadId) -> Result<(Lead, bool)> {
    let taken = tx.changed(
        "UPDATE leads SET assigned_to = ?2, status = 'claimed', claim_epoch = claim_epoch + 1,
           version = version + 1, updated_ms = ?3
         WHERE id = ?1 AND owner_id IS NULL AND assigned_to IS NULL AND status = 'open'
         RETURNING id, claim_epoch, assigned_to",
        params![id, user, tx.now()],
        Step::from_row,
    )?;
    if let Some(step) = &taken {
        history::note(tx, step, Reason::Claimed)?;
    }
    let lead = find(tx, user, id)?;
    if taken.is_some() {
        tell_claimed(tx, user, &lead)?;
        return Ok((lead, true));
    }
    match lead.status {
        Status::Closed | Status::Converted => Err(closed(&lead)),
        Status::Open | Status::Claimed if lead.is_with(user) => Ok((lead, false)),
        Status::Open | Status::Claimed => Err(lost(tx, &lead)?),
    }
}

/// Takes the oldest of the team's leads that nobody works; `None` if there is none.
pub fn claim_next(tx: &Tx<'_>, user: UserId) -> Result<Option<Lead>> {
    // SCAN: it takes the first row of an index of those that are open.
    let taken = tx.changed(
        "UPDATE leads SET assigned_to = ?1, status = 'claimed', claim_epoch = claim_epoch + 1,
           version = version + 1, updated_ms = ?2
         WHERE id = (SELECT id FROM leads WHERE status = 'open' ORDER BY id LIMIT 1)
         RETURNING id, claim_epoch, assigned_to",
        params![user, tx.now()],
        Step::from_row,
    )?;
    let Some(step) = taken else { return Ok(None) };
    history::note(tx, &step, Reason::Claimed)?;
    let lead = find(tx, user, step.lead)?;
    tell_claimed(tx, user, &lead)?;
    Ok(Some(lead))
}

/// Gives a lead back to the team, if the person works it in this epoch. `not-lead-owner`, `not-releasable`,
/// `lead-closed`.
pub fn release(tx: &Tx<'_>, user: UserId, id: LeadId, epoch: i64) -> Result<Lead> {
    let given = tx.changed(
        "UPDATE leads SET assigned_to = NULL, status = 'open', claim_epoch = claim_epoch + 1,
           version = version + 1, updated_ms = ?4
         WHERE id = ?1 AND assigned_to = ?2 AND claim_epoch = ?3 AND owner_id IS NULL
           AND status = 'claimed'
         RETURNING id, claim_epoch, assigned_to",
        params![id, user, epoch, tx.now()],
        Step::from_row,
    )?;
    if let Some(step) = &given {
        history::note(tx, step, Reason::Released)?;
    }
    let lead = find(tx, user, id)?;
    if given.is_some() {
        return Ok(lead);
    }
    assert_held(&lead, user, epoch)?;
    Err(if lead.owner.is_some() { not_releasable() } else { closed(&lead) })
}

/// Hands one of the team's leads on, if it is with `from`; `None` is nobody, on either side. A closed one stays
/// closed. `not-lead-owner`, `not-releasable`; invalid if there is nobody to hand it to.
pub fn reassign(
    tx: &Tx<'_>,
    admin: UserId,
    id: LeadId,
    from: Option<UserId>,
    to: Option<UserId>,
) -> Result<Lead> {
    let handed = tx.changed(
        "UPDATE leads SET assigned_to = ?3, claim_epoch = claim_epoch + 1, version = version + 1,
           updated_ms = ?4,
           status = CASE WHEN status IN ('closed', 'converted') THEN status
                    WHEN ?3 IS NULL THEN 'open' ELSE 'claimed' END
         WHERE id = ?1 AND owner_id IS NULL AND assigned_to IS ?2 AND ?2 IS NOT ?3
           AND (?3 IS NULL OR EXISTS(SELECT 1 FROM users WHERE id = ?3 AND disabled_ms IS NULL))
         RETURNING id, claim_epoch, assigned_to",
        params![id, from, to, tx.now()],
        Step::from_row,
    )?;
    if let Some(step) = &handed {
        let reason = if to.is_some() { Reason::Reassigned } else { Reason::Released };
        history::note(tx, step, reason)?;
    }
    let lead = find(tx, admin, id)?;
    let is_with_from = lead.holder.as_ref().map(|(holder, _)| *holder) == from;
    match handed {
        Some(_) => Ok(lead),
        None if !is_with_from => Err(not_owner(&lead)),
        None if lead.owner.is_some() => Err(not_releasable()),
        None if from == to => Ok(lead),
        None => Err(Error::invalid("/to", "person", "there is no such person to work it")),
    }
}

/// What whoever works a lead decides about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// How far it is: claimed, closed or converted, each from each.
    pub status: Status,
    /// Notes.
    pub notes: String,
}

/// Changes a lead that the person works, if it is still in the epoch and at the version in which it stands
/// here. The first conversion brings points. `not-lead-owner`.
pub fn update(tx: &Tx<'_>, user: UserId, lead: &Lead, change: &Change) -> Result<Lead> {
    tx.change(
        "UPDATE leads SET status = ?5, notes = ?6, version = version + 1, updated_ms = ?7
         WHERE id = ?1 AND assigned_to = ?2 AND claim_epoch = ?3 AND version = ?4",
        params![
            lead.id,
            user,
            lead.claim_epoch,
            lead.version,
            change.status.name(),
            change.notes,
            tx.now(),
        ],
    )?
    .one_or(|| not_owner(lead))?;
    if change.status == Status::Converted {
        progress::award(tx, user, Source::LeadConverted, &lead.id.to_string())?;
    }
    find(tx, user, lead.id)
}

/// Gives back all of the team's leads that a person works who is about to go. Those that are closed stay so, and
/// are nobody's. What is the person's alone goes with the account.
pub fn leave(tx: &Tx<'_>, user: UserId) -> Result<()> {
    let held: Vec<LeadId> = tx.all(
        "SELECT id FROM leads WHERE assigned_to = ?1 AND owner_id IS NULL",
        params![user],
        |row| row.get(0),
    )?;
    for id in held {
        let step = tx.changed(
            "UPDATE leads SET assigned_to = NULL, status = iif(status = 'claimed', 'open', status),
               claim_epoch = claim_epoch + 1, version = version + 1, updated_ms = ?3
             WHERE id = ?1 AND assigned_to = ?2
             RETURNING id, claim_epoch, assigned_to",
            params![id, user, tx.now()],
            Step::from_row,
        )?;
        if let Some(step) = step {
            history::note(tx, &step, Reason::Left)?;
        }
    }
    Ok(())
}

/// Nothing, if the person works the lead in this epoch; else `not-lead-owner`.
pub fn assert_held(lead: &Lead, user: UserId, epoch: i64) -> Result<()> {
    if lead.is_with(user) && lead.claim_epoch == epoch { Ok(()) } else { Err(not_owner(lead)) }
}

fn holder_json(lead: &Lead) -> Value {
    let holder = lead.holder.as_ref();
    holder.map_or(Value::Null, |(id, name)| json!({"id": id, "display_name": name}))
}

fn lost(read: &Read<'_>, lead: &Lead) -> Result<Error> {
    let name = lead.holder.as_ref().map_or("Somebody", |(_, name)| name);
    let at = history::began(read, lead.id, lead.claim_epoch)?;
    Ok(Error::conflict_with(
        "lead-already-claimed",
        format!("{name} has claimed this lead."),
        [
            ("claimed_by", holder_json(lead)),
            ("claimed_at", json!(at.to_string())),
            ("version", json!(lead.version)),
        ],
    ))
}

fn closed(lead: &Lead) -> Error {
    let status = lead.status.name();
    let detail = format!("This lead is {status}: there is nothing to take or to give back.");
    let members = [("lead_status", json!(status)), ("version", json!(lead.version))];
    Error::conflict_with("lead-closed", detail, members)
}

fn not_owner(lead: &Lead) -> Error {
    let detail = "This lead is not, or no longer, with whom the request says. Nothing was changed.";
    let members = [
        ("assigned_to", holder_json(lead)),
        ("claim_epoch", json!(lead.claim_epoch)),
        ("version", json!(lead.version)),
    ];
    Error::conflict_with("not-lead-owner", detail, members)
}

fn not_releasable() -> Error {
    let detail = "This lead is its card owner's alone: it is not handed on.";
    Error::conflict("not-releasable", detail)
}
