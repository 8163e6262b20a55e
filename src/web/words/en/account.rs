//! Signing in, and getting an account.

use crate::web::words::account::Account;

pub(super) const WORDS: Account = Account {
    sign_in: "Sign in",
    sign_in_lead: "Welcome back.",
    sign_in_first: "Sign in to see this page.",
    expired: "Your login has ended. What you sent is kept: sign in, and it goes on.",
    resume: "You are signed in again",
    resume_lead: "What you had written is still here and has not been sent yet.",
    resume_go: "Send it now",
    email: "E-mail",
    password: "Password",
    name: "Your name",
    handle: "Handle",
    handle_hint: |url| {
        format!("{url}/u/… leads to your main card. Left empty, it is made from your name.")
    },
    password_hint: "At least 15 characters. A few words in a row are good.",
    forgotten: "Forgotten your password?",
    forgotten_help: "Whoever runs this installation can make you a link that sets a new one.",
    no_account: "Create an account",
    register: "Create account",
    register_lead: "Your first card is a minute away.",
    have_account: "I have an account",
    closed: "Accounts are made by whoever runs this installation. Ask for one.",
    invite_code: "Invite code",
    invite_hint: "It came with your invitation.",
    ask_invite: "Ask for an invite",
    ask_invite_lead: "Say who you are. Somebody here reads it and sends you a code.",
    motivation: "What brings you here?",
    motivation_hint: "A sentence or two will do.",
    asked: "Thank you",
    asked_lead: "Your request is with the people who run this installation. They will write to you.",
    wrong: "E-mail address and password do not match. Nothing else was checked.",
    throttled: "There were too many attempts. Wait a few minutes, then try again.",
    email_taken: "There is an account with this address already. Sign in instead.",
    handle_taken: "Somebody has this handle already.",
    invite_invalid: "This code is unknown, used up or too old.",
    set_up: "Set up Cardinal",
    set_up_lead: "This makes you the admin of this installation. The link works once.",
    fresh: "Cardinal",
    fresh_lead: "Nobody runs this installation yet. Open the set-up link that the program printed when it \
                 started: it makes you its admin.",
    reset: "Set a new password",
    reset_lead: "It ends every login. The link works once.",
    new_password: "New password",
    reset_done: "Your password is set",
    reset_done_lead: |email| {
        format!("Every login of {email} has ended. Sign in with the new password.")
    },
    dead: "This link is dead",
    dead_lead: "It has been used, has run out, or another one was made after it. Ask whoever gave it to you for \
                a new one.",
};
