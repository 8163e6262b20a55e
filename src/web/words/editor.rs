//! The editor of a card, and what it says when a card was changed elsewhere.

/// Its texts.
#[derive(Debug)]
pub struct Editor {
    /// A card's name.
    pub name: &'static str,
    /// What the name is for.
    pub name_hint: &'static str,
    /// Its public name.
    pub slug: &'static str,
    /// What becomes of the old address, with where addresses begin.
    pub slug_hint: fn(&str) -> String,
    /// An address may be left to us.
    pub slug_new: fn(&str) -> String,
    /// The address is another card's.
    pub slug_taken: &'static str,
    /// Before addresses that are free.
    pub slug_free: &'static str,
    /// Head of how it looks.
    pub look: &'static str,
    /// The template.
    pub template: &'static str,
    /// Each template: its name and what it is like, in the order of the domain.
    pub templates: [(&'static str, &'static str); 5],
    /// The colour.
    pub color: &'static str,
    /// What we do with it.
    pub color_hint: &'static str,
    /// The letters.
    pub font: &'static str,
    /// Each font: as the template, sans, serif, mono.
    pub fonts: [&'static str; 4],
    /// How it is laid out.
    pub layout: &'static str,
    /// Each layout: as the template, vertical, horizontal.
    pub layouts: [&'static str; 3],
    /// Which template it is for.
    pub layout_hint: &'static str,
    /// Head of the links.
    pub links: &'static str,
    /// What to type.
    pub links_hint: &'static str,
    /// Where there are no links.
    pub links_none: &'static str,
    /// Where a link leads.
    pub link_url: &'static str,
    /// What it shows.
    pub link_label: &'static str,
    /// What it leads to.
    pub link_platform: &'static str,
    /// The kind follows from the address.
    pub link_automatic: &'static str,
    /// Whether it is shown.
    pub link_shown: &'static str,
    /// A link by its place.
    pub link_number: fn(usize) -> String,
    /// Moves a link up.
    pub link_up: &'static str,
    /// Moves a link down.
    pub link_down: &'static str,
    /// Takes a link off.
    pub link_remove: &'static str,
    /// Adds a link.
    pub link_add: &'static str,
    /// There are as many links as can be.
    pub link_most: &'static str,
    /// A link has another place, told to a screen reader.
    pub link_moved: fn(usize) -> String,
    /// Beside what moves a link.
    pub drag: &'static str,
    /// Head of what it shows of the profile.
    pub shows: &'static str,
    /// Where the contents come from.
    pub shows_hint: &'static str,
    /// Leads to the profile.
    pub shows_edit: &'static str,
    /// Names the fields of the profile that hold nothing, so many.
    pub shows_empty: fn(usize) -> String,
    /// Names what a new card need not have.
    pub further: &'static str,
    /// Both sections of the profile.
    pub sections: [&'static str; 2],
    /// The fields of the profile, in the domain's order.
    pub fields: [&'static str; 19],
    /// Head of who sees it.
    pub visibility: &'static str,
    /// Each visibility and what it means: public, unlisted, private.
    pub visibilities: [(&'static str, &'static str); 3],
    /// Head of who gets its leads.
    pub routing: &'static str,
    /// Each routing and what it means: owner, team.
    pub routings: [(&'static str, &'static str); 2],
    /// Names the preview.
    pub preview: &'static str,
    /// Shows the preview anew.
    pub preview_go: &'static str,
    /// Shows all of the card where only its head is seen.
    pub whole: &'static str,
    /// Leaves without saving.
    pub undo: &'static str,
    /// A card stands as it is shown, at this version.
    pub saved: fn(i64) -> String,
    /// It was put together with what somebody else changed.
    pub merged: fn(i64) -> String,
    /// A copy is ready to be changed.
    pub created_copy: &'static str,
    /// Something is not saved yet.
    pub dirty: &'static str,
    /// It is being saved.
    pub saving: &'static str,
    /// Somebody else has saved since.
    pub elsewhere: &'static str,
    /// Looks at what they saved.
    pub review: &'static str,
    /// There is no way to the server.
    pub offline: &'static str,
    /// What was typed before is back.
    pub restored: &'static str,
    /// Somebody else has deleted the card.
    pub gone: &'static str,
    /// Head of signing in where one is.
    pub sign_in: &'static str,
    /// What happens then.
    pub sign_in_lead: &'static str,
    /// Signing in failed.
    pub sign_in_wrong: &'static str,
    /// Title of a conflict.
    pub conflict: &'static str,
    /// What happened, and what was kept.
    pub conflict_lead: fn(usize) -> String,
    /// When the other side saved.
    pub conflict_when: &'static str,
    /// Your side.
    pub yours: &'static str,
    /// The other side.
    pub theirs: &'static str,
    /// Neither.
    pub other: &'static str,
    /// What it is to be instead.
    pub other_value: &'static str,
    /// One side has taken a link off.
    pub removed: &'static str,
    /// A field that holds nothing.
    pub empty: &'static str,
    /// Nothing was chosen.
    pub choose: &'static str,
    /// The order of links.
    pub order: &'static str,
    /// Head of what did not collide.
    pub merged_for_you: fn(usize) -> String,
    /// Of what did not collide, yours.
    pub merged_yours: &'static str,
    /// Of what did not collide, theirs.
    pub merged_theirs: &'static str,
    /// Saves as this version.
    pub save_as: fn(i64) -> String,
    /// A tick that is set, as text.
    pub shown: &'static str,
    /// A tick that is not set, as text.
    pub hidden: &'static str,
    /// The keys of the editor: what each does.
    pub keys: [(&'static str, &'static str); 2],
}
