//! A card as it is drawn: on its public page, in the editor's preview, and small among others. Five templates that
//! differ in more than colour. Each takes everything that a card can hold: a name of one sign or of sixty, in any
//! script, no photo, no links or fifty of them.
//!
//! The style sheets are `static/card/*.css`: `base.css` for all, one for each template. All measures are in `em`, so
//! that a small card is the same card with smaller letters.

mod colour;
mod marks;
mod palette;
mod parts;
mod templates;
mod view;

pub use colour::{Oklch, Rgb};
pub use marks::{mark, platform_name};
pub use palette::{Palette, rules};
pub use view::{ACCENT, Design, Fact, View, bare, tel};

use crate::domain::cards::Template;
use crate::domain::public_cards::PublicCard;
use crate::store::tx::Named;
use crate::web::words::Words;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// How much of a card is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    /// All of it.
    Whole,
    /// Its face: nothing to press, no headings, as a picture of the card among others.
    Small,
}

/// The whole card; `last` is what comes at its end, such as the form that exchanges contacts.
pub fn card(card: &PublicCard, words: &'static Words, last: &Markup) -> Markup {
    let view = View::of(card, &words.card);
    html! {
        article class=(classes(&view)) dir=[view.direction()] { (templates::whole(&view, last)) }
    }
}

/// The face of a card, small, for a page that shows several. It says nothing to a screen reader: the page has the
/// card's name beside it. Its colours are in [`styles`].
pub fn small(card: &PublicCard, words: &'static Words) -> Markup {
    let view = View::of(card, &words.card);
    html! {
        div class={ (classes(&view)) " small" } dir=[view.direction()] aria-hidden="true" {
            (templates::head(&view, Size::Small))
        }
    }
}

/// The rules that give each of these cards its colours, for [`crate::web::layout::Sheet::style`].
pub fn styles<'a>(cards: impl IntoIterator<Item = &'a PublicCard>) -> String {
    let designs = cards.into_iter().map(|card| Design::of(&card.design));
    let each: BTreeMap<String, Rgb> =
        designs.map(|design| (design.class(), design.accent)).collect();
    each.iter().map(|(class, accent)| rules(&format!(".{class}"), *accent, true)).collect()
}

fn classes(view: &View<'_>) -> String {
    let mut classes = format!("h-card {} {}", view.card.template.name(), view.design.class());
    if let Some(font) = view.design.font {
        classes.push_str(" f-");
        classes.push_str(font);
    }
    if view.design.is_horizontal {
        classes.push_str(" horizontal");
    }
    classes
}

/// The style sheet of a template, its page's included.
pub fn style_sheet(template: Template) -> [&'static str; 3] {
    let own = match template {
        Template::PersonalSmall => include_str!("../static/card/personal-small.css"),
        Template::PersonalDetailed => include_str!("../static/card/personal-detailed.css"),
        Template::ProfessionalSmall => include_str!("../static/card/professional-small.css"),
        Template::ProfessionalDetailed => include_str!("../static/card/professional-detailed.css"),
        Template::Custom => include_str!("../static/card/custom.css"),
    };
    [include_str!("../static/card/page.css"), include_str!("../static/card/base.css"), own]
}
