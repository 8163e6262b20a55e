//! The frame of every page.

/// Its texts.
#[derive(Debug)]
pub struct Shell {
    /// To the content, for those who do not see the rail.
    pub skip: &'static str,
    /// What the list of places is called.
    pub places: &'static str,
    /// The place of one's cards.
    pub cards: &'static str,
    /// The place of leads.
    pub leads: &'static str,
    /// The place of shares.
    pub shares: &'static str,
    /// The place of saved cards.
    pub saved: &'static str,
    /// The place of credits.
    pub credits: &'static str,
    /// The place of progress.
    pub progress: &'static str,
    /// The place of the profile.
    pub profile: &'static str,
    /// The place of settings, and of all that has none of its own on a phone.
    pub settings: &'static str,
    /// The place of those who run the installation.
    pub admin: &'static str,
    /// Signs out.
    pub sign_out: &'static str,
    /// Beside what a programme has copied.
    pub copied: &'static str,
    /// Copies what stands beside it.
    pub copy: &'static str,
    /// Names the keys of the page.
    pub keys: &'static str,
    /// Leads to where the keys are turned off.
    pub keys_off: &'static str,
    /// Closes what is open.
    pub close: &'static str,
    /// Goes back without a change.
    pub cancel: &'static str,
    /// Saves a form.
    pub save: &'static str,
    /// To the next page of a list.
    pub more: &'static str,
    /// Head of what is wrong with a form.
    pub check: &'static str,
    /// Beside a field that may be left empty.
    pub optional: &'static str,
    /// Titles of faults, by status.
    pub fault_title: fn(u16) -> &'static str,
    /// What to do about a fault, by status and code.
    pub fault_help: fn(u16, &str) -> &'static str,
    /// Leads from a fault back to where one can go on.
    pub fault_back: &'static str,
    /// Beside the name that a request has in the log.
    pub fault_request: &'static str,
}
