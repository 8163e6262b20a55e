//! Shares: giving a card to somebody, and what came of it.

use super::asks::Asks;
use super::forms::{Field, Sent, once, summary};
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::offline_code;
use super::parts::more;
use super::turning::{FETCH, address, turned};
use super::words::Words;
use super::{shows, takes};
use crate::clock::Millis;
use crate::domain::cards::{self, Card, CardId};
use crate::domain::events::{self, Event, Happened};
use crate::domain::mails::{self, Mail, State as MailState};
use crate::domain::shares::{self, Channel, Share, ShareId};
use crate::domain::users::UserId;
use crate::error::{Error, Fault, Result};
use crate::http::bodies::shares::{NEW_SHARE, new_share, wants_mail};
use crate::http::route::About;
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Problem, Response};
use crate::store::tx::Named;
use crate::store::{Read, Tx};
use maud::{Markup, html};
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// `GET /shares`
pub const LIST_ABOUT: About = shows("The own shares, and the form that makes one");
/// `POST /shares`
pub const CREATE_ABOUT: About = takes("Makes a share").problems(&[403, 404, 415]);
/// `GET /shares/{tracking_id}`
pub const SHOW_ABOUT: About = shows("A share, and what came of it").problems(&[404]);

/// Cards that the form offers.
const CARDS: u32 = 200;

/// The own shares. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    let before = ctx.query("cursor").and_then(|cursor| ShareId::parse(&cursor));
    let sent = Sent::standing([("card_id", ctx.query("card").unwrap_or_default())]);
    let state = Arc::clone(ctx.state());
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let form = Form { sent: &sent, faults: &[], advice: None, state: &state };
        Ok(listed(&frame, read, who.user()?, before, (200, &form))?)
    })
}

/// Makes a share, and mails it if the form asks for that. 303 to it; 404 for a card that is not the person's; 409 where
/// credits are too few or nobody would be shown the card, and 422, with the form.
pub fn create(ctx: Ctx) -> Outcome {
    let (asks, sent, state) = (Asks::of(&ctx), Sent::of(&ctx)?, Arc::clone(ctx.state()));
    ctx.write(move |tx, who| {
        let user = who.user()?;
        match made(tx, user, &sent, state.config.mail.share_price) {
            Ok(share) => {
                let onward = format!("/shares/{}?note=made", share.tracking_id);
                Ok(Response::new(303).with("Location", onward))
            }
            Err(error) => {
                let frame = Frame::of(&asks, tx, who)?;
                let (status, advice, found) = refusal(frame.words, error)?;
                let form = Form { sent: &sent, faults: &found, advice, state: &state };
                Err(Problem::page(listed(&frame, tx, user, None, (status, &form))?))
            }
        }
    })
}

/// Makes the share that a form asks for, and its mail.
fn made(tx: &Tx<'_>, user: UserId, sent: &Sent, price: i64) -> Result<Share> {
    let mut body = sent.body();
    if sent.ticked("send") {
        body.insert("send".into(), true.into());
        body.insert("channel".into(), Channel::Email.name().into());
    }
    NEW_SHARE.check(&body)?;
    let new = new_share(&body)?;
    let is_mailed = wants_mail(&body, &new)?;
    let share = shares::create(tx, user, &new)?;
    if is_mailed {
        mails::send(tx, user, &share, price)?;
    }
    Ok(share)
}

/// A refusal as a person tells it: status, advice and faults. One that is no matter of the form stays what it is.
fn refusal(words: &Words, error: Error) -> Result<(u16, Option<String>, Vec<Fault>)> {
    let texts = &words.shares;
    let advice = match error {
        Error::Invalid(faults) => return Ok((422, None, faults)),
        Error::Conflict(conflict) if conflict.code == "insufficient-credits" => {
            let number = |name: &str| {
                let number = conflict.members.get(name).and_then(Value::as_i64);
                words.number(number.unwrap_or_default())
            };
            (texts.too_few)(&number("required"), &number("available"))
        }
        Error::Conflict(conflict) if conflict.code == "card-hidden" => texts.hidden.to_owned(),
        other => return Err(other),
    };
    Ok((409, Some(advice), Vec::new()))
}

/// The form, as it was sent.
struct Form<'a> {
    sent: &'a Sent,
    faults: &'a [Fault],
    /// Why nothing was made.
    advice: Option<String>,
    /// Knows how mail is sent, what it costs, and where cards are.
    state: &'a State,
}

