//! What the schema holds of shares and of what came of them.

use super::fixture::{Scratch, Verdict, delete, id};

fn share(name: &str, card: &str, owner: &str) -> String {
    format!(
        "INSERT INTO shares(id, tracking_id, card_id, user_id, channel, created_ms)
         VALUES ({}, '{name}', {}, {}, 'link', 0);",
        id(name),
        id(card),
        id(owner)
    )
}

fn event(
    kind: &str,
    subject: &str,
    (first, human, last): (i64, &str, i64),
    totals: &str,
) -> String {
    format!(
        "INSERT INTO event_firsts(subject_kind, subject_id, type, first_ms, first_human_ms, last_ms, total,
           human_total) VALUES ('{kind}', {}, 'open', {first}, {human}, {last}, {totals});",
        id(subject)
    )
}

const SHARE: &str = "share-of-ada-one";

fn scratch() -> Scratch {
    let scratch = Scratch::new();
    scratch.accept(&share(SHARE, "ada-1", "ada"));
    scratch
}

#[test]
fn a_share_is_of_an_own_card_and_never_changes() {
    let scratch = scratch();
    let foreign = Verdict::at_once("shares.card_id");
    scratch.assert(&share("share-of-ada-two", "grace-1", "ada"), &foreign);
    scratch.assert("UPDATE shares SET channel = 'qr'", &Verdict::at_once("shares"));
    let taken = share(SHARE, "ada-2", "ada").replacen(&id(SHARE), "randomblob(16)", 1);
    scratch.assert(&taken, &Verdict::at_once("shares.tracking_id"));
    for wrong in ["fifteen-letters", "sixteen letters!"] {
        let told = scratch.try_sql(&share(wrong, "ada-1", "ada"));
        assert!(matches!(told, Verdict::AtOnce(_)), "{wrong}: {told:?}");
    }
}

#[test]
fn the_first_of_an_event_is_set_once() {
    let scratch = scratch();
    scratch.accept(&event("share", SHARE, (5, "NULL", 5), "1, 0"));
    let again = event("share", SHARE, (4, "4", 4), "1, 1");
    assert!(matches!(scratch.try_sql(&again), Verdict::AtOnce(_)));
    let stands = Verdict::at_once("event_firsts");
    for change in [
        "first_ms = 4, total = total + 1",
        "total = total - 1",
        "human_total = 0, first_human_ms = NULL",
        "last_ms = 4, total = total + 1",
    ] {
        scratch.assert(&format!("UPDATE event_firsts SET {change}"), &stands);
    }
    scratch.accept(
        "UPDATE event_firsts SET total = 2, human_total = 1, first_human_ms = 6, last_ms = 6",
    );
    let earlier = "UPDATE event_firsts SET total = 3, first_human_ms = 5";
    scratch.assert(earlier, &stands);
}

#[test]
fn what_cannot_be_is_refused() {
    let scratch = scratch();
    for (times, totals) in [
        ((5, "NULL", 4), "1, 0"),
        ((5, "4", 5), "1, 1"),
        ((5, "6", 5), "1, 1"),
        ((5, "NULL", 5), "0, 0"),
        ((5, "5", 5), "1, 2"),
        ((5, "5", 5), "1, 0"),
        ((5, "NULL", 5), "1, 1"),
    ] {
        let told = scratch.try_sql(&event("share", SHARE, times, totals));
        assert!(matches!(told, Verdict::AtOnce(_)), "{times:?} {totals}: {told:?}");
    }
    for day in ["'human', 1, 2, 0", "'bot', 1, 1, 0", "'human', -1, 0, 0", "'cat', 1, 0, 0"] {
        let told = scratch.try_sql(&format!(
            "INSERT INTO card_days(card_id, day, class, views, visitors, clicks)
             VALUES ({}, 1, {day})",
            id("ada-1")
        ));
        assert!(matches!(told, Verdict::AtOnce(_)), "{day}: {told:?}");
    }
}

#[test]
fn events_go_with_their_subject() {
    let scratch = scratch();
    scratch.accept(&share("share-of-ada-two", "ada-2", "ada"));
    scratch.accept(&event("share", "share-of-ada-two", (5, "NULL", 5), "1, 0"));
    scratch.accept(&event("share", SHARE, (5, "NULL", 5), "1, 0"));
    scratch.accept(&event("card", "ada-2", (5, "5", 5), "1, 1"));
    let nothing = Verdict::at_once("event_firsts.subject_id");
    scratch.assert(&event("card", SHARE, (5, "5", 5), "1, 1"), &nothing);
    scratch.accept(&delete("ada-2", "ada"));
    assert_eq!(scratch.texts("SELECT subject_kind FROM event_firsts"), ["share"]);
    assert_eq!(scratch.number("SELECT count(*) FROM shares"), 1);
}

#[test]
fn a_salt_stands() {
    let scratch = scratch();
    scratch.accept("INSERT INTO visitor_salts(day, salt) VALUES (1, zeroblob(16))");
    let stands = Verdict::at_once("visitor_salts");
    scratch.assert("UPDATE visitor_salts SET salt = randomblob(16)", &stands);
}
