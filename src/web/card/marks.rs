//! What a link leads to: the name that people give a platform, and a small picture in the strokes of our icons.

use crate::web::icons::{Icon, icon};
use maud::{Markup, html};

/// Platforms: as a card writes them, as people do, and their strokes.
const PLATFORMS: &[(&str, &str, &str)] = &[
    (
        "bluesky",
        "Bluesky",
        "M12 11c-1.500-3-5-6-8-6 0 4 .5 7 4 7.500-3 .5-3.500 3-1 5s4-1 5-3c1 2 2.500 5 5 3s2-4.500-1-5\
         c3.500-.5 4-3.500 4-7.500-3 0-6.500 3-8 6z",
    ),
    ("facebook", "Facebook", "M12 3a9 9 0 100 18 9 9 0 000-18zM12 21v-9c0-2 .8-3 3-3M9.500 13h5"),
    (
        "github",
        "GitHub",
        "M9 20v-2.500c-2.600.5-3.500-1-4-2M15 20v-3.500c0-1-.2-1.500-.7-2 2.500-.3 4.700-1.300 4.700-5 \
         0-1.200-.4-2.200-1.100-3 .2-.7.2-1.700-.1-2.500-1 0-2 .5-2.800 1.100a9.600 9.600 0 00-5 0\
         C9.200 4.500 8.200 4 7.200 4c-.3.8-.3 1.800-.1 2.500C6.400 7.300 6 8.300 6 9.500c0 3.700 2.200 \
         4.700 4.700 5-.5.5-.7 1.200-.7 2V20",
    ),
    ("gitlab", "GitLab", "M12 20L3.500 13.500 6 5l2.500 6h7L18 5l2.500 8.500z"),
    (
        "instagram",
        "Instagram",
        "M8 4h8a4 4 0 014 4v8a4 4 0 01-4 4H8a4 4 0 01-4-4V8a4 4 0 014-4zM12 8.500a3.500 3.500 0 100 7 \
         3.500 3.500 0 000-7zM16.800 7.200h.01",
    ),
    (
        "linkedin",
        "LinkedIn",
        "M5 4h14a1 1 0 011 1v14a1 1 0 01-1 1H5a1 1 0 01-1-1V5a1 1 0 011-1zM8 11v5M8 8h.01M12 16v-5M12 \
         13.500c0-1.500.8-2.500 2-2.500s2 .8 2 2.500V16",
    ),
    (
        "mastodon",
        "Mastodon",
        "M19 12.500c-.4 2.200-3.500 3.300-6.500 3.300-1.700 0-3-.3-3-.3 0 2 1.200 3 3.500 3 1.200 0 \
         2.500-.3 2.500-.3v1.600s-1.500.7-4 .7C7 20.500 5 17 5 12V9c0-3.500 2-5 4-5.300 1.800-.3 4.200\
         -.3 6 0 2 .3 4 1.800 4 5.300zM8.500 12.500V9.300c0-2.500 3.500-2.500 3.500 0 0-2.500 3.500\
         -2.500 3.500 0v3.200M12 9.300v2",
    ),
    (
        "medium",
        "Medium",
        "M3.500 12a4 4 0 108 0 4 4 0 10-8 0M13.500 12c0 2.200.8 4 2 4s2-1.800 2-4-.8-4-2-4-2 1.800-2 4\
         M20.500 8v8",
    ),
    ("signal", "Signal", "M12 4a8 8 0 00-6.900 12L4 20l4-1.100A8 8 0 1012 4z"),
    (
        "telegram",
        "Telegram",
        "M20.500 4.500L3.500 11l5 2 2 6 3-4 4.500 3.500zM8.500 13l8-5.500-6 7",
    ),
    (
        "threads",
        "Threads",
        "M17 8.500C16.200 6 14.500 5 12 5c-3.500 0-5.500 2.500-5.500 7s2 7 5.500 7c3 0 5-1.500 5-4s\
         -2.200-3.500-4.800-3.500-3.700 1-3.700 2.300 1 2.200 2.500 2.200c2.200 0 3-1.500 3-3.500s-1\
         -3.500-2.800-3.500c-1 0-1.700.4-2.200 1",
    ),
    ("tiktok", "TikTok", "M14 4v11a3.500 3.500 0 11-3.500-3.500M14 4c.3 2.500 2 4.300 4.500 4.500"),
    (
        "vimeo",
        "Vimeo",
        "M4 8c1.500-1.200 3-2.500 4-2.500 2.500 0 2 8 3.500 8 .8 0 2-2 2-3s-.8-.8-1.500-.5c.8-2.500 \
         2.500-4 4.500-4 3 0 2.500 3.500 1 6.500-1.800 3.500-4.500 6.500-6.500 6.500-3 0-3-9-5-9L4.800 10z",
    ),
    (
        "whatsapp",
        "WhatsApp",
        "M12 4a8 8 0 00-6.900 12L4 20l4-1.100A8 8 0 1012 4zM9 8.500c-.5 3 3 6.500 6 6.500l.8-1.700-2-.9\
         -.9.8c-1-.4-2-1.400-2.300-2.300l.8-.9-.8-1.900z",
    ),
    ("x", "X", "M5 4.500l10 15h4L9 4.500zM5.500 19.500l5.500-6M13 10.500l5.500-6"),
    ("xing", "XING", "M6 8.500h3l2 3-3 5H5l3-5zM15.500 4h3l-5.500 9.500 3.500 6.500h-3L10 13.500z"),
    (
        "youtube",
        "YouTube",
        "M6 6h12a3 3 0 013 3v6a3 3 0 01-3 3H6a3 3 0 01-3-3V9a3 3 0 013-3zM10.500 9.500v5l4-2.500z",
    ),
];

fn known(platform: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let other = match platform {
        "twitter" => "x",
        "fb" => "facebook",
        "insta" => "instagram",
        name => name,
    };
    PLATFORMS.iter().find(|(name, _, _)| *name == other)
}

/// Whether a platform has a picture that tells it from others.
pub(super) fn is_known(platform: &str) -> bool {
    known(platform).is_some()
}

/// What people call a platform.
pub fn platform_name(platform: &str) -> String {
    if let Some((_, told, _)) = known(platform) {
        return (*told).to_owned();
    }
    let spaced = platform.replace('-', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Its picture; of one that has none, what is done with the link.
pub fn mark(platform: &str, url: &str) -> Markup {
    if let Some((_, _, path)) = known(platform) {
        return html! {
            svg.icon viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false" {
                path d=(path) {}
            }
        };
    }
    let scheme = url.split(':').next().unwrap_or_default();
    icon(match (scheme, platform) {
        ("mailto", _) | (_, "email" | "mail" | "newsletter") => Icon::Mail,
        ("tel", _) | (_, "phone") => Icon::Phone,
        ("sms", _) => Icon::Message,
        (_, "calendar" | "calendly" | "cal" | "booking") => Icon::Calendar,
        (_, "blog" | "substack" | "docs" | "book") => Icon::Book,
        (_, "portfolio" | "work" | "cv" | "resume") => Icon::Briefcase,
        (_, "website" | "web" | "homepage") => Icon::Globe,
        _ => Icon::Link,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_named_as_people_do() {
        for (platform, name) in
            [("github", "GitHub"), ("twitter", "X"), ("my-shop", "My shop"), ("", "")]
        {
            assert_eq!(platform_name(platform), name);
        }
        assert!(PLATFORMS.is_sorted_by_key(|(name, _, _)| name));
        for (platform, _, path) in PLATFORMS {
            assert!(path.starts_with('M') && path.is_ascii(), "{platform}");
        }
    }
}
