//! Credits: balance, history, grants, charges, reservations and reversals. What moves credits needs a key, which
//! makes it happen once, for ever.

use super::users::{ID, TIME};
use crate::domain::callers::Member;
use crate::domain::credits::{
    self, Balance, Kind as TransferKind, Order, Reason, Reservation, Resolution, State, Transfer,
};
use crate::domain::users::UserId;
use crate::error::Error;
use crate::http::bodies::credits::{
    AMOUNT, AMOUNT_FIELD, KEY_FIELD, MEMO, MEMO_FIELD, NEW_GRANT, REASON, REASON_FIELD,
};
use crate::http::page::{self, Page};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, optional, required};
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::store::tx::Named;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// A reservation's life where nobody says.
const RESERVATION_LIFE: Duration = Duration::from_mins(15);
/// The longest life of a reservation, in seconds.
const RESERVATION_LIFE_MAX_S: i64 = 30 * 24 * 60 * 60;

const COUNT: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };
const BALANCE: Shape = Shape {
    name: "Balance",
    fields: &[
        required("account", "", ID),
        required("balance", "", COUNT),
        required("held", "Set aside by reservations.", COUNT),
        required("available", "balance − held.", COUNT),
    ],
};

const TRANSFER: Shape = Shape {
    name: "Transfer",
    fields: &[
        required("id", "", ID),
        required("kind", "", Kind::Choice(TransferKind::WORDS)),
        required("debit_account", "", ID),
        required("credit_account", "", ID),
        required("amount", "", AMOUNT),
        required("reason", "", REASON),
        required("memo", "", MEMO),
        required("balance_after", "", COUNT),
        required("created_at", "", TIME),
        required("idempotency_key", "", Kind::Nullable(&Kind::Text)),
    ],
};

const RESERVATION: Shape = Shape {
    name: "Reservation",
    fields: &[
        required("id", "", ID),
        required("amount", "", AMOUNT),
        required("reason", "", REASON),
        required("memo", "", MEMO),
        required("expires_at", "", TIME),
        required("state", "", Kind::Choice(State::WORDS)),
        required("captured", "How much was taken.", Kind::Nullable(&AMOUNT)),
        optional("transfer", "What resolved it just now.", Kind::Object(&TRANSFER)),
    ],
};

const NEW_CHARGE: Shape =
    Shape { name: "NewCharge", fields: &[AMOUNT_FIELD, REASON_FIELD, MEMO_FIELD, KEY_FIELD] };
const NEW_RESERVATION: Shape = Shape {
    name: "NewReservation",
    fields: &[
        AMOUNT_FIELD,
        REASON_FIELD,
        MEMO_FIELD,
        optional(
            "expires_in_seconds",
            "900 if absent.",
            Kind::Integer { min: 1, max: RESERVATION_LIFE_MAX_S },
        ),
        KEY_FIELD,
    ],
};
const CAPTURE: Shape = Shape {
    name: "Capture",
    fields: &[optional("amount", "All of it if absent; the rest is freed.", AMOUNT), KEY_FIELD],
};
const VOID: Shape = Shape { name: "Void", fields: &[KEY_FIELD] };
const REVERSAL: Shape = Shape { name: "NewReversal", fields: &[MEMO_FIELD, KEY_FIELD] };

const MOVED: &[Reply] =
    &[Reply { status: 201, about: "The transfer", content: Content::Json(&TRANSFER) }];
const RESOLVED: &[Reply] =
    &[Reply { status: 200, about: "As it is now", content: Content::Json(&RESERVATION) }];

