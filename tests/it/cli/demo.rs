use crate::program::{Server, command, skip};
use rustix::process::Signal;
use std::process::Command;

#[test]
fn the_demo_prints_commands_that_work_as_printed() {
    if Command::new("curl").arg("--version").output().is_err() {
        return skip("there is no curl to type the demo's commands into");
    }
    let temp = tempfile::tempdir().unwrap();
    let mut demo = command(&["demo", "--listen", "127.0.0.1:0"]);
    demo.env("TMPDIR", temp.path());
    let mut server = Server::start(demo, temp.path());
    let (mut lines, mut typed) = (Vec::new(), String::new());
    while lines.len() < 5 {
        let line = server.line();
        assert!(!line.contains('\x1b'), "{line:?}");
        if let Some(line) = line.strip_prefix("  ") {
            lines.push(line.trim_end().to_owned());
        }
    }
    // One session of a shell, which says with each reply what its status is.
    typed.push_str("curl() { command curl -sS -w '\\n%{http_code}\\n' \"$@\"; }\n");
    typed.push_str(&lines.join("\n"));
    let told = Command::new("sh").arg("-c").arg(&typed).output().unwrap();
    let out = String::from_utf8(told.stdout).unwrap();
    let statuses: Vec<&str> =
        out.lines().filter(|line| line.len() == 3 && line.parse::<u16>().is_ok()).collect();
    assert_eq!(statuses, ["200", "200", "201", "200"], "{typed}\n{out}");
    assert!(out.contains("Ada Lovelace") && out.contains("My Card"), "{out}");
    assert!(out.contains("\"full_name\":\"Ada Lovelace\"") && out.contains("Analyst"), "{out}");
    server.signal(Signal::INT);
    assert_eq!(server.wait(), Some(0), "{}", server.log());
    let left = std::fs::read_dir(temp.path()).unwrap().filter_map(Result::ok);
    let left: Vec<_> = left.map(|entry| entry.file_name()).filter(|name| name != "log").collect();
    assert!(left.is_empty(), "the scratch database stayed: {left:?}");
}
