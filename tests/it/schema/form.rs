//! The form of the schema: what every table, foreign key and list of words must be like.

use super::fixture::{Scratch, Verdict, id};
use cardinal::domain::{
    cards, credits, events, invites, jobs, languages, leads, shares, subscriptions, users,
    visitors, webhooks,
};
use cardinal::store::tx::Named;

/// Foreign keys whose child columns have no index, and why that is well.
const NO_INDEX: &[(&str, &str)] = &[
    ("subscriptions.tier", "tiers are laid down with the schema and never deleted"),
    ("credit_transfers.credit_id", "accounts are never deleted"),
    ("credit_transfers.debit_id", "accounts are never deleted"),
];

#[test]
fn every_table_is_strict() {
    let loose = Scratch::blank().texts(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict
         AND name NOT LIKE 'sqlite_%'",
    );
    assert_eq!(loose, [""; 0]);
}

#[test]
fn every_foreign_key_says_what_becomes_of_the_child() {
    let silent = Scratch::blank().texts(
        "SELECT m.name || '.' || f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
         WHERE m.type = 'table' AND f.on_delete = 'NO ACTION'",
    );
    // The one that makes a holder have a default card is a rule, not an ownership; and whoever goes gives the
    // leads back first.
    assert_eq!(silent, ["subscriptions.tier", "card_holders.user_id", "leads.assigned_to"]);
}

#[test]
fn every_foreign_key_has_an_index() {
    let bare = Scratch::blank().texts(
        "SELECT DISTINCT m.name || '.' || f.\"from\"
         FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
         WHERE m.type = 'table' AND f.seq = 0 AND NOT EXISTS(
           SELECT 1 FROM pragma_index_list(m.name) i, pragma_index_info(i.name) c
           WHERE c.seqno = 0 AND c.name = f.\"from\" AND (i.partial = 0 OR EXISTS(
             SELECT 1 FROM sqlite_schema p WHERE p.name = i.name
             AND p.sql LIKE '%WHERE ' || c.name || ' IS NOT NULL')))",
    );
    let known: Vec<&str> = NO_INDEX.iter().map(|(column, _)| *column).collect();
    assert_eq!(bare, known);
}

#[test]
fn no_index_is_covered_by_another() {
    let scratch = Scratch::blank();
    let covered = scratch.texts(
        "WITH i AS (
           SELECT m.name AS t, l.name AS n, l.\"unique\" AS u,
                  (SELECT group_concat(c.name, ',' ORDER BY c.seqno) || ','
                   FROM pragma_index_info(l.name) c) AS cols
           FROM sqlite_schema m, pragma_index_list(m.name) l
           WHERE m.type = 'table' AND l.partial = 0)
         SELECT a.n FROM i a JOIN i b ON a.t = b.t AND a.n <> b.n
         WHERE NOT a.u AND substr(b.cols, 1, length(a.cols)) = a.cols",
    );
    assert_eq!(covered, [""; 0]);
}

/// The words of the CHECK on this column, as the schema lists them.
fn words(scratch: &Scratch, table: &str, column: &str) -> Vec<String> {
    let sql = format!("SELECT sql FROM sqlite_schema WHERE name = '{table}'");
    let sql = scratch.texts(&sql).concat();
    let (_, rest) = sql.split_once(&format!("CHECK({column} IN")).unwrap();
    let (_, rest) = rest.split_once('(').unwrap();
    let (list, _) = rest.split_once(')').unwrap();
    list.split(',').map(|word| word.trim().trim_matches('\'').to_owned()).collect()
}

#[test]
fn the_words_of_a_check_are_those_of_its_type() {
    let scratch = Scratch::blank();
    let known: [(&str, &str, &[&str]); 19] = [
        ("webhooks", "ended_for", webhooks::End::WORDS),
        ("deliveries", "state", webhooks::State::WORDS),
        ("users", "role", users::Role::WORDS),
        ("subscriptions", "status", subscriptions::Status::WORDS),
        ("invite_requests", "status", invites::Status::WORDS),
        ("credit_transfers", "kind", credits::Kind::WORDS),
        ("credit_transfers", "reason", credits::Reason::WORDS),
        ("jobs", "state", jobs::State::WORDS),
        ("cards", "template_type", cards::Template::WORDS),
        ("cards", "visibility", cards::Visibility::WORDS),
        ("cards", "lead_routing", cards::LeadRouting::WORDS),
        ("leads", "status", leads::Status::WORDS),
        ("lead_claims", "reason", leads::Reason::WORDS),
        ("shares", "channel", shares::Channel::WORDS),
        ("card_days", "class", visitors::Class::WORDS),
        ("share_days", "class", visitors::Class::WORDS),
        ("event_firsts", "subject_kind", &["share", "card"]),
        ("event_firsts", "type", events::Event::WORDS),
        ("languages", "language", languages::Language::WORDS),
    ];
    for (table, column, expected) in known {
        assert_eq!(words(&scratch, table, column), expected, "{table}.{column}");
    }
    // A list of words in the schema that nobody has compared with its type.
    let tables = scratch.texts("SELECT sql FROM sqlite_schema WHERE type = 'table'").concat();
    let mut lists = tables.split("CHECK(").filter_map(|check| check.split_once(" IN"));
    let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let unknown = lists.find(|(column, rest)| {
        is_name(column)
            && rest.trim_start().starts_with("('")
            && !known.iter().any(|(_, known, _)| known == column)
    });
    assert_eq!(unknown.map(|(column, _)| column), None);
}

