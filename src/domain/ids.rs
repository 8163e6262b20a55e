//! Ids that nouns above their owner speak of, too.

use crate::id::Id;

/// Marks a person's id.
#[derive(Debug)]
pub enum UserKind {}
/// A person's id.
pub type UserId = Id<UserKind>;

/// Marks a card's id.
#[derive(Debug)]
pub enum CardKind {}
/// A card's id.
pub type CardId = Id<CardKind>;
