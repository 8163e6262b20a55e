//! One's cards, side by side, and how they come and go.

use crate::web::words::cards::Cards;

pub(super) const WORDS: Cards = Cards {
    title: "Your cards",
    new: "New card",
    empty_title: "Your cards will stand here",
    empty: "A card is a page of your own with a QR code. Whoever scans it has your details in their phone.",
    empty_go: "Make your first card",
    default: "Main card",
    paused: "Paused",
    private: "Private",
    unlisted: "Unlisted",
    no_views: "No views yet",
    edit: "Edit",
    open: "Open",
    copy_link: "Copy link",
    share: "Share",
    more: "More",
    duplicate: "Duplicate",
    pause: "Pause",
    resume: "Resume",
    make_default: "Make main card",
    delete: "Delete…",
    stats: "Statistics",
    qr_svg: "QR code (SVG)",
    qr_png: "QR code (PNG)",
    more_cards: "More cards",
    done_duplicated: "Here is the copy. It has an address of its own.",
    done_paused: "Paused. Its address says so until you resume it.",
    done_resumed: "Back on the web.",
    done_default: "This is your main card now.",
    done_deleted: "Deleted. Its address will never lead to anybody else.",
    quota: |n| {
        if n == 1 {
            "Your plan allows one card, and you have it. Nothing was lost.".into()
        } else {
            format!("Your plan allows {n} cards, and you have them. Nothing was lost.")
        }
    },
    views: |told, n| {
        if n == 1 { "1 view in 30 days".into() } else { format!("{told} views in 30 days") }
    },
    copy_of: |name| format!("{name} (copy)"),
    delete_title: |name| format!("Delete “{name}”?"),
    delete_lead: |url| {
        format!(
            "{url} stops working for good, and printed codes with it. Leads and statistics of this card go, \
             too. Pausing keeps everything."
        )
    },
    delete_default: "Your oldest other card becomes the main card.",
    delete_last: "This is your last card, and people may have its address. Pause it instead.",
    delete_stale: "This card was changed a moment ago. Look once more whether it should go.",
    delete_go: "Delete for good",
    first_title: "Your first card",
    first_lead: "Check the name, pick a look, done. Everything can be changed later.",
    new_title: "New card",
    create: "Make this card",
    gone_title: "This card is gone",
    gone_lead: "It was deleted, but what you typed is here. You can make a new card of it.",
    ready_title: "Your card is ready",
    ready_private: "Only you can see this card now. Change that in the editor before you share it.",
    ready_try: "Try it on your phone",
    ready_how: "Point the camera at the code. The card opens, with a button that saves your contact.",
    ready_qr: |url| format!("QR code that leads to {url}"),
    ready_next: "What comes next",
    ready_profile: "Add your details",
    ready_profile_why: "Phone, mail, company: what people save.",
    ready_edit: "Add links",
    ready_edit_why: "Websites, networks, a calendar.",
    ready_cards: "See all cards",
};
