//! The profile.

/// Its texts.
#[derive(Debug)]
pub struct Profile {
    /// Title.
    pub title: &'static str,
    /// What it is for.
    pub lead: &'static str,
    /// The section about the person.
    pub personal: &'static str,
    /// What it is about.
    pub personal_lead: &'static str,
    /// The section about work.
    pub professional: &'static str,
    /// What it is about.
    pub professional_lead: &'static str,
    /// What a field is called.
    pub field: fn(&str) -> &'static str,
    /// What helps to fill a field in; mostly nothing.
    pub hint: fn(&str) -> &'static str,
    /// A section was saved.
    pub saved: &'static str,
    /// It was put together with what was saved elsewhere.
    pub merged: &'static str,
    /// Two changes met: what happened, and what was kept.
    pub conflict_lead: fn(usize) -> String,
    /// Before the time of the last save.
    pub saved_at: &'static str,
    /// Leaves what was typed for what stands.
    pub discard: &'static str,
    /// The photo.
    pub photo: &'static str,
    /// What becomes of it.
    pub photo_lead: &'static str,
    /// What a picture of it is called.
    pub photo_alt: &'static str,
    /// Chooses a file.
    pub choose: &'static str,
    /// What may be chosen.
    pub photo_hint: &'static str,
    /// Sends it.
    pub upload: &'static str,
    /// Removes the photo.
    pub remove: &'static str,
    /// It was taken.
    pub photo_saved: &'static str,
    /// It was removed.
    pub photo_removed: &'static str,
    /// What is wrong with a picture, by code.
    pub photo_fault: fn(&str) -> &'static str,
}
