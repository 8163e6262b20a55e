//! The keys of a page: what `?` shows.

use super::words::Words;
use maud::{Markup, html};

/// The list of keys, each with what it does. Without a script there are no keys, and nothing shows the list.
pub fn keys(words: &Words, keys: &[(&str, &str)]) -> Markup {
    html! {
        dialog #keys aria-labelledby="keys-title" {
            form.stack method="dialog" {
                h2 #keys-title { (words.shell.keys) }
                dl.facts {
                    @for (key, does) in keys {
                        dt { kbd { (key) } }
                        dd { (does) }
                    }
                }
                button.plain { (words.shell.close) }
            }
        }
    }
}
