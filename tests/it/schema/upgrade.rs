//! A database of an older version becomes what a fresh one is, and keeps what was in it.

use super::fixture::{card, holder, id, person};
use cardinal::clock::Clock;
use cardinal::config::Config;
use cardinal::domain::accessibility::{self, Settings, Standing};
use cardinal::domain::audits::{self, AUDITS};
use cardinal::domain::progress::Source;
use cardinal::error::Error;
use cardinal::store::schema::{SCHEMA, SCHEMA_VERSION};
use cardinal::store::{DATABASE, ServeLock, Store, params};
use rusqlite::Connection;
use std::path::Path;
use tempfile::TempDir;

/// The steps that lead to each version before this one.
const STEPS: &[&str] = &[
    include_str!("../../../src/store/steps/v1.sql"),
    include_str!("../../../src/store/steps/v2.sql"),
    include_str!("../../../src/store/steps/v3.sql"),
    include_str!("../../../src/store/steps/v4.sql"),
];

/// The schema as it was in a version.
fn schema_of(version: i32) -> String {
    let steps = STEPS.iter().take(usize::try_from(version).unwrap());
    format!("{} PRAGMA user_version = {version};", steps.copied().collect::<String>())
}

/// A database as an older program left it.
fn old(version: i32) -> TempDir {
    let schema = schema_of(version);
    let dir = tempfile::tempdir().unwrap();
    let conn = Connection::open(dir.path().join(DATABASE)).unwrap();
    conn.execute_batch("PRAGMA journal_mode = WAL").unwrap();
    conn.execute_batch(&format!(
        "BEGIN; {schema} {} {} {}
         INSERT INTO sessions(id, user_id, token_hash, created_ms, expires_ms)
           VALUES (randomblob(16), {}, randomblob(32), 5, 7);
         COMMIT",
        person("ada"),
        holder("ada"),
        card("ada", "ada-1", 1),
        id("ada"),
    ))
    .unwrap();
    dir
}

/// Every object's declaration, without comments and layout.
fn declarations(conn: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT name, sql FROM sqlite_schema
               WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut statement = conn.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap();
    let plain = |sql: &str| {
        let lines = sql.lines().map(|line| line.split("-- ").next().unwrap_or_default());
        let plain = lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
        // A column that was added stands after the line's end.
        plain.replace(" ,", ",").replace(" )", ")")
    };
    rows.map(|row| row.map(|(name, sql)| (name, plain(&sql))).unwrap()).collect()
}

