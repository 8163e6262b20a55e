//! Points, streaks and topics; subscriptions.
