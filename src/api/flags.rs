//! Feature flags.
