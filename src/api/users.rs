//! Accounts: registering, and the own account.

use super::Patching;
use crate::config::Registration;
use crate::domain::leads;
use crate::domain::users::{self, Role, User};
use crate::error::Result;
use crate::http::bodies::users::{self as bodies, CONTENT, ROLE};
pub use crate::http::bodies::{ID, TIME, VERSION};
use crate::http::page::{self, Page};
use crate::http::precondition::{Standing, etag};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, line, optional, required};
use crate::http::sign_up::{self, EMAIL, HANDLE};
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::store::tx::Named;
use serde_json::{Value, json};
use std::sync::Arc;

/// A person, to the person.
pub const USER: Shape = Shape {
    name: "User",
    fields: &[
        required("id", "", ID),
        required("email", "", EMAIL),
        required("handle", "Public short name: /u/{handle} leads to the default card.", HANDLE),
        required("display_name", "", line(1, users::DISPLAY_NAME_MAX)),
        required("role", "", Kind::Choice(Role::WORDS)),
        required("version", "", VERSION),
        required("created_at", "", TIME),
    ],
};

/// A person, to an admin.
const ACCOUNT: Shape = Shape {
    name: "Account",
    fields: &[
        required("id", "", ID),
        required("email", "", EMAIL),
        required("handle", "", HANDLE),
        required("display_name", "", line(1, users::DISPLAY_NAME_MAX)),
        required("role", "", Kind::Choice(Role::WORDS)),
        required("disabled", "Whether the person is locked out.", Kind::Flag),
        required("version", "", VERSION),
        required("created_at", "", TIME),
    ],
};

const REGISTERED: Shape = Shape {
    name: "Registered",
    fields: &[
        required("user", "", Kind::Object(&USER)),
        required("token", "Shown once; null in a replay.", Kind::Nullable(&Kind::Text)),
        required("expires_at", "", TIME),
        required("trial_converted", "Whether the trial became this account.", Kind::Flag),
        optional("secret_withheld", "True in a replay.", Kind::Flag),
    ],
};

/// What changes the own account.
pub const CHANGE: Shape = Shape {
    name: "UserChange",
    fields: &[
        optional("display_name", "", line(1, users::DISPLAY_NAME_MAX)),
        optional("handle", "", HANDLE),
        optional("version", "The version it builds upon, if If-Match is absent.", Kind::Version),
        optional("id", "Read-only.", Kind::Text),
        optional("email", "Read-only.", Kind::Text),
        optional("role", "Read-only.", Kind::Text),
        optional("created_at", "Read-only.", Kind::Text),
    ],
};

const PATCHING: Patching = Patching {
    patch: &CHANGE,
    content: &CONTENT,
    read_only: &["id", "email", "role", "created_at"],
};

const DELETED: Shape = Shape { name: "Deleted", fields: &[required("deleted", "", ID)] };

/// `POST /api/auth/register`
pub const REGISTER_ABOUT: About = About::new(
    "Registers a person and signs the person in",
    &[Reply { status: 201, about: "Registered", content: Content::Json(&REGISTERED) }],
)
.body(&sign_up::REGISTER)
.problems(&[403, 409]);
/// `GET /api/me`
pub const ME_ABOUT: About = About::new(
    "The own account",
    &[
        Reply { status: 200, about: "The account", content: Content::Json(&USER) },
        Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
    ],
);
/// `PATCH /api/me`
pub const UPDATE_ABOUT: About = About::new(
    "Changes the own account",
    &[Reply { status: 200, about: "The account as it stands now", content: Content::Json(&USER) }],
)
.body(&CHANGE)
.problems(&[409])
.versioned();
/// `DELETE /api/me`
pub const DELETE_ABOUT: About = About::new(
    "Deletes the own account with all that is the person's",
    &[Reply { status: 200, about: "Deleted", content: Content::Json(&DELETED) }],
)
.query(super::cards::VERSION_QUERY)
.problems(&[409])
.versioned();

/// `GET /api/admin/users`
pub const LIST_ABOUT: About = About::new(
    "Everybody, oldest account first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&ACCOUNT) }],
)
.query(page::QUERY);

/// `PUT /api/admin/users/{id}/role`
pub const ROLE_ABOUT: About = About::new(
    "Makes somebody an admin, or an admin a member again",
    &[Reply {
        status: 200,
        about: "The account as it stands now",
        content: Content::Json(&ACCOUNT),
    }],
)
.body(&ROLE)
.problems(&[404, 409, 412]);

/// A person as JSON.
pub fn user_json(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "handle": user.handle,
        "display_name": user.display_name,
        "role": user.role.name(),
        "version": user.version,
        "created_at": user.created.to_string(),
    })
}

