//! `/api/sessions`: the logins that there are, how long they live, and how they end.

use super::users::{PASSWORD, register};
use crate::kit::{Api, expect, ok, together};
use cardinal::clock::{Instant, Millis, Stop};
use cardinal::config::{Config, PasswordCost};
use cardinal::domain::{passwords, sessions, users};
use cardinal::error::Error;
use cardinal::testing::{Reply, Site};
use cardinal::worker;
use serde_json::{Value, json};
use std::time::Duration;

const NOW: Millis = Millis(1_800_000_000_000);
const DAY: Duration = Duration::from_hours(24);
const MOMENT: Duration = Duration::from_millis(1);

/// A site whose worker writes nothing of what is noted until it is told to.
fn unhurried() -> Site {
    Site::at(NOW, |config| config.limits.buffer_time_max = DAY)
}

/// The worker is told to.
fn flush(site: &Site) {
    worker::flush(site.running().state()).unwrap();
}

fn log_in(site: &Site, device: &str) -> Reply {
    let body = json!({"email": "ada@example.org", "password": PASSWORD, "device": device});
    Api::nobody(site).post("/api/auth/login", &body)
}

/// Ada on another device; her token.
fn token(site: &Site, device: &str) -> String {
    ok(&log_in(site, device), 200)["token"].as_str().unwrap().to_owned()
}

/// Ada, who has just registered.
fn ada(site: &Site) -> Api {
    Api::bearer(site, register(site, "Ada")["token"].as_str().unwrap())
}

fn list(api: &mut Api) -> Vec<Value> {
    ok(&api.get("/api/sessions"), 200)["items"].as_array().unwrap().clone()
}

/// A member of every login.
fn all(api: &mut Api, name: &str) -> Vec<Value> {
    list(api).into_iter().map(|session| session[name].clone()).collect()
}

fn is_alive(site: &Site, token: &str) -> bool {
    let status = Api::bearer(site, token).get("/api/me").status;
    assert!(matches!(status, 200 | 401), "{status}");
    status == 200
}

