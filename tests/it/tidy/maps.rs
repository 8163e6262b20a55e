//! Lists that must be true: of tests, of files, of what is tested.

use super::source::{Source, assert_lines, assert_none, is_rust, paths, read, root, rust_files};
use cardinal::routes::ROUTES;

/// What differs between what a list says and what there is.
fn differences(list: &str, listed: &[String], there: &[String]) -> Vec<String> {
    let missing = there.iter().filter(|item| !listed.contains(item));
    let missing = missing.map(|item| format!("{list}:1: {item} is missing: list it"));
    let gone = listed.iter().filter(|item| !there.contains(item));
    missing.chain(gone.map(|item| format!("{list}:1: there is no {item}: take it off"))).collect()
}

fn modules(main: &str) -> Vec<String> {
    let names = main.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// The paths in the fenced block behind a heading: the first word of each line that ends in `.rs`.
fn fenced(text: &str, heading: &str) -> Vec<String> {
    let behind = text.split_once(&format!("{heading}\n")).map_or("", |(_, behind)| behind);
    let block = behind.split("```").nth(1).unwrap_or("");
    let words = block.lines().filter_map(|line| line.split_whitespace().next());
    words.filter(|word| is_rust(word)).map(str::to_owned).collect()
}

/// Whether `path`, as a test writes it, leads to this route.
fn leads_to(path: &str, route: &str) -> bool {
    let (path, route): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
    let same = |(path, route): (&&str, &&str)| match route.split_once('{') {
        None => path == route,
        Some((before, rest)) => {
            let after = rest.split_once('}').map_or("", |(_, after)| after);
            let inner = path.strip_prefix(before).and_then(|path| path.strip_suffix(after));
            inner.is_some_and(|inner| !inner.is_empty())
        }
    };
    path.len() == route.len() && path.iter().zip(&route).all(same)
}

/// The paths that the texts of a file ask for.
fn asked(source: &Source) -> Vec<String> {
    let words = source.literals.iter().flat_map(|literal| literal.text.split_whitespace());
    let paths = words.filter(|word| word.starts_with('/'));
    paths.map(|path| path.split(['?', '#']).next().unwrap_or("").to_owned()).collect()
}

fn untested(routes: &[&str], tests: &[Source]) -> Vec<String> {
    let asked: Vec<String> = tests.iter().flat_map(asked).collect();
    let bare = routes.iter().filter(|route| !asked.iter().any(|path| leads_to(path, route)));
    bare.map(|route| format!("src/routes.rs:1: no test asks for {route}: write one in tests/it"))
        .collect()
}

#[test]
fn every_route_is_tested() {
    let mut tests = rust_files(&["tests/it"]);
    tests.retain(|file| !file.path.starts_with("tests/it/tidy/"));
    let mut routes: Vec<&str> = ROUTES.iter().map(|route| route.path).collect();
    routes.dedup();
    assert_none(&untested(&routes, &tests));
}

#[test]
fn the_list_of_tests_is_the_folder() {
    let listed = modules(&read("tests/it/main.rs"));
    let mut there: Vec<String> = Vec::new();
    for path in paths("tests/it").iter().filter_map(|path| path.strip_prefix("tests/it/")) {
        let module = path.split('/').next().unwrap_or("").trim_end_matches(".rs");
        let is_module = is_rust(path) && module != "main";
        if is_module && !there.iter().any(|known| known == module) {
            there.push(module.to_owned());
        }
    }
    assert_none(&differences("tests/it/main.rs", &listed, &there));
}

#[test]
fn the_map_is_the_territory() {
    assert!(root().join("README.md").is_file(), "README.md:1: there is none: write it");
    let listed = fenced(&read("README.md"), "## File map");
    let mut there = paths("src");
    there.retain(|path| is_rust(path));
    assert_none(&differences("README.md", &listed, &there));
}

#[test]
fn a_wrong_list_is_found() {
    let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
    let (listed, there) = (list(&["a", "b"]), list(&["b", "c"]));
    assert_eq!(differences("list", &listed, &there).len(), 2);
    assert_lines(&differences("list", &there, &there), &[]);
    assert_eq!(modules("mod a;\n// mod x;\n\nmod b;\npub mod c;\n"), ["a", "b"]);
    let map = "# T\n```\nsrc/x.rs\n```\n## File map\n\nWords.\n\n\
        ```text\nsrc/a.rs  an a\n  src/b.rs b\n\n```\nsrc/c.rs\n";
    assert_eq!(fenced(map, "## File map"), ["src/a.rs", "src/b.rs"]);
}

#[test]
fn an_untested_route_is_found() {
    let tests = "get(\"/a\"); get(&format!(\"/a/{id}/b?x=1\")); raw(\"GET /c/ada.json HTTP/1.1\"); // \"/d\"\n";
    let routes = ["/a", "/a/{id}", "/a/{id}/b", "/c/{slug}", "/c/{slug}.json", "/d"];
    let found = untested(&routes, &[Source::rust("tests/it/x.rs", tests)]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("for /a/{id}:") && found[1].contains("for /d:"), "{found:?}");
}
