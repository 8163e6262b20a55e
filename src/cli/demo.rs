//! `cardinal demo`: a scratch database with people and cards, served until a signal ends it.

use super::logging::Logging;
use super::serve::{Signals, prepare};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::cards::{self, Content, LeadRouting, NewCard, Template, Visibility};
use crate::domain::links::NewLink;
use crate::domain::profiles::{self, Section};
use crate::domain::tokens::{self, NewToken, Scope, Scopes};
use crate::domain::users::{self, NewUser, Role};
use crate::error::{Error, Result};
use crate::id::{Token, TokenKind};
use crate::instance::Instance;
use crate::store::Tx;
use crate::store::tx::Named;
use clap::Args;
use std::net::SocketAddr;
use std::process::ExitCode;
use tracing_subscriber::filter::LevelFilter;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "CARDINAL_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

/// A person of the demo, with the profile and the cards.
struct Guest {
    name: &'static str,
    handle: &'static str,
    personal: &'static [Says],
    professional: &'static [Says],
    cards: &'static [(&'static str, Template, &'static [Leads])],
}

/// A field of a profile and what it holds; the name is the guest's.
type Says = (&'static str, &'static str);

/// A link: its platform and its address.
type Leads = (&'static str, &'static str);

const GUESTS: &[Guest] = &[
    Guest {
        name: "Ada Lovelace",
        handle: "ada",
        personal: &[
            ("bio", "I write for a machine that is not built yet."),
            ("pronouns", "she/her"),
            ("website", "https://example.org/ada"),
            ("primary_email", "ada@example.org"),
            ("mobile_number", "+44 20 7946 0018"),
        ],
        professional: &[
            ("designation", "Analyst"),
            ("company_name", "Analytical Engines"),
            ("office_address", "1 Dorset Street\nLondon"),
            ("office_hours", "Mon–Fri 9–17"),
        ],
        cards: &[
            (
                "Ada Lovelace",
                Template::PersonalDetailed,
                &[("website", "https://example.org/ada"), ("mail", "mailto:ada@example.org")],
            ),
            ("Analytical Engines", Template::ProfessionalSmall, &[("phone", "tel:+442079460018")]),
        ],
    },
    Guest {
        name: "Grace Hopper",
        handle: "grace",
        personal: &[
            ("bio", "The most dangerous phrase: we have always done it this way."),
            ("website", "https://example.org/grace"),
        ],
        professional: &[
            ("designation", "Rear Admiral"),
            ("department", "Compilers"),
            ("company_name", "US Navy"),
        ],
        cards: &[(
            "Grace Hopper",
            Template::ProfessionalDetailed,
            &[("website", "https://example.org/grace")],
        )],
    },
    Guest {
        name: "李雷",
        handle: "li-lei",
        personal: &[("bio", "你好！")],
        professional: &[("designation", "工程师")],
        cards: &[("李雷", Template::PersonalSmall, &[])],
    },
    Guest {
        name: "ليلى العامري",
        handle: "layla",
        personal: &[("bio", "شاعرة")],
        professional: &[],
        cards: &[("ليلى العامري", Template::Custom, &[])],
    },
];

pub(super) fn run(options: &Options) -> Result<ExitCode> {
    let logging = Logging::start(LevelFilter::WARN).map_err(Error::internal)?;
    let signals = Signals::catch()?;
    prepare();
    let dir =
        tempfile::Builder::new().prefix("cardinal-demo-").tempdir().map_err(Error::internal)?;
    let mut config = Config::new(dir.path());
    config.listen = options.listen;
    let instance = Instance::start(config, Clock::system())?;
    let token = fill(&instance)?;
    tell(&instance.state().public_url, &token);
    signals.wait();
    instance.stop()?;
    drop(logging);
    Ok(ExitCode::SUCCESS)
}

/// Makes the guests; the token is the first one's.
fn fill(instance: &Instance) -> Result<Token> {
    let secret = Token::new(TokenKind::Api);
    let stored = secret.clone();
    instance.state().store.write::<_, Error, _>(move |tx| {
        for (n, guest) in GUESTS.iter().enumerate() {
            let role = if n == 0 { Role::Admin } else { Role::Member };
            let user = invite(tx, guest, role)?;
            if n == 0 {
                let scopes =
                    Scope::NAMES.iter().fold(Scopes::default(), |all, (s, _)| all.with(*s));
                let new = NewToken { name: "demo".into(), scopes, expires_in_days: None };
                tokens::create(tx, user, &new, &stored)?;
            }
        }
        Ok(())
    })?;
    Ok(secret)
}

fn invite(tx: &Tx<'_>, guest: &Guest, role: Role) -> Result<users::UserId> {
    let new = NewUser {
        email: format!("{}@example.org", guest.handle),
        handle: Some(guest.handle.into()),
        display_name: guest.name.into(),
        role,
    };
    let user = users::create(tx, &new, "standard")?;
    for (section, says) in
        [(Section::Personal, guest.personal), (Section::Professional, guest.professional)]
    {
        let said = |field: &&str| match says.iter().find(|(name, _)| name == field) {
            Some((_, text)) => Some((*text).to_owned()),
            None => (*field == "full_name").then(|| guest.name.to_owned()),
        };
        let values = section.fields().iter().map(said).collect();
        profiles::save(tx, user.id, section, 0, values)?;
    }
    for (name, template, links) in guest.cards {
        let link = |(platform, url): &(&str, &str)| NewLink {
            id: None,
            platform: (*platform).into(),
            label: String::new(),
            url: (*url).into(),
        };
        let content = Content {
            name: (*name).into(),
            template: *template,
            fields_config: "{}".into(),
            design_config: "{}".into(),
            visibility: Visibility::Public,
            lead_routing: LeadRouting::Owner,
        };
        let links = links.iter().map(link).collect();
        cards::create(tx, user.id, &NewCard { slug: None, content, links })?;
    }
    Ok(user.id)
}

fn tell(url: &str, token: &Token) {
    let token = token.reveal();
    anstream::println!(
        "\x1b[1mCardinal's demo\x1b[0m serves {url} from a scratch database; Ctrl-C ends both.

Ada's token:

  export TOKEN={token}

Try:

  curl {url}/c/ada-lovelace
  curl -H \"Authorization: Bearer $TOKEN\" {url}/api/cards
  curl -H \"Authorization: Bearer $TOKEN\" -d '{{\"name\": \"My Card\"}}' {url}/api/cards
  curl {url}/c/my-card
"
    );
}
