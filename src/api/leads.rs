//! Leads: left at a card by anybody, claimed and worked by people.

use super::Patching;
use super::lead_shapes::{LEAD_CONTENT, READ_ONLY};
use crate::domain::leads::{self, Assigned, Epoch, Filter, Lead, LeadId, SEARCH_MAX, Status};
use crate::domain::users::UserId;
use crate::error::{Error, Fault};
use crate::http::bodies::leads::{self as bodies, LEAD_PATCH};
use crate::http::bodies::new_leads;
use crate::http::bodies::users::person_json;
use crate::http::page::Page;
use crate::http::precondition::{Edit, Standing, etag};
use crate::http::shape;
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::store::tx::Named;
use serde_json::{Value, json};

pub use super::lead_shapes::{
    CLAIM_ABOUT, CLAIM_NEXT_ABOUT, EXPORT_ABOUT, FIND_ABOUT, HISTORY_ABOUT, LIST_ABOUT,
    REASSIGN_ABOUT, RELEASE_ABOUT, SUBMIT_ABOUT, UPDATE_ABOUT,
};

const PATCHING: Patching =
    Patching { patch: &LEAD_PATCH, content: &LEAD_CONTENT, read_only: READ_ONLY };

/// Leaves a lead at a card. 201; 200 for one that was left before; 403 `leads-closed`; 404; 410; 422; 429.
pub fn submit(ctx: Ctx) -> Outcome {
    let slug = ctx.param("slug").to_owned();
    let new = ctx.object().map(|body| new_leads::new_lead(&body));
    let counted = new_leads::counted(&ctx);
    ctx.write(move |tx, _| {
        let card = leads::addressee(tx, &slug)?;
        let (id, is_new) = new_leads::leave(tx, card, ready(&new)?, counted.as_ref())?;
        Ok(if is_new {
            Response::json(201, &json!({"id": id}))
        } else {
            Response::json(200, &json!({"id": id, "duplicate": true}))
        })
    })
}

fn holder_json(holder: Option<&(UserId, String)>) -> Value {
    holder.map_or(Value::Null, person_json)
}

fn lead_json(lead: &Lead) -> Value {
    json!({
        "id": lead.id,
        "card_id": lead.card,
        "name": lead.name,
        "email": lead.email,
        "phone": lead.phone,
        "company": lead.company,
        "message": lead.message,
        "notes": lead.notes,
        "status": lead.status.name(),
        "assigned_to": holder_json(lead.holder.as_ref()),
        "claim_epoch": lead.claim_epoch,
        "version": lead.version,
        "created_at": lead.created.to_string(),
    })
}

fn tag(lead: &Lead) -> String {
    etag(lead.id, lead.version)
}

fn told(lead: &Lead) -> Response {
    Response::json(200, &lead_json(lead)).with("ETag", tag(lead))
}

/// Which leads the query asks for.
pub(super) fn filter(ctx: &Ctx) -> Result<Filter, Problem> {
    fn word<T: Named>(ctx: &Ctx, name: &str, words: &[&str], faults: &mut Vec<Fault>) -> Option<T> {
        let asked = ctx.query(name)?;
        let known = T::from_name(&asked);
        if known.is_none() {
            let detail = format!("must be one of {}", words.join(", "));
            faults.push(Fault { pointer: name.to_owned(), code: "choice", detail });
        }
        known
    }
    let mut faults = Vec::new();
    let status = word(ctx, "status", Status::WORDS, &mut faults);
    let assigned = word(ctx, "assigned", Assigned::WORDS, &mut faults);
    let text = ctx.query("q").filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > SEARCH_MAX) {
        let detail = format!("must have at most {SEARCH_MAX} characters");
        faults.push(Fault { pointer: "q".into(), code: "length", detail });
    }
    if faults.is_empty() {
        return Ok(Filter { status, assigned, text });
    }
    Err(Error::Invalid(faults).into())
}

/// The own leads and the team's. 200; 422.
pub fn list(ctx: Ctx) -> Outcome {
    let (page, filter) = (Page::of(&ctx), filter(&ctx));
    ctx.read(|read, who| {
        let page = page?;
        let found = leads::list(read, who.user()?, &filter?, page.after, page.fetch())?;
        Ok(page.reply(found, |lead| lead.id, lead_json))
    })
}

/// A lead. 200; 304; 404.
pub fn find(ctx: Ctx) -> Outcome {
    let (id, fresh) = (ctx.id("id", "lead"), ctx.freshness());
    ctx.read(|read, who| {
        let lead = leads::find(read, who.user()?, id?)?;
        fresh?.answer(tag(&lead), || Response::json(200, &lead_json(&lead)))
    })
}

