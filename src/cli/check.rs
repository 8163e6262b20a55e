//! `cardinal check`: what a database says of itself.

use super::options::DataDir;
use crate::domain::audits::{self, AUDITS, Finding};
use crate::error::Result;
use std::process::ExitCode;

pub(super) fn run(dir: &DataDir) -> Result<ExitCode> {
    let store = dir.open()?;
    let mut sound =
        tell("integrity", "pages, indexes and foreign keys", &store.read(audits::integrity)?);
    for audit in AUDITS {
        sound &= tell(audit.name, audit.holds, &store.read(|read| audits::ask(read, audit))?);
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

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
