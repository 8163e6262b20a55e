//! Who asks to be let in, and the codes that let people in.

use super::super::asks::Asks;
use super::super::forms::{Field, Sent, faults, once, summary};
use super::super::icons::Icon;
use super::super::layout::{Frame, Place, Sheet};
use super::super::parts::{Act, Once, day, empty, more, time};
use super::super::{HTML, SHOWN_ONCE, shows, takes};
use super::{Tab, head};
use crate::domain::invites::{self, Invite, NOTE_MAX, Request, RequestId, Status};
use crate::error::{Conflict, Error, Fault, Result};
use crate::http::bodies::invites::{NEW_INVITE, new_invite};
use crate::http::page::Page;
use crate::http::route::{About, Reply};
use crate::http::{Caller, Ctx, Outcome, Problem, Response, ready};
use crate::id::Token;
use crate::store::Read;
use maud::{Markup, html};

/// `GET /admin/invites`
pub const LIST_ABOUT: About = shows("Requests for an invite, and invite codes");
/// `POST /admin/invites`
pub const CREATE_ABOUT: About =
    About::new("Makes an invite code", SHOWN_ONCE).problems(&[403, 415]);
/// `POST /admin/invites/requests/{id}/approve`
pub const APPROVE_ABOUT: About = About::new(
    "Approves a request and makes its code",
    &[
        Reply { status: 200, about: "The code, shown once", content: HTML },
        Reply { status: 409, about: "Somebody has decided it", content: HTML },
    ],
)
.problems(&[403, 404, 415]);
/// `POST /admin/invites/requests/{id}/reject`
pub const REJECT_ABOUT: About = takes("Rejects a request").problems(&[403, 404, 415]);
/// `POST /admin/invites/{id}/withdraw`
pub const WITHDRAW_ABOUT: About = takes("Withdraws an invite code").problems(&[403, 404, 415]);

/// Codes that the page shows.
const CODES_MAX: u32 = 200;

/// The page.
struct View {
    frame: Frame,
    requests: Vec<Request>,
    next: Option<String>,
    codes: Vec<Invite>,
}

impl View {
    fn of(asks: &Asks, read: &Read<'_>, who: &Caller, page: &Page<RequestId>) -> Result<Self> {
        let mut requests = invites::requests(read, None, page.after, page.fetch())?;
        let next = page.cut(&mut requests, |request| request.id);
        let codes = invites::list(read, None, CODES_MAX)?;
        Ok(Self { frame: Frame::of(asks, read, who)?, requests, next, codes })
    }

    fn page(
        &self,
        status: u16,
        typed: Option<(&Sent, &[Fault])>,
        advice: Option<&str>,
        note: Option<&str>,
    ) -> Response {
        let (all, words) = (self.frame.words, &self.frame.words.admin);
        let (open, decided): (Vec<_>, Vec<_>) =
            self.requests.iter().partition(|request| request.status == Status::Pending);
        let content = html! {
            (head(all, Tab::Invites, words.invites, &html! {}))
            @if let Some(advice) = advice { p.advice role="alert" { (advice) } }
            section.stack {
                h2 { (words.requests) }
                @if open.is_empty() {
                    (empty(Icon::Inbox, words.no_requests, words.no_requests_lead, &html! {}))
                } @else { ul.list { @for request in &open { (self.request(request)) } } }
                @if !decided.is_empty() {
                    details {
                        summary { ((words.decided)(i64::try_from(decided.len()).unwrap_or(i64::MAX))) }
                        ul.list { @for request in &decided { (self.request(request)) } }
                    }
                }
                (more(all, self.next.as_deref()))
            }
            section.stack {
                h2 { (words.codes) }
                @if !self.codes.is_empty() { (self.codes()) }
                (self.form(typed))
            }
        };
        self.frame.page(status, &Sheet::new(words.invites, content).at(Place::Admin).note(note))
    }

    fn request(&self, request: &Request) -> Markup {
        let (all, words) = (self.frame.words, &self.frame.words.admin);
        let path = format!("/admin/invites/requests/{}", request.id);
        html! {
            li.spread {
                div.stack.tight.grow {
                    h3 { (request.name) " " span.quiet { (request.email) } }
                    @if !request.motivation.is_empty() { p { (request.motivation) } }
                    p.quiet.small {
                        (words.asked) " " (time(all, request.created))
                        @if let Some(at) = request.decided {
                            " · " ((words.decision)(request.status)) " " (time(all, at))
                            @if let Some((_, name)) = &request.decided_by { ", " (name) }
                        }
                    }
                }
                @if request.status == Status::Pending {
                    div.row {
                        (Act::new(&format!("{path}/approve"), words.approve).class("tight").show(&request.name))
                        (Act::new(&format!("{path}/reject"), words.reject).show(&request.name))
                    }
                }
            }
        }
    }

