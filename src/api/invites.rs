//! Requests for an invite, their decision, and invite codes.

use super::users::{ID, TIME};
use crate::domain::invites::{self, Invite, NOTE_MAX, Request, Status, USES_MAX};
use crate::domain::{throttle, users};
use crate::error::Error;
use crate::http::bodies::invites::{NEW_INVITE, USES, new_invite};
use crate::http::bodies::users::{PERSON, person_json};
use crate::http::page::{self, Page};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Field, Kind, Shape, line, optional, required};
use crate::http::sign_up::{self, EMAIL, MOTIVATION};
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::id::Token;
use crate::store::tx::Named;
use serde_json::{Value, json};

const NAME: Kind = line(1, users::DISPLAY_NAME_MAX);
const NOTED: Shape =
    Shape { name: "NotedInviteRequest", fields: &[required("requested", "True.", Kind::Flag)] };

const REQUEST: Shape = Shape {
    name: "InviteRequest",
    fields: &[
        required("id", "", ID),
        required("email", "", EMAIL),
        required("name", "", NAME),
        required("motivation", "", MOTIVATION),
        required("status", "", Kind::Choice(Status::WORDS)),
        required("created_at", "", TIME),
        required("decided_at", "", Kind::Nullable(&TIME)),
        required("decided_by", "", Kind::Nullable(&Kind::Object(&PERSON))),
    ],
};

const APPROVED: Shape = Shape {
    name: "ApprovedInviteRequest",
    fields: &[
        required("invite_code", "Shown once; null in a replay.", Kind::Nullable(&Kind::Text)),
        required("expires_at", "", TIME),
        optional("secret_withheld", "True in a replay.", Kind::Flag),
    ],
};

const INVITE: Shape = Shape {
    name: "Invite",
    fields: &[
        required("id", "", ID),
        required("note", "", line(0, NOTE_MAX)),
        required("uses", "", Kind::Integer { min: 0, max: USES_MAX as i64 }),
        required("max_uses", "", USES),
        required("created_at", "", TIME),
        required("expires_at", "", TIME),
        optional("invite_code", "Shown once; null in a replay.", Kind::Nullable(&Kind::Text)),
        optional("secret_withheld", "True in a replay.", Kind::Flag),
    ],
};

const WITHDRAWN: Shape = Shape { name: "WithdrawnInvite", fields: &[required("deleted", "", ID)] };

const QUERY: &[Field] = &[
    optional("status", "Only these.", Kind::Choice(Status::WORDS)),
    page::LIMIT_QUERY,
    page::CURSOR_QUERY,
];

/// `POST /api/invites/requests`
pub const REQUEST_ABOUT: About = About::new(
    "Asks for an invite; the answer is the same for a new and a known address",
    &[Reply { status: 202, about: "Noted", content: Content::Json(&NOTED) }],
)
.body(&sign_up::INVITE_REQUEST)
.problems(&[429]);
/// `GET /api/invites/requests`
pub const REQUESTS_ABOUT: About = About::new(
    "Requests for an invite, oldest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&REQUEST) }],
)
.query(QUERY);
/// `POST /api/invites/requests/{id}/approve`
pub const APPROVE_ABOUT: About = About::new(
    "Approves a request, once: makes a code that lets one person in",
    &[Reply { status: 200, about: "Approved", content: Content::Json(&APPROVED) }],
)
.problems(&[409]);
/// `POST /api/invites/requests/{id}/reject`
pub const REJECT_ABOUT: About = About::new(
    "Rejects a request, once",
    &[Reply { status: 200, about: "Rejected", content: Content::Json(&REQUEST) }],
)
.problems(&[409]);
/// `GET /api/invites`
pub const LIST_ABOUT: About = About::new(
    "Invites, oldest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&INVITE) }],
)
.query(page::QUERY);
/// `POST /api/invites`
pub const CREATE_ABOUT: About = About::new(
    "Makes an invite code that lets so many people in",
    &[Reply {
        status: 201,
        about: "Made; the code is shown once",
        content: Content::Json(&INVITE),
    }],
)
.body(&NEW_INVITE);
/// `DELETE /api/invites/{id}`
pub const WITHDRAW_ABOUT: About = About::new(
    "Withdraws an invite: its code lets nobody in any more",
    &[Reply { status: 200, about: "Withdrawn", content: Content::Json(&WITHDRAWN) }],
);

