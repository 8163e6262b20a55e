//! Messages on their way. Owns tables `deliveries` and `webhook_failures`.

use super::endpoints::{self, secrets};
use super::{Event, EventId, WebhookId, sign};
use crate::clock::Millis;
use crate::domain::ids::UserId;
use crate::domain::jobs::{self, JobId, Lease, NewJob};
use crate::domain::named;
use crate::error::{Error, Result};
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};
use serde_json::{Value, json};
use std::time::Duration;

/// Their kind.
pub const DELIVER: &str = "webhook.deliver";

/// Pauses after the first failure, the second, and so on, each give or take a tenth; the last attempt is the tenth
/// (Standard Webhooks, "Retry schedule").
const PAUSES: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];
/// The longest pause that a receiver can ask for.
const PAUSE_MAX: Duration = Duration::from_hours(24);
/// An endpoint at which every attempt has failed for so long is ended.
const FAILING_MAX: Duration = Duration::from_hours(5 * 24);
/// How long a message is kept after its end.
const KEPT: Duration = Duration::from_hours(30 * 24);
/// Most characters kept of why an attempt failed.
const ERROR_MAX: usize = 500;

/// How a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is on its way.
    Pending,
    /// It arrived.
    Delivered,
    /// It was given up.
    Failed,
}
named!(State { Pending => "pending", Delivered => "delivered", Failed => "failed" });

/// A message to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The event; the message is called `msg_…` after it.
    pub event: EventId,
    /// What happened.
    pub kind: Event,
    /// How it stands.
    pub state: State,
    /// Attempts so far.
    pub attempts: u32,
    /// What the last one was answered.
    pub status: Option<u16>,
    /// Why the last one failed, if it did.
    pub error: Option<String>,
    /// How long the last one took.
    pub latency: Option<Duration>,
    /// When it happened.
    pub created: Millis,
    /// When it arrived or was given up.
    pub finished: Option<Millis>,
}

/// Tells a person's endpoints of an event, in the transaction of the event. `data` says of what it is about: ids and
/// versions, for who wants more can ask.
pub fn emit(tx: &Tx<'_>, user: UserId, event: Event, data: &Value) -> Result<()> {
    let listening: Vec<WebhookId> = tx.all(
        "SELECT id FROM webhooks
         WHERE user_id = ?1 AND is_active = 1 AND ' ' || events || ' ' LIKE '% ' || ?2 || ' %'",
        params![user, event.name()],
        |row| row.get(0),
    )?;
    if listening.is_empty() {
        return Ok(());
    }
    let id = tx.new_id();
    for webhook in listening {
        post(tx, webhook, id, event, data)?;
    }
    Ok(())
}

/// Sends a `ping` to an endpoint, whatever it listens to.
pub fn test(tx: &Tx<'_>, webhook: WebhookId) -> Result<Delivery> {
    let id = tx.new_id();
    post(tx, webhook, id, Event::Ping, &json!({"webhook_id": webhook}))?;
    find_delivery(tx, webhook, id)
}

fn post(tx: &Tx<'_>, webhook: WebhookId, id: EventId, event: Event, data: &Value) -> Result<()> {
    let body = json!({"type": event.name(), "timestamp": tx.now().to_string(), "data": data});
    let job = enqueue(tx, webhook, id)?;
    tx.change(
        "INSERT INTO deliveries(webhook_id, event_id, type, body, job_id, created_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![webhook, id, event.name(), body.to_string(), job, tx.now()],
    )?
    .any();
    Ok(())
}

fn enqueue(tx: &Tx<'_>, webhook: WebhookId, event: EventId) -> Result<JobId> {
    let new = NewJob {
        queue: jobs::WEBHOOKS.into(),
        kind: DELIVER.into(),
        payload: json!({"webhook_id": webhook, "event_id": event}).to_string(),
        run_at: None,
        priority: jobs::PRIORITY,
        max_attempts: i64::try_from(PAUSES.len() + 1).unwrap_or(jobs::ATTEMPTS),
        dedupe_key: Some(format!("{webhook} {event}")),
    };
    Ok(jobs::enqueue(tx, &new)?.0.id)
}

