//! A card as its editor has it: every field as text, so that what is not right yet is kept as well.

use super::address;
use crate::domain::cards::Card;
use crate::domain::links;
use crate::domain::profiles::Section;
use crate::domain::public_cards::Chosen;
use crate::error::{Error, Result};
use crate::store::tx::Named;
use crate::web::card::ACCENT;
use crate::web::forms::Sent;
use crate::web::merge::{self, Fields};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The fields that hold a text or a choice, in the order of the form.
pub(super) const TEXTS: &[&str] = &[
    "name",
    "slug",
    "template_type",
    "primary_color",
    "font",
    "layout",
    "visibility",
    "lead_routing",
];
/// The members of a card's design, and what each is where nobody chose.
pub(super) const DESIGN: &[(&str, &str)] =
    &[("primary_color", ACCENT), ("font", ""), ("layout", "")];
/// Both sections of the profile.
pub(super) const SECTIONS: [Section; 2] = [Section::Personal, Section::Professional];

/// What a tick is, as text.
const TICKED: &str = "on";
/// No list in a form is longer: what is more than a card may have is told, and kept.
const ROWS_MAX: usize = 100;

/// A card as its editor has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// The fields by their names; a tick holds a word or nothing.
    pub fields: Fields,
    /// The links in their order.
    pub links: Vec<Row>,
}

/// A link as its editor has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    /// Which link it is; empty for a new one.
    pub id: String,
    /// What it leads to.
    pub platform: String,
    /// What is shown.
    pub label: String,
    /// Where it leads.
    pub url: String,
    /// Whether the card shows it.
    pub shown: bool,
}

impl Row {
    /// What it says, wherever it stands and whether or not it is shown.
    pub fn content(&self) -> (&str, &str, &str) {
        (&self.platform, &self.label, &self.url)
    }
}

/// The name of the tick that shows a field of the profile.
pub(super) fn tick(section: Section, field: &str) -> String {
    format!("{}.{field}", section.name())
}

/// Every tick.
pub(super) fn ticks() -> impl Iterator<Item = String> {
    SECTIONS.into_iter().flat_map(|section| section.fields().iter().map(move |f| tick(section, f)))
}

/// Every field.
pub(super) fn names() -> impl Iterator<Item = String> {
    TEXTS.iter().map(|name| (*name).to_owned()).chain(ticks())
}

impl Draft {
    /// A card that nobody has made yet.
    pub fn new(name: &str) -> Self {
        let mut fields: Fields = names().map(|n| (n, String::new())).collect();
        let standing = [
            ("name", name),
            ("template_type", "personal-small"),
            ("visibility", "public"),
            ("lead_routing", "owner"),
        ];
        for (field, text) in standing.iter().chain(DESIGN) {
            fields.insert((*field).to_owned(), (*text).to_owned());
        }
        let mut draft = Self { fields, links: Vec::new() };
        draft.choose(&Chosen::default());
        draft
    }

    /// What equals nothing that anybody has.
    pub fn unknown() -> Self {
        Self { fields: merge::unknown(names()), links: Vec::new() }
    }

    /// A card as it stands.
    pub fn of(card: &Card) -> Result<Self> {
        let content = &card.content;
        let mut draft = Self::new(&content.name);
        let design: Map<String, Value> =
            serde_json::from_str(&content.design_config).map_err(Error::internal)?;
        for (name, otherwise) in DESIGN {
            let chosen = design.get(*name).and_then(Value::as_str).unwrap_or(otherwise);
            draft.set(name, &chosen.to_ascii_lowercase());
        }
        draft.set("slug", &card.slug);
        draft.set("template_type", content.template.name());
        draft.set("visibility", content.visibility.name());
        draft.set("lead_routing", content.lead_routing.name());
        let chosen = Chosen::by(card)?;
        draft.choose(&chosen);
        let row = |link: &links::Link| Row {
            id: link.id.to_string(),
            platform: link.platform.clone(),
            label: link.label.clone(),
            url: link.url.clone(),
            shown: chosen.link(link),
        };
        draft.links = card.links.iter().map(row).collect();
        Ok(draft)
    }

