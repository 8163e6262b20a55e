//! A flag's history: every version has its entry, in order, and none is ever changed.

use super::fixture::{Scratch, Verdict};

const MAKE: &str =
    "INSERT INTO flags(key, enabled, percentage, description, created_ms, updated_ms)
    VALUES ('f', 0, 100, '', 0, 0);";
const STEP: &str = "UPDATE flags SET enabled = 1 - enabled, version = version + 1;";

/// SQL that enters a version into the history.
fn entry(version: i64) -> String {
    format!(
        "INSERT INTO flag_audit(key, flag_version, at_ms, change) VALUES ('f', {version}, 0, '{{}}');"
    )
}

#[test]
fn no_version_stands_without_its_entry() {
    let scratch = Scratch::blank();
    let out_of_turn = Verdict::at_once("flag_audit.flag_version");
    scratch.assert(MAKE, &Verdict::at_commit());
    scratch.assert(&entry(1), &out_of_turn);
    scratch.accept(&[MAKE, &entry(1)].concat());
    scratch.assert(STEP, &Verdict::at_commit());
    scratch.assert(&entry(2), &out_of_turn);
    // Two steps and the last entry: the one between is missed.
    scratch.assert(&[STEP, STEP, &entry(3)].concat(), &out_of_turn);
    scratch.accept(&[STEP, &entry(2), STEP, &entry(3)].concat());
    assert_eq!(scratch.number("SELECT count(*) FROM flag_audit"), 3);
}

#[test]
fn the_history_of_a_flag_is_not_rewritten() {
    let scratch = Scratch::blank();
    scratch.accept(&[MAKE, &entry(1)].concat());
    for sql in ["UPDATE flag_audit SET at_ms = 7", "DELETE FROM flag_audit"] {
        scratch.assert(sql, &Verdict::at_once("flag_audit"));
    }
    assert!(matches!(scratch.try_sql("DELETE FROM flags"), Verdict::AtOnce(_)));
}
