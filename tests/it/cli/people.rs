use crate::program::{Home, PASSWORD, Server, run_with};
use serde_json::json;

fn add(home: &Home, more: &[&str], password: &str) -> crate::program::Told {
    let mut command = home.command(&["user", "add", "--password-stdin"]);
    command.args(more);
    run_with(command, password)
}

fn writes(server: &Server, token: &str) -> u16 {
    server.client(token).post("/api/cards", &json!({"name": "A card"})).unwrap().status
}

fn reads(server: &Server, token: &str) -> u16 {
    server.client(token).get("/api/cards").unwrap().status
}

#[test]
fn people_are_added_and_listed() {
    let home = Home::new();
    let ada = ["ada@example.org", "--name", "Ada Lovelace", "--role", "admin"];
    let told = add(&home, &ada, PASSWORD).done();
    assert_eq!(told, "ada@example.org (ada-lovelace) was added as admin.\n");
    let grace = ["grace@example.org", "--name", "Grace", "--handle", "amazing"];
    add(&home, &grace, &format!("{PASSWORD}\r\n")).done();
    let list = home.run(&["user", "list"]).done();
    assert_eq!(
        list,
        "ada@example.org\tada-lovelace\tadmin\tAda Lovelace\t\n\
         grace@example.org\tamazing\tmember\tGrace\t\n"
    );
    // Nobody is asked to set it up any more, and the passwords are theirs.
    let mut server = home.serve();
    for email in ["ada@example.org", "grace@example.org"] {
        let login = json!({"email": email, "password": PASSWORD});
        assert_eq!(
            server.anybody().post("/api/auth/login", &login).unwrap().status,
            200,
            "{email}"
        );
    }
    server.signal(rustix::process::Signal::TERM);
    let printed = server.rest();
    assert!(!printed.contains("/setup?token="), "{printed}");
}

#[test]
fn whoever_is_wrong_is_told_what_is() {
    let home = Home::new();
    let add = |more: &[&str], password: &str| add(&home, more, password);
    let ada = ["ada@example.org", "--name", "Ada"];
    add(&ada, "short").failed(1, &["error:", "password", "15 are needed"]);
    add(&ada, "ada@example.orgada@example.org").failed(1, &["password", "anybody would try"]);
    add(&ada, "").failed(1, &["password"]);
    add(&["ada", "--name", "Ada"], PASSWORD).failed(1, &["email", "e-mail address"]);
    add(&["ada@example.org", "--name", ""], PASSWORD).failed(1, &["name"]);
    let handle = ["ada@example.org", "--name", "Ada", "--handle", "ada lovelace"];
    add(&handle, PASSWORD).failed(1, &["handle"]);
    let tier = ["ada@example.org", "--name", "Ada", "--default-tier", "gold"];
    add(&tier, PASSWORD).failed(1, &["gold"]);
    add(&ada, PASSWORD).done();
    add(&ada, PASSWORD).failed(1, &["an account with this e-mail address"]);
    let again = ["other@example.org", "--name", "Ada", "--handle", "ada"];
    add(&again, PASSWORD).failed(1, &["handle is taken"]);
    let reserved = ["other@example.org", "--name", "Ada", "--handle", "admin"];
    add(&reserved, PASSWORD).failed(1, &["handle is taken"]);
    let asks = home.run(&["user", "add", "b@example.org", "--name", "B"]);
    asks.failed(1, &["--password-stdin"]);
    assert_eq!(home.run(&["user", "list"]).done().lines().count(), 1);

    let scope = ["--name", "n", "--scope", "admin"];
    let token = |email: &'static str| home.run(&[&["token", "add", email], &scope[..]].concat());
    token("nobody@example.org").failed(1, &["nobody with the address nobody@example.org"]);
    home.run(&["user", "disable", "nobody@example.org"]).failed(1, &["nobody with the address"]);
    let nameless = ["token", "add", "ada@example.org", "--name", " ", "--scope", "admin"];
    home.run(&nameless).failed(1, &["--name", "1 to 100"]);
}

