//! What the guests of the demo have been up to: who looked at their cards, who left a name, what was shared, and
//! what they have to spend.

use crate::clock::Millis;
use crate::domain::cards::CardId;
use crate::domain::credits::{self, Order, Reason};
use crate::domain::events::{self, Event, Hit, Hits, Reporter, Subject};
use crate::domain::leads::{self, NewLead};
use crate::domain::progress;
use crate::domain::shares::{self, Channel, NewShare};
use crate::domain::users::UserId;
use crate::domain::visitors::Class;
use crate::domain::{invites, saved_cards};
use crate::error::Result;
use crate::store::Tx;
use std::time::Duration;

/// A guest, and the guest's cards.
type Living = (UserId, Vec<CardId>);

/// Who left a name at one of Ada's cards: name, e-mail address, company, message.
const CALLERS: &[[&str; 4]] = &[
    [
        "Charles Babbage",
        "charles@example.net",
        "Analytical Engines",
        "The mill is nearly done. When do you come?",
    ],
    ["Mary Somerville", "mary@example.net", "Royal Society", "Your notes: may I translate them?"],
    [
        "Luigi Menabrea",
        "luigi@example.net",
        "Torino",
        "I have a paper on the engine. Would you add to it?",
    ],
    [
        "Augustus De Morgan",
        "augustus@example.net",
        "",
        "There is a step in your proof that I cannot follow.",
    ],
    ["Michael Faraday", "michael@example.net", "Royal Institution", ""],
];

/// How long credits are held for a print run.
const WEEK: Duration = Duration::from_hours(7 * 24);

/// Everything.
pub(super) fn live(tx: &Tx<'_>, guests: &[Living]) -> Result<()> {
    looks(tx, guests)?;
    if let [(ada, ada_cards), (grace, _), (li_lei, li_lei_cards), ..] = guests
        && let ([own, team, ..], [other, ..]) = (&**ada_cards, &**li_lei_cards)
    {
        names(tx, [*own, *team], *grace)?;
        gives(tx, *ada, *own)?;
        spends(tx, *ada)?;
        saved_cards::save(tx, *ada, *other)?;
        saved_cards::save(tx, *li_lei, *own)?;
    }
    let asks = invites::NewRequest {
        email: "emmy@example.net".into(),
        name: "Emmy Noether".into(),
        motivation: "I would like a card for my lectures.".into(),
    };
    invites::request(tx, &asks).map(drop)
}

/// People and programs look at the cards, more of them on some days than on others.
fn looks(tx: &Tx<'_>, guests: &[Living]) -> Result<()> {
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    let mut hits = Hits::default();
    for (at, card) in (0..).zip(guests.iter().flat_map(|(_, cards)| cards)) {
        for day in 0..60 {
            let when = Millis(tx.now().0 - day * DAY_MS);
            let people = (7 * day + 3 * at) % 11 + (60 - day) / 9 - at;
            for person in 0..people.max(0) {
                let hit =
                    Hit { subject: Subject::Card(*card), event: Event::View, class: Class::Human };
                let print = i128::from(day * 40 + person).to_le_bytes();
                hits.note(hit, Some(print), when);
                if person % 3 == 0 {
                    hits.note(hit, Some(print), when);
                }
            }
            for _ in 0..(day + at) % 4 {
                let hit =
                    Hit { subject: Subject::Card(*card), event: Event::View, class: Class::Bot };
                hits.note(hit, None, when);
            }
        }
    }
    hits.into_parts(usize::MAX).iter().try_for_each(|part| events::apply(tx, part))
}

/// Callers leave their names; Grace has taken the first of the team's.
fn names(tx: &Tx<'_>, [own, team]: [CardId; 2], grace: UserId) -> Result<()> {
    for (at, [name, email, company, message]) in CALLERS.iter().enumerate() {
        let new = NewLead {
            name: (*name).into(),
            email: (*email).into(),
            phone: String::new(),
            company: (*company).into(),
            message: (*message).into(),
        };
        leads::submit(tx, if at < 2 { own } else { team }, &new)?;
    }
    leads::claim_next(tx, grace).map(drop)
}

/// A card is given by link and by QR code, and followed.
fn gives(tx: &Tx<'_>, user: UserId, card: CardId) -> Result<()> {
    for channel in [Channel::Link, Channel::Qr] {
        let share = shares::create(tx, user, &NewShare { card, channel, recipient: None })?;
        let tracking_id = share.tracking_id.clone();
        for event in [Event::Click, Event::View, Event::Click] {
            events::record(tx, Reporter::Owner(user), &tracking_id, event)?;
        }
    }
    let to = Some("mary@example.net".to_owned());
    shares::create(tx, user, &NewShare { card, channel: Channel::Email, recipient: to }).map(drop)
}

/// Credits come, go, and are held.
fn spends(tx: &Tx<'_>, user: UserId) -> Result<()> {
    let order = |amount, reason, memo: &str| Order { by: None, amount, reason, memo: memo.into() };
    credits::grant(tx, user, &order(500, Reason::Promotion, "Welcome"))?;
    credits::charge(tx, user, &order(35, Reason::Feature, "Cards by mail"))?;
    credits::reserve(tx, user, &order(100, Reason::Feature, "A print run"), WEEK)?;
    progress::check_in(tx, user, None).map(drop)
}
