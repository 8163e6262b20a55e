//! Requests for an invite, and invite codes.
