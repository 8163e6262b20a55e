//! Who may register where that takes an invite. Owns tables `invite_requests` and `invites`.
