//! "Exchange contact": the form at the end of a card, and the page on which it comes back with its faults, or thanks.

use super::asks::Asks;
use super::card::View;
use super::forms::{Field, Sent, summary};
use super::icons::{Icon, icon};
use super::public_card::Document;
use super::takes;
use super::words::Words;
use crate::domain::leads::{self, COMPANY_MAX, MESSAGE_MAX, NAME_MAX, PHONE_MAX};
use crate::domain::public_cards::{self, PublicCard};
use crate::error::{Error, Fault};
use crate::http::bodies::new_leads::{self, NEW_LEAD};
use crate::http::public_card::{self, at_slug};
use crate::http::route::About;
use crate::http::{Ctx, Outcome, Problem, Response};
use crate::store::tx::Named;
use maud::{Markup, html};
use serde_json::Value;

/// `GET /c/{slug}/contact`
pub const SHOW_ABOUT: About =
    About::new("The form that exchanges contacts", &at_slug("The form", "text/html"))
        .problems(&[403, 404, 410]);
/// `POST /c/{slug}/contact`
pub const SUBMIT_ABOUT: About =
    takes("Leaves one's contact with whoever the card is of").problems(&[404, 410, 429]);

/// A field that no person sees; who fills it in is none.
const TRAP: &str = "homepage";

/// The form as a card bears it at its end: folded.
pub(super) fn folded(words: &'static Words, view: &View<'_>) -> Markup {
    html! {
        details.exchange {
            summary { (icon(Icon::Users)) (words.card.exchange) }
            (form(words, view, &Sent::default(), &[]))
        }
    }
}

/// The form by itself, or the thanks for it. 200; 404; 410.
pub fn show(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    let words = Words::of(asks.language);
    let is_sent = asks.note.as_deref() == Some("sent");
    public_card::show_once(ctx, "/contact", |asked| {
        let reply = if is_sent {
            thanks(words, asked.card)
        } else {
            leads::addressee(asked.read, &asked.card.slug)?;
            alone(words, asked.card, 200, &Sent::default(), &[])
        };
        Ok(reply)
    })
}

/// Leaves a contact. 303 to the thanks, also for one that was left before; 422 and 429 with the form; 403; 404; 410.
pub fn submit(ctx: Ctx) -> Outcome {
    let (asks, slug) = (Asks::of(&ctx), ctx.param("slug").to_owned());
    let words = Words::of(asks.language);
    let mut sent = Sent::of(&ctx)?;
    let is_trapped = !sent.take(TRAP).is_empty();
    let counted = new_leads::counted(&ctx);
    ctx.write(move |tx, _| {
        let card = public_cards::by_id(tx, public_cards::named(tx, &slug)?)?;
        let onward = format!("/c/{}/contact?note=sent", card.slug);
        let onward = Response::new(303).with("Location", onward);
        let refused = |status, faults: &[Fault]| {
            Err(Problem::page(alone(words, &card, status, &sent, faults)))
        };
        let mut body = sent.body();
        if sent.ticked("consent") {
            body.insert("consent".to_owned(), Value::Bool(true));
        }
        if let Err(Error::Invalid(faults)) = NEW_LEAD.check(&body) {
            return refused(422, &faults);
        }
        // It is told the same, so that it learns nothing.
        if is_trapped {
            return Ok(onward);
        }
        let left = leads::addressee(tx, &slug).and_then(|card| {
            new_leads::leave(tx, card, &new_leads::new_lead(&body), counted.as_ref())
        });
        let general = |code, told: &str| {
            [Fault { pointer: String::new(), code, detail: told.trim_end_matches('.').to_owned() }]
        };
        match left {
            Ok(_) => Ok(onward),
            Err(Error::Forbidden(_)) => refused(403, &general("leads-closed", words.card.closed)),
            Err(Error::Throttled { .. }) => {
                refused(429, &general("too-many-leads", words.card.throttled))
            }
            Err(error) => Err(error.into()),
        }
    })
}

fn form(words: &'static Words, view: &View<'_>, sent: &Sent, faults: &[Fault]) -> Markup {
    let says = &words.card;
    let name = view.name();
    let show = |field: Field<'_>| field.show(words, sent, faults);
    let fault = faults.iter().find(|fault| fault.pointer == "/consent");
    html! {
        // Its words are the page's, also at the end of a card that runs the other way.
        form method="post" action={ "/c/" (view.card.slug) "/contact" } dir="ltr" {
            p { ((says.exchange_lead)(name)) }
            (summary(words, faults))
            (show(Field::line("name", says.your_name).autocomplete("name").max(NAME_MAX).required()))
            (show(Field::line("email", says.your_email).kind("email").autocomplete("email").required()))
            (show(Field::line("phone", says.your_phone).kind("tel").autocomplete("tel").max(PHONE_MAX)))
            (show(Field::line("company", says.your_company).autocomplete("organization").max(COMPANY_MAX)))
            (show(Field::line("message", says.your_message).kind("textarea").max(MESSAGE_MAX)))
            div.trap aria-hidden="true" {
                label for=(TRAP) { (says.leave_empty) }
                input id=(TRAP) name=(TRAP) tabindex="-1" autocomplete="off";
            }
            div.field {
                label.choice {
                    input type="checkbox" name="consent" value="true" required checked[sent.ticked("consent")]
                        aria-invalid=[fault.map(|_| "true")] aria-describedby=[fault.map(|_| "consent-fault")];
                    span { ((says.consent)(name)) }
                }
                @if let Some(fault) = fault { p.fault #consent-fault { (words.told(fault)) } }
                p.hint { ((says.fate)(name)) }
            }
            button.main { (says.send) }
        }
    }
}

/// The form on a page of its own, open.
fn alone(
    words: &'static Words,
    card: &PublicCard,
    status: u16,
    sent: &Sent,
    faults: &[Fault],
) -> Response {
    let view = View::of(card, &words.card);
    let content = html! {
        h1 { (words.card.exchange) }
        (form(words, &view, sent, faults))
    };
    page(words, card, status, &content)
}

fn thanks(words: &'static Words, card: &PublicCard) -> Response {
    let view = View::of(card, &words.card);
    let content = html! {
        h1 { (words.card.sent) }
        p { ((words.card.sent_lead)(view.name())) }
        div.acts {
            a.main href={ "/c/" (card.slug) ".vcf" } type="text/vcard" {
                (icon(Icon::Download)) (words.card.save)
            }
        }
    };
    page(words, card, 200, &content)
}

fn page(words: &'static Words, card: &PublicCard, status: u16, content: &Markup) -> Response {
    let view = View::of(card, &words.card);
    let document = Document {
        title: format!("{} – {}", words.card.exchange, view.name()),
        head: html! { meta name="robots" content="noindex"; },
        style: "",
        body: html! {
            main.h-card.sheet {
                section.exchange {
                    p { a href={ "/c/" (card.slug) } { (words.card.back) } }
                    (content)
                }
            }
        },
        card,
        words,
    };
    let (page, policy) = document.rendered();
    Response::bytes(status, "text/html; charset=utf-8", page.into_bytes())
        .with("Content-Security-Policy", policy)
        .with("Content-Language", words.language.name())
        .with("Vary", "Accept-Language")
        .with("Referrer-Policy", "same-origin")
}
