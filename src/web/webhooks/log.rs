//! What was delivered to a webhook, as its owner sees it and whoever runs the installation.

use super::super::icons::Icon;
use super::super::parts::{Act, empty, more, time};
use super::super::words::Words;
use crate::domain::webhooks::{Delivery, State, WebhookId};
use crate::store::tx::Named;
use maud::{Markup, html};

/// The messages of a page. Whoever may send them again is shown how, by the webhook.
pub fn log(
    all: &Words,
    deliveries: &[Delivery],
    next: Option<&str>,
    owned: Option<WebhookId>,
) -> Markup {
    let words = &all.webhooks;
    html! {
        section.stack {
            h2 { (words.deliveries) }
            @if deliveries.is_empty() {
                @let lead = if owned.is_some() { words.no_deliveries_lead } else { "" };
                (empty(Icon::Inbox, words.no_deliveries, lead, &html! {}))
            } @else {
                table.table {
                    caption.visually-hidden { (words.deliveries) }
                    thead { tr {
                        th scope="col" { (words.event_head) }
                        th scope="col" { (words.state_head) }
                        th scope="col" { (words.answer) }
                        th.number scope="col" { (words.attempts) }
                        th scope="col" { (words.when) }
                        @if owned.is_some() { th scope="col" { span.visually-hidden { (words.again) } } }
                    } }
                    tbody { @for delivery in deliveries { (row(all, delivery, owned)) } }
                }
                (more(all, next))
            }
        }
    }
}

fn row(all: &Words, delivery: &Delivery, owned: Option<WebhookId>) -> Markup {
    let words = &all.webhooks;
    let class = match delivery.state {
        State::Delivered => "tag good",
        State::Failed => "tag warn",
        State::Pending => "tag",
    };
    let answer =
        delivery.error.clone().or_else(|| delivery.status.map(|status| status.to_string()));
    let latency = delivery.latency.map(|latency| format!(" · {} ms", latency.as_millis()));
    let again = |id: WebhookId| format!("/webhooks/{id}/deliveries/{}/retry", delivery.event);
    html! {
        tr {
            td data-label=(words.event_head) { code { (delivery.kind.name()) } }
            td data-label=(words.state_head) { span class=(class) { ((words.state)(delivery.state)) } }
            td data-label=(words.answer) {
                (answer.as_deref().unwrap_or("–")) @if let Some(latency) = latency { span.quiet { (latency) } }
            }
            td.number data-label=(words.attempts) { (delivery.attempts) }
            td data-label=(words.when) { (time(all, delivery.created)) }
            @if let Some(id) = owned {
                td {
                    @if delivery.state == State::Failed {
                        (Act::new(&again(id), words.again).show(delivery.kind.name()))
                    }
                }
            }
        }
    }
}
