//! Who works a lead: claimed once, given back, handed on; and who was relieved writes nothing more.

use super::leads::{card, left};
use crate::kit::{Api, expect, faults, ok, together};
use cardinal::testing::{Person, Reply, Site};
use serde_json::{Value, json};

fn path(id: &str) -> String {
    format!("/api/leads/{id}")
}

fn act(api: &mut Api, id: &str, action: &str, body: &Value) -> Reply {
    api.post(&format!("/api/leads/{id}/{action}"), body)
}

/// A lead of the team.
fn open(site: &Site) -> String {
    left(site, &card(&site.person("Owner"), "team"), "joan@example.org")
}

fn claimed(api: &mut Api, id: &str) -> Value {
    ok(&act(api, id, "claim", &json!({})), 200)["lead"].take()
}

/// What a lead's history says, oldest first: with whom, and why.
fn history(api: &mut Api, id: &str) -> Vec<(Value, String)> {
    let page = ok(&api.get(&format!("/api/leads/{id}/history")), 200);
    let items = page["items"].as_array().unwrap().iter().rev();
    items
        .map(|e| (e["assigned_to"]["display_name"].clone(), e["reason"].as_str().unwrap().into()))
        .collect()
}

#[test]
fn of_racing_claims_one_wins_and_the_others_are_told_who() {
    for callers in [2, 8, 64, 100] {
        let site = Site::start();
        let id = open(&site);
        let people: Vec<Person> = (0..callers).map(|n| site.person(&format!("P{n}"))).collect();
        let replies =
            together(callers, |n| act(&mut Api::of(&people[n]), &id, "claim", &json!({})));
        let winners: Vec<usize> = (0..callers).filter(|n| replies[*n].status == 200).collect();
        assert_eq!(winners.len(), 1);
        let winner = &people[winners[0]];
        let told = replies[winners[0]].json();
        assert_eq!((&told["claimed"], &told["already_owned"]), (&json!(true), &json!(false)));
        let holder = json!({"id": winner.user.id, "display_name": winner.user.display_name});
        assert_eq!(told["lead"]["assigned_to"], holder);
        assert_eq!(ok(&Api::of(&people[0]).get(&path(&id)), 200), told["lead"]);
        let page = ok(&Api::of(winner).get(&format!("/api/leads/{id}/history")), 200);
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        for lost in replies.iter().filter(|reply| reply.status != 200) {
            let told = expect(lost, 409, "lead-already-claimed");
            assert_eq!((&told["claimed_by"], &told["version"]), (&holder, &json!(2)));
            assert_eq!(told["claimed_at"], page["items"][0]["began_at"]);
            assert!(told.get("email").is_none());
        }
    }
}

#[test]
fn of_racing_claims_of_one_person_one_counts() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let (id, ada) = (open(&site), site.person("Ada"));
        let replies = together(callers, |_| act(&mut Api::of(&ada), &id, "claim", &json!({})));
        let new = replies.iter().filter(|r| ok(r, 200)["already_owned"] == false).count();
        assert_eq!(new, 1);
        assert!(replies.iter().all(|r| r.json()["lead"] == replies[0].json()["lead"]));
        assert_eq!(replies[0].json()["lead"]["version"], 2);
    }
}

#[test]
fn the_next_lead_is_the_oldest_and_each_goes_to_one() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let slug = card(&site.person("Owner"), "team");
        let leads: Vec<String> =
            (0..=callers / 2).map(|n| left(&site, &slug, &format!("{n}@x.org"))).collect();
        let people: Vec<Person> = (0..callers).map(|_| site.person("P")).collect();
        let replies =
            together(callers, |n| Api::of(&people[n]).post("/api/leads/claim-next", &json!({})));
        let told = replies.iter().map(|reply| ok(reply, 200)["lead"].take());
        let mut taken: Vec<String> =
            told.filter_map(|lead| lead["id"].as_str().map(str::to_owned)).collect();
        taken.sort();
        assert_eq!(taken, leads.iter().take(callers).cloned().collect::<Vec<_>>());
    }
}

#[test]
fn a_claim_honours_if_match_while_there_is_something_to_claim() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let (id, mut api) = (open(&site), Api::of(&ada));
    let tag = api.get(&path(&id)).header("ETag").unwrap().to_owned();
    let stale = tag.replace("-1\"", "-7\"");
    let claim = |api: &mut Api, tag: &str| {
        api.send("POST", &format!("/api/leads/{id}/claim"), &[("If-Match", tag)], b"")
    };
    let told = expect(&claim(&mut api, &stale), 412, "precondition-failed");
    assert_eq!(told["current"]["status"], "open");
    let won = claim(&mut api, &tag);
    ok(&won, 200);
    assert_eq!(won.header("ETag"), Some(&*tag.replace("-1\"", "-2\"")));
    expect(&claim(&mut Api::of(&grace), &tag), 409, "lead-already-claimed");
    assert_eq!(ok(&claim(&mut api, &tag), 200)["already_owned"], true);
}

