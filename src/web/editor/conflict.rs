//! The page of a conflict: what both sides changed comes first and is asked, what could be put together is told, and
//! one button saves it all. It is a form like any other; what it sends is what the editor sends.

use super::draft::{Draft, Row, SECTIONS};
use super::fields::hidden;
use super::merge::{LINK, Merged, ORDER};
use crate::domain::cards::Card;
use crate::domain::cards::{LeadRouting, Template, Visibility};
use crate::http::Response;
use crate::web::card::platform_name;
use crate::web::conflicts::{Question, folded, other};
use crate::web::layout::{Frame, Place, Sheet};
use crate::web::merge::Settled;
use crate::web::words::editor::Editor as Words;
use maud::{Markup, html};

/// A conflict to be decided.
pub(super) struct Conflict<'a> {
    /// Whom the page is for.
    pub frame: &'a Frame,
    /// The card as it stands.
    pub card: &'a Card,
    /// What the form began with.
    pub base: &'a Draft,
    /// The same as a draft: what they made of it.
    pub theirs: &'a Draft,
    /// What both sides come to, and what is asked.
    pub merged: &'a Merged,
    /// Whether the form was sent without an answer to everything.
    pub is_again: bool,
}

impl Conflict<'_> {
    /// The page. 409; 200 if nothing is asked, and somebody only wants to look.
    pub(super) fn page(&self) -> Response {
        let all = self.frame.words;
        let words = &all.editor;
        let version = self.card.version;
        let asked = self.merged.told.collisions.join(" ");
        let content = html! {
            header.stack.tight {
                h1 { (words.conflict) }
                p { ((words.conflict_lead)(self.merged.told.collisions.len())) }
                p.quiet.small {
                    (words.conflict_when) " "
                    time datetime=(self.card.updated) { ((all.day)(self.card.updated)) }
                }
            }
            div.desk {
                form #conflict.editor method="post" action={ "/cards/" (self.card.id) "/edit" } {
                    (hidden(&self.merged.draft))
                    input type="hidden" name="version" value=(version);
                    input type="hidden" name="base" value=(self.theirs.packed());
                    input type="hidden" name="asked" value=(asked);
                    @for name in &self.merged.told.collisions { (self.question(name)) }
                    (self.folded())
                    div.bar {
                        p.quiet { a href={ "/cards/" (self.card.id) "/edit" } { (words.undo) } }
                        button.save { ((words.save_as)(version + 1)) }
                    }
                }
                section #preview.preview aria-label=(words.preview) {
                    iframe name="preview" title=(words.preview) sandbox="allow-same-origin"
                        src={ "/cards/preview?draft=" (self.merged.draft.packed()) } {}
                    button.plain.tight.refresh form="conflict" formaction="/cards/preview" formtarget="preview"
                        formnovalidate { (words.preview_go) }
                }
            }
        };
        let sheet = Sheet::new(words.conflict, content)
            .at(Place::Cards)
            .scripts(&["editor.js", "conflict.js"]);
        let status = if self.merged.told.collisions.is_empty() { 200 } else { 409 };
        self.frame.page(status, &sheet)
    }

    fn question(&self, name: &str) -> Markup {
        let words = &self.frame.words.editor;
        let question = Question {
            name,
            title: &title(words, name, self.merged, self.theirs),
            yours: &told(words, &self.merged.draft, name),
            theirs: &told(words, self.theirs, name),
            third: self.third(name),
        };
        question.show(words, self.is_again)
    }

    /// What is neither yours nor theirs: typed, where there is something to type.
    fn third(&self, name: &str) -> Option<Markup> {
        let (words, other) = (&self.frame.words.editor, other(name));
        if let Some(id) = name.strip_prefix(LINK) {
            let row = self.row(id);
            return Some(html! {
                div.fields.two {
                    @for (member, label, text) in [
                        ("url", words.link_url, &row.url),
                        ("label", words.link_label, &row.label),
                    ] {
                        div.field {
                            label for={ (other) "." (member) } { (label) }
                            input id={ (other) "." (member) } name={ (other) "." (member) } value=(text);
                        }
                    }
                }
            });
        }
        matches!(name, "name" | "slug" | "primary_color").then(|| {
            html! {
                div.field {
                    label for=(other) { (words.other_value) }
                    input id=(other) name=(other) type=(if name == "primary_color" { "color" } else { "text" })
                        value=(self.merged.draft.text(name));
                }
            }
        })
    }

    fn row(&self, id: &str) -> Row {
        let of = |draft: &Draft| draft.links.iter().find(|row| row.id == id).cloned();
        of(&self.merged.draft).or_else(|| of(self.theirs)).unwrap_or_default()
    }

    /// What nobody has to decide.
    fn folded(&self) -> Markup {
        let words = &self.frame.words.editor;
        let Settled { collisions, taken, kept } = &self.merged.told;
        let told = |names: &[String]| -> Vec<(String, String)> {
            let titled = |name: &String| title(words, name, self.merged, self.base);
            let told = |name: &String| told(words, &self.merged.draft, name);
            names.iter().map(|name| (titled(name), told(name))).collect()
        };
        folded(words, &told(kept), &told(taken), collisions.is_empty())
    }
}