/// `GET /api/credits`
pub const BALANCE_ABOUT: About = About::new(
    "What stands on the own account",
    &[Reply { status: 200, about: "The balance", content: Content::Json(&BALANCE) }],
);
/// `GET /api/credits/transfers`
pub const HISTORY_ABOUT: About = About::new(
    "The own account's transfers, newest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&TRANSFER) }],
)
.query(page::QUERY);
/// `GET /api/credits/reservations`
pub const RESERVATIONS_ABOUT: About = About::new(
    "The own reservations, newest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&RESERVATION) }],
)
.query(page::QUERY);
/// `GET /api/credits/reservations/{id}`
pub const RESERVATION_ABOUT: About = About::new(
    "A reservation",
    &[Reply { status: 200, about: "The reservation", content: Content::Json(&RESERVATION) }],
);
/// `POST /api/credits/grants`
pub const GRANT_ABOUT: About =
    About::new("Gives credits to a person", MOVED).body(&NEW_GRANT).problems(&[404, 409]).ledger();
/// `POST /api/credits/charges`
pub const CHARGE_ABOUT: About =
    About::new("Spends own credits", MOVED).body(&NEW_CHARGE).problems(&[409]).ledger();
/// `POST /api/credits/reservations`
pub const RESERVE_ABOUT: About = About::new(
    "Sets own credits aside",
    &[Reply { status: 201, about: "Set aside", content: Content::Json(&RESERVATION) }],
)
.body(&NEW_RESERVATION)
.problems(&[409])
.ledger();
/// `POST /api/credits/reservations/{id}/capture`
pub const CAPTURE_ABOUT: About =
    About::new("Takes what was set aside, once", RESOLVED).body(&CAPTURE).problems(&[409]).ledger();
/// `POST /api/credits/reservations/{id}/void`
pub const VOID_ABOUT: About =
    About::new("Frees what was set aside, once", RESOLVED).body(&VOID).problems(&[409]).ledger();
/// `POST /api/credits/transfers/{id}/reversal`
pub const REVERSE_ABOUT: About =
    About::new("Takes a transfer back, once", MOVED).body(&REVERSAL).problems(&[409]).ledger();

fn balance_json(balance: &Balance) -> Value {
    json!({
        "account": balance.account,
        "balance": balance.posted,
        "held": balance.held,
        "available": balance.available(),
    })
}

fn transfer_json(transfer: &Transfer) -> Value {
    json!({
        "id": transfer.id,
        "kind": transfer.kind.name(),
        "debit_account": transfer.debit,
        "credit_account": transfer.credit,
        "amount": transfer.amount,
        "reason": transfer.reason.name(),
        "memo": transfer.memo,
        "balance_after": transfer.balance_after,
        "created_at": transfer.created.to_string(),
        "idempotency_key": transfer.key,
    })
}

fn reservation_json(reservation: &Reservation) -> Value {
    json!({
        "id": reservation.id,
        "amount": reservation.amount,
        "reason": reservation.reason.name(),
        "memo": reservation.memo,
        "expires_at": reservation.expires.to_string(),
        "state": reservation.state.name(),
        "captured": reservation.captured,
    })
}

/// What stands on the own account. 200.
pub fn balance(ctx: Ctx) -> Outcome {
    ctx.read(|read, who| {
        Ok(Response::json(200, &balance_json(&credits::balance(read, who.user()?)?)))
    })
}

/// The own account's transfers. 200.
pub fn history(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    ctx.read(|read, who| {
        let page = page?;
        let found = credits::history(read, who.user()?, page.after, page.fetch())?;
        Ok(page.reply(found, |transfer| transfer.id, transfer_json))
    })
}

/// The own reservations. 200.
pub fn reservations(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    ctx.read(|read, who| {
        let page = page?;
        let found = credits::reservations(read, who.user()?, page.after, page.fetch())?;
        Ok(page.reply(found, |reservation| reservation.id, reservation_json))
    })
}

/// A reservation. 200; 404.
pub fn reservation(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "reservation");
    ctx.read(|read, who| {
        let found = credits::find_reservation(read, who.user()?, id?)?;
        Ok(Response::json(200, &reservation_json(&found)))
    })
}

/// What a checked body orders, but for who does.
#[derive(Clone)]
struct Asked {
    user: Option<UserId>,
    amount: Option<i64>,
    reason: Reason,
    memo: String,
    life: Duration,
}