#[test]
fn a_lead_is_given_back_by_whoever_works_it_in_this_epoch() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let (id, mut ada, mut grace) = (open(&site), Api::of(&ada), Api::of(&grace));
    expect(&act(&mut ada, &id, "release", &json!({"claim_epoch": 0})), 409, "not-lead-owner");
    claimed(&mut ada, &id);
    let now = json!({"claim_epoch": 1});
    let told = expect(&act(&mut grace, &id, "release", &now), 409, "not-lead-owner");
    assert_eq!((&told["claim_epoch"], &told["version"]), (&json!(1), &json!(2)));
    assert_eq!(told["assigned_to"]["display_name"], "Ada");
    let freed = ok(&act(&mut ada, &id, "release", &json!({"claim_epoch": "1"})), 200);
    assert_eq!((&freed["status"], &freed["assigned_to"]), (&json!("open"), &json!(null)));
    assert_eq!((&freed["claim_epoch"], &freed["version"]), (&json!(2), &json!(3)));
    expect(&act(&mut ada, &id, "release", &now), 409, "not-lead-owner");
    assert_eq!(claimed(&mut grace, &id)["claim_epoch"], 3);
    // Back in Ada's hands, an old epoch is still an old one.
    ok(&act(&mut grace, &id, "release", &json!({"claim_epoch": 3})), 200);
    assert_eq!(claimed(&mut ada, &id)["claim_epoch"], 5);
    expect(&act(&mut ada, &id, "release", &now), 409, "not-lead-owner");
    let told = history(&mut grace, &id);
    let named = |name: &str| (json!(name), "claimed".to_owned());
    let nobody = (json!(null), "released".to_owned());
    assert_eq!(told, [named("Ada"), nobody.clone(), named("Grace"), nobody, named("Ada")]);
    let page = ok(&ada.get(&format!("/api/leads/{id}/history?limit=2&cursor=4")), 200);
    assert_eq!((&page["items"][0]["epoch"], &page["next_cursor"]), (&json!(3), &json!("2")));
    assert_eq!(page["items"][1]["ended_at"], page["items"][0]["began_at"]);

    for (body, fault) in [
        (json!({}), ("/claim_epoch", "required")),
        (json!({"claim_epoch": -1}), ("/claim_epoch", "type")),
        (json!({"claim_epoch": 1.5}), ("/claim_epoch", "type")),
        (json!({"claim_epoch": 5, "force": true}), ("/force", "unknown")),
    ] {
        faults(&act(&mut ada, &id, "release", &body), &[fault]);
    }
}

#[test]
fn of_racing_releases_one_counts() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let (id, ada) = (open(&site), site.person("Ada"));
        claimed(&mut Api::of(&ada), &id);
        let body = json!({"claim_epoch": 1});
        let path = format!("/api/leads/{id}/release");
        let replies = together(callers, |_| Api::of(&ada).post(&path, &body));
        let (won, lost): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
        assert_eq!(won.len(), 1);
        for reply in lost {
            expect(reply, 409, "not-lead-owner");
        }
    }
}

#[test]
fn an_admin_hands_a_lead_on_from_whom_it_is_with() {
    let site = Site::start();
    let (ada, joan) = (site.person("Ada"), site.person("Joan"));
    let (id, mut admin) = (open(&site), Api::of(&site.admin("Grace")));
    let hand = |admin: &mut Api, from: &Value, to: &Value| {
        act(admin, &id, "reassign", &json!({"from": from, "to": to}))
    };
    let (a, j, nobody) = (json!(ada.user.id), json!(joan.user.id), json!(null));
    expect(&hand(&mut admin, &a, &j), 409, "not-lead-owner");
    let lead = ok(&hand(&mut admin, &nobody, &a), 200);
    assert_eq!((&lead["status"], &lead["claim_epoch"]), (&json!("claimed"), &json!(1)));
    expect(&hand(&mut admin, &nobody, &j), 409, "not-lead-owner");
    assert_eq!(ok(&hand(&mut admin, &a, &a), 200), lead, "to the same person changes nothing");
    let lead = ok(&hand(&mut admin, &a, &j), 200);
    assert_eq!((&lead["assigned_to"]["id"], &lead["claim_epoch"]), (&j, &json!(2)));
    // What Ada typed meanwhile is refused, whatever version it names.
    let typed = json!({"notes": "x", "claim_epoch": 1, "version": 3});
    expect(&Api::of(&ada).patch(&path(&id), &typed), 409, "not-lead-owner");
    let stranger = json!("0190b5a0-0000-7000-8000-000000000000");
    faults(&hand(&mut admin, &j, &stranger), &[("/to", "person")]);
    expect(&hand(&mut admin, &stranger, &a), 409, "not-lead-owner");
    let freed = ok(&hand(&mut admin, &j, &nobody), 200);
    assert_eq!((&freed["status"], &freed["assigned_to"]), (&json!("open"), &nobody));
    let reasons: Vec<String> = history(&mut admin, &id).into_iter().map(|e| e.1).collect();
    assert_eq!(reasons, ["reassigned", "reassigned", "released"]);
    faults(&hand(&mut admin, &json!("x"), &json!(7)), &[("/from", "uuid"), ("/to", "type")]);
    let told = act(&mut admin, &id, "reassign", &json!({}));
    faults(&told, &[("/from", "required"), ("/to", "required")]);
}