#[test]
fn every_login_is_listed_on_every_device() {
    let site = Site::at(NOW, |_| {});
    let mut first = ada(&site);
    site.clock().advance(Duration::from_secs(30));
    let phone = token(&site, "Phone");
    let mut phone = Api::bearer(&site, &phone);
    let items = list(&mut phone);
    assert_eq!(all(&mut phone, "current"), [json!(false), json!(true)]);
    assert_eq!(all(&mut first, "current"), [json!(true), json!(false)]);
    assert_eq!(items[1]["device"], "Phone");
    assert_eq!(items[1]["created_at"], "2027-01-15T08:00:30.000Z");
    assert_eq!(items[1]["last_seen_at"], items[1]["created_at"]);
    assert_eq!(items[1]["expires_at"], "2027-01-29T08:00:30.000Z", "if it is not used");
    assert!(!phone.get("/api/sessions").text().contains("cardinal_ses"));
    // Somebody else's are somebody else's; an API token is no login.
    let mut bob = Api::of(&site.person("Bob"));
    assert_eq!(list(&mut bob), Vec::<Value>::new());
    let page = ok(&phone.get("/api/sessions?limit=1"), 200);
    let next = format!("/api/sessions?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(ok(&phone.get(&next), 200), json!({"items": [items[1]], "next_cursor": null}));
    expect(&phone.get("/api/sessions?limit=0"), 422, "validation-failed");
    expect(&phone.get("/api/sessions?cursor=x"), 422, "validation-failed");
}

#[test]
fn a_login_is_ended_from_another_device() {
    let site = Site::start();
    let mut first = ada(&site);
    let (phone, laptop) = (token(&site, "Phone"), token(&site, "Laptop"));
    let path = |n: usize, ids: &[Value]| format!("/api/sessions/{}", ids[n].as_str().unwrap());
    let ids = all(&mut first, "id");
    assert_eq!(ok(&first.delete(&path(1, &ids)), 200), json!({"revoked": 1}));
    assert!(!is_alive(&site, &phone) && is_alive(&site, &laptop));
    expect(&first.delete(&path(1, &ids)), 404, "not-found");
    // Also the one that asks.
    ok(&first.delete(&path(0, &ids)), 200);
    expect(&first.get("/api/sessions"), 401, "invalid-token");
    assert!(is_alive(&site, &laptop));
}

#[test]
fn somebody_elses_login_is_as_absent_as_none() {
    let site = Site::start();
    let id = all(&mut ada(&site), "id")[0].as_str().unwrap().to_owned();
    let mut bob = Api::of(&site.person("Bob"));
    let huge = "9".repeat(2_000);
    for id in [&id, "0190b5a0-0000-7000-8000-000000000000", "x", "%00", &huge] {
        expect(&bob.delete(&format!("/api/sessions/{id}")), 404, "not-found");
    }
}

#[test]
fn all_other_logins_are_ended_at_once() {
    let site = Site::start();
    let mut first = ada(&site);
    let others: Vec<String> = (0..5).map(|n| token(&site, &format!("Device {n}"))).collect();
    let bob = register(&site, "Bob")["token"].as_str().unwrap().to_owned();
    let new = json!({"name": "t", "scopes": ["profile:write"]});
    let api_token = ok(&first.post("/api/tokens", &new), 201)["token"].clone();
    let revoke = |api: &mut Api| ok(&api.post("/api/sessions/revoke-others", &json!({})), 200);
    assert_eq!(revoke(&mut first), json!({"revoked": 5}));
    assert!(others.iter().all(|token| !is_alive(&site, token)));
    assert_eq!(all(&mut first, "current"), [json!(true)]);
    assert_eq!(revoke(&mut first), json!({"revoked": 0}));
    assert!(is_alive(&site, &bob), "others' logins are not concerned");
    // Who asks by an API token has no login to keep.
    let mut by_token = Api::bearer(&site, api_token.as_str().unwrap());
    assert_eq!(revoke(&mut by_token), json!({"revoked": 1}));
    expect(&first.get("/api/me"), 401, "invalid-token");
    ok(&by_token.get("/api/me"), 200);
}

#[test]
fn a_login_ends_when_it_is_not_used() {
    let site = unhurried();
    let mut ada = ada(&site);
    site.clock().advance((14 * DAY).saturating_sub(MOMENT));
    assert_eq!(list(&mut ada).len(), 1);
    flush(&site);
    site.clock().advance((14 * DAY).saturating_sub(MOMENT));
    ok(&ada.post("/api/cards", &json!({"name": "Before"})), 201);
    flush(&site);
    site.clock().advance(14 * DAY);
    expect(&ada.post("/api/cards", &json!({"name": "After"})), 401, "invalid-token");
    expect(&ada.get("/api/me"), 401, "invalid-token");
}

#[test]
fn a_login_ends_however_much_it_is_used() {
    let site = unhurried();
    let mut ada = ada(&site);
    let end = json!("2027-04-15T08:00:00.000Z");
    for _ in 0..89 {
        site.clock().advance(DAY);
        ok(&ada.get("/api/me"), 200);
        flush(&site);
    }
    assert_eq!(all(&mut ada, "expires_at"), [end]);
    site.clock().advance(DAY.saturating_sub(MOMENT));
    ok(&ada.post("/api/cards", &json!({"name": "Before"})), 201);
    flush(&site);
    site.clock().advance(MOMENT);
    expect(&ada.get("/api/me"), 401, "invalid-token");
    expect(&ada.post("/api/cards", &json!({"name": "After"})), 401, "invalid-token");
    worker::prune(site.running().state()).unwrap();
    let mut again = Api::bearer(&site, &token(&site, "Again"));
    assert_eq!(list(&mut again).len(), 1);
}

/// Its use was noted in time and is written too late: the end that others have been told of stands.
#[test]
fn a_login_that_has_ended_is_not_called_back_by_what_was_noted_before() {
    let site = unhurried();
    let mut ada = ada(&site);
    site.clock().advance((14 * DAY).saturating_sub(MOMENT));
    ok(&ada.get("/api/me"), 200);
    ok(&ada.post("/api/cards", &json!({"name": "Before"})), 201);
    site.clock().advance(MOMENT);
    expect(&ada.get("/api/me"), 401, "invalid-token");
    flush(&site);
    expect(&ada.get("/api/me"), 401, "invalid-token");
    expect(&ada.post("/api/cards", &json!({"name": "After"})), 401, "invalid-token");
}

#[test]
fn a_revoked_login_is_not_called_back_by_what_was_noted_before() {
    let site = unhurried();
    let mut first = ada(&site);
    let phone = token(&site, "Phone");
    site.clock().advance(DAY);
    assert!(is_alive(&site, &phone));
    ok(&first.post("/api/sessions/revoke-others", &json!({})), 200);
    flush(&site);
    assert!(!is_alive(&site, &phone));
    assert_eq!(list(&mut first).len(), 1);
}

#[test]
fn a_use_is_written_every_five_minutes_and_no_reader_waits_for_it() {
    let site = unhurried();
    let mut ada = ada(&site);
    let seen = |api: &mut Api| all(api, "last_seen_at")[0].as_str().unwrap().to_owned();
    let units = || site.store().writer_figures().units;
    let (first, before) = (seen(&mut ada), units());
    site.clock().advance(Duration::from_secs(299));
    ok(&ada.get("/api/me"), 200);
    flush(&site);
    assert_eq!((seen(&mut ada), units()), (first.clone(), before), "it is no news yet");
    site.clock().advance(Duration::from_secs(1));
    for _ in 0..3 {
        ok(&ada.get("/api/me"), 200);
    }
    assert_eq!((seen(&mut ada), units()), (first, before), "it is noted, and nobody waited");
    flush(&site);
    assert_eq!((seen(&mut ada).as_str(), units()), ("2027-01-15T08:05:00.000Z", before + 1));
    ok(&ada.get("/api/me"), 200);
    flush(&site);
    assert_eq!(units(), before + 1);
    // A write tells it as well, also one that is refused, and by a caller the writer remembers.
    for _ in 0..3 {
        site.clock().advance(Duration::from_mins(5));
        expect(&ada.post("/api/cards", &json!({"name": ""})), 422, "validation-failed");
        ok(&ada.post("/api/cards", &json!({"name": "Card"})), 201);
        flush(&site);
    }
    assert_eq!(seen(&mut ada), "2027-01-15T08:20:00.000Z");
    let before = units();
    ok(&ada.post("/api/cards", &json!({"name": "Card"})), 201);
    flush(&site);
    assert_eq!(units(), before + 1, "what the writer remembers of a caller is not of yesterday");
}

#[test]
fn another_sites_page_does_not_keep_a_login_alive_by_what_is_refused() {
    let site = unhurried();
    let token = register(&site, "Ada")["token"].as_str().unwrap().to_owned();
    site.clock().advance(Duration::from_mins(5));
    let mut foreign = Api::cookie(&site, &token).with("Sec-Fetch-Site", "cross-site");
    expect(&foreign.post("/api/cards", &json!({"name": "x"})), 403, "csrf-rejected");
    let before = site.store().writer_figures().units;
    flush(&site);
    assert_eq!(site.store().writer_figures().units, before, "nothing was noted");
}

#[test]
fn what_is_noted_is_written_by_itself_and_at_the_end() {
    let site = Site::at(NOW, |_| {});
    let mut first = ada(&site);
    site.clock().advance(Duration::from_mins(6));
    let (begun, nobody) = (Instant::now(), Stop::default());
    while all(&mut first, "last_seen_at")[0] != "2027-01-15T08:06:00.000Z" {
        assert!(begun.elapsed() < crate::program::PATIENCE, "nothing is written");
        nobody.wait(Duration::from_millis(5));
    }
    let site = unhurried();
    let token = register(&site, "Ada")["token"].as_str().unwrap().to_owned();
    site.clock().advance(Duration::from_mins(6));
    assert!(is_alive(&site, &token));
    let site = site.restart();
    let mut ada = Api::bearer(&site, &token);
    assert_eq!(all(&mut ada, "last_seen_at"), ["2027-01-15T08:06:00.000Z"]);
}

#[test]
fn what_has_ended_is_deleted() {
    let site = Site::at(NOW, |config| {
        config.limits.session_life = 20 * DAY;
        config.limits.buffer_time_max = DAY;
    });
    let mut first = ada(&site);
    site.clock().advance(13 * DAY);
    drop(token(&site, "Phone"));
    ok(&first.get("/api/me"), 200);
    flush(&site);
    let prune = || site.store().write::<_, Error, _>(sessions::prune).unwrap();
    assert_eq!(prune(), 0);
    site.clock().advance(7 * DAY);
    assert_eq!(prune(), 1, "the first has come to its absolute end");
    site.clock().advance((7 * DAY).saturating_sub(MOMENT));
    assert_eq!(prune(), 0);
    site.clock().advance(MOMENT);
    assert_eq!(prune(), 1, "the other has not been used");
}

/// A site where any number of logins of one person may be under way, with Ada, whose hash is a cheap one.
fn with_cheap_hash(change: impl FnOnce(&mut Config)) -> Site {
    let site = Site::with(|config| {
        config.limits.login_account_max = 1_000;
        change(config);
    });
    register(&site, "Ada");
    let cheap = passwords::hash(PASSWORD, PasswordCost { memory_kib: 32, passes: 1 }).unwrap();
    let set = site.store().write::<_, Error, _>(move |tx| {
        passwords::set(tx, users::find_by_email(tx, "ada@example.org")?.id, &cheap)
    });
    set.unwrap();
    site
}

fn credential(site: &Site) -> passwords::Credential {
    let find = |read: &cardinal::store::Read<'_>| passwords::find_by_email(read, "ada@example.org");
    site.store().read::<_, Error>(find).unwrap().unwrap()
}

#[test]
fn where_a_hash_has_become_cheap_a_login_makes_a_dearer_one() {
    let site = with_cheap_hash(|_| {});
    let (cost, cheap) = (PasswordCost { memory_kib: 64, passes: 1 }, credential(&site));
    assert!(passwords::is_outdated(&cheap.hash, cost).unwrap());
    let body = json!({"email": "ada@example.org", "password": "wrong horse battery staple"});
    let wrong = Api::nobody(&site).post("/api/auth/login", &body);
    expect(&wrong, 401, "invalid-credentials");
    assert_eq!(credential(&site).hash, cheap.hash);
    ok(&log_in(&site, "x"), 200);
    let dear = credential(&site);
    assert!(!passwords::is_outdated(&dear.hash, cost).unwrap());
    assert_eq!(dear.version, cheap.version, "it is the same password");
    ok(&log_in(&site, "x"), 200);
    assert_eq!(credential(&site).hash, dear.hash, "once is enough");
}

#[test]
fn of_logins_at_once_with_a_cheap_hash_all_succeed() {
    for n in [2, 8, 64] {
        let site = with_cheap_hash(|_| {});
        let tokens = together(n, |_| token(&site, "x"));
        assert!(tokens.iter().all(|token| is_alive(&site, token)));
        let mut ada = Api::bearer(&site, &tokens[0]);
        let page = ok(&ada.get("/api/sessions?limit=200"), 200);
        assert_eq!(page["items"].as_array().unwrap().len(), n + 1);
    }
}

#[test]
fn a_login_that_races_with_the_end_of_an_account_leaves_nothing_that_opens() {
    for n in [2, 8, 64] {
        let site = with_cheap_hash(|_| {});
        let replies = together(n, |who| {
            if who > 0 {
                return Some(log_in(&site, "x"));
            }
            let disable = |tx: &cardinal::store::Tx<'_>| {
                users::disable(tx, users::find_by_email(tx, "ada@example.org")?.id)
            };
            site.store().write::<_, Error, _>(disable).unwrap();
            expect(&log_in(&site, "late"), 401, "invalid-credentials");
            None
        });
        for reply in replies.iter().flatten() {
            if reply.status != 200 {
                expect(reply, 401, "invalid-credentials");
                continue;
            }
            let token = reply.json()["token"].as_str().unwrap().to_owned();
            let mut ada = Api::bearer(&site, &token);
            expect(&ada.get("/api/me"), 401, "invalid-token");
            expect(&ada.post("/api/cards", &json!({"name": "x"})), 401, "invalid-token");
        }
    }
}
