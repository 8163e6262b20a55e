//! Feature flags: all of them, and making one.

use super::super::asks::Asks;
use super::super::forms::{Field, Sent, fault, once, summary};
use super::super::icons::{Icon, icon};
use super::super::layout::{Frame, Place, Sheet};
use super::super::parts::{above, day, empty, more, tick};
use super::super::words::Words;
use super::super::{shows, takes};
use super::{Tab, head};
use crate::domain::flags::{self, DESCRIPTION_MAX, Flag, KEY_MAX, Key};
use crate::error::{Error, Fault};
use crate::http::bodies::flags::{CONTENT, setting};
use crate::http::page::Page;
use crate::http::route::About;
use crate::http::{Ctx, Outcome, Problem, Response};
use maud::{Markup, html};

/// `GET /admin/flags`
pub const LIST_ABOUT: About = shows("Feature flags");
/// `GET /admin/flags/new`
pub const FORM_ABOUT: About = shows("The form that makes a flag");
/// `POST /admin/flags`
pub const CREATE_ABOUT: About = takes("Makes a flag");

/// Whether a flag is on, and for whom, as a tag.
pub(super) fn state(words: &Words, flag: &Flag) -> Markup {
    let machine = &words.machine;
    match (flag.setting.enabled, flag.setting.percentage) {
        (false, _) => html! { span.tag { (machine.off) } },
        (true, 100) => html! { span.tag.good { (machine.on) } },
        (true, share) => html! { span.tag.good { ((machine.on_for)(i64::from(share))) } },
    }
}

/// What an admin decides about a flag.
pub(super) fn fields(words: &Words, sent: &Sent, faults: &[Fault]) -> Markup {
    let machine = &words.machine;
    html! {
        (tick("enabled", "1", machine.enabled, machine.enabled_hint, sent.ticked("enabled")))
        (Field::line("percentage", machine.percentage).kind("number").hint(machine.percentage_hint)
            .required().show(words, sent, faults))
        (Field::line("description", machine.description).kind("textarea").max(DESCRIPTION_MAX)
            .show(words, sent, faults))
    }
}

/// The flags. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (asks, page) = (Asks::of(&ctx), Page::of(&ctx));
    ctx.read(|read, who| {
        let (frame, page) = (Frame::of(&asks, read, who)?, page?);
        let mut found = flags::list(read, page.after.as_ref(), page.fetch())?;
        let next = page.cut(&mut found, |flag| flag.key.clone());
        let (all, words) = (frame.words, &frame.words.machine);
        let step = html! { a.button href="/admin/flags/new" data-key="n" { (icon(Icon::Add)) (words.make_flag) } };
        let content = html! {
            (head(all, Tab::Flags, all.admin.flags, &step))
            @if found.is_empty() {
                (empty(Icon::Flag, words.no_flags, words.no_flags_lead, &html! {}))
            } @else {
                table.table {
                    caption.visually-hidden { (all.admin.flags) }
                    thead { tr {
                        th scope="col" { (words.key) }
                        th scope="col" { (words.state_head) }
                        th scope="col" { (words.description) }
                        th scope="col" { (words.changed) }
                    } }
                    tbody {
                        @for flag in &found {
                            tr {
                                td data-label=(words.key) {
                                    a href={ "/admin/flags/" (flag.key) } { code { (flag.key) } }
                                }
                                td data-label=(words.state_head) { (state(all, flag)) }
                                td data-label=(words.description) { (flag.setting.description) }
                                td data-label=(words.changed) {
                                    @match flag.updated { Some(at) => (day(all, at)), None => (words.never) }
                                }
                            }
                        }
                    }
                }
            }
            (more(all, next.as_deref()))
        };
        Ok(frame.page(200, &Sheet::new(all.admin.flags, content).at(Place::Admin)))
    })
}

/// The form. 200.
pub fn form(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    ctx.read(|read, who| {
        let sent = Sent::standing([("percentage", "100".to_owned())]);
        Ok(rendered(&Frame::of(&asks, read, who)?, 200, &sent, &[]))
    })
}

fn rendered(frame: &Frame, status: u16, sent: &Sent, faults: &[Fault]) -> Response {
    let (all, words) = (frame.words, &frame.words.machine);
    let content = html! {
        (above("/admin/flags", all.admin.flags))
        header { h1 { (words.make_flag) } }
        form.stack.narrow method="post" action="/admin/flags" {
            (summary(all, faults))
            (Field::line("key", words.key).hint(words.key_hint).max(KEY_MAX).required().show(all, sent, faults))
            (fields(all, sent, faults))
            (once())
            div.row {
                button { (words.make_flag) }
                a.button.plain href="/admin/flags" { (all.shell.cancel) }
            }
        }
    };
    frame.page(status, &Sheet::new(words.make_flag, content).at(Place::Admin))
}

/// Makes a flag. 303 to it; 422 also for a key that is taken.
pub fn create(ctx: Ctx) -> Outcome {
    let (sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let body = sent.typed(&CONTENT);
    let key = Key::parse(sent.text("key").trim());
    ctx.write(move |tx, who| {
        let frame = Frame::of(&asks, tx, who)?;
        let words = &frame.words.machine;
        let mut found = CONTENT.faults(&body);
        found.extend(key.is_none().then(|| fault("key", "key", words.key_fault)));
        let refused = |faults: &[Fault]| Err(Problem::page(rendered(&frame, 422, &sent, faults)));
        let Some(key) = key.as_ref().filter(|_| found.is_empty()) else { return refused(&found) };
        let standing = flags::standing(tx, key)?;
        if standing.version > 0 {
            return refused(&[fault("key", "taken", words.key_taken)]);
        }
        match flags::save(tx, who.user()?, &standing, &setting(&body)) {
            Ok(flag) => {
                let onward = format!("/admin/flags/{}?note=saved", flag.key);
                Ok(Response::new(303).with("Location", onward))
            }
            Err(Error::Conflict(why)) if why.code == "quota-exceeded" => {
                refused(&[fault("", "quota", words.too_many)])
            }
            Err(error) => Err(error.into()),
        }
    })
}
