//! The frame of every page.

use crate::web::words::shell::Shell;

pub(super) const WORDS: Shell = Shell {
    skip: "Skip to the content",
    places: "Places",
    cards: "Cards",
    leads: "Leads",
    shares: "Shares",
    saved: "Saved",
    credits: "Credits",
    progress: "Progress",
    profile: "Profile",
    settings: "Settings",
    admin: "Admin",
    sign_out: "Sign out",
    copied: "Copied",
    copy: "Copy",
    keys: "Keys",
    keys_off: "Turn these shortcuts off",
    close: "Close",
    cancel: "Cancel",
    save: "Save",
    more: "More",
    check: "Please check what is marked. Nothing was lost.",
    optional: "optional",
    fault_title: |status| match status {
        403 => "Not allowed",
        404 => "Nothing is here",
        405 => "That cannot be done here",
        409 | 412 => "Somebody was faster",
        410 => "This is gone",
        413 => "That is too large",
        429 => "A little slower, please",
        503 => "Busy for a moment",
        500..=599 => "Something broke on our side",
        _ => "This request could not be read",
    },
    fault_help: |status, code| match (status, code) {
        (403, "csrf-rejected") => {
            "The form came from another site's page, so nothing was changed. Open the page here and try again."
        }
        (403, _) => "Your account may not do this. Ask an admin if it should.",
        (404, _) => "The address may be mistyped, or the page was never yours to see.",
        (410, _) => "It was here once. Whoever it belonged to has paused or deleted it.",
        (409 | 412, _) => {
            "It changed while you were at it. Nothing was overwritten: look at it again and decide."
        }
        (413, _) => "Send something smaller. Nothing was kept of it.",
        (429, _) => "There were many attempts in a short time. Wait a few minutes, then try again.",
        (503, "disk-full") => {
            "The disk of this server is full: reading goes on, saving does not. Nothing was changed."
        }
        (503, _) => "Nothing was changed. Try again in a moment.",
        (500..=599, _) => "Nothing was changed. The log of the server knows more.",
        _ => "Nothing was changed. Go back and try again.",
    },
    fault_back: "To the first page",
    fault_request: "Request",
};
