//! Trials, invites and registrations by them.