#[test]
fn of_racing_reassignments_from_one_person_one_counts() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let (id, ada, grace) = (open(&site), site.person("Ada"), site.admin("Grace"));
        claimed(&mut Api::of(&ada), &id);
        let people: Vec<Person> = (0..callers).map(|_| site.person("P")).collect();
        let replies = together(callers, |n| {
            let body = json!({"from": ada.user.id, "to": people[n].user.id});
            act(&mut Api::of(&grace), &id, "reassign", &body)
        });
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
        for lost in replies.iter().filter(|reply| reply.status != 200) {
            expect(lost, 409, "not-lead-owner");
        }
    }
}

#[test]
fn whoever_works_a_lead_notes_closes_and_converts_it() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let (id, mut ada, mut grace) = (open(&site), Api::of(&ada), Api::of(&grace));
    claimed(&mut ada, &id);
    let noted = json!({"notes": " Called.\r\nTwice. ", "claim_epoch": 1, "version": 2});
    let reply = ada.patch(&path(&id), &noted);
    let lead = ok(&reply, 200);
    assert_eq!((&lead["notes"], &lead["version"]), (&json!("Called.\nTwice."), &json!(3)));
    let tag = reply.header("ETag").unwrap().to_owned();
    // Sent back whole it is taken, and changes nothing.
    assert_eq!(ok(&ada.patch(&path(&id), &lead), 200), lead);
    let closed = json!({"status": "closed", "claim_epoch": 1});
    let lead = ok(&ada.json("PATCH", &path(&id), &[("If-Match", &tag)], &closed), 200);
    assert_eq!(
        (&lead["status"], &lead["assigned_to"]["display_name"]),
        (&json!("closed"), &json!("Ada"))
    );
    for api in [&mut ada, &mut grace] {
        expect(&act(api, &id, "claim", &json!({})), 409, "lead-closed");
    }
    expect(&act(&mut ada, &id, "release", &json!({"claim_epoch": 1})), 409, "lead-closed");
    let xp = |api: &mut Api| ok(&api.get("/api/progress"), 200)["xp"].as_i64().unwrap();
    assert_eq!(xp(&mut ada), 0);
    for (version, status) in (4..).zip(["converted", "claimed", "converted", "closed", "claimed"]) {
        let body = json!({"status": status, "claim_epoch": 1, "version": version});
        assert_eq!(ok(&ada.patch(&path(&id), &body), 200)["status"], status);
    }
    assert_eq!(xp(&mut ada), 30, "a lead is converted once");
}

#[test]
fn the_epoch_is_checked_before_the_version() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.person("Grace"));
    let (id, mut ada, mut grace) = (open(&site), Api::of(&ada), Api::of(&grace));
    let patch = |api: &mut Api, body: Value| api.patch(&path(&id), &body);
    let code = "not-lead-owner";
    expect(&patch(&mut ada, json!({"notes": "x", "claim_epoch": 0, "version": 1})), 409, code);
    claimed(&mut ada, &id);
    for (epoch, version) in [(0, 2), (2, 2), (0, 1), (2, 9)] {
        let told = patch(&mut ada, json!({"notes": "x", "claim_epoch": epoch, "version": version}));
        assert_eq!(expect(&told, 409, code)["claim_epoch"], 1);
    }
    expect(&patch(&mut grace, json!({"notes": "x", "claim_epoch": 1, "version": 2})), 409, code);
    let told = patch(&mut ada, json!({"notes": "x", "claim_epoch": 1, "version": 1, "x": 1}));
    assert_eq!(expect(&told, 409, "version-conflict")["current"]["version"], 2);
    expect(&patch(&mut ada, json!({"claim_epoch": 1})), 428, "precondition-required");
    faults(&patch(&mut ada, json!({"version": 2})), &[("/claim_epoch", "required")]);
    faults(&patch(&mut ada, json!({"version": 2, "claim_epoch": []})), &[("/claim_epoch", "type")]);
    let bad = json!({
        "status": "open", "notes": "x".repeat(5_001), "name": "Eve", "assigned_to": null,
        "nope": 1, "claim_epoch": 1, "version": 2,
    });
    faults(
        &patch(&mut ada, bad),
        &[
            ("/status", "choice"),
            ("/notes", "too-long"),
            ("/name", "read-only"),
            ("/assigned_to", "read-only"),
            ("/nope", "unknown"),
        ],
    );
    let stale = [("If-Match", "\"x-1\"")];
    let noted = json!({"notes": "x", "claim_epoch": 1});
    expect(&ada.json("PATCH", &path(&id), &stale, &noted), 412, "precondition-failed");
    expect(&ada.send("PATCH", &path(&id), &stale[..0], b"{"), 400, "invalid-json");
}

