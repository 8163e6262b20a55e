//! A table has one writing module, named above it in `schema.sql`.

use super::source::{Source, assert_lines, assert_none, read, root, rust_files};
use super::sql::{is_statement, written};
use std::collections::BTreeMap;

/// A table as the schema has it: its line, its owner if one is named, and how its declaration ends.
#[derive(Debug)]
struct Table {
    line: usize,
    owner: Option<String>,
    end: String,
}

fn tables(schema: &str) -> BTreeMap<String, Table> {
    let lines: Vec<&str> = schema.lines().collect();
    let mut tables = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = line.strip_prefix("CREATE TABLE ") else { continue };
        let above = lines[..at].iter().rev().take_while(|line| line.starts_with("--"));
        let owner = above.filter_map(|line| line.strip_prefix("-- Owner: ")).last();
        let owner = owner.and_then(|rest| rest.split(". ").next());
        let end = lines[at..].iter().find(|line| line.starts_with(')')).copied().unwrap_or("");
        let table = Table { line: at + 1, owner: owner.map(str::to_owned), end: end.to_owned() };
        tables.insert(name.trim_end_matches('(').to_owned(), table);
    }
    tables
}

fn badly_declared(schema: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, table) in tables(schema) {
        let mut told =
            |what: &str| faults.push(format!("schema.sql:{}: {name} {what}", table.line));
        if !table.end.contains("STRICT") {
            told("is not STRICT: end it with `) STRICT`");
        }
        match &table.owner {
            None => told(
                "has no owner: say `-- Owner: domain/<noun>.rs. <what a row is, how long it lives>`",
            ),
            Some(owner) if !exists(owner) => {
                told(&format!("is owned by {owner}, which does not exist"));
            }
            Some(_) => {}
        }
    }
    faults.sort();
    faults
}

fn written_by_others(source: &Source, tables: &BTreeMap<String, Table>) -> Vec<String> {
    let mut faults = Vec::new();
    if source.path.starts_with("src/race/naive/") {
        // The naive server has a database, and mistakes, of its own.
        return faults;
    }
    for literal in source.literals.iter().filter(|literal| is_statement(&literal.text)) {
        for (verb, name) in written(&literal.text) {
            let owner = tables.get(name).and_then(|table| table.owner.as_deref());
            let what = match owner {
                None => format!("{verb} on {name}, which is no table of schema.sql"),
                Some(owner) if source.path == format!("src/{owner}") => continue,
                Some(owner) => {
                    format!("{verb} on {name}: only src/{owner} writes it; call a verb of its")
                }
            };
            faults.push(source.fault(literal.line, what));
        }
    }
    faults
}

#[test]
fn every_table_is_strict_and_owned() {
    let schema = read("schema.sql");
    assert!(tables(&schema).len() > 10);
    assert_none(&badly_declared(&schema, |owner| root().join("src").join(owner).is_file()));
}

#[test]
fn only_the_owner_writes_a_table() {
    let tables = tables(&read("schema.sql"));
    let files = rust_files(&["src"]);
    assert_none(
        &files.iter().flat_map(|file| written_by_others(file, &tables)).collect::<Vec<_>>(),
    );
    let writes = |name: &str| {
        files.iter().any(|file| {
            file.literals
                .iter()
                .any(|l| is_statement(&l.text) && written(&l.text).iter().any(|w| w.1 == name))
        })
    };
    // What the schema itself fills needs nobody.
    let schemas = ["tiers", "public_editions"];
    let idle = tables.keys().filter(|name| !schemas.contains(&name.as_str()) && !writes(name));
    assert_eq!(idle.collect::<Vec<_>>(), [""; 0], "tables that nobody writes");
}

#[test]
fn a_badly_declared_table_is_found() {
    let schema = "-- Owner: domain/a.rs. A row.\n-- More.\nCREATE TABLE a(\n  b INTEGER\n) STRICT;\n\
                  CREATE TABLE c(\n  d INTEGER\n) STRICT;\n-- Owner: domain/x.rs. A row.\nCREATE TABLE e(\n\n);\n";
    assert_lines(&badly_declared(schema, |owner| owner == "domain/a.rs"), &[10, 10, 6]);
}

#[test]
fn a_foreign_writer_is_found() {
    let tables = tables("-- Owner: domain/a.rs. A row.\nCREATE TABLE a(\n) STRICT;\n");
    let text = "x(\"INSERT INTO a(b) VALUES (1)\");\nx(\"SELECT b FROM a\");\nx(\"UPDATE nothing SET a = 1\");\n";
    assert_lines(&written_by_others(&Source::rust("src/domain/a.rs", text), &tables), &[3]);
    assert_lines(&written_by_others(&Source::rust("src/domain/b.rs", text), &tables), &[1, 3]);
}