fn told(status: u16, user: &User) -> Response {
    Response::json(status, &user_json(user)).with("ETag", etag(user.id, user.version))
}

/// Registers a person and signs the person in. 201; 403 `registration-closed`, `invite-required`,
/// `invite-invalid`; 409 `email-taken`, `handle-taken`; 422. The password is hashed before the door: the writer
/// never waits for it. Behind it an invite is used up and a trial converted in the step that makes the person.
pub fn register(ctx: Ctx) -> Outcome {
    let code = admit(&ctx)?;
    let registration =
        sign_up::Registration::of(ctx.state(), &ctx.request().head, &ctx.object()?, code)?;
    let state = Arc::clone(ctx.state());
    ctx.write(move |tx, _| {
        let made = registration.complete(tx, &state.config)?;
        let body = json!({
            "user": user_json(&made.user),
            "token": made.token.reveal(),
            "expires_at": made.session.expires.to_string(),
            "trial_converted": made.trial_converted,
        });
        Ok(Response::json_with_secret(201, body, "token").with("Location", "/api/me"))
    })
}

/// The code that the registration takes, or none where it takes none.
fn admit(ctx: &Ctx) -> Result<Option<String>, Problem> {
    let mode = ctx.state().config.registration;
    let body = ctx.edit();
    if let (Registration::Invite, Some(problem)) = (mode, body.unreadable()) {
        return Err(problem);
    }
    let code = body.member("invite_code").and_then(Value::as_str);
    Ok(sign_up::admit(mode, code.unwrap_or_default())?)
}

/// The own account. 200; 304.
pub fn me(ctx: Ctx) -> Outcome {
    let fresh = ctx.freshness();
    ctx.read(|read, who| {
        let user = users::find(read, who.user()?)?;
        fresh?.answer(etag(user.id, user.version), || Response::json(200, &user_json(&user)))
    })
}

/// Everybody. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    ctx.read(|read, _| {
        let page = page?;
        let found = users::page(read, page.after, page.fetch())?;
        Ok(page.reply(found, |user| user.id, account_json))
    })
}

/// A person as JSON, to an admin.
fn account_json(user: &User) -> Value {
    let mut account = user_json(user);
    if let Value::Object(members) = &mut account {
        members.insert("disabled".into(), json!(user.disabled.is_some()));
    }
    account
}

/// Gives somebody a role. 200, also when it is that already; 404; 409 `last-admin`; 412 if an `If-Match` says
/// otherwise; 422.
pub fn set_role(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "person");
    let (edit, body) = (ctx.edit(), ctx.object());
    ctx.write(move |tx, _| {
        let user = users::find(tx, *ready(&id)?)?;
        let (tag, resource) = (etag(user.id, user.version), || account_json(&user));
        edit.admit_unversioned(&Standing {
            version: user.version,
            etag: &tag,
            resource: &resource,
        })?;
        let role = ready(&body)?.get("role").and_then(Value::as_str);
        let role = role.and_then(Role::from_name).unwrap_or(user.role);
        let now = users::set_role(tx, user.id, role)?;
        Ok(Response::json(200, &account_json(&now)).with("ETag", etag(now.id, now.version)))
    })
}

/// Changes the own account. 200; 409 `handle-taken`; 409, 412, 428 for its version.
pub fn update(ctx: Ctx) -> Outcome {
    let edit = ctx.edit();
    ctx.write(move |tx, who| {
        let user = users::find(tx, who.user()?)?;
        let tag = etag(user.id, user.version);
        let resource = || user_json(&user);
        let standing = Standing { version: user.version, etag: &tag, resource: &resource };
        let body = edit.admit(&standing)?;
        let whole = PATCHING.merged(resource(), body)?;
        let change = bodies::change(&whole);
        if change.handle == user.handle && change.display_name == user.display_name {
            return Ok(told(200, &user));
        }
        Ok(told(200, &users::update(tx, user.id, user.version, &change)?))
    })
}

/// Deletes the own account; the team's leads that the person works are given back in the same step. 200; 409
/// `last-admin`; 409, 412, 428 for its version.
pub fn delete(ctx: Ctx) -> Outcome {
    let edit = ctx.edit();
    ctx.write(move |tx, who| {
        let user = users::find(tx, who.user()?)?;
        let tag = etag(user.id, user.version);
        let resource = || user_json(&user);
        edit.admit(&Standing { version: user.version, etag: &tag, resource: &resource })?;
        leads::leave(tx, user.id)?;
        users::delete(tx, user.id, user.version)?;
        Ok(Response::json(200, &json!({"deleted": user.id})))
    })
}
