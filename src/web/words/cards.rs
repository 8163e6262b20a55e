//! One's cards, side by side, and how they come and go.

/// Its texts.
#[derive(Debug)]
pub struct Cards {
    /// Title.
    pub title: &'static str,
    /// Makes another card.
    pub new: &'static str,
    /// Head of a list without cards.
    pub empty_title: &'static str,
    /// What a card is for.
    pub empty: &'static str,
    /// Makes the first card.
    pub empty_go: &'static str,
    /// Mark of the default card.
    pub default: &'static str,
    /// Mark of a card that cannot be seen.
    pub paused: &'static str,
    /// Mark of a card that only its owner sees.
    pub private: &'static str,
    /// Mark of a card that search engines do not list.
    pub unlisted: &'static str,
    /// Where nobody has looked yet.
    pub no_views: &'static str,
    /// Opens the editor.
    pub edit: &'static str,
    /// Opens the public page.
    pub open: &'static str,
    /// Copies the address.
    pub copy_link: &'static str,
    /// Sends the card to somebody.
    pub share: &'static str,
    /// Names what else can be done, for a card.
    pub more: &'static str,
    /// Makes a card like this one.
    pub duplicate: &'static str,
    /// Takes the card off the web for a while.
    pub pause: &'static str,
    /// Puts it back.
    pub resume: &'static str,
    /// Makes it the default card.
    pub make_default: &'static str,
    /// Leads to deleting it.
    pub delete: &'static str,
    /// Leads to the statistics.
    pub stats: &'static str,
    /// The QR code as a drawing.
    pub qr_svg: &'static str,
    /// The QR code as a picture.
    pub qr_png: &'static str,
    /// To the cards that came later.
    pub more_cards: &'static str,
    /// A card like another was made.
    pub done_duplicated: &'static str,
    /// A card was paused.
    pub done_paused: &'static str,
    /// A card was put back.
    pub done_resumed: &'static str,
    /// Another card is the default.
    pub done_default: &'static str,
    /// A card was deleted.
    pub done_deleted: &'static str,
    /// The subscription allows no more cards; how many.
    pub quota: fn(i64) -> String,
    /// How often a card was seen in thirty days: the number, as it is written and as it counts.
    pub views: fn(&str, i64) -> String,
    /// The name of a card like another.
    pub copy_of: fn(&str) -> String,
    /// Head of the question whether to delete, with the card's name.
    pub delete_title: fn(&str) -> String,
    /// What deleting does, with the card's address.
    pub delete_lead: fn(&str) -> String,
    /// What becomes the default card then.
    pub delete_default: &'static str,
    /// The last card cannot be deleted.
    pub delete_last: &'static str,
    /// The card was changed meanwhile.
    pub delete_stale: &'static str,
    /// Deletes it.
    pub delete_go: &'static str,
    /// Title of making the first card.
    pub first_title: &'static str,
    /// What to do there.
    pub first_lead: &'static str,
    /// Title of making another card.
    pub new_title: &'static str,
    /// Makes the card.
    pub create: &'static str,
    /// The card that somebody edits is gone.
    pub gone_title: &'static str,
    /// What to do about that.
    pub gone_lead: &'static str,
    /// A card was just made.
    pub ready_title: &'static str,
    /// Nobody can scan a private card.
    pub ready_private: &'static str,
    /// Tells to scan.
    pub ready_try: &'static str,
    /// How to scan.
    pub ready_how: &'static str,
    /// What the picture is, with the address.
    pub ready_qr: fn(&str) -> String,
    /// Head of what comes next.
    pub ready_next: &'static str,
    /// Leads to the profile.
    pub ready_profile: &'static str,
    /// What that is for.
    pub ready_profile_why: &'static str,
    /// Leads to the editor.
    pub ready_edit: &'static str,
    /// What that is for.
    pub ready_edit_why: &'static str,
    /// Leads to all cards.
    pub ready_cards: &'static str,
}
