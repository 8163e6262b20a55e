//! Settings: the account, its logins, and how pages are to be.

/// Its texts.
#[derive(Debug)]
pub struct Settings {
    /// Title.
    pub title: &'static str,
    /// A change was saved.
    pub saved: &'static str,
    /// What the list of places is called that a bar has no room for.
    pub more: &'static str,
    /// A form builds upon a version that is no more; without its full stop.
    pub changed_meanwhile: &'static str,
    /// What stands in a field by now; without a full stop.
    pub meanwhile: fn(&str) -> String,
    /// Name and handle.
    pub account: &'static str,
    /// What they are for.
    pub account_lead: &'static str,
    /// What a handle does.
    pub handle_hint: &'static str,
    /// Saves name and handle.
    pub save_account: &'static str,
    /// The password.
    pub password: &'static str,
    /// What a change does.
    pub password_lead: &'static str,
    /// The one that holds.
    pub current_password: &'static str,
    /// Changes it.
    pub change_password: &'static str,
    /// It was changed.
    pub password_changed: &'static str,
    /// The current one is another; without a full stop.
    pub wrong_password: &'static str,
    /// There is none yet; without a full stop.
    pub no_password: &'static str,
    /// The language of pages.
    pub language: &'static str,
    /// What it is about.
    pub language_lead: &'static str,
    /// As the browser asks.
    pub automatic: &'static str,
    /// Saves it.
    pub save_language: &'static str,
    /// How pages are to be.
    pub accessibility: &'static str,
    /// What it is about.
    pub accessibility_lead: &'static str,
    /// High contrast.
    pub contrast: &'static str,
    /// What it does.
    pub contrast_hint: &'static str,
    /// Little motion.
    pub motion: &'static str,
    /// What it does.
    pub motion_hint: &'static str,
    /// Large text.
    pub large: &'static str,
    /// What it does.
    pub large_hint: &'static str,
    /// Letters that are told apart more easily.
    pub font: &'static str,
    /// What it does.
    pub font_hint: &'static str,
    /// No keys of one character.
    pub no_keys: &'static str,
    /// What that does.
    pub no_keys_hint: &'static str,
    /// Size of text.
    pub scale: &'static str,
    /// Saves them.
    pub save_needs: &'static str,
    /// The end of the account.
    pub deletion: &'static str,
    /// What it does.
    pub delete_lead: &'static str,
    /// Opens the form.
    pub delete_open: &'static str,
    /// What to type to confirm.
    pub delete_confirm: fn(&str) -> String,
    /// Deletes it.
    pub delete: &'static str,
    /// What was typed is not the handle; without a full stop.
    pub delete_mismatch: &'static str,
    /// The last admin cannot go; without a full stop.
    pub last_admin: &'static str,
    /// The logins.
    pub sessions: &'static str,
    /// What they are.
    pub sessions_lead: &'static str,
    /// API tokens.
    pub tokens: &'static str,
    /// What they are for.
    pub tokens_lead: &'static str,
    /// Webhooks.
    pub webhooks: &'static str,
    /// What they are for.
    pub webhooks_lead: &'static str,
    /// The login that looks.
    pub this_one: &'static str,
    /// A device that says nothing of itself.
    pub some_device: &'static str,
    /// Before the time of the last use.
    pub last_seen: &'static str,
    /// Before the time of signing in.
    pub since: &'static str,
    /// Ends a login.
    pub end_session: &'static str,
    /// Ends all but this one.
    pub end_others: &'static str,
    /// Asks before.
    pub end_others_ask: &'static str,
    /// It has ended.
    pub ended: &'static str,
    /// There is none.
    pub no_sessions: &'static str,
    /// What would be here.
    pub no_sessions_lead: &'static str,
}
