//! What a card's page tells machines: search engines, and whoever makes a preview of a link to it.

use super::card::View;
use super::words::Words;
use crate::http::rendered::print;
use crate::store::tx::Named;
use maud::{Markup, PreEscaped, html};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// Most characters of a description.
const DESCRIPTION_MAX: usize = 200;

/// Who it is, what they do, where.
pub(super) fn title(view: &View<'_>) -> String {
    let role = view.role();
    let parts = [role.as_deref(), view.field("company_name")];
    let told: Vec<&str> = parts.into_iter().flatten().collect();
    let what = told.join(", ");
    if what.is_empty() { view.name().to_owned() } else { format!("{} – {what}", view.name()) }
}

fn description(view: &View<'_>) -> String {
    let Some(bio) = view.field("bio") else { return (view.words.description)(view.name()) };
    let line = bio.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= DESCRIPTION_MAX {
        return line;
    }
    let short: String = line.chars().take(DESCRIPTION_MAX - 1).collect();
    let words = short.rsplit_once(' ').map_or(short.as_str(), |(whole, _)| whole);
    format!("{words}…")
}

/// First and last name, where a name has both.
pub(crate) fn split_name(name: &str) -> (&str, &str) {
    name.rsplit_once(char::is_whitespace)
        .map_or((name, ""), |(given, family)| (given.trim(), family))
}

/// What stands in the head of a card's page for machines.
pub(super) fn head(view: &View<'_>, words: &Words, url: &str, site: &str) -> Markup {
    let card = view.card;
    let (title, description) = (title(view), description(view));
    // Whoever keeps pictures for good asks for another when the card has changed.
    let picture = format!("{url}/og.png?v={}", print(format!("{card:?}").as_bytes()));
    let (given, family) = split_name(view.name());
    let base = format!("/c/{}", card.slug);
    let locale = match words.language.name() {
        "de" => "de_DE",
        _ => "en_GB",
    };
    html! {
        meta name="description" content=(description);
        @if !card.listed { meta name="robots" content="noindex, nofollow"; }
        link rel="canonical" href=(url);
        link rel="alternate" type="text/vcard" href={ (base) ".vcf" };
        link rel="alternate" type="application/json" href={ (base) ".json" };
        meta property="og:type" content="profile";
        meta property="og:title" content=(title);
        meta property="og:description" content=(description);
        meta property="og:url" content=(url);
        meta property="og:locale" content=(locale);
        meta property="og:image" content=(picture);
        meta property="og:image:type" content="image/png";
        meta property="og:image:width" content="1200";
        meta property="og:image:height" content="630";
        meta property="og:image:alt" content=(title);
        meta property="profile:first_name" content=(given);
        @if !family.is_empty() { meta property="profile:last_name" content=(family); }
        meta name="twitter:card" content="summary_large_image";
        script type="application/ld+json" { (PreEscaped(person(view, url, site))) }
    }
}

/// The person as schema.org describes one, so written that it ends no element.
fn person(view: &View<'_>, url: &str, site: &str) -> String {
    let (given, family) = split_name(view.name());
    let mut person = Map::new();
    let mut tell = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            person.insert(name.to_owned(), value);
        }
    };
    let first = |names: &[&str]| names.iter().find_map(|name| view.field(name)).map(Value::from);
    tell("@type", Some(json!("Person")));
    tell("name", Some(json!(view.name())));
    tell("givenName", Some(json!(given)));
    tell("familyName", Some(family).filter(|name| !name.is_empty()).map(Value::from));
    tell("jobTitle", view.field("designation").map(Value::from));
    tell("worksFor", view.field("company_name").map(|name| {
        json!({"@type": "Organization", "name": name, "url": view.field("company_website")})
    }));
    tell("image", view.photo.as_ref().map(|path| json!(format!("{site}{path}"))));
    tell("url", Some(json!(url)));
    tell("email", first(&["primary_email", "office_email", "secondary_email"]));
    tell("telephone", first(&["mobile_number", "office_phone", "phone_number"]));
    let pages = view.card.links.iter().map(|link| link.url.as_str()).chain(view.field("website"));
    let pages: Vec<&str> = pages.filter(|url| url.starts_with("http")).collect();
    tell("sameAs", Some(json!(pages)).filter(|_| !pages.is_empty()));
    let document = json!({
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "dateModified": view.card.updated.to_string(),
        "mainEntity": person,
    });
    escaped(&document.to_string())
}

/// JSON in which nothing means anything to HTML, or ends a line of a script.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for sign in json.chars() {
        match sign {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing into memory does not fail.
                let _written = write!(text, "\\u{:04x}", u32::from(sign));
            }
            _ => text.push(sign),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_ends_its_element() {
        let told = escaped(&json!({"name": "</script><!--&\u{2028}"}).to_string());
        assert_eq!(told, "{\"name\":\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\"}");
        let read: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(read["name"], "</script><!--&\u{2028}");
    }

    #[test]
    fn a_name_is_split_where_it_can_be() {
        assert_eq!(split_name("Augusta Ada King"), ("Augusta Ada", "King"));
        assert_eq!(split_name("Madonna"), ("Madonna", ""));
        assert_eq!(split_name("李雷"), ("李雷", ""));
    }
}