/// The page of the list, with the form as it was sent.
fn listed(
    frame: &Frame,
    read: &Read<'_>,
    user: UserId,
    before: Option<ShareId>,
    (status, asked): (u16, &Form<'_>),
) -> Result<Response> {
    let (words, texts) = (frame.words, &frame.words.shares);
    let own = cards::list(read, user, None, CARDS)?;
    let (shares, last) =
        turned(shares::latest(read, user, before, FETCH)?, |share| share.id.to_string());
    let next = last.map(|last| address("/shares", &[("cursor", &last)]));
    let content = html! {
        header { h1 { (texts.title) } }
        @if own.is_empty() {
            div.empty {
                (icon(Icon::Card))
                h2 { (texts.no_card) }
                p { (texts.no_card_help) }
                a.button href="/cards/new" { (texts.no_card_go) }
            }
        } @else {
            (form(words, &own, asked))
            (offline_code::folded(words, read, asked.state, selected(&own, asked.sent))?)
            @if shares.is_empty() {
                div.empty {
                    (icon(Icon::Share))
                    h2 { (texts.empty) }
                    p { (texts.empty_help) }
                }
            } @else {
                (table(words, read, user, &shares)?)
            }
            (more(words, next.as_deref()))
        }
    };
    Ok(frame.page(status, &Sheet::new(texts.title, content).at(Place::Shares)))
}

/// The card that the form begins with.
fn selected<'a>(own: &'a [Card], sent: &Sent) -> Option<&'a Card> {
    let asked = own.iter().find(|card| card.id.to_string() == sent.text("card_id"));
    asked.or(own.first())
}

fn form(words: &Words, own: &[Card], asked: &Form<'_>) -> Markup {
    let (texts, Form { sent, faults, .. }) = (&words.shares, asked);
    let fault = |pointer: &str| faults.iter().find(|fault| fault.pointer == pointer);
    let recipient = Field::line("recipient", texts.recipient).kind("email");
    html! {
        form.sheet.stack method="post" action="/shares" aria-labelledby="make" {
            h2 #make { (texts.make) }
            @if let Some(advice) = &asked.advice {
                div.advice role="alert" { (icon(Icon::Warning)) p { (advice) } }
            }
            (summary(words, faults))
            (once())
            div.fields.making {
                div.field {
                    label for="card_id" { (texts.card) }
                    select #card_id name="card_id" aria-invalid=[fault("/card_id").map(|_| "true")] {
                        @for card in own {
                            @let id = card.id.to_string();
                            option value=(id) selected[id == sent.text("card_id")] { (card.content.name) }
                        }
                    }
                    @if let Some(fault) = fault("/card_id") { p.fault { (words.told(fault)) } }
                }
                div.field {
                    label for="channel" { (texts.by) }
                    select #channel name="channel" aria-invalid=[fault("/channel").map(|_| "true")] {
                        @for channel in [Channel::Link, Channel::Qr, Channel::Email, Channel::Nfc] {
                            option value=(channel.name()) selected[channel.name() == sent.text("channel")] {
                                ((texts.channel)(channel))
                            }
                        }
                    }
                    @if let Some(fault) = fault("/channel") { p.fault { (words.told(fault)) } }
                }
                (recipient.hint(texts.recipient_hint).show(words, sent, faults))
            }
            div.row {
                button { (texts.go) }
                button.plain name="send" value="1" {
                    @let price = asked.state.config.mail.share_price;
                    (icon(Icon::Mail)) ((texts.send)(price, &words.number(price)))
                }
            }
            @if asked.state.config.mail.server.is_none() { p.hint { (texts.unsent) } }
        }
    }
}

/// What is known of a share's events.
struct Known(Vec<(Event, Happened)>);

impl Known {
    fn of(read: &Read<'_>, share: &Share) -> Result<Self> {
        events::of_share(read, share.id).map(Self)
    }

    fn get(&self, event: Event) -> Happened {
        let found = self.0.iter().find(|(known, _)| *known == event);
        found.map(|(_, happened)| *happened).unwrap_or_default()
    }
}

fn table(words: &Words, read: &Read<'_>, user: UserId, shares: &[Share]) -> Result<Markup> {
    let texts = &words.shares;
    let mut names: BTreeMap<CardId, String> = BTreeMap::new();
    let mut known = Vec::new();
    for share in shares {
        if let Entry::Vacant(unknown) = names.entry(share.card) {
            unknown.insert(cards::find(read, user, share.card)?.content.name);
        }
        known.push(Known::of(read, share)?);
    }
    Ok(html! {
        table.table {
            caption.visually-hidden { (texts.title) }
            thead {
                tr {
                    th scope="col" { (texts.card) }
                    th scope="col" { (texts.by) }
                    th scope="col" { (texts.made) }
                    th scope="col" { (texts.opened) }
                    th scope="col" { (texts.clicked) }
                    th.number scope="col" { (texts.clicks) }
                }
            }
            tbody {
                @for (share, known) in shares.iter().zip(&known) {
                    tr {
                        td.name data-label=(texts.card) {
                            a href=(format!("/shares/{}", share.tracking_id)) {
                                (names.get(&share.card).map(String::as_str).unwrap_or_default())
                            }
                        }
                        td data-label=(texts.by) {
                            span {
                                ((texts.channel)(share.channel))
                                @if let Some(recipient) = &share.recipient { " · " span.break { (recipient) } }
                            }
                        }
                        td data-label=(texts.made) { (day(words, share.created)) }
                        td data-label=(texts.opened) { (first(words, known.get(Event::Open))) }
                        td data-label=(texts.clicked) { (first(words, known.get(Event::Click))) }
                        td.number data-label=(texts.clicks) { (words.number(known.get(Event::Click).human_total)) }
                    }
                }
            }
        }
    })
}