    /// What was sent in a form. Fields that were not sent are empty.
    pub fn sent(sent: &Sent) -> Self {
        let mut draft = Self::default();
        for name in TEXTS {
            draft.set(name, sent.text(name).trim());
        }
        // A browser always sends a colour; whoever does not leaves it as it is unasked.
        let color = draft.text("primary_color").to_ascii_lowercase();
        let color = if color.is_empty() { ACCENT } else { &color };
        draft.set("primary_color", color);
        for name in ticks() {
            draft.set(&name, if sent.ticked(&name) { TICKED } else { "" });
        }
        let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
        for (name, text) in sent.fields() {
            let Some((n, member)) = name.strip_prefix("link.").and_then(|n| n.split_once('.'))
            else {
                continue;
            };
            let Some(n) = n.parse().ok().filter(|n| *n < ROWS_MAX) else { continue };
            let (row, text) = (rows.entry(n).or_default(), text.trim());
            match member {
                "id" => text.clone_into(&mut row.id),
                "platform" => text.clone_into(&mut row.platform),
                "label" => text.clone_into(&mut row.label),
                "url" => row.url = address::completed(text),
                "shown" => row.shown = true,
                _ => {}
            }
        }
        let written =
            |row: &Row| !(row.id.is_empty() && row.label.is_empty() && row.url.is_empty());
        draft.links = rows.into_values().filter(written).collect();
        for row in draft.links.iter_mut().filter(|row| row.platform.is_empty()) {
            address::platform(&row.url).clone_into(&mut row.platform);
        }
        draft
    }

    fn choose(&mut self, chosen: &Chosen) {
        for section in SECTIONS {
            for field in section.fields() {
                let ticked = chosen.field(section, field);
                self.set(&tick(section, field), if ticked { TICKED } else { "" });
            }
        }
    }

    /// A field's text.
    pub fn text(&self, name: &str) -> &str {
        merge::text(&self.fields, name)
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// Gives a field a text.
    pub fn set(&mut self, name: &str, text: &str) {
        self.fields.insert(name.to_owned(), text.to_owned());
    }

    /// The same as the body that the API takes for a card; which links it shows is added when all have ids.
    pub fn body(&self) -> Map<String, Value> {
        let mut body = Map::new();
        for name in ["name", "slug", "template_type", "visibility", "lead_routing"] {
            body.insert(name.into(), json!(self.text(name)));
        }
        let chosen = DESIGN.iter().filter(|(name, otherwise)| self.text(name) != *otherwise);
        let design: Map<String, Value> =
            chosen.map(|(name, _)| ((*name).to_owned(), json!(self.text(name)))).collect();
        body.insert("design_config".into(), Value::Object(design));
        body.insert("fields_config".into(), Value::Object(self.shown()));
        let link = |row: &Row| {
            let mut link = Map::new();
            if !row.id.is_empty() {
                link.insert("id".into(), json!(row.id));
            }
            for (name, text) in
                [("platform", &row.platform), ("label", &row.label), ("url", &row.url)]
            {
                link.insert(name.into(), json!(text));
            }
            Value::Object(link)
        };
        body.insert("links".into(), self.links.iter().map(link).collect());
        body
    }

    /// What it shows of the profile, where that is not what every card does unasked.
    fn shown(&self) -> Map<String, Value> {
        let unasked = Chosen::default();
        let mut shown = Map::new();
        for section in SECTIONS {
            let chosen: Vec<&str> = section
                .fields()
                .iter()
                .copied()
                .filter(|f| self.ticked(&tick(section, f)))
                .collect();
            let usual = |field: &&&str| unasked.field(section, field);
            if !section.fields().iter().filter(usual).eq(&chosen) {
                shown.insert(section.name().into(), json!(chosen));
            }
        }
        shown
    }

    /// The card's `fields_config`, its links being these.
    pub fn fields_config(&self, planned: &[links::Link]) -> String {
        let mut shown = self.shown();
        if self.links.iter().any(|row| !row.shown) {
            let rows = self.links.iter().zip(planned).filter(|(row, _)| row.shown);
            shown.insert("links".into(), rows.map(|(_, link)| json!(link.id)).collect());
        }
        Value::Object(shown).to_string()
    }

    /// In few characters, to travel in a form.
    pub fn packed(&self) -> String {
        merge::packed(self)
    }

    /// What was packed; `None` if it is nothing that we packed.
    pub fn unpacked(packed: &str) -> Option<Self> {
        // Merging compares each link with each.
        merge::unpacked(packed).filter(|draft: &Self| draft.links.len() <= ROWS_MAX)
    }
}
