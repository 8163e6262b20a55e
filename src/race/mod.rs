//! `cardinal race`: every invariant attacked over real HTTP by many clients at once, and what they left
//! behind read back from the database. Ours is the program itself; `naive` is the same product made the way
//! the seeds warn of, behind the same server, and breaks under the same scenarios. The scenarios are
//! written once (`scenarios`); what they are run against is a `Target`. Nothing here is part of
//! the served program.

#![expect(
    clippy::indexing_slicing,
    reason = "only JSON is indexed here, and a member that is not there is null"
)]

pub mod tally;
mod target;
mod crowd;
mod round;
pub mod scenarios;
pub mod table;
mod ours;
mod receiver;
mod naive;

use crate::clock::Instant;
use crate::error::Result;
use crowd::Crowd;
use ours::Ours;
use round::Round;
use scenarios::Scenario;
use std::ops::ControlFlow;
use std::time::Duration;
use tally::Tally;
use target::Target;

/// How long each scenario goes on.
#[derive(Debug, Clone, Copy)]
pub enum Effort {
    /// So many rounds.
    Rounds(u32),
    /// New rounds until so much time has passed; at least one.
    Time(Duration),
}

/// Which way is attacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// This program.
    Ours,
    /// The seeds' way: look, then act.
    Naive,
}

/// What to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The scenarios, in this order.
    pub scenarios: Vec<&'static Scenario>,
    /// What they are run against.
    pub way: Way,
    /// Clients that act at once.
    pub clients: usize,
    /// How long each scenario goes on.
    pub effort: Effort,
}

/// What one scenario came to.
#[derive(Debug)]
pub struct Verdict {
    /// The scenario.
    pub scenario: &'static Scenario,
    /// What was counted.
    pub tally: Tally,
}

/// How far a run is: told before and after each round.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The scenario that is run.
    pub scenario: &'static Scenario,
    /// Thousandths of the whole plan.
    pub permille: u64,
}

/// Runs a plan. `watch` is told how far it is, and may end it early; what was counted until then is
/// returned all the same.
pub fn run(
    plan: &Plan,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Vec<Verdict>> {
    let mut verdicts = Vec::with_capacity(plan.scenarios.len());
    for (done, scenario) in plan.scenarios.iter().copied().enumerate() {
        let mut told = |share: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a share of at most 1 of a handful of scenarios"
            )]
            let permille =
                ((done as f64 + share.min(1.0)) * 1_000.0 / plan.scenarios.len() as f64) as u64;
            watch(Progress { scenario, permille })
        };
        let (tally, flow) = attack(plan, scenario, &mut told)?;
        verdicts.push(Verdict { scenario, tally });
        if flow.is_break() {
            break;
        }
    }
    Ok(verdicts)
}

/// Runs one scenario on a scratch database of its own, and at the end asks that for everything that must
/// hold in it.
fn attack(
    plan: &Plan,
    scenario: &'static Scenario,
    told: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<(Tally, ControlFlow<()>)> {
    let mut tally = Tally::default();
    let mut flow = told(0.0);
    let mut ground = Ground::lay(plan, scenario)?;
    let began = Instant::now();
    let mut number = 0;
    while flow.is_continue() {
        if scenario.stage.fresh && number > 0 {
            ground = Ground::lay(plan, scenario)?;
        }
        let (target, crowd) = (&*ground.target, &mut ground.crowd);
        (scenario.round)(&mut Round { target, crowd, tally: &mut tally, number })?;
        number += 1;
        let share = match plan.effort {
            Effort::Rounds(rounds) => f64::from(number) / f64::from(rounds),
            Effort::Time(time) => began.elapsed().as_secs_f64() / time.as_secs_f64(),
        };
        flow = told(share);
        if share >= 1.0 || scenario.stage.fresh || flow.is_break() {
            for fault in ground.target.audit()? {
                tally.broken(1, || fault);
            }
        }
        if share >= 1.0 {
            break;
        }
    }
    Ok((tally, flow))
}

/// A running server, and the clients in front of it.
struct Ground {
    // The clients go first: a server that stops waits for nobody then.
    crowd: Crowd,
    target: Box<dyn Target>,
}

impl Ground {
    fn lay(plan: &Plan, scenario: &Scenario) -> Result<Self> {
        let target: Box<dyn Target> = match plan.way {
            Way::Ours => Box::new(Ours::start(&scenario.stage)?),
            Way::Naive => Box::new(naive::Naive::start(&scenario.stage)?),
        };
        Ok(Self { crowd: Crowd::gather(plan.clients, target.address())?, target })
    }
}
