//! What a page has to know of its request before a door takes it.

use crate::domain::languages::Language;
use crate::http::{Ctx, Head};

/// What a request asks of a page.
#[derive(Debug, Clone)]
pub struct Asks {
    /// The language that the browser asks for.
    pub language: Language,
    /// Path and query.
    pub target: String,
    /// What has just been done, if a form led here: `?note=`.
    pub note: Option<String>,
}

impl Asks {
    /// What the request of `ctx` asks.
    pub fn of(ctx: &Ctx) -> Self {
        Self { note: ctx.query("note"), ..Self::of_head(&ctx.request().head) }
    }

    /// The same of a request that found no handler.
    pub fn of_head(head: &Head) -> Self {
        let field = head.headers.get("accept-language").unwrap_or_default();
        let query = head.query.as_deref().map(|query| format!("?{query}")).unwrap_or_default();
        let target = format!("{}{query}", head.path);
        Self { language: Language::accepted(field), target, note: None }
    }
}

/// Whether an address leads to a page of this server and to nowhere else: what comes in a form may have been
/// written by somebody else.
pub fn is_local(target: &str) -> bool {
    let plain = target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    plain && target.starts_with('/') && !target.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_our_own_addresses_are_led_to() {
        for target in ["/", "/cards", "/cards/1/edit?note=saved", "/login?next=%2Fcards"] {
            assert!(is_local(target), "{target}");
        }
        for target in [
            "",
            "cards",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/ä",
        ] {
            assert!(!is_local(target), "{target}");
        }
    }
}
