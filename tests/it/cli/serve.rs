use crate::program::{Home, PASSWORD, Server, command, run, run_with};
use rustix::process::Signal;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

#[test]
fn it_serves_without_an_argument() {
    let home = tempfile::tempdir().unwrap();
    let mut plain = command(&[]);
    plain.current_dir(home.path()).env("CARDINAL_LISTEN", "127.0.0.1:0");
    let server = Server::start(plain, home.path());
    assert!(server.greeting.starts_with("Cardinal "), "{}", server.greeting);
    assert!(!server.greeting.contains('\x1b'), "{}", server.greeting);
    for path in ["/livez", "/readyz", "/healthz"] {
        assert_eq!(server.anybody().get(path).unwrap().status, 200, "{path}");
    }
    // The default place, and for nobody else.
    let data = home.path().join("cardinal-data");
    assert_eq!(fs::metadata(&data).unwrap().mode() & 0o777, 0o700);
    for file in fs::read_dir(&data).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().mode() & 0o077, 0, "{file:?}");
    }
    if let Ok(status) =
        fs::read_to_string(format!("/proc/{}/status", server.pid().as_raw_nonzero()))
    {
        assert!(status.contains("Umask:\t0077"), "{status}");
    }
    server.stop();
}

#[test]
fn every_option_may_stand_in_the_environment() {
    let home = Home::new();
    let mut asked = command(&["serve"]);
    asked.env("CARDINAL_LISTEN", "127.0.0.1:0").env("CARDINAL_DATA_DIR", home.dir());
    asked.env("CARDINAL_REGISTRATION", "closed").env("CARDINAL_LOG", "debug");
    asked.env("CARDINAL_DEFAULT_TIER", "free").env("CARDINAL_SYNCHRONOUS", "normal");
    asked.env("CARDINAL_TRUSTED_PROXY", "10.0.0.0/8,::1").env("CARDINAL_MAX_CONNECTIONS", "16");
    let server = Server::start(asked, home.dir().parent().unwrap());
    assert!(home.database().is_file());
    let body = serde_json::json!({
        "email": "a@example.org", "display_name": "A", "password": PASSWORD,
    });
    assert_eq!(server.anybody().post("/api/auth/register", &body).unwrap().status, 403);
    server.stop();
    // An option beats its variable.
    let mut asked = home.command(&["--default-tier", "no-tier", "--listen", "127.0.0.1:0"]);
    asked.env("CARDINAL_DEFAULT_TIER", "free");
    run_with(asked, "").failed(1, &["no-tier", "standard"]);
}

#[test]
fn a_folder_is_served_once() {
    let home = Home::new();
    let first = home.serve();
    let second = home.run(&["serve", "--listen", "127.0.0.1:0"]);
    second.failed(1, &["error:", "is being served by another cardinal already"]);
    assert!(second.err.contains(home.dir().to_str().unwrap()), "{second:?}");
    assert_eq!(first.anybody().get("/readyz").unwrap().status, 200);
    first.stop();
    home.serve().stop();
}

#[test]
fn the_lock_of_a_killed_server_is_free() {
    let home = Home::new();
    home.serve().kill();
    home.serve().stop();
}

