//! The page of a conflict: what both sides changed comes first and is asked, what could be put together is told, and
//! one button saves it all. It is a form like any other; what it sends is what the editor sends.

use super::draft::{Draft, Row, SECTIONS};
use super::fields::hidden;
use super::merge::{LINK, Merged, ORDER};
use crate::domain::cards::Card;
use crate::domain::cards::{LeadRouting, Template, Visibility};
use crate::http::Response;
use crate::web::card::platform_name;
use crate::web::layout::{Frame, Place, Sheet};
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
        let asked = self.merged.collisions.join(" ");
        let content = html! {
            header.stack.tight {
                h1 { (words.conflict) }
                p { ((words.conflict_lead)(self.merged.collisions.len())) }
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
                    @for name in &self.merged.collisions { (self.question(name)) }
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
        let sheet = Sheet::new(words.conflict, content).at(Place::Cards).scripts(&["editor.js"]);
        let status = if self.merged.collisions.is_empty() { 200 } else { 409 };
        self.frame.page(status, &sheet)
    }

    fn question(&self, name: &str) -> Markup {
        let words = &self.frame.words.editor;
        let (title, pick) = (title(words, name, self.merged, self.theirs), format!("pick.{name}"));
        let fault = format!("{name}-fault");
        let described = self.is_again.then_some(&fault);
        let side = |draft| told(words, draft, name);
        html! {
            fieldset.collision aria-describedby=[described] {
                legend { h2 { (title) } }
                @if self.is_again { p.fault id=(fault) { (words.choose) } }
                @for (value, label, text) in [
                    ("yours", words.yours, side(&self.merged.draft)),
                    ("theirs", words.theirs, side(self.theirs)),
                ] {
                    label.choice.side {
                        input type="radio" name=(pick) value=(value) required;
                        span { span.quiet.small { (label) } br; bdi.told { (text) } }
                    }
                }
                (self.third(name, &pick))
            }
        }
    }

    /// What is neither yours nor theirs: typed, where there is something to type.
    fn third(&self, name: &str, pick: &str) -> Markup {
        let words = &self.frame.words.editor;
        let other = format!("other.{name}");
        let row = name.strip_prefix(LINK).map(|id| self.row(id));
        let is_line = matches!(name, "name" | "slug" | "primary_color");
        html! {
            @if is_line || row.is_some() {
                label.choice.side {
                    input type="radio" name=(pick) value="other" required;
                    span.quiet.small { (words.other) }
                }
            }
            @if let Some(row) = row {
                div.fields.two.third {
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
            } @else if is_line {
                div.field.third {
                    label for=(other) { (words.other_value) }
                    input id=(other) name=(other) type=(if name == "primary_color" { "color" } else { "text" })
                        value=(self.merged.draft.text(name));
                }
            }
        }
    }

    fn row(&self, id: &str) -> Row {
        let of = |draft: &Draft| draft.links.iter().find(|row| row.id == id).cloned();
        of(&self.merged.draft).or_else(|| of(self.theirs)).unwrap_or_default()
    }

    /// What nobody has to decide.
    fn folded(&self) -> Markup {
        let words = &self.frame.words.editor;
        let (kept, taken) = (&self.merged.kept, &self.merged.taken);
        html! {
            @if !kept.is_empty() || !taken.is_empty() {
                details.merged open[self.merged.collisions.is_empty()] {
                    summary { ((words.merged_for_you)(kept.len() + taken.len())) }
                    @for (label, names) in [(words.merged_yours, kept), (words.merged_theirs, taken)] {
                        @if !names.is_empty() {
                            h3 { (label) }
                            dl.facts {
                                @for name in names {
                                    dt { (title(words, name, self.merged, self.base)) }
                                    dd { bdi { (told(words, &self.merged.draft, name)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
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
