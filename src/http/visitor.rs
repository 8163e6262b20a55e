//! Who looks at a public page or picture, as far as header fields tell: a person or one of several kinds of
//! program, and, unless they ask not to be, told apart from others by a hash that never leaves memory.

use super::client::Client;
use super::request::{Head, Method};
use crate::domain::settings::Pepper;
use crate::domain::visitors::{Class, Print};
use crate::error::{Error, Result};
use aho_corasick::{AhoCorasick, MatchKind};

/// Words in a User-Agent, in any case, and what they tell; of several the first. "Cubot" is a make of phones.
/// After isbot's list and what unfurlers and mail services say of themselves.
const WORDS: &[(&str, Option<Class>)] = &[
    ("cubot", None),
    ("googleimageproxy", Some(Class::MailProxy)),
    ("via ggpht.com", Some(Class::MailProxy)),
    ("yahoomailproxy", Some(Class::MailProxy)),
    ("yahoocachesystem", Some(Class::MailProxy)),
    // Applebot, bingbot, Discordbot, Googlebot, LinkedInBot, Slackbot, TelegramBot, Twitterbot and most others.
    ("bot", Some(Class::Bot)),
    ("apache-http", Some(Class::Bot)),
    ("apis-google", Some(Class::Bot)),
    ("archiver", Some(Class::Bot)),
    ("axios", Some(Class::Bot)),
    ("barracuda", Some(Class::Bot)),
    ("crawl", Some(Class::Bot)),
    ("curl", Some(Class::Bot)),
    ("embedly", Some(Class::Bot)),
    ("facebookcatalog", Some(Class::Bot)),
    ("facebookexternalhit", Some(Class::Bot)),
    ("fetch", Some(Class::Bot)),
    ("google-inspectiontool", Some(Class::Bot)),
    ("google-read-aloud", Some(Class::Bot)),
    ("go-http-client", Some(Class::Bot)),
    ("guzzle", Some(Class::Bot)),
    ("headless", Some(Class::Bot)),
    ("httpclient", Some(Class::Bot)),
    ("http-client", Some(Class::Bot)),
    ("iframely", Some(Class::Bot)),
    ("java/", Some(Class::Bot)),
    ("libwww", Some(Class::Bot)),
    ("lighthouse", Some(Class::Bot)),
    ("mediapartners-google", Some(Class::Bot)),
    ("meta-externalagent", Some(Class::Bot)),
    ("mimecast", Some(Class::Bot)),
    ("monitor", Some(Class::Bot)),
    ("okhttp", Some(Class::Bot)),
    ("pagespeed", Some(Class::Bot)),
    ("phantomjs", Some(Class::Bot)),
    ("php/", Some(Class::Bot)),
    ("pingdom", Some(Class::Bot)),
    ("postman", Some(Class::Bot)),
    ("preview", Some(Class::Bot)),
    ("proofpoint", Some(Class::Bot)),
    ("python", Some(Class::Bot)),
    ("reqwest", Some(Class::Bot)),
    ("ruby", Some(Class::Bot)),
    ("scanner", Some(Class::Bot)),
    ("slack-imgproxy", Some(Class::Bot)),
    ("slurp", Some(Class::Bot)),
    ("spider", Some(Class::Bot)),
    ("uptime", Some(Class::Bot)),
    ("validator", Some(Class::Bot)),
    ("vkshare", Some(Class::Bot)),
    ("wget", Some(Class::Bot)),
    ("whatsapp", Some(Class::Bot)),
];

/// What Apple's mail privacy protection leaves of a User-Agent.
const APPLE_MAIL: &str = "Mozilla/5.0";

/// Knows programs by their User-Agents.
#[derive(Debug)]
pub struct Agents(AhoCorasick);

impl Agents {
    /// Gets ready to read User-Agents: all words are looked for in one pass.
    pub fn new() -> Result<Self> {
        let words = WORDS.iter().map(|(word, _)| word);
        let mut builder = AhoCorasick::builder();
        let builder = builder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostFirst);
        builder.build(words).map(Self).map_err(Error::internal)
    }

    fn class(&self, agent: &str) -> Class {
        match agent {
            "" => Class::Bot,
            APPLE_MAIL => Class::MailProxy,
            _ => {
                let told = self.0.find_iter(agent).find_map(|found| {
                    WORDS.get(found.pattern().as_usize()).and_then(|(_, class)| *class)
                });
                told.unwrap_or(Class::Human)
            }
        }
    }
}

/// What is looked at. A browser says what it wants it for (`Sec-Fetch-Dest`); whoever wants it for something
/// else is nobody who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// A page, also as JSON.
    Page,
    /// A picture in a mail.
    Picture,
}

impl Sight {
    fn is_meant(self, dest: &str) -> bool {
        match self {
            Self::Page => {
                matches!(dest, "document" | "iframe" | "frame" | "embed" | "object" | "empty")
            }
            Self::Picture => dest == "image",
        }
    }
}

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    /// A person, or what kind of program.
    pub class: Class,
    /// What tells the person from others; absent for programs, and for whoever does not want it.
    pub print: Option<Print>,
}

