//! Reading the repository: files, and what in them is code and what is text.

use std::fs;
use std::path::Path;

/// A file of the repository.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// From the root of the repository, with slashes.
    pub(crate) path: String,
    /// As it stands.
    pub(crate) text: String,
    /// The same lines without comments and without what is inside of strings.
    pub(crate) code: String,
    /// What is inside of strings.
    pub(crate) literals: Vec<Literal>,
}

/// A string in a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    /// The line it begins on, from 1.
    pub(crate) line: usize,
    pub(crate) text: String,
    /// The code before it, back to the beginning of the line before.
    pub(crate) before: String,
}

impl Source {
    /// A file of Rust.
    pub(crate) fn rust(path: &str, text: &str) -> Self {
        let mut scanner = Scanner {
            rest: text.chars().collect::<Vec<_>>(),
            at: 0,
            source: Self { path: path.into(), text: text.into(), ..Self::default() },
        };
        scanner.scan();
        scanner.source
    }

    /// Its lines with their numbers.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// Its lines of code with their numbers.
    pub(crate) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines())
    }

    /// A finding in this file.
    pub(crate) fn fault(&self, line: usize, what: impl AsRef<str>) -> String {
        format!("{}:{line}: {}", self.path, what.as_ref())
    }
}

struct Scanner {
    rest: Vec<char>,
    at: usize,
    source: Source,
}

impl Scanner {
    fn peek(&self, ahead: usize) -> char {
        self.rest.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn starts(&self, with: &str) -> bool {
        with.chars().enumerate().all(|(n, c)| self.peek(n) == c)
    }

    /// Takes a character that is no code: of it only the end of its line stays.
    fn skip(&mut self) {
        if self.peek(0) == '\n' {
            self.source.code.push('\n');
        }
        self.at += 1;
    }

    fn scan(&mut self) {
        while self.at < self.rest.len() {
            let hashes = self.raw_hashes();
            match self.peek(0) {
                '/' if self.starts("//") => {
                    while self.at < self.rest.len() && self.peek(0) != '\n' {
                        self.at += 1;
                    }
                }
                '/' if self.starts("/*") => self.skip_block(),
                '"' => self.string(None),
                'r' if hashes.is_some() => {
                    self.at += 1 + hashes.unwrap_or(0);
                    self.string(hashes);
                }
                '\'' if self.peek(1) == '\\' || self.peek(2) == '\'' => self.letter(),
                other => {
                    self.source.code.push(other);
                    self.at += 1;
                }
            }
        }
    }

    /// The number of `#` of a raw string that begins here.
    fn raw_hashes(&self) -> Option<usize> {
        let before = self.source.code.chars().last().filter(|c| *c != 'b');
        if self.peek(0) != 'r' || before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let rest = self.rest.iter().skip(self.at + 1);
        let hashes = rest.take_while(|c| **c == '#').count();
        (self.peek(1 + hashes) == '"').then_some(hashes)
    }

    fn skip_block(&mut self) {
        let mut depth = 0;
        loop {
            if self.starts("/*") {
                depth += 1;
                self.at += 2;
            } else if self.starts("*/") {
                depth -= 1;
                self.at += 2;
            } else {
                self.skip();
            }
            if depth == 0 || self.at >= self.rest.len() {
                return;
            }
        }
    }

    fn letter(&mut self) {
        self.source.code.push_str("' '");
        self.at += 1;
        while self.at < self.rest.len() && self.peek(0) != '\'' {
            self.at += if self.peek(0) == '\\' { 2 } else { 1 };
        }
        self.at += 1;
    }

    fn string(&mut self, raw: Option<usize>) {
        let line = self.source.code.matches('\n').count() + 1;
        let mut lines = self.source.code.rsplit('\n');
        let (this, above) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
        let before = format!("{above}\n{this}");
        let end = format!("\"{}", "#".repeat(raw.unwrap_or(0)));
        let mut text = String::new();
        self.source.code.push('"');
        self.at += 1;
        while self.at < self.rest.len() && !self.starts(&end) {
            match (self.peek(0), self.peek(1)) {
                ('\\', '\n') if raw.is_none() => {
                    self.at += 1;
                    while self.peek(0).is_whitespace() {
                        self.skip();
                    }
                }
                ('\\', escaped) if raw.is_none() => {
                    text.push(if escaped == 'n' { '\n' } else { escaped });
                    self.at += 2;
                }
                (other, _) => {
                    text.push(other);
                    self.skip();
                }
            }
        }
        self.at += end.len();
        self.source.code.push('"');
        self.source.literals.push(Literal { line, text, before });
    }
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether this is a file of Rust.
pub(crate) fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

/// Every file of Rust below these folders, by path.
pub(crate) fn rust_files(folders: &[&str]) -> Vec<Source> {
    let mut paths: Vec<_> = folders.iter().flat_map(|folder| paths(folder)).collect();
    paths.retain(|path| is_rust(path));
    paths.sort();
    paths.iter().map(|path| Source::rust(path, &read(path))).collect()
}

/// Every file below a folder; none where there is no such folder.
pub(crate) fn paths(folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.map(Result::unwrap) {
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            found.append(&mut paths(&path));
        } else {
            found.push(path);
        }
    }
    found
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// Fails with every finding.
#[track_caller]
pub(crate) fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Asserts that a made-up file is found out at these lines, and only there.
#[track_caller]
pub(crate) fn assert_lines(faults: &[String], lines: &[usize]) {
    let found: Vec<usize> =
        faults.iter().map(|fault| fault.split(':').nth(1).unwrap().parse().unwrap()).collect();
    assert_eq!(found, lines, "{faults:#?}");
}

/// The words of code: names and numbers, and every other character by itself.
pub(crate) fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let named = |c: char| c.is_alphanumeric() || c == '_';
        let length = rest.find(|c: char| !named(c)).unwrap_or(rest.len());
        let (word, after) =
            rest.split_at(length.max(if named(first) { 0 } else { first.len_utf8() }));
        words.push(word);
        rest = after.trim_start();
    }
    words
}

#[test]
fn code_and_text_are_told_apart() {
    let text = "let a = \"x // \\\"y\\\"\"; // \"no\"\nlet b = r#\"two\n\"lines\"\"#; \
                /* \"no\" /* */\n */ c('\"', 'a, \"z\\\n  z\")\n";
    let source = Source::rust("a.rs", text);
    assert_eq!(source.code, "let a = \"\"; \nlet b = \"\n\"; \n c(' ', 'a, \"\n\")\n");
    let texts: Vec<(usize, &str)> =
        source.literals.iter().map(|l| (l.line, l.text.as_str())).collect();
    assert_eq!(texts, [(1, "x // \"y\""), (2, "two\n\"lines\""), (4, "zz")]);
    assert_eq!(source.literals[1].before, "let a = \"\"; \nlet b = ");
    assert_eq!(
        words("fn a_1(b: &'c D) {"),
        ["fn", "a_1", "(", "b", ":", "&", "'", "c", "D", ")", "{"]
    );
}
