//! What people say about themselves, in two sections. Owns tables `personal_info` and `professional_info`.
//! A section is made by its first save. Deleted it keeps its row, empty, so that its version goes on where it
//! was when it is made again: an edit of the one can never pass for an edit of the other.

use super::ids::UserId;
use super::progress::{self, Source};
use super::{links, named};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::store::{Read, RowResult, ToSql, Tx, params, params_from_iter};
use std::time::Duration;

/// A section of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The person.
    Personal,
    /// The person's work.
    Professional,
}
named!(Section { Personal => "personal", Professional => "professional" });

impl Section {
    /// Its fields, in the order of the table's columns and of what is told of them.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Personal => &[
                "full_name",
                "date_of_birth",
                "primary_email",
                "secondary_email",
                "mobile_number",
                "phone_number",
                "whatsapp_number",
                "home_address",
                "bio",
                "pronouns",
                "website",
            ],
            Self::Professional => &[
                "designation",
                "department",
                "company_name",
                "company_website",
                "office_email",
                "office_phone",
                "office_address",
                "office_hours",
            ],
        }
    }
}

/// A section as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What each of [`Section::fields`] holds, in their order.
    pub values: Vec<Option<String>>,
    /// Steps by one with each change, deletion included.
    pub version: i64,
    /// When it was changed last.
    pub updated: Millis,
}

/// Most characters of a name, a title or a department.
pub const NAME_MAX: usize = 100;
/// Most characters of pronouns.
pub const PRONOUNS_MAX: usize = 50;
/// Most characters of a phone number, its signs included.
pub const PHONE_MAX: usize = 40;
/// Most characters of a postal address or of office hours, line feeds included.
pub const ADDRESS_MAX: usize = 500;
/// Most characters of a biography.
pub const BIO_MAX: usize = 2_000;

/// The earliest day of birth.
const BORN_MIN: &str = "1900-01-01";

/// What a day of birth must be like, but for [`born_max`], which takes a clock: a day of the calendar.
pub fn born_rule(day: &str) -> Result<(), (&'static str, &'static str)> {
    let read: Result<jiff::civil::Date, _> = day.parse();
    // The parser takes other forms of ISO 8601, too.
    if !read.is_ok_and(|read| read.to_string() == day) {
        return Err(("date", "must be a day of the calendar as YYYY-MM-DD"));
    }
    if day < BORN_MIN { Err(("range", "must not be before 1900-01-01")) } else { Ok(()) }
}

/// The latest day of birth: tomorrow by UTC, which is today for some.
pub fn born_max(now: Millis) -> String {
    now.plus(Duration::from_hours(24)).to_string().chars().take(BORN_MIN.len()).collect()
}

/// What a phone number must be like: as people write it, with an extension if it has one (`ext 12`, `x12`).
/// 3 digits are a short number, 20 what an extension adds to the 15 of ITU-T E.164.
pub fn phone_rule(number: &str) -> Result<(), (&'static str, &'static str)> {
    let bare = number.to_ascii_lowercase();
    let (main, extension) =
        bare.split_once("ext").or_else(|| bare.split_once('x')).unwrap_or((&bare, ""));
    let signs = |c: char| c.is_ascii_digit() || "+ ()-./;".contains(c);
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    if (3..=20).contains(&digits) && main.chars().all(signs) && extension.chars().all(signs) {
        return Ok(());
    }
    Err((
        "phone",
        "must be a phone number: 3 to 20 digits, with + ( ) - . / ; and ext or x between",
    ))
}

/// What the address of a website must be like.
pub fn website_rule(url: &str) -> Result<(), (&'static str, &'static str)> {
    links::url_rule(url)?;
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https") => Ok(()),
        _ => Err(("url_scheme", "must begin with https:// or http://")),
    }
}

/// A section; `None` before the first save and after a deletion.
pub fn find(read: &Read<'_>, user: UserId, section: Section) -> Result<Option<Profile>> {
    let sql = match section {
        Section::Personal => {
            "SELECT version, updated_ms, full_name, date_of_birth, primary_email, secondary_email,
               mobile_number, phone_number, whatsapp_number, home_address, bio, pronouns, website
             FROM personal_info WHERE user_id = ?1 AND deleted_ms IS NULL"
        }
        Section::Professional => {
            "SELECT version, updated_ms, designation, department, company_name, company_website,
               office_email, office_phone, office_address, office_hours
             FROM professional_info WHERE user_id = ?1 AND deleted_ms IS NULL"
        }
    };
    read.maybe(sql, params![user], |row| {
        let columns = 2..2 + section.fields().len();
        let values = columns.map(|column| row.get(column)).collect::<RowResult<_>>()?;
        Ok(Profile { values, version: row.get(0)?, updated: row.get(1)? })
    })
}