/// Whether something that was asked is still a question: the two sides say different things.
pub(super) fn is_asked(name: &str, yours: &Draft, theirs: &Draft) -> bool {
    let row = |draft: &Draft, id: &str| draft.links.iter().find(|row| row.id == id).cloned();
    match name.strip_prefix(LINK) {
        Some(id) => row(yours, id) != row(theirs, id),
        None if name == ORDER => true,
        None => yours.text(name) != theirs.text(name),
    }
}

/// What something is called.
pub(super) fn title(words: &Words, name: &str, merged: &Merged, other: &Draft) -> String {
    if let Some(id) = name.strip_prefix(LINK) {
        let rows = merged.draft.links.iter().chain(&other.links);
        let row = rows.into_iter().find(|row| row.id == id).cloned().unwrap_or_default();
        let told = if row.label.is_empty() { platform_name(&row.platform) } else { row.label };
        return format!("{} · {told}", words.links);
    }
    let fields =
        SECTIONS.iter().flat_map(|s| s.fields().iter().map(move |f| super::draft::tick(*s, f)));
    let known = fields.zip(words.fields).find(|(tick, _)| tick == name);
    let title = match name {
        "name" => words.name,
        "slug" => words.slug,
        "template_type" => words.template,
        "primary_color" => words.color,
        "font" => words.font,
        "layout" => words.layout,
        "visibility" => words.visibility,
        "lead_routing" => words.routing,
        ORDER => words.order,
        _ => known.map_or("", |(_, told)| told),
    };
    title.to_owned()
}

/// What a draft has there, as people say it.
pub(super) fn told(words: &Words, draft: &Draft, name: &str) -> String {
    fn word(values: &[&str], told: &[&str], text: &str) -> String {
        let found = values.iter().zip(told).find(|(value, _)| **value == text);
        found.map_or_else(|| text.to_owned(), |(_, told)| (*told).to_owned())
    }
    let text = draft.text(name);
    let firsts = |pairs: &[(&'static str, &'static str)]| -> Vec<&'static str> {
        pairs.iter().map(|(first, _)| *first).collect()
    };
    if let Some(id) = name.strip_prefix(LINK) {
        let row = draft.links.iter().find(|row| row.id == id);
        return row.map_or_else(|| words.removed.to_owned(), line);
    }
    match name {
        ORDER => draft.links.iter().map(short).collect::<Vec<_>>().join(" · "),
        "template_type" => word(Template::WORDS, &firsts(&words.templates), text),
        "visibility" => word(Visibility::WORDS, &firsts(&words.visibilities), text),
        "lead_routing" => word(LeadRouting::WORDS, &firsts(&words.routings), text),
        "font" => word(&["", "sans", "serif", "mono"], &words.fonts, text),
        "layout" => word(&["", "vertical", "horizontal"], &words.layouts, text),
        _ if name.contains('.') => {
            (if draft.ticked(name) { words.shown } else { words.hidden }).to_owned()
        }
        _ if text.is_empty() => words.empty.to_owned(),
        _ => text.to_owned(),
    }
}

fn short(row: &Row) -> String {
    if row.label.is_empty() { platform_name(&row.platform) } else { row.label.clone() }
}

fn line(row: &Row) -> String {
    format!("{} — {}", short(row), row.url)
}
