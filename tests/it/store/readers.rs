use super::fixture::{PATIENCE, Scratch, names, note};
use cardinal::clock::Stop;
use cardinal::error::{Error, Result, Unavailable};
use cardinal::store::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

fn ask(read: &Read<'_>, sql: &str) -> Result<i64> {
    read.one(sql, [], |row| row.get(0))
}

#[test]
fn a_reader_is_given_no_statement_that_writes() {
    let scratch = Scratch::new();
    for sql in [
        "INSERT INTO settings(name, value) VALUES ('a', x'00') RETURNING 1",
        "UPDATE tiers SET max_cards = 9 RETURNING 1",
        "DELETE FROM tiers RETURNING 1",
        "WITH w AS (SELECT 'a' AS n) INSERT INTO settings SELECT n, x'00' FROM w RETURNING 1",
        "CREATE TABLE t(a ANY) STRICT",
        "DROP TABLE settings",
        "PRAGMA user_version = 7",
    ] {
        let told = scratch.store.read(|read| ask(read, sql)).unwrap_err();
        assert!(told.to_string().contains("given to a reader"), "{sql}: {told}");
        let told = scratch.store.read(|read| read.all(sql, [], |_| Ok(()))).unwrap_err();
        assert!(told.to_string().contains("given to a reader"), "{sql}: {told}");
        // The writer's transaction is a reader, too; its own verbs are `change` and `changed`.
        let told = scratch.store.write(move |tx| ask(tx, sql)).unwrap_err();
        assert!(told.to_string().contains("given to a reader"), "{sql}: {told}");
    }
    assert_eq!(scratch.names(), [""; 0]);
    assert_eq!(scratch.store.read(|read| ask(read, "SELECT count(*) FROM tiers")).unwrap(), 3);
}

#[test]
fn a_readers_connection_could_not_write_either() {
    let scratch = Scratch::new();
    let pragma = |sql: &'static str| scratch.store.read(|read| ask(read, sql)).unwrap();
    assert_eq!(pragma("PRAGMA query_only"), 1);
    assert_eq!(pragma("PRAGMA foreign_keys"), 1);
    let query_only = scratch.store.write(|tx| ask(tx, "PRAGMA query_only")).unwrap();
    assert_eq!(query_only, 0);
}

#[test]
fn a_read_sees_one_snapshot() {
    let scratch = Scratch::new();
    let seen = scratch.store.read::<_, Error>(|read| {
        let before = names(read)?;
        scratch.store.write(|tx| note(tx, "meanwhile"))?;
        Ok((before, names(read)?))
    });
    assert_eq!(seen.unwrap(), (vec![], vec![]));
    assert_eq!(scratch.names(), ["meanwhile"]);
}

#[test]
fn a_reader_comes_back_whatever_happened_to_it() {
    let scratch = Scratch::with(|limits| limits.readers_max = 1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        scratch.store.read::<(), Error>(|read| {
            names(read)?;
            panic!("as asked")
        })
    }));
    assert!(panicked.is_err());
    let failed = scratch.store.read::<(), _>(|_| Err(Error::NotFound("thing")));
    assert!(matches!(failed, Err(Error::NotFound("thing"))));
    // Neither pinned the snapshot it had.
    scratch.store.write(|tx| note(tx, "after")).unwrap();
    assert_eq!(scratch.names(), ["after"]);
}

#[test]
fn a_unit_that_ends_its_snapshot_spoils_nothing_for_the_next() {
    let scratch = Scratch::with(|limits| limits.readers_max = 1);
    let told = scratch.store.read(|read| read.maybe("BEGIN", [], |_| Ok(())));
    assert!(told.is_err(), "a transaction inside one");
    scratch.store.read(|read| read.maybe("COMMIT", [], |_| Ok(()))).unwrap();
    assert_eq!(scratch.names(), [""; 0]);
}

#[test]
fn who_finds_no_reader_is_told_so() {
    let scratch = Scratch::with(|limits| {
        limits.readers_max = 1;
        limits.reader_wait = Duration::from_millis(30);
    });
    let (entered, release) = (Stop::default(), Stop::default());
    let (told, heard) = (entered.clone(), release.clone());
    let holder = scratch.spawn(move |store| {
        store.read::<_, Error>(|_| {
            told.stop();
            heard.wait(PATIENCE);
            Ok(())
        })
    });
    assert!(entered.wait(PATIENCE));
    let refused = scratch.store.read(names);
    assert!(matches!(refused, Err(Error::Unavailable(Unavailable::Busy))), "{refused:?}");
    // The writer needs no reader.
    scratch.store.write(|tx| note(tx, "written")).unwrap();
    release.stop();
    holder.join().unwrap().unwrap();
    assert_eq!(scratch.names(), ["written"]);
}
