//! `GET /metrics`: what is counted, for Prometheus. Written by hand and not by `prometheus-client`: its families look a
//! request's labels up in a map behind a lock and its histograms lock again, where our labels are known before the
//! first request.

use crate::domain::jobs::{self, Depth};
use crate::http::route::{About, Content, Reply};
use crate::http::state::State;
use crate::http::traffic::{Line, Traffic};
use crate::http::{Ctx, Outcome, Response};
use crate::metrics::{CONTENT_TYPE, Metrics, Page, Process};
use crate::store::{Store, sqlite_version};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most queues that are told of, by name: whoever asks for jobs names them.
const QUEUES_MAX: usize = 100;

/// `GET /metrics`
pub const SHOW_ABOUT: About = About::new(
    "Figures of this process since it was started, for Prometheus (text format 0.0.4). From the server's own machine, \
     and not through a proxy, it needs no credential",
    &[Reply { status: 200, about: "The figures", content: Content::Media("text/plain") }],
);

/// Every figure. 200.
pub fn show(ctx: Ctx) -> Outcome {
    let state = Arc::clone(ctx.state());
    ctx.read(|read, _| {
        let depths = jobs::depths(read)?;
        let age = |depth: &Depth| depth.oldest_due.map_or(0, |due| read.now().since(due).as_secs());
        let mut page = Page::default();
        requests(&mut page, &state.traffic);
        changes(&mut page, &state.traffic);
        writes(&mut page, &state.store);
        log(&mut page, &state.store);
        reads(&mut page, &state.store);
        outcomes(&mut page, &state);
        queues(&mut page, &depths, age);
        process(&mut page, state.store.metrics());
        Ok(Response::bytes(200, CONTENT_TYPE, page.into_text().into_bytes()))
    })
}

/// Lines that have been asked for, each with how often.
fn asked(traffic: &Traffic) -> impl Iterator<Item = &Line> {
    traffic.lines().iter().filter(|line| line.seconds.count() > 0)
}

fn requests(page: &mut Page, traffic: &Traffic) {
    page.counters(
        "cardinal_http_requests_total",
        "Requests answered, by route of the table; a route appears with its first request.",
    );
    for line in asked(traffic) {
        for (code, count) in line.statuses() {
            let labels = [("method", line.method), ("route", line.route), ("code", code.as_str())];
            page.sample(&labels, count);
        }
    }
    page.histograms(
        "cardinal_http_request_duration_seconds",
        "From a whole request to its whole reply, both in memory.",
    );
    for line in asked(traffic) {
        page.seconds(&[("method", line.method), ("route", line.route)], &line.seconds);
    }
    page.gauge(
        "cardinal_http_requests_in_flight",
        "Requests that are being answered.",
        traffic.in_flight.value(),
    );
}

fn changes(page: &mut Page, traffic: &Traffic) {
    page.counters(
        "cardinal_versioned_updates_total",
        "Changes of versioned resources, by what came of them.",
    );
    for line in traffic.lines().iter().filter(|line| line.versioned) {
        for (outcome, counter) in [
            ("ok", &line.changes.ok),
            ("conflict", &line.changes.conflict),
            ("not_found", &line.changes.not_found),
            ("rejected", &line.changes.rejected),
        ] {
            let labels = [("method", line.method), ("route", line.route), ("outcome", outcome)];
            page.sample(&labels, counter.value());
        }
    }
}

fn writes(page: &mut Page, store: &Store) {
    let writes = &store.metrics().writes;
    page.counter("cardinal_db_units_total", "Units of work answered.", writes.units.value());
    page.counter("cardinal_db_commits_total", "Transactions committed.", writes.commits.value());
    page.histograms("cardinal_db_batch_units", "Units that were answered together.")
        .histogram(&[], &writes.batch);
    page.histograms("cardinal_db_commit_duration_seconds", "COMMIT, with its wait for the disk.")
        .seconds(&[], &writes.commit);
    page.histograms("cardinal_db_write_duration_seconds", "From a unit's arrival to its answer.")
        .seconds(&[], &writes.wait);
    page.gauge("cardinal_db_queue_length", "Units that wait for the writer.", store.queue_depth());
    let refused = writes.refused.value();
    page.counter("cardinal_db_queue_full_total", "Units refused, for too many waited.", refused);
    let told = "BEGINs tried again, for another process held the lock.";
    page.counter("cardinal_db_begin_retries_total", told, writes.retries.value());
    let told = "Commits refused for one unit, whose others ran again one by one.";
    page.counter("cardinal_db_batches_rerun_total", told, writes.spoiled.value());
    let told = "Batches undone, for the disk was full.";
    page.counter("cardinal_db_batches_disk_full_total", told, writes.full.value());
    let told = "Whether the last that was to be written found the disk full.";
    page.gauge("cardinal_db_disk_full", told, u8::from(store.is_full()));
}

