//! What a card's owner decides about it.

use crate::domain::named;

/// Most characters of a card's name.
pub const NAME_MAX: usize = 100;

/// How a card looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// A visiting card in portrait.
    PersonalSmall,
    /// A letter.
    PersonalDetailed,
    /// The 85 × 55 mm card itself.
    ProfessionalSmall,
    /// A letterhead.
    ProfessionalDetailed,
    /// As its design says.
    Custom,
}
named!(Template {
    PersonalSmall => "personal-small",
    PersonalDetailed => "personal-detailed",
    ProfessionalSmall => "professional-small",
    ProfessionalDetailed => "professional-detailed",
    Custom => "custom",
});

/// Who may see a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody, search engines too.
    Public,
    /// Whoever has the address.
    Unlisted,
    /// Its owner.
    Private,
}
named!(Visibility { Public => "public", Unlisted => "unlisted", Private => "private" });

/// Who gets the leads of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadRouting {
    /// Its owner.
    Owner,
    /// Whoever claims them.
    Team,
}
named!(LeadRouting { Owner => "owner", Team => "team" });

/// What a card's owner decides about it, but for links, default and pause, which have verbs of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Name, 1 to 100 characters.
    pub name: String,
    /// Look.
    pub template: Template,
    /// Which fields of the profile and which links it shows: a JSON object.
    pub fields_config: String,
    /// Colour, font and layout: a JSON object.
    pub design_config: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// Who gets its leads.
    pub lead_routing: LeadRouting,
}
