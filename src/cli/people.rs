//! `cardinal user` and `cardinal token`: beside a running server or without one.

use super::options::{DataDir, public_url};
use crate::config::{Limits, PasswordCost};
use crate::domain::tokens::{NewToken, Scope, Scopes};
use crate::domain::users::{self, Role, User};
use crate::domain::{passwords, resets, tokens};
use crate::error::{Error, Result};
use crate::http::sign_up;
use crate::id::{Token, TokenKind};
use crate::store::Read;
use crate::store::tx::Named;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use std::io::{self, BufRead, IsTerminal};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add a person
    Add(AddUser),
    /// List everybody
    List(DataDir),
    /// Lock a person out: logins and tokens end with it
    Disable {
        /// The person's e-mail address
        email: String,
        #[command(flatten)]
        data: DataDir,
    },
    /// Make a link that sets a new password, and print it: it works once, for an hour, and ends the one before
    ResetLink {
        /// The person's e-mail address
        email: String,
        /// Address people reach the server by
        #[arg(long, env = "CARDINAL_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
        #[arg(default_value = "http://127.0.0.1:8080")]
        public_url: String,
        #[command(flatten)]
        data: DataDir,
    },
}

#[derive(Debug, Args)]
pub(super) struct AddUser {
    /// The person's e-mail address
    email: String,
    /// Public short name; made from the name if absent
    #[arg(long)]
    handle: Option<String>,
    /// Name as shown
    #[arg(long)]
    name: String,
    /// What the person may do
    #[arg(long, default_value = "member", value_parser = ["member", "admin"])]
    role: String,
    /// Tier to start with
    #[arg(long, env = "CARDINAL_DEFAULT_TIER", value_name = "TIER", default_value = "standard")]
    default_tier: String,
    /// Read the password from standard input, without asking
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    data: DataDir,
}

pub(super) fn user(command: UserCommand) -> Result<ExitCode> {
    match command {
        UserCommand::Add(add) => add.run(),
        UserCommand::List(data) => {
            for user in data.open()?.read(users::list)? {
                let state = if user.disabled.is_some() { "disabled" } else { "" };
                let (role, name) = (user.role.name(), &user.display_name);
                anstream::println!("{}\t{}\t{role}\t{name}\t{state}", user.email, user.handle);
            }
            Ok(ExitCode::SUCCESS)
        }
        UserCommand::Disable { email, data } => {
            let told = email.clone();
            data.open()?.write::<_, Error, _>(move |tx| {
                let user = find(tx, &email)?;
                users::disable(tx, user.id)
            })?;
            anstream::println!("{told} is disabled.");
            Ok(ExitCode::SUCCESS)
        }
        UserCommand::ResetLink { email, public_url, data } => {
            let life = Limits::default().reset_life;
            let link = data.open()?.write::<_, Error, _>(move |tx| {
                let user = find(tx, &email)?;
                resets::create(tx, user.id, life)
            })?;
            anstream::println!("{}", link.url(&public_url));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn find(read: &Read<'_>, email: &str) -> Result<User> {
    users::find_by_email(read, email).map_err(|fault| match fault {
        Error::NotFound(_) => Error::internal(format!("there is nobody with the address {email}")),
        fault => fault,
    })
}

impl AddUser {
    fn run(self) -> Result<ExitCode> {
        let password = read_password(self.password_stdin)?;
        let mut asked = Map::new();
        asked.insert("email".into(), json!(self.email));
        asked.insert("display_name".into(), json!(self.name));
        asked.insert("password".into(), Value::String(password));
        if let Some(handle) = &self.handle {
            asked.insert("handle".into(), json!(handle));
        }
        sign_up::SHAPE.check(&asked)?;
        let role = Role::from_name(&self.role).unwrap_or(Role::Member);
        let (new, password) = sign_up::read(&asked, role)?;
        let hash = passwords::hash(&password, PasswordCost::default())?;
        let (store, tier) = (self.data.open_or_make()?, self.default_tier);
        let made = store.write::<_, Error, _>(move |tx| {
            crate::domain::slugs::reserve_words(tx)?;
            let user = users::create(tx, &new, &tier)?;
            passwords::create(tx, user.id, &hash)?;
            Ok(user)
        })?;
        anstream::println!("{} ({}) was added as {}.", made.email, made.handle, made.role.name());
        Ok(ExitCode::SUCCESS)
    }
}

fn read_password(quietly: bool) -> Result<String> {
    let stdin = io::stdin();
    if stdin.is_terminal() && !quietly {
        return rpassword::prompt_password("Password: ").map_err(Error::internal);
    }
    if !quietly {
        return Err(Error::internal("give the password on standard input, with --password-stdin"));
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line).map_err(Error::internal)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make an API token and print it: the only time it is shown
    Add(AddToken),
}

#[derive(Debug, Args)]
pub(super) struct AddToken {
    /// E-mail address of its owner
    email: String,
    /// What to call it
    #[arg(long)]
    name: String,
    /// What it may do; may be given several times
    #[arg(long, required = true, num_args = 1.., value_delimiter = ',')]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(Scope::WORDS))]
    scope: Vec<String>,
    /// Days it lives; for good if absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3_650))]
    expires_in_days: Option<u32>,
    #[command(flatten)]
    data: DataDir,
}

pub(super) fn token(command: TokenCommand) -> Result<ExitCode> {
    let TokenCommand::Add(add) = command;
    let name = add.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > tokens::NAME_MAX {
        return Err(Error::invalid("--name", "length", "must have 1 to 100 characters"));
    }
    let scopes = add.scope.iter().filter_map(|scope| Scope::from_name(scope));
    let scopes = scopes.fold(Scopes::default(), Scopes::with);
    let new = NewToken { name, scopes, expires_in_days: add.expires_in_days };
    let (secret, email) = (Token::new(TokenKind::Api), add.email);
    let stored = secret.clone();
    add.data.open()?.write::<_, Error, _>(move |tx| {
        let owner = find(tx, &email)?;
        tokens::create(tx, owner.id, &new, &stored)
    })?;
    anstream::println!("{}", secret.reveal());
    Ok(ExitCode::SUCCESS)
}
