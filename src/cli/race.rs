//! `cardinal race`
use crate::error::Result;
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Attack the naive way instead
    #[arg(long)]
    naive: bool,
}

pub(super) fn run(_options: &Options) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
