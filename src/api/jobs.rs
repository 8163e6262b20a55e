//! Jobs: asked for, claimed by workers for a while, and ended by whoever holds the lease.

use super::users::{ID, TIME};
use crate::clock::Millis;
use crate::domain::jobs::{self, Claim, Job, JobId, Lease, NewJob, State};
use crate::domain::mails;
use crate::error::Error;
use crate::http::page::{self, Page};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Field, INTEGER_MAX, Kind, Shape, line, optional, required};
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::store::Tx;
use crate::store::tx::Named;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Jobs of one claim.
const CLAIM_MAX: u32 = 100;
/// Attempts that somebody may ask for.
const ATTEMPTS_MAX: i64 = 100;
/// The longest lease, in seconds.
const LEASE_MAX_S: i64 = 12 * 60 * 60;
/// The longest pause that a worker may ask for, in seconds.
const PAUSE_MAX_S: i64 = 30 * 24 * 60 * 60;

const QUEUE: Kind = line(1, jobs::QUEUE_MAX);
const KIND: Kind = line(1, jobs::KIND_MAX);
const WORKER: Kind = line(1, jobs::WORKER_MAX);
const DEDUPE_KEY: Kind = line(1, jobs::DEDUPE_KEY_MAX);
const PRIORITY: Kind = Kind::Integer { min: 0, max: jobs::PRIORITY_MAX };
const COUNT: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };
const LEASE_S: Kind = Kind::Integer { min: 1, max: LEASE_MAX_S };
const PAUSE_S: Kind = Kind::Integer { min: 0, max: PAUSE_MAX_S };
const ERROR: Kind = Kind::Prose { min: 0, max: jobs::ERROR_MAX };
const WHEN: Kind = Kind::Line { min: 1, max: 64, format: Some("date-time"), rule: Some(is_time) };

const STATE: Kind = Kind::Choice(State::WORDS);
const PAYLOAD: Field = required("payload", "JSON of at most 65,536 bytes.", Kind::Any);
const TOKEN: Field =
    required("lease_token", "As the claim gave it.", Kind::Integer { min: 1, max: INTEGER_MAX });

const NEW_JOB: Shape = Shape {
    name: "NewJob",
    fields: &[
        required("queue", "Which workers are to do it.", QUEUE),
        required("kind", "What it is.", KIND),
        PAYLOAD,
        optional("run_at", "Not before this; at once if absent.", WHEN),
        optional("priority", "The lower goes first; 100 if absent.", PRIORITY),
        optional("max_attempts", "10 if absent.", Kind::Integer { min: 1, max: ATTEMPTS_MAX }),
        optional("dedupe_key", "One open job of its kind has it.", DEDUPE_KEY),
    ],
};

const JOB: Shape = Shape {
    name: "Job",
    fields: &[
        required("id", "", ID),
        required("queue", "", QUEUE),
        required("kind", "", KIND),
        PAYLOAD,
        required("state", "", STATE),
        required("priority", "", PRIORITY),
        required("run_at", "Not before this.", TIME),
        required("attempt", "Attempts so far, the running one included.", COUNT),
        required("max_attempts", "", COUNT),
        required("lease_until", "Until when a worker has it.", Kind::Nullable(&TIME)),
        required("worker", "Who has it, or had it last.", Kind::Nullable(&WORKER)),
        required("dedupe_key", "", Kind::Nullable(&DEDUPE_KEY)),
        required("cancel_requested", "Its worker will be told so.", Kind::Flag),
        required("last_error", "", Kind::Nullable(&Kind::Text)),
        required("created_at", "", TIME),
        required("finished_at", "", Kind::Nullable(&TIME)),
        optional("deduplicated", "Asked for: whether it was there already.", Kind::Flag),
    ],
};

const CLAIM: Shape = Shape {
    name: "Claim",
    fields: &[
        required("queue", "", QUEUE),
        required("worker", "What the worker calls itself.", WORKER),
        optional("limit", "1 if absent.", Kind::Integer { min: 1, max: CLAIM_MAX as i64 }),
        optional("lease_seconds", "30 if absent.", LEASE_S),
    ],
};

