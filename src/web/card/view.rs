//! What a card shows, put in order for those who draw it: who, how to reach them, and what else there is to know.

use super::colour::Rgb;
use crate::domain::public_cards::PublicCard;
use crate::web::icons::Icon;
use crate::web::words::card::Card as Words;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// The colour of a card whose owner chose none.
pub const ACCENT: &str = "#9f233b";

/// How a card is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Design {
    /// The colour.
    pub accent: Rgb,
    /// The letters: `sans`, `serif`, `mono`; `None` leaves them to the template.
    pub font: Option<&'static str>,
    /// Whether it is laid out in breadth.
    pub is_horizontal: bool,
}

impl Design {
    /// Reads a `design_config`.
    pub fn of(json: &str) -> Self {
        let read: Value = serde_json::from_str(json).unwrap_or_default();
        let text = |name: &str| read.get(name).and_then(Value::as_str);
        let fonts = ["sans", "serif", "mono"];
        let colors = [text("primary_color").unwrap_or_default(), ACCENT];
        Self {
            accent: colors.into_iter().find_map(Rgb::parse).unwrap_or(Rgb::BLACK),
            font: text("font").and_then(|name| fonts.into_iter().find(|font| *font == name)),
            is_horizontal: text("layout") == Some("horizontal"),
        }
    }

    /// The class that has its colours.
    pub fn class(&self) -> String {
        let [red, green, blue] = self.accent.0;
        format!("c-{red:02x}{green:02x}{blue:02x}")
    }
}

/// Something to know of a person, or a way to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: &'static str,
    /// It.
    pub text: String,
    /// Where it leads; empty: nowhere.
    pub href: String,
    /// Its picture.
    pub icon: Icon,
    /// Its name as a microformat.
    pub class: &'static str,
}

/// A card, read for drawing.
#[derive(Debug)]
pub struct View<'a> {
    /// What it shows.
    pub card: &'a PublicCard,
    /// How it is to look.
    pub design: Design,
    /// The texts around it.
    pub words: &'static Words,
    /// Where its photo is.
    pub photo: Option<String>,
}

impl<'a> View<'a> {
    /// Reads a card.
    pub fn of(card: &'a PublicCard, words: &'static Words) -> Self {
        let photo = card.photo.map(|hash| format!("/photos/{hash}.jpg"));
        Self { card, design: Design::of(&card.design), words, photo }
    }

    /// A field of the profile, if the card shows it.
    pub fn field(&self, name: &str) -> Option<&'a str> {
        let (_, text) = self.card.person.iter().find(|(field, _)| *field == name)?;
        Some(text)
    }

    /// Whose card it is: the person, or what the card is called.
    pub fn name(&self) -> &'a str {
        self.field("full_name").unwrap_or(&self.card.name)
    }

    /// The direction of a card whose name is written from right to left: then so is all of it, or half of it would
    /// stand on the other side. Else it is the page's.
    pub fn direction(&self) -> Option<&'static str> {
        let right = |sign: char| matches!(u32::from(sign), 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff);
        self.name()
            .chars()
            .find(|sign| sign.is_alphabetic())
            .filter(|sign| right(*sign))
            .map(|_| "rtl")
    }

    /// How much room the name takes, all of it and its longest word: scripts whose signs are as broad as high take
    /// twice.
    pub fn name_class(&self) -> &'static str {
        let broad = |sign: char| matches!(u32::from(sign), 0x1100..=0x115f | 0x2e80..=0xd7ff | 0xf900..=0xfaff);
        let width = |text: &str| text.chars().map(|c| if broad(c) { 2 } else { 1 }).sum::<usize>();
        let whole = width(self.name());
        let words = self.name().split([' ', '-']);
        let word = words.filter(|word| !word.contains(broad)).map(width).max().unwrap_or(0);
        match (whole, word) {
            (0..=18, 0..=10) => "",
            (0..=34, 0..=13) => "long",
            _ => "longer",
        }
    }

    /// One or two letters for where a photo would be: of the first and the last word, or a sign alone where a
    /// script writes no spaces.
    pub fn monogram(&self) -> String {
        let mut words =
            self.name().split_whitespace().filter(|w| w.starts_with(char::is_alphanumeric));
        let letter = |word: &str| word.chars().next().map(|c| c.to_uppercase().collect::<String>());
        let first = words.next().and_then(letter);
        let last = words.next_back().and_then(letter);
        // Scripts without capitals join their letters, or a sign of theirs says a word.
        let has_case = |text: &String| text.chars().all(char::is_uppercase);
        match (first, last) {
            (Some(first), Some(last)) if has_case(&first) && has_case(&last) => first + &last,
            (Some(first), _) => first,
            (None, _) => "·".to_owned(),
        }
    }

    /// What they do: title and department.
    pub fn role(&self) -> Option<String> {
        let parts = [self.field("designation"), self.field("department")];
        let told: Vec<_> = parts.into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join("\u{a0}· "))
    }

    /// The ways to reach them at once: call, mail, message, map; at most one of each.
    pub fn actions(&self) -> Vec<(Icon, &'static str, String)> {
        let first = |names: &[&str]| names.iter().find_map(|name| self.field(name));
        let words = self.words;
        let call = first(&["mobile_number", "office_phone", "phone_number"]).and_then(tel);
        let mail = first(&["primary_email", "office_email", "secondary_email"]).map(mailto);
        let chat = self.field("whatsapp_number").and_then(whatsapp);
        let message = chat.or_else(|| {
            let number = self.field("mobile_number").and_then(tel)?;
            Some(number.replacen("tel:", "sms:", 1))
        });
        let place = first(&["office_address", "home_address"]).map(map);
        let found = [
            (Icon::Phone, words.call, call),
            (Icon::Mail, words.mail, mail),
            (Icon::Message, words.message_them, message),
            (Icon::Pin, words.map, place),
        ];
        found.into_iter().filter_map(|(icon, word, href)| Some((icon, word, href?))).collect()
    }

    /// Everything there is to know but who they are and what they say of themselves.
    pub fn facts(&self) -> Vec<Fact> {
        let words = self.words;
        let told = [
            ("mobile_number", words.mobile, Icon::Phone, "p-tel"),
            ("phone_number", words.phone, Icon::Phone, "p-tel"),
            ("office_phone", words.office_phone, Icon::Phone, "p-tel"),
            ("whatsapp_number", words.whatsapp, Icon::Message, "p-tel"),
            ("primary_email", words.email, Icon::Mail, "u-email"),
            ("secondary_email", words.email, Icon::Mail, "u-email"),
            ("office_email", words.office_email, Icon::Mail, "u-email"),
            ("website", words.website, Icon::Globe, "u-url"),
            ("company_website", words.company_website, Icon::Globe, "u-url"),
            ("office_address", words.office_address, Icon::Building, "p-adr"),
            ("home_address", words.address, Icon::Pin, "p-adr"),
            ("office_hours", words.hours, Icon::Clock, ""),
            ("date_of_birth", words.birthday, Icon::Calendar, "dt-bday"),
        ];
        let fact = |(name, label, icon, class): (&str, _, _, _)| {
            let text = self.field(name)?;
            let href = match name {
                "whatsapp_number" => whatsapp(text).unwrap_or_default(),
                _ if class == "p-tel" => tel(text).unwrap_or_default(),
                _ if class == "u-email" => mailto(text),
                _ if class == "u-url" => text.to_owned(),
                _ if class == "p-adr" => map(text),
                _ => String::new(),
            };
            let text = if class == "u-url" { bare(text) } else { text.to_owned() };
            Some(Fact { label, text, href, icon, class })
        };
        told.into_iter().filter_map(fact).collect()
    }
}

