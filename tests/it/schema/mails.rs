//! A mail stands as its job does, and one that was not sent costs nothing.

use super::fixture::{Scratch, Verdict, id};

/// SQL that makes a job of a queue.
fn job(name: &str, queue: &str) -> String {
    format!(
        "INSERT INTO jobs(id, queue, kind, state, priority, run_ms, max_attempts, created_ms, payload)
         VALUES ({}, '{queue}', 'share', 'available', 0, 0, 2, 0, '{{}}');",
        id(name)
    )
}

/// SQL that makes a transfer of 5 credits between Ada and the house.
fn transfer(name: &str, seq: u8, kind: &str, reverses: Option<&str>) -> String {
    let (ada, house) = (id("ada"), "x'00000000000000000000000000000002'".to_owned());
    let (debit, credit) = if reverses.is_none() { (&ada, &house) } else { (&house, &ada) };
    let reverses = reverses.map_or("NULL".to_owned(), id);
    format!(
        "INSERT INTO credit_transfers(id, account_id, seq, kind, debit_id, credit_id, amount, reason,
           balance_after, created_ms, reverses_id)
         VALUES ({}, {ada}, {seq}, '{kind}', {debit}, {credit}, 5, 'feature', 0, 0, {reverses});",
        id(name)
    )
}

fn mail(name: &str, price: u8, charge: Option<&str>) -> String {
    let charge = charge.map_or("NULL".to_owned(), id);
    format!(
        "INSERT INTO mails(id, user_id, price, charge_id, created_ms)
         VALUES ({}, {}, {price}, {charge}, 0);",
        id(name),
        id("ada")
    )
}

/// SQL that ends a job.
fn end(name: &str, state: &str) -> String {
    format!("UPDATE jobs SET state = '{state}', finished_ms = 1 WHERE id = {};", id(name))
}

fn run(name: &str) -> String {
    format!(
        "UPDATE jobs SET state = 'running', lease_token = 1, lease_ms = 1, lease_until_ms = 1
         WHERE id = {};",
        id(name)
    )
}

fn stop(name: &str, state: &str) -> String {
    format!(
        "UPDATE jobs SET state = '{state}', finished_ms = 1, lease_ms = NULL, lease_until_ms = NULL
         WHERE id = {};",
        id(name)
    )
}

/// Ada's mail, which costs 5 credits.
fn paid() -> Scratch {
    let scratch = Scratch::new();
    let account = format!("INSERT INTO credit_accounts(id, kind) VALUES ({}, 'user');", id("ada"));
    scratch.accept(&account);
    let parts =
        [job("m", "cardinal-mail"), transfer("c", 1, "charge", None), mail("m", 5, Some("c"))];
    scratch.accept(&parts.concat());
    scratch
}

#[test]
fn a_mail_begins_with_a_job_that_waits() {
    let scratch = Scratch::new();
    let refused = Verdict::at_once("mails.id");
    scratch.assert(&mail("m", 0, None), &refused);
    scratch.assert(&[job("m", "letters"), mail("m", 0, None)].concat(), &refused);
    let late = [job("m", "cardinal-mail"), end("m", "cancelled"), mail("m", 0, None)].concat();
    scratch.assert(&late, &refused);
    scratch.accept(&[job("m", "cardinal-mail"), mail("m", 0, None)].concat());
}

#[test]
fn what_costs_is_charged() {
    let scratch = paid();
    let told = Verdict::at_once("(price > 0) = (charge_id IS NOT NULL)");
    scratch.assert(&[job("n", "cardinal-mail"), mail("n", 5, None)].concat(), &told);
    let twice = [job("n", "cardinal-mail"), mail("n", 5, Some("c"))].concat();
    scratch.assert(&twice, &Verdict::at_once("mails.charge_id"));
}

#[test]
fn a_mail_follows_its_job() {
    let scratch = paid();
    let state = || scratch.texts("SELECT state FROM mails").concat();
    scratch.accept(&run("m"));
    assert_eq!(state(), "queued");
    scratch.accept(&stop("m", "completed"));
    assert_eq!(state(), "sent");
    let again = "UPDATE mails SET state = 'queued', finished_ms = NULL";
    scratch.assert(again, &Verdict::at_once("mails.state"));
}

#[test]
fn no_mail_ends_unsent_whose_charge_stands() {
    for ended in ["dead", "cancelled"] {
        let scratch = paid();
        let end = [run("m"), stop("m", ended)].concat();
        scratch.assert(&end, &Verdict::at_commit());
        let back = transfer("r", 2, "reversal", Some("c"));
        scratch.accept(&[end.as_str(), &back].concat());
        scratch.assert(
            &transfer("s", 3, "reversal", Some("c")),
            &Verdict::at_once("credit_transfers.reverses_id"),
        );
        let again = format!(
            "UPDATE jobs SET state = 'available', finished_ms = NULL WHERE id = {};",
            id("m")
        );
        scratch.accept(&again);
        assert_eq!(scratch.texts("SELECT state FROM mails"), ["queued"]);
    }
}
