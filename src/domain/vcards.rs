//! A public card as a vCard: 3.0 (RFC 2426), which telephones take, and 4.0 (RFC 6350). Made of the public projection
//! alone. Writes nothing.

use super::ids::CardId;
use super::public_cards::PublicCard;
use crate::store::tx::Named;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The longest line in octets, without its end.
const LINE_MAX: usize = 75;
/// The largest photo that goes into a card, in octets.
pub const PHOTO_MAX: usize = 64 * 1_024;

/// Which vCard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 3.0.
    V3,
    /// 4.0.
    V4,
}
super::named!(Version { V3 => "3.0", V4 => "4.0" });

/// The card, found at `url`, with this photo.
pub fn vcard(card: &PublicCard, url: &str, photo: Option<&[u8]>, version: Version) -> String {
    let mut writer = Writer { text: String::new(), version, items: 0 };
    let of =
        |name: &str| card.person.iter().find(|(field, _)| *field == name).map(|(_, text)| &**text);
    writer.line("BEGIN:VCARD");
    writer.line(&format!("VERSION:{}", version.name()));
    names(&mut writer, of("full_name").unwrap_or(&card.name));
    let company = [of("company_name"), of("department")];
    if company.iter().any(Option::is_some) {
        writer.structured("ORG", &company.map(Option::unwrap_or_default));
    }
    if let Some(title) = of("designation") {
        writer.text_line("TITLE", title);
    }
    reached(&mut writer, &of);
    writer.uri("URL", url);
    for field in ["website", "company_website"] {
        if let Some(website) = of(field) {
            writer.uri("URL", website);
        }
    }
    for link in &card.links {
        let label = if link.label.is_empty() { &link.platform } else { &link.label };
        writer.labelled(&link.platform, label, &link.url);
    }
    notes(&mut writer, &of);
    if let Some(photo) = photo.filter(|photo| photo.len() <= PHOTO_MAX) {
        writer.photo(photo);
    }
    ends(&mut writer, card.id, card);
    writer.text
}

/// `FN` and `N`. The last word is taken for the family's; of a single one nobody knows, and it is told as the given.
fn names(writer: &mut Writer, name: &str) {
    let name = name.trim();
    let (given, family) = name.rsplit_once(char::is_whitespace).unwrap_or((name, ""));
    writer.text_line("FN", name);
    writer.structured("N", &[family, given.trim(), "", "", ""]);
}

/// How they are reached.
fn reached<'a>(writer: &mut Writer, of: &impl Fn(&str) -> Option<&'a str>) {
    for (field, kind) in [
        ("mobile_number", "cell"),
        ("phone_number", "home"),
        ("office_phone", "work"),
        ("whatsapp_number", "msg"),
    ] {
        if let Some(number) = of(field) {
            writer.telephone(kind, number);
        }
    }
    for (field, kind) in
        [("primary_email", "home"), ("secondary_email", "home"), ("office_email", "work")]
    {
        if let Some(address) = of(field) {
            writer.mail(kind, address);
        }
    }
    for (field, kind) in [("home_address", "home"), ("office_address", "work")] {
        if let Some(address) = of(field) {
            writer.address(kind, address);
        }
    }
}

fn notes<'a>(writer: &mut Writer, of: &impl Fn(&str) -> Option<&'a str>) {
    if let Some(born) = of("date_of_birth") {
        let told = match writer.version {
            Version::V3 => born.to_owned(),
            Version::V4 => born.replace('-', ""),
        };
        writer.line(&format!("BDAY:{told}"));
    }
    let told = [of("bio"), of("pronouns"), of("office_hours")];
    let told: Vec<&str> = told.into_iter().flatten().collect();
    if !told.is_empty() {
        writer.text_line("NOTE", &told.join("\n\n"));
    }
}

/// What tells one edition of a card from another: who takes it up again, changes what is there.
fn ends(writer: &mut Writer, id: CardId, card: &PublicCard) {
    writer.line(&format!("UID:urn:uuid:{}", uid(id)));
    let updated = card.updated.to_string();
    let compact: String = updated.split('.').next().unwrap_or_default().chars().collect();
    let compact = compact.trim_end_matches('Z');
    match writer.version {
        Version::V3 => writer.line(&format!("REV:{compact}Z")),
        Version::V4 => {
            writer.line(&format!("REV:{}Z", compact.replace(['-', ':'], "")));
            writer.line("KIND:individual");
        }
    }
    writer.line("PRODID:-//Cardinal//Cardinal//EN");
    writer.line("END:VCARD");
}

