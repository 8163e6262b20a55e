//! The fields of the editor's form.

use super::address::PLATFORMS;
use super::draft::{Draft, Row, SECTIONS, tick};
use crate::domain::cards::{LeadRouting, NAME_MAX, Template, Visibility};
use crate::domain::links::{LABEL_MAX, PER_CARD_MAX, URL_MAX};
use crate::domain::profiles::Profile;
use crate::domain::slugs;
use crate::error::Fault;
use crate::web::card::{ACCENT, platform_name};
use crate::web::forms::{Field, Sent};
use crate::web::icons::{Icon, icon};
use crate::web::words::Words;
use maud::{Markup, html};

/// A form's contents with what is wrong with them.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    /// The texts.
    pub words: &'static Words,
    /// The contents.
    pub draft: &'a Draft,
    /// What is wrong.
    pub faults: &'a [Fault],
}

impl Fields<'_> {
    /// What is wrong at a place of the body that the form stands for.
    fn fault(&self, pointer: &str) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.pointer == pointer)
    }

    /// The name.
    pub(super) fn name(&self) -> Markup {
        let words = &self.words.editor;
        let field = Field::line("name", words.name).hint(words.name_hint).max(NAME_MAX).required();
        self.line(&field, "name")
    }

    /// The address; of a card that is to be made it may be left to us.
    pub(super) fn slug(&self, url: &str, is_new: bool) -> Markup {
        let words = &self.words.editor;
        let hint = if is_new { (words.slug_new)(url) } else { (words.slug_hint)(url) };
        let field = Field::line("slug", words.slug).hint(&hint).max(slugs::MAX);
        self.line(&if is_new { field } else { field.required() }, "slug")
    }

    fn line(&self, field: &Field<'_>, name: &str) -> Markup {
        let sent = Sent::standing([(name, self.draft.text(name).to_owned())]);
        field.show(self.words, &sent, self.faults)
    }

    /// Template, colour, font and layout.
    pub(super) fn look(&self) -> Markup {
        let words = &self.words.editor;
        let (template, color) =
            (self.draft.text("template_type"), self.draft.text("primary_color"));
        html! {
            fieldset.stack {
                legend { (words.template) }
                div.templates {
                    @for (name, (told, about)) in Template::WORDS.iter().zip(words.templates) {
                        label.template-choice {
                            input type="radio" name="template_type" value=(name) checked[*name == template];
                            (sketch(name))
                            span { b { (told) } " " span.quiet.small { (about) } }
                        }
                    }
                }
            }
            div.fields.three {
                div.field {
                    label for="primary_color" { (words.color) }
                    input #primary_color name="primary_color" type="color" value=(color) list="colors"
                        aria-describedby="color-hint";
                    datalist #colors {
                        @for color in COLORS { option value=(color) {} }
                    }
                    p #color-hint .hint { (words.color_hint) }
                }
                (self.select("font", words.font, &["", "sans", "serif", "mono"], &words.fonts, ""))
                (self.select("layout", words.layout, &["", "vertical", "horizontal"], &words.layouts,
                    words.layout_hint))
            }
        }
    }

    fn select(
        &self,
        name: &str,
        label: &str,
        values: &[&str],
        told: &[&str],
        hint: &str,
    ) -> Markup {
        let hint_id = format!("{name}-hint");
        html! {
            div.field.(name) {
                label for=(name) { (label) }
                select id=(name) name=(name) aria-describedby=[(!hint.is_empty()).then_some(&hint_id)] {
                    @for (value, told) in values.iter().zip(told) {
                        option value=(value) selected[*value == self.draft.text(name)] { (told) }
                    }
                }
                @if !hint.is_empty() { p.hint id=(hint_id) { (hint) } }
            }
        }
    }

    /// The links, in their order; `focus` is the place of the one to go on with.
    pub(super) fn links(&self, focus: Option<usize>) -> Markup {
        let words = &self.words.editor;
        let rows = &self.draft.links;
        let fresh = Row { shown: true, ..Row::default() };
        html! {
            p #links-hint .hint { (words.links_hint) }
            @if let Some(fault) = self.fault("/links") { p.fault { (self.words.told(fault)) } }
            p.quiet.links-none hidden[!rows.is_empty()] { (words.links_none) }
            ol.links data-count=(rows.len()) {
                @for (n, row) in rows.iter().enumerate() {
                    (self.row(n, row, (n > 0, n + 1 < rows.len()), focus == Some(n)))
                }
            }
            p.links-told.visually-hidden role="status" data-moved=((words.link_moved)(1)) {}
            @if rows.len() < PER_CARD_MAX {
                button.plain.tight.add name="rearrange" value="add" { (icon(Icon::Add)) (words.link_add) }
            } @else {
                p.hint { (words.link_most) }
            }
            // What a script makes a new row of, and what it says.
            template #link-row { (Fields { faults: &[], ..*self }.row(0, &fresh, (true, true), false)) }
        }
    }

    fn row(&self, n: usize, row: &Row, (up, down): (bool, bool), focus: bool) -> Markup {
        let words = &self.words.editor;
        let at = |member: &str| format!("link.{n}.{member}");
        let fault = |member: &str| self.fault(&format!("/links/{n}/{member}"));
        let wrong = fault("url")
            .or_else(|| fault("label"))
            .or_else(|| fault("platform"))
            .or_else(|| fault("id"));
        let fault_id = format!("link.{n}.fault");
        let known = row.platform.is_empty() || PLATFORMS.contains(&row.platform.as_str());
        let described = if wrong.is_some() { fault_id.as_str() } else { "links-hint" };
        html! {
            li.link-row data-id=(row.id) {
                span.grip aria-hidden="true" title=(words.drag) { (icon(Icon::Drag)) }
                fieldset {
                    legend.visually-hidden { ((words.link_number)(n + 1)) }
                    input type="hidden" name=(at("id")) value=(row.id);
                    div.field.url {
                        label for=(at("url")) { (words.link_url) }
                        input id=(at("url")) name=(at("url")) value=(row.url) maxlength=(URL_MAX) dir="ltr"
                            autocomplete="off" autocapitalize="none" spellcheck="false" inputmode="url"
                            autofocus[focus] aria-invalid=[wrong.map(|_| "true")] aria-describedby=(described);
                    }
                    div.field.label {
                        label for=(at("label")) { (words.link_label) }
                        input id=(at("label")) name=(at("label")) value=(row.label) maxlength=(LABEL_MAX)
                            autocomplete="off";
                    }
                    div.field.platform {
                        label for=(at("platform")) { (words.link_platform) }
                        select id=(at("platform")) name=(at("platform")) {
                            option value="" selected[row.platform.is_empty()] { (words.link_automatic) }
                            @if !known { option value=(row.platform) selected { (platform_name(&row.platform)) } }
                            @for platform in PLATFORMS {
                                option value=(platform) selected[*platform == row.platform] {
                                    (platform_name(platform))
                                }
                            }
                        }
                    }
                    label.choice.shown {
                        input type="checkbox" name=(at("shown")) checked[row.shown];
                        span { (words.link_shown) }
                    }
                    @if let Some(fault) = wrong { p.fault id=(fault_id) { (self.words.told(fault)) } }
                }
                (self.moves(n, (up, down)))
            }
        }
    }

    fn moves(&self, n: usize, (up, down): (bool, bool)) -> Markup {
        let words = &self.words.editor;
        html! {
            div.moves {
                (button("up", n, Icon::Up, words.link_up, up))
                (button("down", n, Icon::Down, words.link_down, down))
                (button("remove", n, Icon::Trash, words.link_remove, true))
            }
        }
    }

    /// Which fields of the profile it shows, with what they hold; those that hold nothing are folded.
    pub(super) fn shown(&self, profiles: &[Option<Profile>; 2]) -> Markup {
        let words = &self.words.editor;
        let mut told = words.fields.into_iter();
        let (mut sections, mut empty) = (Vec::new(), Vec::new());
        for (section, profile) in SECTIONS.into_iter().zip(profiles) {
            let mut filled = Vec::new();
            for (at, field) in section.fields().iter().enumerate() {
                let value = profile.as_ref().and_then(|profile| profile.values.get(at)?.as_deref());
                let tick = self.tick(&tick(section, field), told.next().unwrap_or_default(), value);
                if value.is_some() { filled.push(tick) } else { empty.push(tick) }
            }
            sections.push(filled);
        }
        html! {
            p.hint { (words.shows_hint) " " a href="/profile" { (words.shows_edit) } }
            div.fields.two {
                @for (title, ticks) in words.sections.iter().zip(&sections) {
                    @if !ticks.is_empty() {
                        fieldset.ticks { legend { (title) } @for tick in ticks { (tick) } }
                    }
                }
            }
            @if !empty.is_empty() {
                details.folded {
                    summary { ((words.shows_empty)(empty.len())) }
                    fieldset.ticks.columns {
                        legend.visually-hidden { (words.shows) }
                        @for tick in empty { (tick) }
                    }
                }
            }
        }
    }

    fn tick(&self, name: &str, told: &str, value: Option<&str>) -> Markup {
        html! {
            label.choice {
                input type="checkbox" name=(name) checked[self.draft.ticked(name)];
                span {
                    (told)
                    @if let Some(value) = value {
                        " " span.quiet.small.value dir="auto" { (value.lines().next().unwrap_or_default()) }
                    }
                }
            }
        }
    }

    /// Who sees it, and who gets its leads.
    pub(super) fn audience(&self) -> Markup {
        let words = &self.words.editor;
        html! {
            div.fields.two {
                (self.radios("visibility", words.visibility, Visibility::WORDS, &words.visibilities))
                (self.radios("lead_routing", words.routing, LeadRouting::WORDS, &words.routings))
            }
        }
    }

    fn radios(&self, name: &str, title: &str, values: &[&str], told: &[(&str, &str)]) -> Markup {
        html! {
            fieldset.ticks {
                legend { (title) }
                @for (value, (told, about)) in values.iter().zip(told) {
                    label.choice {
                        input type="radio" name=(name) value=(value) checked[*value == self.draft.text(name)];
                        span { (told) br; span.quiet.small { (about) } }
                    }
                }
            }
        }
    }
}

