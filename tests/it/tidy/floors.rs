//! Imports go down only.

use super::source::{Source, assert_lines, assert_none, read, rust_files, words};

/// The house from the ground up. A module uses those on lower floors; on its own floor only the
/// vocabulary's uses one another.
const FLOORS: &[&[&str]] = &[
    VOCABULARY,
    &["store"],
    &["domain"],
    &["http"],
    &["api", "web"],
    &["openapi"],
    &["routes"],
    &["app"],
    &["server", "worker"],
    &["instance"],
    &["testing"],
    &["race"],
    &["cli"],
    &["main"],
];
const VOCABULARY: &[&str] = &["error", "clock", "id", "config", "metrics"];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The module of a file below `folder`: `src/http/ctx.rs` is of `http`.
fn module<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let below = path.strip_prefix(folder)?.split('/').next()?;
    Some(below.strip_suffix(".rs").unwrap_or(below))
}

/// The names that `code` takes from behind `prefix`, as in `crate::name` and `crate::{name, name::x}`,
/// with their lines.
fn taken<'a>(code: &'a str, prefix: &[&str]) -> Vec<(usize, &'a str)> {
    let mut all = Vec::new();
    for (line, text) in (1..).zip(code.lines()) {
        all.extend(words(text).into_iter().map(|word| (line, word)));
    }
    let mut taken = Vec::new();
    for at in 0..all.len() {
        let behind = all.get(at..at + prefix.len()).unwrap_or_default();
        let inner = at > 0 && all[at - 1].1 == ":";
        if inner || !behind.iter().map(|(_, word)| word).eq(prefix) {
            continue;
        }
        let rest = &all[at + prefix.len()..];
        if rest.first().is_none_or(|(_, word)| *word != "{") {
            taken.extend(rest.first());
            continue;
        }
        let (mut depth, mut begins) = (0, false);
        for (line, word) in rest {
            match *word {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ if begins => taken.push((*line, *word)),
                _ => {}
            }
            begins = depth == 1 && matches!(*word, "{" | ",");
            if depth == 0 {
                break;
            }
        }
    }
    taken
}

fn upward(source: &Source) -> Vec<String> {
    let Some(own) = module(&source.path, "src/").filter(|own| *own != "lib") else {
        return Vec::new();
    };
    let Some(own_floor) = floor(own) else {
        return vec![source.fault(1, format!("{own} has no floor: give it one in FLOORS"))];
    };
    let mut faults = Vec::new();
    let root = if own == "main" { "cardinal" } else { "crate" };
    for (line, name) in taken(&source.code, &[root, ":", ":"]) {
        let Some(its_floor) = floor(name).filter(|_| name != own) else { continue };
        let level = its_floor == own_floor && !VOCABULARY.contains(&own);
        if its_floor > own_floor || level {
            faults.push(source.fault(
                line,
                format!("{own} uses {name}, which is not below it: move what both need down"),
            ));
        }
    }
    faults
}

/// The nouns in the order in which they stand.
fn order(list: &str) -> Vec<&str> {
    let mods = list.lines().filter_map(|line| line.strip_prefix("pub mod "));
    mods.filter_map(|line| line.strip_suffix(';')).collect()
}

fn out_of_order(source: &Source, order: &[&str]) -> Vec<String> {
    let Some(own) = module(&source.path, "src/domain/").filter(|own| *own != "mod") else {
        return Vec::new();
    };
    let place = |noun: &str| order.iter().position(|listed| *listed == noun);
    let flat = source.path == format!("src/domain/{own}.rs");
    let from_beside = if flat { taken(&source.code, &["super", ":", ":"]) } else { Vec::new() };
    let from_above = taken(&source.code, &["crate", ":", ":", "domain", ":", ":"]);
    let Some(own_place) = place(own) else {
        return vec![source.fault(1, "is not listed in src/domain/mod.rs: put it in its place")];
    };
    let later = |(_, name): &(usize, &str)| place(name).is_some_and(|place| place > own_place);
    let told = |(line, name): (usize, &str)| {
        source.fault(line, format!("{own} uses {name}, which src/domain/mod.rs lists below it"))
    };
    from_beside.into_iter().chain(from_above).filter(later).map(told).collect()
}

#[test]
fn imports_only_go_down() {
    let faults: Vec<_> = rust_files(&["src"]).iter().flat_map(upward).collect();
    assert_none(&faults);
}

#[test]
fn the_nouns_stand_in_one_line() {
    let list = read("src/domain/mod.rs");
    let order = order(&list);
    assert!(order.len() > 10, "{order:?}");
    let faults: Vec<_> =
        rust_files(&["src/domain"]).iter().flat_map(|file| out_of_order(file, &order)).collect();
    assert_none(&faults);
}

#[test]
fn an_import_that_goes_up_is_found() {
    let text = "use crate::error::Error;\nuse crate::{store, web::home,\n  api};\n\
                fn f() { crate::server::go(); }\n// crate::cli\nuse crate::api::cards;\n";
    assert_lines(&upward(&Source::rust("src/api/cards.rs", text)), &[2, 4]);
    assert_lines(&upward(&Source::rust("src/config.rs", text)), &[2, 2, 3, 4, 6]);
    assert_lines(&upward(&Source::rust("src/new.rs", text)), &[1]);
    assert_lines(&upward(&Source::rust("src/cli/mod.rs", text)), &[]);
    assert_lines(&upward(&Source::rust("src/web/home.rs", "use crate::api::cards;")), &[1]);
}

#[test]
fn a_noun_out_of_order_is_found() {
    let order = order("pub mod users;\npub mod cards;\n\npub mod leads;\n");
    let text = "use super::{users, leads::Lead};\nuse crate::domain::leads;\nuse super::named;\n";
    assert_lines(&out_of_order(&Source::rust("src/domain/cards.rs", text), &order), &[1, 2]);
    assert_lines(&out_of_order(&Source::rust("src/domain/leads.rs", text), &order), &[]);
    assert_lines(&out_of_order(&Source::rust("src/domain/cards/x.rs", text), &order), &[2]);
    assert_lines(&out_of_order(&Source::rust("src/domain/new.rs", text), &order), &[1]);
}
