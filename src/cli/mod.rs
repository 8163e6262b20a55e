//! The command line: what is asked, and the exit code: 0 done, 1 failed, 2 not understood.

mod options;
mod logging;
mod serve;
mod demo;
mod people;
mod check;
mod race;

use crate::error::Result;
use clap::{Parser, Subcommand};
use options::{DataDir, ServeOptions};
use std::ffi::OsString;
use std::process::ExitCode;

/// A digital business-card server: cards, links and leads on your own machine.
#[derive(Debug, Parser)]
#[command(
    name = "cardinal",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Without a command it serves. Every option may stand in the environment as CARDINAL_…"
)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeOptions,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (the same as no command)
    Serve(ServeOptions),
    /// Serve a scratch database filled with people and cards, and say what to try
    Demo(demo::Options),
    /// Prove it: attack every invariant over real HTTP with many clients, and count the violations
    Race(race::Options),
    /// Look after people
    #[command(subcommand)]
    User(people::UserCommand),
    /// Look after API tokens
    #[command(subcommand)]
    Token(people::TokenCommand),
    /// Check a database, served or not: pages, foreign keys and every invariant
    Check(DataDir),
    /// Print the OpenAPI document
    Openapi,
}

/// Runs the program with these arguments, the first of which is its name.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(told) => {
            // Help and version are told here too; only they are no mistakes.
            let code = u8::try_from(told.exit_code()).unwrap_or(2);
            return told.print().map_or(ExitCode::FAILURE, |()| ExitCode::from(code));
        }
    };
    // What is made is the owner's alone from its first moment, also in a folder that others may enter.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    match args.command.unwrap_or(Command::Serve(args.serve)).run() {
        Ok(code) => code,
        Err(fault) => {
            anstream::eprintln!("\x1b[1;31merror:\x1b[0m {fault}");
            ExitCode::FAILURE
        }
    }
}

impl Command {
    fn run(self) -> Result<ExitCode> {
        match self {
            Self::Serve(options) => serve::run(options),
            Self::Demo(options) => demo::run(&options),
            Self::Race(options) => race::run(&options),
            Self::User(command) => people::user(command),
            Self::Token(command) => people::token(command),
            Self::Check(dir) => check::run(&dir),
            Self::Openapi => {
                let document = crate::openapi::document(crate::routes::ROUTES);
                anstream::println!("{document:#}");
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}
