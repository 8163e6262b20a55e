//! A public card as a vCard: 3.0 (RFC 2426), which telephones take, and 4.0 (RFC 6350); or only who it is and how to
//! reach them, for a code that is read without a network. Made of the public projection alone. Writes nothing.

mod writer;

use super::ids::CardId;
use super::public_cards::PublicCard;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use writer::Writer;

/// The largest photo that goes into a card, in octets before they are encoded: telephones take that, and of larger ones
/// some take nothing. Of a larger photo goes a smaller copy ([`super::photos::within`]).
pub const PHOTO_MAX: usize = 64 * 1_024;
/// The longest [`brief`] card that goes into a code, in octets: one of 121 modules a side at error correction M. Of
/// more, cameras read nothing off a screen.
pub const CODE_MAX: usize = 1_000;

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
    let mut writer = Writer::new(version);
    let of = |name: &str| field(card, name);
    names(&mut writer, name(card));
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

/// Who it is and the first way to call and to write to them, as vCard 3.0 in lines that are not folded: about 200
/// octets, so that a code of it is not much finer than one of an address. No photo, no identifier: it is a copy on
/// paper, and knows of no later ones. A card of long names can come to more than [`CODE_MAX`].
pub fn brief(card: &PublicCard, url: &str) -> String {
    let mut writer = Writer::unfolded(Version::V3);
    let first = |names: &[&str]| names.iter().find_map(|name| field(card, name));
    names(&mut writer, name(card));
    if let Some(company) = field(card, "company_name") {
        writer.text_line("ORG", company);
    }
    if let Some(title) = field(card, "designation") {
        writer.text_line("TITLE", title);
    }
    if let Some(number) = first(&["mobile_number", "office_phone", "phone_number"]) {
        writer.line(&format!("TEL:{}", writer::dialled(number)));
    }
    if let Some(address) = first(&["primary_email", "office_email", "secondary_email"]) {
        writer.text_line("EMAIL", address);
    }
    writer.uri("URL", url);
    writer.line("END:VCARD");
    writer.text
}

/// Whose card it is: the person, or what the card is called.
pub fn name(card: &PublicCard) -> &str {
    field(card, "full_name").unwrap_or(&card.name)
}

/// A field of the profile, if the card shows it.
fn field<'a>(card: &'a PublicCard, name: &str) -> Option<&'a str> {
    card.person.iter().find(|(field, _)| *field == name).map(|(_, text)| text.as_str())
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

#[cfg(test)]
mod tests {
    use super::writer::LINE_MAX;
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

    #[test]
    fn a_brief_card_says_who_and_how_in_few_octets() {
        let mut card = card(&[
            ("full_name", "Ada Lovelace"),
            ("phone_number", "1"),
            ("office_phone", "020 7946 0958 ext 7"),
            ("mobile_number", "+44 (7700) 900461"),
            ("secondary_email", "b@example.org"),
            ("primary_email", "ada@example.org"),
            ("company_name", "Babbage; Sons"),
            ("designation", "Analyst"),
            ("bio", "One"),
        ]);
        let lines = "BEGIN:VCARD|VERSION:3.0|FN:Ada Lovelace|N:Lovelace;Ada;;;|ORG:Babbage\\; Sons|TITLE:Analyst|\
                     TEL:+447700900461|EMAIL:ada@example.org|URL:https://c.example/c/ada|END:VCARD|";
        assert_eq!(brief(&card, "https://c.example/c/ada"), lines.replace('|', "\r\n"));
        card.person.retain(|(field, _)| matches!(*field, "office_phone" | "secondary_email"));
        card.name = "李".repeat(60);
        let told = brief(&card, "https://c.example/c/ada");
        for line in ["TEL:020 7946 0958 ext 7", "EMAIL:b@example.org", &format!("FN:{}", card.name)]
        {
            assert!(told.lines().any(|told| told == line), "{line} is not in {told}");
        }
        assert!(told.len() <= CODE_MAX, "{}", told.len());
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
