//! A section of the profile put together with what was saved elsewhere meanwhile, and the page that asks where both
//! sides changed the same.

use super::super::conflicts::{Question, folded, other};
use super::super::forms::{Field, Sent};
use super::super::layout::{Frame, Place, Sheet};
use super::super::merge::{self, Answer, Fields, Settled, packed, unpacked};
use super::super::parts::time;
use super::kind_of;
use crate::clock::Millis;
use crate::domain::profiles::{Profile, Section};
use crate::http::Response;
use crate::http::bodies::profiles::tidied;
use crate::store::tx::Named;
use maud::{Markup, html};
use serde_json::{Map, Value};

/// Every field of a section.
fn names(section: Section) -> impl Iterator<Item = String> {
    section.fields().iter().map(|name| (*name).to_owned())
}

/// What stands; of a section that nobody has saved, nothing.
pub(super) fn standing(section: Section, profile: Option<&Profile>) -> Fields {
    let value = |at| profile.and_then(|profile| profile.values.get(at).cloned().flatten());
    names(section).enumerate().map(|(at, name)| (name, value(at).unwrap_or_default())).collect()
}

/// The same as the body that the API takes: what is empty is not there.
pub(super) fn body(fields: &Fields) -> Map<String, Value> {
    let filled = fields.iter().filter(|(_, text)| !text.is_empty());
    filled.map(|(name, text)| (name.clone(), text.as_str().into())).collect()
}

/// A form that came back: from the profile, or from the page that asks.
pub(super) struct Attempt {
    section: Section,
    /// What the section is to be, as far as it has been decided.
    fields: Fields,
    /// What the form began with; `None` where it does not say.
    base: Option<Fields>,
    /// The version of that.
    version: i64,
    /// What was asked and not answered.
    unanswered: Vec<String>,
}

/// Both sides put together.
pub(super) struct Merged {
    /// The section: of what has to be asked it holds yours.
    pub fields: Fields,
    /// What has to be asked, and what has not.
    pub told: Settled,
    /// Whether something was asked before and not answered.
    is_again: bool,
}

impl Attempt {
    /// Reads what was sent.
    pub(super) fn of(section: Section, sent: &Sent) -> Self {
        let mut fields: Fields =
            names(section).map(|name| (name.clone(), tidied(sent.text(&name)))).collect();
        let base: Option<Fields> = unpacked(sent.text("base"));
        let mut unanswered = Vec::new();
        let asked = sent.text("asked").split_ascii_whitespace();
        for name in asked.filter(|name| section.fields().contains(name)) {
            let text = match (Answer::of(sent, name), &base) {
                // It stands in the form already.
                (Answer::Yours, _) => continue,
                (Answer::Theirs, Some(theirs)) => merge::text(theirs, name).to_owned(),
                (Answer::Other, _) => tidied(sent.text(&other(name))),
                _ => {
                    unanswered.push(name.to_owned());
                    continue;
                }
            };
            fields.insert(name.to_owned(), text);
        }
        Self { section, fields, base, version: sent.version(), unanswered }
    }

    /// What was sent, put together with what stands at this version. Of a form that does not say what it began with,
    /// its version tells whether that is what stands; else whatever differs is asked.
    pub(super) fn put_together(&self, version: i64, theirs: &Fields) -> Merged {
        let unknown = merge::unknown(names(self.section));
        let base = match &self.base {
            Some(base) => base,
            None if self.version == version => theirs,
            None => &unknown,
        };
        let mut told = Settled::default();
        let fields = told.fields(names(self.section), [base, &self.fields, theirs]);
        let differs = |name: &str| merge::text(&fields, name) != merge::text(theirs, name);
        told.ask_again(&self.unanswered, differs);
        Merged { fields, told, is_again: !self.unanswered.is_empty() }
    }
}

/// A conflict to be decided.
pub(super) struct Conflict<'a> {
    /// Whom the page is for.
    pub frame: &'a Frame,
    /// What it is about.
    pub section: Section,
    /// Its version, and when that was saved; nothing of a section that was deleted.
    pub stands: Option<(i64, Millis)>,
    /// What they made of it.
    pub theirs: &'a Fields,
    /// What both sides come to, and what is asked.
    pub merged: &'a Merged,
}

