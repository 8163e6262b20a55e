//! What the tests of the HTTP API share: a client whose every reply is checked against the published
//! document, assertions, and callers that begin at the same moment.

pub(crate) mod conformance;
pub(crate) mod browser;
pub(crate) mod caller;
pub(crate) mod checks;
pub(crate) mod exposition;
pub(crate) mod forms;
pub(crate) mod receiver;
pub(crate) mod smtp;

pub(crate) use browser::Browser;
pub(crate) use caller::Api;
pub(crate) use checks::{card, expect, faults, ok};
pub(crate) use forms::Form;

use std::sync::Barrier;

/// Runs `work` in `count` threads that begin at the same moment; their results in order.
pub(crate) fn together<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (start, work) = (&Barrier::new(count), &work);
    std::thread::scope(|scope| {
        let run = |n| {
            move || {
                start.wait();
                work(n)
            }
        };
        let threads: Vec<_> = (0..count).map(|n| scope.spawn(run(n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
