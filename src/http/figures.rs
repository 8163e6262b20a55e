//! Whether the program does well, for people without Prometheus: the four figures that seed 002 asks for, with its
//! thresholds, and what whoever runs it would look at first. The same for the API and for the page.

use super::state::State;
use crate::clock::Millis;
use crate::config::MailWay;
use crate::domain::jobs::{self, Depth};
use crate::error::Result;
use crate::metrics::{Metrics, Process};
use crate::store::Read;
use std::collections::BTreeMap;
use std::time::Duration;

/// How a figure should stand to its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Less than it.
    Below,
    /// More than it.
    Above,
    /// Not more than it.
    AtMost,
}
crate::domain::named!(Relation { Below => "below", Above => "above", AtMost => "at_most" });

/// A figure to watch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// `None` as long as there is nothing to measure.
    pub value: Option<f64>,
    /// How many it is measured by.
    pub of: u64,
    /// How it should stand to the threshold.
    pub relation: Relation,
    /// The threshold.
    pub threshold: f64,
}

impl Figure {
    /// Whether it is as it should be; it is while there is nothing to measure.
    pub fn is_ok(&self) -> bool {
        self.value.is_none_or(|value| match self.relation {
            Relation::Below => value < self.threshold,
            Relation::Above => value > self.threshold,
            Relation::AtMost => value <= self.threshold,
        })
    }
}

/// The four that seed 002 names under "Metrics to Track", since the program was started.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Changes of versioned resources that were refused for a version that was not the current one.
    pub conflict_rate: Figure,
    /// What did not succeed at once (addresses of cards, locks of the database) and did in the end.
    pub retry_success_rate: Figure,
    /// Cards that were given no address, for ten were taken.
    pub slug_failure_rate: Figure,
    /// Attempts until success, of the worse of addresses and locks.
    pub average_attempts: Figure,
}

/// How the server stands now.
#[derive(Debug, Clone)]
pub struct Health {
    /// How long it has been running.
    pub uptime: Duration,
    /// The database.
    pub database_bytes: u64,
    /// Its write-ahead log.
    pub log_bytes: u64,
    /// What is left of the disk, if that can be known.
    pub free_bytes: Option<u64>,
    /// Whether the last write found the disk full.
    pub is_disk_full: bool,
    /// The queues, by name.
    pub queues: BTreeMap<String, Depth>,
    /// Memory in use, if that can be known.
    pub resident_bytes: Option<u64>,
    /// How mail is sent.
    pub mail: MailWay,
}

impl Health {
    /// How the server stands.
    pub fn of(state: &State, read: &Read<'_>) -> Result<Self> {
        let room = state.store.room();
        Ok(Self {
            uptime: read.now().since(state.store.metrics().started),
            database_bytes: room.database_bytes,
            log_bytes: room.log_bytes,
            free_bytes: room.free_bytes,
            is_disk_full: state.store.is_full(),
            queues: jobs::depths(read)?,
            resident_bytes: Process::now().resident_bytes,
            mail: state.config.mail_way(),
        })
    }

    /// A number of all queues together.
    pub fn sum(&self, of: fn(&Depth) -> i64) -> i64 {
        self.queues.values().map(of).sum()
    }

    /// Since when the job that has been due longest is, if one is.
    pub fn oldest_due(&self) -> Option<Millis> {
        self.queues.values().filter_map(|depth| depth.oldest_due).min()
    }
}

impl Figures {
    /// The figures of a server.
    pub fn of(state: &State) -> Self {
        let Metrics { slugs, writes, .. } = state.store.metrics();
        let (mut made, mut conflicts) = (0, 0);
        for line in state.traffic.lines() {
            made += line.changes.ok.value();
            conflicts += line.changes.conflict.value();
        }
        let recovered = slugs.suffixed.value() + writes.recovered.value();
        let exhausted = slugs.exhausted.value() + writes.exhausted.value();
        // The worse of the two: transactions are so many more that they would hide the other.
        let attempts =
            [&slugs.attempts, &writes.attempts].map(|tried| (tried.sum(), tried.count()));
        let [one, other] = attempts;
        // Cross-multiplied, and nothing tried is as good as it gets.
        let is_worse = one.1 > 0 && (other.1 == 0 || one.0 * other.1 > other.0 * one.1);
        let tries = if is_worse { one } else { other };
        Self {
            conflict_rate: figure((conflicts, made + conflicts), Relation::Below, 0.01),
            retry_success_rate: figure((recovered, recovered + exhausted), Relation::Above, 0.95),
            slug_failure_rate: figure(
                (slugs.exhausted.value(), slugs.attempts.count()),
                Relation::AtMost,
                0.0,
            ),
            average_attempts: figure(tries, Relation::Below, 1.5),
        }
    }
}

fn figure((part, all): (u64, u64), relation: Relation, threshold: f64) -> Figure {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let value = (all > 0).then(|| part as f64 / all as f64);
    Figure { value, of: all, relation, threshold }
}
