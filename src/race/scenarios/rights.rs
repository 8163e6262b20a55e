//! Logins, passwords and reset links.
