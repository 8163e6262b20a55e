//! Progress.

use crate::domain::progress::Source;

/// Its texts.
#[derive(Debug)]
pub struct Progress {
    /// Title of the page.
    pub title: &'static str,
    /// The level, by its number.
    pub level: fn(&str) -> String,
    /// Beside the number of points.
    pub points: &'static str,
    /// What the bar shows.
    pub way: &'static str,
    /// What is missing to the next level, and its number.
    pub to_next: fn(&str, &str) -> String,
    /// Title of the days in a row.
    pub streak: &'static str,
    /// Beside their number.
    pub days: fn(i64) -> &'static str,
    /// The longest row there was, by its number and how that is read.
    pub longest: fn(i64, &str) -> String,
    /// Today counts already.
    pub is_in: &'static str,
    /// Checks in.
    pub check_in: &'static str,
    /// Title of the topics.
    pub topics: &'static str,
    /// Title of what brings points.
    pub sources: &'static str,
    /// What brings points.
    pub source: fn(Source) -> &'static str,
    /// What has just been done, by its code.
    pub done: fn(&str) -> Option<&'static str>,
}