/// Sends a message again that was given up.
pub fn redeliver(tx: &Tx<'_>, webhook: WebhookId, event: EventId) -> Result<Delivery> {
    let job = enqueue(tx, webhook, event)?;
    let again = tx.change(
        "UPDATE deliveries SET state = 'pending', finished_ms = NULL, job_id = ?3
         WHERE webhook_id = ?1 AND event_id = ?2 AND state = 'failed'",
        params![webhook, event, job],
    )?;
    let delivery = find_delivery(tx, webhook, event)?;
    if again.count() == 1 {
        return Ok(delivery);
    }
    let detail = format!("This message is {}.", delivery.state.name());
    Err(Error::conflict_with("not-failed", detail, [("state", json!(delivery.state.name()))]))
}

/// What is to be sent in an attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Where to.
    pub url: String,
    /// `webhook-id`: the same in every attempt, for receivers to tell repetitions.
    pub message: String,
    /// `webhook-timestamp`: this attempt's, in seconds.
    pub timestamp_s: i64,
    /// `webhook-signature`
    pub signature: String,
    /// The body, to the byte.
    pub body: String,
    /// The endpoint's version that it is sent to.
    pub version: i64,
}

/// What to send for a message; `None` if there is nothing to send any more.
pub fn begin(read: &Read<'_>, webhook: WebhookId, event: EventId) -> Result<Option<Attempt>> {
    let found: Option<(String, i64, String)> = read.maybe(
        "SELECT w.url, w.version, d.body FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
         WHERE d.webhook_id = ?1 AND d.event_id = ?2 AND d.state = 'pending'
           AND (w.is_active = 1 OR d.type = 'ping')",
        params![webhook, event],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let Some((url, version, body)) = found else { return Ok(None) };
    let (message, timestamp_s) = (format!("msg_{event}"), read.now().0 / 1_000);
    let signature = sign(&secrets(read, webhook)?, &message, timestamp_s, &body)?;
    Ok(Some(Attempt { url, message, timestamp_s, signature, body, version }))
}

/// What an attempt came to.
#[derive(Debug, Clone)]
pub struct Told {
    /// The endpoint's version that it was sent to.
    pub version: i64,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Why it failed, in words that tell nothing of the network behind us.
    pub error: Option<&'static str>,
    /// What the answer's `Retry-After` asks for.
    pub retry_after: Option<Duration>,
    /// How long it took.
    pub latency: Duration,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived.
    Delivered,
    /// It is tried again.
    Later,
    /// It is given up.
    Failed,
}

/// Notes what an attempt came to, under the job's lease: a worker that has lost it notes nothing (`lease-lost`).
pub fn finish(
    tx: &Tx<'_>,
    lease: Lease,
    (webhook, event): (WebhookId, EventId),
    told: &Told,
) -> Result<Outcome> {
    let job = jobs::find(tx, lease.job)?;
    let outcome = match told.status {
        Some(200..300) => Outcome::Delivered,
        Some(410) => Outcome::Failed,
        _ if job.attempt >= job.max_attempts => Outcome::Failed,
        _ => Outcome::Later,
    };
    let state = match outcome {
        Outcome::Delivered => State::Delivered,
        Outcome::Failed => State::Failed,
        Outcome::Later => State::Pending,
    };
    let error = told.error.map(|error| error.chars().take(ERROR_MAX).collect::<String>());
    tx.change(
        "UPDATE deliveries SET state = ?3, attempts = attempts + 1, status = ?4, error = ?5,
           latency_ms = ?6, finished_ms = CASE WHEN ?3 = 'pending' THEN NULL ELSE ?7 END
         WHERE webhook_id = ?1 AND event_id = ?2 AND state = 'pending'",
        params![
            webhook,
            event,
            state.name(),
            told.status,
            error,
            i64::try_from(told.latency.as_millis()).unwrap_or(i64::MAX),
            tx.now(),
        ],
    )?
    .any();
    // The job after its message: what is on its way when its job ends is given up. Where the lease is lost, all of this
    // is undone.
    match outcome {
        Outcome::Delivered | Outcome::Failed => jobs::complete(tx, lease)?,
        Outcome::Later => {
            let error = told.error.unwrap_or("it was not accepted");
            jobs::fail(tx, lease, error, Some(pause(job.attempt, told.retry_after)))?
        }
    };
    match outcome {
        Outcome::Delivered => recovered(tx, webhook)?,
        Outcome::Later | Outcome::Failed if told.status == Some(410) => {
            endpoints::end_gone(tx, webhook, told.version)?;
        }
        Outcome::Later | Outcome::Failed => failed(tx, webhook)?,
    }
    Ok(outcome)
}

/// How long to wait after the `attempt`-th failure, give or take a tenth, or as long as the receiver asks.
fn pause(attempt: i64, asked: Option<Duration>) -> Duration {
    if let Some(asked) = asked {
        return asked.min(PAUSE_MAX);
    }
    jobs::planned_pause(&PAUSES, attempt)
}

/// Something arrived, or the owner says that it will.
pub(super) fn recovered(tx: &Tx<'_>, webhook: WebhookId) -> Result<()> {
    tx.change("DELETE FROM webhook_failures WHERE webhook_id = ?1", params![webhook])?.any();
    Ok(())
}

fn failed(tx: &Tx<'_>, webhook: WebhookId) -> Result<()> {
    tx.change(
        "INSERT INTO webhook_failures(webhook_id, since_ms) VALUES (?1, ?2)
         ON CONFLICT(webhook_id) DO NOTHING",
        params![webhook, tx.now()],
    )?
    .any();
    let sql = "SELECT since_ms FROM webhook_failures WHERE webhook_id = ?1";
    let since: Millis = tx.one(sql, params![webhook], |row| row.get(0))?;
    if tx.now().since(since) >= FAILING_MAX {
        endpoints::end_failing(tx, webhook)?;
    }
    Ok(())
}

/// A query for whole messages; `$rest` begins behind the table's name.
macro_rules! select_deliveries {
    ($rest:literal) => {
        concat!(
            "SELECT event_id, type, state, attempts, status, error, latency_ms, created_ms, finished_ms
             FROM deliveries ",
            $rest
        )
    };
}

fn from_row(row: &Row<'_>) -> RowResult<Delivery> {
    let latency_ms: Option<i64> = row.get(6)?;
    Ok(Delivery {
        event: row.get(0)?,
        kind: named(row, 1)?,
        state: named(row, 2)?,
        attempts: row.get(3)?,
        status: row.get(4)?,
        error: row.get(5)?,
        latency: latency_ms.map(|ms| Duration::from_millis(ms.unsigned_abs())),
        created: row.get(7)?,
        finished: row.get(8)?,
    })
}

/// A message.
pub fn find_delivery(read: &Read<'_>, webhook: WebhookId, event: EventId) -> Result<Delivery> {
    read.maybe(
        select_deliveries!("WHERE webhook_id = ?1 AND event_id = ?2"),
        params![webhook, event],
        from_row,
    )?
    .ok_or(Error::NotFound("delivery"))
}

/// An endpoint's messages before `before`, newest first.
pub fn list_deliveries(
    read: &Read<'_>,
    webhook: WebhookId,
    before: Option<EventId>,
    limit: u32,
) -> Result<Vec<Delivery>> {
    read.all(
        select_deliveries!(
            "WHERE webhook_id = ?1 AND (?2 IS NULL OR event_id < ?2)
             ORDER BY event_id DESC LIMIT ?3"
        ),
        params![webhook, before, limit],
        from_row,
    )
}

/// Deletes messages whose end is long ago, at most `limit`; how many.
pub fn prune(tx: &Tx<'_>, limit: u32) -> Result<usize> {
    let kept_ms = i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
    let gone = tx.change(
        "DELETE FROM deliveries WHERE (webhook_id, event_id) IN (
           SELECT webhook_id, event_id FROM deliveries
           WHERE finished_ms IS NOT NULL AND finished_ms <= ?1 - ?2 LIMIT ?3)",
        params![tx.now(), kept_ms, limit],
    )?;
    Ok(gone.count())
}
