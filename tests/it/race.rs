//! Nothing breaks under `cardinal race`, its naive counterpart does, and the seed's own tests pass.

use cardinal::race::scenarios::{SCENARIOS, Scenario};
use cardinal::race::{self, Effort, Plan, Verdict, Way};
use cardinal::testing::{Person, Reply, Site};
use serde_json::{Value, json};
use std::ops::ControlFlow;
use std::process::{Command, Output};
use std::sync::Barrier;
use std::thread::scope;

/// Runs scenarios for so many rounds each.
fn run(way: Way, scenarios: Vec<&'static Scenario>, clients: usize, rounds: u32) -> Vec<Verdict> {
    let plan = Plan { scenarios, way, clients, effort: Effort::Rounds(rounds) };
    race::run(&plan, &mut |_| ControlFlow::Continue(())).unwrap()
}

#[track_caller]
fn assert_nothing_breaks(clients: usize, rounds: u32) {
    let verdicts = run(Way::Ours, SCENARIOS.iter().collect(), clients, rounds);
    assert_eq!(verdicts.len(), SCENARIOS.len());
    for Verdict { scenario, tally } in verdicts {
        assert_eq!(tally.violations, 0, "{}: {:?}", scenario.name, tally.examples);
        assert!(tally.attempts >= clients as u64, "{} has hardly been tried", scenario.name);
    }
}

#[test]
fn nothing_breaks_among_two_clients() {
    assert_nothing_breaks(2, 6);
}

#[test]
fn nothing_breaks_among_eight_clients() {
    assert_nothing_breaks(8, 4);
}

#[test]
fn nothing_breaks_among_sixty_four_clients() {
    assert_nothing_breaks(64, 2);
}

/// What the scenarios find nothing of in ours is there to be found: each of them sees the naive way break.
#[test]
fn the_naive_way_breaks_under_every_scenario() {
    const ROUNDS_MAX: u32 = 20;
    let naive: Vec<_> = SCENARIOS.iter().filter(|scenario| scenario.has_naive).collect();
    assert!(naive.len() >= 14);
    for scenario in naive {
        let breaks = || run(Way::Naive, vec![scenario], 64, 1)[0].tally.violations > 0;
        assert!((0..ROUNDS_MAX).any(|_| breaks()), "{} finds nothing", scenario.name);
    }
}

