//! Copies of rendered cards: what is read once an edit is acknowledged is never of before it, in whatever form; and a
//! cache as it is usually written, which fails the same.

use cardinal::app::App;
use cardinal::config::Limits;
use cardinal::http::{Head, Problem, Request, Response, Service};
use cardinal::server::Server;
use cardinal::testing::{Client, Person, Reply, Site};
use parking_lot::Mutex;
use serde_json::json;
use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The forms of a card: behind its address, and the language that is asked for; the picture last.
const FORMS: [(&str, &str); 5] = [(".json", "en"), ("", "en"), ("", "de"), (".vcf", "en"), PICTURE];
/// The one that cannot be read, and takes longest to make.
const PICTURE: (&str, &str) = ("/og.png", "en");
const EDITS: usize = 12;
const TURNS: usize = 12;
const READERS: usize = 4;

/// The forms that a reader reads: one of them pictures, too, for more would keep the others from meeting.
fn forms_of(reader: usize) -> &'static [(&'static str, &'static str)] {
    if reader == 0 { &FORMS } else { &FORMS[..4] }
}

fn read(client: &mut Client, (suffix, language): (&str, &str), tag: Option<&str>) -> Reply {
    let accept = if suffix.is_empty() { "text/html" } else { "*/*" };
    let mut fields = vec![("Accept", accept), ("Accept-Language", language)];
    fields.extend(tag.map(|tag| ("If-None-Match", tag)));
    client.send("GET", &format!("/c/ada{suffix}"), &fields, b"").unwrap()
}

/// The card that is read, at /c/ada; the path of its API.
fn card(ada: &Person) -> String {
    let made = ada.client().post("/api/cards", &json!({"name": "Edit 0.", "slug": "ada"})).unwrap();
    for (section, field) in [("personal", "full_name"), ("professional", "designation")] {
        let first = json!({field: "Edit 0.", "version": 0});
        let made = ada.client().put(&format!("/api/profile/{section}"), &first).unwrap();
        assert_eq!(made.status, 201, "{}", made.text());
    }
    format!("/api/cards/{}", made.json()["id"].as_str().unwrap())
}

/// The number of the oldest edit that a form shows anything of; none in a picture.
fn oldest(body: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(body);
    let number = |rest: &str| rest.split('.').next()?.parse().ok();
    text.split("Edit ").skip(1).filter_map(number).min()
}

/// What a reader holds of a form, to ask whether it still stands.
#[derive(Clone)]
struct Held {
    tag: String,
    body: Vec<u8>,
}

/// A form that was read when so many edits had been acknowledged.
type Look = (usize, (&'static str, &'static str), Vec<u8>);

/// Reads form after form, again and again; every other time it asks only whether the one it holds still stands.
fn look_on(address: SocketAddr, reader: usize, edits: &AtomicUsize) -> Vec<Look> {
    let mut client = Client::connect(address).unwrap();
    let mut held: HashMap<(&str, &str), Held> = HashMap::new();
    let mut looks = Vec::new();
    for turn in 0.. {
        for form in forms_of(reader).iter().copied() {
            let after = edits.load(Ordering::SeqCst);
            if after > EDITS {
                return looks;
            }
            let mine = held.get(&form).filter(|_| turn % 2 == 1).cloned();
            let reply = read(&mut client, form, mine.as_ref().map(|held| held.tag.as_str()));
            let body = match (reply.status, mine) {
                (304, Some(held)) => held.body,
                (status, _) => {
                    assert_eq!(status, 200, "{}", reply.text());
                    let tag = reply.header("ETag").unwrap_or_default().to_owned();
                    held.insert(form, Held { tag, body: reply.body.clone() });
                    reply.body
                }
            };
            looks.push((after, form, body));
        }
    }
    looks
}

/// The `edit`-th edit: of the card's name, of its links, of both sections of the profile.
fn change(writer: &mut Client, card: &str, edit: usize) -> [Reply; 4] {
    let name = format!("Edit {edit}.");
    let link = json!({"platform": "website", "label": name, "url": "https://example.org/"});
    let links = json!({"links": [link], "version": 2 * edit});
    [
        writer.patch(card, &json!({"name": name, "version": 2 * edit - 1})).unwrap(),
        writer.put(&format!("{card}/links"), &links).unwrap(),
        writer
            .patch("/api/profile/personal", &json!({"full_name": name, "version": edit}))
            .unwrap(),
        writer
            .patch("/api/profile/professional", &json!({"designation": name, "version": edit}))
            .unwrap(),
    ]
}

/// Edits a card and its owner's profile again and again while others read it; every look that is of before what had
/// been acknowledged, in words.
fn looks_of_yesterday(address: SocketAddr, ada: &Person) -> Vec<String> {
    let (path, edits) = (card(ada), &AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let readers: Vec<_> =
            (0..READERS).map(|n| scope.spawn(move || look_on(address, n, edits))).collect();
        let mut writer = Client::connect(address).unwrap().bearer(&ada.token);
        let mut pictures = vec![read(&mut writer, PICTURE, None).body];
        for edit in 1..=EDITS {
            for reply in change(&mut writer, &path, edit) {
                assert_eq!(reply.status, 200, "{}", reply.text());
            }
            edits.store(edit, Ordering::SeqCst);
            pictures.push(read(&mut writer, PICTURE, None).body);
        }
        edits.store(EDITS + 1, Ordering::SeqCst);
        let looks = readers.into_iter().flat_map(|reader| reader.join().unwrap());
        let stale = looks.filter(|(after, (suffix, _), body)| match oldest(body) {
            Some(edit) => edit < *after,
            None => *suffix != PICTURE.0 || pictures[..*after].contains(body),
        });
        let told = stale.map(|(after, form, body)| {
            format!("{form:?} after edit {after} was of {:?}", oldest(&body))
        });
        let same = pictures.windows(2).filter(|pair| pair[0] == pair[1]);
        told.chain(same.map(|_| "a picture was that of before its edit".to_owned())).collect()
    })
}

