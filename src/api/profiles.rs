//! The two sections of the own profile. Both are read, made, changed and deleted alike.

use super::Patching;
use super::cards::VERSION_QUERY;
use crate::domain::profiles::{self, Profile, Section};
use crate::domain::users::UserId;
use crate::error::Error;
use crate::http::bodies::profiles::{
    PERSONAL, PERSONAL_CONTENT, PROFESSIONAL, PROFESSIONAL_CONTENT, SAVE_PERSONAL,
    SAVE_PROFESSIONAL, too_late, values,
};
use crate::http::precondition::{Standing, etag};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, required};
use crate::http::{Ctx, Outcome, Response};
use crate::store::tx::Named;
use serde_json::{Map, Value, json};

const DELETED: Shape =
    Shape { name: "DeletedProfile", fields: &[required("deleted", "True.", Kind::Flag)] };

const fn shown(shape: &'static Shape) -> [Reply; 2] {
    [
        Reply { status: 200, about: "As it stands", content: Content::Json(shape) },
        Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
    ]
}

const fn saved(shape: &'static Shape) -> [Reply; 2] {
    [
        Reply { status: 200, about: "As it stands now", content: Content::Json(shape) },
        Reply { status: 201, about: "Made", content: Content::Json(shape) },
    ]
}

/// `GET /api/profile/personal`
pub const PERSONAL_ABOUT: About =
    About::new("The personal section of the own profile", &shown(&PERSONAL)).problems(&[404]);
/// `GET /api/profile/professional`
pub const PROFESSIONAL_ABOUT: About =
    About::new("The professional section of the own profile", &shown(&PROFESSIONAL))
        .problems(&[404]);
/// `PUT /api/profile/personal`
pub const PUT_PERSONAL_ABOUT: About =
    About::new("Makes or replaces the personal section as a whole", &saved(&PERSONAL))
        .body(&SAVE_PERSONAL)
        .problems(&[409])
        .versioned();
/// `PUT /api/profile/professional`
pub const PUT_PROFESSIONAL_ABOUT: About =
    About::new("Makes or replaces the professional section as a whole", &saved(&PROFESSIONAL))
        .body(&SAVE_PROFESSIONAL)
        .problems(&[409])
        .versioned();
/// `PATCH /api/profile/personal`
pub const PATCH_PERSONAL_ABOUT: About =
    About::new("Makes or changes the personal section by JSON Merge Patch", &saved(&PERSONAL))
        .body(&SAVE_PERSONAL)
        .problems(&[409])
        .versioned();
/// `PATCH /api/profile/professional`
pub const PATCH_PROFESSIONAL_ABOUT: About = About::new(
    "Makes or changes the professional section by JSON Merge Patch",
    &saved(&PROFESSIONAL),
)
.body(&SAVE_PROFESSIONAL)
.problems(&[409])
.versioned();
/// `DELETE` of either
pub const DELETE_ABOUT: About = About::new(
    "Empties a section of the own profile; its version goes on if it is made again",
    &[Reply { status: 200, about: "Deleted", content: Content::Json(&DELETED) }],
)
.query(VERSION_QUERY)
.problems(&[404, 409])
.versioned();

/// How a section is changed.
const fn patching(section: Section) -> Patching {
    let (patch, content) = match section {
        Section::Personal => (&SAVE_PERSONAL, &PERSONAL_CONTENT),
        Section::Professional => (&SAVE_PROFESSIONAL, &PROFESSIONAL_CONTENT),
    };
    Patching { patch, content, read_only: &["updated_at"] }
}

/// A section's representation.
fn profile_json(section: Section, profile: &Profile) -> Value {
    let fields = section.fields().iter().zip(&profile.values);
    let mut members: Map<String, Value> =
        fields.map(|(field, value)| ((*field).to_owned(), json!(value))).collect();
    members.insert("version".into(), json!(profile.version));
    members.insert("updated_at".into(), json!(profile.updated.to_string()));
    Value::Object(members)
}

/// The tags of the two sections differ, lest one is taken for the other.
fn tag(section: Section, user: UserId, version: i64) -> String {
    etag(user, version).replacen('"', &format!("\"{}-", section.name()), 1)
}

/// `GET /api/profile/personal`
pub fn personal(ctx: Ctx) -> Outcome {
    find(ctx, Section::Personal)
}

