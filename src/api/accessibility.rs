//! How somebody needs the pages to be.

use super::Patching;
use crate::domain::accessibility;
use crate::domain::users::UserId;
use crate::http::bodies::accessibility::{
    CONTENT, CONTRAST, FONT, KEYS, LARGE, MOTION, SCALE, SCALE_ABOUT, SIZE, settings,
};
use crate::http::precondition::{Standing, etag_of};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, optional, required};
use crate::http::{Ctx, Outcome, Response};
use serde_json::{Value, json};

const SETTINGS: Shape = Shape {
    name: "AccessibilitySettings",
    fields: &[
        required("high_contrast", "", Kind::Flag),
        required("reduced_motion", "", Kind::Flag),
        required("large_text", "", Kind::Flag),
        required("dyslexia_font", "", Kind::Flag),
        required("text_scale", SCALE_ABOUT, SCALE),
        KEYS,
        required(
            "version",
            "0: nothing has been saved yet.",
            Kind::Integer { min: 0, max: INTEGER_MAX },
        ),
    ],
};

const PATCH: Shape = Shape {
    name: "AccessibilityPatch",
    fields: &[
        CONTRAST,
        MOTION,
        LARGE,
        FONT,
        SIZE,
        KEYS,
        optional("version", "The version it builds upon, if If-Match is absent.", Kind::Version),
    ],
};
const PATCHING: Patching = Patching { patch: &PATCH, content: &CONTENT, read_only: &[] };

/// `GET /api/settings/accessibility`
pub const FIND_ABOUT: About = About::new(
    "How you need the pages to be; the defaults before the first save",
    &[
        Reply { status: 200, about: "The settings", content: Content::Json(&SETTINGS) },
        Reply { status: 304, about: "They are as If-None-Match says", content: Content::Nothing },
    ],
);
/// `PATCH /api/settings/accessibility`
pub const UPDATE_ABOUT: About = About::new(
    "Changes how you need the pages to be; the first save builds upon version 0",
    &[Reply {
        status: 200,
        about: "The settings as they stand now",
        content: Content::Json(&SETTINGS),
    }],
)
.body(&PATCH)
.versioned();

fn settings_json(standing: &accessibility::Standing) -> Value {
    let settings = &standing.settings;
    let mut told = json!({
        "high_contrast": settings.high_contrast,
        "reduced_motion": settings.reduced_motion,
        "large_text": settings.large_text,
        "dyslexia_font": settings.dyslexia_font,
        "text_scale": settings.text_scale,
        "version": standing.version,
    });
    if let (true, Some(members)) = (settings.no_character_keys, told.as_object_mut()) {
        members.insert("no_character_keys".to_owned(), Value::Bool(true));
    }
    told
}

/// Not the account's tag at the same version.
fn tag(user: UserId, version: i64) -> String {
    etag_of(&format!("settings-{user}"), version)
}

/// The own settings. 200; 304.
pub fn find(ctx: Ctx) -> Outcome {
    let fresh = ctx.freshness();
    ctx.read(|read, who| {
        let user = who.user()?;
        let standing = accessibility::of(read, user)?;
        fresh?
            .answer(tag(user, standing.version), || Response::json(200, &settings_json(&standing)))
    })
}

/// Changes the own settings. 200; 422; 409, 412, 428 for their version.
pub fn update(ctx: Ctx) -> Outcome {
    let edit = ctx.edit();
    ctx.write(move |tx, who| {
        let user = who.user()?;
        let found = accessibility::of(tx, user)?;
        let resource = || settings_json(&found);
        let etag = tag(user, found.version);
        let standing = Standing { version: found.version, etag: &etag, resource: &resource };
        let body = edit.admit(&standing)?;
        let asked = settings(&PATCHING.merged(resource(), body)?);
        let mut now = found;
        // A first save counts, also of what is the default already.
        if found.version == 0 || asked != found.settings {
            now = accessibility::save(tx, user, found.version, &asked)?;
        }
        Ok(Response::json(200, &settings_json(&now)).with("ETag", tag(user, now.version)))
    })
}
