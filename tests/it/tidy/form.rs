//! The form of files.

use super::source::{Source, assert_lines, assert_none, is_rust, paths, read, root, rust_files};

/// Lines of a file of Rust.
const LINES_MAX: usize = 400;
/// Characters of a line: rustfmt keeps code within 100, and leaves texts and comments alone.
const WIDTH_MAX: usize = 120;

fn too_long(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    let count = source.text.lines().count();
    if is_rust(&source.path) && count > LINES_MAX {
        faults.push(source.fault(
            count,
            format!("has {count} lines, {LINES_MAX} is the most: split it by what it owns"),
        ));
    }
    for (line, text) in source.lines() {
        let width = text.chars().count();
        if width > WIDTH_MAX {
            faults.push(
                source.fault(
                    line,
                    format!("has {width} characters, {WIDTH_MAX} is the most: break it"),
                ),
            );
        }
    }
    faults
}

fn left_over(source: &Source) -> Vec<String> {
    let words = [
        (concat!("FIX", "ME"), "is unfinished: finish it"),
        (concat!("TO", "DO"), "is unfinished: finish it"),
        (concat!("XX", "X"), "is unfinished: finish it"),
        (concat!("dbg", "!("), "was for looking: take it out"),
        ("\t", "has a tab: use spaces"),
        (" \n", "ends in a space: take it off"),
    ];
    let mut faults = Vec::new();
    for (line, text) in source.lines() {
        let text = format!("{text}\n");
        let found = words.iter().filter(|(word, _)| text.contains(word));
        faults.extend(found.map(|(_, told)| source.fault(line, told)));
    }
    faults
}

/// Where this copy of the repository stands, and who builds it: nobody else's business.
fn places() -> Vec<String> {
    let home = option_env!("HOME").map(|home| format!("{home}/"));
    let beside = root().parent().map(|beside| format!("{}/", beside.display()));
    let all = home.into_iter().chain(beside);
    all.filter(|place| place.trim_matches('/').len() > 2).collect()
}

fn reveals(source: &Source, places: &[String]) -> Vec<String> {
    let told = "names a place on somebody's machine: write it relative to the repository";
    let lines = source.lines().filter(|(_, text)| places.iter().any(|place| text.contains(place)));
    lines.map(|(line, _)| source.fault(line, told)).collect()
}

/// Every file of text that is ours.
fn texts() -> Vec<Source> {
    let mut files = rust_files(&["src", "tests", "benches"]);
    let mut others = vec!["schema.sql".to_owned(), "Cargo.toml".into(), ".clippy.toml".into()];
    others.extend(["README.md".to_owned(), ".cargo/config.toml".into(), ".ci/run".into()]);
    others.extend(paths("deploy"));
    let plain = |path: String| Source { text: read(&path), path, ..Source::default() };
    files.extend(others.into_iter().map(plain));
    files
}

#[test]
fn files_stay_short() {
    let files = texts().into_iter().filter(|file| is_rust(&file.path) || file.path == "schema.sql");
    assert_none(&files.flat_map(|file| too_long(&file)).collect::<Vec<_>>());
}

#[test]
fn nothing_is_left_over() {
    assert_none(&texts().iter().flat_map(left_over).collect::<Vec<_>>());
}

#[test]
fn nobodys_machine_is_named() {
    let places = places();
    assert_none(&texts().iter().flat_map(|file| reveals(file, &places)).collect::<Vec<_>>());
}

#[test]
fn a_long_file_and_a_long_line_are_found() {
    let text = format!("{}\n{}", "x".repeat(121), "ü".repeat(120));
    assert_lines(&too_long(&Source::rust("src/a.rs", &text)), &[1]);
    assert_lines(&too_long(&Source::rust("src/a.rs", &"\n".repeat(400))), &[]);
    assert_lines(&too_long(&Source::rust("src/a.rs", &"\n".repeat(401))), &[401]);
}

#[test]
fn a_left_over_is_found() {
    let text = ["// FIX", "ME\n\tx\ny \ndbg", "!(x)\nok\n"].concat();
    assert_lines(&left_over(&Source::rust("src/a.rs", &text)), &[1, 2, 3, 4]);
    let text = "see /srv/build/a\nsee src/a\n";
    assert_lines(&reveals(&Source::rust("src/a.rs", text), &["/srv/build/".to_owned()]), &[1]);
}
