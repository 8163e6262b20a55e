//! QR codes in pages.

use crate::http::qr::Qr;
use maud::{Markup, html};

/// A text as a code, called `label`; nothing if no code holds so much.
pub fn code(text: &str, label: &str) -> Markup {
    let Ok(code) = Qr::of(text) else {
        return html! {};
    };
    let side = code.side();
    html! {
        svg.qr viewBox={ "0 0 " (side) " " (side) } width="220" height="220" role="img" aria-label=(label)
            shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(code.path()) fill="#000" {}
        }
    }
}