/// What names the card for good, whatever it is called, and is not its id, which nobody else is told: a UUID of
/// version 8 (RFC 9562 §5.8) made of that id's hash.
fn uid(id: CardId) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"vcard");
    hash.update(id.as_bytes());
    Uuid::new_v8(hash.finalize().first_chunk().copied().unwrap_or_default())
}

/// Writes lines, folded.
struct Writer {
    text: String,
    version: Version,
    /// Groups so far.
    items: usize,
}

impl Writer {
    /// A line of the file in as many as it takes: each goes on behind a space, and none parts a sign or an escape.
    fn line(&mut self, content: &str) {
        let mut room = LINE_MAX;
        let mut signs = content.chars().peekable();
        while let Some(sign) = signs.next() {
            let pair = if sign == '\\' { signs.next() } else { None };
            let width = sign.len_utf8() + pair.map_or(0, char::len_utf8);
            if width > room {
                self.text.push_str("\r\n ");
                room = LINE_MAX - 1;
            }
            room -= width;
            self.text.push(sign);
            self.text.extend(pair);
        }
        self.text.push_str("\r\n");
    }

    fn text_line(&mut self, name: &str, text: &str) {
        self.line(&format!("{name}:{}", escaped(text)));
    }

    fn structured(&mut self, name: &str, parts: &[&str]) {
        let parts: Vec<String> = parts.iter().map(|part| escaped(part)).collect();
        self.line(&format!("{name}:{}", parts.join(";")));
    }

    fn telephone(&mut self, kind: &str, number: &str) {
        let bare: String = number.chars().filter(char::is_ascii_digit).collect();
        let has_extension = number.contains(['x', 'X', ';']);
        let plus = if number.trim_start().starts_with('+') { "+" } else { "" };
        match (self.version, has_extension) {
            (Version::V3, _) => {
                let dialled = if has_extension { escaped(number) } else { format!("{plus}{bare}") };
                self.line(&format!("TEL;TYPE={},VOICE:{dialled}", kind.to_ascii_uppercase()));
            }
            (Version::V4, true) => {
                self.line(&format!("TEL;TYPE=\"voice,{kind}\":{}", escaped(number)));
            }
            (Version::V4, false) => {
                let kind = if kind == "msg" { "text,cell" } else { kind };
                self.line(&format!("TEL;VALUE=uri;TYPE=\"voice,{kind}\":tel:{plus}{bare}"));
            }
        }
    }

    fn mail(&mut self, kind: &str, address: &str) {
        match self.version {
            Version::V3 => {
                let kind = kind.to_ascii_uppercase();
                self.line(&format!("EMAIL;TYPE=INTERNET,{kind}:{}", escaped(address)));
            }
            Version::V4 => self.line(&format!("EMAIL;TYPE={kind}:{}", escaped(address))),
        }
    }

    /// Nobody knows which line of an address is the town, so all of it is told as the street.
    fn address(&mut self, kind: &str, address: &str) {
        let kind = match self.version {
            Version::V3 => kind.to_ascii_uppercase(),
            Version::V4 => kind.to_owned(),
        };
        self.structured(&format!("ADR;TYPE={kind}"), &["", "", address, "", "", "", ""]);
    }

    fn uri(&mut self, name: &str, uri: &str) {
        self.line(&format!("{name}:{}", plain_uri(uri)));
    }

    /// A link with its name, as Apple's address book and others read it.
    fn labelled(&mut self, platform: &str, label: &str, url: &str) {
        self.items += 1;
        let (item, url) = (self.items, plain_uri(url));
        self.line(&format!("item{item}.URL:{url}"));
        self.text_line(&format!("item{item}.X-ABLabel"), label);
        if url.starts_with("http") {
            match self.version {
                Version::V3 => self.line(&format!("X-SOCIALPROFILE;TYPE={platform}:{url}")),
                Version::V4 => self.line(&format!("SOCIALPROFILE;SERVICE-TYPE={platform}:{url}")),
            }
        }
    }

    fn photo(&mut self, jpeg: &[u8]) {
        let encoded = STANDARD.encode(jpeg);
        match self.version {
            Version::V3 => self.line(&format!("PHOTO;ENCODING=b;TYPE=JPEG:{encoded}")),
            Version::V4 => self.line(&format!("PHOTO:data:image/jpeg;base64,{encoded}")),
        }
    }
}

/// A text so that it means nothing but itself (RFC 6350 §3.4).
fn escaped(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' | ',' | ';' => told.extend(['\\', sign]),
            '\r' => {
                signs.next_if_eq(&'\n');
                told.push_str("\\n");
            }
            '\n' | '\u{2028}' | '\u{2029}' => told.push_str("\\n"),
            '\t' => told.push(' '),
            sign if sign.is_control() => {}
            sign => told.push(sign),
        }
    }
    told
}

