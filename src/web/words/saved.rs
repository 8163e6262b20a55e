//! Saved cards.

/// Their texts.
#[derive(Debug)]
pub struct Saved {
    /// Title of the page.
    pub title: &'static str,
    /// Title where there are none.
    pub empty: &'static str,
    /// How to get the first one.
    pub empty_help: &'static str,
    /// In place of a card that is private or paused.
    pub hidden: &'static str,
    /// What that means.
    pub hidden_help: &'static str,
    /// Takes a card out.
    pub remove: &'static str,
    /// The same, by its name, for those who do not see beside what it stands.
    pub remove_of: fn(&str) -> String,
    /// What has just been done, by its code.
    pub done: fn(&str) -> Option<&'static str>,
}