/// Gives a section these values, provided it is at version `expected`; 0 is where there is none. Check and
/// act are one statement, whether it makes or changes. [`Error::NotFound`] where the version is another, which
/// a caller that has read it in this transaction cannot meet. The first of either section brings points.
pub fn save(
    tx: &Tx<'_>,
    user: UserId,
    section: Section,
    expected: i64,
    values: Vec<Option<String>>,
) -> Result<Profile> {
    let sql = match section {
        Section::Personal => {
            "INSERT INTO personal_info(user_id, updated_ms, full_name, date_of_birth, primary_email,
               secondary_email, mobile_number, phone_number, whatsapp_number, home_address, bio,
               pronouns, website)
             SELECT ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
             WHERE ?2 = 0 OR EXISTS(SELECT 1 FROM personal_info WHERE user_id = ?1)
             ON CONFLICT(user_id) DO UPDATE SET
               full_name = excluded.full_name, date_of_birth = excluded.date_of_birth,
               primary_email = excluded.primary_email, secondary_email = excluded.secondary_email,
               mobile_number = excluded.mobile_number, phone_number = excluded.phone_number,
               whatsapp_number = excluded.whatsapp_number, home_address = excluded.home_address,
               bio = excluded.bio, pronouns = excluded.pronouns, website = excluded.website,
               version = version + 1, updated_ms = excluded.updated_ms, deleted_ms = NULL
             WHERE iif(deleted_ms IS NULL, version, 0) = ?2
             RETURNING version"
        }
        Section::Professional => {
            "INSERT INTO professional_info(user_id, updated_ms, designation, department,
               company_name, company_website, office_email, office_phone, office_address,
               office_hours)
             SELECT ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
             WHERE ?2 = 0 OR EXISTS(SELECT 1 FROM professional_info WHERE user_id = ?1)
             ON CONFLICT(user_id) DO UPDATE SET
               designation = excluded.designation, department = excluded.department,
               company_name = excluded.company_name, company_website = excluded.company_website,
               office_email = excluded.office_email, office_phone = excluded.office_phone,
               office_address = excluded.office_address, office_hours = excluded.office_hours,
               version = version + 1, updated_ms = excluded.updated_ms, deleted_ms = NULL
             WHERE iif(deleted_ms IS NULL, version, 0) = ?2
             RETURNING version"
        }
    };
    let updated = tx.now();
    let about: [&dyn ToSql; 3] = [&user, &expected, &updated];
    let all = about.into_iter().chain(values.iter().map(|value| value as &dyn ToSql));
    let version = tx.changed(sql, params_from_iter(all), |row| row.get(0))?;
    let version = version.ok_or(Error::NotFound("profile"))?;
    if expected == 0 {
        progress::award(tx, user, Source::FirstProfile, "")?;
    }
    Ok(Profile { values, version, updated })
}

/// Empties a section at version `expected`. Its row stays, and its version with it.
pub fn delete(tx: &Tx<'_>, user: UserId, section: Section, expected: i64) -> Result<()> {
    let sql = match section {
        Section::Personal => {
            "UPDATE personal_info SET full_name = NULL, date_of_birth = NULL, primary_email = NULL,
               secondary_email = NULL, mobile_number = NULL, phone_number = NULL,
               whatsapp_number = NULL, home_address = NULL, bio = NULL, pronouns = NULL,
               website = NULL, version = version + 1, updated_ms = ?3, deleted_ms = ?3
             WHERE user_id = ?1 AND version = ?2 AND deleted_ms IS NULL"
        }
        Section::Professional => {
            "UPDATE professional_info SET designation = NULL, department = NULL,
               company_name = NULL, company_website = NULL, office_email = NULL,
               office_phone = NULL, office_address = NULL, office_hours = NULL,
               version = version + 1, updated_ms = ?3, deleted_ms = ?3
             WHERE user_id = ?1 AND version = ?2 AND deleted_ms IS NULL"
        }
    };
    tx.change(sql, params![user, expected, tx.now()])?.one_or(|| Error::NotFound("profile"))
}