impl Visitor {
    /// Who sends this request. `None` if nothing is looked at: HEAD.
    pub fn of(
        head: &Head,
        sight: Sight,
        client: Client,
        (agents, pepper): (&Agents, &Pepper),
    ) -> Option<Self> {
        if head.method != Method::Get {
            return None;
        }
        let agent = head.headers.get("user-agent").unwrap_or_default();
        let dest = head.headers.get("sec-fetch-dest");
        let class = if is_prefetch(head) {
            Class::Prefetch
        } else if dest.is_some_and(|dest| !sight.is_meant(dest)) {
            Class::Bot
        } else {
            agents.class(agent)
        };
        let told_apart = class == Class::Human && !wants_privacy(head);
        let print = told_apart.then(|| {
            let hash = pepper.hash(&[b"visitor", &client.subscriber(), agent.as_bytes()]);
            hash.first_chunk().copied().unwrap_or_default()
        });
        Some(Self { class, print })
    }

    /// The same as somebody who cannot be a person, whatever the header fields say.
    #[must_use]
    pub const fn as_scan(self) -> Self {
        match self.class {
            Class::Human => Self { class: Class::Bot, print: None },
            Class::Bot | Class::MailProxy | Class::Prefetch => self,
        }
    }
}

/// `Sec-Purpose: prefetch;prerender`, and what was sent before that had a name.
fn is_prefetch(head: &Head) -> bool {
    let says = |name: &str, words: &[&str]| {
        let told = head.headers.get(name).map(str::to_ascii_lowercase);
        told.is_some_and(|told| words.iter().any(|word| told.contains(word)))
    };
    says("sec-purpose", &["prefetch", "prerender"])
        || says("purpose", &["prefetch", "preview"])
        || says("x-purpose", &["preview"])
        || says("x-moz", &["prefetch"])
}

/// Do Not Track, and Global Privacy Control.
fn wants_privacy(head: &Head) -> bool {
    ["dnt", "sec-gpc"].iter().any(|name| head.headers.get(name) == Some("1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    #[test]
    fn programs_are_known_by_their_agents() {
        let agents = Agents::new().unwrap();
        for (agent, class) in [
            (FIREFOX, Class::Human),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.0 Mobile/15E148 Safari/604.1",
                Class::Human,
            ),
            (
                "Mozilla/5.0 (Linux; Android 9; CUBOT P30) AppleWebKit/537.36 Chrome/120.0",
                Class::Human,
            ),
            ("", Class::Bot),
            (
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                Class::Bot,
            ),
            ("CUBOT Googlebot", Class::Bot),
            ("facebookexternalhit/1.1", Class::Bot),
            ("Twitterbot/1.0", Class::Bot),
            ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", Class::Bot),
            ("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", Class::Bot),
            ("WhatsApp/2.23.20.0", Class::Bot),
            ("LinkedInBot/1.0", Class::Bot),
            ("TelegramBot (like TwitterBot)", Class::Bot),
            ("Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)", Class::Bot),
            ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", Class::Bot),
            ("Mozilla/5.0 (Macintosh) AppleWebKit/605 (Applebot/0.1)", Class::Bot),
            ("curl/8.9.1", Class::Bot),
            (
                "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
                Class::MailProxy,
            ),
            (
                "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
                Class::MailProxy,
            ),
            (APPLE_MAIL, Class::MailProxy),
        ] {
            assert_eq!(agents.class(agent), class, "{agent}");
        }
    }

    fn seen(sight: Sight, method: Method, fields: &[(&str, &str)]) -> Option<(Class, bool)> {
        let mut headers = Headers::default();
        headers.push("user-agent", FIREFOX);
        for (name, value) in fields {
            headers.push(name, value);
        }
        let peer = "192.0.2.1".parse().unwrap();
        let head = Head { method, path: "/".into(), query: None, headers, peer };
        let client = Client::of(&head, &[]);
        let agents = Agents::new().unwrap();
        let visitor = Visitor::of(&head, sight, client, (&agents, &Pepper::of([7; 32])))?;
        Some((visitor.class, visitor.print.is_some()))
    }

    #[test]
    fn what_a_request_is_for_decides_whether_somebody_looks() {
        let page = |fields: &[_]| seen(Sight::Page, Method::Get, fields).unwrap();
        let picture = |fields: &[_]| seen(Sight::Picture, Method::Get, fields).unwrap();
        assert_eq!(page(&[]), (Class::Human, true));
        assert_eq!(page(&[("sec-fetch-dest", "document")]), (Class::Human, true));
        assert_eq!(page(&[("sec-fetch-dest", "image")]), (Class::Bot, false));
        assert_eq!(picture(&[("sec-fetch-dest", "image")]), (Class::Human, true));
        assert_eq!(picture(&[("sec-fetch-dest", "document")]), (Class::Bot, false));
        for field in [
            ("sec-purpose", "prefetch;prerender"),
            ("sec-purpose", "prefetch"),
            ("purpose", "Prefetch"),
            ("x-moz", "prefetch"),
        ] {
            assert_eq!(page(&[field]), (Class::Prefetch, false), "{field:?}");
        }
        for method in [Method::Head, Method::Options] {
            assert_eq!(seen(Sight::Page, method, &[]), None);
        }
    }

    #[test]
    fn whoever_wants_it_is_told_from_nobody() {
        let page = |fields: &[_]| seen(Sight::Page, Method::Get, fields).unwrap();
        assert_eq!(page(&[("dnt", "1")]), (Class::Human, false));
        assert_eq!(page(&[("sec-gpc", "1")]), (Class::Human, false));
        assert_eq!(page(&[("dnt", "0")]), (Class::Human, true));
    }
}
