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

/// Marks a share's id.
#[derive(Debug)]
pub enum ShareKind {}
/// A share's id.
pub type ShareId = Id<ShareKind>;
