//! Progress.

use crate::domain::progress::Source;
use crate::web::words::progress::Progress;

pub(super) const WORDS: Progress = Progress {
    title: "Progress",
    level: |level| format!("Level {level}"),
    points: "points",
    way: "On the way to the next level",
    to_next: |missing, level| format!("{missing} more to level {level}"),
    streak: "Days in a row",
    days: |days| if days == 1 { "day" } else { "days" },
    longest: |days, number| {
        if days == 1 { "Longest row: 1 day".into() } else { format!("Longest row: {number} days") }
    },
    is_in: "Today counts",
    check_in: "Check in for today",
    topics: "Topics",
    sources: "What brings points",
    source: |source| match source {
        Source::FirstCard => "The first card",
        Source::FirstLink => "The first link on a card",
        Source::CheckIn => "Each day you check in",
        Source::FirstProfile => "The profile, saved for the first time",
        Source::FirstPhoto => "The first photo",
        Source::TrialConverted => "An account after a trial",
        Source::LeadConverted => "Each lead that you convert",
    },
    done: |code| match code {
        "counted" => Some("Today counts: 10 points."),
        "again" => Some("Today has counted already."),
        _ => None,
    },
};