/// The order in the body, and the key that it comes with.
fn asked(ctx: &Ctx) -> (Result<Asked, Problem>, Option<String>) {
    let asked = ctx.object().map(|body| {
        let text = |name: &str| text(&body, name);
        let seconds = body.get("expires_in_seconds").and_then(Value::as_u64);
        Asked {
            user: UserId::parse(&text("user_id")),
            amount: body.get("amount").and_then(Value::as_i64),
            reason: Reason::from_name(&text("reason")).unwrap_or(Reason::Other),
            memo: text("memo"),
            life: seconds.map_or(RESERVATION_LIFE, Duration::from_secs),
        }
    });
    (asked, ctx.key().ok().flatten())
}

fn text(body: &Map<String, Value>, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

fn order(asked: &Asked, member: &Member, key: Option<&String>) -> Order {
    Order {
        by: Some((member.user, key.cloned())),
        amount: asked.amount.unwrap_or_default(),
        reason: asked.reason,
        memo: asked.memo.clone(),
    }
}

/// Gives credits to a person. 201; 404; 409 `balance-limit`; 422.
pub fn grant(ctx: Ctx) -> Outcome {
    let (asked, key) = asked(&ctx);
    ctx.write(move |tx, who| {
        let asked = ready(&asked)?;
        let user = asked.user.ok_or(Error::NotFound("person"))?;
        let given = credits::grant(tx, user, &order(asked, who.member()?, key.as_ref()))?;
        Ok(Response::json(201, &transfer_json(&given)))
    })
}

/// Spends own credits. 201; 409 `insufficient-credits`; 422.
pub fn charge(ctx: Ctx) -> Outcome {
    let (asked, key) = asked(&ctx);
    ctx.write(move |tx, who| {
        let order = order(ready(&asked)?, who.member()?, key.as_ref());
        let taken = credits::charge(tx, who.user()?, &order)?;
        Ok(Response::json(201, &transfer_json(&taken)))
    })
}

/// Sets own credits aside. 201; 409 `insufficient-credits`; 422.
pub fn reserve(ctx: Ctx) -> Outcome {
    let (asked, key) = asked(&ctx);
    ctx.write(move |tx, who| {
        let asked = ready(&asked)?;
        let order = order(asked, who.member()?, key.as_ref());
        let reservation = credits::reserve(tx, who.user()?, &order, asked.life)?;
        let location = format!("/api/credits/reservations/{}", reservation.id);
        Ok(Response::json(201, &reservation_json(&reservation)).with("Location", location))
    })
}

/// Takes what was set aside, or a part of it. 200; 404; 409 `reservation-resolved`; 422.
pub fn capture(ctx: Ctx) -> Outcome {
    resolve(ctx, |asked| Resolution::Capture(asked.amount))
}

/// Frees what was set aside. 200; 404; 409 `reservation-resolved`; 422.
pub fn void(ctx: Ctx) -> Outcome {
    resolve(ctx, |_| Resolution::Void)
}

fn resolve(ctx: Ctx, resolution: fn(&Asked) -> Resolution) -> Outcome {
    let id = ctx.id("id", "reservation");
    let (asked, key) = asked(&ctx);
    ctx.write(move |tx, who| {
        let (id, user) = (*ready(&id)?, who.user()?);
        credits::find_reservation(tx, user, id)?;
        let resolution = resolution(ready(&asked)?);
        let by = (user, key.clone());
        let (reservation, transfer) = credits::resolve(tx, user, id, by, resolution)?;
        let mut body = reservation_json(&reservation);
        if let Value::Object(members) = &mut body {
            members.insert("transfer".into(), transfer_json(&transfer));
        }
        Ok(Response::json(200, &body))
    })
}

/// Takes a transfer back. 201; 404; 409 `already-reversed`, `not-reversible`, `insufficient-credits`; 422.
pub fn reverse(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "transfer");
    let (asked, key) = asked(&ctx);
    ctx.write(move |tx, who| {
        let (id, by) = (*ready(&id)?, Some((who.user()?, key.clone())));
        let back = credits::reverse(tx, id, by, ready(&asked)?.memo.clone())?;
        Ok(Response::json(201, &transfer_json(&back)))
    })
}
