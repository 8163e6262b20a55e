//! `GET /api/admin/stats`: whether the program does well, for people without Prometheus. The four figures that seed 002
//! asks for, with its thresholds, and what whoever runs it would look at first.

use crate::domain::jobs;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{INTEGER_MAX, Kind, Shape, required};
use crate::http::state::State;
use crate::http::{Ctx, Outcome, Response};
use crate::metrics::{Metrics, Process};
use crate::store::sqlite_version;
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
            Kind::Choice(RELATIONS),
        ),
        required("threshold", "", SHARE),
        required("ok", "Whether it does.", Kind::Flag),
    ],
};
const RELATIONS: &[&str] = &["below", "above", "at_most"];

const FIGURES: Shape = Shape {
    name: "Figures",
    fields: &[
        required("conflict_rate", "", Kind::Object(&FIGURE)),
        required("retry_success_rate", "", Kind::Object(&FIGURE)),
        required("slug_failure_rate", "", Kind::Object(&FIGURE)),
        required("average_attempts", "", Kind::Object(&FIGURE)),
    ],
};

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
        let depths = jobs::depths(read)?;
        let sum = |of: fn(&jobs::Depth) -> i64| depths.values().map(of).sum::<i64>();
        let oldest = depths.values().filter_map(|depth| depth.oldest_due).min();
        let (metrics, room) = (state.store.metrics(), state.store.room());
        let body = json!({
            "since": metrics.started.to_string(),
            "figures": figures(&state),
            "health": {
                "version": env!("CARGO_PKG_VERSION"),
                "sqlite": sqlite_version(),
                "uptime_seconds": read.now().since(metrics.started).as_secs(),
                "database_bytes": room.database_bytes,
                "wal_bytes": room.log_bytes,
                "free_bytes": room.free_bytes,
                "is_disk_full": state.store.is_full(),
                "jobs_due": sum(|depth| depth.due),
                "jobs_scheduled": sum(|depth| depth.scheduled),
                "jobs_running": sum(|depth| depth.running),
                "jobs_dead": sum(|depth| depth.dead),
                "oldest_job_seconds": oldest.map(|due| read.now().since(due).as_secs()),
                "resident_bytes": Process::now().resident_bytes,
            },
        });
        Ok(Response::json(200, &body))
    })
}

/// The four that seed 002 names under "Metrics to Track".
fn figures(state: &State) -> Value {
    let Metrics { slugs, writes, .. } = state.store.metrics();
    let (mut made, mut conflicts) = (0, 0);
    for line in state.traffic.lines() {
        made += line.changes.ok.value();
        conflicts += line.changes.conflict.value();
    }
    let recovered = slugs.suffixed.value() + writes.recovered.value();
    let exhausted = slugs.exhausted.value() + writes.exhausted.value();
    let named = slugs.attempts.count();
    // The worse of the two: transactions are so many more that they would hide the other.
    let attempts = [&slugs.attempts, &writes.attempts].map(|tried| (tried.sum(), tried.count()));
    let [one, other] = attempts;
    // Cross-multiplied, and nothing tried is as good as it gets.
    let is_worse = one.1 > 0 && (other.1 == 0 || one.0 * other.1 > other.0 * one.1);
    let (tries, tried) = if is_worse { one } else { other };
    json!({
        "conflict_rate": figure(
            "Changes of versioned resources that were refused for a version that was not the current one.",
            (conflicts, made + conflicts), "ratio", "below", 0.01),
        "retry_success_rate": figure(
            "What did not succeed at once (addresses of cards, locks of the database) and did in the end.",
            (recovered, recovered + exhausted), "ratio", "above", 0.95),
        "slug_failure_rate": figure(
            "Cards that were given no address, for ten were taken.",
            (slugs.exhausted.value(), named), "ratio", "at_most", 0.0),
        "average_attempts": figure(
            "Attempts until success, of the worse of addresses and locks.",
            (tries, tried), "attempts", "below", 1.5),
    })
}

fn figure(
    what: &str,
    (part, all): (u64, u64),
    unit: &str,
    relation: &str,
    threshold: f64,
) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let value = (all > 0).then(|| part as f64 / all as f64);
    let ok = value.is_none_or(|value| match relation {
        "below" => value < threshold,
        "above" => value > threshold,
        _ => value <= threshold,
    });
    json!({
        "what": what,
        "value": value,
        "of": all,
        "unit": unit,
        "should_be": relation,
        "threshold": threshold,
        "ok": ok,
    })
}
