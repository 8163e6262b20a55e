//! Parts that pages are put together of: times, buttons that do one thing, choices, a secret that is shown once.

use super::forms::once;
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::words::Words;
use crate::clock::Millis;
use crate::error::Fault;
use crate::http::Response;
use maud::{Markup, html};

/// A moment. Without a script it is told in UTC, with one in the reader's zone.
pub fn time(words: &Words, at: Millis) -> Markup {
    let exact = at.to_string();
    let minute = exact.get(11..16).unwrap_or_default();
    html! { time datetime=(exact) { ((words.day)(at)) ", " (minute) " UTC" } }
}

/// A day.
pub fn day(words: &Words, at: Millis) -> Markup {
    html! { time datetime=(at.to_string()) data-style="day" { ((words.day)(at)) } }
}

/// A button that does one thing: a form of its own.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    path: &'a str,
    label: &'a str,
    class: &'static str,
    ask: Option<&'a str>,
    says: &'a [(&'a str, &'a str)],
}

impl<'a> Act<'a> {
    /// A quiet button that sends this there.
    pub const fn new(path: &'a str, label: &'a str) -> Self {
        Self { path, label, class: "plain tight", ask: None, says: &[] }
    }

    /// Looking like this.
    #[must_use]
    pub const fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// That is asked about first, where there is a script.
    #[must_use]
    pub const fn ask(mut self, question: &'a str) -> Self {
        self.ask = Some(question);
        self
    }

    /// With these fields.
    #[must_use]
    pub const fn says(mut self, fields: &'a [(&'a str, &'a str)]) -> Self {
        self.says = fields;
        self
    }

    /// The button. `about` is what it is done to, for those who hear one button after the other.
    pub fn show(&self, about: &str) -> Markup {
        html! {
            form method="post" action=(self.path) {
                @for (name, value) in self.says { input type="hidden" name=(name) value=(value); }
                (once())
                button class=(self.class) data-ask=[self.ask] {
                    (self.label)
                    @if !about.is_empty() { span.visually-hidden { " " (about) } }
                }
            }
        }
    }
}

/// A box to tick, with what it means.
pub fn tick(name: &str, value: &str, label: &str, hint: &str, is_ticked: bool) -> Markup {
    let id = format!("{name}-{value}");
    let hint_id = format!("{id}-hint");
    html! {
        div.tick {
            input type="checkbox" id=(id) name=(name) value=(value) checked[is_ticked]
                aria-describedby=[(!hint.is_empty()).then_some(&hint_id)];
            div {
                label for=(id) { (label) }
                @if !hint.is_empty() { p.hint id=(hint_id) { (hint) } }
            }
        }
    }
}

/// A choice of one.
pub fn select(
    name: &str,
    label: &str,
    options: &[(&str, &str)],
    standing: &str,
    fault: Option<String>,
) -> Markup {
    let fault_id = format!("{name}-fault");
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) aria-invalid=[fault.as_ref().map(|_| "true")]
                aria-describedby=[fault.as_ref().map(|_| &fault_id)] {
                @for (value, text) in options {
                    option value=(value) selected[*value == standing] { (text) }
                }
            }
            @if let Some(fault) = fault { p.fault id=(fault_id) { (fault) } }
        }
    }
}

/// What is wrong with a field, if something is.
pub fn told(words: &Words, faults: &[Fault], name: &str) -> Option<String> {
    let fault = faults.iter().find(|fault| fault.pointer.strip_prefix('/') == Some(name));
    fault.map(|fault| words.told(fault))
}

/// What will be here, and the one step to get it.
pub fn empty(picture: Icon, title: &str, text: &str, step: &Markup) -> Markup {
    html! {
        div.empty {
            (icon(picture))
            div.stack.tight { h2 { (title) } p.quiet { (text) } }
            (step)
        }
    }
}

/// A list that settings lead to: what it is for, and the one step that makes another. `none` is told where it is empty.
pub fn listed(
    words: &Words,
    (title, lead): (&str, &str),
    step: &Markup,
    (picture, none, none_lead): (Icon, &str, &str),
    items: &[Markup],
) -> Markup {
    html! {
        (above("/settings", words.settings.title))
        header {
            div.stack.tight { h1 { (title) } p.quiet { (lead) } }
            @if !items.is_empty() { (step) }
        }
        @if items.is_empty() {
            (empty(picture, none, none_lead, step))
        } @else {
            ul.list { @for item in items { (item) } }
        }
    }
}

/// Leads to the next page of a list, if there is one.
pub fn more(words: &Words, next: Option<&str>) -> Markup {
    html! { @if let Some(next) = next { p { a.button.plain rel="next" href=(next) { (words.shell.more) } } } }
}

/// Leads to the page above this one.
pub fn above(href: &str, name: &str) -> Markup {
    html! { p.above { a href=(href) { span aria-hidden="true" { "← " } (name) } } }
}

/// Something that is shown once: a token, a secret, a link.
#[derive(Debug, Clone, Copy)]
pub struct Once<'a> {
    /// The page's title.
    pub title: &'a str,
    /// What to do with it.
    pub lead: &'a str,
    /// What it is called.
    pub label: &'a str,
    /// In its place, when the form is sent again.
    pub withheld: &'a str,
    /// Where to go on.
    pub onward: (&'a str, &'a str),
    /// Where in the house.
    pub place: Place,
}

impl Once<'_> {
    /// The page with it. What is kept for the form's key lacks it. 200.
    pub fn page(&self, frame: &Frame, secret: &str) -> Response {
        let withheld = self.rendered(frame, None).body.as_ref().to_vec();
        let reply = self.rendered(frame, Some(secret));
        Response { withheld: Some(withheld), ..reply }
    }

    fn rendered(&self, frame: &Frame, secret: Option<&str>) -> Response {
        let shell = &frame.words.shell;
        let content = html! {
            header { h1 { (self.title) } }
            section.stack.secret {
                @match secret {
                    Some(secret) => {
                        p { (self.lead) }
                        div.field {
                            label for="secret" { (self.label) }
                            div.row {
                                input.grow #secret readonly value=(secret) autocomplete="off" spellcheck="false";
                                button.plain type="button" data-copy=(secret) data-copied=(shell.copied) {
                                    (icon(Icon::Copy)) span data-label { (shell.copy) }
                                }
                            }
                        }
                    }
                    None => p.advice role="status" { (self.withheld) }
                }
                p { a.button href=(self.onward.0) { (self.onward.1) } }
            }
        };
        frame.page(200, &Sheet::new(self.title, content).at(self.place))
    }
}

/// What differs between what was sent and what stands meanwhile, as faults of the fields, below one of the whole.
pub fn collisions<'a>(
    words: &Words,
    fields: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
) -> Vec<Fault> {
    let settings = &words.settings;
    let fault = |pointer: String, detail: String| Fault { pointer, code: "meanwhile", detail };
    let mut faults = vec![fault(String::new(), settings.changed_meanwhile.to_owned())];
    let differing = fields.into_iter().filter(|(_, mine, theirs)| mine.trim() != *theirs);
    faults.extend(
        differing.map(|(name, _, theirs)| fault(format!("/{name}"), (settings.meanwhile)(theirs))),
    );
    faults
}
