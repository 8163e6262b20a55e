//! What became of a card.

/// Its texts.
#[derive(Debug)]
pub struct Stats {
    /// Title of the page, by the card's name.
    pub title: fn(&str) -> String,
    /// What the ways to choose a span are called.
    pub span: &'static str,
    /// A span of so many days.
    pub days: fn(i64) -> String,
    /// Title where nothing was counted.
    pub empty: &'static str,
    /// How to get something to count.
    pub empty_help: &'static str,
    /// To where that is done.
    pub empty_go: &'static str,
    /// Title of what people did.
    pub people: &'static str,
    /// Title of what programs did.
    pub programs: &'static str,
    /// Times it was seen.
    pub views: &'static str,
    /// Different people of a day.
    pub visitors: &'static str,
    /// Times a link of its shares was followed.
    pub clicks: &'static str,
    /// Leads that were left.
    pub leads: &'static str,
    /// What programs fetched.
    pub bots: &'static str,
    /// What browsers fetched before anybody asked.
    pub prefetches: &'static str,
    /// A chart as a sentence: its title, and the greatest number with its day.
    pub told: fn(&str, Option<(&str, &str)>) -> String,
    /// Title of the clicks by link.
    pub links: &'static str,
    /// So many clicks, by their number and how it is read.
    pub clicked: fn(i64, &str) -> String,
    /// Shows the table.
    pub table: &'static str,
    /// Head of its first column.
    pub day: &'static str,
    /// How it is counted.
    pub method: &'static str,
}
