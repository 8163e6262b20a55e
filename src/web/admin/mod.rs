//! Running the installation: how it does (this page), people, invites, flags, jobs, webhooks.

pub mod people;
pub mod person;
mod end;
pub mod invites;
pub mod flags;
pub mod flag;
pub mod jobs;
pub mod webhooks;

use super::asks::Asks;
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::shows;
use super::words::Words;
use crate::config::MailWay;
use crate::error::Error;
use crate::http::figures::{Figure, Figures, Health, Relation};
use crate::http::route::{About, Content, Reply};
use crate::http::{Body, Ctx, Outcome, Response};
use crate::store::sqlite_version;
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /admin`
pub const SHOW_ABOUT: About = shows("How the installation does");
/// `POST /admin/backup`
pub const BACKUP_ABOUT: About = About::new(
    "A copy of the database, whole and of one moment",
    &[Reply {
        status: 200,
        about: "The copy, a database of SQLite",
        content: Content::Media("application/vnd.sqlite3"),
    }],
)
.problems(&[403, 415]);

/// A page of the admin's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Overview,
    People,
    Invites,
    Flags,
    Jobs,
    Webhooks,
}

/// The head of an admin's page: its title, and the way to the others.
fn head(words: &Words, here: Tab, title: &str, step: &Markup) -> Markup {
    let admin = &words.admin;
    let tabs = [
        (Tab::Overview, "/admin", admin.overview),
        (Tab::People, "/admin/people", admin.people),
        (Tab::Invites, "/admin/invites", admin.invites),
        (Tab::Flags, "/admin/flags", admin.flags),
        (Tab::Jobs, "/admin/jobs", admin.jobs),
        (Tab::Webhooks, "/admin/webhooks", words.webhooks.title),
    ];
    html! {
        header { h1 { (title) } (step) }
        nav.tabs aria-label=(words.shell.admin) {
            ul {
                @for (tab, path, name) in tabs {
                    li { a href=(path) aria-current=[(tab == here).then_some("page")] { (name) } }
                }
            }
        }
    }
}

/// How the installation does. 200.
pub fn show(ctx: Ctx) -> Outcome {
    let (asks, state) = (Asks::of(&ctx), Arc::clone(ctx.state()));
    ctx.read(|read, who| {
        let frame = Frame::of(&asks, read, who)?;
        let (figures, health) = (Figures::of(&state), Health::of(&state, read)?);
        let words = &frame.words.admin;
        let since = super::parts::time(frame.words, state.store.metrics().started);
        let content = html! {
            (head(frame.words, Tab::Overview, frame.words.shell.admin, &html! {}))
            section.stack {
                div.stack.tight { h2 { (words.figures) } p.quiet { (words.figures_since) " " (since) } }
                div.gauges {
                    (gauge(frame.words, words.conflicts, &figures.conflict_rate, 0.05))
                    (gauge(frame.words, words.retries, &figures.retry_success_rate, 1.0))
                    (gauge(frame.words, words.slugs, &figures.slug_failure_rate, 0.01))
                    (gauge(frame.words, words.attempts, &figures.average_attempts, 3.0))
                }
            }
            (healthy(frame.words, &health))
            (backup(frame.words, &health))
        };
        Ok(frame.page(200, &Sheet::new(frame.words.shell.admin, content).at(Place::Admin)))
    })
}

/// A figure with its threshold, in words and as a bar that ends at `most`.
fn gauge(
    words: &Words,
    (title, told): (&str, fn(&str, &str) -> String),
    figure: &Figure,
    most: f64,
) -> Markup {
    let admin = &words.admin;
    let is_ratio = most <= 1.0;
    let text = |value: f64| {
        let (value, unit) = if is_ratio { (value * 100.0, " %") } else { (value, "") };
        let rounded = (value * 100.0).round() / 100.0;
        format!("{rounded}").replace('.', words.decimal) + unit
    };
    let at = |value: f64| format!("{:.1}", (value / most).clamp(0.0, 1.0) * 200.0);
    let threshold = text(figure.threshold);
    html! {
        div.gauge.bad[!figure.is_ok()] {
            h3 { (title) }
            @match figure.value {
                Some(value) => {
                    div.row {
                        b { (text(value)) }
                        @if figure.is_ok() {
                            span.tag.good { (icon(Icon::Check)) (admin.well) }
                        } @else {
                            span.tag.accent { (icon(Icon::Warning)) (admin.worry) }
                        }
                    }
                    svg viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true" {
                        rect.track x="0" y="2" width="200" height="8" {}
                        rect.fill x="0" y="2" width=(at(value)) height="8" {}
                        line.threshold x1=(at(figure.threshold)) x2=(at(figure.threshold)) y1="0" y2="12" {}
                    }
                    p.quiet { (told(&text(value), &threshold)) " " ((admin.measured)(figure.of)) }
                }
                None => {
                    b.quiet { "–" }
                    p.quiet { (admin.nothing_yet) " " (worry(words, figure.relation, &threshold)) }
                }
            }
        }
    }
}

/// The threshold in words.
fn worry(words: &Words, relation: Relation, threshold: &str) -> String {
    let admin = &words.admin;
    match relation {
        Relation::Below | Relation::AtMost => (admin.worry_above)(threshold),
        Relation::Above => (admin.worry_below)(threshold),
    }
}

/// Bytes as people tell them.
fn bytes(words: &Words, bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let (mut tenths, mut unit) = (bytes.saturating_mul(10), 0);
    while tenths >= 10_000 && unit + 1 < units.len() {
        tenths /= 1_000;
        unit += 1;
    }
    let name = units.get(unit).copied().unwrap_or_default();
    match (tenths / 10, tenths % 10) {
        (whole, tenth) if unit > 0 && whole < 10 => {
            format!("{whole}{}{tenth} {name}", words.decimal)
        }
        (whole, _) => format!("{whole} {name}"),
    }
}

fn healthy(words: &Words, health: &Health) -> Markup {
    let admin = &words.admin;
    let number = |count: i64| words.number(count);
    html! {
        section.stack {
            h2 { (admin.health) }
            @if health.is_disk_full { p.faults role="alert" { (admin.disk_full) } }
            dl.facts {
                dt { (admin.uptime) } dd { ((admin.duration)(health.uptime)) }
                dt { (admin.database) } dd {
                    (bytes(words, health.database_bytes)) ", " (admin.log) " " (bytes(words, health.log_bytes))
                }
                @if let Some(free) = health.free_bytes {
                    dt { (admin.disk) } dd { ((admin.free)(&bytes(words, free))) }
                }
                @if let Some(memory) = health.resident_bytes { dt { (admin.memory) } dd { (bytes(words, memory)) } }
                dt { (admin.jobs) } dd {
                    (admin.due) " " (number(health.sum(|depth| depth.due))) " · "
                    (admin.running) " " (number(health.sum(|depth| depth.running))) " · "
                    a href="/admin/jobs?state=dead" { (admin.dead) " " (number(health.sum(|depth| depth.dead))) }
                }
                dt { (admin.mail) } dd {
                    @match &health.mail {
                        MailWay::Smtp { host, port } => { (host) ":" (port) }
                        MailWay::Outbox(dir) => { ((admin.outbox)(&dir.display().to_string())) }
                    }
                }
                dt { (admin.program) } dd { "Cardinal " (env!("CARGO_PKG_VERSION")) ", SQLite " (sqlite_version()) }
            }
        }
    }
}

fn backup(words: &Words, health: &Health) -> Markup {
    let admin = &words.admin;
    html! {
        section.stack {
            div.stack.tight { h2 { (admin.backup) } p.quiet { (admin.backup_lead) } }
            form method="post" action="/admin/backup" {
                button.plain {
                    (icon(Icon::Download)) ((admin.download)(&bytes(words, health.database_bytes)))
                }
            }
        }
    }
}

/// A copy of the database. 200; 503 while another one is made. As a form: a link would be followed by whatever
/// fetches links ahead, and by another site's page.
pub fn backup_file(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let state = Arc::clone(ctx.state());
    ctx.read(|read, who| {
        let file = state.store.copy()?;
        let size = file.metadata().map_err(Error::internal)?.len();
        let by = who.user()?;
        tracing::info!(%by, bytes = size, "a copy of the database was taken away");
        let stamp: String =
            read.now().to_string().chars().filter(char::is_ascii_digit).take(14).collect();
        let mut reply = Response::new(200)
            .with("Content-Type", "application/vnd.sqlite3")
            .with("Content-Disposition", format!("attachment; filename=\"cardinal-{stamp}.db\""))
            .with("Cache-Control", "no-store");
        reply.body = Body::File(Arc::new(file), size);
        Ok(reply)
    })
}
