//! Whatever the public sees of a card steps the edition of its person when it changes, by whomever.

use super::fixture::{Scratch, Verdict, card, change, delete, id, retire};

/// The edition of a person's cards.
fn edition(scratch: &Scratch, name: &str) -> i64 {
    scratch.number(&format!(
        "SELECT edition FROM public_editions WHERE part = substr({}, 16, 1)",
        id(name)
    ))
}

/// SQL that changes a row as it is to be changed.
fn step(table: &str, what: &str) -> String {
    format!("UPDATE {table} SET {what}, version = version + 1 WHERE user_id = {};", id("ada"))
}

#[test]
fn whatever_is_shown_steps_the_edition() {
    let scratch = Scratch::new();
    let ada = id("ada");
    let link = format!("card_id = {} AND position = 0", id("ada-1"));
    let photo = "1, 1, x'00', 0";
    let shown = [
        change("ada-1", "name = 'Ada'"),
        change("ada-1", "is_active = 0"),
        change("ada-1", "visibility = 'private'"),
        change("ada-1", "design_config = '{\"font\":\"mono\"}'"),
        change("ada-1", "fields_config = '{\"links\":[]}'"),
        format!(
            "INSERT INTO card_links(card_id, position, id, platform, url)
             VALUES ({}, 0, randomblob(16), 'website', 'https://example.org');",
            id("ada-1")
        ),
        format!("UPDATE card_links SET label = 'Here' WHERE {link};"),
        format!("DELETE FROM card_links WHERE {link};"),
        retire("ada-1", "ada", Some("ada-1")) + &change("ada-1", "slug = 'ada-new'"),
        format!("UPDATE users SET handle = 'a-d-a', version = version + 1 WHERE id = {ada};"),
        format!(
            "INSERT INTO personal_info(user_id, full_name, updated_ms) VALUES ({ada}, 'Ada', 0);"
        ),
        step("personal_info", "bio = 'Notes'"),
        format!(
            "INSERT INTO professional_info(user_id, designation, updated_ms) VALUES ({ada}, 'Analyst', 0);"
        ),
        step("professional_info", "company_name = 'Engines'"),
        format!(
            "INSERT INTO photos(user_id, hash, width, height, jpeg, created_ms)
             VALUES ({ada}, zeroblob(32), {photo});"
        ),
        format!("UPDATE photos SET hash = randomblob(32) WHERE user_id = {ada};"),
        format!("DELETE FROM photos WHERE user_id = {ada};"),
        delete("ada-2", "ada"),
    ];
    for sql in shown {
        let before = edition(&scratch, "ada");
        scratch.conn.execute_batch(&sql).unwrap();
        assert!(edition(&scratch, "ada") > before, "{sql}");
    }
}

#[test]
fn a_flag_is_everybodys() {
    let scratch = Scratch::new();
    let others = "nobody-of-that-id";
    let laid = "BEGIN;
        INSERT INTO flags(key, enabled, percentage, description, created_ms, updated_ms)
          VALUES ('leads-form', 1, 100, '', 0, 0);
        INSERT INTO flag_audit(key, flag_version, at_ms, change) VALUES ('leads-form', 1, 0, '{}');
        COMMIT";
    let off = "BEGIN;
        UPDATE flags SET enabled = 0, version = 2 WHERE key = 'leads-form';
        INSERT INTO flag_audit(key, flag_version, at_ms, change) VALUES ('leads-form', 2, 0, '{}');
        COMMIT";
    for sql in [laid, off] {
        let before = (edition(&scratch, "ada"), edition(&scratch, others));
        scratch.conn.execute_batch(sql).unwrap();
        let after = (edition(&scratch, "ada"), edition(&scratch, others));
        assert!(after.0 > before.0 && after.1 > before.1, "{sql}");
    }
}

#[test]
fn what_is_not_shown_steps_none() {
    let scratch = Scratch::new();
    let other = "sixteen-letters!";
    let before = (edition(&scratch, "ada"), edition(&scratch, other));
    scratch.conn.execute_batch(&card("ada", "ada-3", 0)).unwrap();
    assert_eq!(edition(&scratch, "ada"), before.0);
    scratch.conn.execute_batch(&change("ada-1", "name = 'Ada'")).unwrap();
    assert_eq!(edition(&scratch, other), before.1, "nobody else's");
}

#[test]
fn editions_go_on() {
    let scratch = Scratch::new();
    scratch.accept("UPDATE public_editions SET edition = edition + 1");
    for sql in [
        "UPDATE public_editions SET edition = edition",
        "UPDATE public_editions SET edition = edition + 2",
        "UPDATE public_editions SET part = x'00' WHERE part = x'01'",
    ] {
        scratch.assert(sql, &Verdict::at_once("public_editions.edition"));
    }
    scratch.assert("DELETE FROM public_editions", &Verdict::at_once("public_editions"));
    assert_eq!(scratch.number("SELECT count(*) FROM public_editions"), 256);
}
