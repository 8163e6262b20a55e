use crate::program::{command, run, run_with};
use serde_json::Value;

const COMMANDS: &[&[&str]] = &[
    &[],
    &["serve"],
    &["demo"],
    &["race"],
    &["user"],
    &["user", "add"],
    &["user", "list"],
    &["user", "disable"],
    &["user", "reset-link"],
    &["token"],
    &["token", "add"],
    &["check"],
    &["openapi"],
];

#[test]
fn every_command_says_what_it_is_for() {
    for words in COMMANDS {
        for flag in ["--help", "-h"] {
            let told = run(&[*words, &[flag]].concat());
            assert_eq!(told.err, "");
            let help = told.done();
            let usage = format!("Usage: {}", [&["cardinal"], *words].concat().join(" "));
            assert!(help.contains(&usage), "{words:?}: {help}");
            let first = help.lines().next().unwrap();
            assert!(!first.is_empty() && !first.starts_with("Usage"), "{words:?}: {help}");
        }
    }
}

#[test]
fn every_command_stands_in_the_help_and_here() {
    let sub = |words: &[&str]| {
        let help = run(&[words, &["--help"]].concat()).done();
        let (_, rest) = help.split_once("Commands:\n").unwrap();
        let (list, _) = rest.split_once("\n\n").unwrap();
        let names = list.lines().filter_map(|line| line.strip_prefix("  "));
        let names = names.filter(|line| !line.starts_with(' '));
        let names = names.filter_map(|line| line.split_whitespace().next().map(str::to_owned));
        names.filter(|name| name != "help").collect::<Vec<_>>()
    };
    for name in sub(&[]) {
        assert!(COMMANDS.contains(&[name.as_str()].as_slice()), "{name} is not tried");
        if matches!(name.as_str(), "user" | "token") {
            for below in sub(&[&name]) {
                assert!(COMMANDS.contains(&[&*name, &*below].as_slice()), "{name} {below}");
            }
        }
    }
}

#[test]
fn the_version_is_told() {
    let told = run(&["--version"]).done();
    assert_eq!(told.trim(), concat!("cardinal ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_is_not_understood_is_said_and_exits_with_2() {
    let cases: &[(&[&str], &str)] = &[
        (&["--bogus"], "--bogus"),
        (&["serve", "--bogus"], "--bogus"),
        (&["bogus"], "bogus"),
        (&["--listen", "nowhere"], "--listen"),
        (&["--public-url", "ftp://x"], "--public-url"),
        (&["--public-url", "https://x/y"], "without a path"),
        (&["--registration", "maybe"], "open"),
        (&["--trusted-proxy", "10.0.0.0/99"], "10.0.0.0/8"),
        (&["--max-connections", "0"], "--max-connections"),
        (&["--mail-from", "nobody"], "Cards <cards@example.org>"),
        (&["--smtp-password-file", "secret"], "--smtp-url"),
        (&["--share-mail-price", "-1"], "--share-mail-price"),
        (&["--log", "loud"], "--log"),
        (&["user"], "Usage"),
        (&["user", "add"], "<EMAIL>"),
        (&["user", "add", "a@b.c"], "--name"),
        (&["user", "add", "a@b.c", "--name", "A", "--role", "boss"], "admin"),
        (&["token", "add", "a@b.c", "--name", "n"], "--scope"),
        (&["token", "add", "a@b.c", "--name", "n", "--scope", "everything"], "cards:read"),
        (&["check", "somewhere"], "somewhere"),
    ];
    for (args, word) in cases {
        run(args).failed(2, &[word, "--help"]);
    }
}

#[test]
fn a_wrong_variable_is_a_wrong_option() {
    let mut asked = command(&[]);
    asked.env("CARDINAL_LISTEN", "nowhere");
    run_with(asked, "").failed(2, &["nowhere", "--listen"]);
}

#[test]
fn the_openapi_document_is_json() {
    let document: Value = serde_json::from_str(&run(&["openapi"]).done()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."), "{document}");
    assert!(document["paths"]["/api/cards"]["post"].is_object());
}
