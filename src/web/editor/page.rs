//! The page of the editor: the form, the card beside it, and the bar that tells how things stand.

use super::draft::{Draft, SECTIONS};
use super::fields::Fields;
use crate::domain::cards::Card;
use crate::domain::profiles::{self, Profile};
use crate::domain::users::UserId;
use crate::error::{Error, Fault, Result};
use crate::http::Response;
use crate::http::state::State;
use crate::store::Read;
use crate::web::forms::{once, summary};
use crate::web::icons::{Icon, icon};
use crate::web::keys::keys;
use crate::web::layout::{Frame, Place, Sheet};
use maud::{Markup, html};

/// A page has an address of at most so many bytes for what it previews; else the preview shows what is saved.
const ADDRESS_MAX: usize = 6_000;

/// The editor of a card that stands, or of one that is to be made.
pub struct Desk<'a> {
    /// Whom it is for.
    pub frame: &'a Frame,
    /// The installation.
    pub state: &'a State,
    /// The card as it stands; `None` if it is to be made.
    pub card: Option<&'a Card>,
    /// The form's contents.
    pub draft: &'a Draft,
    /// What they began with.
    pub base: &'a Draft,
    /// The version of that.
    pub version: i64,
    /// What is wrong.
    pub faults: &'a [Fault],
    /// The link to go on with.
    pub focus: Option<usize>,
    /// What the person's profile holds.
    pub profiles: [Option<Profile>; 2],
}

/// Both sections of a person's profile.
pub fn profiles_of(read: &Read<'_>, user: UserId) -> Result<[Option<Profile>; 2]> {
    let [personal, professional] = SECTIONS.map(|section| profiles::find(read, user, section));
    Ok([personal?, professional?])
}

impl Desk<'_> {
    /// The page.
    pub fn page(
        &self,
        status: u16,
        title: &str,
        lead: Option<&str>,
        note: Option<String>,
    ) -> Response {
        let content = html! {
            header.stack.tight {
                h1 dir="auto" { (title) }
                @if let Some(lead) = lead { p.quiet { (lead) } }
            }
            div.desk {
                (self.form())
                (self.preview())
            }
            (dialogs(self.frame))
        };
        let sheet = Sheet::new(title, content).at(Place::Cards).note(note);
        self.frame.page(status, &sheet.scripts(&["editor.js"]))
    }

    fn action(&self) -> String {
        self.card.map_or_else(|| "/cards".to_owned(), |card| format!("/cards/{}/edit", card.id))
    }

    fn form(&self) -> Markup {
        let all = self.frame.words;
        let words = &all.editor;
        let fields = Fields { words: all, draft: self.draft, faults: self.faults };
        let is_new = self.card.is_none();
        let id = self.card.map(|card| card.id.to_string());
        let is_dirty = self.draft != self.base;
        let is_used = !self.faults.is_empty() || !self.draft.links.is_empty();
        html! {
            form #editor.editor method="post" action=(self.action()) data-card=[id] data-version=(self.version)
                data-dirty[is_dirty] novalidate {
                // What Enter does in a field: a form is sent by its first button.
                button.visually-hidden tabindex="-1" aria-hidden="true" { (all.shell.save) }
                (summary(all, self.faults))
                @if is_new { (once()) } @else {
                    input type="hidden" name="version" value=(self.version);
                    input type="hidden" name="base" value=(self.base.packed());
                }
                section.fields {
                    (fields.name())
                    @if !is_new { (fields.slug(&self.state.public_url, false)) }
                }
                section.stack { h2 { (words.look) } (fields.look()) }
                @if is_new {
                    details.folded open[is_used] {
                        summary { (words.further) }
                        section.fields { (fields.slug(&self.state.public_url, true)) }
                        (self.rest(&fields))
                    }
                } @else {
                    (self.rest(&fields))
                }
                (self.bar(is_dirty))
            }
        }
    }

    /// What a card can do without.
    fn rest(&self, fields: &Fields<'_>) -> Markup {
        let words = &self.frame.words.editor;
        html! {
            section.stack { h2 #links { (words.links) } (fields.links(self.focus)) }
            section.stack { h2 { (words.shows) } (fields.shown(&self.profiles)) }
            section.stack { (fields.audience()) }
        }
    }

    /// How things stand, and the button that saves.
    fn bar(&self, is_dirty: bool) -> Markup {
        let all = self.frame.words;
        let words = &all.editor;
        let saved = (words.saved)(self.version);
        html! {
            div.bar {
                @if self.card.is_some() {
                    p #standing role="status" data-state=(if is_dirty { "dirty" } else { "saved" })
                        data-dirty=(words.dirty) data-saving=(words.saving) data-offline=(words.offline)
                        data-elsewhere=(words.elsewhere) data-gone=(words.gone) data-restored=(words.restored) {
                        span.dot aria-hidden="true" {}
                        span.told { @if is_dirty { (words.dirty) } @else { (saved) } }
                        " " button.link.review name="review" value="1" hidden { (words.review) }
                    }
                } @else {
                    p #standing.quiet role="status" data-state="new" { span.told {} }
                }
                div.row {
                    // On narrow windows the card's head stays in sight, and this shows all of it. It has no name:
                    // it is no part of what is saved. A window that is low has no room for it and gets a link.
                    label.button.plain.peek {
                        input type="checkbox" autocomplete="off";
                        (icon(Icon::Eye)) span { (words.whole) }
                    }
                    a.button.plain.jump href="#preview" { (icon(Icon::Eye)) span { (words.preview) } }
                    @if self.card.is_some() {
                        button.save { (all.shell.save) }
                    } @else {
                        button.save { (all.cards.create) }
                    }
                }
            }
        }
    }

    fn preview(&self) -> Markup {
        let words = &self.frame.words.editor;
        let packed = self.draft.packed();
        let address = match packed.len() {
            0..ADDRESS_MAX => format!("/cards/preview?draft={packed}"),
            _ => format!("/cards/preview?draft={}", Draft::new(self.draft.text("name")).packed()),
        };
        html! {
            section #preview.preview aria-label=(words.preview) {
                iframe name="preview" title=(words.preview) src=(address) sandbox="allow-same-origin" {}
                button.plain.tight.refresh form="editor" formaction="/cards/preview" formtarget="preview"
                    formnovalidate data-key="p" { (icon(Icon::Refresh)) (words.preview_go) }
            }
        }
    }
}

