//! The own photo, and everybody's by its name.

use crate::domain::photos::{self, PhotoHash};
use crate::error::Error;
use crate::http::precondition::Edit;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, required};
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use serde_json::{Value, json};
use std::sync::Arc;

const PHOTO: Shape = Shape {
    name: "Photo",
    fields: &[required("photo_url", "Where it is.", Kind::Nullable(&Kind::Text))],
};

/// `GET /api/profile/photo`
pub const FIND_ABOUT: About = About::new(
    "Where the own photo is",
    &[
        Reply { status: 200, about: "There it is", content: Content::Json(&PHOTO) },
        Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
    ],
)
.problems(&[404]);
/// `PUT /api/profile/photo`
pub const PUT_ABOUT: About = About::new(
    "Makes a photo of a picture; nothing else of the file is kept",
    &[Reply { status: 200, about: "There it is", content: Content::Json(&PHOTO) }],
)
.upload(photos::MEDIA_TYPES)
.problems(&[412]);
/// `DELETE /api/profile/photo`
pub const DELETE_ABOUT: About = About::new(
    "Deletes the own photo, if there is one",
    &[Reply { status: 200, about: "There is none", content: Content::Json(&PHOTO) }],
)
.problems(&[412]);
/// `GET /photos/{hash}.jpg`
pub const SHOW_ABOUT: About = About::new(
    "A photo by the hash of its content",
    &[
        Reply { status: 200, about: "The photo", content: Content::Media("image/jpeg") },
        Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
    ],
);

fn photo_json(state: &State, hash: Option<PhotoHash>) -> Value {
    json!({"photo_url": hash.map(|hash| state.photo_url(hash))})
}

fn tag(hash: PhotoHash) -> String {
    format!("\"{hash}\"")
}

/// Where the own photo is. 200; 304; 404 if there is none.
pub fn find(ctx: Ctx) -> Outcome {
    let fresh = ctx.freshness();
    let state = Arc::clone(ctx.state());
    ctx.read(|read, who| {
        let hash = photos::find(read, who.user()?)?.ok_or(Error::NotFound("photo"))?;
        fresh?.answer(tag(hash), || Response::json(200, &photo_json(&state, Some(hash))))
    })
}

/// Makes a photo of the picture that is sent. 200, also for the same again; 412 if an `If-Match` says
/// otherwise; 415; 422 `image-…`; 503 if too many wait.
///
/// Two doors: the first only asks who it is, so that nobody without a right makes the server decode a file;
/// then one file at a time is decoded with the writer free, and the second door asks everything again.
pub fn put(ctx: Ctx) -> Outcome {
    ctx.first_door(|_, _| Ok(()))?;
    let file = ctx.upload()?;
    let media_type = ctx.essence().unwrap_or_default();
    let state = Arc::clone(ctx.state());
    let photo = state.decoders.run(|| photos::make(file, &media_type))?.map_err(Problem::from);
    let edit = ctx.edit();
    ctx.write(move |tx, who| {
        let user = who.user()?;
        admit(&edit, &state, photos::find(tx, user)?)?;
        let photo = ready(&photo)?;
        photos::put(tx, user, photo)?;
        Ok(Response::json(200, &photo_json(&state, Some(photo.hash))))
    })
}

/// An `If-Match` that is sent is honoured, though a photo has no version (api.md, detail 2).
fn admit(edit: &Edit, state: &State, stands: Option<PhotoHash>) -> Result<(), Problem> {
    edit.admit_tagged(stands.map(tag).as_deref(), || photo_json(state, stands))
}

/// Deletes the own photo. 200, also if there is none; 412 if an `If-Match` says otherwise.
pub fn delete(ctx: Ctx) -> Outcome {
    let edit = ctx.edit();
    let state = Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let user = who.user()?;
        admit(&edit, &state, photos::find(tx, user)?)?;
        photos::delete(tx, user)?;
        Ok(Response::json(200, &photo_json(&state, None)))
    })
}

/// A photo by its name. 200; 304; 404. Nothing of it runs, wherever it is opened.
pub fn show(ctx: Ctx) -> Outcome {
    let hash = PhotoHash::parse(ctx.param("hash")).ok_or(Error::NotFound("photo"));
    let fresh = ctx.freshness();
    ctx.read(|read, _| {
        let hash = hash?;
        let jpeg = photos::jpeg(read, hash)?;
        fresh?.answer(tag(hash), || {
            Response::bytes(200, "image/jpeg", jpeg)
                .with("Cache-Control", "public, max-age=31536000, immutable")
                .with("Content-Disposition", "inline; filename=\"photo.jpg\"")
                .with("Content-Security-Policy", "sandbox; default-src 'none'")
                .with("Cross-Origin-Resource-Policy", "cross-origin")
        })
    })
}
