//! The queue against a model of it: one job, two workers, any order of what can happen to it.

use cardinal::clock::{Clock, Millis};
use cardinal::config::Config;
use cardinal::domain::jobs::{self, Claim, Job, Lease, NewJob, State};
use cardinal::error::{Error, Result};
use cardinal::store::{Store, Tx};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::time::Duration;
use tempfile::TempDir;

const ATTEMPTS: i64 = 3;
const LEASE: Duration = Duration::from_secs(10);

/// What happens next. Numbers are workers and seconds.
#[derive(Debug, Clone)]
enum Event {
    Claim(usize),
    Complete(usize),
    Heartbeat(usize),
    Fail(usize, Option<u64>),
    Snooze(usize, u64),
    Cancel,
    Retry,
    Reap,
    Pass(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let who = || 0_usize..2;
    prop_oneof![
        4 => who().prop_map(Event::Claim),
        2 => who().prop_map(Event::Complete),
        2 => who().prop_map(Event::Heartbeat),
        2 => (who(), prop::option::of(0_u64..20)).prop_map(|(w, after)| Event::Fail(w, after)),
        1 => (who(), 0_u64..20).prop_map(|(w, pause)| Event::Snooze(w, pause)),
        1 => Just(Event::Cancel),
        1 => Just(Event::Retry),
        2 => Just(Event::Reap),
        3 => (1_u64..13).prop_map(Event::Pass),
    ]
}

/// A job as it should be.
#[derive(Debug, Clone)]
struct Model {
    state: State,
    attempt: i64,
    max_attempts: i64,
    /// Claims so far; each is a worker's for ever, whether or not the job is.
    claims: i64,
    until: Millis,
    run_at: Millis,
    is_unwanted: bool,
    /// The claim that each worker believes to hold.
    beliefs: [i64; 2],
    completions: u32,
}

impl Model {
    fn new(now: Millis) -> Self {
        Self {
            state: State::Available,
            attempt: 0,
            max_attempts: ATTEMPTS,
            claims: 0,
            until: now,
            run_at: now,
            is_unwanted: false,
            beliefs: [0; 2],
            completions: 0,
        }
    }

    /// Why a worker may not say anything about the job; nothing if it may.
    fn lost(&self, who: usize, now: Millis, minds: bool) -> Option<&'static str> {
        match self.state {
            _ if self.beliefs[who] != self.claims => Some("reclaimed"),
            State::Running if self.until <= now => Some("expired"),
            State::Running => (self.is_unwanted && minds).then_some("cancelled"),
            State::Available => Some("expired"),
            State::Completed => Some("completed"),
            State::Dead => Some("dead"),
            State::Cancelled => Some("cancelled"),
        }
    }

    /// The attempt is over; `pause` is none where the back-off decides, which the model takes from the job.
    fn end(&mut self, now: Millis, pause: Option<Duration>, drawn: Millis) {
        self.state = match (self.is_unwanted, self.attempt < self.max_attempts) {
            (true, _) => State::Cancelled,
            (_, true) => State::Available,
            (_, false) => State::Dead,
        };
        if self.state == State::Available {
            let most = Duration::from_secs(1 << (self.attempt - 1).clamp(0, 14));
            assert!(pause.is_some() || (now..=now.plus(most)).contains(&drawn), "{drawn:?}");
            self.run_at = pause.map_or(drawn, |pause| now.plus(pause));
        }
    }
}

