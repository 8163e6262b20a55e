use super::fixture::{Scratch, Verdict, id};

/// SQL that leaves a lead at `ada-1`: in an epoch without an entry yet if it is Ada's alone.
fn lead(name: &str, is_own: bool, at_ms: i64) -> String {
    let ada = id("ada");
    let (owner, status, epoch) =
        if is_own { (ada.as_str(), "claimed", 1) } else { ("NULL", "open", 0) };
    format!(
        "INSERT INTO leads(id, card_id, card_slug, owner_id, assigned_to, name, email, email_norm, message,
           consent_ms, status, claim_epoch, created_ms, updated_ms)
         VALUES ({}, {}, 'ada-1', {owner}, {owner}, 'n', 'e@x', 'e@x', '{name}', 0, '{status}', {epoch},
           {at_ms}, 0);",
        id(name),
        id("ada-1"),
    )
}

/// SQL that notes an epoch.
fn epoch(lead: &str, number: u8, user: Option<&str>, reason: &str) -> String {
    let user = user.map_or("NULL".to_owned(), id);
    format!(
        "INSERT INTO lead_claims(lead_id, epoch, user_id, reason, began_ms)
         VALUES ({}, {number}, {user}, '{reason}', 0);",
        id(lead)
    )
}

/// SQL that changes a lead.
fn change(lead: &str, what: &str) -> String {
    format!("UPDATE leads SET {what}, version = version + 1 WHERE id = {};", id(lead))
}

fn claim(lead: &str, user: &str) -> String {
    let what =
        format!("assigned_to = {}, status = 'claimed', claim_epoch = claim_epoch + 1", id(user));
    change(lead, &what)
}

#[test]
fn whom_a_lead_is_with_and_its_history_agree_at_commit() {
    let scratch = Scratch::new();
    scratch.accept(&lead("team", false, 0));
    scratch.assert(&claim("team", "ada"), &Verdict::at_commit());
    let other = [claim("team", "ada"), epoch("team", 1, Some("grace"), "claimed")].concat();
    scratch.assert(&other, &Verdict::at_commit());
    let nobody = [claim("team", "ada"), epoch("team", 1, None, "released")].concat();
    scratch.assert(&nobody, &Verdict::at_commit());
    let stray = epoch("team", 1, Some("ada"), "claimed");
    scratch.assert(&stray, &Verdict::at_once("lead_claims.epoch"));
    scratch.accept(&[claim("team", "ada"), stray.clone()].concat());
    scratch.assert(&stray, &Verdict::at_once("lead_claims.epoch"));

    let freed =
        change("team", "assigned_to = NULL, status = 'open', claim_epoch = claim_epoch + 1");
    scratch.assert(&freed, &Verdict::at_commit());
    let gap = [freed.clone(), epoch("team", 3, None, "released")].concat();
    scratch.assert(&gap, &Verdict::at_once("lead_claims.epoch"));
    scratch.accept(&[freed, epoch("team", 2, None, "released")].concat());
    for sql in ["UPDATE lead_claims SET began_ms = 1", "DELETE FROM lead_claims"] {
        scratch.assert(sql, &Verdict::at_once("lead_claims"));
    }
    scratch.assert(&lead("own", true, 0), &Verdict::at_commit());
    scratch.accept(&[lead("own", true, 0), epoch("own", 1, Some("ada"), "routed")].concat());
}

#[test]
fn an_epoch_steps_with_every_change_of_hands_and_with_nothing_else() {
    let scratch = Scratch::new();
    scratch.accept(&lead("team", false, 0));
    let refused = Verdict::at_once("leads.claim_epoch");
    let ada = id("ada");
    scratch.assert(&change("team", "claim_epoch = claim_epoch + 1"), &refused);
    scratch.assert(&change("team", &format!("assigned_to = {ada}, status = 'claimed'")), &refused);
    let two = format!("assigned_to = {ada}, status = 'claimed', claim_epoch = claim_epoch + 2");
    scratch.assert(&change("team", &two), &refused);
}

#[test]
fn what_a_lead_cannot_be_is_refused() {
    let scratch = Scratch::new();
    scratch.accept(&lead("team", false, 0));
    scratch.accept(&[lead("own", true, 0), epoch("own", 1, Some("ada"), "routed")].concat());
    let sent = Verdict::at_once("leads.sent");
    for column in ["name = 'x'", "message = 'x'", "card_slug = 'x'", "created_ms = 9"] {
        scratch.assert(&change("team", column), &sent);
    }
    let grace = format!("assigned_to = {}, claim_epoch = claim_epoch + 1", id("grace"));
    for sql in [
        change("team", "status = 'claimed'"),
        change("own", "status = 'open'"),
        change("own", "assigned_to = NULL, status = 'closed', claim_epoch = claim_epoch + 1"),
        change("own", &grace),
        change("team", "status = 'lost'"),
    ] {
        let told = scratch.try_sql(&sql);
        assert!(matches!(told, Verdict::AtOnce(_)), "{sql}: {told:?}");
    }
}

#[test]
fn the_same_is_left_once_within_a_day() {
    const DAY_MS: i64 = 86_400_000;
    let scratch = Scratch::new();
    scratch.accept(&lead("hello", false, 5));
    let again = |at_ms| lead("hello", false, at_ms).replace(&id("hello"), &id("other"));
    let twice = Verdict::at_once("leads.sent_twice");
    scratch.assert(&again(5), &twice);
    scratch.assert(&again(4 + DAY_MS), &twice);
    scratch.accept(&again(5 + DAY_MS));
}

#[test]
fn nobody_goes_who_works_the_teams_leads_and_own_ones_go_along() {
    let scratch = Scratch::new();
    scratch.accept(&lead("team", false, 0));
    let claimed = [claim("team", "alan"), epoch("team", 1, Some("alan"), "claimed")].concat();
    scratch.accept(&claimed);
    let gone = format!("DELETE FROM users WHERE id = {};", id("alan"));
    scratch.assert(&gone, &Verdict::at_commit());
    let freed =
        change("team", "assigned_to = NULL, status = 'open', claim_epoch = claim_epoch + 1");
    scratch.accept(&[gone, freed, epoch("team", 2, None, "left")].concat());
    assert_eq!(scratch.number("SELECT count(*) FROM lead_claims"), 2);

    scratch.accept(&[lead("own", true, 0), epoch("own", 1, Some("ada"), "routed")].concat());
    let retired = ["ada-1", "ada-2"].map(|slug| super::fixture::retire(slug, "ada", None)).concat();
    scratch.accept(&format!("{retired} DELETE FROM users WHERE id = {}", id("ada")));
    assert_eq!(scratch.number("SELECT count(*) FROM leads"), 1);
    assert_eq!(scratch.number("SELECT count(*) FROM lead_claims"), 2);
}