/// Pauses a card and shows it again while others read it; every look that was answered otherwise than the card stood
/// from its beginning to its end, in words.
fn looks_at_what_is_paused(address: SocketAddr, ada: &Person) -> Vec<String> {
    let path = format!("{}/active", card(ada));
    // Odd while it is turned; of even numbers every other one is a pause.
    let (turns, is_over) = (&AtomicUsize::new(0), &AtomicBool::new(false));
    let look = move |reader: usize| {
        let (mut client, mut wrong) = (Client::connect(address).unwrap(), Vec::new());
        while !is_over.load(Ordering::SeqCst) {
            for form in forms_of(reader).iter().copied() {
                let before = turns.load(Ordering::SeqCst);
                let status = read(&mut client, form, None).status;
                let stood = before.is_multiple_of(2) && turns.load(Ordering::SeqCst) == before;
                let must = if before.is_multiple_of(4) { 200 } else { 410 };
                if stood && status != must {
                    wrong.push(format!("{form:?} was answered {status} instead of {must}"));
                }
            }
        }
        wrong
    };
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|n| scope.spawn(move || look(n))).collect();
        let mut writer = Client::connect(address).unwrap().bearer(&ada.token);
        let mut wrong = Vec::new();
        for turn in 1..=TURNS {
            turns.fetch_add(1, Ordering::SeqCst);
            let is_active = turn.is_multiple_of(2);
            let reply = writer.put(&path, &json!({"active": is_active})).unwrap();
            assert_eq!(reply.status, 200, "{}", reply.text());
            turns.fetch_add(1, Ordering::SeqCst);
            let must = if is_active { 200 } else { 410 };
            // Whoever has done it sees it at once, and so does everybody else.
            let seen = FORMS.map(|form| read(&mut writer, form, None).status);
            wrong.extend((seen != [must; 5]).then(|| format!("{seen:?} instead of {must}")));
        }
        is_over.store(true, Ordering::SeqCst);
        wrong.extend(readers.into_iter().flat_map(|reader| reader.join().unwrap()));
        wrong
    })
}

#[test]
fn what_is_read_after_an_edit_is_never_of_before() {
    let site = Site::start();
    let stale = looks_of_yesterday(site.address(), &site.person("Ada"));
    assert!(stale.is_empty(), "{} of {stale:#?}", stale.len());
}

#[test]
fn a_paused_card_is_gone_at_once_in_every_form() {
    let site = Site::start();
    let wrong = looks_at_what_is_paused(site.address(), &site.person("Ada"));
    assert!(wrong.is_empty(), "{} of {wrong:#?}", wrong.len());
}

/// What a form is found by.
type Place = (String, Option<String>);

/// The way it is usually done: what is asked for is looked up; if it is not there it is made and put there; whoever
/// changes something throws away what there is. Somebody who made it of what stood before may put it there after that.
struct Aside {
    app: App,
    copies: Mutex<HashMap<Place, Response>>,
}

impl Service for Aside {
    fn body_limit(&self, head: &Head) -> usize {
        self.app.body_limit(head)
    }

    fn respond(&self, request: Request) -> Response {
        let headers = &request.head.headers;
        if request.head.method.is_safe() && headers.get("if-none-match").is_none() {
            let language = headers.get("accept-language").map(str::to_owned);
            let place = (request.head.path.clone(), language);
            let found = self.copies.lock().get(&place).cloned();
            return found.unwrap_or_else(|| {
                let made = self.app.respond(request);
                self.copies.lock().insert(place, made.clone());
                made
            });
        }
        let reply = self.app.respond(request);
        self.copies.lock().clear();
        reply
    }

    fn refuse(&self, problem: Problem, head: Option<&Head>) -> Response {
        self.app.refuse(problem, head)
    }
}

/// Whether the usual way fails a check, in one of some runs.
fn assert_naive_fails(check: fn(SocketAddr, &Person) -> Vec<String>) {
    const RUNS_MAX: usize = 20;
    let fails = || {
        let site = Site::start();
        let app = App::new(Arc::clone(site.running().state())).unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let naive = Arc::new(Aside { app, copies: Mutex::default() });
        let server = Server::start(listener, naive, &Limits::default()).unwrap();
        !check(server.local_addr(), &site.person("Ada")).is_empty()
    };
    assert!((0..RUNS_MAX).any(|_| fails()), "the check finds nothing");
}

#[test]
fn the_usual_cache_tells_what_is_of_yesterday() {
    assert_naive_fails(looks_of_yesterday);
}

#[test]
fn the_usual_cache_shows_what_is_paused() {
    assert_naive_fails(looks_at_what_is_paused);
}