/// Asks for an invite. 202, the same for a new and a known address; 422; 429.
pub fn request(ctx: Ctx) -> Outcome {
    let new = ctx.object().map(|body| sign_up::invite_request(&body));
    let counted = ctx.anonymous_writes(b"invite-requests");
    ctx.write(move |tx, _| {
        let new = ready(&new)?;
        if let Some((subject, allowance)) = &counted {
            // Not given back for a known address: that would tell that it is known.
            throttle::reserve(tx, subject, *allowance)?;
        }
        invites::request(tx, new)?;
        Ok(Response::json(202, &json!({"requested": true})))
    })
}

fn request_json(request: &Request) -> Value {
    let decider = request.decided_by.as_ref();
    json!({
        "id": request.id,
        "email": request.email,
        "name": request.name,
        "motivation": request.motivation,
        "status": request.status.name(),
        "created_at": request.created.to_string(),
        "decided_at": request.decided.map(|at| at.to_string()),
        "decided_by": decider.map(person_json),
    })
}

fn status(ctx: &Ctx) -> Result<Option<Status>, Problem> {
    let Some(asked) = ctx.query("status") else { return Ok(None) };
    let known = Status::from_name(&asked);
    let words = Status::WORDS.join(", ");
    let fault = || Error::invalid("status", "choice", format!("must be one of {words}"));
    known.map(Some).ok_or_else(|| fault().into())
}

/// The requests. 200.
pub fn requests(ctx: Ctx) -> Outcome {
    let (page, status) = (Page::of(&ctx), status(&ctx));
    ctx.read(|read, _| {
        let page = page?;
        let found = invites::requests(read, status?, page.after, page.fetch())?;
        Ok(page.reply(found, |request| request.id, request_json))
    })
}

/// Approves a request. 200 with the code; 404; 409 `already-decided`.
pub fn approve(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "request");
    let life = ctx.state().config.limits.invite_life;
    ctx.write(move |tx, who| {
        let (invite, code) = invites::approve(tx, *ready(&id)?, who.user()?, life)?;
        let body = json!({"invite_code": code.reveal(), "expires_at": invite.expires.to_string()});
        Ok(Response::json_with_secret(200, body, "invite_code"))
    })
}

/// Rejects a request. 200; 404; 409 `already-decided`.
pub fn reject(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "request");
    ctx.write(move |tx, who| {
        let request = invites::reject(tx, *ready(&id)?, who.user()?)?;
        Ok(Response::json(200, &request_json(&request)))
    })
}

fn invite_json(invite: &Invite, code: Option<&Token>) -> Value {
    let mut body = json!({
        "id": invite.id,
        "note": invite.note,
        "uses": invite.uses,
        "max_uses": invite.max_uses,
        "created_at": invite.created.to_string(),
        "expires_at": invite.expires.to_string(),
    });
    if let (Value::Object(members), Some(code)) = (&mut body, code) {
        members.insert("invite_code".into(), json!(code.reveal()));
    }
    body
}

/// The invites, without their codes. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    ctx.read(|read, _| {
        let page = page?;
        let found = invites::list(read, page.after, page.fetch())?;
        Ok(page.reply(found, |invite| invite.id, |invite| invite_json(invite, None)))
    })
}

/// Makes an invite. 201 with the code; 422.
pub fn create(ctx: Ctx) -> Outcome {
    let life = ctx.state().config.limits.invite_life;
    let new = ctx.object().map(|body| new_invite(&body, life));
    ctx.write(move |tx, _| {
        let (invite, code) = invites::create(tx, ready(&new)?, None)?;
        Ok(Response::json_with_secret(201, invite_json(&invite, Some(&code)), "invite_code"))
    })
}

/// Withdraws an invite. 200; 404.
pub fn withdraw(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "invite");
    ctx.write(move |tx, _| {
        let id = *ready(&id)?;
        invites::withdraw(tx, id)?;
        Ok(Response::json(200, &json!({"deleted": id})))
    })
}
