//! The own profile: its two sections, each a form that bears what it began with, and the photo (`photo`). What was
//! saved elsewhere meanwhile is put together with what a form brings, field by field (`merging`).

mod merging;
pub mod photo;

use super::asks::Asks;
use super::forms::{Field, Sent, summary};
use super::layout::{Frame, Place, Sheet};
use super::merge::packed;
use super::parts::time;
use super::settings::panel;
use super::{HTML, shows};
use crate::domain::photos::{self, PhotoHash};
use crate::domain::profiles::{self, Profile, Section};
use crate::error::{Error, Fault, Result};
use crate::http::bodies::profiles::{content, too_late, values};
use crate::http::route::{About, Content, Reply};
use crate::http::{Caller, Ctx, Outcome, Problem, Response};
use crate::store::Read;
use crate::store::tx::Named;
use maud::{Markup, html};
use merging::{Attempt, Conflict, body, standing};

/// `GET /profile`
pub const SHOW_ABOUT: About = shows("The own profile");
/// `POST /profile/personal`
pub const PERSONAL_ABOUT: About = saves("Changes the personal section of the own profile");
/// `POST /profile/professional`
pub const PROFESSIONAL_ABOUT: About = saves("Changes the professional section of the own profile");

const fn saves(summary: &'static str) -> About {
    const SAVED: &[Reply] = &[
        Reply { status: 303, about: "Saved", content: Content::Nothing },
        Reply {
            status: 409,
            about: "Both sides changed the same: asks which counts",
            content: HTML,
        },
        Reply { status: 422, about: "The form with its faults", content: HTML },
    ];
    About::new(summary, SAVED).problems(&[403, 415]).edits()
}

/// The page with what stands.
struct View {
    frame: Frame,
    photo: Option<PhotoHash>,
    sections: [(Section, Option<Profile>); 2],
}

/// A section's form as it was sent, and what is wrong with it.
type Typed<'a> = (Section, &'a Sent, &'a [Fault]);

impl View {
    fn of(asks: &Asks, read: &Read<'_>, who: &Caller) -> Result<Self> {
        let user = who.user()?;
        let find = |section| profiles::find(read, user, section).map(|found| (section, found));
        Ok(Self {
            frame: Frame::of(asks, read, who)?,
            photo: photos::find(read, user)?,
            sections: [find(Section::Personal)?, find(Section::Professional)?],
        })
    }

    fn page(
        &self,
        status: u16,
        typed: Option<Typed<'_>>,
        photo_fault: Option<&str>,
        note: Option<&str>,
    ) -> Response {
        let words = &self.frame.words.profile;
        let content = html! {
            header { div.stack.tight { h1 { (words.title) } p.quiet { (words.lead) } } }
            (photo::panel_of(self.frame.words, self.photo, photo_fault))
            @for (section, standing) in &self.sections {
                (self.form(*section, standing.as_ref(), typed.filter(|(typed, ..)| typed == section)))
            }
        };
        let sheet = Sheet::new(words.title, content).at(Place::Profile).scripts(&["profile.js"]);
        self.frame.page(status, &sheet.note(note))
    }

    fn form(
        &self,
        section: Section,
        standing: Option<&Profile>,
        typed: Option<Typed<'_>>,
    ) -> Markup {
        let (all, words) = (self.frame.words, &self.frame.words.profile);
        let stands = merging::standing(section, standing);
        let held = Sent::of_fields(&stands);
        let (sent, faults) = typed.map_or((&held, &[][..]), |(_, sent, faults)| (sent, faults));
        let form = html! {
            form.stack id=(section.name()) method="post" action={ "/profile/" (section.name()) }
                data-dirty[typed.is_some()] {
                (summary(all, faults))
                input type="hidden" name="base" value=(packed(&stands));
                input type="hidden" name="version" value=(standing.map_or(0, |standing| standing.version));
                div.fields.two {
                    @for name in order(section) {
                        div.wide[is_long(name)] {
                            (field(name, (words.field)(name), (words.hint)(name)).show(all, sent, faults))
                        }
                    }
                }
                div.row {
                    button { (all.shell.save) }
                    @if let Some(standing) = standing {
                        span.quiet.small { (words.saved_at) " " (time(all, standing.updated)) }
                    }
                    @if typed.is_some() { a.button.plain href="/profile" { (words.discard) } }
                }
            }
        };
        let (title, lead) = match section {
            Section::Personal => (words.personal, words.personal_lead),
            Section::Professional => (words.professional, words.professional_lead),
        };
        panel(title, lead, &form)
    }
}

