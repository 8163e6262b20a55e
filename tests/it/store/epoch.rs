//! What may be remembered about credentials: never longer than it is true.

use super::fixture::{Scratch, break_at_commit, note};
use cardinal::error::Error;
use cardinal::store::Tx;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn epoch(scratch: &Scratch) -> u64 {
    scratch.store.write::<_, Error, _>(|tx| Ok(tx.credentials_epoch())).unwrap()
}

fn change(tx: &Tx<'_>) -> u64 {
    tx.credentials_changed();
    tx.credentials_epoch()
}

#[test]
fn an_epoch_lasts_until_a_credential_changes() {
    let scratch = Scratch::new();
    let first = epoch(&scratch);
    scratch.store.write(|tx| note(tx, "something")).unwrap();
    assert_eq!(epoch(&scratch), first);
    let inside = scratch.store.write::<_, Error, _>(|tx| Ok(change(tx))).unwrap();
    assert_ne!(inside, first);
    assert_eq!(epoch(&scratch), inside);
}

#[test]
fn what_was_learnt_in_a_unit_that_is_undone_is_void() {
    let scratch = Scratch::new();
    let before = epoch(&scratch);
    let seen = Arc::new(AtomicU64::new(0));
    let (told, heard) = (Arc::clone(&seen), &seen);
    let failed = scratch.store.write::<(), _, _>(move |tx| {
        told.store(change(tx), Ordering::Relaxed);
        Err(Error::NotFound("what was asked"))
    });
    assert!(failed.is_err());
    let after = epoch(&scratch);
    assert!(after != before && after != heard.load(Ordering::Relaxed));
}

#[test]
fn so_it_is_in_the_middle_of_a_batch() {
    let scratch = Scratch::patient(|_| {});
    let hold = scratch.hold();
    let first = scratch.queue(|tx| Ok((note(tx, "a")?, tx.credentials_epoch())));
    let undone = scratch.queue(|tx| {
        tx.credentials_changed();
        Err::<(), _>(Error::NotFound("what was asked"))
    });
    let last = scratch.queue(|tx| Ok(tx.credentials_epoch()));
    hold.let_go();
    let ((), before) = first.join().unwrap().unwrap();
    assert!(undone.join().unwrap().is_err());
    // One step for what it changed, one for its undoing.
    assert_eq!(last.join().unwrap().unwrap(), before + 2);
}

#[test]
fn what_was_learnt_before_a_refused_commit_is_void() {
    let scratch = Scratch::patient(|_| {});
    let hold = scratch.hold();
    let good = scratch.queue(|tx| {
        note(tx, "a")?;
        Ok(tx.credentials_epoch())
    });
    let guilty = scratch.queue(break_at_commit);
    hold.let_go();
    let counted = good.join().unwrap().unwrap();
    assert!(guilty.join().unwrap().is_err());
    assert!(epoch(&scratch) > counted);
    let lone = epoch(&scratch);
    assert!(scratch.store.write(break_at_commit).is_err());
    assert!(epoch(&scratch) > lone);
}

#[test]
fn another_program_may_have_changed_anything() {
    let scratch = Scratch::new();
    let before = epoch(&scratch);
    let stranger = scratch.stranger();
    stranger.execute_batch("INSERT INTO settings VALUES ('theirs', x'00')").unwrap();
    let after = epoch(&scratch);
    assert_ne!(after, before);
    assert_eq!(epoch(&scratch), after);
    stranger.query_row("SELECT count(*) FROM settings", [], |_| Ok(())).unwrap();
    assert_eq!(epoch(&scratch), after, "reading changes nothing");
}
