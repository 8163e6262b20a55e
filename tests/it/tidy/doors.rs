//! A handler opens one door, and the wall around connections and sockets has known ones.

use super::source::{Source, assert_lines, assert_none, rust_files, words};

/// Handlers that do slow work between two doors, and why.
const TWO_DOORS: &[(&str, &str, &str)] = &[
    ("src/api/sessions.rs", "login", "checks a password's hash"),
    ("src/api/passwords.rs", "change", "checks a password's hash and makes another"),
    ("src/api/resets.rs", "redeem", "makes a password's hash, but not for a dead link"),
    ("src/web/reset.rs", "submit", "the same"),
    ("src/web/sign_in.rs", "submit", "checks a password's hash"),
    ("src/web/account.rs", "change_password", "checks a password's hash and makes another"),
    ("src/web/profile/photo.rs", "upload", "decodes a picture, but for nobody without a right"),
    ("src/api/photos.rs", "put", "decodes a picture, but for nobody without a right"),
];

/// Files that lift `clippy::disallowed_*`, and why.
const LIFTED: &[(&str, &str)] = &[
    ("src/clock.rs", "asks the system for the time"),
    ("src/store/mod.rs", "holds the connections"),
    ("src/race/naive/mod.rs", "does it the way that breaks"),
    ("benches/throughput/plain.rs", "is what the store is compared with"),
    ("src/server/reply.rs", "writes replies with tiny_http"),
    ("tests/it/cli/check.rs", "breaks what the schema holds"),
    ("tests/it/crash/mod.rs", "looks at what a kill left"),
    ("tests/it/schema/mod.rs", "tries the schema without the program"),
    ("tests/it/store/mod.rs", "is another program"),
    ("tests/it/tidy/mod.rs", "compiles statements"),
];

/// Where a package may be named.
const PACKAGES: &[(&str, &[&str])] = &[
    ("tiny_http", &["src/server/"]),
    ("httparse", &["src/server/", "src/testing/client.rs"]),
    ("rusqlite", &["src/store/", "src/race/naive/"]),
    ("r2d2", &["src/store/readers.rs", "src/race/naive/"]),
    ("r2d2_sqlite", &["src/store/readers.rs", "src/race/naive/"]),
    ("clap", &["src/cli/", "src/config/mod.rs"]),
    ("argon2", &["src/domain/passwords.rs", "src/race/naive/"]),
    ("image", &["src/domain/photos.rs"]),
    ("lettre", &["src/domain/mails/letter.rs", "src/worker/mail.rs"]),
    ("png", &["src/domain/photos.rs", "src/http/qr.rs", "src/web/picture/"]),
    ("qrcode", &["src/http/qr.rs"]),
    ("ab_glyph", &["src/web/picture/"]),
    ("moxcms", &["src/domain/photos.rs"]),
];

/// The functions of a file: name, line, body.
fn functions(source: &Source) -> Vec<(String, usize, String)> {
    let mut functions: Vec<(String, usize, String)> = Vec::new();
    for (line, text) in source.code_lines() {
        let words = words(text);
        // A function begins where its name stands, and lasts until the next one does.
        if let Some(at) = words.iter().position(|word| *word == "fn")
            && let Some(name) = words.get(at + 1).filter(|name| **name != "(")
        {
            functions.push(((*name).to_owned(), line, String::new()));
        }
        if let Some((_, _, body)) = functions.last_mut() {
            body.push_str(text);
            body.push('\n');
        }
    }
    functions
}

/// How often one of these is called, with arguments, on something.
fn calls(body: &str, names: &[&str]) -> usize {
    let words = words(body);
    let call = |four: &&[&str]| {
        four[0] == "." && names.contains(&four[1]) && four[2] == "(" && four[3] != ")"
    };
    words.windows(4).filter(call).count()
}

fn too_many_doors(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, line, body) in functions(source) {
        let known = TWO_DOORS.iter().any(|(path, known, _)| *path == source.path && *known == name);
        if calls(&body, &["read", "write"]) > 1 {
            faults.push(
                source.fault(line, format!("{name} opens two doors: do all of it behind one")),
            );
        }
        if calls(&body, &["first_door"]) > 0 && !known {
            let told = format!(
                "{name} opens the first of two doors: do all of it behind one, or list it in TWO_DOORS"
            );
            faults.push(source.fault(line, told));
        }
    }
    faults
}

fn lifted(source: &Source) -> Vec<String> {
    let known = LIFTED.iter().any(|(path, _)| *path == source.path);
    let lifts = source.code_lines().filter(|(_, code)| code.contains("clippy::disallowed_"));
    let told = "lifts a wall of the house: go through its door, or list the file in LIFTED";
    lifts.filter(|_| !known).map(|(line, _)| source.fault(line, told)).collect()
}

fn misplaced(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    for (package, places) in PACKAGES {
        if places.iter().any(|place| source.path.starts_with(place)) {
            continue;
        }
        for (line, code) in source.code_lines() {
            let words = words(code);
            let named = |three: &[&str]| three[0] == *package && three[1..] == [":", ":"];
            if words.windows(3).any(named) {
                faults.push(
                    source
                        .fault(line, format!("names {package}: only {} may", places.join(" and "))),
                );
            }
        }
    }
    faults
}

#[test]
fn a_handler_opens_one_door() {
    let files = rust_files(&["src/api", "src/web"]);
    assert_none(&files.iter().flat_map(too_many_doors).collect::<Vec<_>>());
    for (path, name, _) in TWO_DOORS {
        let stands = files.iter().filter(|file| file.path == *path).flat_map(functions);
        let mut doors = stands.filter(|(found, _, _)| found == name);
        let uses = doors.any(|(_, _, body)| calls(&body, &["first_door"]) > 0);
        assert!(uses, "{path}: {name} opens no first door: take it off TWO_DOORS");
    }
}

#[test]
fn the_walls_have_known_doors() {
    let files = rust_files(&["src", "tests", "benches"]);
    assert_none(&files.iter().flat_map(lifted).collect::<Vec<_>>());
    for file in files.iter().filter(|file| LIFTED.iter().any(|(path, _)| *path == file.path)) {
        let lifts = file.code.contains("clippy::disallowed_");
        assert!(lifts, "{} lifts no wall: take it off LIFTED", file.path);
    }
}

#[test]
fn packages_are_named_where_they_belong() {
    assert_none(&rust_files(&["src"]).iter().flat_map(misplaced).collect::<Vec<_>>());
}

#[test]
fn a_second_door_is_found() {
    let text = "fn one(ctx: Ctx) { ctx.read(|r| x) }\nfn two() {\n  ctx.read(|r| x);\n  a.write(y)\n}\n\
                fn three() { lock.read(); lock.write(); ctx\n  .write(\n  1) }\nfn four() { c.first_door(x) }\n";
    assert_lines(&too_many_doors(&Source::rust("src/api/x.rs", text)), &[2, 9]);
}

#[test]
fn a_hole_in_a_wall_is_found() {
    let text =
        "#![expect(\n  clippy::disallowed_types, reason = \"clippy::disallowed_methods\")]\n";
    assert_lines(&lifted(&Source::rust("src/api/x.rs", text)), &[2]);
    assert_lines(&lifted(&Source::rust("src/clock.rs", text)), &[]);
    let text = "use tiny_http::Header;\n// tiny_http::Server\nlet a = rusqlite::params![];\nmy_r2d2::x();\n";
    assert_lines(&misplaced(&Source::rust("src/app.rs", text)), &[1, 3]);
    assert_lines(&misplaced(&Source::rust("src/server/reply.rs", text)), &[3]);
}