/// `GET /api/profile/professional`
pub fn professional(ctx: Ctx) -> Outcome {
    find(ctx, Section::Professional)
}

/// `PUT /api/profile/personal`
pub fn put_personal(ctx: Ctx) -> Outcome {
    save(ctx, Section::Personal, Way::Whole)
}

/// `PUT /api/profile/professional`
pub fn put_professional(ctx: Ctx) -> Outcome {
    save(ctx, Section::Professional, Way::Whole)
}

/// `PATCH /api/profile/personal`
pub fn patch_personal(ctx: Ctx) -> Outcome {
    save(ctx, Section::Personal, Way::Merged)
}

/// `PATCH /api/profile/professional`
pub fn patch_professional(ctx: Ctx) -> Outcome {
    save(ctx, Section::Professional, Way::Merged)
}

/// `DELETE /api/profile/personal`
pub fn delete_personal(ctx: Ctx) -> Outcome {
    delete(ctx, Section::Personal)
}

/// `DELETE /api/profile/professional`
pub fn delete_professional(ctx: Ctx) -> Outcome {
    delete(ctx, Section::Professional)
}

/// A section. 200; 304; 404 before the first save and after a deletion.
fn find(ctx: Ctx, section: Section) -> Outcome {
    let fresh = ctx.freshness();
    ctx.read(|read, who| {
        let user = who.user()?;
        let found = profiles::find(read, user, section)?.ok_or(Error::NotFound("profile"))?;
        let reply = || Response::json(200, &profile_json(section, &found));
        fresh?.answer(tag(section, user, found.version), reply)
    })
}

/// What a save says of a field that it does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// That it is empty: PUT.
    Whole,
    /// Nothing: PATCH.
    Merged,
}

/// Makes or changes a section. 201 where it made it, 200 else; 422; 409, 412, 428 for its version, which is 0
/// where there is none.
fn save(ctx: Ctx, section: Section, way: Way) -> Outcome {
    let edit = ctx.edit();
    ctx.write(move |tx, who| {
        let user = who.user()?;
        let found = profiles::find(tx, user, section)?;
        let tag = found.as_ref().map(|found| tag(section, user, found.version));
        let resource = || found.as_ref().map_or(json!({}), |found| profile_json(section, found));
        let standing = found.as_ref().zip(tag.as_deref()).map(|(found, etag)| Standing {
            version: found.version,
            etag,
            resource: &resource,
        });
        let body = edit.admit_or_create(standing.as_ref())?;
        let mut base = resource();
        if let (Way::Whole, Value::Object(members)) = (way, &mut base) {
            members.retain(|name, _| name == "updated_at");
        }
        let late = too_late(section, body, &profiles::born_max(tx.now()));
        let whole = patching(section).merged_with(base, body, late)?;
        let values = values(section, &whole);
        let is_new = found.is_none();
        let saved = match found {
            Some(found) if found.values == values => found,
            found => {
                let expected = found.map_or(0, |found| found.version);
                profiles::save(tx, user, section, expected, values)?
            }
        };
        Ok(told(section, way, user, &saved, is_new))
    })
}

/// What a save answers. No `ETag` on PUT: what was stored is not what was sent (RFC 9110 §9.3.4).
fn told(section: Section, way: Way, user: UserId, saved: &Profile, is_new: bool) -> Response {
    let mut body = profile_json(section, saved);
    if let Value::Object(members) = &mut body {
        members.insert("is_new".into(), json!(is_new));
    }
    let mut reply = Response::json(if is_new { 201 } else { 200 }, &body);
    if is_new {
        reply.set("Location", format!("/api/profile/{}", section.name()));
    }
    if way == Way::Merged {
        reply.set("ETag", tag(section, user, saved.version));
    }
    reply
}

/// Deletes a section. 200; 404 where there is none; 409, 412, 428 for its version.
fn delete(ctx: Ctx, section: Section) -> Outcome {
    let edit = ctx.edit();
    ctx.write(move |tx, who| {
        let user = who.user()?;
        let found = profiles::find(tx, user, section)?.ok_or(Error::NotFound("profile"))?;
        let tag = tag(section, user, found.version);
        let resource = || profile_json(section, &found);
        edit.admit(&Standing { version: found.version, etag: &tag, resource: &resource })?;
        profiles::delete(tx, user, section, found.version)?;
        Ok(Response::json(200, &json!({"deleted": true})))
    })
}