const CLAIMED_JOB: Shape = Shape {
    name: "ClaimedJob",
    fields: &[
        required("id", "", ID),
        required("kind", "", KIND),
        PAYLOAD,
        required("attempt", "", COUNT),
        TOKEN,
        required("lease_until", "", TIME),
    ],
};
const CLAIMED: Shape = Shape {
    name: "Claimed",
    fields: &[required(
        "jobs",
        "May be less than asked for.",
        Kind::List { of: &Kind::Object(&CLAIMED_JOB), max: CLAIM_MAX as usize },
    )],
};

const COMPLETION: Shape = Shape { name: "Completion", fields: &[TOKEN] };
const HEARTBEAT: Shape = Shape {
    name: "Heartbeat",
    fields: &[TOKEN, optional("lease_seconds", "As long as before if absent.", LEASE_S)],
};
const FAILURE: Shape = Shape {
    name: "Failure",
    fields: &[
        TOKEN,
        required("error", "What went wrong.", ERROR),
        optional("retry_after", "In seconds; a back-off if absent.", PAUSE_S),
    ],
};
const SNOOZE: Shape = Shape {
    name: "Snooze",
    fields: &[TOKEN, required("seconds", "How long it is put off.", PAUSE_S)],
};

const QUERY: &[Field] = &[
    optional("queue", "Only of this queue.", Kind::Text),
    optional("state", "Only in this state.", STATE),
    page::LIMIT_QUERY,
    page::CURSOR_QUERY,
];

const AS_IT_IS: &[Reply] =
    &[Reply { status: 200, about: "The job as it is now", content: Content::Json(&JOB) }];

/// `POST /api/jobs`
pub const ENQUEUE_ABOUT: About = About::new(
    "Asks for work",
    &[
        Reply { status: 201, about: "Asked for", content: Content::Json(&JOB) },
        Reply {
            status: 200,
            about: "An open job of this kind and dedupe key was there already",
            content: Content::Json(&JOB),
        },
    ],
)
.body(&NEW_JOB);
/// `GET /api/jobs`
pub const LIST_ABOUT: About = About::new(
    "Jobs, newest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&JOB) }],
)
.query(QUERY);
/// `GET /api/jobs/{id}`
pub const FIND_ABOUT: About = About::new("A job", AS_IT_IS);
/// `POST /api/jobs/claim`
pub const CLAIM_ABOUT: About = About::new(
    "Hands out jobs that are due, each to one worker at a time",
    &[Reply { status: 200, about: "The worker's own for now", content: Content::Json(&CLAIMED) }],
)
.body(&CLAIM);
/// `POST /api/jobs/{id}/complete`
pub const COMPLETE_ABOUT: About =
    About::new("Says that a job is done", AS_IT_IS).body(&COMPLETION).problems(&[409]);
/// `POST /api/jobs/{id}/heartbeat`
pub const HEARTBEAT_ABOUT: About =
    About::new("Holds a job for another lease from now on", AS_IT_IS)
        .body(&HEARTBEAT)
        .problems(&[409]);
/// `POST /api/jobs/{id}/fail`
pub const FAIL_ABOUT: About =
    About::new("Says that an attempt failed", AS_IT_IS).body(&FAILURE).problems(&[409]);
/// `POST /api/jobs/{id}/snooze`
pub const SNOOZE_ABOUT: About =
    About::new("Puts a job off without having tried", AS_IT_IS).body(&SNOOZE).problems(&[409]);
/// `POST /api/jobs/{id}/cancel`
pub const CANCEL_ABOUT: About =
    About::new("Cancels a job, or asks its worker to let it go", AS_IT_IS).problems(&[409]);
/// `POST /api/jobs/{id}/retry`
pub const RETRY_ABOUT: About = About::new("Makes a job available again", AS_IT_IS).problems(&[409]);

fn is_time(text: &str) -> Result<(), (&'static str, &'static str)> {
    let fault = ("date-time", "must be a time as in 2027-01-31T08:00:00Z");
    Millis::parse(text).map(|_| ()).ok_or(fault)
}

