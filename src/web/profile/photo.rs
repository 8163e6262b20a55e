//! The own photo, in the page of the profile.

use super::super::asks::Asks;
use super::super::icons::{Icon, icon};
use super::super::parts::Act;
use super::super::settings::panel;
use super::super::words::Words;
use super::super::{SENT, takes};
use super::View;
use crate::domain::photos::{self, PhotoHash};
use crate::error::{Denied, Error};
use crate::http::multipart;
use crate::http::route::About;
use crate::http::{Ctx, Outcome, Problem, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// `POST /profile`
pub const UPLOAD_ABOUT: About = About::new("Makes a photo of a picture", SENT)
    .upload(&["multipart/form-data"])
    .problems(&[400, 403, 413]);
/// `POST /profile/photo/delete`
pub const DELETE_ABOUT: About = takes("Removes the own photo");

/// The photo with what changes it.
pub(super) fn panel_of(all: &Words, photo: Option<PhotoHash>, fault: Option<&str>) -> Markup {
    let words = &all.profile;
    let form = html! {
        div.photo {
            div.portrait {
                @match photo {
                    Some(hash) => img src={ "/photos/" (hash) ".jpg" } alt=(words.photo_alt) width="128" height="128";
                    None => (icon(Icon::Person))
                }
            }
            div.stack {
                form.stack.upload method="post" action="/profile" enctype="multipart/form-data" {
                    div.field {
                        label for="photo" { (words.choose) }
                        input #photo type="file" name="photo" required accept=(photos::MEDIA_TYPES.join(","))
                            aria-invalid=[fault.map(|_| "true")] aria-describedby="photo-hint";
                        @match fault {
                            Some(fault) => p #photo-hint .fault role="alert" { (fault) },
                            None => p #photo-hint .hint { (words.photo_hint) }
                        }
                    }
                    div { button.plain { (words.upload) } }
                }
                @if photo.is_some() {
                    (Act::new("/profile/photo/delete", words.remove).class("link").show(""))
                }
            }
        }
    };
    panel(words.photo, words.photo_lead, &form)
}

/// Makes a photo of the picture in the form. 303; 413; 422 with the page; 503 if too many wait. Two doors, for the
/// reason that `PUT /api/profile/photo` has.
pub fn upload(ctx: Ctx) -> Outcome {
    ctx.first_door(|_, _| Ok(()))?;
    let (asks, state) = (Asks::of(&ctx), Arc::clone(ctx.state()));
    let field = ctx.request().head.headers.get("content-type").unwrap_or_default();
    let parts = multipart::parts(field, ctx.upload()?)?;
    let file = parts.iter().find(|part| part.name == "photo");
    let made = match file.and_then(|file| Some((file.content, file.media_type?))) {
        Some((content, media_type)) if !content.is_empty() => {
            state.decoders.run(|| photos::make(content, media_type))?
        }
        _ => {
            Err(Error::Refused(Denied { code: "image-missing", detail: "No picture was chosen." }))
        }
    };
    let made = match made {
        Ok(photo) => Ok(photo),
        Err(Error::Refused(why)) => Err(why),
        Err(error) => return Err(error.into()),
    };
    ctx.write(move |tx, who| match &made {
        Ok(photo) => {
            photos::put(tx, who.user()?, photo)?;
            Ok(Response::new(303).with("Location", "/profile?note=photo"))
        }
        Err(why) => {
            let view = View::of(&asks, tx, who)?;
            let fault = (view.frame.words.profile.photo_fault)(why.code);
            Err(Problem::page(view.page(422, None, Some(fault), None)))
        }
    })
}

/// Removes the photo. 303.
pub fn delete(ctx: Ctx) -> Outcome {
    ctx.form()?;
    ctx.write(|tx, who| {
        photos::delete(tx, who.user()?)?;
        Ok(Response::new(303).with("Location", "/profile?note=no-photo"))
    })
}
