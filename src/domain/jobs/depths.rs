//! How much work there is in each queue.

use crate::clock::Millis;
use crate::error::Result;
use crate::store::{Read, params};
use std::collections::BTreeMap;

/// The work in a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    /// Jobs that are due and that nobody has.
    pub due: i64,
    /// Jobs that are due later.
    pub scheduled: i64,
    /// Jobs that a worker has.
    pub running: i64,
    /// Jobs that were given up and are kept.
    pub dead: i64,
    /// Since when the one that has been due longest is.
    pub oldest_due: Option<Millis>,
}

/// All queues with open or dead jobs, by name. Goes through the indexes of those, not through what is done.
pub fn depths(read: &Read<'_>) -> Result<BTreeMap<String, Depth>> {
    let mut depths: BTreeMap<String, Depth> = BTreeMap::new();
    // SCAN: the open jobs, by their index; by readers, for an operator.
    let waiting = read.all(
        "SELECT queue, sum(run_ms <= ?1), count(*), min(run_ms) FROM jobs
         WHERE state = 'available' GROUP BY queue",
        params![read.now()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    for (queue, due, all, first) in waiting {
        let (all, due): (i64, i64) = (all, due);
        let oldest_due = (due > 0).then_some(first);
        let depth = Depth { due, scheduled: all - due, oldest_due, ..Depth::default() };
        depths.insert(queue, depth);
    }
    // SCAN: the leases, by their index.
    let running = read.all(
        "SELECT queue, count(*) FROM jobs WHERE state = 'running' GROUP BY queue",
        params![],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (queue, count) in running {
        depths.entry(queue).or_default().running = count;
    }
    let dead = read.all(
        "SELECT queue, count(*) FROM jobs WHERE state = 'dead' AND finished_ms IS NOT NULL
         GROUP BY queue",
        params![],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (queue, count) in dead {
        depths.entry(queue).or_default().dead = count;
    }
    Ok(depths)
}
