//! Leads.

use super::text;
use crate::domain::leads::{Change, Lead, NOTES_MAX, Status};
use crate::domain::users::UserId;
use crate::http::shape::{Kind, Shape, optional, required};
use crate::http::sign_up::id_rule;
use crate::store::tx::Named;
use serde_json::{Map, Value};

/// What whoever works a lead notes.
pub const NOTES: Kind = Kind::Prose { min: 0, max: NOTES_MAX };
/// Back to `open` leads only a release.
const NEW_STATUS: Kind = Kind::Choice(&["claimed", "closed", "converted"]);
/// An id in a body.
const PERSON_ID: Kind = Kind::Line { min: 1, max: 36, format: Some("uuid"), rule: Some(id_rule) };

/// Gives a lead back.
pub const RELEASE: Shape = Shape {
    name: "ReleaseOfLead",
    fields: &[required("claim_epoch", "The epoch in which the caller works it.", Kind::Version)],
};

/// Hands a lead on.
pub const REASSIGNMENT: Shape = Shape {
    name: "ReassignmentOfLead",
    fields: &[
        required("from", "Who works it now; null: nobody.", Kind::Nullable(&PERSON_ID)),
        required("to", "Who is to; null: nobody.", Kind::Nullable(&PERSON_ID)),
    ],
};

/// What a merge patch of a lead may hold; null gives a member its default.
pub const LEAD_PATCH: Shape = Shape {
    name: "LeadPatch",
    fields: &[
        optional("status", "", NEW_STATUS),
        optional("notes", "", NOTES),
        required("claim_epoch", "The epoch in which the caller works it.", Kind::Version),
        optional("version", "The version it builds upon, if If-Match is absent.", Kind::Version),
        optional("id", "Read-only.", Kind::Text),
        optional("card_id", "Read-only.", Kind::Text),
        optional("name", "Read-only.", Kind::Text),
        optional("email", "Read-only.", Kind::Text),
        optional("phone", "Read-only.", Kind::Text),
        optional("company", "Read-only.", Kind::Text),
        optional("message", "Read-only.", Kind::Text),
        optional("assigned_to", "Read-only: …/claim, …/release, …/reassign.", Kind::Free),
        optional("created_at", "Read-only.", Kind::Text),
    ],
};

/// What a whole lead asks of the one that stands.
pub fn change(lead: &Lead, whole: &Map<String, Value>) -> Change {
    let status = Status::from_name(text(whole, "status")).unwrap_or(lead.status);
    Change { status, notes: prose(whole, "notes") }
}

/// Who hands a lead on, and to whom: `from` and `to`; `None` is nobody.
pub fn reassignment(body: &Map<String, Value>) -> (Option<UserId>, Option<UserId>) {
    let person = |name: &str| UserId::parse(text(body, name));
    (person("from"), person("to"))
}

/// A member's text of several lines: however a browser ends them.
pub fn prose(body: &Map<String, Value>, name: &str) -> String {
    text(body, name).replace("\r\n", "\n")
}