/// What a script shows: signing in where one is, and the keys.
fn dialogs(frame: &Frame) -> Markup {
    let words = frame.words;
    html! {
        dialog #sign-in aria-labelledby="sign-in-title" {
            form.stack method="dialog" {
                h2 #sign-in-title { (words.editor.sign_in) }
                p { (words.editor.sign_in_lead) }
                p.fault role="alert" hidden { (words.editor.sign_in_wrong) }
                div.field {
                    label for="again-email" { (words.account.email) }
                    input #again-email name="email" type="email" autocomplete="username" required;
                }
                div.field {
                    label for="again-password" { (words.account.password) }
                    input #again-password name="password" type="password" autocomplete="current-password" required;
                }
                div.row {
                    button value="go" { (words.account.sign_in) }
                    button.plain value="cancel" formnovalidate { (words.shell.cancel) }
                }
            }
        }
        (keys(frame, &words.editor.keys))
    }
}

/// What is wrong with a card, at the fields of its form: what a shape says, and what the domain refuses.
pub fn faults(frame: &Frame, error: Error) -> Result<Vec<Fault>, Error> {
    let words = frame.words;
    let told = |pointer: &str, code: &'static str, detail: String| {
        Ok(vec![Fault { pointer: pointer.to_owned(), code, detail }])
    };
    match error {
        Error::Conflict(conflict) if conflict.code == "slug-taken" => {
            let free = conflict.members.get("suggestions").and_then(serde_json::Value::as_array);
            let free: Vec<&str> =
                free.into_iter().flatten().filter_map(|slug| slug.as_str()).collect();
            let detail = format!(
                "{} {} {}",
                words.editor.slug_taken,
                words.editor.slug_free,
                free.join(", ")
            );
            told("/slug", "taken", detail)
        }
        Error::Conflict(conflict) if conflict.code == "quota-exceeded" => {
            let limit = conflict.members.get("limit").and_then(serde_json::Value::as_i64);
            told("", "quota", (words.cards.quota)(limit.unwrap_or_default()))
        }
        Error::Invalid(faults) => Ok(faults.into_iter().map(at_field).collect()),
        other => Err(other),
    }
}

/// A fault of a member of the design stands at the field that the form has for it.
fn at_field(mut fault: Fault) -> Fault {
    if let Some(rest) = fault.pointer.strip_prefix("/design_config") {
        fault.pointer = rest.to_owned();
    }
    fault
}
