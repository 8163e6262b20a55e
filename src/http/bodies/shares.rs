//! Shares.

use super::text;
use crate::domain::cards::CardId;
use crate::domain::mails;
use crate::domain::shares::{Channel, NewShare};
use crate::error::Error;
use crate::http::shape::{Kind, Shape, optional, required};
use crate::http::sign_up::{EMAIL, id_rule};
use crate::store::tx::Named;
use serde_json::{Map, Value};

/// How a card is given.
pub const CHANNEL: Kind = Kind::Choice(Channel::WORDS);
/// A card's id in a body.
pub const CARD: Kind = Kind::Line { min: 1, max: 36, format: Some("uuid"), rule: Some(id_rule) };

/// What makes a share.
pub const NEW_SHARE: Shape = Shape {
    name: "NewShare",
    fields: &[
        required("card_id", "An own card.", CARD),
        required("channel", "How it is given.", CHANNEL),
        optional("recipient", "To whom; shown to nobody but its owner.", EMAIL),
        optional("send", "Mails the card to the recipient; for `email`.", Kind::Flag),
    ],
};

/// The share that a checked body asks for.
pub fn new_share(body: &Map<String, Value>) -> Result<NewShare, Error> {
    let recipient = Some(text(body, "recipient")).filter(|recipient| !recipient.is_empty());
    Ok(NewShare {
        card: CardId::parse(text(body, "card_id")).ok_or(Error::NotFound("card"))?,
        channel: Channel::from_name(text(body, "channel")).unwrap_or(Channel::Link),
        recipient: recipient.map(str::to_owned),
    })
}

/// Whether the share is to be mailed; it can be if it goes by e-mail to an address that can be written to.
pub fn wants_mail(body: &Map<String, Value>, new: &NewShare) -> Result<bool, Error> {
    if body.get("send").and_then(Value::as_bool) != Some(true) {
        return Ok(false);
    }
    if new.channel != Channel::Email {
        let detail = "must be email for a share that is mailed";
        return Err(Error::invalid("/channel", "choice", detail));
    }
    let Some(recipient) = &new.recipient else {
        let detail = "is needed for a share that is mailed";
        return Err(Error::invalid("/recipient", "required", detail));
    };
    match mails::address_rule(recipient) {
        Ok(()) => Ok(true),
        Err((code, detail)) => Err(Error::invalid("/recipient", code, detail)),
    }
}
