//! What all templates are put together of.

use super::Size;
use super::marks::{is_known, mark, platform_name};
use super::view::{Fact, View, bare};
use crate::domain::links::Link;
use crate::web::icons::{Icon, icon};
use maud::{Markup, html};

/// What a link to somebody else's page says of it.
const REL: &str = "me noopener nofollow ugc";
/// Most links that are shown as pictures alone.
const ROW_MAX: usize = 6;

/// The photo, or the letters that stand for one.
pub(super) fn photo(view: &View<'_>, size: Size) -> Markup {
    let alt = if size == Size::Whole { (view.words.photo_of)(view.name()) } else { String::new() };
    let (loading, priority) = match size {
        Size::Whole => (None, Some("high")),
        Size::Small => (Some("lazy"), None),
    };
    html! {
        @if let Some(src) = &view.photo {
            img.u-photo src=(src) alt=(alt) width="160" height="160" loading=[loading] fetchpriority=[priority];
        } @else {
            svg.monogram viewBox="0 0 96 96" aria-hidden="true" focusable="false" {
                text x="48" y="48" dy=".35em" text-anchor="middle" font-size="36" { (view.monogram()) }
            }
        }
    }
}

/// Whose card it is.
pub(super) fn name(view: &View<'_>, size: Size) -> Markup {
    let class = format!("p-name {}", view.name_class());
    let class = class.trim_end();
    html! {
        @if size == Size::Whole { h1 class=(class) dir="auto" { (view.name()) } }
        @else { div class=(class) dir="auto" { (view.name()) } }
    }
}

/// What they do.
pub(super) fn role(view: &View<'_>) -> Markup {
    html! {
        @if let Some(role) = view.role() { p.p-job-title dir="auto" { (role) } }
    }
}

/// Where.
pub(super) fn company(view: &View<'_>) -> Markup {
    html! {
        @if let Some(company) = view.field("company_name") { p.p-org dir="auto" { (company) } }
    }
}

/// How to speak of them.
pub(super) fn pronouns(view: &View<'_>) -> Markup {
    html! {
        @if let Some(pronouns) = view.field("pronouns") { p.pronouns dir="auto" { (pronouns) } }
    }
}

/// The main action and the quiet ones.
pub(super) fn actions(view: &View<'_>) -> Markup {
    let quick = view.actions();
    html! {
        div.acts {
            a.main href={ "/c/" (view.card.slug) ".vcf" } type="text/vcard" {
                (icon(Icon::Download)) (view.words.save)
            }
            @if !quick.is_empty() {
                nav.quick aria-label=(view.words.actions) {
                    @for (picture, word, href) in &quick {
                        @let away = href.starts_with("https:");
                        a href=(href) rel=[away.then_some("noopener nofollow")] { (icon(*picture)) span { (word) } }
                    }
                }
            }
        }
    }
}

/// What they say of themselves; a line feed is one.
pub(super) fn about(view: &View<'_>) -> Markup {
    html! {
        @if let Some(bio) = view.field("bio") {
            section.about {
                h2 { (view.words.about) }
                div.p-note {
                    @for paragraph in bio.split("\n\n").filter(|text| !text.trim().is_empty()) {
                        p dir="auto" { (paragraph.trim_matches('\n')) }
                    }
                }
            }
        }
    }
}

/// The links: a row of pictures if they are few and each is known by its picture, else a list of names.
pub(super) fn links_in_a_row(view: &View<'_>) -> Markup {
    let links = &view.card.links;
    let is_row = links.len() <= ROW_MAX && links.iter().all(|link| is_known(&link.platform));
    html! {
        @if !links.is_empty() {
            section.links {
                h2 { (view.words.links) }
                ul.row[is_row].chips[!is_row] { @for link in links { li { (anchor(link, Listed::No)) } } }
            }
        }
    }
}

/// The links with their addresses.
pub(super) fn links(view: &View<'_>, heading: &str, wanted: impl Fn(&Link) -> bool) -> Markup {
    let links: Vec<&Link> = view.card.links.iter().filter(|link| wanted(link)).collect();
    html! {
        @if !links.is_empty() {
            section.links {
                h2 { (heading) }
                ul.lines { @for link in links { li { (anchor(link, Listed::Yes)) } } }
            }
        }
    }
}

/// Whether a link leads to a page rather than to a person.
pub(super) fn is_page(link: &Link) -> bool {
    link.url.starts_with("http")
}

/// Whether a link's address stands beside its name, or comes only on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listed {
    Yes,
    No,
}

fn anchor(link: &Link, listed: Listed) -> Markup {
    let name =
        if link.label.is_empty() { platform_name(&link.platform) } else { link.label.clone() };
    let address = Some(bare(&link.url)).filter(|address| *address != name);
    let on_paper = address.as_ref().filter(|_| listed == Listed::No);
    html! {
        a.u-url href=(link.url) rel=(REL) data-address=[on_paper] {
            (mark(&link.platform, &link.url))
            span.label dir="auto" { (name) }
            @if let (Some(address), Listed::Yes) = (&address, listed) { span.address dir="ltr" { (address) } }
        }
    }
}

/// Everything else there is to know, but for so many that stand elsewhere.
pub(super) fn facts(view: &View<'_>, but: usize) -> Markup {
    let facts = view.facts();
    let facts = facts.get(but..).unwrap_or_default();
    html! {
        @if !facts.is_empty() {
            section.facts {
                h2 { (view.words.facts) }
                dl { @for fact in facts { div { (fact_row(fact)) } } }
            }
        }
    }
}

/// One of them.
pub(super) fn fact_row(fact: &Fact) -> Markup {
    html! {
        dt { (icon(fact.icon)) span { (fact.label) } }
        dd { (fact_value(fact, Size::Whole)) }
    }
}

/// It, as a link if it leads somewhere.
pub(super) fn fact_value(fact: &Fact, size: Size) -> Markup {
    let away = fact.href.starts_with("http");
    let rel = match fact.class {
        "u-url" => Some(REL),
        _ => away.then_some("noopener nofollow"),
    };
    // Numbers and addresses of the net run from left to right, whatever stands around them.
    let dir = if matches!(fact.class, "p-tel" | "u-email" | "u-url") { "ltr" } else { "auto" };
    html! {
        @if fact.href.is_empty() || size == Size::Small {
            span class=[Some(fact.class).filter(|c| !c.is_empty())] dir=(dir) { (fact.text) }
        } @else {
            a class=(fact.class) href=(fact.href) rel=[rel] dir=(dir) {
                // An address that is too long breaks before its sign, not within a word.
                @match fact.text.split_once('@').filter(|_| fact.class == "u-email") {
                    Some((to, host)) => { (to) wbr; "@" (host) }
                    None => (fact.text),
                }
            }
        }
    }
}
