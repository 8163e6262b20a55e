//! The own password.

use super::sessions::{REVOKED, revoked};
use crate::http::bodies::passwords::CHANGE;
use crate::http::password_change::Change;
use crate::http::route::{About, Content, Reply};
use crate::http::{Ctx, Outcome, ready};
use std::sync::Arc;

/// `POST /api/me/password`
pub const CHANGE_ABOUT: About = About::new(
    "Changes the own password, and ends every login but the one that asks",
    &[Reply { status: 200, about: "Changed", content: Content::Json(&REVOKED) }],
)
.body(&CHANGE)
.problems(&[409, 429]);

/// Changes the own password. 200; 403 `wrong-password`; 409 `no-password`; 422 `weak-password`; 429. API tokens
/// live on. Two doors, as `password_change` needs them.
pub fn change(ctx: Ctx) -> Outcome {
    let change = ctx.object().map(|body| Change::of(&ctx, &body));
    let (state, counted) = (Arc::clone(ctx.state()), change.clone());
    let seen = ctx.first_door(move |tx, who| Ok(ready(&counted)?.count(tx, who)?))?;
    let checked = change?.check(&state, seen)?;
    ctx.write(move |tx, who| Ok(revoked(checked.complete(tx, who)?)))
}