    fn codes(&self) -> Markup {
        let (all, words) = (self.frame.words, &self.frame.words.admin);
        html! {
            table.table {
                caption.visually-hidden { (words.codes) }
                thead { tr {
                    th scope="col" { (words.memo) }
                    th.number scope="col" { (words.uses) }
                    th scope="col" { (words.expires) }
                    th scope="col" { span.visually-hidden { (words.withdraw) } }
                } }
                tbody {
                    @for code in &self.codes {
                        @let note = if code.note.is_empty() { "–" } else { &code.note };
                        tr {
                            td data-label=(words.memo) { (note) }
                            td.number data-label=(words.uses) { (code.uses) " / " (code.max_uses) }
                            td data-label=(words.expires) { (day(all, code.expires)) }
                            td {
                                div.row {
                                    (Act::new(&format!("/admin/invites/{}/withdraw", code.id), words.withdraw)
                                        .class("danger tight").ask(words.withdraw_ask).show(note))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn form(&self, typed: Option<(&Sent, &[Fault])>) -> Markup {
        let (all, words) = (self.frame.words, &self.frame.words.admin);
        let standing =
            Sent::standing([("max_uses", "1".to_owned()), ("expires_in_days", "14".to_owned())]);
        let (sent, faults) = typed.unwrap_or((&standing, &[]));
        html! {
            form.stack.narrow method="post" action="/admin/invites" {
                h3 { (words.new_code) }
                (summary(all, faults))
                (once())
                div.fields.two {
                    (Field::line("max_uses", words.max_uses).kind("number").required().show(all, sent, faults))
                    (Field::line("expires_in_days", words.days).kind("number").required().show(all, sent, faults))
                }
                (Field::line("note", words.memo).max(NOTE_MAX).show(all, sent, faults))
                div { button.plain { (words.make_code) } }
            }
        }
    }

    /// The page with a code, which is shown once.
    fn shown(&self, code: &Token, label: &str) -> Response {
        let words = &self.frame.words.admin;
        let once = Once {
            title: words.code_title,
            lead: words.code_lead,
            label,
            withheld: words.withheld,
            onward: ("/admin/invites", words.done),
            place: Place::Admin,
        };
        once.page(&self.frame, code.reveal())
    }
}

/// Requests and codes. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (asks, page) = (Asks::of(&ctx), Page::of(&ctx));
    ctx.read(|read, who| {
        let view = View::of(&asks, read, who, &page?)?;
        let words = &view.frame.words.admin;
        let note = match asks.note.as_deref() {
            Some("rejected") => Some(words.rejected),
            Some("withdrawn") => Some(words.withdrawn),
            _ => None,
        };
        Ok(view.page(200, None, None, note))
    })
}

/// Approves a request. 200 with its code, once; 404; 409 with the page if somebody has decided.
pub fn approve(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let (asks, id, page) = (Asks::of(&ctx), ctx.id("id", "request"), Page::of(&ctx)?);
    let life = ctx.state().config.limits.invite_life;
    ctx.write(move |tx, who| match invites::approve(tx, *ready(&id)?, who.user()?, life) {
        Ok((invite, code)) => {
            let view = View::of(&asks, tx, who, &page)?;
            Ok(view.shown(&code, &invite.note))
        }
        Err(error) => Err(decided(error, &View::of(&asks, tx, who, &page)?)),
    })
}

/// Rejects a request. 303; 404; 409 with the page if somebody has decided.
pub fn reject(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let (asks, id, page) = (Asks::of(&ctx), ctx.id("id", "request"), Page::of(&ctx)?);
    ctx.write(move |tx, who| match invites::reject(tx, *ready(&id)?, who.user()?) {
        Ok(_) => Ok(Response::new(303).with("Location", "/admin/invites?note=rejected")),
        Err(error) => Err(decided(error, &View::of(&asks, tx, who, &page)?)),
    })
}

/// That somebody was faster, and who.
fn decided(error: Error, view: &View) -> Problem {
    let why: Conflict = match error {
        Error::Conflict(why) if why.code == "already-decided" => *why,
        error => return error.into(),
    };
    let by = why.members.get("decided_by").and_then(|by| by.get("display_name"));
    let told =
        (view.frame.words.admin.faster)(by.and_then(serde_json::Value::as_str).unwrap_or_default());
    Problem::page(view.page(409, None, Some(&told), None))
}

/// Makes a code. 200 with it, once; 422.
pub fn create(ctx: Ctx) -> Outcome {
    let (sent, asks, page) = (Sent::of(&ctx)?, Asks::of(&ctx), Page::of(&ctx)?);
    let body = sent.typed(&NEW_INVITE);
    let life = ctx.state().config.limits.invite_life;
    ctx.write(move |tx, who| {
        let view = View::of(&asks, tx, who, &page)?;
        if let Err(error) = NEW_INVITE.check(&body) {
            return Err(Problem::page(view.page(422, Some((&sent, &faults(error)?)), None, None)));
        }
        let (invite, code) = invites::create(tx, &new_invite(&body, life), None)?;
        let label =
            if invite.note.is_empty() { view.frame.words.admin.code_title } else { &invite.note };
        Ok(view.shown(&code, label))
    })
}

/// Withdraws a code. 303; 404.
pub fn withdraw(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let id = ctx.id("id", "invite");
    ctx.write(move |tx, _| {
        invites::withdraw(tx, *ready(&id)?)?;
        Ok(Response::new(303).with("Location", "/admin/invites?note=withdrawn"))
    })
}
