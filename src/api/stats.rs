//! `GET /api/admin/stats`: whether the program does well, for people without Prometheus. The four figures that seed 002
//! asks for, with its thresholds, and what whoever runs it would look at first.

use crate::config::MailWay;
use crate::http::figures::{Figure, Figures, Health, Relation};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, required};
use crate::http::{Ctx, Outcome, Response};
use crate::store::sqlite_version;
use crate::store::tx::Named;
use serde_json::{Value, json};
use std::sync::Arc;

const COUNT: Kind = Kind::Integer { min: 0, max: INTEGER_MAX };
const SOME: Kind = Kind::Nullable(&COUNT);
const SHARE: Kind = Kind::Number { min: 0.0, max: f64::MAX };

const FIGURE: Shape = Shape {
    name: "Figure",
    fields: &[
        required("what", "What is measured.", Kind::Text),
        required("value", "Null as long as there is nothing to measure.", Kind::Nullable(&SHARE)),
        required("of", "How many it is measured by.", COUNT),
        required("unit", "", Kind::Choice(&["ratio", "attempts"])),
        required(
            "should_be",
            "How the value should stand to the threshold.",
            Kind::Choice(Relation::WORDS),
        ),
        required("threshold", "", SHARE),
        required("ok", "Whether it does.", Kind::Flag),
    ],
};

const FIGURES: Shape = Shape {
    name: "Figures",
    fields: &[
        required("conflict_rate", "", Kind::Object(&FIGURE)),
        required("retry_success_rate", "", Kind::Object(&FIGURE)),
        required("slug_failure_rate", "", Kind::Object(&FIGURE)),
        required("average_attempts", "", Kind::Object(&FIGURE)),
    ],
};

/// How mail is sent.
const MAIL: &[&str] = &["smtp", "outbox"];

const HEALTH: Shape = Shape {
    name: "ServerHealth",
    fields: &[
        required("version", "Of this program.", Kind::Text),
        required("sqlite", "The version of the SQLite in it.", Kind::Text),
        required("uptime_seconds", "", COUNT),
        required("database_bytes", "", COUNT),
        required("wal_bytes", "The write-ahead log keeps the size it once had.", COUNT),
        required("free_bytes", "What is left of the disk, if that can be known.", SOME),
        required("is_disk_full", "Whether the last write found it full.", Kind::Flag),
        required("jobs_due", "", COUNT),
        required("jobs_scheduled", "", COUNT),
        required("jobs_running", "", COUNT),
        required("jobs_dead", "Given up, and kept for thirty days.", COUNT),
        required("oldest_job_seconds", "How long the oldest has been due, if one is.", SOME),
        required("resident_bytes", "Memory in use, if that can be known.", SOME),
        required("mail", "How mail is sent: by a server, or into files.", Kind::Choice(MAIL)),
    ],
};

const STATS: Shape = Shape {
    name: "Stats",
    fields: &[
        required("since", "When this process was started: the figures begin there.", Kind::Text),
        required("figures", "Since then.", Kind::Object(&FIGURES)),
        required("health", "Now; what is said of jobs is from the tables.", Kind::Object(&HEALTH)),
    ],
};

/// `GET /api/admin/stats`
pub const SHOW_ABOUT: About = About::new(
    "Whether the server does well: the rates to watch, with their thresholds, and its health",
    &[Reply { status: 200, about: "The figures", content: Content::Json(&STATS) }],
);

/// All of it. 200.
pub fn show(ctx: Ctx) -> Outcome {
    let state = Arc::clone(ctx.state());
    ctx.read(|read, _| {
        let health = Health::of(&state, read)?;
        let body = json!({
            "since": state.store.metrics().started.to_string(),
            "figures": figures(&Figures::of(&state)),
            "health": {
                "version": env!("CARGO_PKG_VERSION"),
                "sqlite": sqlite_version(),
                "uptime_seconds": health.uptime.as_secs(),
                "database_bytes": health.database_bytes,
                "wal_bytes": health.log_bytes,
                "free_bytes": health.free_bytes,
                "is_disk_full": health.is_disk_full,
                "jobs_due": health.sum(|depth| depth.due),
                "jobs_scheduled": health.sum(|depth| depth.scheduled),
                "jobs_running": health.sum(|depth| depth.running),
                "jobs_dead": health.sum(|depth| depth.dead),
                "oldest_job_seconds": health.oldest_due().map(|due| read.now().since(due).as_secs()),
                "resident_bytes": health.resident_bytes,
                "mail": match health.mail {
                    MailWay::Smtp { .. } => "smtp",
                    MailWay::Outbox(_) => "outbox",
                },
            },
        });
        Ok(Response::json(200, &body))
    })
}

fn figures(figures: &Figures) -> Value {
    json!({
        "conflict_rate": figure(
            "Changes of versioned resources that were refused for a version that was not the current one.",
            "ratio", &figures.conflict_rate),
        "retry_success_rate": figure(
            "What did not succeed at once (addresses of cards, locks of the database) and did in the end.",
            "ratio", &figures.retry_success_rate),
        "slug_failure_rate": figure(
            "Cards that were given no address, for ten were taken.",
            "ratio", &figures.slug_failure_rate),
        "average_attempts": figure(
            "Attempts until success, of the worse of addresses and locks.",
            "attempts", &figures.average_attempts),
    })
}

fn figure(what: &str, unit: &str, figure: &Figure) -> Value {
    json!({
        "what": what,
        "value": figure.value,
        "of": figure.of,
        "unit": unit,
        "should_be": figure.relation.name(),
        "threshold": figure.threshold,
        "ok": figure.is_ok(),
    })
}
