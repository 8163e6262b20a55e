//! What became of a card: a chart of each thing that is counted, and a table of all of them. People and programs stand
//! apart.

use super::asks::Asks;
use super::chart::{Chart, Column};
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::shows;
use super::words::Words;
use crate::clock::{Day, Millis};
use crate::domain::card_stats::{self, CardDay};
use crate::domain::{cards, visitors};
use crate::http::route::About;
use crate::http::{Ctx, Outcome};
use maud::{Markup, html};

/// `GET /cards/{id}/stats`
pub const SHOW_ABOUT: About = shows("What became of a card, as charts").problems(&[404]);

/// Spans that are shown, in days; the second where nobody says.
const SPANS: [i64; 3] = [7, 30, 90];

/// A day and what became of the card on it.
type Told = (Day, CardDay);

/// The statistics of an own card. 200; 404.
pub fn show(ctx: Ctx) -> Outcome {
    let (asks, id) = (Asks::of(&ctx), ctx.id("id", "card"));
    let asked = ctx.query("days").and_then(|days| days.parse().ok());
    let span = asked.filter(|days| SPANS.contains(days)).unwrap_or(SPANS[1]);
    ctx.read(|read, who| {
        let (user, id) = (who.user()?, id?);
        let card = cards::find(read, user, id)?;
        let frame = Frame::of(&asks, read, who)?;
        let today = visitors::day_of(read.now());
        let first = Day(today.0 - span + 1);
        let mut found = card_stats::of_card(read, user, id, (first, today))?;
        let every = (first.0..=today.0).map(Day);
        let days: Vec<Told> =
            every.map(|day| (day, found.remove(&day).unwrap_or_default())).collect();
        let (words, texts) = (frame.words, &frame.words.stats);
        let title = (texts.title)(&card.content.name);
        let content = html! {
            header {
                h1 { (title) }
                (spans(words, &id.to_string(), span))
            }
            @if days.iter().all(|(_, day)| *day == CardDay::default()) {
                div.empty {
                    (icon(Icon::Chart))
                    h2 { (texts.empty) }
                    p { (texts.empty_help) }
                    a.button.plain href=(format!("/shares?card={id}")) { (texts.empty_go) }
                }
            } @else {
                (charts(words, &days))
                (links(words, &days))
                p.quiet.small { (texts.method) }
            }
            details {
                summary { (texts.table) }
                (table(words, &days))
            }
        };
        Ok(frame.page(200, &Sheet::new(title, content).at(Place::Cards)))
    })
}

fn spans(words: &Words, card: &str, standing: i64) -> Markup {
    html! {
        nav.tabs aria-label=(words.stats.span) {
            @for days in SPANS {
                a href=(format!("/cards/{card}/stats?days={days}"))
                    aria-current=[(days == standing).then_some("true")] {
                    ((words.stats.days)(days))
                }
            }
        }
    }
}

fn time(day: Day) -> Millis {
    Millis(day.0.saturating_mul(86_400_000))
}

/// What is counted, in the order of the page.
struct Measure {
    title: &'static str,
    /// Whether days add up: visitors do not, since nobody is recognised on another day.
    adds_up: bool,
    of: fn(&CardDay) -> i64,
}

fn measures(words: &Words) -> [Measure; 6] {
    let texts = &words.stats;
    [
        Measure { title: texts.views, adds_up: true, of: |day| day.views },
        Measure { title: texts.visitors, adds_up: false, of: |day| day.visitors },
        Measure { title: texts.clicks, adds_up: true, of: |day| day.clicks },
        Measure { title: texts.leads, adds_up: true, of: |day| day.leads },
        Measure { title: texts.bots, adds_up: true, of: |day| day.bot_views + day.bot_clicks },
        Measure { title: texts.prefetches, adds_up: true, of: |day| day.prefetches },
    ]
}

fn charts(words: &Words, days: &[Told]) -> Markup {
    let views = days.iter().map(|(_, day)| day.views).max().unwrap_or_default();
    let measures = measures(words);
    let chart = |measure: &Measure, top: i64| {
        let column = |(day, told): &Told| Column {
            label: (words.day)(time(*day)),
            value: (measure.of)(told),
        };
        let columns: Vec<Column> = days.iter().map(column).collect();
        let total = columns.iter().map(|column| column.value).sum();
        let total = Some(total).filter(|_| measure.adds_up);
        Chart { title: measure.title, total, columns: &columns, top }.show(words)
    };
    let [seen, visitors, clicks, leads, bots, _] = &measures;
    html! {
        section.charts aria-labelledby="people" {
            h2 #people { (words.stats.people) }
            // Of one scale, so that views and those who viewed are compared.
            (chart(seen, views))
            (chart(visitors, views))
            (chart(clicks, 0))
            (chart(leads, 0))
        }
        section.charts.aside aria-labelledby="programs" {
            h2 #programs { (words.stats.programs) }
            (chart(bots, 0))
        }
    }
}

/// The clicks by link, over all days.
fn links(words: &Words, days: &[Told]) -> Markup {
    let texts = &words.stats;
    let mut sums: Vec<(&str, _, i64)> = Vec::new();
    for share in days.iter().flat_map(|(_, day)| &day.shares) {
        match sums.iter_mut().find(|(id, _, _)| *id == share.tracking_id) {
            Some((_, _, clicks)) => *clicks += share.clicks,
            None => sums.push((&share.tracking_id, share.channel, share.clicks)),
        }
    }
    sums.retain(|(_, _, clicks)| *clicks > 0);
    sums.sort_by_key(|(_, _, clicks)| std::cmp::Reverse(*clicks));
    sums.truncate(10);
    html! {
        @if !sums.is_empty() {
            section.stack {
                h2 { (texts.links) }
                ol.list {
                    @for (id, channel, clicks) in sums {
                        li.spread {
                            a href=(format!("/shares/{id}")) { ((words.shares.channel)(channel)) " " code { (id) } }
                            span.number { ((texts.clicked)(clicks, &words.number(clicks))) }
                        }
                    }
                }
            }
        }
    }
}

fn table(words: &Words, days: &[Told]) -> Markup {
    let texts = &words.stats;
    let measures = measures(words);
    html! {
        table.table {
            caption.visually-hidden { (texts.table) }
            thead {
                tr {
                    th scope="col" { (texts.day) }
                    @for measure in &measures { th.number scope="col" { (measure.title) } }
                }
            }
            tbody {
                @for (day, told) in days.iter().rev() {
                    tr {
                        td data-label=(texts.day) { ((words.day)(time(*day))) }
                        @for measure in &measures {
                            td.number data-label=(measure.title) { (words.number((measure.of)(told))) }
                        }
                    }
                }
            }
        }
    }
}
