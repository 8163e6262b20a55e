//! Profiles saved at once.
