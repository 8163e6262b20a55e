//! Signing in, and getting an account.

/// Its texts.
#[derive(Debug)]
pub struct Account {
    /// Title of the page that signs in, and its button.
    pub sign_in: &'static str,
    /// Below the title.
    pub sign_in_lead: &'static str,
    /// Why somebody is asked to sign in who came for a page.
    pub sign_in_first: &'static str,
    /// Why somebody is asked to sign in who has sent a form.
    pub expired: &'static str,
    /// Title once the form can be sent after all.
    pub resume: &'static str,
    /// What is kept and what happens next.
    pub resume_lead: &'static str,
    /// Sends the form after all.
    pub resume_go: &'static str,
    /// The fields.
    pub email: &'static str,
    /// The fields.
    pub password: &'static str,
    /// The fields.
    pub name: &'static str,
    /// The fields.
    pub handle: &'static str,
    /// Where a handle stands.
    pub handle_hint: fn(&str) -> String,
    /// What makes a good password.
    pub password_hint: &'static str,
    /// Where to get a new password.
    pub forgotten: &'static str,
    /// What to do about a forgotten password.
    pub forgotten_help: &'static str,
    /// Leads to the form that makes an account.
    pub no_account: &'static str,
    /// Title of the form that makes an account, and its button.
    pub register: &'static str,
    /// Below the title.
    pub register_lead: &'static str,
    /// Leads to the form that signs in.
    pub have_account: &'static str,
    /// Nobody gets in.
    pub closed: &'static str,
    /// The code that lets somebody in.
    pub invite_code: &'static str,
    /// What the code is.
    pub invite_hint: &'static str,
    /// Title of the form that asks for an invite, and its button.
    pub ask_invite: &'static str,
    /// Below the title.
    pub ask_invite_lead: &'static str,
    /// Why somebody wants in.
    pub motivation: &'static str,
    /// What becomes of the motivation.
    pub motivation_hint: &'static str,
    /// Title once it has been asked.
    pub asked: &'static str,
    /// What happens next.
    pub asked_lead: &'static str,
    /// Wrong address or password.
    pub wrong: &'static str,
    /// Too many attempts.
    pub throttled: &'static str,
    /// The address has an account.
    pub email_taken: &'static str,
    /// The handle has an owner.
    pub handle_taken: &'static str,
    /// The code lets nobody in.
    pub invite_invalid: &'static str,
    /// Title of the form that makes the first admin, and its button.
    pub set_up: &'static str,
    /// Below the title.
    pub set_up_lead: &'static str,
    /// Title where nobody runs the installation yet.
    pub fresh: &'static str,
    /// Where the set-up link is found.
    pub fresh_lead: &'static str,
    /// Title of the form that sets a new password, and its button.
    pub reset: &'static str,
    /// Below the title.
    pub reset_lead: &'static str,
    /// The field.
    pub new_password: &'static str,
    /// Title once it is set.
    pub reset_done: &'static str,
    /// What has happened, to whom.
    pub reset_done_lead: fn(&str) -> String,
    /// Title of a link that leads nowhere any more.
    pub dead: &'static str,
    /// Why, and what to do.
    pub dead_lead: &'static str,
}
