//! The inbox: the list of leads, and beside it the one that is open.

use super::asks::Asks;
use super::forms::once;
use super::icons::{Icon, icon};
use super::keys::keys;
use super::layout::{Frame, Place, Sheet};
use super::lead_pane::{self, Advice};
use super::parts::more;
use super::turning::{FETCH, address, turned};
use crate::domain::leads::{self, Assigned, Epoch, Filter, Lead, LeadId, SEARCH_MAX, Status};
use crate::domain::users::{self, Role, User};
use crate::error::{Fault, Result};
use crate::http::{Caller, Ctx, Response};
use crate::store::Read;
use crate::store::tx::Named;
use maud::{Markup, html};

/// What of the inbox is shown. It stands in the address of all that is done here, so that it stays.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    filter: Filter,
    before: Option<LeadId>,
}

impl View {
    /// What the query asks for; what it says that we do not know, it does not ask for.
    pub(super) fn of(ctx: &Ctx) -> Self {
        let word = |name: &str| ctx.query(name).unwrap_or_default();
        let text: String = word("q").trim().chars().take(SEARCH_MAX).collect();
        let filter = Filter {
            status: Status::from_name(&word("status")),
            assigned: Assigned::from_name(&word("assigned")),
            text: Some(text).filter(|text| !text.is_empty()),
        };
        Self { filter, before: LeadId::parse(&word("cursor")) }
    }

    /// The address of the inbox, of a lead in it, or of what is done with one.
    pub(super) fn address(&self, lead: Option<LeadId>, note: &str) -> String {
        let path = lead.map_or_else(|| "/leads".into(), |lead| format!("/leads/{lead}"));
        self.at(&path, note)
    }

    /// Any address, with this view.
    pub(super) fn at(&self, path: &str, note: &str) -> String {
        let before = self.before.map(|before| before.to_string()).unwrap_or_default();
        address(
            path,
            &[
                ("status", self.filter.status.map_or("", Named::name)),
                ("assigned", self.filter.assigned.map_or("", Named::name)),
                ("q", self.filter.text.as_deref().unwrap_or_default()),
                ("cursor", &before),
                ("note", note),
            ],
        )
    }

    /// The first page with this status, or with any.
    fn with(&self, status: Option<Status>) -> String {
        let filter = Filter { status, ..self.filter.clone() };
        Self { filter, before: None }.address(None, "")
    }

    const fn is_all(&self) -> bool {
        let Filter { status, assigned, text } = &self.filter;
        status.is_none() && assigned.is_none() && text.is_none() && self.before.is_none()
    }
}

/// The lead that is open, and what was tried with it in vain.
pub(super) struct Opened {
    pub(super) lead: Lead,
    pub(super) history: Vec<Epoch>,
    pub(super) advice: Option<Advice>,
    /// Notes that were not saved.
    pub(super) typed: Option<String>,
    /// To whom it was not handed on.
    pub(super) to: String,
    pub(super) faults: Vec<Fault>,
}

/// Epochs that are told.
const EPOCHS: u32 = 100;

impl Opened {
    /// A lead as it stands.
    pub(super) fn of(read: &Read<'_>, lead: Lead) -> Result<Self> {
        let history = leads::history(read, lead.id, None, EPOCHS)?;
        let (advice, typed, to, faults) = (None, None, String::new(), Vec::new());
        Ok(Self { lead, history, advice, typed, to, faults })
    }
}

/// The page, as far as it does not depend on which lead is open.
pub(super) struct Inbox<'a> {
    pub(super) frame: Frame,
    pub(super) user: User,
    pub(super) view: &'a View,
    leads: Vec<Lead>,
    next: Option<String>,
    note: Option<String>,
}

impl<'a> Inbox<'a> {
    /// The inbox of whoever calls.
    pub(super) fn of(asks: &Asks, read: &Read<'_>, who: &Caller, view: &'a View) -> Result<Self> {
        let frame = Frame::of(asks, read, who)?;
        let user = users::find(read, who.user()?)?;
        let found = leads::list(read, user.id, &view.filter, view.before, FETCH)?;
        let (leads, last) = turned(found, |lead| lead.id.to_string());
        let next = last.map(|last| {
            let before = LeadId::parse(&last);
            View { before, ..view.clone() }.address(None, "")
        });
        Ok(Self { frame, user, view, leads, next, note: asks.note.clone() })
    }

    /// The page.
    pub(super) fn page(&self, status: u16, open: Option<&Opened>) -> Response {
        let words = &self.frame.words.leads;
        let content = html! {
            header.inbox-head data-open[open.is_some()] {
                @if open.is_some() { p.like-h1 { (words.title) } } @else { h1 { (words.title) } }
                (self.actions(open.is_none()))
            }
            div.inbox data-open[open.is_some()] {
                section.inbox-list aria-label=(words.list) { (self.list(open)) }
                @match open {
                    Some(open) => (lead_pane::shown(self, open)),
                    None => (self.nothing_open()),
                }
            }
            (keys(&self.frame, &[
                ("j", words.key_next),
                ("k", words.key_previous),
                ("c", words.claim),
                ("n", words.claim_next),
            ]))
        };
        let done = self.note.as_deref().filter(|_| status == 200).and_then(words.done);
        let title = open.map_or(words.title, |open| &open.lead.name);
        let sheet = Sheet::new(title, content).at(Place::Leads).note(done);
        self.frame.page(status, &sheet.scripts(&["leads.js"]))
    }