fn payload(job: &Job) -> Result<Value, Error> {
    serde_json::from_str(&job.payload).map_err(Error::internal)
}

/// Without its lease's token: that is its worker's alone.
fn job_json(job: &Job) -> Result<Value, Error> {
    Ok(json!({
        "id": job.id,
        "queue": job.queue,
        "kind": job.kind,
        "payload": payload(job)?,
        "state": job.state.name(),
        "priority": job.priority,
        "run_at": job.run_at.to_string(),
        "attempt": job.attempt,
        "max_attempts": job.max_attempts,
        "lease_until": job.lease_until.map(|until| until.to_string()),
        "worker": job.worker,
        "dedupe_key": job.dedupe_key,
        "cancel_requested": job.is_cancel_requested,
        "last_error": job.last_error,
        "created_at": job.created.to_string(),
        "finished_at": job.finished.map(|at| at.to_string()),
    }))
}

fn claimed_json(job: &Job) -> Result<Value, Error> {
    Ok(json!({
        "id": job.id,
        "kind": job.kind,
        "payload": payload(job)?,
        "attempt": job.attempt,
        "lease_token": job.lease_token,
        "lease_until": job.lease_until.map(|until| until.to_string()),
    }))
}

fn text(body: &Map<String, Value>, name: &str) -> Option<String> {
    let text = body.get(name).and_then(Value::as_str);
    text.map(|text| text.trim().replace("\r\n", "\n"))
}

fn seconds(body: &Map<String, Value>, name: &str) -> Option<Duration> {
    body.get(name).and_then(Value::as_u64).map(Duration::from_secs)
}

fn new_job(body: &Map<String, Value>) -> Result<NewJob, Problem> {
    let payload = body.get("payload").unwrap_or(&Value::Null).to_string();
    if payload.len() > jobs::PAYLOAD_BYTES_MAX {
        let (length, most) = (payload.len(), jobs::PAYLOAD_BYTES_MAX);
        let detail = format!("The payload has {length} bytes, {most} is the most.");
        return Err(Problem::new(413, "payload-too-large", "Content too large", detail));
    }
    let integer = |name: &str| body.get(name).and_then(Value::as_i64);
    Ok(NewJob {
        queue: text(body, "queue").unwrap_or_default(),
        kind: text(body, "kind").unwrap_or_default(),
        payload,
        run_at: text(body, "run_at").and_then(|text| Millis::parse(&text)),
        priority: integer("priority").unwrap_or(jobs::PRIORITY),
        max_attempts: integer("max_attempts").unwrap_or(jobs::ATTEMPTS),
        dedupe_key: text(body, "dedupe_key"),
    })
}

/// Asks for work. 201, or 200 if an open job of its kind and dedupe key is there; 413 `payload-too-large`.
pub fn enqueue(ctx: Ctx) -> Outcome {
    let new = ctx.object().and_then(|body| new_job(&body));
    ctx.write(move |tx, _| {
        let (job, deduplicated) = jobs::enqueue(tx, ready(&new)?)?;
        let mut body = job_json(&job)?;
        if let Value::Object(members) = &mut body {
            members.insert("deduplicated".into(), json!(deduplicated));
        }
        let status = if deduplicated { 200 } else { 201 };
        Ok(Response::json(status, &body).with("Location", format!("/api/jobs/{}", job.id)))
    })
}

fn state(ctx: &Ctx) -> Result<Option<State>, Problem> {
    let Some(asked) = ctx.query("state") else { return Ok(None) };
    let words = State::WORDS.join(", ");
    let fault = || Error::invalid("state", "choice", format!("must be one of {words}"));
    State::from_name(&asked).map(Some).ok_or_else(|| fault().into())
}

/// Jobs. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (page, queue, state) = (Page::of(&ctx), ctx.query("queue"), state(&ctx));
    ctx.read(|read, _| {
        let page = page?;
        let found = jobs::list(read, queue.as_deref(), state?, page.after, page.fetch())?;
        let items = found.iter().map(|job| Ok((job.id, job_json(job)?)));
        let items = items.collect::<Result<Vec<_>, Error>>()?;
        Ok(page.reply(items, |(id, _)| *id, |(_, body)| body.clone()))
    })
}