#[test]
fn a_port_in_use_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = Home::new().run(&["serve", "--listen", &address]);
    told.failed(1, &["error:", &address, "in use"]);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let below = file.path().join("data");
    let below = below.to_str().unwrap();
    let told = run(&["serve", "--listen", "127.0.0.1:0", "--data-dir", below]);
    told.failed(1, &["error:", below, "cannot be made"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    // Whoever is root may write anywhere but here.
    let told = run(&["serve", "--listen", "127.0.0.1:0", "--data-dir", "/proc/self"]);
    told.failed(1, &["error:", "/proc/self"]);
}

#[test]
fn a_foreign_database_is_told_and_left_alone() {
    let home = Home::new();
    fs::create_dir(home.dir()).unwrap();
    fs::write(home.database(), "this is a diary, and nobody's business".repeat(40)).unwrap();
    let before = fs::read(home.database()).unwrap();
    let told = home.run(&["serve", "--listen", "127.0.0.1:0"]);
    told.failed(1, &["error:", "cardinal.db", "not a database of cardinal"]);
    assert!(fs::read(home.database()).unwrap() == before);
}

#[test]
fn commands_for_a_database_say_where_there_is_none() {
    let home = Home::new();
    for args in [
        &["check"][..],
        &["user", "list"],
        &["user", "disable", "a@b.c"],
        &["token", "add", "a@b.c", "--name", "n", "--scope", "admin"],
    ] {
        home.run(args).failed(1, &["error:", "there is no database at", "cardinal serve"]);
        assert!(!home.dir().exists(), "{args:?} made a folder");
    }
}

/// All that a server logs until it has stopped.
fn log_of(mut server: Server) -> String {
    server.signal(Signal::TERM);
    assert_eq!(server.wait(), Some(0));
    server.log()
}

#[test]
fn the_browser_is_opened_signed_in() {
    let home = Home::new();
    let beside = home.dir().parent().unwrap().to_owned();
    let (pipe, browser) = (beside.join("pipe"), beside.join("browser"));
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    fs::write(&browser, format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", pipe.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let opened = || {
        let mut asked = home.command(&["serve", "--listen", "127.0.0.1:0", "--open"]);
        asked.env("BROWSER", &browser).env("PATH", "/usr/bin:/bin");
        let server = Server::start(asked, &beside);
        let link = fs::read_to_string(&pipe).unwrap();
        let target = link.splitn(4, '/').nth(3).unwrap().to_owned();
        let reply = server.anybody().get(&format!("/{target}")).unwrap();
        server.stop();
        (target, reply)
    };
    let (target, reply) = opened();
    assert!(target.starts_with("setup?token=") && reply.status == 200, "{target}");
    let admin =
        ["user", "add", "ada@example.org", "--name", "Ada", "--role", "admin", "--password-stdin"];
    run_with(home.command(&admin), PASSWORD).done();
    let (target, reply) = opened();
    assert!(target.starts_with("open?token=") && reply.status == 303, "{target}");
    assert!(reply.header("Set-Cookie").unwrap().starts_with("cardinal="));
}

#[test]
fn mail_that_could_not_be_sent_is_said_at_start() {
    let home = Home::new();
    let password = home.dir().with_extension("password");
    fs::write(&password, "secret\n").unwrap();
    let file = password.to_str().unwrap();
    let from = ["--mail-from", "Cards <cards@example.org>"];
    for (options, words) in [
        (&["--smtp-url", "smtps://mail.example.org"][..], &["--mail-from"][..]),
        (
            &["--smtp-url", "https://mail.example.org", from[0], from[1]],
            &["--smtp-url", "smtps://"],
        ),
        (&["--smtp-url", "smtps://ada@mail.example.org"], &["--smtp-url", "no password", "ada"]),
        (
            &["--smtp-url", "smtps://ada:x@mail.example.org", "--smtp-password-file", file],
            &["--smtp-url", "twice"],
        ),
        (
            &["--smtp-url", "smtps://ada@mail.example.org", "--smtp-password-file", "/nowhere"],
            &["--smtp-password-file", "/nowhere"],
        ),
    ] {
        let told = home.run(&[&["serve", "--listen", "127.0.0.1:0"], options].concat());
        told.failed(1, words);
    }
    let url = ["--smtp-url", "smtps://ada@mail.example.org"];
    let told = |options: &[&str], log: &str| {
        let whole = log_of(home.serve_with(options));
        assert!(whole.contains(log) && !whole.contains("secret"), "{whole}");
    };
    let whole = [&url[..], &from, &["--smtp-password-file", file]].concat();
    told(&whole, "mail is sent by mail.example.org:465");
    told(&[], "mail is not sent: it is written into");
}

#[test]
fn how_mail_is_sent_may_stand_in_the_environment() {
    let home = Home::new();
    let mut asked = home.command(&["serve", "--listen", "127.0.0.1:0"]);
    asked.env("CARDINAL_SMTP_URL", "smtp://ada:secret@mail.example.org");
    asked.env("CARDINAL_MAIL_FROM", "cards@example.org").env("CARDINAL_SHARE_MAIL_PRICE", "3");
    let server = Server::start(asked, home.dir().parent().unwrap());
    let log = log_of(server);
    assert!(log.contains("mail is sent by mail.example.org:587"), "{log}");
    let mut asked = command(&["serve", "--help"]);
    asked.env("CARDINAL_SMTP_URL", "smtp://ada:secret@mail.example.org");
    let help = run_with(asked, "").done();
    assert!(help.contains("CARDINAL_SMTP_PASSWORD_FILE") && !help.contains("secret"), "{help}");
}
