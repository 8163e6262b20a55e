//! Saved cards.