/// An address without what one school of readers takes for escapes and another does not.
fn plain_uri(uri: &str) -> String {
    let plain = uri.replace(',', "%2C").replace(';', "%3B").replace('\\', "%5C");
    plain.chars().filter(|sign| !sign.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;
    use crate::domain::cards::Template;
    use crate::domain::links::Link;
    use crate::id::Ids;
    use proptest::prelude::*;

    fn card(person: &[(&'static str, &str)]) -> PublicCard {
        let ids = Ids::new();
        let url = "https://example.org/a,b;c".to_owned();
        let link =
            Link { id: ids.next(Millis(1)), platform: "github".into(), label: String::new(), url };
        PublicCard {
            id: ids.next(Millis(1)),
            owner: ids.next(Millis(1)),
            slug: "ada".into(),
            name: "Card of Ada".into(),
            handle: "ada".into(),
            template: Template::Custom,
            design: "{}".into(),
            listed: true,
            person: person.iter().map(|(name, text)| (*name, (*text).to_owned())).collect(),
            links: vec![link],
            photo: None,
            updated: Millis(1_795_305_600_000),
        }
    }

    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_card_is_told_as_telephones_read_it() {
        let card = card(&[
            ("full_name", "Augusta Ada; King, of\\Lovelace"),
            ("mobile_number", "+44 (7700) 900461"),
            ("office_phone", "020 7946 0958 ext 7"),
            ("primary_email", "ada@example.org"),
            ("office_address", "1 Dorset Street\nLondon"),
            ("company_name", "Babbage; Sons"),
            ("bio", "One\r\ntwo"),
            ("date_of_birth", "1815-12-10"),
        ]);
        let text = vcard(&card, "https://c.example/c/ada", Some(b"jpeg"), Version::V3);
        let lines = unfolded(&text);
        for line in [
            "VERSION:3.0",
            "FN:Augusta Ada\\; King\\, of\\\\Lovelace",
            "N:of\\\\Lovelace;Augusta Ada\\; King\\,;;;",
            "ORG:Babbage\\; Sons;",
            "TEL;TYPE=CELL,VOICE:+447700900461",
            "TEL;TYPE=WORK,VOICE:020 7946 0958 ext 7",
            "EMAIL;TYPE=INTERNET,HOME:ada@example.org",
            "ADR;TYPE=WORK:;;1 Dorset Street\\nLondon;;;;",
            "URL:https://c.example/c/ada",
            "item1.URL:https://example.org/a%2Cb%3Bc",
            "item1.X-ABLabel:github",
            "X-SOCIALPROFILE;TYPE=github:https://example.org/a%2Cb%3Bc",
            "BDAY:1815-12-10",
            "NOTE:One\\ntwo",
            "PHOTO;ENCODING=b;TYPE=JPEG:anBlZw==",
            "REV:2026-11-22T00:00:00Z",
        ] {
            assert!(lines.iter().any(|told| told == line), "{line} is not in {lines:#?}");
        }
        assert_eq!(
            (lines.first().map(String::as_str), lines.last().map(String::as_str)),
            (Some("BEGIN:VCARD"), Some("END:VCARD"))
        );
        let four = unfolded(&vcard(&card, "https://c.example/c/ada", Some(b"jpeg"), Version::V4));
        for line in [
            "VERSION:4.0",
            "TEL;VALUE=uri;TYPE=\"voice,cell\":tel:+447700900461",
            "PHOTO:data:image/jpeg;base64,anBlZw==",
            "BDAY:18151210",
            "REV:20261122T000000Z",
        ] {
            assert!(four.iter().any(|told| told == line), "{line} is not in {four:#?}");
        }
    }

    proptest! {
        /// Whatever somebody is called, it makes no line of its own, and comes back as it went.
        #[test]
        fn a_name_stays_a_name(name in "[ -~\\r\\né李😀;,\\\\\u{2028}]{1,300}") {
            let text = vcard(&card(&[("full_name", &name)]), "https://c.example", None, Version::V3);
            for line in text.split("\r\n") {
                prop_assert!(line.len() <= LINE_MAX && !line.contains(['\r', '\n']), "{line:?}");
            }
            let lines = unfolded(&text);
            let told: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix("FN:")).collect();
            prop_assert_eq!(told.len(), 1);
            let back = told[0].replace("\\\\", "\u{1}").replace("\\n", "\n");
            let back = back.replace("\\,", ",").replace("\\;", ";").replace('\u{1}', "\\");
            let plain = name.trim().replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
            prop_assert_eq!(back, plain);
            prop_assert!(lines.iter().all(|line| line.contains(':')), "{:?}", lines);
        }
    }
}
