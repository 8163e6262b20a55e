//! The write-ahead log stays short.

use super::fixture::{Scratch, eventually, names};
use cardinal::clock::Stop;
use cardinal::error::Error;
use cardinal::store::params;
use std::time::Duration;

const BOUND: u64 = 512 * 1_024;

#[test]
fn the_log_stays_bounded_while_it_is_written_and_read_all_the_time() {
    let scratch = Scratch::with(|limits| limits.wal_bytes_checkpoint = BOUND);
    let done = Stop::default();
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let done = done.clone();
            scratch.spawn(move |store| {
                // One snapshot after the other, each held for a while: there is always one.
                while !done.is_stopped() {
                    let held = store.read::<_, Error>(|read| {
                        names(read)?;
                        done.wait(Duration::from_millis(3));
                        Ok(())
                    });
                    held.unwrap();
                }
            })
        })
        .collect();
    let (mut longest, mut written) = (0, 0);
    while written < 24 * BOUND {
        let row = "INSERT INTO settings(name, value) VALUES (hex(randomblob(8)), zeroblob(?1))";
        scratch
            .store
            .write::<_, Error, _>(move |tx| tx.change(row, params![16_384]))
            .unwrap()
            .any();
        written += 16_384;
        longest = longest.max(scratch.log_bytes());
    }
    done.stop();
    for reader in readers {
        reader.join().unwrap();
    }
    assert!(longest < 8 * BOUND, "the log grew to {longest} bytes");
}

#[test]
fn the_log_begins_again_when_a_long_reader_has_gone() {
    let scratch = Scratch::with(|limits| limits.wal_bytes_checkpoint = BOUND);
    let row = "INSERT INTO settings(name, value) VALUES (hex(randomblob(8)), zeroblob(60000))";
    let write = || scratch.store.write::<_, Error, _>(move |tx| tx.change(row, []));
    scratch
        .store
        .read::<_, Error>(|read| {
            names(read)?;
            (0..40).try_for_each(|_| write().map(cardinal::store::Changed::any))
        })
        .unwrap();
    let frames = scratch.store.writer_figures().wal_frames;
    assert!(u64::from(frames) * 4_096 > 2 * BOUND, "a reader was to keep the log: {frames} frames");
    eventually("a log that begins again", || {
        write().unwrap().any();
        scratch.store.writer_figures().wal_frames < frames / 2
    });
}
