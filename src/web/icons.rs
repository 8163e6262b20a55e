//! The icons: one set, drawn on 24 by 24 with strokes of 1.5. An icon stands beside a word, which is what a
//! screen reader reads.

use maud::{Markup, html};

/// An icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Icon {
    Add,
    Admin,
    Bell,
    Book,
    Briefcase,
    Building,
    Calendar,
    Card,
    Chart,
    Check,
    Clock,
    Close,
    Coins,
    Copy,
    Down,
    Download,
    Drag,
    Edit,
    External,
    Eye,
    Flag,
    Globe,
    Inbox,
    Key,
    Link,
    Mail,
    Menu,
    Message,
    More,
    Pause,
    Person,
    Phone,
    Pin,
    Play,
    Qr,
    Refresh,
    Search,
    Settings,
    Share,
    Spark,
    Star,
    Trash,
    Up,
    Users,
    Warning,
    Webhook,
}

impl Icon {
    /// Its strokes.
    #[expect(clippy::too_many_lines, reason = "a list")]
    const fn path(self) -> &'static str {
        match self {
            Self::Add => "M12 5v14M5 12h14",
            Self::Admin => "M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.8-1.4-8-4.5-8-9V6zM9 12l2 2 4-4",
            Self::Bell => "M6 16V11a6 6 0 0112 0v5l1.5 2h-15zM10 21h4",
            Self::Book => "M5 4h11a3 3 0 013 3v13H8a3 3 0 01-3-3zM5 17a3 3 0 013-3h11",
            Self::Briefcase => "M4 8h16v11H4zM9 8V5h6v3M4 13h16",
            Self::Building => "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3",
            Self::Calendar => "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
            Self::Card => "M3 6.500h18v11H3zM7 14h5M7 10.500h2",
            Self::Chart => "M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6",
            Self::Check => "M5 12.500l4.5 4.500L19 7.5",
            Self::Clock => "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Coins => {
                "M9 5c3.3 0 6 1.1 6 2.500S12.3 10 9 10 3 8.9 3 7.5 5.7 5 9 5z\
                 M3 7.500V12c0 1.4 2.7 2.5 6 2.500M3 12v4.500C3 17.9 5.7 19 9 19\
                 M15 11c3.3 0 6 1.1 6 2.500S18.3 16 15 16s-6-1.1-6-2.5 2.7-2.5 6-2.500z\
                 M9 13.500V18c0 1.4 2.7 2.5 6 2.500s6-1.1 6-2.500v-4.5"
            }
            Self::Copy => "M9 9h11v11H9zM15 9V4H4v11h5",
            Self::Down => "M6 9l6 6 6-6",
            Self::Download => "M12 4v11M7.5 11l4.5 4.500L16.5 11M4 20h16",
            Self::Drag => "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
            Self::Edit => "M4 20l1-4L16.5 4.500l3 3L8 19zM14 7l3 3",
            Self::External => "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
            Self::Eye => {
                "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z\
                 M12 9a3 3 0 100 6 3 3 0 000-6z"
            }
            Self::Flag => "M5 21V4h12l-2.5 4L17 12H5",
            Self::Globe => {
                "M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18\
                 M12 3c2.5 2.6 3.7 5.6 3.7 9S14.5 18.4 12 21c-2.5-2.6-3.7-5.6-3.7-9S9.5 5.6 12 3z"
            }
            Self::Inbox => "M4 13l3-8h10l3 8v6H4zM4 13h4.500l1.5 2.500h4l1.5-2.500H20",
            Self::Key => {
                "M8 11a4 4 0 100 8 4 4 0 000-8zM11 12.500L20 3.500M16.5 7l3 3M14 9.500l2 2"
            }
            Self::Link => {
                "M10 14a4 4 0 005.7 0l3.5-3.500a4 4 0 00-5.7-5.700L12 6.300\
                 M14 10a4 4 0 00-5.7 0l-3.5 3.500a4 4 0 005.7 5.700L12 17.7"
            }
            Self::Mail => "M3 6h18v12H3zM3.5 6.500L12 13l8.5-6.5",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Message => "M4 5h16v11H11l-4.5 4v-4H4z",
            Self::More => "M5 12h.01M12 12h.01M19 12h.01",
            Self::Pause => "M9 6v12M15 6v12",
            Self::Person => {
                "M12 4a4 4 0 100 8 4 4 0 000-8zM4.5 20c.8-3.7 3.7-5.5 7.5-5.500s6.7 1.8 7.5 5.5"
            }
            Self::Phone => {
                "M6 3.500h3l1.5 5-2 1.500c1 2.3 2.7 4 5 5l1.5-2 5 1.500v3c0 1.4-1.1 2.5-2.5 2.500C10 \
                 20 4 14 3.5 6 3.5 4.6 4.6 3.5 6 3.500z"
            }
            Self::Pin => {
                "M12 21s7-6.2 7-11.500a7 7 0 00-14 0C5 14.8 12 21 12 21z\
                 M12 7a2.5 2.5 0 100 5 2.5 2.5 0 000-5z"
            }
            Self::Play => "M8 5.500v13l10.5-6.500z",
            Self::Qr => {
                "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.500v2.500H14zM20 14v2.500M14 20h2.500\
                 M20 20h-.01M17.5 17.500h2.5"
            }
            Self::Refresh => {
                "M20 5v5h-5M4 19v-5h5M19.5 10A8 8 0 005.7 7.500M4.5 14a8 8 0 0013.8 2.5"
            }
            Self::Search => "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.500L20.5 20.5",
            Self::Settings => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M15 5a2 2 0 100 4 2 2 0 000-4z\
                 M9 15a2 2 0 100 4 2 2 0 000-4z"
            }
            Self::Share => {
                "M17 4a2.5 2.5 0 100 5 2.5 2.5 0 000-5zM7 9.500a2.5 2.5 0 100 5 2.5 2.5 0 000-5z\
                 M17 15a2.5 2.5 0 100 5 2.5 2.5 0 000-5zM9.2 10.900l5.6-3.200M9.2 13.100l5.6 3.2"
            }
            Self::Spark => "M12 3l2 6.500L20.5 12 14 14l-2 7-2-7-6.5-2L10 9.500z",
            Self::Star => "M12 4l2.5 5.2 5.5.8-4 4 1 5.8-5-2.8-5 2.8 1-5.8-4-4 5.5-.8z",
            Self::Trash => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
            Self::Up => "M6 15l6-6 6 6",
            Self::Users => {
                "M9 5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM2.5 19c.6-3.2 3-5 6.5-5s5.9 1.8 6.5 5\
                 M16 5.200a3.5 3.5 0 010 6.600M17.5 14.300c2.2.6 3.6 2.2 4 4.7"
            }
            Self::Warning => "M12 4l9 16H3zM12 10v5M12 17.500v.01",
            Self::Webhook => {
                "M9 8a3.5 3.5 0 116 2.500l3 5M12 8l-4 7.500M6.5 13a3.5 3.5 0 103.5 4h6\
                 M17.5 14a3.5 3.5 0 11-2 6.4"
            }
        }
    }
}

/// An icon, beside its word.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false" {
            path d=(icon.path()) {}
        }
    }
}