/// A section's fields as the form shows them: first what a card shows first.
fn order(section: Section) -> Vec<&'static str> {
    let first: &[&str] = match section {
        Section::Personal => &["full_name", "pronouns", "bio", "website", "date_of_birth"],
        Section::Professional => &[],
    };
    let rest = section.fields().iter().filter(|name| !first.contains(name));
    first.iter().chain(rest).copied().collect()
}

/// Whether a field takes lines.
fn is_long(name: &str) -> bool {
    matches!(name, "bio" | "home_address" | "office_address" | "office_hours")
}

/// A section's field.
fn field<'a>(name: &'a str, label: &'a str, hint: &'a str) -> Field<'a> {
    kind_of(name, Field::line(name, label).hint(hint).bare())
}

/// What may be typed in the field of this name. Browsers know most of them.
fn kind_of<'a>(name: &str, field: Field<'a>) -> Field<'a> {
    let field = match name {
        _ if is_long(name) => field.kind("textarea"),
        "date_of_birth" => field.kind("date"),
        "website" | "company_website" => field.kind("url"),
        _ if name.ends_with("_email") => field.kind("email"),
        _ if name.ends_with("_number") || name == "office_phone" => field.kind("tel"),
        _ => field,
    };
    match name {
        "full_name" => field.autocomplete("name").max(profiles::NAME_MAX),
        "date_of_birth" => field.autocomplete("bday"),
        "primary_email" => field.autocomplete("email"),
        "mobile_number" => field.autocomplete("tel").max(profiles::PHONE_MAX),
        "home_address" => field.autocomplete("street-address").max(profiles::ADDRESS_MAX),
        "bio" => field.max(profiles::BIO_MAX),
        "pronouns" => field.max(profiles::PRONOUNS_MAX),
        "website" => field.autocomplete("url"),
        "designation" => field.autocomplete("organization-title").max(profiles::NAME_MAX),
        "company_name" => field.autocomplete("organization").max(profiles::NAME_MAX),
        "office_address" | "office_hours" => field.max(profiles::ADDRESS_MAX),
        _ => field,
    }
}

/// The profile. 200.
pub fn show(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    ctx.read(|read, who| {
        let view = View::of(&asks, read, who)?;
        let words = &view.frame.words.profile;
        let note = match asks.note.as_deref() {
            Some("saved") => Some(words.saved),
            Some("merged") => Some(words.merged),
            Some("photo") => Some(words.photo_saved),
            Some("no-photo") => Some(words.photo_removed),
            _ => None,
        };
        Ok(view.page(200, None, None, note))
    })
}

/// Changes the personal section. 303; 409 where both sides changed the same; 422.
pub fn save_personal(ctx: Ctx) -> Outcome {
    save(ctx, Section::Personal)
}

/// Changes the professional section. 303; 409 where both sides changed the same; 422.
pub fn save_professional(ctx: Ctx) -> Outcome {
    save(ctx, Section::Professional)
}

fn save(ctx: Ctx, section: Section) -> Outcome {
    let (attempt, asks) = (Attempt::of(section, &Sent::of(&ctx)?), Asks::of(&ctx));
    ctx.write(move |tx, who| {
        let user = who.user()?;
        let found = profiles::find(tx, user, section)?;
        let (theirs, version) =
            (standing(section, found.as_ref()), found.as_ref().map_or(0, |found| found.version));
        let merged = attempt.put_together(version, &theirs);
        if !merged.told.collisions.is_empty() {
            let frame = &Frame::of(&asks, tx, who)?;
            let stands = found.as_ref().map(|found| (found.version, found.updated));
            let conflict = Conflict { frame, section, stands, theirs: &theirs, merged: &merged };
            return Err(Problem::stale_page(conflict.page()));
        }
        let refused = |faults: &[Fault]| -> Outcome {
            let sent = Sent::of_fields(&merged.fields);
            let view = View::of(&asks, tx, who)?;
            Err(Problem::page(view.page(422, Some((section, &sent, faults)), None, None)))
        };
        let note = if merged.told.taken.is_empty() { "saved" } else { "merged" };
        let done = Response::new(303).with("Location", format!("/profile?note={note}"));
        if merged.fields == theirs {
            return Ok(done);
        }
        let body = body(&merged.fields);
        let mut faults = too_late(section, &body, &profiles::born_max(tx.now()));
        faults.extend(content(section).faults(&body));
        if !faults.is_empty() {
            return refused(&faults);
        }
        match profiles::save(tx, user, section, version, values(section, &body)) {
            Ok(_) => Ok(done),
            Err(Error::Invalid(faults)) => refused(&faults),
            Err(error) => Err(error.into()),
        }
    })
}
