use super::fixture::{PATIENCE, Scratch, break_at_commit, names, note};
use cardinal::error::{Error, Result};
use cardinal::store::Tx;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Barrier, mpsc::Sender};
use std::thread::Builder;

const MATES: usize = 24;

/// What becomes of the unit with this number.
fn unit(tx: &Tx<'_>, n: usize) -> Result<usize> {
    note(tx, &format!("unit-{n:02}"))?;
    match n % 4 {
        1 => Err(Error::NotFound("what was asked")),
        3 => panic!("unit {n} panics as asked"),
        _ => Ok(n),
    }
}

fn kept() -> Vec<String> {
    (0..MATES).filter(|n| n % 2 == 0).map(|n| format!("unit-{n:02}")).collect()
}

#[test]
fn a_failing_unit_leaves_its_batch_mates() {
    let scratch = Scratch::patient(|_| {});
    let before = scratch.store.writer_figures();
    let hold = scratch.hold();
    let units: Vec<_> = (0..MATES).map(|n| scratch.queue(move |tx| unit(tx, n))).collect();
    hold.let_go();
    for (n, thread) in units.into_iter().enumerate() {
        match (n % 4, thread.join()) {
            (1, Ok(told)) => assert!(matches!(told, Err(Error::NotFound("what was asked")))),
            (3, Err(panic)) => {
                let message = panic.downcast_ref::<String>().unwrap();
                assert_eq!(*message, format!("unit {n} panics as asked"));
            }
            (_, told) => assert_eq!(told.unwrap().unwrap(), n),
        }
    }
    assert_eq!(scratch.names(), kept());
    let after = scratch.store.writer_figures();
    assert_eq!(after.commits - before.commits, 1, "they were to be one batch");
    assert_eq!(after.units - before.units, MATES as u64 + 1);
}

#[test]
fn so_it_is_with_many_threads_and_no_order() {
    let scratch = Scratch::new();
    let start = Arc::new(Barrier::new(MATES));
    let units: Vec<_> = (0..MATES)
        .map(|n| {
            let start = Arc::clone(&start);
            scratch.spawn(move |store| {
                start.wait();
                store.write(move |tx| unit(tx, n))
            })
        })
        .collect();
    for (n, thread) in units.into_iter().enumerate() {
        match (n % 4, thread.join()) {
            (1, Ok(told)) => assert!(told.is_err()),
            (3, told) => assert!(told.is_err()),
            (_, told) => assert_eq!(told.unwrap().unwrap(), n),
        }
    }
    assert_eq!(scratch.names(), kept());
}

#[test]
fn a_lone_unit_that_fails_or_panics_leaves_nothing() {
    let scratch = Scratch::new();
    let failed = scratch.store.write(|tx| unit(tx, 1));
    assert!(matches!(failed, Err(Error::NotFound("what was asked"))), "{failed:?}");
    let panicked = catch_unwind(AssertUnwindSafe(|| scratch.store.write(|tx| unit(tx, 3))));
    let message = panicked.unwrap_err();
    assert_eq!(message.downcast_ref::<String>().unwrap(), "unit 3 panics as asked");
    let refused = scratch.store.write(break_at_commit);
    assert!(matches!(refused, Err(Error::Internal(_))), "{refused:?}");
    assert_eq!(scratch.names(), [""; 0]);
    scratch.store.write(|tx| note(tx, "after")).unwrap();
    assert_eq!(scratch.names(), ["after"]);
}

#[test]
fn a_unit_that_spoils_the_commit_fails_alone() {
    let scratch = Scratch::patient(|_| {});
    let before = scratch.store.writer_figures().commits;
    let runs = Arc::new(AtomicU32::new(0));
    let hold = scratch.hold();
    let units: Vec<_> = (0..9)
        .map(|n| {
            let runs = Arc::clone(&runs);
            scratch.queue(move |tx| {
                runs.fetch_add(1, Ordering::Relaxed);
                note(tx, &format!("unit-{n:02}"))?;
                if n % 3 == 1 { break_at_commit(tx) } else { Ok(()) }
            })
        })
        .collect();
    hold.let_go();
    for (n, thread) in units.into_iter().enumerate() {
        let told = thread.join().unwrap();
        assert_eq!(told.is_err(), n % 3 == 1, "unit {n}: {told:?}");
        assert!(!matches!(told, Err(Error::Unavailable(_))), "unit {n}: {told:?}");
    }
    let good = ["unit-00", "unit-02", "unit-03", "unit-05", "unit-06", "unit-08"];
    assert_eq!(scratch.names(), good);
    // The batch was run, refused at COMMIT, and run again unit by unit: the one that held it, and the six.
    assert_eq!(runs.load(Ordering::Relaxed), 18);
    assert_eq!(scratch.store.writer_figures().commits - before, 7);
}

