//! When a subscription ends, as a form asks for it: a day, and a time of it in UTC.

use crate::clock::Millis;
use crate::error::Fault;
use crate::web::forms::{Sent, fault};
use crate::web::words::Words;
use crate::web::words::admin::Admin;

/// The field of the day.
pub(super) const DAY: &str = "expires_on";
/// The field of the time.
pub(super) const TIME: &str = "expires_time";
/// The time of somebody who names none: the day's last second, so that the day counts as people say it.
const LAST: &str = "23:59:59";

/// The two fields as they show what stands.
pub(super) fn told(end: Option<Millis>) -> [String; 2] {
    let text = end.map(|end| end.to_string()).unwrap_or_default();
    let (day, time) = text.split_once('T').unwrap_or_default();
    let time = time.trim_end_matches('Z').trim_end_matches(".000");
    let time = if time == LAST { "" } else { time.strip_suffix(":00").unwrap_or(time) };
    [day.to_owned(), time.to_owned()]
}

/// What was sent in them, as RFC 3339 writes it; `None` for never.
pub(super) fn asked(sent: &Sent, words: &Admin) -> Result<Option<String>, Fault> {
    let (day, time) = (sent.text(DAY).trim(), sent.text(TIME).trim());
    if day.is_empty() {
        let lone = || fault(DAY, "no-day", words.no_day_for_time);
        return if time.is_empty() { Ok(None) } else { Err(lone()) };
    }
    // The parser takes other forms of ISO 8601, too, and a day beyond the times that there are.
    let read: Option<jiff::civil::Date> = day.parse().ok();
    if read.is_none_or(|read| read.to_string() != day || !(1970..=9998).contains(&read.year())) {
        return Err(fault(DAY, "no-day", words.no_day));
    }
    let time = match (time, time.len()) {
        ("", _) => LAST.to_owned(),
        (time, 5) => format!("{time}:00"),
        (time, _) => time.to_owned(),
    };
    let signs = |sign: char| sign.is_ascii_digit() || matches!(sign, ':' | '.');
    let end = format!("{day}T{time}Z");
    match Millis::parse(&end).filter(|_| time.len() >= LAST.len() && time.chars().all(signs)) {
        Some(end) => Ok(Some(end.to_string())),
        None => Err(fault(TIME, "no-time", words.no_time)),
    }
}

/// What stands, for those whose form began before it did.
pub(super) fn sentence(words: &Words, end: Option<Millis>) -> String {
    let Some(end) = end else { return words.admin.endless.to_owned() };
    let exact = end.to_string();
    format!("{}, {} UTC", (words.day)(end), exact.get(11..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::languages::Language;

    fn sent(day: &str, time: &str) -> Sent {
        Sent::standing([(DAY, day.to_owned()), (TIME, time.to_owned())])
    }

    #[test]
    fn what_is_shown_says_what_stands_to_the_millisecond() {
        let words = &Words::of(Language::En).admin;
        for (stands, shown) in [
            ("2027-01-31T08:00:00Z", ["2027-01-31", "08:00"]),
            ("2027-01-31T00:00:00Z", ["2027-01-31", "00:00"]),
            ("2027-01-31T08:00:30Z", ["2027-01-31", "08:00:30"]),
            ("2027-01-31T08:00:00.250Z", ["2027-01-31", "08:00:00.250"]),
            ("2027-01-31T23:59:59Z", ["2027-01-31", ""]),
        ] {
            let at = Millis::parse(stands);
            let [day, time] = told(at);
            assert_eq!([&*day, &*time], shown, "{stands}");
            let read = asked(&sent(&day, &time), words).unwrap();
            assert_eq!(Millis::parse(&read.unwrap()), at, "{stands}");
        }
        assert_eq!(told(None), ["", ""]);
        assert_eq!(asked(&sent("", " "), words), Ok(None));
    }

    #[test]
    fn what_is_no_day_or_no_time_is_said_at_its_field() {
        let words = &Words::of(Language::En).admin;
        for (day, time, field) in [
            ("soon", "", DAY),
            ("31.01.2027", "", DAY),
            ("2027-02-30", "", DAY),
            ("20270131", "", DAY),
            ("1969-12-31", "", DAY),
            ("9999-12-31", "", DAY),
            ("", "08:00", DAY),
            ("2027-01-31", "8", TIME),
            ("2027-01-31", "25:00", TIME),
            ("2027-01-31", "08:61", TIME),
            ("2027-01-31", "08:00+02:00", TIME),
            ("2027-01-31", "noon", TIME),
        ] {
            let wrong = asked(&sent(day, time), words).unwrap_err();
            assert_eq!(wrong.pointer, format!("/{field}"), "{day} {time}");
        }
    }
}
