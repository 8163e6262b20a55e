//! `cardinal serve`: until a signal ends it.

use super::logging::Logging;
use super::options::ServeOptions;
use crate::clock::Clock;
use crate::domain::users;
use crate::error::{Error, Result};
use crate::id::{Token, TokenKind};
use crate::instance::Instance;
use crate::server::raise_open_files_limit;
use signal_hook::consts::{SIGINT, SIGTERM};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub(super) fn run(options: ServeOptions) -> Result<ExitCode> {
    let logging = Logging::start(options.log).map_err(Error::internal)?;
    let ended = serve(options);
    drop(logging);
    ended
}

fn serve(options: ServeOptions) -> Result<ExitCode> {
    let signals = Signals::catch()?;
    prepare();
    let instance = Instance::start(options.config(), Clock::system())?;
    anstream::println!(
        "\x1b[1mCardinal {}\x1b[0m serves {}",
        env!("CARGO_PKG_VERSION"),
        instance.state().public_url
    );
    offer_set_up(&instance)?;
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

/// Prints the link that makes the first admin, while there is none.
fn offer_set_up(instance: &Instance) -> Result<()> {
    let state = instance.state();
    if state.store.read(users::has_admin)? {
        return Ok(());
    }
    let token = Token::new(TokenKind::SetUp);
    state.offer_set_up(&token);
    anstream::println!("\nNobody runs it yet. This link makes you its admin, once:\n");
    anstream::println!("  \x1b[4m{}/setup?token={}\x1b[0m\n", state.public_url, token.reveal());
    Ok(())
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