#[test]
fn a_refusal_is_not_told_that_rested_on_what_did_not_commit() {
    let scratch = Scratch::patient(|_| {});
    let hold = scratch.hold();
    let doomed = scratch.queue(|tx| {
        note(tx, "taken")?;
        break_at_commit(tx)
    });
    // In the batch it meets the name of its mate, which is gone when the commit has been refused.
    let refused = scratch.queue(|tx| {
        if names(tx)?.iter().any(|name| name == "taken") {
            return Err(Error::conflict("taken", "the name is taken"));
        }
        note(tx, "free")
    });
    hold.let_go();
    assert!(doomed.join().unwrap().is_err());
    refused.join().unwrap().unwrap();
    assert_eq!(scratch.names(), ["free"]);
}

#[test]
fn a_unit_is_answered_after_its_commit_only() {
    let scratch = Scratch::patient(|_| {});
    let hold = scratch.hold();
    let (told, heard) = channel();
    let work = |tx: &Tx<'_>, told: &Sender<()>| {
        note(tx, "first")?;
        told.send(()).map_err(Error::internal)
    };
    let first = scratch.queue(move |tx| work(tx, &told));
    let (entered, waiting) = channel();
    let (release, released) = channel::<()>();
    let released = parking_lot::Mutex::new(released);
    let second = scratch.queue(move |_| {
        entered.send(()).map_err(Error::internal)?;
        released.lock().recv_timeout(PATIENCE).map_err(Error::internal)
    });
    let releasing = Builder::new().spawn(move || hold.let_go()).unwrap();
    heard.recv_timeout(PATIENCE).unwrap();
    waiting.recv_timeout(PATIENCE).unwrap();
    // The first unit is done, the batch is not: nobody sees it, and its caller waits.
    assert_eq!(scratch.names(), [""; 0]);
    assert!(!first.is_finished());
    release.send(()).unwrap();
    first.join().unwrap().unwrap();
    assert_eq!(scratch.names(), ["first"]);
    second.join().unwrap().unwrap();
    releasing.join().unwrap();
}

#[test]
fn units_run_in_order_of_arrival_and_see_one_another() {
    let scratch = Scratch::patient(|limits| limits.batch_units_max = 3);
    let before = scratch.store.writer_figures().commits;
    let hold = scratch.hold();
    let units: Vec<_> = (0..7)
        .map(|n| {
            scratch.queue(move |tx| {
                note(tx, &format!("unit-{n}"))?;
                names(tx)
            })
        })
        .collect();
    hold.let_go();
    for (n, thread) in units.into_iter().enumerate() {
        let seen = thread.join().unwrap().unwrap();
        assert_eq!(seen, (0..=n).map(|n| format!("unit-{n}")).collect::<Vec<_>>());
    }
    // Eight units in batches of three.
    assert_eq!(scratch.store.writer_figures().commits - before, 3);
}

#[test]
fn all_of_a_unit_has_one_time_and_time_never_runs_back() {
    let scratch = Scratch::new();
    let mut last = 0;
    for _ in 0..50 {
        let (first, second) =
            scratch.store.write::<_, Error, _>(|tx| Ok((tx.now(), tx.now()))).unwrap();
        assert_eq!(first, second);
        assert!(first.0 >= last);
        last = first.0;
    }
}

#[test]
fn a_unit_that_lost_its_transaction_can_do_nothing_more() {
    let scratch = Scratch::new();
    // SQLite does this by itself when the disk is full; what came after would be on its own.
    let told = scratch.store.write(|tx| {
        note(tx, "before")?;
        tx.change("ROLLBACK", [])?.any();
        let after = note(tx, "after");
        assert!(after.is_err(), "a statement outside every transaction");
        let after = tx.changed(
            "INSERT INTO settings(name, value) VALUES ('b', x'00') RETURNING 1",
            [],
            |_| Ok(()),
        );
        assert!(after.is_err(), "a statement outside every transaction");
        Ok::<_, Error>(())
    });
    assert!(matches!(told, Err(Error::Unavailable(_))), "{told:?}");
    assert_eq!(scratch.names(), [""; 0]);
    scratch.store.write(|tx| note(tx, "next")).unwrap();
    assert_eq!(scratch.names(), ["next"]);
}
