//! Jobs: how much work each queue has, what was given up, and what becomes of it.

use super::super::asks::Asks;
use super::super::icons::Icon;
use super::super::layout::{Frame, Place, Sheet};
use super::super::parts::{Act, above, empty, more, time};
use super::super::words::Words;
use super::super::{shows, takes};
use super::{Tab, head};
use crate::domain::jobs::{self, Depth, Job, JobId, State};
use crate::http::page::Page;
use crate::http::route::About;
use crate::http::{Ctx, Outcome, Response, ready};
use crate::store::Tx;
use crate::store::tx::Named;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// `GET /admin/jobs`
pub const LIST_ABOUT: About = shows("Jobs, newest first; ?queue= and ?state= choose");
/// `GET /admin/jobs/{id}`
pub const SHOW_ABOUT: About = shows("A job").problems(&[404]);
/// `POST /admin/jobs/{id}/retry`
pub const RETRY_ABOUT: About = takes("Makes a job available again").problems(&[403, 404, 409, 415]);
/// `POST /admin/jobs/{id}/cancel`
pub const CANCEL_ABOUT: About = takes("Cancels a job").problems(&[403, 404, 409, 415]);

/// How a job stands, as a tag.
fn tag(words: &Words, state: State) -> Markup {
    let class = match state {
        State::Completed => "tag good",
        State::Dead => "tag accent",
        State::Running => "tag warn",
        State::Available | State::Cancelled => "tag",
    };
    html! { span class=(class) { ((words.machine.job_state)(state)) } }
}

/// Jobs, with how much work each queue has. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (asks, page) = (Asks::of(&ctx), Page::of(&ctx));
    let queue = ctx.query("queue").filter(|queue| !queue.is_empty());
    let state = ctx.query("state").and_then(|state| State::from_name(&state));
    ctx.read(|read, who| {
        let (frame, page) = (Frame::of(&asks, read, who)?, page?);
        let depths = jobs::depths(read)?;
        let mut found = jobs::list(read, queue.as_deref(), state, page.after, page.fetch())?;
        let next = page.cut(&mut found, |job| job.id);
        let (all, words) = (frame.words, &frame.words.machine);
        let is_all = queue.is_none() && state.is_none();
        let step = html! { @if !is_all { a.button.plain href="/admin/jobs" { (words.all_jobs) } } };
        let content = html! {
            (head(all, Tab::Jobs, all.admin.jobs, &html! {}))
            @if !depths.is_empty() { (queues(all, &depths)) }
            section.stack {
                h2 { (words.newest) }
                (filters(all, queue.as_deref(), state))
                @if found.is_empty() {
                    (empty(Icon::Clock, words.no_jobs, words.no_jobs_lead, &step))
                } @else { (table(all, &found)) }
                (more(all, next.as_deref()))
            }
        };
        Ok(frame.page(200, &Sheet::new(all.admin.jobs, content).at(Place::Admin)))
    })
}

fn queues(all: &Words, depths: &BTreeMap<String, Depth>) -> Markup {
    let (words, admin) = (&all.machine, &all.admin);
    let cell = |queue: &str, label: &str, count: i64, state: &str| {
        let href = format!("/admin/jobs?queue={queue}&state={state}");
        html! {
            td.number data-label=(label) {
                @if count > 0 { a href=(href) { (all.number(count)) } } @else { "0" }
            }
        }
    };
    html! {
        section.stack {
            h2 { (words.queues) }
            table.table {
                caption.visually-hidden { (words.queues) }
                thead { tr {
                    th scope="col" { (words.queue) }
                    th.number scope="col" { (admin.due) }
                    th.number scope="col" { (words.scheduled) }
                    th.number scope="col" { (admin.running) }
                    th.number scope="col" { (admin.dead) }
                } }
                tbody {
                    @for (queue, depth) in depths {
                        tr {
                            td data-label=(words.queue) { code { (queue) } }
                            (cell(queue, admin.due, depth.due, "available"))
                            (cell(queue, words.scheduled, depth.scheduled, "available"))
                            (cell(queue, admin.running, depth.running, "running"))
                            (cell(queue, admin.dead, depth.dead, "dead"))
                        }
                    }
                }
            }
        }
    }
}

fn filters(all: &Words, queue: Option<&str>, state: Option<State>) -> Markup {
    let words = &all.machine;
    html! {
        form.row method="get" action="/admin/jobs" {
            label.visually-hidden for="queue" { (words.queue) }
            input.grow #queue name="queue" value=[queue] placeholder=(words.queue) maxlength=(jobs::QUEUE_MAX);
            label.visually-hidden for="state" { (words.state_head) }
            select.grow #state name="state" {
                option value="" { (words.any_state) }
                @for (each, name) in State::NAMES {
                    option value=(name) selected[state == Some(*each)] { ((words.job_state)(*each)) }
                }
            }
            button.plain { (words.filter) }
        }
    }
}

