//! The frame of every page.

use super::assets;
use crate::http::Response;
use maud::{DOCTYPE, Markup, html};

/// What a page of ours may load: what this server has, and nothing that runs.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// A page.
pub fn page(status: u16, title: &str, content: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href=(assets::style_path());
            }
            body { main { (content) } }
        }
    };
    Response::bytes(status, "text/html; charset=utf-8", page.into_string().into_bytes())
        .with("Content-Security-Policy", POLICY)
        // Nobody else learns where somebody was. With `no-referrer` a browser would not even tell us: it sends
        // forms with `Origin: null` then (Fetch, "append a request Origin header"), like another site's.
        .with("Referrer-Policy", "same-origin")
}
