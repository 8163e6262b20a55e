//! Parts of the pages that ask where two changes met: a question for each thing that both sides changed, and what
//! nobody has to decide, folded.

use super::words::editor::Editor as Words;
use maud::{Markup, html};

/// Something that both sides changed.
#[derive(Debug)]
pub struct Question<'a> {
    /// Its name in the form.
    pub name: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// What you made of it.
    pub yours: &'a str,
    /// What they made of it.
    pub theirs: &'a str,
    /// The fields for what is neither, where there is something to type. Their names begin with [`other`].
    pub third: Option<Markup>,
}

/// The field in which something else is typed.
pub fn other(name: &str) -> String {
    format!("other.{name}")
}

impl Question<'_> {
    /// The question; `is_again`: it was not answered.
    pub fn show(&self, words: &Words, is_again: bool) -> Markup {
        let (pick, fault) = (format!("pick.{}", self.name), format!("{}-fault", self.name));
        html! {
            fieldset.collision aria-describedby=[is_again.then_some(&fault)] {
                legend { h2 { (self.title) } }
                @if is_again { p.fault id=(fault) { (words.choose) } }
                @for (value, label, text) in [
                    ("yours", words.yours, self.yours),
                    ("theirs", words.theirs, self.theirs),
                ] {
                    label.choice.side {
                        input type="radio" name=(pick) value=(value) required;
                        span { span.quiet.small { (label) } br; bdi.told { (text) } }
                    }
                }
                @if let Some(third) = &self.third {
                    label.choice.side {
                        input type="radio" name=(pick) value="other" required;
                        span.quiet.small { (words.other) }
                    }
                    div.third { (third) }
                }
            }
        }
    }
}

/// What nobody has to decide: yours and theirs, each by what it is called and what it comes to.
pub fn folded(
    words: &Words,
    yours: &[(String, String)],
    theirs: &[(String, String)],
    is_open: bool,
) -> Markup {
    let count = yours.len() + theirs.len();
    html! {
        @if count > 0 {
            details.merged open[is_open] {
                summary { ((words.merged_for_you)(count)) }
                @for (label, settled) in [(words.merged_yours, yours), (words.merged_theirs, theirs)] {
                    @if !settled.is_empty() {
                        h3 { (label) }
                        dl.facts {
                            @for (title, text) in settled { dt { (title) } dd { bdi.lines { (text) } } }
                        }
                    }
                }
            }
        }
    }
}