/// A job. 200; 404.
pub fn find(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "job");
    ctx.read(|read, _| Ok(Response::json(200, &job_json(&jobs::find(read, id?)?)?)))
}

/// Hands out jobs. 200, with none if none is due.
pub fn claim(ctx: Ctx) -> Outcome {
    let state = Arc::clone(ctx.state());
    let claim = ctx.object().map(|body| {
        let limit = body.get("limit").and_then(Value::as_u64).unwrap_or(1);
        Claim {
            queue: text(&body, "queue").unwrap_or_default(),
            worker: text(&body, "worker").unwrap_or_default(),
            limit: usize::try_from(limit).unwrap_or(1),
            lease: seconds(&body, "lease_seconds").unwrap_or(jobs::LEASE),
        }
    });
    let reply = ctx.write(move |tx, _| {
        let claimed = jobs::claim(tx, ready(&claim)?)?;
        let claimed = claimed.iter().map(claimed_json).collect::<Result<Vec<_>, _>>()?;
        Ok(Response::json(200, &json!({"jobs": claimed})))
    })?;
    // A lease has an end, which somebody has to watch.
    state.buffer.wake();
    Ok(reply)
}

/// What a worker tells about a job that it holds.
fn tell<F>(ctx: Ctx, verb: F) -> Outcome
where
    F: Fn(&Tx<'_>, Lease, &Map<String, Value>) -> Result<Job, Error> + Send + 'static,
{
    let (id, body) = (ctx.id("id", "job"), ctx.object());
    ctx.write(move |tx, _| {
        let (job, body) = (*ready(&id)?, ready(&body)?);
        let token = body.get("lease_token").and_then(Value::as_i64).unwrap_or_default();
        let told = verb(tx, Lease { job, token }, body)?;
        mails::settle(tx, &[job])?;
        Ok(Response::json(200, &job_json(&told)?))
    })
}

/// Says that a job is done. 200; 404; 409 `lease-lost`.
pub fn complete(ctx: Ctx) -> Outcome {
    tell(ctx, |tx, lease, _| jobs::complete(tx, lease))
}

/// Holds a job for longer. 200; 404; 409 `lease-lost`.
pub fn heartbeat(ctx: Ctx) -> Outcome {
    tell(ctx, |tx, lease, body| jobs::heartbeat(tx, lease, seconds(body, "lease_seconds")))
}

/// Says that an attempt failed. 200; 404; 409 `lease-lost`.
pub fn fail(ctx: Ctx) -> Outcome {
    tell(ctx, |tx, lease, body| {
        let error = text(body, "error").unwrap_or_default();
        jobs::fail(tx, lease, &error, seconds(body, "retry_after"))
    })
}

/// Puts a job off. 200; 404; 409 `lease-lost`.
pub fn snooze(ctx: Ctx) -> Outcome {
    tell(ctx, |tx, lease, body| {
        jobs::snooze(tx, lease, seconds(body, "seconds").unwrap_or_default())
    })
}

/// Cancels a job. 200; 404; 409 `job-finished`.
pub fn cancel(ctx: Ctx) -> Outcome {
    decide(ctx, |tx, id| {
        let job = jobs::cancel(tx, id)?;
        mails::settle(tx, &[id])?;
        Ok(job)
    })
}

/// Makes a job available again; a mail that was paid for is charged anew. 200; 404; 409 `job-finished`, `job-running`,
/// `duplicate-job`, `insufficient-credits`.
pub fn retry(ctx: Ctx) -> Outcome {
    decide(ctx, mails::retry)
}

fn decide(ctx: Ctx, verb: fn(&Tx<'_>, JobId) -> Result<Job, Error>) -> Outcome {
    let id = ctx.id("id", "job");
    ctx.write(move |tx, _| {
        let id = *ready(&id)?;
        Ok(Response::json(200, &job_json(&verb(tx, id)?)?))
    })
}
