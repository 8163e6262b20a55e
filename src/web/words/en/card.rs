//! The public card.

use crate::web::words::card::Card;

pub(super) const WORDS: Card = Card {
    save: "Save contact",
    call: "Call",
    mail: "Mail",
    message_them: "Message",
    map: "Map",
    actions: "Get in touch",
    photo_of: |name| format!("Photo of {name}"),
    links: "Links",
    elsewhere: "On the web",
    direct: "Directly",
    about: "About",
    facts: "Contact",
    mobile: "Mobile",
    phone: "Phone",
    office_phone: "Office",
    whatsapp: "WhatsApp",
    email: "E-mail",
    office_email: "Office e-mail",
    website: "Website",
    company_website: "Company",
    address: "Address",
    office_address: "Office",
    hours: "Hours",
    birthday: "Birthday",
    exchange: "Exchange contact",
    exchange_lead: |name| format!("Leave your contact, and {name} can get back to you."),
    your_name: "Your name",
    your_email: "Your e-mail",
    your_phone: "Your phone",
    your_company: "Your company",
    your_message: "Message",
    consent: |name| format!("{name} may keep this and get in touch with me."),
    fate: |name| {
        format!(
            "It goes to {name} and those who answer for them, and to nobody else. Ask them to delete it \
             whenever you like."
        )
    },
    send: "Send",
    leave_empty: "Leave this empty",
    sent: "Thank you",
    sent_lead: |name| format!("{name} has your contact now."),
    back: "Back to the card",
    throttled: "Much came from your network just now. What you wrote is still here: wait a few minutes, \
     then send it.",
    closed: "This card takes no contacts at the moment. What you wrote is still here; nothing was sent.",
    qr: "QR code",
    qr_hint: "Point a camera here to open this card.",
    share: "Share",
    copied: "Link copied",
    privacy: "No cookies, no tracking. Visits are only counted.",
    description: |name| format!("{name}'s business card."),
    preview: "Preview",
    nobody: "Your name",
};
