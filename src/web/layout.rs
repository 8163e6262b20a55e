//! The frame of every page: whom it is for, in which language, and where in the house one is.

use super::asks::Asks;
use super::assets;
use super::icons::{Icon, icon};
use super::words::Words;
use crate::domain::accessibility::{self, Settings};
use crate::domain::languages;
use crate::domain::users::{self, Role, User};
use crate::error::Result;
use crate::http::{Caller, Response};
use crate::store::Read;
use crate::store::tx::Named;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

/// A place of the app, as the rail shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Place {
    Cards,
    Leads,
    Shares,
    Saved,
    Credits,
    Progress,
    Profile,
    Settings,
    Admin,
}

impl Place {
    /// As the rail lists them.
    const ALL: [Self; 9] = [
        Self::Cards,
        Self::Leads,
        Self::Shares,
        Self::Saved,
        Self::Credits,
        Self::Progress,
        Self::Profile,
        Self::Settings,
        Self::Admin,
    ];

    /// Whether a phone's bar has room for it; the settings lead to the others.
    const fn is_in_bar(self) -> bool {
        matches!(self, Self::Cards | Self::Leads | Self::Shares | Self::Profile | Self::Settings)
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Cards => "/cards",
            Self::Leads => "/leads",
            Self::Shares => "/shares",
            Self::Saved => "/saved",
            Self::Credits => "/credits",
            Self::Progress => "/progress",
            Self::Profile => "/profile",
            Self::Settings => "/settings",
            Self::Admin => "/admin",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Cards => Icon::Card,
            Self::Leads => Icon::Inbox,
            Self::Shares => Icon::Share,
            Self::Saved => Icon::Star,
            Self::Credits => Icon::Coins,
            Self::Progress => Icon::Spark,
            Self::Profile => Icon::Person,
            Self::Settings => Icon::Settings,
            Self::Admin => Icon::Admin,
        }
    }

    const fn name(self, words: &Words) -> &'static str {
        let shell = &words.shell;
        match self {
            Self::Cards => shell.cards,
            Self::Leads => shell.leads,
            Self::Shares => shell.shares,
            Self::Saved => shell.saved,
            Self::Credits => shell.credits,
            Self::Progress => shell.progress,
            Self::Profile => shell.profile,
            Self::Settings => shell.settings,
            Self::Admin => shell.admin,
        }
    }
}

/// A page without its frame.
#[derive(Debug)]
pub struct Sheet {
    title: String,
    content: Markup,
    place: Option<Place>,
    note: Option<String>,
    scripts: &'static [&'static str],
    style: String,
}

impl Sheet {
    /// A page of this title.
    pub fn new(title: impl Into<String>, content: Markup) -> Self {
        let (title, style) = (title.into(), String::new());
        Self { title, content, place: None, note: None, scripts: &[], style }
    }

    /// In this place, which the rail marks.
    #[must_use]
    pub const fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// With what has just been done, which a screen reader reads first.
    #[must_use]
    pub fn note(mut self, note: Option<impl Into<String>>) -> Self {
        self.note = note.map(Into::into);
        self
    }

    /// With these modules of ours, beside the one that every page has.
    #[must_use]
    pub const fn scripts(mut self, scripts: &'static [&'static str]) -> Self {
        self.scripts = scripts;
        self
    }

    /// With rules of its own: colours that somebody chose. Allowed by their hash.
    #[must_use]
    pub fn style(mut self, style: String) -> Self {
        self.style = style;
        self
    }
}

/// Whom pages are for.
#[derive(Debug)]
pub struct Frame {
    /// The texts, in the person's language.
    pub words: &'static Words,
    /// The person, if one is signed in.
    pub person: Option<User>,
    settings: Settings,
}

impl Frame {
    /// The frame for whoever calls, as the person needs it.
    pub fn of(asks: &Asks, read: &Read<'_>, who: &Caller) -> Result<Self> {
        let Caller::Member(member) = who else { return Ok(Self::anonymous(asks)) };
        let language = languages::of(read, member.user)?.unwrap_or(asks.language);
        Ok(Self {
            words: Words::of(language),
            person: Some(users::find(read, member.user)?),
            settings: accessibility::of(read, member.user)?.settings,
        })
    }

    /// The frame for anybody.
    pub fn anonymous(asks: &Asks) -> Self {
        Self { words: Words::of(asks.language), person: None, settings: Settings::default() }
    }

