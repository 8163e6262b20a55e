use super::fixture::{Scratch, eventually, note};
use cardinal::clock::{Clock, Instant};
use cardinal::error::{Error, Result, Unavailable};
use cardinal::store::Store;
use std::time::Duration;

fn is_busy<T>(told: &Result<T>) -> bool {
    matches!(told, Err(Error::Unavailable(Unavailable::Busy)))
}

fn is_draining<T>(told: &Result<T>) -> bool {
    matches!(told, Err(Error::Unavailable(Unavailable::Draining)))
}

#[test]
fn a_full_queue_says_so_and_takes_units_again() {
    let scratch = Scratch::with(|limits| limits.write_queue_max = 3);
    let hold = scratch.hold();
    let waiting: Vec<_> =
        (0..3).map(|n| scratch.queue(move |tx| note(tx, &format!("unit-{n}")))).collect();
    let refused = scratch.store.write(|tx| note(tx, "one too many"));
    assert!(is_busy(&refused), "{refused:?}");
    assert_eq!(scratch.store.queue_depth(), 3);
    hold.let_go();
    for unit in waiting {
        unit.join().unwrap().unwrap();
    }
    scratch.store.write(|tx| note(tx, "unit-3")).unwrap();
    assert_eq!(scratch.names(), ["unit-0", "unit-1", "unit-2", "unit-3"]);
    assert_eq!(scratch.store.queue_depth(), 0);
}

#[test]
fn closing_drains_the_queue_and_takes_no_more() {
    let scratch = Scratch::with(|limits| limits.write_queue_max = 5);
    let hold = scratch.hold();
    let waiting: Vec<_> =
        (0..5).map(|n| scratch.queue(move |tx| note(tx, &format!("unit-{n}")))).collect();
    let closing = scratch.spawn(Store::close);
    // Before the door is shut the queue is full, so that this probe is never queued.
    eventually("the door to shut", || is_draining(&scratch.store.write(|tx| note(tx, "late"))));
    hold.let_go();
    for unit in waiting {
        unit.join().unwrap().unwrap();
    }
    closing.join().unwrap().unwrap();
    assert!(is_draining(&scratch.store.write(|tx| note(tx, "later"))));
    assert_eq!(scratch.log_bytes(), 0, "the log was to be copied into the database");
    scratch.store.close().unwrap();

    let again = Store::open(&scratch.config, Clock::system()).unwrap();
    let names = again.read(super::fixture::names).unwrap();
    assert_eq!(names, ["unit-0", "unit-1", "unit-2", "unit-3", "unit-4"]);
}

#[test]
fn whoever_writes_while_it_closes_is_told_the_truth() {
    for round in 0..20 {
        let scratch = Scratch::new();
        let writers: Vec<_> = (0..4)
            .map(|w| {
                scratch.spawn(move |store| {
                    (0..200)
                        .map(|n| format!("{w}-{n:03}"))
                        .take_while(|name| {
                            let name = name.clone();
                            let told = store.write(move |tx| note(tx, &name));
                            assert!(told.is_ok() || is_draining(&told), "{told:?}");
                            told.is_ok()
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        eventually("some units", || scratch.store.writer_figures().units > round * 5);
        scratch.store.close().unwrap();
        let mut told: Vec<String> =
            writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
        told.sort();
        let again = Store::open(&scratch.config, Clock::system()).unwrap();
        assert_eq!(again.read(super::fixture::names).unwrap(), told);
    }
}

#[test]
fn closing_does_not_wait_for_the_readers_of_others() {
    let scratch = Scratch::new();
    scratch.store.write(|tx| note(tx, "a")).unwrap();
    let stranger = scratch.stranger();
    let read =
        || stranger.query_row("SELECT count(*) FROM settings", [], |row| row.get::<_, i64>(0));
    stranger.execute_batch("BEGIN").unwrap();
    assert_eq!(read().unwrap(), 1);
    scratch.store.write(|tx| note(tx, "b")).unwrap();
    let begun = Instant::now();
    scratch.store.close().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(read().unwrap(), 1, "its snapshot stands");
    stranger.execute_batch("COMMIT").unwrap();
    assert_eq!(read().unwrap(), 2);
}