fn log(page: &mut Page, store: &Store) {
    let (writes, room) = (&store.metrics().writes, store.room());
    page.gauge("cardinal_db_bytes", "Size of the database.", room.database_bytes);
    let told = "Size of the write-ahead log, which keeps what it once had.";
    page.gauge("cardinal_wal_bytes", told, room.log_bytes);
    let frames = store.writer_figures().wal_frames;
    page.gauge("cardinal_wal_frames", "Frames in use of it after the last commit.", frames);
    if let Some(bytes) = room.free_bytes {
        page.gauge("cardinal_db_free_bytes", "What is left of the disk.", bytes);
    }
    page.counters("cardinal_checkpoints_total", "Checkpoints of the log.")
        .sample(&[("result", "whole")], writes.checkpoints.value())
        .sample(&[("result", "partial")], writes.checkpoints_partial.value())
        .sample(&[("result", "failed")], writes.checkpoints_failed.value());
}

fn reads(page: &mut Page, store: &Store) {
    let (reads, (all, idle)) = (&store.metrics().reads, store.reader_figures());
    page.gauges("cardinal_db_readers", "Reading connections.")
        .sample(&[("state", "idle")], idle)
        .sample(&[("state", "busy")], all.saturating_sub(idle));
    let waiting = reads.waiting.value();
    page.gauge("cardinal_db_readers_waiting", "Requests that wait for one.", waiting);
    let waits = reads.waits.value();
    page.counter("cardinal_db_reader_waits_total", "Requests that had to wait for one.", waits);
    let told = "Requests that waited in vain.";
    page.counter("cardinal_db_reader_timeouts_total", told, reads.refused.value());
}

fn outcomes(page: &mut Page, state: &State) {
    let Metrics { slugs, writes, keys, logins, .. } = state.store.metrics();
    page.counters("cardinal_slug_allocations_total", "Addresses made from cards' names.")
        .sample(&[("outcome", "first_try")], slugs.first_try.value())
        .sample(&[("outcome", "suffixed")], slugs.suffixed.value())
        .sample(&[("outcome", "exhausted")], slugs.exhausted.value());
    page.histograms("cardinal_operation_attempts", "Tries of what is tried until it succeeds.");
    page.histogram(&[("op", "slug")], &slugs.attempts);
    page.histogram(&[("op", "begin")], &writes.attempts);
    page.counters("cardinal_retried_operations_total", "What did not succeed at the first try.")
        .sample(&[("op", "slug"), ("outcome", "recovered")], slugs.suffixed.value())
        .sample(&[("op", "slug"), ("outcome", "exhausted")], slugs.exhausted.value())
        .sample(&[("op", "begin"), ("outcome", "recovered")], writes.recovered.value())
        .sample(&[("op", "begin"), ("outcome", "exhausted")], writes.exhausted.value());
    page.counters("cardinal_idempotency_total", "Requests with an Idempotency-Key.")
        .sample(&[("outcome", "new")], keys.new.value())
        .sample(&[("outcome", "replayed")], keys.replayed.value())
        .sample(&[("outcome", "mismatch")], keys.reused.value());
    page.counters("cardinal_logins_total", "Logins by password.")
        .sample(&[("outcome", "ok")], logins.ok.value())
        .sample(&[("outcome", "failed")], logins.failed.value());
    let metrics = state.store.metrics();
    let told = "Attempts of anything refused, for there were too many.";
    page.counter("cardinal_throttled_total", told, metrics.throttled.value());
    let (uses, hits) = state.buffer.waiting();
    page.gauges("cardinal_buffered", "What is noted in memory and yet to be written.")
        .sample(&[("what", "logins")], uses)
        .sample(&[("what", "hits")], hits);
    let told = "Views, opens and clicks that memory had no room for.";
    page.counter("cardinal_hits_lost_total", told, metrics.hits_lost.value());
}

fn queues(page: &mut Page, depths: &BTreeMap<String, Depth>, age: impl Fn(&Depth) -> u64) {
    let depths = || depths.iter().take(QUEUES_MAX);
    page.gauges(
        "cardinal_jobs",
        "Jobs that are open or were given up; by queue, of the first 100.",
    );
    for (queue, depth) in depths() {
        for (state, count) in [
            ("due", depth.due),
            ("scheduled", depth.scheduled),
            ("running", depth.running),
            ("dead", depth.dead),
        ] {
            page.sample(&[("queue", queue.as_str()), ("state", state)], count);
        }
    }
    let name = "cardinal_job_oldest_due_age_seconds";
    page.gauges(name, "How long the job that has waited longest has been due.");
    for (queue, depth) in depths() {
        page.sample(&[("queue", queue.as_str())], age(depth));
    }
}

fn process(page: &mut Page, metrics: &Metrics) {
    let told = "What was told of jobs under leases that were lost.";
    page.counter("cardinal_job_leases_lost_total", told, metrics.leases_lost.value());
    let labels = [("version", env!("CARGO_PKG_VERSION")), ("sqlite", sqlite_version())];
    page.gauges("cardinal_build_info", "This program.").sample(&labels, 1);
    let process = Process::now();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    let started = metrics.started.0 as f64 / 1_000.0;
    page.gauge("process_start_time_seconds", "When it was started, in Unix time.", started);
    page.counter("process_cpu_seconds_total", "Processor time used.", process.cpu_seconds);
    for (name, told, value) in [
        ("process_resident_memory_bytes", "Resident memory.", process.resident_bytes),
        ("process_open_fds", "Open descriptors.", process.open_fds),
        ("process_max_fds", "Descriptors that may be open.", process.max_fds),
        ("process_threads", "Threads.", process.threads),
    ] {
        if let Some(value) = value {
            page.gauge(name, told, value);
        }
    }
}