    /// Whether keys of one character do something.
    pub const fn has_keys(&self) -> bool {
        !self.settings.no_character_keys
    }

    /// A page of the app: with the rail for whoever is signed in, else a single sheet.
    pub fn page(&self, status: u16, sheet: &Sheet) -> Response {
        let words = self.words;
        let content = html! {
            @if let Some(note) = &sheet.note {
                p.note role="status" { (icon(Icon::Check)) (note) }
            }
            (sheet.content)
        };
        let body = html! {
            @if let Some(person) = &self.person {
                body.app {
                    a.skip href="#content" { (words.shell.skip) }
                    (rail(words, person, sheet.place))
                    main #content tabindex="-1" { (content) }
                }
            } @else {
                body.alone { main #content { (content) } }
            }
        };
        self.document(status, sheet, &body)
    }

    fn document(&self, status: u16, sheet: &Sheet, body: &Markup) -> Response {
        let words = self.words;
        let needs = &self.settings;
        let scale = needs.text_scale * if needs.large_text { 1.25 } else { 1.0 };
        // In steps of five hundredths, for each of which there is a rule: a page has no style of its own.
        let scale = format!("{}", (scale * 20.0).round() * 5.0);
        let page = html! {
            (DOCTYPE)
            html lang=(words.language.name())
                data-contrast=[needs.high_contrast.then_some("high")]
                data-motion=[needs.reduced_motion.then_some("reduced")]
                data-font=[needs.dyslexia_font.then_some("dyslexia")]
                data-keys=[needs.no_character_keys.then_some("off")]
                data-scale=[(scale != "100").then_some(scale)] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    title { (sheet.title) " · Cardinal" }
                    link rel="stylesheet" href=(assets::path("app.css"));
                    link rel="icon" href=(assets::path("icon.svg")) type="image/svg+xml";
                    link rel="apple-touch-icon" href=(assets::path("icon-180.png"));
                    link rel="manifest" href="/manifest.webmanifest";
                    meta name="theme-color" media="(prefers-color-scheme: light)" content="#fdf9f8";
                    meta name="theme-color" media="(prefers-color-scheme: dark)" content="#120e0d";
                    @if !sheet.style.is_empty() { style { (PreEscaped(&sheet.style)) } }
                    // It tells times in the reader's zone before anything is painted, or tables would move.
                    script type="module" src=(assets::path("app.js")) blocking="render" {}
                    @for script in sheet.scripts {
                        script type="module" src=(assets::path(script)) {}
                    }
                }
                (body)
            }
        };
        Response::bytes(status, "text/html; charset=utf-8", page.into_string().into_bytes())
            .with("Content-Security-Policy", policy(&sheet.style))
            .with("Content-Language", words.language.name())
            .with("Vary", "Accept-Language, Cookie")
            // Nobody else learns where somebody was. With `no-referrer` a browser would not even tell us: it sends
            // forms with `Origin: null` then (Fetch, "append a request Origin header"), like another site's.
            .with("Referrer-Policy", "same-origin")
    }
}

/// What a page may load: what this server has, and the rules that stand in it.
fn policy(style: &str) -> String {
    let own = if style.is_empty() { String::new() } else { format!(" {}", hash_source(style)) };
    format!(
        "default-src 'none'; style-src 'self'{own}; script-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// How a policy allows a text that stands in the page: by its hash (CSP 3 §2.3.1).
pub fn hash_source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn rail(words: &Words, person: &User, here: Option<Place>) -> Markup {
    let places = Place::ALL.iter().filter(|p| **p != Place::Admin || person.role == Role::Admin);
    html! {
        header.rail {
            a.brand href="/cards" { (mark()) span { "Cardinal" } }
            nav aria-label=(words.shell.places) {
                ul {
                    @for place in places {
                        li.wide[!place.is_in_bar()] {
                            a href=(place.path()) aria-current=[(here == Some(*place)).then_some("page")] {
                                (icon(place.icon())) span { (place.name(words)) }
                            }
                        }
                    }
                }
            }
            div.me {
                span.name { (person.display_name) }
                form method="post" action="/logout" {
                    button.plain { (words.shell.sign_out) }
                }
            }
        }
    }
}

/// The mark: a card with a folded corner.
pub fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" focusable="false" {
            path d="M4 6.5A2.5 2.5 0 016.5 4H15l5 5v8.5a2.5 2.5 0 01-2.5 2.5h-11A2.5 2.5 0 014 17.5z" {}
            path.fold d="M15 4v5h5z" {}
        }
    }
}
