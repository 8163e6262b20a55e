//! A lead, open: what was sent, who works it, what to do, notes, and what became of it.

use super::forms::{Field, Sent, once, summary};
use super::icons::{Icon, icon};
use super::inbox::{Inbox, Opened};
use super::words::Words;
use crate::clock::Millis;
use crate::domain::leads::{Lead, NOTES_MAX, Reason, Status};
use crate::domain::users::User;
use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Advice {
    /// Somebody claimed it so many seconds before.
    Lost(Option<String>, u64),
    /// It is with somebody else by now, or with nobody.
    Relieved(Option<String>),
    /// It is done with.
    Over,
    /// It is one person's alone.
    Own,
    /// The notes have changed meanwhile.
    Stale,
}

impl Advice {
    fn told(&self, words: &Words) -> String {
        let words = &words.leads;
        match self {
            Self::Lost(name, seconds) => {
                (words.lost)(name.as_deref().unwrap_or(words.gone), *seconds)
            }
            Self::Relieved(Some(name)) => (words.relieved)(name),
            Self::Relieved(None) => words.relieved_free.into(),
            Self::Over => words.over.into(),
            Self::Own => words.own.into(),
            Self::Stale => words.stale.into(),
        }
    }
}

/// A status, as a mark.
pub(super) fn tag(words: &Words, status: Status) -> Markup {
    let class = match status {
        Status::Open => "tag accent",
        Status::Claimed => "tag warn",
        Status::Closed => "tag",
        Status::Converted => "tag good",
    };
    html! { span class=(class) { ((words.leads.status)(status)) } }
}

/// Who works a lead, as the reader calls that person.
pub(super) fn holder(words: &Words, reader: &User, lead: &Lead) -> Option<String> {
    let (id, name) = lead.holder.as_ref()?;
    Some(if *id == reader.id { words.leads.you.to_owned() } else { name.clone() })
}

/// The pane.
pub(super) fn shown(inbox: &Inbox<'_>, open: &Opened) -> Markup {
    let (words, lead) = (inbox.frame.words, &open.lead);
    let texts = &words.leads;
    html! {
        article.pane.stack.loose aria-labelledby="lead" {
            a.back href=(inbox.view.address(None, "")) { "← " (texts.back) }
            header.stack {
                div.spread { h1 #lead { bdi { (lead.name) } } (tag(words, lead.status)) }
                p { (state(inbox, lead)) }
                @if let Some(advice) = &open.advice {
                    div.advice role="alert" { (icon(Icon::Warning)) p { (advice.told(words)) } }
                }
                (actions(inbox, lead))
            }
            (facts(words, lead))
            (notes(inbox, open))
            @if inbox.is_admin() && lead.owner.is_none() { (hand_on(inbox, open)) }
            (history(words, open))
        }
    }
}

fn state(inbox: &Inbox<'_>, lead: &Lead) -> String {
    let words = &inbox.frame.words.leads;
    match &lead.holder {
        None => words.free.into(),
        Some((id, _)) if *id == inbox.user.id => words.held_by_you.into(),
        Some((_, name)) => (words.held)(name),
    }
}

/// What can be done now. What a person does with an own lead belongs to the form of the notes, so that these are
/// saved along with it.
fn actions(inbox: &Inbox<'_>, lead: &Lead) -> Markup {
    let words = &inbox.frame.words.leads;
    let to = |status: &'static str, label: &str, class: &str| {
        html! { button class=(class) form="work" name="status" value=(status) { (label) } }
    };
    let release = inbox.view.at(&format!("/leads/{}/release", lead.id), "");
    html! {
        @match (lead.status, lead.is_with(inbox.user.id)) {
            (Status::Open, _) => {
                form method="post" action=(inbox.view.at(&format!("/leads/{}/claim", lead.id), "")) {
                    (once())
                    button data-key="c" { (words.claim) }
                }
            }
            (Status::Claimed, true) => {
                div.row {
                    (to("converted", words.convert, ""))
                    (to("closed", words.close, "plain"))
                    @if lead.owner.is_none() {
                        button.plain form="work" formaction=(release) { (words.release) }
                    }
                }
            }
            (Status::Closed | Status::Converted, true) => {
                div.row { (to("claimed", words.reopen, "plain")) }
            }
            (Status::Claimed | Status::Closed | Status::Converted, false) => {}
        }
    }
}

/// What an address in `mailto:` is written with: nothing of it is taken for another part of that (RFC 6068).
const ADDRESS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'+');

/// Where a mail to an address is written.
fn mailto(address: &str) -> String {
    format!("mailto:{}", utf8_percent_encode(address, ADDRESS))
}