impl Conflict<'_> {
    /// The page: a form like the profile's own, and saved like that. 409.
    pub(super) fn page(&self) -> Response {
        let all = self.frame.words;
        let (words, texts) = (&all.profile, &all.editor);
        let (version, asked) =
            (self.stands.map_or(0, |(version, _)| version), &self.merged.told.collisions);
        let content = html! {
            header.stack.tight {
                h1 { (texts.conflict) }
                p { ((words.conflict_lead)(asked.len())) }
                @if let Some((_, at)) = self.stands {
                    p.quiet.small { (texts.conflict_when) " " (time(all, at)) }
                }
            }
            form #conflict.editor method="post" action={ "/profile/" (self.section.name()) } data-dirty {
                @for (name, text) in self.merged.fields.iter().filter(|(_, text)| !text.is_empty()) {
                    input type="hidden" name=(name) value=(text);
                }
                input type="hidden" name="version" value=(version);
                input type="hidden" name="base" value=(packed(self.theirs));
                input type="hidden" name="asked" value=(asked.join(" "));
                @for name in asked { (self.question(name)) }
                (self.folded())
                div.row {
                    button { ((texts.save_as)(version + 1)) }
                    a.button.plain href="/profile" { (words.discard) }
                }
            }
        };
        let sheet = Sheet::new(texts.conflict, content).at(Place::Profile);
        self.frame.page(409, &sheet.scripts(&["profile.js", "conflict.js"]))
    }

    fn question(&self, name: &str) -> Markup {
        let (all, texts) = (self.frame.words, &self.frame.words.editor);
        let other = other(name);
        let mine = merge::text(&self.merged.fields, name);
        let typed = Sent::standing([(other.as_str(), mine.to_owned())]);
        let field = kind_of(name, Field::line(&other, texts.other_value).bare());
        let question = Question {
            name,
            title: (all.profile.field)(name),
            yours: self.told(mine),
            theirs: self.told(merge::text(self.theirs, name)),
            third: Some(field.show(all, &typed, &[])),
        };
        question.show(texts, self.merged.is_again)
    }

    fn folded(&self) -> Markup {
        let told = |names: &[String]| -> Vec<(String, String)> {
            let titled = |name: &str| (self.frame.words.profile.field)(name).to_owned();
            let text = |name: &str| self.told(merge::text(&self.merged.fields, name)).to_owned();
            names.iter().map(|name| (titled(name), text(name))).collect()
        };
        let Settled { kept, taken, .. } = &self.merged.told;
        folded(&self.frame.words.editor, &told(kept), &told(taken), false)
    }

    /// A field's text, as people say it.
    fn told<'t>(&self, text: &'t str) -> &'t str {
        if text.is_empty() { self.frame.words.editor.empty } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(name: &str, bio: &str) -> Fields {
        let mut fields = standing(Section::Personal, None);
        fields.insert("full_name".into(), name.into());
        fields.insert("bio".into(), bio.into());
        fields
    }

    fn form(fields: &[(&'static str, &str)]) -> Sent {
        Sent::standing(fields.iter().map(|(name, text)| (*name, (*text).to_owned())))
    }

    #[test]
    fn what_browsers_make_of_lines_is_no_change() {
        let began = fields("Ada", "One\ntwo");
        let sent = form(&[
            ("full_name", " Ada L "),
            ("bio", "One\r\ntwo"),
            ("base", &packed(&began)),
            ("version", "1"),
        ]);
        let merged = Attempt::of(Section::Personal, &sent).put_together(2, &fields("Ada", "Three"));
        assert_eq!(merged.fields, fields("Ada L", "Three"));
        assert!(merged.told.collisions.is_empty(), "{:?}", merged.told);
    }

    #[test]
    fn a_form_that_does_not_say_what_it_began_with_asks_where_it_is_old() {
        let sent = form(&[("full_name", "Ada"), ("version", "3")]);
        let attempt = Attempt::of(Section::Personal, &sent);
        let stands = fields("Bob", "");
        assert_eq!(attempt.put_together(3, &stands).fields, fields("Ada", ""));
        assert!(attempt.put_together(3, &stands).told.collisions.is_empty());
        assert_eq!(attempt.put_together(4, &stands).told.collisions, ["full_name"]);
    }

    #[test]
    fn an_answer_counts_and_a_missing_one_is_asked_again() {
        let theirs = fields("Theirs", "");
        let base = packed(&theirs);
        for (pick, third, name) in
            [("yours", "", "Mine"), ("theirs", "", "Theirs"), ("other", " Third ", "Third")]
        {
            let sent = form(&[
                ("full_name", "Mine"),
                ("base", &base),
                ("asked", "full_name secret"),
                ("pick.full_name", pick),
                ("other.full_name", third),
            ]);
            let merged = Attempt::of(Section::Personal, &sent).put_together(2, &theirs);
            assert_eq!((merged.fields, merged.told.collisions.len()), (fields(name, ""), 0));
        }
        let sent = form(&[("full_name", "Mine"), ("base", &base), ("asked", "full_name")]);
        let merged = Attempt::of(Section::Personal, &sent).put_together(2, &theirs);
        assert_eq!(merged.told.collisions, ["full_name"]);
        assert!(merged.told.kept.is_empty());
    }
}
