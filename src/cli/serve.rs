//! `cardinal serve`: until a signal ends it.

use super::logging::Logging;
use super::options::ServeOptions;
use crate::clock::Clock;
use crate::domain::users::{self, UserId};
use crate::error::{Error, Result};
use crate::id::{Token, TokenKind};
use crate::instance::Instance;
use crate::server::raise_open_files_limit;
use signal_hook::consts::{SIGINT, SIGTERM};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub(super) fn run(options: ServeOptions) -> Result<ExitCode> {
    let logging = Logging::start(options.log).map_err(Error::internal)?;
    let ended = serve(options);
    drop(logging);
    ended
}

fn serve(options: ServeOptions) -> Result<ExitCode> {
    let signals = Signals::catch()?;
    prepare();
    let open = options.open;
    let instance = Instance::start(options.config()?, Clock::system())?;
    anstream::println!(
        "\x1b[1mCardinal {}\x1b[0m serves {}",
        env!("CARGO_PKG_VERSION"),
        instance.state().public_url
    );
    tracing::info!("{}", instance.state().config.mail_way());
    let admin = instance.state().store.read(users::first_admin)?;
    let set_up = admin.is_none().then(|| offer_set_up(&instance));
    if open && let Some(link) = set_up.or_else(|| admin.map(|admin| offer_entry(&instance, admin)))
    {
        open_browser(&link);
    }
    signals.wait();
    anstream::println!("Stopping; once more ends at once.");
    instance.stop()?;
    Ok(ExitCode::SUCCESS)
}

/// Room for as many connections as the system allows.
pub(super) fn prepare() {
    if let Err(fault) = raise_open_files_limit() {
        tracing::warn!(%fault, "the limit of open files stays as it is");
    }
}

/// Prints the link that makes the first admin.
fn offer_set_up(instance: &Instance) -> String {
    let state = instance.state();
    let token = Token::new(TokenKind::SetUp);
    state.offer_set_up(&token);
    let link = format!("{}/setup?token={}", state.public_url, token.reveal());
    anstream::println!("\nNobody runs it yet. This link makes you its admin, once:\n");
    anstream::println!("  \x1b[4m{link}\x1b[0m\n");
    link
}

/// How long the link that opens the browser lives: as long as a browser takes to start.
const ENTRY_LIFE: Duration = Duration::from_mins(2);

/// A link that signs in the admin who has been here longest: whoever can start the program on this folder can do
/// anything with it anyway.
fn offer_entry(instance: &Instance, admin: UserId) -> String {
    let state = instance.state();
    let token = Token::new(TokenKind::Entry);
    state.offer_entry(&token, admin, state.store.clock().now().plus(ENTRY_LIFE));
    format!("{}/open?token={}", state.public_url, token.reveal())
}

/// Opens the browser; where there is none, says where to go, and serves all the same.
fn open_browser(link: &str) {
    if let Err(fault) = webbrowser::open(link) {
        anstream::println!(
            "No browser could be opened ({fault}). Go there yourself, within two minutes:\n"
        );
        anstream::println!("  \x1b[4m{link}\x1b[0m\n");
    }
}

/// SIGINT and SIGTERM. The second one ends the process at once, whatever it is doing.
pub(super) struct Signals(signal_hook::iterator::Signals);

impl Signals {
    pub(super) fn catch() -> Result<Self> {
        /// As shells report a process ended by SIGINT.
        const ENDED: i32 = 130;
        let caught = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // In this order: the first signal only sets the flag that the second finds.
            signal_hook::flag::register_conditional_shutdown(signal, ENDED, Arc::clone(&caught))
                .map_err(Error::internal)?;
            signal_hook::flag::register(signal, Arc::clone(&caught)).map_err(Error::internal)?;
        }
        signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).map(Self).map_err(Error::internal)
    }

    pub(super) fn wait(mut self) {
        self.0.forever().next();
    }
}
