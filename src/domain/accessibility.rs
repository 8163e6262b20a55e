//! How somebody needs the pages to be. Owns table `accessibility_settings`. Before the first save the defaults
//! hold, at version 0; looking at them writes nothing.

use super::users::UserId;
use crate::error::{Error, Result};
use crate::store::{Read, Row, RowResult, Tx, params};

/// Smallest text, as a multiple of the normal size.
pub const TEXT_SCALE_MIN: f64 = 0.8;
/// Largest text, as a multiple of the normal size.
pub const TEXT_SCALE_MAX: f64 = 2.0;

/// What a person needs.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Settings {
    /// Black on white, without shades.
    pub high_contrast: bool,
    /// Nothing moves.
    pub reduced_motion: bool,
    /// Larger text throughout.
    pub large_text: bool,
    /// Letters that are told apart more easily.
    pub dyslexia_font: bool,
    /// Size of text, as a multiple of the normal one.
    pub text_scale: f64,
    /// Keys of one character do nothing: whoever speaks to the machine, or slips, sets none off (WCAG 2.1.4).
    pub no_character_keys: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            high_contrast: false,
            reduced_motion: false,
            large_text: false,
            dyslexia_font: false,
            text_scale: 1.0,
            no_character_keys: false,
        }
    }
}

/// The settings as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    /// What the person needs.
    pub settings: Settings,
    /// Steps by one with each save. 0: there was none yet.
    pub version: i64,
}

fn from_row(row: &Row<'_>) -> RowResult<Standing> {
    let settings = Settings {
        high_contrast: row.get(0)?,
        reduced_motion: row.get(1)?,
        large_text: row.get(2)?,
        dyslexia_font: row.get(3)?,
        text_scale: row.get(4)?,
        no_character_keys: row.get(5)?,
    };
    Ok(Standing { settings, version: row.get(6)? })
}

/// A person's settings: the saved ones, or the defaults.
pub fn of(read: &Read<'_>, user: UserId) -> Result<Standing> {
    let saved = read.maybe(
        "SELECT high_contrast, reduced_motion, large_text, dyslexia_font, text_scale, no_character_keys, version
         FROM accessibility_settings WHERE user_id = ?1",
        params![user],
        from_row,
    )?;
    Ok(saved.unwrap_or_default())
}

/// Saves a person's settings, provided they are still at version `expected`; the first save builds upon 0.
/// Whether there is a row, at which version, and what becomes of it is one statement.
pub fn save(tx: &Tx<'_>, user: UserId, expected: i64, settings: &Settings) -> Result<Standing> {
    let saved = tx.changed(
        "INSERT INTO accessibility_settings(user_id, high_contrast, reduced_motion, large_text,
           dyslexia_font, text_scale, no_character_keys, version)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, 1
         WHERE ?8 = coalesce((SELECT version FROM accessibility_settings WHERE user_id = ?1), 0)
         ON CONFLICT(user_id) DO UPDATE SET high_contrast = excluded.high_contrast,
           reduced_motion = excluded.reduced_motion, large_text = excluded.large_text,
           dyslexia_font = excluded.dyslexia_font, text_scale = excluded.text_scale,
           no_character_keys = excluded.no_character_keys, version = version + 1
         RETURNING high_contrast, reduced_motion, large_text, dyslexia_font, text_scale, no_character_keys,
           version",
        params![
            user,
            settings.high_contrast,
            settings.reduced_motion,
            settings.large_text,
            settings.dyslexia_font,
            settings.text_scale,
            settings.no_character_keys,
            expected,
        ],
        from_row,
    )?;
    saved.ok_or_else(|| Error::internal("settings changed within a transaction"))
}
