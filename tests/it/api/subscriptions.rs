//! What a person's tier allows.