    /// What can be done with the inbox; it is what the page is for as long as no lead is open.
    fn actions(&self, is_main: bool) -> Markup {
        let words = &self.frame.words.leads;
        html! {
            form method="post" action=(self.view.at("/leads/claim-next", "")) {
                (once())
                button.plain[!is_main] data-key="n" { (words.claim_next) }
            }
        }
    }

    fn list(&self, open: Option<&Opened>) -> Markup {
        let words = &self.frame.words.leads;
        html! {
            @if self.leads.is_empty() && self.view.is_all() {
                div.empty {
                    (icon(Icon::Inbox))
                    h2 { (words.empty) }
                    p { (words.empty_help) }
                    a.button.plain href="/shares" { (words.empty_go) }
                }
            } @else {
                (self.chooser())
                @if self.leads.is_empty() {
                    p { (words.none) " " a href="/leads" { (words.show_all) } }
                } @else {
                    (self.rows(open))
                }
                (more(self.frame.words, self.next.as_deref()))
                (self.as_file())
            }
        }
    }

    /// All of what is shown, not this page alone, as a file.
    fn as_file(&self) -> Markup {
        let view = View { before: None, ..self.view.clone() };
        html! {
            p.small {
                a.file href=(view.at("/api/leads.csv", "")) download="leads.csv" {
                    (icon(Icon::Download)) (self.frame.words.leads.csv)
                }
            }
        }
    }

    /// What to choose by: the status by links, the rest by a form.
    fn chooser(&self) -> Markup {
        let words = &self.frame.words.leads;
        let standing = &self.view.filter;
        let every = [None].into_iter().chain(Status::NAMES.iter().map(|(status, _)| Some(*status)));
        let with = [
            ("", words.with_anyone, None),
            ("me", words.with_me, Some(Assigned::Me)),
            ("none", words.with_nobody, Some(Assigned::Nobody)),
        ];
        html! {
            nav.tabs aria-label=(words.views) {
                @for status in every {
                    a href=(self.view.with(status)) aria-current=[(standing.status == status).then_some("true")] {
                        (status.map_or(words.all, words.status))
                    }
                }
            }
            form.chooser method="get" action="/leads" role="search" {
                @if let Some(status) = standing.status {
                    input type="hidden" name="status" value=(status.name());
                }
                label.visually-hidden for="q" { (words.search) }
                input #q.grow type="search" name="q" placeholder=(words.search) maxlength=(SEARCH_MAX)
                    value=[standing.text.as_deref()];
                label.visually-hidden for="assigned" { (words.with) }
                select #assigned name="assigned" {
                    @for (value, name, assigned) in with {
                        option value=(value) selected[standing.assigned == assigned] { (words.with) ": " (name) }
                    }
                }
                button.plain { (words.show) }
            }
        }
    }

    fn rows(&self, open: Option<&Opened>) -> Markup {
        let at = open.and_then(|o| self.leads.iter().position(|lead| lead.id == o.lead.id));
        // Where j and k lead: to the neighbours of the one that is open.
        let (next, previous) = match at {
            None => (Some(0), None),
            Some(at) => (Some(at + 1), at.checked_sub(1)),
        };
        html! {
            ol.rows {
                @for (n, lead) in self.leads.iter().enumerate() {
                    @let key = if Some(n) == next { Some("j") } else { Some("k").filter(|_| Some(n) == previous) };
                    li {
                        a href=(self.view.address(Some(lead.id), "")) data-key=[key]
                            aria-current=[(at == Some(n)).then_some("true")] { (self.row(lead)) }
                    }
                }
            }
        }
    }

    fn row(&self, lead: &Lead) -> Markup {
        let words = self.frame.words;
        let said = lead.message.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        html! {
            span.spread {
                strong { bdi { (lead.name) } }
                time.quiet.small datetime=(lead.created) data-style="day" { ((words.day)(lead.created)) }
            }
            @if !lead.company.is_empty() || !said.is_empty() {
                span.cut {
                    bdi { (lead.company) }
                    @if !lead.company.is_empty() && !said.is_empty() { " · " }
                    bdi.quiet { (said) }
                }
            }
            span.row.small {
                (lead_pane::tag(words, lead.status))
                @if let Some(holder) = lead_pane::holder(words, &self.user, lead) {
                    span.quiet { (icon(Icon::Person)) (holder) }
                }
            }
        }
    }

    fn nothing_open(&self) -> Markup {
        let words = &self.frame.words.leads;
        html! {
            @if !self.leads.is_empty() {
                div.pane.nothing {
                    (icon(Icon::Inbox))
                    p { (words.choose) }
                    @if self.frame.has_keys() { p.quiet.small.scripted { (words.choose_keys) } }
                }
            }
        }
    }

    /// Whether whoever reads this may hand leads on.
    pub(super) fn is_admin(&self) -> bool {
        self.user.role == Role::Admin
    }
}