/// A queue, and what should be in it.
struct Bench {
    store: Store,
    clock: Clock,
    _dir: TempDir,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::manual(Millis(1_800_000_000_000));
        let store = Store::open(&Config::new(dir.path()), clock.clone()).unwrap();
        Self { store, clock, _dir: dir }
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.store.write(work)
    }

    /// Lets one thing happen to the job and to its model; the answers have to be the same.
    fn step(&self, job: &Job, model: &mut Model, event: &Event) {
        let (id, now) = (job.id, self.clock.now());
        let lease = |who: usize| Lease { job: id, token: model.beliefs[who] };
        match *event {
            Event::Pass(seconds) => self.clock.advance(Duration::from_secs(seconds)),
            Event::Claim(who) => self.claim(job, model, who),
            Event::Complete(who) => {
                let lease = lease(who);
                let told = self.write(move |tx| jobs::complete(tx, lease));
                if agree(told, model.lost(who, now, true)).is_some() {
                    model.state = State::Completed;
                    model.completions += 1;
                }
            }
            Event::Heartbeat(who) => {
                let lease = lease(who);
                let told = self.write(move |tx| jobs::heartbeat(tx, lease, None));
                if agree(told, model.lost(who, now, true)).is_some() {
                    model.until = now.plus(LEASE);
                }
            }
            Event::Fail(who, after) => {
                let (lease, after) = (lease(who), after.map(Duration::from_secs));
                let told = self.write(move |tx| jobs::fail(tx, lease, "no", after));
                if let Some(told) = agree(told, model.lost(who, now, false)) {
                    model.end(now, after, told.run_at);
                }
            }
            Event::Snooze(who, seconds) => {
                let (lease, pause) = (lease(who), Duration::from_secs(seconds));
                let told = self.write(move |tx| jobs::snooze(tx, lease, pause));
                if let Some(told) = agree(told, model.lost(who, now, false)) {
                    model.attempt -= 1;
                    model.end(now, Some(pause), told.run_at);
                }
            }
            Event::Cancel | Event::Retry => self.decide(job, model, event),
            Event::Reap => {
                let count = self.write(|tx| jobs::reap(tx, 10)).unwrap().len();
                let due = model.state == State::Running && model.until <= now;
                assert_eq!(count, usize::from(due));
                if due {
                    model.end(now, None, self.find(job).run_at);
                }
            }
        }
    }

    fn claim(&self, job: &Job, model: &mut Model, who: usize) {
        let (queue, worker) = (job.queue.clone(), format!("w{who}"));
        let claim = Claim { queue, worker, limit: 1 + who, lease: LEASE };
        let told = self.write(move |tx| jobs::claim(tx, &claim)).unwrap();
        let now = self.clock.now();
        let due = model.state == State::Available && model.run_at <= now;
        assert_eq!(told.len(), usize::from(due));
        if let Some(claimed) = told.first() {
            model.state = State::Running;
            model.attempt += 1;
            model.claims += 1;
            model.until = now.plus(LEASE);
            model.beliefs[who] = claimed.lease_token;
        }
    }

    fn decide(&self, job: &Job, model: &mut Model, event: &Event) {
        let (id, now) = (job.id, self.clock.now());
        let is_cancel = matches!(event, Event::Cancel);
        let told = self
            .write(move |tx| if is_cancel { jobs::cancel(tx, id) } else { jobs::retry(tx, id) });
        let refusal = match (is_cancel, model.state) {
            (true, State::Completed | State::Dead) | (false, State::Completed) => {
                Some("job-finished")
            }
            (false, State::Running) => Some("job-running"),
            _ => None,
        };
        if agree(told, refusal).is_none() {
            return;
        }
        match (is_cancel, model.state) {
            (true, State::Running) => model.is_unwanted = true,
            (true, _) => model.state = State::Cancelled,
            (false, State::Available) => model.run_at = model.run_at.min(now),
            (false, _) => {
                (model.state, model.run_at, model.is_unwanted) = (State::Available, now, false);
                model.max_attempts = model.max_attempts.max(model.attempt + 1);
            }
        }
    }

    fn find(&self, job: &Job) -> Job {
        let id = job.id;
        self.store.read::<_, Error>(|read| jobs::find(read, id)).unwrap()
    }

    fn compare(&self, job: &Job, model: &Model) {
        let found = self.find(job);
        let told = (found.state, found.attempt, found.max_attempts, found.lease_token);
        assert_eq!(told, (model.state, model.attempt, model.max_attempts, model.claims));
        let until = (model.state == State::Running).then_some(model.until);
        assert_eq!((found.lease_until, found.is_cancel_requested), (until, model.is_unwanted));
        assert!(found.run_at == model.run_at && model.completions <= 1);
    }
}

/// The answer is the one expected: the job, or this reason.
fn agree(told: Result<Job>, refusal: Option<&str>) -> Option<Job> {
    match told {
        Ok(job) => {
            assert_eq!(refusal, None);
            Some(job)
        }
        Err(Error::Conflict(conflict)) => {
            let reason = conflict.members.get("reason").and_then(|reason| reason.as_str());
            assert_eq!(Some(reason.unwrap_or(conflict.code)), refusal);
            None
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_job_does_what_its_model_does() {
    let bench = Bench::new();
    let mut runner = TestRunner::new(ProptestConfig { cases: 150, ..ProptestConfig::default() });
    let run = runner.run(&prop::collection::vec(event(), 1..60), |events| {
        let new = NewJob {
            queue: cardinal::id::hex(12),
            kind: "k".into(),
            payload: "{}".into(),
            run_at: None,
            priority: jobs::PRIORITY,
            max_attempts: ATTEMPTS,
            dedupe_key: None,
        };
        let (job, _) = bench.write(move |tx| jobs::enqueue(tx, &new)).unwrap();
        let mut model = Model::new(bench.clock.now());
        for event in &events {
            bench.step(&job, &mut model, event);
            bench.compare(&job, &model);
        }
        // The next case begins with nothing that the reaper would find.
        bench.clock.advance(LEASE);
        bench.write(|tx| jobs::reap(tx, 10)).unwrap();
        Ok(())
    });
    run.unwrap();
}
