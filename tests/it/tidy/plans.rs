//! Every statement compiles against the schema, and none goes through a whole growing table unless it
//! says why.

use super::source::{Literal, Source, assert_lines, assert_none, rust_files, words};
use super::sql::is_statement;
use cardinal::store::schema::SCHEMA;
use rusqlite::Connection;

/// Tables that do not grow.
const SMALL: &[&str] = &["tiers", "settings"];

/// A schema nobody has written to yet.
struct Plans {
    conn: Connection,
    _file: tempfile::NamedTempFile,
}

impl Plans {
    fn new(schema: &str) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        let conn = Connection::open(file.path()).unwrap();
        conn.execute_batch(schema).unwrap();
        Self { conn, _file: file }
    }

    /// The steps in which SQLite will go about it.
    fn of(&self, sql: &str) -> Result<Vec<String>, rusqlite::Error> {
        let mut plan = self.conn.prepare_cached(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let mut steps = Vec::new();
        let mut rows = plan.raw_query();
        while let Some(row) = rows.next()? {
            steps.push(row.get(3)?);
        }
        Ok(steps)
    }

    fn faults(&self, source: &Source, macros: &[(String, String)]) -> Vec<String> {
        let mut faults = Vec::new();
        for literal in &source.literals {
            let Some(sql) = whole(literal, macros) else { continue };
            match self.of(&sql) {
                Err(fault) => {
                    faults.push(source.fault(literal.line, format!("does not compile: {fault}")));
                }
                Ok(steps) => {
                    let scan = steps.iter().find(|step| scans(step));
                    if let Some(step) = scan.filter(|_| !is_explained(source, literal.line)) {
                        let told = format!(
                            "goes through a whole table ({step}): give it an index, or say why above it, after `SCAN:`"
                        );
                        faults.push(source.fault(literal.line, told));
                    }
                }
            }
        }
        faults
    }
}

/// Whether a step goes through a whole table that grows.
fn scans(step: &str) -> bool {
    let Some(rest) = step.strip_prefix("SCAN ") else { return false };
    let table = rest.split_whitespace().next().unwrap_or_default();
    rest != "CONSTANT ROW" && !table.starts_with('(') && !SMALL.contains(&table)
}

/// Whether the lines right above a line, or those above the item it is in, say `SCAN:`.
fn is_explained(source: &Source, line: usize) -> bool {
    let lines: Vec<&str> = source.text.lines().take(line).collect();
    let near = lines.iter().rev().take(4).any(|line| line.contains("SCAN:"));
    let inside = |line: &&&str| line.is_empty() || line.starts_with([' ', ')', '}', ']']);
    let above = lines.iter().rev().skip_while(inside).skip(1);
    near || above.take_while(|line| line.starts_with("//")).any(|line| line.contains("SCAN:"))
}

/// The macros that begin a statement, each with its beginning.
fn macros(sources: &[Source]) -> Vec<(String, String)> {
    let mut macros = Vec::new();
    for source in sources {
        for (line, code) in source.code_lines() {
            let Some((_, rest)) = code.split_once("macro_rules! select_") else { continue };
            let name = format!("select_{}", words(rest)[0]);
            let begins = source.literals.iter().find(|literal| literal.line > line).unwrap();
            macros.push((name, begins.text.clone()));
        }
    }
    macros
}

/// The whole statement that a text is, or is the end of.
fn whole(literal: &Literal, macros: &[(String, String)]) -> Option<String> {
    let begun = macros
        .iter()
        .find(|(name, _)| words(&literal.before).ends_with(&[name.as_str(), "!", "("]));
    match begun {
        Some((_, begins)) => Some(format!("{begins}{}", literal.text)),
        None => is_statement(&literal.text).then(|| literal.text.clone()),
    }
}

#[test]
fn every_statement_compiles_and_uses_an_index() {
    let (sources, plans) = (rust_files(&["src/domain"]), Plans::new(SCHEMA));
    let macros = macros(&sources);
    let count =
        |source: &Source| source.literals.iter().filter(|l| whole(l, &macros).is_some()).count();
    assert!(sources.iter().map(count).sum::<usize>() > 40, "the statements were not found");
    // The beginning of a statement by itself goes through the table; its ends are what counts.
    let begins = |fault: &String| {
        sources.iter().any(|source| {
            let begins =
                source.literals.iter().filter(|l| macros.iter().any(|(_, text)| *text == l.text));
            begins.into_iter().any(|l| fault.starts_with(&source.fault(l.line, "")))
        })
    };
    let faults = sources.iter().flat_map(|source| plans.faults(source, &macros));
    assert_none(&faults.filter(|fault| !begins(fault)).collect::<Vec<_>>());
}

#[test]
fn a_scan_and_a_mistake_are_found() {
    let plans = Plans::new("CREATE TABLE a(b INTEGER PRIMARY KEY, c); CREATE TABLE tiers(d);");
    let text = "fn f() {\n  x(\"SELECT c FROM a WHERE b = 1\");\n  x(\"SELECT b FROM a WHERE c = 1\");\n\
                \x20 // SCAN: it is small.\n  x(\"SELECT b FROM a\");\n  x(\"SELECT z FROM a\");\n\
                \x20 x(\"SELECT d FROM tiers\");\n  x(\"SELECT 1\");\n}\n\n/// All. SCAN: it is\n/// rare.\n\
                fn g() {\n\n\n\n\n  x(\"UPDATE a SET c = 1\");\n}\n\n\n\n\n\n\
                fn h() {\n  y(select_a!(\"WHERE b = 1\"));\n\
                \x20 y(select_a!(\n    \"WHERE c = 1\"));\n";
    let source = Source::rust("src/domain/x.rs", text);
    let macros = [("select_a".to_owned(), "SELECT b, c FROM a ".to_owned())];
    assert_lines(&plans.faults(&source, &macros), &[3, 6, 28]);
}
