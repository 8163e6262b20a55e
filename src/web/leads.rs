//! Leads: an inbox. Whoever is late is told who was faster; who was relieved, or whose notes are stale, gets back
//! what was typed, beside what stands.

use super::asks::Asks;
use super::forms::{Sent, fault};
use super::inbox::{Inbox, Opened, View};
use super::layout::Frame;
use super::lead_pane::Advice;
use super::{shows, takes};
use crate::clock::Millis;
use crate::domain::leads::{self, Lead, LeadId, Status};
use crate::domain::users::{self, User};
use crate::error::{Conflict, Error, Stale};
use crate::http::bodies::leads::{LEAD_PATCH, change, prose};
use crate::http::route::About;
use crate::http::shape::version;
use crate::http::{Caller, Ctx, Outcome, Problem, Response, ready};
use crate::store::{Read, Tx};
use serde_json::{Map, Value};

/// `GET /leads`
pub const LIST_ABOUT: About = shows("The inbox");
/// `GET /leads/{id}`
pub const SHOW_ABOUT: About = shows("The inbox with a lead").problems(&[404]);
/// `POST /leads/claim-next`
pub const CLAIM_NEXT_ABOUT: About = takes("Takes the oldest lead that is open");
/// `POST /leads/{id}/claim`
pub const CLAIM_ABOUT: About = takes("Takes a lead").problems(&[403, 404, 409, 415]);
/// `POST /leads/{id}`
pub const SAVE_ABOUT: About =
    takes("Saves notes, and how far a lead is").problems(&[403, 404, 409, 415]).edits();
/// `POST /leads/{id}/release`
pub const RELEASE_ABOUT: About = takes("Gives a lead back").problems(&[403, 404, 409, 415]).edits();
/// `POST /leads/{id}/reassign`
pub const REASSIGN_ABOUT: About = takes("Hands a lead on").problems(&[403, 404, 409, 415]);

/// The inbox. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (asks, view) = (Asks::of(&ctx), View::of(&ctx));
    ctx.read(|read, who| Ok(Inbox::of(&asks, read, who, &view)?.page(200, None)))
}

/// The inbox with a lead. 200; 404.
pub fn show(ctx: Ctx) -> Outcome {
    let (asks, view, id) = (Asks::of(&ctx), View::of(&ctx), ctx.id("id", "lead"));
    ctx.read(|read, who| {
        let lead = leads::find(read, who.user()?, id?)?;
        Ok(Inbox::of(&asks, read, who, &view)?.page(200, Some(&Opened::of(read, lead)?)))
    })
}

fn onward(view: &View, lead: LeadId, note: &str) -> Response {
    Response::new(303).with("Location", view.address(Some(lead), note))
}

/// Takes the oldest lead that is open. 303 to it, or back where there is none.
pub fn claim_next(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let view = View::of(&ctx);
    ctx.write(move |tx, who| match leads::claim_next(tx, who.user()?)? {
        Some(lead) => Ok(onward(&view, lead.id, "claimed")),
        None => Ok(Response::new(303).with("Location", view.address(None, "none-open"))),
    })
}

/// What a form about a lead needs to be told back if it is refused.
#[derive(Clone)]
struct Desk {
    asks: Asks,
    view: View,
    sent: Sent,
    id: Result<LeadId, Problem>,
}

impl Desk {
    fn of(ctx: &Ctx) -> Result<Self, Problem> {
        let id = ctx.id("id", "lead");
        Ok(Self { asks: Asks::of(ctx), view: View::of(ctx), sent: Sent::of(ctx)?, id })
    }