#[test]
fn the_ways_of_a_subscription_are_those_of_its_type() {
    for (from, name) in subscriptions::Status::NAMES {
        for (to, next) in subscriptions::Status::NAMES {
            let scratch = Scratch::new();
            scratch.accept(&format!(
                "INSERT INTO subscriptions(user_id, tier, status, started_ms)
                 SELECT id, 'free', '{name}', 0 FROM users"
            ));
            let legal = from == to || from.allowed().contains(to);
            let refused = Verdict::at_once("subscriptions.status");
            let expected = if legal { Verdict::Accepted } else { refused };
            let step = format!("UPDATE subscriptions SET status = '{next}', version = version + 1");
            scratch.assert(&step, &expected);
        }
    }
}

#[test]
fn what_has_counted_is_taken_from_nobody() {
    let scratch = Scratch::new();
    let ada = id("ada");
    scratch.accept(&format!(
        "INSERT INTO xp_events(user_id, source, source_id, xp, created_ms)
           VALUES ({ada}, 'first-card', '', 50, 0);
         INSERT INTO progress(user_id, xp) VALUES ({ada}, 50);
         INSERT INTO streaks(user_id, current, longest, last_day, time_zone)
           VALUES ({ada}, 2, 3, 20000, 'UTC');
         INSERT INTO topics(user_id, topic, score) VALUES ({ada}, 'a', 9007199254740991)"
    ));
    for (sql, name) in [
        ("UPDATE xp_events SET xp = 60", "xp_events"),
        ("UPDATE progress SET xp = 49", "progress.xp"),
        ("UPDATE streaks SET last_day = 19999", "streaks.last_day"),
        ("UPDATE streaks SET longest = 2", "streaks.last_day"),
    ] {
        scratch.assert(sql, &Verdict::at_once(name));
    }
    for sql in [
        "UPDATE streaks SET current = 4",
        "UPDATE streaks SET current = 0",
        "UPDATE topics SET score = score + 1",
        "UPDATE topics SET topic = 'A'",
        "INSERT INTO progress(user_id, xp) SELECT user_id, 1 FROM progress",
        "INSERT INTO xp_events(user_id, source, source_id, xp, created_ms)
           SELECT user_id, source, source_id, 50, 1 FROM xp_events",
    ] {
        let told = scratch.try_sql(sql);
        assert!(matches!(told, Verdict::AtOnce(_)), "{sql}: {told:?}");
    }
}

#[test]
fn every_constraint_that_speaks_for_the_product_is_in_the_schema() {
    let scratch = Scratch::new();
    let user = |column: &str| {
        let mut values = ["randomblob(16)", "'x@x'", "'x@x'", "'x'", "'x'", "'member'", "0", "0"];
        values[if column == "handle" { 3 } else { 2 }] =
            if column == "handle" { "'ada'" } else { "'ada@x'" };
        format!(
            "INSERT INTO users(id, email, email_norm, handle, display_name, role, created_ms,
               updated_ms) VALUES ({})",
            values.join(", ")
        )
    };
    for column in ["email_norm", "handle"] {
        scratch.assert(&user(column), &Verdict::at_once(&format!("users.{column}")));
    }
}

#[test]
fn what_is_malformed_is_refused() {
    let scratch = Scratch::new();
    let torn = "UPDATE cards SET design_config = '{', version = version + 1";
    assert!(scratch.conn.execute_batch(torn).is_err());
    for sql in [
        "UPDATE cards SET fields_config = '[]', version = version + 1",
        "UPDATE cards SET name = '', version = version + 1",
        "UPDATE cards SET is_active = 7, version = version + 1",
        "UPDATE cards SET created_ms = 1.5, version = version + 1",
        "UPDATE cards SET created_ms = 'x', version = version + 1",
        "UPDATE cards SET visibility = 'hidden', version = version + 1",
        "UPDATE users SET role = 'owner', version = version + 1",
        "UPDATE users SET handle = 'Ada', version = version + 1",
        "UPDATE users SET id = x'01', version = version + 1",
        "UPDATE card_holders SET card_count = 0",
        "UPDATE tiers SET max_cards = 0",
        "INSERT INTO passwords(user_id, hash) SELECT id, 'secret' FROM users",
        "INSERT INTO login_attempts VALUES (x'01', 1, 1, 1)",
        "INSERT INTO card_links(card_id, position, id, platform, url)
           SELECT id, 50, randomblob(16), 'p', 'u' FROM cards",
    ] {
        let told = scratch.try_sql(sql);
        assert!(matches!(told, Verdict::AtOnce(_)), "{sql}: {told:?}");
    }
}
