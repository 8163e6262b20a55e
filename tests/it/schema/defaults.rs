//! Two default cards are impossible, and none is impossible for whoever has a card: by raw SQL, at COMMIT
//! or at once, whatever order the statements come in.

use super::fixture::{Scratch, Verdict, card, change, delete, holder, id, person};

const ONE_DEFAULT: &str = "cards.user_id";

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<(&'static str, String, Verdict)> {
    let drop_holder =
        |name: &str| format!("DELETE FROM card_holders WHERE user_id = {};", id(name));
    let insert = |sql: String, verb: &str| sql.replace("INSERT INTO cards", verb);
    let at_once = || Verdict::at_once(ONE_DEFAULT);
    let accepted = || Verdict::Accepted;
    vec![
        // Refused at COMMIT.
        (
            "a first card that is not the default",
            holder("alan") + &card("alan", "alan-1", 0),
            Verdict::at_commit(),
        ),
        ("a holder without any card", holder("alan"), Verdict::at_commit()),
        ("a card without a holder", card("alan", "alan-1", 1), Verdict::at_commit()),
        ("clearing the default", change("ada-1", "is_default = 0"), Verdict::at_commit()),
        (
            "clearing every default",
            "UPDATE cards SET is_default = 0, version = version + 1;".into(),
            Verdict::at_commit(),
        ),
        ("deleting the default while others live", delete("ada-1", "ada"), Verdict::at_commit()),
        (
            "deleting the last card and not the holder",
            delete("grace-1", "grace"),
            Verdict::at_commit(),
        ),
        ("a card of nobody", card("nobody", "nobody-1", 1), Verdict::at_commit()),
        // Refused at once.
        ("a second default", card("ada", "ada-3", 1), at_once()),
        (
            "a second default by a switch that sets first",
            change("ada-2", "is_default = 1"),
            at_once(),
        ),
        (
            "both in one statement",
            "UPDATE cards SET is_default = 1, version = version + 1;".into(),
            at_once(),
        ),
        (
            "a second default by upsert",
            card("ada", "ada-2", 0).replace(
                ';',
                " ON CONFLICT(slug) DO UPDATE SET is_default = 1,
            version = version + 1;",
            ),
            at_once(),
        ),
        (
            "half a default",
            change("ada-1", "is_default = 2"),
            Verdict::at_once("is_default IN (0, 1)"),
        ),
        (
            "no word about the default",
            change("ada-1", "is_default = NULL"),
            Verdict::at_once("cards.is_default"),
        ),
        (
            "a default given away",
            change("ada-1", &format!("user_id = {}", id("grace"))),
            Verdict::at_once("cards.user_id"),
        ),
        (
            "a default swapped by REPLACE",
            insert(card("ada", "ada-3", 1), "INSERT OR REPLACE INTO cards"),
            Verdict::at_once("slugs.retired"),
        ),
        (
            "a card swapped by REPLACE for one that is not the default",
            insert(card("ada", "ada-1", 0), "INSERT OR REPLACE INTO cards"),
            Verdict::at_once("slugs.retired"),
        ),
        (
            "a holder of nobody's",
            holder("nobody"),
            Verdict::at_once("FOREIGN KEY constraint failed"),
        ),
        // Accepted.
        ("a first card", holder("alan") + &card("alan", "alan-1", 1), accepted()),
        ("a first card before its holder", card("alan", "alan-1", 1) + &holder("alan"), accepted()),
        ("a further card", card("ada", "ada-3", 0), accepted()),
        (
            "clear, then set",
            change("ada-1", "is_default = 0") + &change("ada-2", "is_default = 1"),
            accepted(),
        ),
        (
            "delete and promote",
            delete("ada-1", "ada") + &change("ada-2", "is_default = 1"),
            accepted(),
        ),
        (
            "the last card with its holder",
            delete("grace-1", "grace") + &drop_holder("grace"),
            accepted(),
        ),
        (
            "a person with all cards",
            super::fixture::retire("grace-1", "grace", None)
                + &format!("DELETE FROM users WHERE id = {};", id("grace")),
            accepted(),
        ),
    ]
}

#[test]
fn exactly_one_default_card_and_the_schema_alone_holds_it() {
    for (what, sql, expected) in cases() {
        let scratch = Scratch::new();
        assert_eq!(scratch.try_sql(&sql), expected, "{what}: {sql}");
        scratch.assert_sound();
        let orphans = scratch.texts("SELECT \"table\" FROM pragma_foreign_key_check");
        assert_eq!(orphans, [""; 0], "{what}");
    }
}

#[test]
fn a_deferred_refusal_leaves_the_transaction_to_be_mended() {
    let scratch = Scratch::new();
    scratch
        .conn
        .execute_batch(&format!("BEGIN IMMEDIATE; {}", change("ada-1", "is_default = 0")))
        .unwrap();
    assert!(scratch.conn.execute_batch("COMMIT").is_err());
    assert!(!scratch.conn.is_autocommit());
    scratch.conn.execute_batch(&(change("ada-2", "is_default = 1") + "COMMIT")).unwrap();
    scratch.assert_sound();
}

#[test]
fn savepoints_do_not_get_around_it() {
    let scratch = Scratch::new();
    let clear = change("ada-1", "is_default = 0");
    scratch.assert(&format!("SAVEPOINT s; {clear} RELEASE s;"), &Verdict::at_commit());
    scratch.accept(&format!("SAVEPOINT s; {clear} ROLLBACK TO s; RELEASE s;"));
}

#[test]
fn any_order_of_single_changes_leaves_exactly_one() {
    // Every sequence of three of these in one transaction: whatever is accepted is sound.
    let steps = [
        change("ada-1", "is_default = 0"),
        change("ada-1", "is_default = 1"),
        change("ada-2", "is_default = 0"),
        change("ada-2", "is_default = 1"),
        delete("ada-1", "ada"),
        delete("ada-2", "ada"),
        card("ada", "ada-3", 0),
        format!("DELETE FROM card_holders WHERE user_id = {};", id("ada")),
    ];
    let scratch = Scratch::new();
    let mut accepted = 0;
    for first in &steps {
        for second in &steps {
            for third in &steps {
                scratch.conn.execute_batch("BEGIN; SAVEPOINT all_of_it").unwrap();
                // A refused step is undone alone, and the next comes all the same.
                let kept =
                    [first, second, third].map(|step| scratch.conn.execute_batch(step).is_ok());
                let commits = scratch.number("SELECT count(*) FROM pragma_foreign_key_check") == 0;
                if commits {
                    scratch.assert_sound();
                    accepted += usize::from(kept.contains(&true));
                }
                scratch
                    .conn
                    .execute_batch("ROLLBACK TO all_of_it; RELEASE all_of_it; COMMIT")
                    .unwrap();
            }
        }
    }
    assert!(accepted > 50, "only {accepted} of 512 were accepted");
}

#[test]
fn one_person_is_nothing_to_another() {
    let scratch = Scratch::blank();
    let both = [person("ada"), person("grace")].concat();
    scratch.accept(&both);
    scratch.accept(&(holder("ada") + &card("ada", "ada-1", 1)));
    scratch.accept(&(holder("grace") + &card("grace", "grace-1", 1)));
    let swap = change("ada-1", "is_default = 0") + &change("grace-1", "is_default = 1");
    assert_eq!(scratch.try_sql(&swap), Verdict::at_commit());
}