#[test]
fn what_is_done_beside_a_running_server_counts_at_once() {
    let home = Home::new();
    let server = home.serve();
    home.add_person("ada");
    home.add_person("grace");
    let (ada, grace) = (home.add_token("ada"), home.add_token("grace"));
    // On connections that live on, and callers that the server has come to know.
    let mut kept = server.client(&ada);
    for _ in 0..3 {
        assert_eq!(kept.post("/api/cards", &json!({"name": "Ada"})).unwrap().status, 201);
        assert_eq!((writes(&server, &grace), reads(&server, &grace)), (201, 200));
    }
    assert_eq!(
        home.run(&["user", "disable", "ada@example.org"]).done(),
        "ada@example.org is disabled.\n"
    );
    assert_eq!(kept.post("/api/cards", &json!({"name": "Ada"})).unwrap().status, 401);
    assert_eq!(kept.get("/api/cards").unwrap().status, 401);
    assert_eq!((writes(&server, &ada), reads(&server, &ada)), (401, 401));
    let login = json!({"email": "ada@example.org", "password": PASSWORD});
    assert_eq!(server.anybody().post("/api/auth/login", &login).unwrap().status, 401);
    assert_eq!((writes(&server, &grace), reads(&server, &grace)), (201, 200));
    let list = home.run(&["user", "list"]).done();
    assert!(list.contains("ada@example.org\tada\tmember\tada\tdisabled\n"), "{list}");
    // Again is no fault.
    home.run(&["user", "disable", "ADA@example.org"]).done();
    assert!(!server.log().contains("panicked"), "{}", server.log());
    server.stop();
}

#[test]
fn of_two_who_begin_an_installation_both_do() {
    let home = Home::new();
    let threads: Vec<_> = std::thread::scope(|scope| {
        let adding = ["ada", "grace", "alan"].map(|name| {
            let home = &home;
            scope.spawn(move || home.add_person(name))
        });
        adding.map(std::thread::ScopedJoinHandle::join).into()
    });
    assert!(threads.iter().all(Result::is_ok));
    assert_eq!(home.run(&["user", "list"]).done().lines().count(), 3);
}

#[test]
fn a_reset_link_is_printed_alone_and_works_beside_a_running_server() {
    let home = Home::new();
    let server = home.serve();
    home.add_person("ada");
    let link = |more: &[&str]| {
        let told = home.run(&[&["user", "reset-link", "ADA@example.org"], more].concat()).done();
        let (link, rest) = told.split_once('\n').unwrap();
        assert_eq!(rest, "");
        link.to_owned()
    };
    let first = link(&[]);
    assert!(first.starts_with("http://127.0.0.1:8080/reset?token=cardinal_rst_"), "{first}");
    let second = link(&["--public-url", "https://cards.example/"]);
    let token = second.strip_prefix("https://cards.example/reset?token=").unwrap();
    let new = "nineteen red kites over the moor";
    let reset = |token: &str| {
        let body = json!({"token": token, "new_password": new});
        server.anybody().post("/api/auth/reset", &body).unwrap().status
    };
    assert_eq!(reset(first.split('=').nth(1).unwrap()), 410, "the second ended it");
    assert_eq!((reset(token), reset(token)), (200, 410));
    let login = json!({"email": "ada@example.org", "password": new});
    assert_eq!(server.anybody().post("/api/auth/login", &login).unwrap().status, 200);

    let nobody = home.run(&["user", "reset-link", "nobody@example.org"]);
    nobody.failed(1, &["nobody with the address nobody@example.org"]);
    home.run(&["user", "disable", "ada@example.org"]).done();
    home.run(&["user", "reset-link", "ada@example.org"]).failed(1, &["is disabled"]);
    home.run(&["user", "reset-link", "a@b.c", "--public-url", "x"]).failed(2, &["--public-url"]);
    server.stop();
}