fn version(path: &Path) -> i32 {
    let conn = Connection::open(path).unwrap();
    conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn every_old_version_becomes_what_a_fresh_one_is() {
    let fresh = Connection::open_in_memory().unwrap();
    fresh.execute_batch(SCHEMA).unwrap();
    assert_eq!(STEPS.len(), usize::try_from(SCHEMA_VERSION - 1).unwrap());
    for number in 1..SCHEMA_VERSION {
        let dir = old(number);
        let path = dir.path().join(DATABASE);
        assert_eq!(version(&path), number);
        drop(Store::open(&Config::new(dir.path()), Clock::system()).unwrap());
        assert_eq!(version(&path), SCHEMA_VERSION);
        let upgraded = Connection::open(&path).unwrap();
        assert_eq!(declarations(&upgraded), declarations(&fresh));
        let check = |sql| upgraded.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(check("PRAGMA integrity_check"), "ok");
        assert_eq!(check("SELECT count(*) || '' FROM pragma_foreign_key_check"), "0");
        assert_eq!(check("SELECT slug FROM cards"), "ada-1");
        assert_eq!(check("SELECT count(*) || '' FROM public_editions"), "256");
        let copy = dir.path().join(format!("cardinal.v{number}.db"));
        assert_eq!(version(&copy), number, "what was there is kept beside it");
    }
}

#[test]
fn a_login_of_version_1_lives_on() {
    let dir = old(1);
    let store = Store::open(&Config::new(dir.path()), Clock::system()).unwrap();
    let sql = "SELECT seen_ms, idle_ms FROM session_uses";
    let used = store.read::<_, Error>(|read| {
        read.one(sql, params![], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
    });
    assert_eq!(used.unwrap(), (5, 7));
}

/// Whoever has cards and links from before has had the first ones: the same points as if made today.
#[test]
fn what_was_done_before_there_were_points_counts() {
    let dir = old(1);
    let conn = Connection::open(dir.path().join(DATABASE)).unwrap();
    let grace = [person("grace"), holder("grace"), card("grace", "grace-1", 1)].concat();
    let link = "INSERT INTO card_links(card_id, position, id, platform, url)
                SELECT id, 0, randomblob(16), 'p', 'u' FROM cards WHERE slug = 'grace-1';";
    let alan = person("alan");
    conn.execute_batch(&format!("BEGIN; {grace} {link} {alan} COMMIT")).unwrap();
    drop(conn);
    let store = Store::open(&Config::new(dir.path()), Clock::system()).unwrap();
    let sql = "SELECT handle, xp FROM progress JOIN users ON id = user_id ORDER BY handle";
    let points = store.read::<_, Error>(|read| {
        read.all(sql, params![], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))
    });
    let [card, link] = [Source::FirstCard.xp(), Source::FirstLink.xp()];
    assert_eq!(points.unwrap(), [("ada".into(), card), ("grace".into(), card + link)]);
    let sums = AUDITS.iter().find(|audit| audit.name == "xp").unwrap();
    assert_eq!(store.read(|read| audits::ask(read, sums)).unwrap().violations, 0);
}

/// A message whose job had been given up stayed on its way for ever, and could not be sent again.
#[test]
fn a_message_whose_job_is_over_is_given_up() {
    let dir = old(3);
    let conn = Connection::open(dir.path().join(DATABASE)).unwrap();
    let job = |id: &str, state: &str, finished: &str| {
        format!(
            "INSERT INTO jobs(id, queue, kind, state, priority, run_ms, max_attempts, created_ms, finished_ms,
               payload)
             VALUES ({id}, 'webhooks', 'webhook.deliver', '{state}', 0, 0, 1, 0, {finished}, '{{}}');"
        )
    };
    let delivery = |id: &str| {
        format!(
            "INSERT INTO deliveries(webhook_id, event_id, type, body, job_id, created_ms)
             SELECT id, {id}, 'ping', '{{}}', {id}, 0 FROM webhooks;"
        )
    };
    let (over, open) = ("zeroblob(16)", "CAST('sixteen letters!' AS BLOB)");
    let webhook = "INSERT INTO webhooks(id, user_id, url, events, secret, created_ms, updated_ms)
                   SELECT zeroblob(16), id, 'https://x', 'ping', zeroblob(32), 0, 0 FROM users;";
    let jobs = [job(over, "dead", "1"), job(open, "available", "NULL")].concat();
    let deliveries = [delivery(over), delivery(open)].concat();
    conn.execute_batch(&format!("{webhook} {jobs} {deliveries}")).unwrap();
    drop(conn);
    let store = Store::open(&Config::new(dir.path()), Clock::system()).unwrap();
    let sql = "SELECT state FROM deliveries ORDER BY event_id";
    let states =
        store.read::<_, Error>(|read| read.all(sql, params![], |row| row.get::<_, String>(0)));
    assert_eq!(states.unwrap(), ["failed".to_owned(), "pending".to_owned()]);
}

/// Whoever had said how the pages are to be has it so, and keys go on as they did.
#[test]
fn what_people_need_stands() {
    let dir = old(4);
    let conn = Connection::open(dir.path().join(DATABASE)).unwrap();
    let needs =
        "INSERT INTO accessibility_settings(user_id, high_contrast, reduced_motion, large_text,
                   dyslexia_font, text_scale, version) SELECT id, 1, 0, 1, 0, 1.5, 7 FROM users";
    conn.execute_batch(needs).unwrap();
    drop(conn);
    let store = Store::open(&Config::new(dir.path()), Clock::system()).unwrap();
    let found = store.read::<_, Error>(|read| {
        let ada = read.one("SELECT id FROM users", params![], |row| row.get(0))?;
        accessibility::of(read, ada)
    });
    let settings =
        Settings { high_contrast: true, large_text: true, text_scale: 1.5, ..Settings::default() };
    assert_eq!(found.unwrap(), Standing { settings, version: 7 });
}

#[test]
fn what_an_older_program_serves_is_left_alone() {
    let dir = old(1);
    let lock = ServeLock::take(dir.path()).unwrap().unwrap();
    let refused = Store::open(&Config::new(dir.path()), Clock::system()).unwrap_err();
    assert!(refused.to_string().contains("older cardinal"), "{refused}");
    assert_eq!(version(&dir.path().join(DATABASE)), 1);
    drop(Store::open_served(&Config::new(dir.path()), Clock::system(), &lock).unwrap());
    assert_eq!(version(&dir.path().join(DATABASE)), SCHEMA_VERSION);
}

#[test]
fn of_two_who_upgrade_at_once_one_does() {
    let dir = old(1);
    let config = Config::new(dir.path());
    let opened = crate::kit::together(8, |_| Store::open(&config, Clock::system()).map(drop));
    for result in opened {
        result.unwrap();
    }
    assert_eq!(version(&dir.path().join(DATABASE)), SCHEMA_VERSION);
}
