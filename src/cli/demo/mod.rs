//! `cardinal demo`: a scratch database with people, cards, leads, shares and credits, served until a signal ends it.

mod guests;
mod life;

use guests::{GUESTS, Guest};

use super::logging::Logging;
use super::serve::{Signals, prepare};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::cards::{self, CardId, Content, LeadRouting, NewCard, Visibility};
use crate::domain::links::NewLink;
use crate::domain::passwords;
use crate::domain::profiles::{self, Section};
use crate::domain::tokens::{self, NewToken, Scope, Scopes};
use crate::domain::users::{self, NewUser, Role, UserId};
use crate::error::{Error, Result};
use crate::id::{Token, TokenKind};
use crate::instance::Instance;
use crate::store::Tx;
use crate::store::tx::Named;
use clap::Args;
use serde_json::json;
use std::net::SocketAddr;
use std::process::ExitCode;
use tracing_subscriber::filter::LevelFilter;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "CARDINAL_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

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

/// What every guest signs in with.
const PASSWORD: &str = "cards on the table";

/// Makes the guests and what they have been up to; the token is the first one's.
fn fill(instance: &Instance) -> Result<Token> {
    let secret = Token::new(TokenKind::Api);
    let stored = secret.clone();
    let state = instance.state();
    let hash = passwords::hash(PASSWORD, state.config.password_cost)?;
    state.store.write::<_, Error, _>(move |tx| {
        let mut guests = Vec::new();
        for (n, guest) in GUESTS.iter().enumerate() {
            let role = if n == 0 { Role::Admin } else { Role::Member };
            let (user, cards) = invite(tx, guest, role)?;
            passwords::create(tx, user, &hash)?;
            if n == 0 {
                let scopes =
                    Scope::NAMES.iter().fold(Scopes::default(), |all, (s, _)| all.with(*s));
                let new = NewToken { name: "demo".into(), scopes, expires_in_days: None };
                tokens::create(tx, user, &new, &stored)?;
            }
            guests.push((user, cards));
        }
        life::live(tx, &guests)
    })?;
    Ok(secret)
}

fn invite(tx: &Tx<'_>, guest: &Guest, role: Role) -> Result<(UserId, Vec<CardId>)> {
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
    let mut made = Vec::new();
    for (at, (name, template, colour, links)) in guest.cards.iter().enumerate() {
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
            design_config: json!({"primary_color": colour}).to_string(),
            visibility: Visibility::Public,
            // The second card of whoever has one is the team's.
            lead_routing: if at == 0 { LeadRouting::Owner } else { LeadRouting::Team },
        };
        let links = links.iter().map(link).collect();
        let new = NewCard { slug: None, content, links };
        made.push(cards::create(tx, user.id, &new)?.id);
    }
    Ok((user.id, made))
}

fn tell(url: &str, token: &Token) {
    let token = token.reveal();
    anstream::println!(
        "\x1b[1mCardinal's demo\x1b[0m serves {url} from a scratch database; Ctrl-C ends both.

Sign in there as ada@example.org, grace@example.org, li-lei@example.org or layla@example.org; everybody's
password is: {PASSWORD}

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
