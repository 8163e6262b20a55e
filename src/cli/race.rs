//! `cardinal race`: the proof, run by whoever wants to see it.

use super::logging::Logging;
use super::serve::prepare;
use crate::clock::Instant;
use crate::error::{Error, Result};
use crate::race::scenarios::{SCENARIOS, Scenario};
use crate::race::{self, Effort, Plan, Progress, Verdict, Way, table};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use indicatif::{ProgressBar, ProgressStyle};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tracing_subscriber::filter::LevelFilter;

const ABOUT: &str = "\
Starts a server on a scratch database, on a free port of this machine, as durable as `serve` has it; \
lets many clients act at once, each on a connection of its own; and judges what they were answered and \
what stands in the database then. Exits with 1 if an invariant was violated.

With --naive the same scenarios attack the same product made the usual way: look first, then act. Its \
violations show that the scenarios find what they look for.";

/// What `cardinal race` takes.
#[derive(Debug, Args)]
#[command(after_help = ABOUT)]
pub(super) struct Options {
    /// Attack the naive way instead: violations, and exit code 1, are to be expected
    #[arg(long)]
    naive: bool,
    /// Clients that act at once
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(2..=256))]
    clients: u16,
    /// Seconds for all scenarios together; the round that is on is finished
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// So many rounds of each scenario, however long they take
    #[arg(long, value_name = "N", conflicts_with = "seconds", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,
    /// Only this scenario; may be given several times
    #[arg(long, value_name = "SCENARIO", hide_possible_values = true, value_parser = scenario())]
    only: Vec<&'static Scenario>,
    /// List the scenarios and what each is about
    #[arg(long)]
    list: bool,
}

fn scenario() -> impl TypedValueParser<Value = &'static Scenario> {
    PossibleValuesParser::new(SCENARIOS.iter().map(|scenario| scenario.name))
        .try_map(|name| Scenario::named(&name).ok_or("there is no such scenario"))
}

pub(super) fn run(options: &Options) -> Result<ExitCode> {
    /// As clap reports arguments that are not understood.
    const USAGE: u8 = 2;
    /// As shells report a process ended by SIGINT.
    const INTERRUPTED: u8 = 130;
    if options.list {
        list();
        return Ok(ExitCode::SUCCESS);
    }
    let plan = options.plan();
    if plan.scenarios.is_empty() {
        anstream::eprintln!("\x1b[1;31merror:\x1b[0m the seeds have no naive way of doing this");
        return Ok(ExitCode::from(USAGE));
    }
    let logging = Logging::start(LevelFilter::ERROR).map_err(Error::internal)?;
    prepare();
    let began = Instant::now();
    let (verdicts, is_whole) = attack(&plan)?;
    drop(logging);
    anstream::println!("{}", table::render(&verdicts));
    let code = conclude(&plan, &verdicts, began.elapsed());
    Ok(if is_whole { code } else { ExitCode::from(INTERRUPTED) })
}

impl Options {
    fn plan(&self) -> Plan {
        let way = if self.naive { Way::Naive } else { Way::Ours };
        let asked = |scenario: &Scenario| {
            self.only.is_empty() || self.only.iter().any(|only| only.name == scenario.name)
        };
        let possible = |scenario: &Scenario| way == Way::Ours || scenario.has_naive;
        let scenarios: Vec<_> =
            SCENARIOS.iter().filter(|scenario| asked(scenario) && possible(scenario)).collect();
        let count = u32::try_from(scenarios.len().max(1)).unwrap_or(u32::MAX);
        let effort = match self.rounds {
            Some(rounds) => Effort::Rounds(rounds),
            None => Effort::Time(Duration::from_secs(self.seconds.into()) / count),
        };
        Plan { scenarios, way, clients: self.clients.into(), effort }
    }
}

fn list() {
    for scenario in SCENARIOS {
        let only_ours = if scenario.has_naive { "" } else { " (no naive way)" };
        anstream::println!(
            "\x1b[1m{:<14}\x1b[0m {}\x1b[2m{only_ours}\x1b[0m",
            scenario.name,
            scenario.holds
        );
    }
}

/// Runs the plan behind a progress bar, which a file or a pipe does not get to see. A signal ends it after
/// the round that is on, so that the scratch database is cleared away and what was counted is told; false
/// then.
fn attack(plan: &Plan) -> Result<(Vec<Verdict>, bool)> {
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted)).map_err(Error::internal)?;
    }
    let style = ProgressStyle::with_template("{msg:<14} {bar:40.green} {percent:>3} %");
    let bar = ProgressBar::new(1_000).with_style(style.map_err(Error::internal)?);
    let verdicts = race::run(plan, &mut |progress: Progress| {
        bar.set_message(progress.scenario.name);
        bar.set_position(progress.permille);
        if interrupted.load(Ordering::Acquire) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    Ok((verdicts?, !interrupted.load(Ordering::Acquire)))
}

/// Says what it comes to.
fn conclude(plan: &Plan, verdicts: &[Verdict], took: Duration) -> ExitCode {
    let sum = |part: fn(&Verdict) -> u64| verdicts.iter().map(part).sum::<u64>();
    let attempts = sum(|verdict| verdict.tally.attempts);
    let violations = sum(|verdict| verdict.tally.violations);
    let by = format!(
        "in {attempts} attempts by {} clients in {:.1} s",
        plan.clients,
        took.as_secs_f64()
    );
    match (violations, plan.way) {
        (0, Way::Ours) => anstream::println!("\n\x1b[1;32mNo violation\x1b[0m {by}."),
        (0, Way::Naive) => {
            anstream::println!(
                "\nNo violation {by}: luck. More --clients or --seconds will show them."
            );
        }
        (_, Way::Ours) => anstream::println!("\n\x1b[1;31m{violations} violations\x1b[0m {by}."),
        (_, Way::Naive) => anstream::println!(
            "\n\x1b[1;31m{violations} violations\x1b[0m {by}, as expected: this is the naive way, which \
             looks first and acts then.\nRun it without --naive to see the same attacks on this program."
        ),
    }
    if violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
