//! The five templates: how each puts its parts together.

use super::Size;
use super::parts::{
    about, actions, company, fact_value, facts, is_page, links, links_in_a_row, name, photo,
    pronouns, role,
};
use super::view::View;
use crate::domain::cards::Template;
use crate::web::icons::icon;
use maud::{Markup, html};

/// Lines of contact that fit on 85 by 55 millimetres.
const STOCK_LINES: usize = 6;

/// What is seen first: who it is.
pub(super) fn head(view: &View<'_>, size: Size) -> Markup {
    match view.card.template {
        Template::PersonalSmall => visiting_card(view, size),
        Template::PersonalDetailed => letter(view, size),
        Template::ProfessionalSmall => stock(view, size),
        Template::ProfessionalDetailed => letterhead(view, size),
        Template::Custom => poster(view, size),
    }
}

/// All of it.
pub(super) fn whole(view: &View<'_>, last: &Markup) -> Markup {
    let words = view.words;
    let rest = match view.card.template {
        Template::PersonalSmall => html! {
            (actions(view)) (links_in_a_row(view)) (about(view)) (facts(view, 0))
        },
        Template::PersonalDetailed => html! {
            (actions(view)) (about(view)) (links(view, words.links, |_| true)) (facts(view, 0))
        },
        Template::ProfessionalSmall => html! {
            (actions(view)) (links_in_a_row(view)) (about(view))
            (facts(view, STOCK_LINES))
        },
        Template::ProfessionalDetailed => html! {
            (actions(view)) (about(view)) (facts(view, 0))
            (links(view, words.elsewhere, is_page)) (links(view, words.direct, |link| !is_page(link)))
        },
        // The actions stand in the field of colour.
        Template::Custom => html! {
            (about(view)) (links(view, words.links, |_| true)) (facts(view, 0))
        },
    };
    html! {
        (head(view, Size::Whole))
        div.rest { (rest) (last) }
    }
}

/// A visiting card in portrait.
fn visiting_card(view: &View<'_>, size: Size) -> Markup {
    html! {
        div.top {
            (photo(view, size)) (name(view, size)) (role(view)) (company(view)) (pronouns(view))
        }
    }
}

/// A letter.
fn letter(view: &View<'_>, size: Size) -> Markup {
    html! {
        div.top {
            (photo(view, size))
            div { (name(view, size)) (role(view)) (company(view)) (pronouns(view)) }
        }
    }
}

/// The card of 85 by 55 millimetres.
fn stock(view: &View<'_>, size: Size) -> Markup {
    let facts = view.facts();
    html! {
        div.top {
            div.stock {
                div.firm { (company(view)) @if view.field("company_name").is_none() { (pronouns(view)) } }
                div.who {
                    div {
                        (name(view, size)) (role(view))
                        @if view.field("company_name").is_some() { (pronouns(view)) }
                    }
                    @if view.photo.is_some() { (photo(view, size)) }
                }
                @if !facts.is_empty() {
                    ul.lines {
                        @for fact in facts.iter().take(STOCK_LINES) {
                            li { (icon(fact.icon)) (fact_value(fact, size)) }
                        }
                    }
                }
            }
        }
    }
}

/// A letterhead.
fn letterhead(view: &View<'_>, size: Size) -> Markup {
    let firm = view.field("company_name");
    html! {
        div.top {
            div.firm {
                span.seal aria-hidden="true" { (firm.map_or_else(|| view.monogram(), first_letter)) }
                (company(view))
            }
            div.who {
                (photo(view, size))
                div { (name(view, size)) (role(view)) (pronouns(view)) }
            }
        }
    }
}

fn first_letter(text: &str) -> String {
    let letter = text.chars().find(|sign| sign.is_alphanumeric());
    letter.map_or_else(String::new, |sign| sign.to_uppercase().collect())
}

/// A poster.
fn poster(view: &View<'_>, size: Size) -> Markup {
    html! {
        div.top {
            (photo(view, size))
            div { (name(view, size)) (role(view)) (company(view)) (pronouns(view)) }
            @if size == Size::Whole { (actions(view)) }
        }
    }
}