    /// Does `work` with a lead that the person sees: 303 to it with the note that `work` leaves, or the inbox again
    /// with what was typed and why it was not done.
    fn work(
        &self,
        tx: &Tx<'_>,
        who: &Caller,
        work: impl Fn(&Tx<'_>, &User, &Lead, &Sent) -> Result<&'static str, Error>,
    ) -> Outcome {
        let lead = leads::find(tx, who.user()?, *ready(&self.id)?)?;
        let inbox = Inbox::of(&self.asks, tx, who, &self.view)?;
        match work(tx, &inbox.user, &lead, &self.sent) {
            Ok(note) => Ok(onward(&self.view, lead.id, note)),
            Err(error) => self.refused(tx, who, lead, error),
        }
    }

    /// The inbox with the lead as it stood, since whatever was done before the refusal is undone.
    fn refused(&self, read: &Read<'_>, who: &Caller, lead: Lead, error: Error) -> Outcome {
        let mut opened = Opened::of(read, lead)?;
        let (status, told): (_, fn(Response) -> Problem) = match error {
            Error::Invalid(faults) => {
                opened.faults = faults;
                (422, Problem::page)
            }
            Error::Stale(_) => {
                opened.advice = Some(Advice::Stale);
                (409, Problem::stale_page)
            }
            Error::Conflict(conflict) => {
                opened.advice = Some(advice(*conflict, read.now())?);
                (409, Problem::page)
            }
            other => return Err(other.into()),
        };
        if self.sent.ticked("notes") {
            opened.typed = Some(prose(&self.sent.body(), "notes"));
        }
        self.sent.text("to").clone_into(&mut opened.to);
        let inbox = Inbox::of(&self.asks, read, who, &self.view)?;
        Err(told(inbox.page(status, Some(&opened))))
    }
}

/// A refusal as a person tells it; one that is no matter of who works a lead stays what it is.
fn advice(conflict: Conflict, now: Millis) -> Result<Advice, Error> {
    let text = |value: &Value, name: &str| {
        let text = value.get(name).and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let members = Value::Object(conflict.members.clone());
    let holder = |name: &str| members.get(name).and_then(|holder| text(holder, "display_name"));
    Ok(match conflict.code {
        "lead-already-claimed" => {
            let at = text(&members, "claimed_at").and_then(|at| Millis::parse(&at));
            Advice::Lost(holder("claimed_by"), now.since(at.unwrap_or(now)).as_secs())
        }
        "not-lead-owner" => Advice::Relieved(holder("assigned_to")),
        "lead-closed" => Advice::Over,
        "not-releasable" => Advice::Own,
        _ => return Err(Error::Conflict(Box::new(conflict))),
    })
}

/// Takes a lead. 303 to it, also when it was the person's already; 404; 409 with the lead and who has it.
pub fn claim(ctx: Ctx) -> Outcome {
    let desk = Desk::of(&ctx)?;
    ctx.write(move |tx, who| {
        desk.work(tx, who, |tx, user, lead, _| {
            leads::claim(tx, user.id, lead.id).map(|_| "claimed")
        })
    })
}

/// Saves notes, and how far a lead is. 303; 404; 409 and 422 with what was typed.
pub fn save(ctx: Ctx) -> Outcome {
    let desk = Desk::of(&ctx)?;
    ctx.write(move |tx, who| {
        desk.work(tx, who, |tx, user, lead, sent| {
            let done = saved(tx, user, lead, sent)?;
            Ok(match done.status {
                Status::Claimed if lead.status != Status::Claimed => "reopened",
                Status::Closed if lead.status != Status::Closed => "closed",
                Status::Converted if lead.status != Status::Converted => "converted",
                _ => "saved",
            })
        })
    })
}

/// Gives a lead back, with the notes that were typed meanwhile. 303; 404; 409 and 422 with what was typed.
pub fn release(ctx: Ctx) -> Outcome {
    let desk = Desk::of(&ctx)?;
    ctx.write(move |tx, who| {
        desk.work(tx, who, |tx, user, lead, sent| {
            saved(tx, user, lead, sent)?;
            leads::release(tx, user.id, lead.id, lead.claim_epoch).map(|_| "released")
        })
    })
}

/// What a form about a lead asks for, done: the lead as it stands then.
fn saved(tx: &Tx<'_>, user: &User, lead: &Lead, sent: &Sent) -> Result<Lead, Error> {
    let mut body = sent.body();
    let notes = if sent.ticked("notes") { prose(&body, "notes") } else { lead.notes.clone() };
    body.insert("notes".into(), notes.into());
    LEAD_PATCH.check(&body)?;
    let number = |name: &str, body: &Map<String, Value>| body.get(name).and_then(version);
    leads::assert_held(lead, user.id, number("claim_epoch", &body).unwrap_or_default())?;
    let change = change(lead, &body);
    if change.status == lead.status && change.notes == lead.notes {
        return Ok(lead.clone());
    }
    let expected = number("version", &body);
    if expected != Some(lead.version) {
        let stale = Stale { expected, current: lead.version, resource: Value::Null };
        return Err(Error::Stale(Box::new(stale)));
    }
    leads::update(tx, user.id, lead, &change)
}

/// Hands a lead on, or takes it from whoever has it. 303; 404; 409 if it is with somebody else by now; 422.
pub fn reassign(ctx: Ctx) -> Outcome {
    let desk = Desk::of(&ctx)?;
    ctx.write(move |tx, who| {
        let words = Frame::of(&desk.asks, tx, who)?.words;
        desk.work(tx, who, |tx, admin, lead, sent| {
            let unknown = || vec![fault("to", "person", words.leads.reassign_unknown)];
            let to = match sent.text("to").trim() {
                "" if sent.ticked("nobody") => None,
                address => match users::find_by_email(tx, address) {
                    Ok(person) if person.disabled.is_none() => Some(person.id),
                    Ok(_) | Err(Error::NotFound(_)) => return Err(Error::Invalid(unknown())),
                    Err(fault) => return Err(fault),
                },
            };
            let from = users::UserId::parse(sent.text("from"));
            leads::reassign(tx, admin.id, lead.id, from, to).map(|_| "reassigned")
        })
    })
}
