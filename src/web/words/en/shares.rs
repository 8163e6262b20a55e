//! Shares.

use crate::domain::events::Event;
use crate::domain::mails::State;
use crate::domain::shares::Channel;
use crate::web::words::shares::Shares;

pub(super) const WORDS: Shares = Shares {
    title: "Shares",
    make: "Share a card",
    card: "Card",
    by: "By",
    channel: |channel| match channel {
        Channel::Email => "E-mail",
        Channel::Link => "Link",
        Channel::Qr => "QR code",
        Channel::Nfc => "NFC tag",
    },
    recipient: "For whom (e-mail)",
    recipient_hint: "For your eyes only: so that you know whose link it is.",
    go: "Make a link",
    send: |price, number| match price {
        0 => "Send by mail".into(),
        1 => "Send by mail for 1 credit".into(),
        _ => format!("Send by mail for {number} credits"),
    },
    unsent: "Mail is not set up here: it is written into files, for whoever runs this installation to send.",
    too_few: |required, available| {
        format!(
            "A mail takes {required} credits, and you have {available}. Nothing was sent; the link is free."
        )
    },
    hidden: "This card is private or paused: a mail would lead nowhere, so none was sent.",
    mail: |state| match state {
        State::Queued => "The mail is on its way",
        State::Sent => "Mailed",
        State::Failed => "The mail could not be delivered and cost nothing",
        State::Cancelled => "The mail was called off and cost nothing",
    },
    done: "The link is ready.",
    no_card: "There is no card to share yet",
    no_card_help: "A share is a link of its own to one of your cards: you see when it was first opened.",
    no_card_go: "Make a card",
    empty: "Nothing shared yet",
    empty_help: "Each share is a link of its own. Once somebody opens it, you see here when.",
    made: "Made",
    opened: "First opened",
    clicked: "First clicked",
    clicks: "Clicks",
    not_yet: "not yet",
    all: "All shares",
    link: "The link",
    copy: "Copy link",
    qr: "QR code of the link",
    help: |channel| match channel {
        Channel::Email => {
            "Put the link into your mail. Whoever follows it sees the card, and you see when."
        }
        Channel::Link => {
            "Send the link by any message. Whoever follows it sees the card, and you see when."
        }
        Channel::Qr => "Show or print the code. Whoever scans it sees the card, and you see when.",
        Channel::Nfc => {
            "Write the link to a tag with your phone. Whoever taps it sees the card, and you see when."
        }
    },
    offline: "The contact itself as a code: needs no network",
    offline_of: |name| format!("QR code with the contact of {name}"),
    offline_help: "Point a phone's camera here: it offers to save name, company, title, number, e-mail and link, \
        with no network on either side.",
    offline_copy: "It is a copy: what you change later is not in it, and nobody is counted.",
    offline_too_long: "Name, company, title, number and e-mail of this card take more than the 1,000 bytes that \
        cameras read off a code. Shorten them, or use the code of the card's address.",
    came: "What came of it",
    event: |event| match event {
        Event::Open => "Opened",
        Event::Click => "Clicked",
        Event::View => "Viewed",
        Event::Bounce => "Came back",
    },
    programs: |count, number| {
        if count == 1 {
            "and once by a program".into()
        } else {
            format!("and {number} times by programs")
        }
    },
    first: |event, by_person| match (event, by_person) {
        (Event::Open, true) => "First opened",
        (Event::Open, false) => "Opened by a mail service",
        (Event::Click, true) => "Link first followed",
        (Event::Click, false) => "Link checked by a program",
        (Event::View, true) => "Card first viewed",
        (Event::View, false) => "Card fetched by a program",
        (Event::Bounce, _) => "The mail came back",
    },
    made_at: "Link made",
    nothing: "Nothing yet: the first time somebody opens it will stand here.",
};