/// The address that calls a number, without its extension; `None` where there is nothing to dial.
pub fn tel(number: &str) -> Option<String> {
    let main = number.to_ascii_lowercase();
    let main = main.split(['x', 'e', ';']).next().unwrap_or_default();
    let digits: String = main.chars().filter(char::is_ascii_digit).collect();
    let plus = if main.trim_start().starts_with('+') { "+" } else { "" };
    (digits.len() >= 3).then(|| format!("tel:{plus}{digits}"))
}

/// The address that writes to a number; it has to be a whole one, with its country's.
fn whatsapp(number: &str) -> Option<String> {
    let number = tel(number)?;
    let whole = number.strip_prefix("tel:+").or_else(|| number.strip_prefix("tel:00"))?;
    Some(format!("https://wa.me/{whole}"))
}

/// What stands in an address of mail as it is: nothing that has a meaning in a query.
const IN_MAIL: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'+');

fn mailto(address: &str) -> String {
    format!("mailto:{}", utf8_percent_encode(address, IN_MAIL))
}

fn map(address: &str) -> String {
    let line = address.split_whitespace().collect::<Vec<_>>().join(" ");
    let query = utf8_percent_encode(&line, NON_ALPHANUMERIC);
    format!("https://www.openstreetmap.org/search?query={query}")
}

/// An address as people write it: without what only machines need.
pub fn bare(url: &str) -> String {
    let schemes = ["https://www.", "http://www.", "https://", "http://", "mailto:", "tel:", "sms:"];
    let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or(url);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let decoded = percent_encoding::percent_decode_str(rest).decode_utf8();
    let readable = decoded.ok().filter(|text| !text.chars().any(char::is_control));
    readable.map_or_else(|| rest.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dialled_and_addresses_are_read() {
        for (number, address) in [
            ("+49 (30) 901820", Some("tel:+4930901820")),
            ("030-901820 ext 12", Some("tel:030901820")),
            ("0301/90x7", Some("tel:030190")),
            ("110", Some("tel:110")),
            ("ext 12", None),
        ] {
            assert_eq!(tel(number).as_deref(), address, "{number}");
        }
        assert_eq!(whatsapp("+49 151 23"), Some("https://wa.me/4915123".into()));
        assert_eq!(whatsapp("0151 23"), None, "not without its country");
        assert_eq!(mailto("a&body=x@example.org"), "mailto:a%26body%3Dx@example.org");
        for (url, text) in [
            ("https://www.example.org/", "example.org"),
            ("https://example.org/a/b?utm=1#x", "example.org/a/b"),
            ("https://example.org/%E6%9D%8E", "example.org/李"),
            ("mailto:ada@example.org", "ada@example.org"),
            ("https://example.org/%00", "example.org/%00"),
        ] {
            assert_eq!(bare(url), text);
        }
    }

    #[test]
    fn a_design_is_read_and_nothing_else_of_it() {
        let design =
            Design::of(r##"{"primary_color":"#0A0b0C","font":"mono","layout":"horizontal"}"##);
        assert_eq!((design.class().as_str(), design.font), ("c-0a0b0c", Some("mono")));
        assert!(design.is_horizontal);
        let other = Design::of(r#"{"primary_color":"red;}","font":"x","layout":1}"#);
        assert_eq!(
            other,
            Design { accent: Rgb([0x9f, 0x23, 0x3b]), font: None, is_horizontal: false }
        );
        assert_eq!(Design::of("no json"), other);
    }
}
