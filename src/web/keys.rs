//! The keys of a page: what `?` shows.

use super::layout::Frame;
use maud::{Markup, html};

/// The list of keys, each with what it does, and where they are turned off. Without a script there are no keys, and
/// nothing shows the list; nor for whoever has turned them off.
pub fn keys(frame: &Frame, keys: &[(&str, &str)]) -> Markup {
    let words = &frame.words.shell;
    html! {
        @if frame.has_keys() {
            dialog #keys aria-labelledby="keys-title" {
                form.stack method="dialog" {
                    h2 #keys-title { (words.keys) }
                    dl.facts {
                        @for (key, does) in keys {
                            dt { kbd { (key) } }
                            dd { (does) }
                        }
                    }
                    p.small { a href="/settings#accessibility" { (words.keys_off) } }
                    button.plain autofocus { (words.close) }
                }
            }
        }
    }
}
