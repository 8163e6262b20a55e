//! The contact itself as a QR code, on the page that shares a card: for where there is no network.

use super::icons::{Icon, icon};
use super::qr;
use super::words::Words;
use crate::domain::cards::Card;
use crate::domain::public_cards;
use crate::domain::vcards::{self, CODE_MAX, brief};
use crate::error::{Error, Result};
use crate::http::state::State;
use crate::store::Read;
use maud::{Markup, html};

/// The code, folded, or why there is none. Nothing at all of a card that the public does not see: its code would tell
/// what the card does not.
pub(super) fn folded(
    words: &Words,
    read: &Read<'_>,
    state: &State,
    card: Option<&Card>,
) -> Result<Markup> {
    let Some(card) = card else { return Ok(html! {}) };
    let shown = match public_cards::by_id(read, card.id) {
        Ok(shown) => shown,
        Err(Error::NotFound(_) | Error::Gone(_)) => return Ok(html! {}),
        Err(fault) => return Err(fault),
    };
    let texts = &words.shares;
    let contact = brief(&shown, &state.card_url(&shown.slug));
    let label = (texts.offline_of)(vcards::name(&shown));
    let at = |ending: &str| format!("/c/{}/qr.{ending}?content=vcard", shown.slug);
    Ok(html! {
        details.folded.offline {
            summary { (texts.offline) }
            @if contact.len() > CODE_MAX {
                p.advice { (icon(Icon::Warning)) (texts.offline_too_long) }
            } @else {
                div.share {
                    div.stack {
                        div.stack.tight {
                            h2 dir="auto" { (card.content.name) }
                            p { (texts.offline_help) }
                            p.quiet { (texts.offline_copy) }
                        }
                        div.row {
                            @for (ending, word) in [("svg", words.cards.qr_svg), ("png", words.cards.qr_png)] {
                                a.button.plain href=(at(ending)) download { (icon(Icon::Download)) (word) }
                            }
                        }
                    }
                    figure { (qr::code(&contact, &label)) }
                }
            }
        }
    })
}
