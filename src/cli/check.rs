//! `cardinal check`: what a database says of itself.

use super::options::DataDir;
use crate::domain::audits::{self, AUDITS, Finding};
use crate::error::Result;
use indicatif::{ProgressBar, ProgressStyle};
use std::process::ExitCode;
use std::time::Duration;

pub(super) fn run(dir: &DataDir) -> Result<ExitCode> {
    let store = dir.open()?;
    // Drawn on a terminal only: a large database takes its time.
    let bar = ProgressBar::new(AUDITS.len() as u64 + 1).with_style(
        ProgressStyle::with_template(LOOKS).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.enable_steady_tick(TICK);
    bar.set_message("integrity");
    let found = store.read(audits::integrity)?;
    let mut sound = bar.suspend(|| tell("integrity", "pages, indexes and foreign keys", &found));
    for audit in AUDITS {
        bar.inc(1);
        bar.set_message(audit.name);
        let found = store.read(|read| audits::ask(read, audit))?;
        sound &= bar.suspend(|| tell(audit.name, audit.holds, &found));
    }
    bar.finish_and_clear();
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

const LOOKS: &str = "{spinner} {bar:24} {pos}/{len} {msg}";
const TICK: Duration = Duration::from_millis(100);

/// Says what was found; whether it is sound.
fn tell(name: &str, holds: &str, finding: &Finding) -> bool {
    let sound = finding.violations == 0;
    let mark = if sound { "\x1b[32mok  \x1b[0m" } else { "\x1b[1;31mFAIL\x1b[0m" };
    anstream::println!("{mark} {name:<16} {holds}");
    for example in &finding.examples {
        anstream::println!("       {example}");
    }
    sound
}
