//! A job's states, and what each comes with.

use super::fixture::{Scratch, Verdict};
use cardinal::domain::jobs::State;
use cardinal::store::tx::Named;

/// SQL that makes a job, which is available.
const MAKE: &str =
    "INSERT INTO jobs(id, queue, kind, state, priority, run_ms, max_attempts, dedupe_key,
    created_ms, payload) VALUES (randomblob(16), 'q', 'k', 'available', 0, 0, 2, 'd', 0, '{}');";
const CLAIM: &str = "UPDATE jobs SET state = 'running', attempt = attempt + 1,
    lease_token = lease_token + 1, lease_ms = 1, lease_until_ms = 1;";

/// SQL that brings a job into a state, with what goes with it.
fn enter(state: State) -> String {
    let leased = state == State::Running;
    let finished = matches!(state, State::Completed | State::Dead | State::Cancelled);
    let (lease, end) = (if leased { "1" } else { "NULL" }, if finished { "1" } else { "NULL" });
    format!(
        "UPDATE jobs SET state = '{}', lease_token = lease_token + (state <> 'running' AND {leased}),
           lease_ms = {lease}, lease_until_ms = {lease}, finished_ms = {end};",
        state.name()
    )
}

/// A job in this state.
fn at(state: State) -> Scratch {
    let scratch = Scratch::blank();
    scratch.accept(MAKE);
    if state != State::Available {
        scratch.accept(&enter(State::Running));
    }
    if !matches!(state, State::Available | State::Running) {
        scratch.accept(&enter(state));
    }
    scratch
}

#[test]
fn a_job_steps_legally() {
    use State::{Available, Cancelled, Completed, Dead, Running};
    for (from, legal) in [
        (Available, &[Available, Running, Cancelled][..]),
        (Running, &[Available, Running, Completed, Dead, Cancelled]),
        (Completed, &[]),
        (Dead, &[Available]),
        (Cancelled, &[Available]),
    ] {
        for (to, _) in State::NAMES {
            let refused = Verdict::at_once("jobs.state");
            let expected = if legal.contains(to) { Verdict::Accepted } else { refused };
            at(from).assert(&enter(*to), &expected);
        }
    }
}

#[test]
fn a_lease_token_steps_with_each_claim_and_never_else() {
    let refused = Verdict::at_once("jobs.lease_token");
    let scratch = at(State::Available);
    for step in ["", ", lease_token = lease_token + 2", ", lease_token = lease_token - 1"] {
        let claim =
            format!("UPDATE jobs SET state = 'running', lease_ms = 1, lease_until_ms = 1{step}");
        scratch.assert(&claim, &refused);
    }
    scratch.accept(CLAIM);
    for sql in [
        "UPDATE jobs SET lease_token = 0, attempt = 0",
        "UPDATE jobs SET lease_token = 2",
        "UPDATE jobs SET state = 'running', lease_token = 2",
        "UPDATE jobs SET state = 'available', lease_ms = NULL, lease_until_ms = NULL, lease_token = 2",
    ] {
        scratch.assert(sql, &refused);
    }
}

#[test]
fn a_state_comes_with_its_lease_and_its_end() {
    for (state, wrong) in [
        (State::Available, "lease_until_ms = 1"),
        (State::Available, "lease_ms = 1"),
        (State::Available, "finished_ms = 1"),
        (State::Available, "cancel_requested = 1"),
        (State::Available, "max_attempts = 0"),
        (State::Available, "attempt = 1"),
        (State::Available, "priority = 1001"),
        (State::Available, "payload = '{'"),
        (State::Available, "payload = json_quote(hex(zeroblob(32768)))"),
        (State::Running, "lease_until_ms = NULL"),
        (State::Running, "lease_ms = NULL"),
        (State::Running, "finished_ms = 1"),
        (State::Running, "attempt = 2"),
        (State::Running, "cancel_requested = 2"),
        (State::Completed, "finished_ms = NULL"),
        (State::Completed, "lease_until_ms = 1"),
        (State::Completed, "cancel_requested = 1"),
        (State::Dead, "cancel_requested = 1"),
    ] {
        let told = at(state).try_sql(&format!("UPDATE jobs SET {wrong}"));
        assert!(matches!(told, Verdict::AtOnce(_)), "{}: {wrong}: {told:?}", state.name());
    }
}

#[test]
fn what_has_no_attempt_left_is_not_made_available() {
    let scratch = at(State::Available);
    let again = enter(State::Available);
    scratch.accept(&[CLAIM, &again, CLAIM].concat());
    assert!(matches!(scratch.try_sql(&again), Verdict::AtOnce(_)));
    scratch.accept(&enter(State::Dead));
}

#[test]
fn one_open_job_has_a_key() {
    for state in [State::Available, State::Running] {
        at(state).assert(MAKE, &Verdict::at_once("jobs.kind, jobs.dedupe_key"));
    }
    for state in [State::Completed, State::Dead, State::Cancelled] {
        at(state).accept(MAKE);
    }
}

#[test]
fn only_what_is_over_is_deleted() {
    for (state, _) in State::NAMES {
        let open = matches!(state, State::Available | State::Running);
        let expected = if open { Verdict::at_once("jobs.open") } else { Verdict::Accepted };
        at(*state).assert("DELETE FROM jobs", &expected);
    }
}
