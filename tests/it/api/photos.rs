//! The photo.