/// Colours to begin with.
const COLORS: &[&str] = &[
    ACCENT, "#b4480f", "#8a6100", "#2f6b2f", "#0b6e6e", "#1f5fae", "#4b4fb5", "#7a3d9a", "#a22c78",
    "#3a3a3a",
];

fn button(verb: &str, n: usize, shown: Icon, word: &str, can: bool) -> Markup {
    html! {
        button.plain.square.tight name="rearrange" value={ (verb) " " (n) } aria-label=(word) title=(word)
            disabled[!can] data-verb=(verb) { (icon(shown)) }
    }
}

/// A template in a few strokes.
fn sketch(template: &str) -> Markup {
    let (band, lines) = match template {
        "personal-small" => ("M20 10a6 6 0 100 12 6 6 0 000-12z", "M10 28h20M14 33h12M12 40h16"),
        "personal-detailed" => (
            "M6 8a5 5 0 100 10 5 5 0 000-10z",
            "M16 11h18M16 16h10M6 25h28M6 30h28M6 35h28M6 40h18",
        ),
        "professional-small" => ("M4 14h32v2H4z", "M6 22h16M6 27h10M6 36h12M22 36h12"),
        "professional-detailed" => {
            ("M2 2h36v14H2z", "M8 24h18M8 29h12M8 36h10M22 36h10M8 41h10M22 41h10")
        }
        _ => ("M2 2h12v44H2z", "M20 14h14M20 19h10M20 30h14M20 35h14M20 40h8"),
    };
    html! {
        svg.sketch viewBox="0 0 40 48" width="40" height="48" aria-hidden="true" focusable="false" {
            path.band d=(band) {}
            path.lines d=(lines) {}
        }
    }
}

/// All of a draft, out of sight.
pub(super) fn hidden(draft: &Draft) -> Markup {
    let held = draft.fields.iter().filter(|(_, text)| !text.is_empty());
    html! {
        @for (name, text) in held { input type="hidden" name=(name) value=(text); }
        @for (n, row) in draft.links.iter().enumerate() {
            @let members = [("id", &row.id), ("platform", &row.platform), ("label", &row.label), ("url", &row.url)];
            @for (member, text) in members {
                input type="hidden" name={ "link." (n) "." (member) } value=(text);
            }
            @if row.shown { input type="hidden" name={ "link." (n) ".shown" } value="on"; }
        }
    }
}
