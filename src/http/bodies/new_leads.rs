//! What somebody gives to be written to: the same over the API and in the form of a card's page.

use super::leads::prose;
use crate::domain::leads::{
    self, COMPANY_MAX, CardId, LeadId, MESSAGE_MAX, NAME_MAX, NewLead, PHONE_MAX,
};
use crate::domain::throttle::{self, Allowance, Subject};
use crate::error::Result;
use crate::http::Ctx;
use crate::http::shape::{Field, Kind, Shape, line, optional, required};
use crate::http::sign_up::EMAIL;
use crate::store::Tx;
use serde_json::{Map, Value};

/// Whose lead it is, in a body.
pub const NAME: Kind = line(1, NAME_MAX);
/// Their number, in a body.
pub const PHONE: Kind = line(0, PHONE_MAX);
/// Their company, in a body.
pub const COMPANY: Kind = line(0, COMPANY_MAX);
/// What they write, in a body.
pub const MESSAGE: Kind = Kind::Prose { min: 0, max: MESSAGE_MAX };

const CONSENT: Field = required("consent", "True: to being written to.", Kind::Consent);

/// What makes a lead.
pub const NEW_LEAD: Shape = Shape {
    name: "NewLead",
    fields: &[
        required("name", "", NAME),
        required("email", "", EMAIL),
        optional("phone", "", PHONE),
        optional("company", "", COMPANY),
        optional("message", "", MESSAGE),
        CONSENT,
    ],
};

/// A body of that shape.
pub fn new_lead(body: &Map<String, Value>) -> NewLead {
    let text = |name: &str| prose(body, name);
    NewLead {
        name: text("name"),
        email: text("email"),
        phone: text("phone"),
        company: text("company"),
        message: text("message"),
    }
}

/// As what the leads that a client leaves are counted; nobody on this machine is.
pub fn counted(ctx: &Ctx) -> Option<(Subject, Allowance)> {
    let free = ctx.state().config.limits.leads_address_max;
    let counted = ctx.anonymous_writes(b"leads");
    counted.map(|(subject, most)| (subject, Allowance { free, ..most }))
}

/// Leaves a lead at a card; false if it was left before, which counts for nothing.
pub fn leave(
    tx: &Tx<'_>,
    card: CardId,
    new: &NewLead,
    counted: Option<&(Subject, Allowance)>,
) -> Result<(LeadId, bool)> {
    if let Some((subject, allowance)) = counted {
        throttle::reserve(tx, subject, *allowance)?;
    }
    let (id, is_new) = leads::submit(tx, card, new)?;
    if let Some((subject, _)) = counted.filter(|_| !is_new) {
        throttle::refund(tx, subject)?;
    }
    Ok((id, is_new))
}
