//! The SQL of the house: where it stands, and how it is written.

use super::source::{Literal, Source, assert_lines, assert_none, rust_files, words};

/// Whether a text is a statement of SQL.
pub(crate) fn is_statement(text: &str) -> bool {
    let first = words(text).first().copied().unwrap_or_default();
    // Our SQL writes its keywords in capitals; a sentence does not.
    matches!(first, "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "WITH" | "REPLACE")
}

/// The tables a text writes, each with the verb.
pub(crate) fn written(text: &str) -> Vec<(&str, &str)> {
    let words = words(text);
    let mut written = Vec::new();
    for at in 0..words.len() {
        let word = |ahead: usize| words.get(at + ahead).copied().unwrap_or_default();
        let table = match (word(0), word(1)) {
            ("INSERT", "INTO") | ("DELETE", "FROM") => word(2),
            ("REPLACE", "INTO") if at == 0 => word(2),
            ("INSERT", "OR") => word(4),
            // `DO UPDATE SET` is of the table that is inserted into, `BEFORE UPDATE OF` a trigger's.
            ("UPDATE", "OR") => word(3),
            ("UPDATE", next) if !matches!(next, "SET" | "OF" | "ON" | "") => next,
            _ => continue,
        };
        let plain = |c: char| c.is_ascii_lowercase() || c == '_';
        if table.starts_with(plain) {
            written.push((word(0), table));
        }
    }
    written
}

/// What is wrong with how a statement is written.
fn faults_of(text: &str) -> Vec<&'static str> {
    let words = words(text);
    let follows = |pair: [&str; 2]| words.windows(2).any(|two| two == pair);
    let mut faults = Vec::new();
    if words.windows(2).any(|two| two[1] == "*" && matches!(two[0], "SELECT" | "." | "RETURNING")) {
        faults.push("takes whatever columns there are: list them");
    }
    if follows(["OR", "REPLACE"]) || follows(["REPLACE", "INTO"]) {
        faults.push("replaces rows, past the triggers: ON CONFLICT (…) DO UPDATE");
    }
    if follows(["OR", "IGNORE"]) {
        faults.push("swallows every constraint: ON CONFLICT (…) DO NOTHING");
    }
    let unlisted =
        |at: usize| words[at..].starts_with(&["INSERT", "INTO"]) && words.get(at + 3) != Some(&"(");
    if (0..words.len()).any(unlisted) {
        faults.push("inserts into whatever columns there are: list them");
    }
    faults
}

fn badly_written(source: &Source) -> Vec<String> {
    let told = |literal: &Literal| {
        let faults = faults_of(&literal.text).into_iter();
        faults.map(|fault| source.fault(literal.line, fault)).collect::<Vec<_>>()
    };
    source.literals.iter().filter(|literal| is_statement(&literal.text)).flat_map(told).collect()
}

/// Statements stand in `domain` and `store`.
fn astray(source: &Source) -> Vec<String> {
    let home = ["src/domain/", "src/store/", "src/race/"];
    if home.iter().any(|home| source.path.starts_with(home)) {
        return Vec::new();
    }
    let strays = source.literals.iter().filter(|literal| {
        let words = words(&literal.text);
        is_statement(&literal.text)
            && words.iter().any(|word| matches!(*word, "FROM" | "INTO" | "SET"))
    });
    strays.map(|l| source.fault(l.line, "speaks SQL: that is for src/domain")).collect()
}

#[test]
fn statements_list_columns_and_replace_nothing() {
    let files = rust_files(&["src"]);
    let schema = Source {
        path: "schema.sql".into(),
        literals: vec![Literal {
            line: 1,
            text: "INSERT ".to_owned() + &without_comments(&super::source::read("schema.sql")),
            before: String::new(),
        }],
        ..Source::default()
    };
    assert_none(&files.iter().chain([&schema]).flat_map(badly_written).collect::<Vec<_>>());
}

/// SQL without what stands behind `--`.
pub(crate) fn without_comments(sql: &str) -> String {
    sql.lines().map(|line| line.split("--").next().unwrap_or("").to_owned() + "\n").collect()
}

#[test]
fn sql_stands_where_it_belongs() {
    assert_none(&rust_files(&["src"]).iter().flat_map(astray).collect::<Vec<_>>());
}

#[test]
fn badly_written_sql_is_found() {
    let text = "a(\"SELECT * FROM t\");\na(\"SELECT count(*) FROM t\");\na(\"INSERT INTO t VALUES (1)\");\n\
                a(\"INSERT OR REPLACE INTO t(a) VALUES (1)\");\na(\"INSERT OR IGNORE INTO t(a) VALUES (1)\");\n\
                a(\"SELECT t.* FROM t\");\na(\"Select * from the list\");\na(\"DELETE FROM t RETURNING *\");\n\
                a(\"UPDATE t SET a = 2 * 3\");\na(\"REPLACE INTO t(a) VALUES (1)\");\n";
    let source = Source::rust("src/api/x.rs", text);
    assert_lines(&badly_written(&source), &[1, 3, 4, 5, 6, 8, 10]);
    assert_lines(&astray(&source), &[1, 2, 3, 4, 5, 6, 8, 9, 10]);
    assert_lines(&astray(&Source::rust("src/domain/x.rs", text)), &[]);
}

#[test]
fn what_a_statement_writes_is_known() {
    let sql = "WITH x AS (SELECT 1) INSERT INTO a(b) SELECT 1 ON CONFLICT DO UPDATE SET b = 2";
    assert_eq!(written(sql), [("INSERT", "a")]);
    assert_eq!(written("UPDATE OR FAIL a SET b = 1"), [("UPDATE", "a")]);
    assert_eq!(written("DELETE FROM a WHERE b IN (SELECT c FROM d)"), [("DELETE", "a")]);
    assert_eq!(written("INSERT OR REPLACE INTO a(b) VALUES (1)"), [("INSERT", "a")]);
    assert_eq!(written("SELECT a FROM b"), []);
}
