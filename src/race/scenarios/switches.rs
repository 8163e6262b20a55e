//! Flags, saved cards and settings.
