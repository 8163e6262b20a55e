use super::fixture::{Scratch, Verdict, id};

/// Ada with a password, a login and a link for a new password.
fn scratch() -> Scratch {
    let scratch = Scratch::new();
    let ada = id("ada");
    scratch.accept(&format!(
        "INSERT INTO passwords(user_id, hash) VALUES ({ada}, '$argon2id$x');
         INSERT INTO sessions(id, user_id, token_hash, created_ms, expires_ms)
           VALUES (zeroblob(16), {ada}, zeroblob(32), 0, 90);
         INSERT INTO session_uses(session_id, seen_ms, idle_ms) VALUES (zeroblob(16), 5, 19);
         {}",
        link(1)
    ));
    scratch
}

/// SQL that makes a link for Ada.
fn link(number: u8) -> String {
    format!(
        "INSERT INTO password_resets(token_hash, user_id, created_ms, expires_ms)
         VALUES (unhex('{number:064}'), {}, 0, 60);",
        id("ada")
    )
}

#[test]
fn a_person_has_one_live_link_and_a_dead_one_stays_dead() {
    let scratch = scratch();
    let second = Verdict::at_once("password_resets.user_id");
    scratch.assert(&link(2), &second);
    scratch.accept(&format!("UPDATE password_resets SET used_ms = 7; {}", link(2)));
    scratch.assert(&link(3), &second);
    let once = Verdict::at_once("password_resets.used_ms");
    for change in ["used_ms = NULL", "used_ms = 8", "expires_ms = 99"] {
        let sql = format!("UPDATE password_resets SET {change} WHERE used_ms IS NOT NULL");
        scratch.assert(&sql, &once);
    }
}

#[test]
fn a_login_is_not_used_earlier_than_it_was() {
    let scratch = scratch();
    scratch.accept("UPDATE session_uses SET seen_ms = 6");
    let back = Verdict::at_once("session_uses.seen_ms");
    scratch.assert("UPDATE session_uses SET seen_ms = 4", &back);
    scratch.accept("DELETE FROM sessions");
    assert_eq!(scratch.number("SELECT count(*) FROM session_uses"), 0);
}

#[test]
fn a_password_that_is_hashed_anew_is_the_same_version() {
    let scratch = scratch();
    scratch.accept("UPDATE passwords SET hash = '$argon2id$y', rehashes = rehashes + 1");
    let both = "version = version + 1, rehashes = rehashes + 1";
    for step in ["hash = '$argon2id$z'", "rehashes = rehashes + 2", both] {
        let sql = format!("UPDATE passwords SET {step}");
        scratch.assert(&sql, &Verdict::at_once("passwords.version"));
    }
    scratch.accept("UPDATE passwords SET hash = '$argon2id$z', version = version + 1");
    assert_eq!(scratch.number("SELECT version * 10 + rehashes FROM passwords"), 21);
}
