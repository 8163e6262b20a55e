//! Whether the server lives, and whether it is ready for work.

use crate::domain::{settings, users};
use crate::error::{Error, Unavailable};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, required};
use crate::http::{Ctx, Outcome, Response};
use serde_json::json;

const HEALTH: Shape = Shape {
    name: "Health",
    fields: &[
        required("status", "", Kind::Choice(&["ok"])),
        required("version", "Of this program.", Kind::Text),
    ],
};

/// `GET /livez`
pub const LIVE_ABOUT: About = About::new(
    "Whether the process lives; asks nothing of the database",
    &[Reply { status: 200, about: "It does", content: Content::Json(&HEALTH) }],
);
/// `GET /readyz` and `GET /healthz`
pub const READY_ABOUT: About = About::new(
    "Whether requests are taken: the database answers, queue and disk have room, no stop was asked for",
    &[Reply { status: 200, about: "They are", content: Content::Json(&HEALTH) }],
)
.problems(&[503]);

fn ok() -> Response {
    Response::json(200, &json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}

/// The process lives. 200.
pub fn live(_: Ctx) -> Outcome {
    Ok(ok())
}

/// The server takes requests. 200; 503 `draining`, `db-busy`, `disk-full`. It asks without writing, but for a disk that
/// was full for the last who wrote: whoever balances load sends nobody any more who would find out that it has room
/// again, so this tries.
pub fn ready(ctx: Ctx) -> Outcome {
    let state = std::sync::Arc::clone(ctx.state());
    if state.is_draining() {
        return Err(Error::Unavailable(Unavailable::Draining).into());
    }
    if state.store.queue_depth() >= state.config.limits.write_queue_max {
        return Err(Error::Unavailable(Unavailable::Busy).into());
    }
    if state.store.is_full() { has_room(ctx) } else { answers(ctx) }
}

fn answers(ctx: Ctx) -> Outcome {
    ctx.read(|read, _| {
        users::has_admin(read)?;
        Ok(ok())
    })
}

fn has_room(ctx: Ctx) -> Outcome {
    ctx.write(|tx, _| {
        settings::try_to_write(tx)?;
        Ok(ok())
    })
}
