//! What leads look like over the API.

use super::users::{ID, TIME, VERSION};
use crate::domain::leads::{Assigned, Reason, SEARCH_MAX, Status};
use crate::http::bodies::leads::{LEAD_PATCH, NOTES, REASSIGNMENT, RELEASE};
use crate::http::bodies::new_leads::{COMPANY, MESSAGE, NAME, NEW_LEAD, PHONE};
use crate::http::bodies::users::PERSON;
use crate::http::page;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Field, INTEGER_MAX, Kind, Shape, line, optional, required};
use crate::http::sign_up::EMAIL;

const STATUS: Kind = Kind::Choice(Status::WORDS);
const COUNT: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };

const LEFT: Shape = Shape { name: "LeftLead", fields: &[required("id", "", ID)] };
const LEFT_AGAIN: Shape = Shape {
    name: "LeftLeadAgain",
    fields: &[required("id", "", ID), required("duplicate", "True.", Kind::Flag)],
};

const LEAD: Shape = Shape {
    name: "Lead",
    fields: &[
        required("id", "", ID),
        required("card_id", "The card may be gone.", ID),
        required("name", "", NAME),
        required("email", "", EMAIL),
        required("phone", "", PHONE),
        required("company", "", COMPANY),
        required("message", "", MESSAGE),
        required("notes", "Of whoever works it.", NOTES),
        required("status", "", STATUS),
        required("assigned_to", "Who works it.", Kind::Nullable(&Kind::Object(&PERSON))),
        required("claim_epoch", "Steps with every change of `assigned_to`.", COUNT),
        required("version", "", VERSION),
        required("created_at", "", TIME),
    ],
};

const CLAIMED: Shape = Shape {
    name: "ClaimedLead",
    fields: &[
        required("lead", "", Kind::Object(&LEAD)),
        required("claimed", "True.", Kind::Flag),
        required("already_owned", "Whether it was the caller's before.", Kind::Flag),
    ],
};
const NEXT: Shape = Shape {
    name: "NextLead",
    fields: &[required("lead", "Null: nothing is open.", Kind::Nullable(&Kind::Object(&LEAD)))],
};

/// A lead's own members after a merge patch.
pub(super) const LEAD_CONTENT: Shape = Shape {
    name: "LeadContent",
    fields: &[
        required("status", "", STATUS),
        optional("notes", "", NOTES),
        required("claim_epoch", "", Kind::Version),
    ],
};
/// Members that PATCH leaves alone.
pub(super) const READ_ONLY: &[&str] =
    &["id", "card_id", "name", "email", "phone", "company", "message", "assigned_to", "created_at"];

const EPOCH: Shape = Shape {
    name: "EpochOfLead",
    fields: &[
        required("epoch", "", Kind::Integer { min: 1, max: INTEGER_MAX }),
        required(
            "assigned_to",
            "With whom it was; null: with nobody, or with somebody who has left.",
            Kind::Nullable(&Kind::Object(&PERSON)),
        ),
        required("reason", "What began it.", Kind::Choice(Reason::WORDS)),
        required("began_at", "", TIME),
        required("ended_at", "Null: it goes on.", Kind::Nullable(&TIME)),
    ],
};

const STATUS_QUERY: Field = optional("status", "Only these.", STATUS);
const ASSIGNED_QUERY: Field = optional(
    "assigned",
    "Only those that are with me or with nobody.",
    Kind::Choice(Assigned::WORDS),
);
const TEXT_QUERY: Field = optional(
    "q",
    "Only those that have this in what was sent, or in the notes; A-Z as a-z.",
    line(0, SEARCH_MAX),
);

const TOLD: &[Reply] =
    &[Reply { status: 200, about: "The lead as it stands now", content: Content::Json(&LEAD) }];

/// `POST /api/public/cards/{slug}/leads`
pub const SUBMIT_ABOUT: About = About::new(
    "Leaves a lead at a card that the public sees",
    &[
        Reply { status: 201, about: "Left", content: Content::Json(&LEFT) },
        Reply {
            status: 200,
            about: "The same was left less than a day ago",
            content: Content::Json(&LEFT_AGAIN),
        },
    ],
)
.body(&NEW_LEAD)
.problems(&[404, 410, 429]);
/// `GET /api/leads`
pub const LIST_ABOUT: About = About::new(
    "The own leads and the team's, newest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&LEAD) }],
)
.query(&[STATUS_QUERY, ASSIGNED_QUERY, TEXT_QUERY, page::LIMIT_QUERY, page::CURSOR_QUERY]);
/// `GET /api/leads.csv`
pub const EXPORT_ABOUT: About = About::new(
    "The same as a table; where they do not go into one, Link names the next",
    &[Reply { status: 200, about: "The table", content: Content::Media("text/csv") }],
)
.query(&[STATUS_QUERY, ASSIGNED_QUERY, TEXT_QUERY, page::CURSOR_QUERY]);
/// `GET /api/leads/{id}`
pub const FIND_ABOUT: About = About::new(
    "A lead",
    &[
        Reply { status: 200, about: "The lead", content: Content::Json(&LEAD) },
        Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
    ],
);
/// `GET /api/leads/{id}/history`
pub const HISTORY_ABOUT: About = About::new(
    "With whom a lead was, newest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&EPOCH) }],
)
.query(page::QUERY);
/// `POST /api/leads/{id}/claim`
pub const CLAIM_ABOUT: About = About::new(
    "Takes one of the team's leads; of several callers one does",
    &[Reply { status: 200, about: "It is the caller's", content: Content::Json(&CLAIMED) }],
)
.problems(&[409, 412]);
/// `POST /api/leads/claim-next`
pub const CLAIM_NEXT_ABOUT: About = About::new(
    "Takes the oldest of the team's leads that nobody works",
    &[Reply { status: 200, about: "It, or nothing", content: Content::Json(&NEXT) }],
);
/// `POST /api/leads/{id}/release`
pub const RELEASE_ABOUT: About =
    About::new("Gives a lead back to the team", TOLD).body(&RELEASE).problems(&[409, 412]);
/// `POST /api/leads/{id}/reassign`
pub const REASSIGN_ABOUT: About =
    About::new("Hands a lead of the team on", TOLD).body(&REASSIGNMENT).problems(&[409, 412]);
/// `PATCH /api/leads/{id}`
pub const UPDATE_ABOUT: About =
    About::new("Changes a lead that the caller works", TOLD).body(&LEAD_PATCH).versioned();