fn facts(words: &Words, lead: &Lead) -> Markup {
    let texts = &words.leads;
    let card = format!("/c/{}", lead.card_slug);
    let phone: String = lead.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    html! {
        dl.facts {
            dt { (texts.email) }
            dd { a href=(mailto(&lead.email)) { (lead.email) } }
            @if !lead.phone.is_empty() {
                dt { (texts.phone) }
                dd { @if phone.is_empty() { (lead.phone) } @else { a href=(format!("tel:{phone}")) { (lead.phone) } } }
            }
            @if !lead.company.is_empty() { dt { (texts.company) } dd { (lead.company) } }
            dt { (texts.by_card) }
            dd { a href=(card) { (lead.card_slug) } }
        }
        @if !lead.message.is_empty() {
            section.stack {
                h2 { (texts.message) }
                blockquote.said dir="auto" { (lead.message) }
            }
        }
    }
}

/// The notes: a form for whoever works the lead, else as they stand. What was typed and not saved comes back.
fn notes(inbox: &Inbox<'_>, open: &Opened) -> Markup {
    let (words, lead) = (inbox.frame.words, &open.lead);
    let texts = &words.leads;
    let is_mine = lead.is_with(inbox.user.id);
    let differs = open.typed.as_ref().is_some_and(|typed| *typed != lead.notes);
    html! {
        @if is_mine || differs || !lead.notes.is_empty() {
            section.stack {
                @if !is_mine { h2 { (texts.notes) } }
                @if differs && (!is_mine || open.advice.is_some()) {
                    h3 { (texts.standing) }
                    p.said dir="auto" { @if lead.notes.is_empty() { (texts.standing_none) } @else { (lead.notes) } }
                } @else if !is_mine {
                    p.said dir="auto" { (lead.notes) }
                }
                @if is_mine {
                    (notes_form(inbox, open, if differs && open.advice.is_some() { texts.typed } else { texts.notes }))
                } @else if differs {
                    h3 { (texts.typed) }
                    p.said dir="auto" { (open.typed.as_deref().unwrap_or_default()) }
                }
            }
        }
    }
}

fn notes_form(inbox: &Inbox<'_>, open: &Opened, label: &str) -> Markup {
    let (words, lead) = (inbox.frame.words, &open.lead);
    let typed = open.typed.as_ref().unwrap_or(&lead.notes);
    let sent = Sent::standing([("notes", typed.clone())]);
    let field = Field::line("notes", label).kind("textarea").hint(words.leads.notes_hint);
    html! {
        form #work.stack method="post" action=(inbox.view.address(Some(lead.id), "")) {
            (summary(words, &open.faults))
            (once())
            input type="hidden" name="claim_epoch" value=(lead.claim_epoch);
            input type="hidden" name="version" value=(lead.version);
            (field.max(NOTES_MAX).show(words, &sent, &open.faults))
            div.row { button.plain { (words.leads.save_notes) } }
        }
    }
}

fn hand_on(inbox: &Inbox<'_>, open: &Opened) -> Markup {
    let (words, lead) = (inbox.frame.words, &open.lead);
    let texts = &words.leads;
    let from = lead.holder.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
    let action = inbox.view.at(&format!("/leads/{}/reassign", lead.id), "");
    let sent = Sent::standing([("to", open.to.clone())]);
    let field = Field::line("to", texts.reassign_to).kind("email").required();
    let is_faulty = open.faults.iter().any(|fault| fault.pointer == "/to");
    html! {
        details open[is_faulty] {
            summary { (texts.reassign) }
            div.stack {
                form.stack method="post" action=(action) {
                    (once())
                    input type="hidden" name="from" value=(from);
                    (field.show(words, &sent, &open.faults))
                    div.row { button.plain { (texts.reassign_go) } }
                }
                @if lead.holder.is_some() {
                    form method="post" action=(action) {
                        (once())
                        input type="hidden" name="from" value=(from);
                        button.plain name="nobody" value="1" { (texts.reassign_none) }
                    }
                }
            }
        }
    }
}

fn history(words: &Words, open: &Opened) -> Markup {
    let texts = &words.leads;
    let told =
        |reason: Reason, name: Option<&str>| (texts.epoch)(reason, name.unwrap_or(texts.gone));
    let at = |time: Millis| {
        html! { time.quiet.small datetime=(time) { ((words.day)(time)) } }
    };
    html! {
        section.stack {
            h2 { (texts.history) }
            ol.timeline {
                @for epoch in &open.history {
                    li {
                        span { (told(epoch.reason, epoch.holder.as_ref().map(|(_, name)| name.as_str()))) }
                        (at(epoch.began))
                    }
                }
                li { span { ((texts.left)(&open.lead.name)) } (at(open.lead.created)) }
            }
        }
    }
}
