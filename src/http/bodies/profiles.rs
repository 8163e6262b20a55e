//! The two sections of a profile.

use super::{TIME, VERSION};
use crate::domain::links;
use crate::domain::profiles::{self, Section};
use crate::error::Fault;
use crate::http::shape::{Field, Kind, Shape, line, optional, required};
use crate::http::sign_up::EMAIL;
use serde_json::{Map, Value};

const NAME: Kind = line(1, profiles::NAME_MAX);
const PRONOUNS: Kind = line(1, profiles::PRONOUNS_MAX);
const ADDRESS: Kind = Kind::Prose { min: 1, max: profiles::ADDRESS_MAX };
const BIO: Kind = Kind::Prose { min: 1, max: profiles::BIO_MAX };
const DAY: Kind =
    Kind::Line { min: 10, max: 10, format: Some("date"), rule: Some(profiles::born_rule) };
const PHONE: Kind = Kind::Line {
    min: 3,
    max: profiles::PHONE_MAX,
    format: Some("phone"),
    rule: Some(profiles::phone_rule),
};
const WEBSITE: Kind = Kind::Line {
    min: 1,
    max: links::URL_MAX,
    format: Some("uri"),
    rule: Some(profiles::website_rule),
};

/// The shapes of a section, from one list of its fields: what is told, what a save may hold, and what must
/// hold afterwards.
macro_rules! shapes {
    ($told:ident $told_name:literal, $save:ident $save_name:literal, $content:ident:
     $($field:literal $about:literal $kind:expr),+ $(,)?) => {
        /// The section, as it is told.
        pub const $told: Shape = Shape {
            name: $told_name,
            fields: &[
                $(required($field, $about, Kind::Nullable(&$kind)),)+
                required("version", "", VERSION),
                required("updated_at", "", TIME),
                IS_NEW,
            ],
        };
        /// What a save of it may hold.
        pub const $save: Shape = Shape {
            name: $save_name,
            fields: &[
                $(optional($field, $about, $kind),)+
                optional("version", "The version it builds upon; 0 makes it.", Kind::Version),
                optional("updated_at", "Read-only.", Kind::Text),
                IS_NEW,
            ],
        };
        /// What must hold of it as a whole.
        pub const $content: Shape =
            Shape { name: $told_name, fields: &[$(optional($field, $about, $kind),)+ IS_NEW] };
    };
}

/// Says something of the save that was made, and nothing of the profile: whatever it says is passed over
/// where it is sent back.
const IS_NEW: Field = optional("is_new", "Whether this save made it.", Kind::Flag);

shapes!(PERSONAL "PersonalProfile", SAVE_PERSONAL "SavePersonalProfile", PERSONAL_CONTENT:
    "full_name" "" NAME,
    "date_of_birth" "From 1900-01-01 to tomorrow." DAY,
    "primary_email" "" EMAIL,
    "secondary_email" "" EMAIL,
    "mobile_number" "" PHONE,
    "phone_number" "" PHONE,
    "whatsapp_number" "" PHONE,
    "home_address" "In lines." ADDRESS,
    "bio" "In lines." BIO,
    "pronouns" "" PRONOUNS,
    "website" "http: or https:" WEBSITE,
);
shapes!(PROFESSIONAL "ProfessionalProfile", SAVE_PROFESSIONAL "SaveProfessionalProfile", PROFESSIONAL_CONTENT:
    "designation" "" NAME,
    "department" "" NAME,
    "company_name" "" NAME,
    "company_website" "http: or https:" WEBSITE,
    "office_email" "" EMAIL,
    "office_phone" "" PHONE,
    "office_address" "In lines." ADDRESS,
    "office_hours" "In lines." ADDRESS,
);

/// What must hold of a section as a whole.
pub const fn content(section: Section) -> &'static Shape {
    match section {
        Section::Personal => &PERSONAL_CONTENT,
        Section::Professional => &PROFESSIONAL_CONTENT,
    }
}

/// The fault of a day of birth that is yet to come.
pub fn too_late(section: Section, body: &Map<String, Value>, born_max: &str) -> Vec<Fault> {
    const BORN: &str = "date_of_birth";
    let born = body.get(BORN).filter(|_| section.fields().contains(&BORN));
    let born = born.and_then(Value::as_str).map(str::trim);
    let late = born.filter(|born| profiles::born_rule(born).is_ok() && *born > born_max);
    let fault = |_| Fault {
        pointer: format!("/{BORN}"),
        code: "range",
        detail: format!("must not be after {born_max}"),
    };
    late.map(fault).into_iter().collect()
}

/// What checked members come to, in the order of the section's fields.
pub fn values(section: Section, members: &Map<String, Value>) -> Vec<Option<String>> {
    section.fields().iter().map(|field| text(members, field)).collect()
}

/// A member, [`tidied`].
fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name).and_then(Value::as_str).map(tidied)
}

/// A text as it is kept: trimmed, its lines ended by line feeds.
pub fn tidied(text: &str) -> String {
    text.trim().replace("\r\n", "\n").replace('\r', "\n")
}
