use super::fixture::Scratch;
use cardinal::clock::Clock;
use cardinal::config::{Config, Synchronous};
use cardinal::error::Error;
use cardinal::store::schema::{APPLICATION_ID, SCHEMA_VERSION};
use cardinal::store::{DATABASE, Read, Store};
use rusqlite::Connection;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Barrier;

fn open(dir: &Path) -> Result<Store, Error> {
    Store::open(&Config::new(dir), Clock::system())
}

fn refusal(dir: &Path) -> String {
    open(dir).map_or_else(|fault| fault.to_string(), |_| "it was opened".to_owned())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

/// The bytes of a file, and who may read it.
fn state(path: &Path) -> (Vec<u8>, u32) {
    (fs::read(path).unwrap(), mode(path))
}

#[test]
fn a_file_of_another_program_is_refused_and_left_alone() {
    type Make = fn(&Path);
    let make: [(&str, Make); 4] = [
        ("no database", |path| {
            fs::write(path, "a text, much longer than a header is".repeat(99)).unwrap();
        }),
        ("nobody's database", |path| {
            Connection::open(path).unwrap().execute_batch("CREATE TABLE t(a)").unwrap();
        }),
        ("another program's", |path| {
            let sql = "PRAGMA application_id = 7; CREATE TABLE t(a)";
            Connection::open(path).unwrap().execute_batch(sql).unwrap();
        }),
        ("another program's, in our version", |path| {
            let sql = "PRAGMA application_id = 7; PRAGMA user_version = 1; CREATE TABLE t(a)";
            Connection::open(path).unwrap().execute_batch(sql).unwrap();
        }),
    ];
    for (what, make) in make {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(DATABASE);
        make(&path);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let before = state(&path);
        let told = refusal(dir.path());
        assert!(told.contains("not a database of cardinal"), "{what}: {told}");
        assert!(told.contains("cardinal.db"), "{what}: {told}");
        assert!(state(&path) == before, "{what} was changed");
    }
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let scratch = Scratch::new();
    scratch.store.close().unwrap();
    let newer = format!("PRAGMA user_version = {}", SCHEMA_VERSION + 1);
    scratch.stranger().execute_batch(&newer).unwrap();
    let before = state(&scratch.path());
    let told = refusal(scratch.dir.path());
    assert!(told.contains("use a newer cardinal"), "{told}");
    assert!(state(&scratch.path()) == before);
}

#[test]
fn a_database_without_the_write_ahead_log_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    let other = Connection::open(dir.path().join(DATABASE)).unwrap();
    other.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
    let told = refusal(dir.path());
    assert!(told.contains("not in WAL mode"), "{told}");
}

#[test]
fn nobody_else_can_read_what_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("a/b");
    let store = open(&data).unwrap();
    drop(cardinal::store::ServeLock::take(&data).unwrap().unwrap());
    for made in [dir.path().join("a"), data.clone()] {
        assert_eq!(mode(&made), 0o700, "{}", made.display());
    }
    let mut seen = 0;
    for file in fs::read_dir(&data).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, 4, "the database, its log, its index, the lock");
    drop(store);
}

#[test]
fn of_many_who_open_an_empty_folder_one_lays_the_schema_down() {
    for _ in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let (data, start) = (dir.path().join("data"), Barrier::new(8));
        let stores: Vec<Store> = std::thread::scope(|scope| {
            let open = || {
                start.wait();
                open(&data)
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
        });
        let sql = "SELECT count(*) FROM tiers";
        let tiers = |read: &Read<'_>| read.one(sql, [], |row| row.get::<_, i64>(0));
        for store in &stores {
            assert_eq!(store.read(tiers).unwrap(), 3_i64);
        }
    }
}

#[test]
fn every_setting_stands() {
    let dir = tempfile::tempdir().unwrap();
    for (asked, synchronous) in [(Synchronous::Full, 2), (Synchronous::Normal, 1)] {
        let mut config = Config::new(dir.path());
        config.synchronous = asked;
        let store = Store::open(&config, Clock::system()).unwrap();
        let expected = [
            ("application_id", i64::from(APPLICATION_ID)),
            ("user_version", i64::from(SCHEMA_VERSION)),
            ("busy_timeout", 2_000),
            ("foreign_keys", 1),
            ("recursive_triggers", 1),
            ("trusted_schema", 0),
            ("cell_size_check", 1),
            ("temp_store", 2),
            ("mmap_size", 0),
            ("wal_autocheckpoint", 0),
            ("page_size", 4_096),
        ];
        for (name, value) in expected {
            let sql = format!("PRAGMA {name}");
            let read = store.read(|read| read.one(&sql, [], |row| row.get::<_, i64>(0))).unwrap();
            assert_eq!(read, value, "a reader's {name}");
            let written = store.write(move |tx| tx.one(&sql, [], |row| row.get::<_, i64>(0)));
            assert_eq!(written.unwrap(), value, "the writer's {name}");
        }
        let stands = store.write(|tx| tx.one("PRAGMA synchronous", [], |row| row.get::<_, i64>(0)));
        assert_eq!(stands.unwrap(), synchronous);
        let other = Connection::open(dir.path().join(DATABASE)).unwrap();
        let journal = other.query_row("PRAGMA journal_mode", [], |row| row.get::<_, String>(0));
        assert_eq!(journal.unwrap(), "wal");
        // A name in double quotes is no text.
        assert!(store.read(|read| read.one("SELECT \"x\"", [], |_| Ok(()))).is_err());
    }
}

#[test]
fn the_sqlite_in_use_has_no_wal_reset_race() {
    assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
}