fn epoch_json(epoch: &Epoch) -> Value {
    json!({
        "epoch": epoch.number,
        "assigned_to": holder_json(epoch.holder.as_ref()),
        "reason": epoch.reason.name(),
        "began_at": epoch.began.to_string(),
        "ended_at": epoch.ended.map(|at| at.to_string()),
    })
}

/// With whom a lead was. 200; 404.
pub fn history(ctx: Ctx) -> Outcome {
    let (id, page) = (ctx.id("id", "lead"), Page::of(&ctx));
    ctx.read(|read, who| {
        let lead = leads::find(read, who.user()?, id?)?;
        let page = page?;
        let found = leads::history(read, lead.id, page.after, page.fetch())?;
        Ok(page.reply(found, |epoch| epoch.number, epoch_json))
    })
}

fn standing<T>(
    lead: &Lead,
    admit: impl FnOnce(&Standing<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let resource = || lead_json(lead);
    admit(&Standing { version: lead.version, etag: &tag(lead), resource: &resource })
}

/// An `If-Match` that is sent is honoured.
fn admit(edit: &Edit, lead: &Lead) -> Result<(), Problem> {
    standing(lead, |standing| edit.admit_unversioned(standing).map(drop))
}

/// Takes a lead. 200, also when it was the caller's already; 404; 409 `lead-already-claimed`, `lead-closed`;
/// 412 if an `If-Match` says otherwise and the lead is still to be had: who is late is rather told who won.
pub fn claim(ctx: Ctx) -> Outcome {
    let (id, edit) = (ctx.id("id", "lead"), ctx.edit());
    ctx.write(move |tx, who| {
        let (user, id): (UserId, LeadId) = (who.user()?, *ready(&id)?);
        let lead = leads::find(tx, user, id)?;
        if lead.status == Status::Open {
            admit(&edit, &lead)?;
        }
        let (lead, is_new) = leads::claim(tx, user, id)?;
        let body = json!({"lead": lead_json(&lead), "claimed": true, "already_owned": !is_new});
        Ok(Response::json(200, &body).with("ETag", tag(&lead)))
    })
}

/// Takes the oldest lead that is open. 200 with it, or with null.
pub fn claim_next(ctx: Ctx) -> Outcome {
    ctx.write(|tx, who| {
        let lead = leads::claim_next(tx, who.user()?)?;
        Ok(Response::json(200, &json!({"lead": lead.as_ref().map(lead_json)})))
    })
}

/// Gives a lead back. 200; 404; 409 `not-lead-owner`, `not-releasable`, `lead-closed`; 422; 412 if an
/// `If-Match` says otherwise.
pub fn release(ctx: Ctx) -> Outcome {
    let (id, edit, body) = (ctx.id("id", "lead"), ctx.edit(), ctx.object());
    ctx.write(move |tx, who| {
        let (user, id) = (who.user()?, *ready(&id)?);
        admit(&edit, &leads::find(tx, user, id)?)?;
        let epoch = ready(&body)?.get("claim_epoch").and_then(shape::version);
        Ok(told(&leads::release(tx, user, id, epoch.unwrap_or_default())?))
    })
}

/// Hands a lead on. 200; 404; 409 `not-lead-owner`, `not-releasable`; 422; 412 if an `If-Match` says
/// otherwise.
pub fn reassign(ctx: Ctx) -> Outcome {
    let (id, edit, body) = (ctx.id("id", "lead"), ctx.edit(), ctx.object());
    ctx.write(move |tx, who| {
        let (admin, id) = (who.user()?, *ready(&id)?);
        admit(&edit, &leads::find(tx, admin, id)?)?;
        let (from, to) = bodies::reassignment(ready(&body)?);
        Ok(told(&leads::reassign(tx, admin, id, from, to)?))
    })
}

/// Changes a lead by merge patch. 200; 404; 409 `not-lead-owner`, which is told before anything about its
/// version; 422; 409, 412, 428 for its version.
pub fn update(ctx: Ctx) -> Outcome {
    let (id, edit) = (ctx.id("id", "lead"), ctx.edit());
    ctx.write(move |tx, who| {
        let user = who.user()?;
        let lead = leads::find(tx, user, *ready(&id)?)?;
        let epoch = edit.member("claim_epoch").and_then(shape::version);
        if let (Some(epoch), None) = (epoch, edit.unreadable()) {
            leads::assert_held(&lead, user, epoch)?;
        }
        let body = standing(&lead, |standing| edit.admit(standing))?;
        let whole = PATCHING.merged(lead_json(&lead), body)?;
        let change = bodies::change(&lead, &whole);
        if change.status == lead.status && change.notes == lead.notes {
            return Ok(told(&lead));
        }
        Ok(told(&leads::update(tx, user, &lead, &change)?))
    })
}
