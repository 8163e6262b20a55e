//! What became of a card.

use crate::web::words::stats::Stats;

pub(super) const WORDS: Stats = Stats {
    title: |name| format!("{name}: Zahlen"),
    span: "Gezeigte Tage",
    days: |days| format!("{days} Tage"),
    empty: "In diesen Tagen war noch niemand da",
    empty_help: "Sobald jemand die Karte öffnet, stehen hier Tag für Tag Aufrufe, Besucher, Klicks und Kontakte.",
    empty_go: "Karte teilen",
    people: "Menschen",
    programs: "Programme",
    views: "Aufrufe",
    visitors: "Besucher am Tag",
    clicks: "Klicks auf geteilte Links",
    leads: "Kontakte",
    bots: "Von Bots und Maildiensten geholt",
    prefetches: "Vorab geladen",
    told: |title, most| match most {
        Some((value, day)) => format!("{title} nach Tagen: am meisten am {day}, {value}"),
        None => format!("{title} nach Tagen: keine"),
    },
    links: "Links, denen jemand folgte",
    clicked: |clicks, number| {
        if clicks == 1 { "1 Klick".into() } else { format!("{number} Klicks") }
    },
    table: "Alle Tage als Tabelle",
    day: "Tag",
    method: "Tage nach UTC. Besucher zählen einmal am Tag und sind am Tag darauf vergessen, deshalb lassen sie sich \
             nicht über Tage zusammenzählen. Adressen werden von niemandem behalten.",
};
