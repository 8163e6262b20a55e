//! Progress.

use crate::domain::progress::Source;
use crate::web::words::progress::Progress;

pub(super) const WORDS: Progress = Progress {
    title: "Fortschritt",
    level: |level| format!("Stufe {level}"),
    points: "Punkte",
    way: "Auf dem Weg zur nächsten Stufe",
    to_next: |missing, level| format!("Noch {missing} bis Stufe {level}"),
    streak: "Tage in Folge",
    days: |days| if days == 1 { "Tag" } else { "Tage" },
    longest: |days, number| {
        if days == 1 {
            "Längste Folge: 1 Tag".into()
        } else {
            format!("Längste Folge: {number} Tage")
        }
    },
    is_in: "Heute zählt",
    check_in: "Heute eintragen",
    topics: "Themen",
    sources: "Was Punkte bringt",
    source: |source| match source {
        Source::FirstCard => "Die erste Karte",
        Source::FirstLink => "Der erste Link auf einer Karte",
        Source::CheckIn => "Jeder Tag, an dem du dich einträgst",
        Source::FirstProfile => "Das Profil, zum ersten Mal gespeichert",
        Source::FirstPhoto => "Das erste Foto",
        Source::TrialConverted => "Ein Konto nach dem Ausprobieren",
        Source::LeadConverted => "Jeder Kontakt, den du gewinnst",
    },
    done: |code| match code {
        "counted" => Some("Heute zählt: 10 Punkte."),
        "again" => Some("Heute hat schon gezählt."),
        _ => None,
    },
};
