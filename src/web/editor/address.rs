//! Addresses as people write them.

/// What a link leads to, by the host of its address or by the way the host ends.
const HOSTS: &[(&str, &str)] = &[
    ("github.com", "github"),
    ("gitlab.com", "gitlab"),
    ("linkedin.com", "linkedin"),
    ("instagram.com", "instagram"),
    ("facebook.com", "facebook"),
    ("youtube.com", "youtube"),
    ("tiktok.com", "tiktok"),
    ("x.com", "x"),
    ("twitter.com", "x"),
    ("bsky.app", "bluesky"),
    ("mastodon.social", "mastodon"),
    ("threads.net", "threads"),
    ("xing.com", "xing"),
    ("wa.me", "whatsapp"),
    ("t.me", "telegram"),
    ("signal.me", "signal"),
    ("calendly.com", "calendar"),
    ("cal.com", "calendar"),
];

/// The platforms that a list offers; any other word may be kept.
pub(super) const PLATFORMS: &[&str] = &[
    "website",
    "mail",
    "phone",
    "sms",
    "whatsapp",
    "telegram",
    "signal",
    "linkedin",
    "xing",
    "github",
    "gitlab",
    "mastodon",
    "bluesky",
    "x",
    "threads",
    "instagram",
    "facebook",
    "youtube",
    "tiktok",
    "calendar",
    "shop",
    "portfolio",
];

/// A whole address from what somebody typed: `github.com/ada` leads to a page, `ada@example.org` to a mail and
/// `+44 20 7946 0018` to a call. Anything else stays as it is.
pub(super) fn completed(typed: &str) -> String {
    let typed = typed.trim();
    let has_scheme = typed.split_once(':').is_some_and(|(scheme, rest)| {
        let port = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let word = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        word && !(is_port && scheme.contains('.'))
    });
    let is_call = typed.chars().all(|c| c.is_ascii_digit() || "+ ()-./".contains(c))
        && typed.bytes().filter(u8::is_ascii_digit).count() >= 5;
    if typed.is_empty() {
        String::new()
    } else if is_call {
        let digits = typed.chars().filter(|c| c.is_ascii_digit() || *c == '+');
        format!("tel:{}", digits.collect::<String>())
    } else if let Some(number) = typed.strip_prefix("tel:") {
        format!("tel:{}", number.replace(' ', ""))
    } else if has_scheme || typed.contains(char::is_whitespace) {
        typed.to_owned()
    } else if typed.contains('@') && !typed.contains('/') && !typed.starts_with('@') {
        format!("mailto:{typed}")
    } else if typed.contains('.') && !typed.starts_with(['/', '.']) {
        format!("https://{typed}")
    } else {
        typed.to_owned()
    }
}

/// What an address leads to.
pub(super) fn platform(address: &str) -> &'static str {
    let Some((scheme, rest)) = address.split_once(':') else { return "website" };
    match scheme.to_ascii_lowercase().as_str() {
        "mailto" => return "mail",
        "tel" => return "phone",
        "sms" => return "sms",
        _ => {}
    }
    let host = rest.trim_start_matches('/').split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.to_ascii_lowercase();
    let of = |known: &str| {
        host == known || host.strip_suffix(known).is_some_and(|before| before.ends_with('.'))
    };
    HOSTS.iter().find(|(known, _)| of(known)).map_or("website", |(_, platform)| platform)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_completed() {
        for (typed, whole, leads) in [
            ("github.com/ada", "https://github.com/ada", "github"),
            ("https://www.linkedin.com/in/ada", "https://www.linkedin.com/in/ada", "linkedin"),
            ("ada@example.org", "mailto:ada@example.org", "mail"),
            ("+44 (20) 7946-0018", "tel:+442079460018", "phone"),
            ("tel:+44 20", "tel:+4420", "phone"),
            ("example.org:8080/x", "https://example.org:8080/x", "website"),
            ("notgithub.com", "https://notgithub.com", "website"),
            ("javascript:alert(1)", "javascript:alert(1)", "website"),
            ("two words", "two words", "website"),
            ("@ada", "@ada", "website"),
            ("", "", "website"),
        ] {
            assert_eq!((completed(typed).as_str(), platform(&completed(typed))), (whole, leads));
            assert_eq!(completed(&completed(typed)), completed(typed), "{typed}");
        }
    }
}
