//! Settings.

/// Its texts.
#[derive(Debug)]
pub struct Settings {
    /// Title.
    pub title: &'static str,
    /// A change was saved.
    pub saved: &'static str,
    /// The language of pages.
    pub language: &'static str,
    /// As the browser asks.
    pub automatic: &'static str,
}