fn day(words: &Words, at: Millis) -> Markup {
    html! { time datetime=(at) data-style="day" { ((words.day)(at)) } }
}

/// When something happened first, by a person's doing if by any.
fn first(words: &Words, happened: Happened) -> Markup {
    html! {
        @match happened.first_human.or(happened.first) {
            Some(at) => (day(words, at)),
            None => span.quiet { (words.shares.not_yet) },
        }
    }
}

/// An own share. 200; 404.
pub fn show(ctx: Ctx) -> Outcome {
    let (asks, id) = (Asks::of(&ctx), ctx.param("tracking_id").to_owned());
    let state = Arc::clone(ctx.state());
    ctx.read(|read, who| {
        let share = shares::find(read, who.user()?, &id)?;
        let frame = Frame::of(&asks, read, who)?;
        let card = cards::find(read, who.user()?, share.card)?;
        let (known, mail) = (Known::of(read, &share)?, mails::of_share(read, share.id)?);
        let texts = &frame.words.shares;
        let content = html! {
            header {
                h1 { (card.content.name) }
                a href="/shares" { (texts.all) }
            }
            (link(frame.words, &state, &share, mail.as_ref()))
            (came(frame.words, &share, &known))
        };
        let done = asks.note.as_deref().filter(|note| *note == "made").map(|_| texts.done);
        let sheet = Sheet::new(card.content.name.as_str(), content).at(Place::Shares);
        Ok(frame.page(200, &sheet.note(done)))
    })
}

/// The link, to be copied, scanned or written to a tag.
fn link(words: &Words, state: &State, share: &Share, mail: Option<&Mail>) -> Markup {
    let (texts, url) = (&words.shares, state.share_url(&share.tracking_id));
    html! {
        div.share {
            div.stack {
                div.stack.tight {
                    h2 { (texts.link) }
                    p.url { a href=(url) { (url) } }
                }
                div.row {
                    button data-copy=(url) data-copied=(words.shell.copied) {
                        (icon(Icon::Copy)) span data-label { (texts.copy) }
                    }
                }
                @match mail {
                    Some(mail) => p { (mailed(words, mail)) },
                    None => p.quiet { ((texts.help)(share.channel)) },
                }
                dl.facts {
                    dt { (texts.by) } dd { ((texts.channel)(share.channel)) }
                    @if let Some(recipient) = &share.recipient {
                        dt { (texts.recipient) } dd { (recipient) }
                    }
                }
            }
            figure { (super::qr::code(&url, texts.qr)) }
        }
    }
}

/// How a share's mail stands.
fn mailed(words: &Words, mail: &Mail) -> Markup {
    let class = match mail.state {
        MailState::Queued => "tag",
        MailState::Sent => "tag good",
        MailState::Failed | MailState::Cancelled => "tag warn",
    };
    html! {
        span class=(class) { (icon(Icon::Mail)) ((words.shares.mail)(mail.state)) }
        @if let Some(at) = mail.finished {
            " " time.quiet.small datetime=(at) { ((words.day)(at)) }
        }
    }
}

/// What came of a share: figures, and what happened first.
fn came(words: &Words, share: &Share, known: &Known) -> Markup {
    let texts = &words.shares;
    let figures = [Event::Open, Event::Click, Event::View];
    let mut events: Vec<(Millis, String)> = vec![(share.created, texts.made_at.to_owned())];
    for event in [Event::Open, Event::Click, Event::View, Event::Bounce] {
        let Happened { first, first_human, .. } = known.get(event);
        // A program's first is told where it was not a person's.
        let program = first.filter(|at| Some(*at) != first_human);
        events.extend(program.map(|at| (at, (texts.first)(event, false).to_owned())));
        events.extend(first_human.map(|at| (at, (texts.first)(event, true).to_owned())));
    }
    events.sort();
    html! {
        section.stack {
            h2 { (texts.came) }
            div.figures {
                @for event in figures {
                    @let happened = known.get(event);
                    @let programs = happened.total.saturating_sub(happened.human_total);
                    div.figure {
                        span.quiet { ((texts.event)(event)) }
                        b { (words.number(happened.human_total)) }
                        @if programs > 0 { span.quiet.small { ((texts.programs)(programs, &words.number(programs))) } }
                    }
                }
            }
            ol.timeline {
                @for (at, told) in events.iter().rev() {
                    li {
                        span { (told) }
                        time.quiet.small datetime=(at) { ((words.day)(*at)) }
                    }
                }
            }
            @if events.len() == 1 { p.quiet { (texts.nothing) } }
        }
    }
}