#[test]
fn a_run_that_is_ended_early_tells_what_it_counted() {
    let plan = Plan {
        scenarios: SCENARIOS.iter().collect(),
        way: Way::Ours,
        clients: 2,
        effort: Effort::Rounds(1_000),
    };
    let mut told = Vec::new();
    let verdicts = race::run(&plan, &mut |progress| {
        told.push((progress.scenario.name, progress.permille));
        if told.len() < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let verdicts = verdicts.unwrap();
    assert_eq!(told, [("first-card", 0), ("first-card", 0), ("first-card", 0)]);
    assert_eq!(verdicts.len(), 1);
    assert_eq!(verdicts[0].tally.attempts, 2 * 2 * 8);
}

/// Sends the same kind of request twice at the same moment.
fn at_once(person: &Person, send: impl Fn(&Person, usize) -> Reply + Sync) -> [Reply; 2] {
    let (send, start) = (&send, &Barrier::new(2));
    scope(|scope| {
        let threads = [0, 1].map(|n| {
            scope.spawn(move || {
                start.wait();
                send(person, n)
            })
        });
        threads.map(|thread| thread.join().unwrap())
    })
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Seed 002, "Test 1: Concurrent Card Creation": `curl -d` twice, which says that it sends a form.
#[test]
fn seed_test_1_both_creations_succeed_with_different_slugs() {
    let site = Site::start();
    let person = site.person("Ada");
    let replies = at_once(&person, |person, _| {
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let body = br#"{"name":"My Card","template_type":"personal-small"}"#;
        person.client().send("POST", "/api/cards", &form, body).unwrap()
    });
    let mut slugs = replies.map(|reply| {
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()["slug"].as_str().unwrap().to_owned()
    });
    slugs.sort();
    assert_eq!(slugs[0], "my-card");
    let suffix = slugs[1].strip_prefix("my-card-").unwrap();
    assert!(suffix.len() == 6 && is_hex(suffix), "{suffix}");
}

#[track_caller]
fn assert_version_conflict(reply: &Reply) {
    let problem = reply.json();
    assert_eq!((reply.status, &problem["error"]), (409, &json!("Version conflict")));
    assert_eq!((&problem["currentVersion"], &problem["expectedVersion"]), (&json!(2), &json!(1)));
    assert!(problem["message"].is_string());
}

/// Seed 002, "Test 2: Concurrent Card Updates": the second tab sends a stale version; and both at once.
#[test]
fn seed_test_2_the_second_update_of_one_version_conflicts() {
    let site = Site::start();
    let person = site.person("Ada");
    let mut client = person.client();
    let mut new_card = || {
        let reply = client.post("/api/cards", &json!({"name": "My Card"})).unwrap();
        reply.json()["id"].clone()
    };
    let update = |person: &Person, id: &Value, name: &str| {
        let body = json!({"id": id, "version": 1, "name": name});
        person.client().patch("/api/cards", &body).unwrap()
    };

    let card = new_card();
    let first = update(&person, &card, "Updated Name A");
    assert_eq!((first.status, &first.json()["version"]), (200, &json!(2)));
    assert_version_conflict(&update(&person, &card, "Updated Name B"));

    let card = new_card();
    let mut replies = at_once(&person, |person, n| {
        update(person, &card, ["Updated Name A", "Updated Name B"][n])
    });
    replies.sort_by_key(|reply| reply.status);
    let [won, lost] = &replies;
    assert_eq!((won.status, &won.json()["version"]), (200, &json!(2)));
    assert_version_conflict(lost);
    assert_eq!(lost.json()["current"]["name"], won.json()["name"]);
}

/// Seed 002, "Test 3: Profile Update Conflict": two tabs edit different fields of one version.
#[test]
fn seed_test_3_the_second_tab_of_a_profile_conflicts() {
    let site = Site::start();
    let person = site.person("Ada");
    let path = "/api/profile/personal";
    let made = person.client().put(path, &json!({"bio": "Stays", "version": 0})).unwrap();
    assert_eq!((made.status, &made.json()["version"]), (201, &json!(1)));
    let save = |body: Value| person.client().patch(path, &body).unwrap();
    let first = save(json!({"full_name": "John Doe", "version": 1}));
    assert_eq!((first.status, &first.json()["version"]), (200, &json!(2)));
    assert_version_conflict(&save(json!({"primary_email": "john@example.com", "version": 1})));

    // Refreshed, it saves; and nothing of the first change is lost.
    let again = save(json!({"primary_email": "john@example.com", "version": 2}));
    let profile = again.json();
    assert_eq!((again.status, &profile["version"]), (200, &json!(3)));
    for (field, value) in
        [("full_name", "John Doe"), ("primary_email", "john@example.com"), ("bio", "Stays")]
    {
        assert_eq!(profile[field], value);
    }
}

fn cardinal(args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_cardinal")).args(args).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn the_command_tells_a_table_and_exits_with_0() {
    let (code, out, err) =
        cardinal(&["race", "--only", "one-version", "--clients", "8", "--rounds", "2"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("scenario     what holds"), "{out}");
    assert!(lines[1].starts_with("one-version  one version edited by all"), "{out}");
    assert!(lines[1].ends_with("16  200×2 409×14           0"), "{out}");
    assert!(lines[3].starts_with("No violation in 16 attempts by 8 clients in "), "{out}");
    assert!(!out.contains('\x1b'), "colours are for terminals");
}

#[test]
fn the_command_shows_the_naive_way_break_and_exits_with_1() {
    let (code, out, err) = cardinal(&["race", "--naive", "--only", "one-version", "--rounds", "1"]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    assert!(out.contains("63 violations in 64 attempts by 64 clients in "), "{out}");
    assert!(out.contains("as expected: this is the naive way"), "{out}");
}

#[test]
fn what_cannot_be_run_exits_with_2() {
    for (args, told) in [
        (&["race", "--only", "nothing"][..], "'nothing'"),
        (&["race", "--clients", "1"], "1 is not in"),
        (&["race", "--rounds", "2", "--seconds", "2"], "cannot be used with"),
        (&["race", "--naive", "--only", "former-slug"], "no naive way"),
    ] {
        let (code, _, err) = cardinal(args);
        assert_eq!(code, Some(2), "{args:?}");
        assert!(err.contains(told), "{args:?}: {err}");
    }
}

#[test]
fn the_scenarios_are_listed() {
    let (code, out, _) = cardinal(&["race", "--list"]);
    assert_eq!(code, Some(0));
    assert_eq!(out.lines().count(), SCENARIOS.len());
    for scenario in SCENARIOS {
        assert!(out.contains(scenario.holds), "{}", scenario.name);
    }
}
