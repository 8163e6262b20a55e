//! The editor of a card, and what it says when a card was changed elsewhere.

use crate::web::words::editor::Editor;

pub(super) const WORDS: Editor = Editor {
    name: "Name of the card",
    name_hint: "Shown where the profile has no name.",
    slug: "Address",
    slug_hint: |url| format!("{url}/c/… The old one goes on leading here."),
    slug_new: |url| format!("{url}/c/… Left empty, it is made from the name."),
    slug_taken: "This address is taken.",
    slug_free: "Free:",
    look: "Look",
    template: "Template",
    templates: [
        ("Visiting card", "Upright and centred, photo round"),
        ("Letter", "Photo, prose, a list of links"),
        ("Business card", "85 × 55 mm, prints on card stock"),
        ("Letterhead", "Company field, office hours, map"),
        ("Your own", "Colour, font and layout decide"),
    ],
    color: "Colour",
    color_hint: "Text on it stays legible, whatever you choose.",
    font: "Font",
    fonts: ["As the template", "Sans", "Serif", "Mono"],
    layout: "Layout",
    layouts: ["As the template", "Below one another", "Side by side"],
    layout_hint: "Counts with “Your own” only.",
    links: "Links",
    links_hint: "An address, a mail address or a phone number.",
    links_none: "No links yet.",
    link_url: "Address",
    link_label: "Label",
    link_platform: "Kind",
    link_automatic: "By the address",
    link_shown: "Show",
    link_number: |n| format!("Link {n}"),
    link_up: "Move up",
    link_down: "Move down",
    link_remove: "Remove",
    link_add: "Add a link",
    link_most: "A card has 50 links at most.",
    link_moved: |n| format!("Moved to place {n}."),
    drag: "Drag to reorder",
    shows: "Shown from your profile",
    shows_hint: "The contents are the same on all your cards.",
    shows_edit: "Edit profile",
    shows_empty: |n| {
        if n == 1 {
            "1 field that is empty so far".into()
        } else {
            format!("{n} fields that are empty so far")
        }
    },
    further: "Address, links and more",
    sections: ["Person", "Work"],
    fields: [
        "Name",
        "Date of birth",
        "E-mail",
        "Second e-mail",
        "Mobile",
        "Phone",
        "WhatsApp",
        "Address",
        "About",
        "Pronouns",
        "Website",
        "Title",
        "Department",
        "Company",
        "Company website",
        "Office e-mail",
        "Office phone",
        "Office address",
        "Office hours",
    ],
    visibility: "Who sees it",
    visibilities: [
        ("Everybody", "Search engines may list it"),
        ("Whoever has the link", "Search engines are told not to list it"),
        ("Only you", "For everybody else it does not exist"),
    ],
    routing: "Who gets its contacts",
    routings: [
        ("You", "They come to your own list"),
        ("The team", "Whoever claims one first has it"),
    ],
    preview: "Preview",
    preview_go: "Update preview",
    whole: "Whole card",
    undo: "Discard changes",
    saved: |n| format!("Saved, version {n}"),
    merged: |n| format!("Saved, version {n}. What was changed elsewhere meanwhile was kept, too."),
    created_copy: "This is the copy. Give it a name.",
    dirty: "Unsaved changes",
    saving: "Saving…",
    elsewhere: "Changed in another tab",
    review: "Review",
    offline: "Offline: kept on this device",
    restored: "Unsaved changes from before are back.",
    gone: "Deleted in another tab: saving offers to make it anew",
    sign_in: "Sign in to save",
    sign_in_lead: "Your login has ended. Nothing is lost: sign in, and the save goes on.",
    sign_in_wrong: "That did not work. Check address and password.",
    conflict: "Two changes met",
    conflict_lead: |n| {
        if n == 0 {
            "This card was saved elsewhere while you were editing. Nothing collides: this is what both \
             changes come to.".into()
        } else if n == 1 {
            "This card was saved elsewhere while you were editing. Nothing is lost: one thing was changed \
             on both sides, so you decide.".into()
        } else {
            format!(
                "This card was saved elsewhere while you were editing. Nothing is lost: {n} things were \
                 changed on both sides, so you decide."
            )
        }
    },
    conflict_when: "Saved elsewhere:",
    yours: "Yours",
    theirs: "Saved elsewhere",
    other: "Something else",
    other_value: "Instead",
    removed: "Removed",
    empty: "Empty",
    choose: "Choose one of these.",
    order: "Order of the links",
    merged_for_you: |n| {
        if n == 1 {
            "1 change merged for you".into()
        } else {
            format!("{n} changes merged for you")
        }
    },
    merged_yours: "Yours, kept",
    merged_theirs: "From elsewhere, taken over",
    save_as: |n| format!("Save as version {n}"),
    shown: "shown",
    hidden: "not shown",
    keys: [("Ctrl+S", "Save"), ("p", "Update preview")],
};
