//! Accessibility settings.
