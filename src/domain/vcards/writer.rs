//! The lines of a vCard: folded, escaped, and what each version writes in its own way.

use super::Version;
use crate::store::tx::Named;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The longest line in octets, without its end.
pub(super) const LINE_MAX: usize = 75;

/// Writes lines.
pub(super) struct Writer {
    /// What was written so far.
    pub text: String,
    /// Which vCard it is.
    pub version: Version,
    /// The longest line.
    line_max: usize,
    /// Groups so far.
    items: usize,
}

impl Writer {
    /// The head of a card whose lines are folded.
    pub(super) fn new(version: Version) -> Self {
        let writer = Self { text: String::new(), version, line_max: LINE_MAX, items: 0 };
        writer.begun()
    }

    /// The head of one whose lines are as long as they are.
    pub(super) fn unfolded(version: Version) -> Self {
        let writer = Self { text: String::new(), version, line_max: usize::MAX, items: 0 };
        writer.begun()
    }

    fn begun(mut self) -> Self {
        self.line("BEGIN:VCARD");
        self.line(&format!("VERSION:{}", self.version.name()));
        self
    }

    /// A line of the file in as many as it takes: each goes on behind a space, and none parts a sign or an escape.
    pub(super) fn line(&mut self, content: &str) {
        let mut room = self.line_max;
        let mut signs = content.chars().peekable();
        while let Some(sign) = signs.next() {
            let pair = if sign == '\\' { signs.next() } else { None };
            let width = sign.len_utf8() + pair.map_or(0, char::len_utf8);
            if width > room {
                self.text.push_str("\r\n ");
                room = self.line_max - 1;
            }
            room -= width;
            self.text.push(sign);
            self.text.extend(pair);
        }
        self.text.push_str("\r\n");
    }

    pub(super) fn text_line(&mut self, name: &str, text: &str) {
        self.line(&format!("{name}:{}", escaped(text)));
    }

    pub(super) fn structured(&mut self, name: &str, parts: &[&str]) {
        let parts: Vec<String> = parts.iter().map(|part| escaped(part)).collect();
        self.line(&format!("{name}:{}", parts.join(";")));
    }

    pub(super) fn telephone(&mut self, kind: &str, number: &str) {
        let dialled = dialled(number);
        match (self.version, has_extension(number)) {
            (Version::V3, _) => {
                self.line(&format!("TEL;TYPE={},VOICE:{dialled}", kind.to_ascii_uppercase()));
            }
            (Version::V4, true) => {
                self.line(&format!("TEL;TYPE=\"voice,{kind}\":{dialled}"));
            }
            (Version::V4, false) => {
                let kind = if kind == "msg" { "text,cell" } else { kind };
                self.line(&format!("TEL;VALUE=uri;TYPE=\"voice,{kind}\":tel:{dialled}"));
            }
        }
    }

    pub(super) fn mail(&mut self, kind: &str, address: &str) {
        match self.version {
            Version::V3 => {
                let kind = kind.to_ascii_uppercase();
                self.line(&format!("EMAIL;TYPE=INTERNET,{kind}:{}", escaped(address)));
            }
            Version::V4 => self.line(&format!("EMAIL;TYPE={kind}:{}", escaped(address))),
        }
    }

    /// Nobody knows which line of an address is the town, so all of it is told as the street.
    pub(super) fn address(&mut self, kind: &str, address: &str) {
        let kind = match self.version {
            Version::V3 => kind.to_ascii_uppercase(),
            Version::V4 => kind.to_owned(),
        };
        self.structured(&format!("ADR;TYPE={kind}"), &["", "", address, "", "", "", ""]);
    }

    pub(super) fn uri(&mut self, name: &str, uri: &str) {
        self.line(&format!("{name}:{}", plain_uri(uri)));
    }

    /// A link with its name, as Apple's address book and others read it.
    pub(super) fn labelled(&mut self, platform: &str, label: &str, url: &str) {
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

    pub(super) fn photo(&mut self, jpeg: &[u8]) {
        let encoded = STANDARD.encode(jpeg);
        match self.version {
            Version::V3 => self.line(&format!("PHOTO;ENCODING=b;TYPE=JPEG:{encoded}")),
            Version::V4 => self.line(&format!("PHOTO:data:image/jpeg;base64,{encoded}")),
        }
    }
}

fn has_extension(number: &str) -> bool {
    number.contains(['x', 'X', ';'])
}

/// A number as a telephone dials it; one with an extension as it was written.
pub(super) fn dialled(number: &str) -> String {
    if has_extension(number) {
        return escaped(number);
    }
    let plus = if number.trim_start().starts_with('+') { "+" } else { "" };
    plus.chars().chain(number.chars().filter(char::is_ascii_digit)).collect()
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
