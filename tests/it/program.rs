//! The built program as a child process.

use cardinal::clock::{Instant, Stop};
use cardinal::store::DATABASE;
use cardinal::testing::Client;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Longer than anything takes here, even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A password that is strong enough.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_cardinal");

/// What a command came to.
#[derive(Debug)]
#[must_use]
pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Told {
    /// Asserts that it did what it was asked, and that nobody is coloured for a pipe.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        assert!(!self.out.contains('\x1b'), "colours in a pipe: {self:?}");
        self.out
    }

    /// Asserts that it failed with this code and said all of this.
    #[track_caller]
    pub(crate) fn failed(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(!self.err.contains('\x1b'), "colours in a pipe: {self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "{word:?} is missing: {self:?}");
        }
    }
}

/// The program with these arguments, in an environment that says nothing.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(args).env_clear().stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub(crate) fn run(args: &[&str]) -> Told {
    run_with(command(args), "")
}

/// Runs it to its end with this on standard input.
pub(crate) fn run_with(mut command: Command, input: &str) -> Told {
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    // Who fails early does not read it.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    let told = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Told { code: told.status.code(), out: text(told.stdout), err: text(told.stderr) }
}

/// A data directory that outlives the servers on it.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.0.path().join("data")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.dir().join(DATABASE)
    }

    /// Bytes of the write-ahead log; none if it is absent.
    pub(crate) fn log_bytes(&self) -> u64 {
        std::fs::metadata(self.dir().join("cardinal.db-wal")).map_or(0, |log| log.len())
    }

    /// A command on this data directory.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = command(args);
        command.arg("--data-dir").arg(self.dir());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Told {
        run_with(self.command(args), "")
    }

    /// Adds a person who may have any number of cards.
    pub(crate) fn add_person(&self, name: &str) {
        let email = format!("{name}@example.org");
        let args = ["user", "add", &email, "--name", name, "--default-tier", "unlimited"];
        let mut command = self.command(&args);
        command.arg("--password-stdin");
        run_with(command, PASSWORD).done();
    }

    /// A token of every right to cards and profile.
    pub(crate) fn add_token(&self, name: &str) -> String {
        let email = format!("{name}@example.org");
        let scopes = "cards:read,cards:write,profile:read,profile:write";
        let told = self.run(&["token", "add", &email, "--name", "test", "--scope", scopes]);
        told.done().trim().to_owned()
    }

    pub(crate) fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// The same with further options.
    pub(crate) fn serve_with(&self, options: &[&str]) -> Server {
        let words = [&["serve", "--listen", "127.0.0.1:0"], options].concat();
        Server::start(self.command(&words), self.0.path())
    }
}

/// A server that runs until it is told to end; killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    log: PathBuf,
    pub(crate) address: SocketAddr,
    /// What it printed up to its address.
    pub(crate) greeting: String,
}

impl Server {
    /// Starts `command` and waits until it says where it listens. Its log goes to a file in `dir`.
    pub(crate) fn start(mut command: Command, dir: &Path) -> Self {
        let log = dir.join("log");
        command.stdout(Stdio::piped()).stderr(File::create(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        let address = loop {
            let from = greeting.len();
            let read = out.read_line(&mut greeting).unwrap();
            let told = || std::fs::read_to_string(&log).unwrap_or_default();
            assert!(read > 0, "it did not start: {greeting}{}", told());
            let words = &mut greeting[from..].split_whitespace();
            if let Some(url) = words.find_map(|word| word.strip_prefix("http://127.0.0.1:")) {
                break format!("127.0.0.1:{url}").parse().unwrap();
            }
        };
        Self { child, out, log, address, greeting }
    }

    pub(crate) fn client(&self, token: &str) -> Client {
        Client::connect(self.address).unwrap().bearer(token)
    }

    pub(crate) fn anybody(&self) -> Client {
        Client::connect(self.address).unwrap()
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Ends it as a power cut would end it.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end; the exit code.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        let (begun, nobody) = (Instant::now(), Stop::default());
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end: {}", self.log());
            nobody.wait(Duration::from_millis(2));
        }
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) {
        self.signal(Signal::TERM);
        assert_eq!(self.wait(), Some(0), "{}", self.log());
    }

    /// The next line it prints.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line
    }

    /// What it prints from here to its end.
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        rest
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Says that a test did not run, where whoever reads the output sees it.
pub(crate) fn skip(why: &str) {
    // Past the harness, which keeps to itself what a passing test prints.
    drop(writeln!(std::io::stderr(), "SKIPPED: {why}"));
}
