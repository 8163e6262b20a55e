use super::fixture::{Scratch, Verdict, id, retire};

/// A table with a version, and a change of its one row.
const VERSIONED: &[(&str, &str)] = &[
    ("users", "display_name = 'x'"),
    ("passwords", "hash = '$argon2id$y'"),
    ("subscriptions", "status = 'paused'"),
    ("personal_info", "bio = 'x'"),
    ("professional_info", "designation = 'x'"),
    ("accessibility_settings", "large_text = 1"),
    ("flags", "enabled = 1"),
    ("webhooks", "description = 'x'"),
    ("cards", "name = 'x'"),
    ("leads", "notes = 'x'"),
];

/// A flag's version goes into its history in the same transaction.
const ENTRY: &str = "INSERT INTO flag_audit(key, flag_version, at_ms, change)
    SELECT key, version, 0, '{}' FROM flags WHERE NOT EXISTS(
      SELECT 1 FROM flag_audit WHERE flag_version = flags.version)";

fn scratch() -> Scratch {
    let scratch = Scratch::new();
    let ada = id("ada");
    scratch.accept(&format!(
        "INSERT INTO passwords(user_id, hash) VALUES ({ada}, '$argon2id$x');
         INSERT INTO subscriptions(user_id, tier, status, started_ms) VALUES ({ada}, 'free', 'active', 0);
         INSERT INTO personal_info(user_id, updated_ms) VALUES ({ada}, 0);
         INSERT INTO professional_info(user_id, updated_ms) VALUES ({ada}, 0);
         INSERT INTO webhooks(id, user_id, url, events, secret, created_ms, updated_ms)
           VALUES (zeroblob(16), {ada}, 'https://x', 'ping', zeroblob(32), 0, 0);
         INSERT INTO accessibility_settings(
           user_id, high_contrast, reduced_motion, large_text, dyslexia_font, text_scale)
           VALUES ({ada}, 0, 0, 0, 0, 1.0);
         INSERT INTO flags(key, enabled, percentage, description, created_ms, updated_ms)
           VALUES ('f', 0, 100, '', 0, 0);
         INSERT INTO leads(id, card_id, card_slug, name, email, email_norm, consent_ms, status, claim_epoch,
           created_ms, updated_ms)
           VALUES (randomblob(16), randomblob(16), 's', 'n', 'e@x', 'e@x', 0, 'open', 0, 0, 0);
         {ENTRY}"
    ));
    scratch
}

#[test]
fn a_version_steps_by_one_or_the_change_is_refused() {
    let scratch = scratch();
    for (table, change) in VERSIONED {
        let refused = Verdict::at_once(&format!("{table}.version"));
        for step in
            ["", ", version = version", ", version = version + 2", ", version = version - 1"]
        {
            scratch.assert(&format!("UPDATE {table} SET {change}{step}"), &refused);
        }
        scratch.assert(&format!("UPDATE {table} SET version = NULL"), &refused);
        scratch.accept(&format!("UPDATE {table} SET {change}, version = version + 1; {ENTRY}"));
        let born = format!("SELECT count(*) FROM {table} WHERE version <> 2");
        assert_eq!(scratch.number(&born), 0, "{table}");
        // The statement's own answer is true: no trigger changes the row behind its back.
        let sql = format!("UPDATE {table} SET {change}, version = version + 1 RETURNING version");
        scratch.conn.execute_batch("BEGIN").unwrap();
        assert_eq!(scratch.number(&sql), 3, "{table}");
        scratch.conn.execute_batch(&format!("{ENTRY}; COMMIT")).unwrap();
    }
}

#[test]
fn every_table_with_a_version_is_known_here() {
    let tables = scratch().texts(
        "SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c
         WHERE m.type = 'table' AND c.name = 'version' ORDER BY m.rowid",
    );
    let known: Vec<&str> = VERSIONED.iter().map(|(table, _)| *table).collect();
    assert_eq!(tables, known);
}

#[test]
fn a_card_cannot_be_handed_over() {
    let scratch = scratch();
    let to_grace = format!(
        "UPDATE cards SET user_id = {}, is_default = 0, version = version + 1 WHERE slug = 'ada-2'",
        id("grace")
    );
    scratch.assert(&to_grace, &Verdict::at_once("cards.user_id"));
}

#[test]
fn a_deleted_person_takes_everything_along_but_the_names() {
    let scratch = scratch();
    let ada = id("ada");
    scratch.accept(&format!(
        "INSERT INTO sessions(id, user_id, token_hash, created_ms, expires_ms)
           VALUES (randomblob(16), {ada}, randomblob(32), 0, 1);
         INSERT INTO api_tokens(id, user_id, name, token_hash, hint, scopes, created_ms)
           VALUES (randomblob(16), {ada}, 'n', randomblob(32), 'h', 's', 0);
         INSERT INTO card_links(card_id, position, id, platform, url)
           VALUES ({}, 0, randomblob(16), 'p', 'u');",
        id("ada-1")
    ));
    let gone = format!("DELETE FROM users WHERE id = {ada};");
    scratch.assert(&gone, &Verdict::at_once("slugs.retired"));
    scratch.accept(&[retire("ada-1", "ada", None), retire("ada-2", "ada", None), gone].concat());
    for table in ["passwords", "subscriptions", "sessions", "api_tokens", "card_links"] {
        assert_eq!(scratch.number(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    for table in ["cards", "card_holders"] {
        assert_eq!(scratch.number(&format!("SELECT count(*) FROM {table}")), 1, "Grace's {table}");
    }
    assert_eq!(scratch.texts("SELECT slug FROM slugs ORDER BY slug"), ["ada-1", "ada-2"]);
    // Nobody gets them, not even whoever has Ada's handle next.
    scratch.accept(&super::fixture::card("grace", "ada-1", 0));
    assert_eq!(scratch.number("SELECT count(*) FROM cards"), 1);
}