#[test]
fn of_racing_changes_of_one_version_one_counts() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let (id, ada) = (open(&site), site.person("Ada"));
        claimed(&mut Api::of(&ada), &id);
        let replies = together(callers, |n| {
            let body = json!({"notes": format!("{n}"), "claim_epoch": 1, "version": 2});
            Api::of(&ada).patch(&path(&id), &body)
        });
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
        for lost in replies.iter().filter(|reply| reply.status != 200) {
            expect(lost, 409, "version-conflict");
        }
    }
}

#[test]
fn an_owners_lead_stays_with_the_owner() {
    let site = Site::start();
    let grace = site.admin("Grace");
    let (id, mut api) = (left(&site, &card(&grace, "owner"), "joan@example.org"), Api::of(&grace));
    assert_eq!(ok(&act(&mut api, &id, "claim", &json!({})), 200)["already_owned"], true);
    expect(&act(&mut api, &id, "release", &json!({"claim_epoch": 1})), 409, "not-releasable");
    let ada = site.person("Ada").user.id;
    let body = json!({"from": grace.user.id, "to": ada});
    expect(&act(&mut api, &id, "reassign", &body), 409, "not-releasable");
    let body = json!({"status": "converted", "claim_epoch": 1, "version": 1});
    assert_eq!(ok(&api.patch(&path(&id), &body), 200)["version"], 2);
}

#[test]
fn whoever_goes_gives_the_teams_leads_back() {
    let site = Site::start();
    let (ada, grace) = (site.person("Ada"), site.admin("Grace"));
    let slug = card(&grace, "team");
    let [open, closed] = ["a@x.org", "b@x.org"].map(|email| left(&site, &slug, email));
    let (mut leaver, mut admin) = (Api::of(&ada), Api::of(&grace));
    for id in [&open, &closed] {
        claimed(&mut leaver, id);
    }
    let body = json!({"status": "closed", "claim_epoch": 1, "version": 2});
    ok(&leaver.patch(&path(&closed), &body), 200);
    ok(&leaver.delete("/api/me?version=1"), 200);
    for (id, status, version) in [(&open, "open", 3), (&closed, "closed", 4)] {
        let lead = ok(&admin.get(&path(id)), 200);
        assert_eq!((&lead["status"], &lead["assigned_to"]), (&json!(status), &json!(null)));
        assert_eq!((&lead["claim_epoch"], &lead["version"]), (&json!(2), &json!(version)));
        let kept = history(&mut admin, id);
        assert_eq!(kept, [(json!(null), "claimed".into()), (json!(null), "left".into())]);
    }
    // What is closed and nobody's can be handed to somebody, and stays closed.
    let body = json!({"from": null, "to": grace.user.id});
    assert_eq!(ok(&act(&mut admin, &closed, "reassign", &body), 200)["status"], "closed");
}

#[test]
fn who_claims_while_going_leaves_no_lead_behind() {
    for callers in [2, 8, 64] {
        let site = Site::start();
        let (ada, owner) = (site.person("Ada"), site.person("Owner"));
        let slug = card(&owner, "team");
        let leads: Vec<String> =
            (1..callers).map(|n| left(&site, &slug, &format!("{n}@x.org"))).collect();
        let replies = together(callers, |n| match leads.get(n) {
            Some(id) => act(&mut Api::of(&ada), id, "claim", &json!({})),
            None => Api::of(&ada).delete("/api/me?version=1"),
        });
        for (n, reply) in replies.iter().enumerate() {
            let late = n < leads.len() && reply.status == 401;
            assert!(reply.status == 200 || late, "{}", reply.text());
        }
        let open = ok(&Api::of(&owner).get("/api/leads?status=open&limit=200"), 200);
        assert_eq!(open["items"].as_array().unwrap().len(), leads.len());
    }
}