fn table(all: &Words, found: &[Job]) -> Markup {
    let words = &all.machine;
    html! {
        table.table {
            caption.visually-hidden { (words.newest) }
            thead { tr {
                th scope="col" { (words.job) }
                th scope="col" { (words.queue) }
                th scope="col" { (words.state_head) }
                th.number scope="col" { (words.attempts) }
                th scope="col" { (words.asked) }
            } }
            tbody {
                @for job in found {
                    tr {
                        td data-label=(words.job) { a href={ "/admin/jobs/" (job.id) } { code { (job.kind) } } }
                        td data-label=(words.queue) { code { (job.queue) } }
                        td data-label=(words.state_head) { (tag(all, job.state)) }
                        td.number data-label=(words.attempts) { (job.attempt) " / " (job.max_attempts) }
                        td data-label=(words.asked) { (time(all, job.created)) }
                    }
                }
            }
        }
    }
}

/// A job. 200; 404.
pub fn show(ctx: Ctx) -> Outcome {
    let (asks, id) = (Asks::of(&ctx), ctx.id("id", "job"));
    ctx.read(|read, who| {
        let (frame, job) = (Frame::of(&asks, read, who)?, jobs::find(read, id?)?);
        let words = &frame.words.machine;
        let content = html! {
            (above("/admin/jobs", frame.words.admin.jobs))
            header {
                div.stack.tight { h1.address { code { (job.kind) } } div.row { (tag(frame.words, job.state)) } }
                (acts(frame.words, &job))
            }
            (facts(frame.words, &job))
            @if let Some(error) = &job.last_error {
                section.stack { h2 { (words.last_error) } pre.payload tabindex="0" { (error) } }
            }
            section.stack { h2 { (words.payload) } pre.payload tabindex="0" { (job.payload) } }
        };
        let note = asks.note.as_deref().filter(|note| *note == "saved").map(|_| frame.words.settings.saved);
        Ok(frame.page(200, &Sheet::new(job.kind.clone(), content).at(Place::Admin).note(note)))
    })
}

fn acts(all: &Words, job: &Job) -> Markup {
    let words = &all.machine;
    let path = |verb: &str| format!("/admin/jobs/{}/{verb}", job.id);
    let is_open = matches!(job.state, State::Available | State::Running);
    html! {
        div.row {
            @if matches!(job.state, State::Dead | State::Cancelled | State::Available) {
                (Act::new(&path("retry"), words.retry).class("plain").show(""))
            }
            @if is_open && !job.is_cancel_requested {
                (Act::new(&path("cancel"), words.cancel).class("danger").ask(words.cancel_ask).show(""))
            }
        }
    }
}

fn facts(all: &Words, job: &Job) -> Markup {
    let words = &all.machine;
    html! {
        dl.facts {
            dt { (words.queue) } dd { code { (job.queue) } }
            dt { (words.attempts) } dd { (job.attempt) " / " (job.max_attempts) }
            dt { (words.asked) } dd { (time(all, job.created)) }
            dt { (words.not_before) } dd { (time(all, job.run_at)) }
            @if let Some(worker) = &job.worker { dt { (words.worker) } dd { (worker) } }
            @if let Some(until) = job.lease_until { dt { (words.lease) } dd { (time(all, until)) } }
            @if let Some(at) = job.finished { dt { (words.finished) } dd { (time(all, at)) } }
            @if job.is_cancel_requested { dt { (words.cancelling) } dd { (words.cancelling_lead) } }
        }
    }
}

/// Makes a job available again. 303; 404; 409.
pub fn retry(ctx: Ctx) -> Outcome {
    decide(ctx, jobs::retry)
}

/// Cancels a job. 303; 404; 409.
pub fn cancel(ctx: Ctx) -> Outcome {
    decide(ctx, jobs::cancel)
}

fn decide(ctx: Ctx, verb: fn(&Tx<'_>, JobId) -> crate::error::Result<Job>) -> Outcome {
    ctx.form()?;
    let id = ctx.id("id", "job");
    ctx.write(move |tx, _| {
        let job = verb(tx, *ready(&id)?)?;
        Ok(Response::new(303).with("Location", format!("/admin/jobs/{}?note=saved", job.id)))
    })
}
