//! What became of a card.

use crate::web::words::stats::Stats;

pub(super) const WORDS: Stats = Stats {
    title: |name| format!("{name}: statistics"),
    span: "Days shown",
    days: |days| format!("{days} days"),
    empty: "Nobody has been here in these days",
    empty_help: "Once somebody opens the card, views, visitors, clicks and leads stand here day by day.",
    empty_go: "Share the card",
    people: "People",
    programs: "Programs",
    views: "Views",
    visitors: "Visitors per day",
    clicks: "Clicks on shared links",
    leads: "Leads",
    bots: "Fetched by bots and mail services",
    prefetches: "Prefetched",
    told: |title, most| match most {
        Some((value, day)) => format!("{title} by day: most on {day}, {value}"),
        None => format!("{title} by day: none"),
    },
    links: "Links that were followed",
    clicked: |clicks, number| {
        if clicks == 1 { "1 click".into() } else { format!("{number} clicks") }
    },
    table: "All days as a table",
    day: "Day",
    method: "Days are UTC's. Visitors are counted once a day and forgotten the day after, so they do not add up over \
             days. Nobody's address is kept.",
};
