//! Credits: what stands on the account, what is set aside, and how it came to that.

use super::asks::Asks;
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::parts::more;
use super::shows;
use super::turning::{FETCH, address, turned};
use super::words::Words;
use crate::domain::credits::{self, Balance, Kind, Reservation, State, Transfer, TransferId};
use crate::http::route::About;
use crate::http::{Ctx, Outcome};
use maud::{Markup, html};

/// `GET /credits`
pub const SHOW_ABOUT: About = shows("The own credits");

/// Reservations that are looked through for those that are pending.
const RESERVATIONS: u32 = 200;

/// The account. 200.
pub fn show(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    let before = ctx.query("cursor").and_then(|cursor| TransferId::parse(&cursor));
    let price = ctx.state().config.mail.share_price;
    ctx.read(|read, who| {
        let (user, frame) = (who.user()?, Frame::of(&asks, read, who)?);
        let balance = credits::balance(read, user)?;
        let mut pending = credits::reservations(read, user, None, RESERVATIONS)?;
        pending.retain(|reservation| reservation.state == State::Pending);
        let found = credits::history(read, user, before, FETCH)?;
        let (transfers, last) = turned(found, |transfer| transfer.id.to_string());
        let next = last.map(|last| address("/credits", &[("cursor", &last)]));
        let (words, texts) = (frame.words, &frame.words.credits);
        let content = html! {
            header { h1 { (texts.title) } }
            (figures(words, &balance))
            p.quiet { ((texts.price)(price, &words.number(price))) }
            @if !pending.is_empty() { (reserved(words, &pending)) }
            section.stack {
                h2 { (texts.history) }
                @if transfers.is_empty() {
                    div.empty {
                        (icon(Icon::Coins))
                        h3 { (texts.empty) }
                        p { (texts.empty_help) }
                    }
                } @else {
                    (history(words, &balance, &transfers))
                    (more(words, next.as_deref()))
                }
            }
        };
        Ok(frame.page(200, &Sheet::new(texts.title, content).at(Place::Credits)))
    })
}

fn figures(words: &Words, balance: &Balance) -> Markup {
    let texts = &words.credits;
    let figures = [
        (texts.available, balance.available(), texts.available_hint),
        (texts.held, balance.held, texts.held_hint),
        (texts.balance, balance.posted, texts.balance_hint),
    ];
    html! {
        div.figures {
            @for (name, number, hint) in figures {
                div.figure {
                    span { (name) }
                    b { (words.number(number)) }
                    span.quiet.small { (hint) }
                }
            }
        }
    }
}

fn reserved(words: &Words, pending: &[Reservation]) -> Markup {
    let texts = &words.credits;
    html! {
        section.stack {
            h2 { (texts.pending) }
            ul.list {
                @for reservation in pending {
                    li.spread {
                        div.stack.tight {
                            (why(words, reservation.reason, &reservation.memo))
                            span.quiet.small {
                                (texts.until) " "
                                time datetime=(reservation.expires) { ((words.day)(reservation.expires)) }
                            }
                        }
                        b.number { (words.number(reservation.amount)) }
                    }
                }
            }
        }
    }
}

/// What for, and what whoever asked said about it.
fn why(words: &Words, reason: credits::Reason, memo: &str) -> Markup {
    html! {
        span.stack.tight {
            span { ((words.credits.reason)(reason)) }
            @if !memo.is_empty() { span.quiet.small.break { (memo) } }
        }
    }
}

/// What a transfer did to the balance: what is set aside or freed does nothing to it.
fn effect(balance: &Balance, transfer: &Transfer) -> i64 {
    match transfer.kind {
        Kind::Reservation | Kind::Void | Kind::Expiry => 0,
        Kind::Grant | Kind::Charge | Kind::Capture | Kind::Reversal => {
            if transfer.credit == balance.account { transfer.amount } else { -transfer.amount }
        }
    }
}

fn history(words: &Words, balance: &Balance, transfers: &[Transfer]) -> Markup {
    let texts = &words.credits;
    html! {
        table.table {
            caption.visually-hidden { (texts.history) }
            thead {
                tr {
                    th scope="col" { (texts.day) }
                    th scope="col" { (texts.what) }
                    th scope="col" { (texts.why) }
                    th.number scope="col" { (texts.amount) }
                    th.number scope="col" { (texts.after) }
                }
            }
            tbody {
                @for transfer in transfers {
                    @let effect = effect(balance, transfer);
                    tr {
                        td data-label=(texts.day) {
                            time datetime=(transfer.created) { ((words.day)(transfer.created)) }
                        }
                        td data-label=(texts.what) { ((texts.kind)(transfer.kind)) }
                        td data-label=(texts.why) { (why(words, transfer.reason, &transfer.memo)) }
                        td.number data-label=(texts.amount) {
                            @if effect == 0 {
                                span.quiet { "(" (words.number(transfer.amount)) ")" }
                            } @else {
                                @if effect > 0 { "+" } (words.number(effect))
                            }
                        }
                        td.number data-label=(texts.after) { (words.number(transfer.balance_after)) }
                    }
                }
            }
        }
        p.quiet.small { (texts.aside) }
    }
}
