//! The incoming side of a connection: bytes that were read and not yet used, and the one place that
//! reads more. What is left after one request is the beginning of the next (pipelining).

use super::refusal::Refusal;
use super::registry::{Phase, Slot};
use std::io::{self, Read, Write};

/// Why a request did not become complete.
#[derive(Debug)]
pub(super) enum Broken {
    /// The client left, or never sent anything: nobody waits for a reply.
    Gone,
    /// The client has ended its side in the middle of a request.
    Truncated,
    /// A deadline has passed, or the place was needed for someone faster.
    Overdue,
    /// It is against the rules or the limits.
    Refused(Refusal),
}

impl From<Refusal> for Broken {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The incoming side of a connection.
#[derive(Debug)]
pub(super) struct Wire<'a> {
    pub(super) slot: &'a Slot,
    /// Storage; only `start..end` means anything.
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

/// Most requests fit; an idle connection holds no more than this.
const ROOM: usize = 4 * 1_024;

impl<'a> Wire<'a> {
    pub(super) fn new(slot: &'a Slot) -> Self {
        Self { slot, bytes: vec![0; ROOM], start: 0, end: 0 }
    }

    /// What was read and not yet used.
    pub(super) fn pending(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Marks the first `count` pending bytes as used.
    pub(super) fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Announces a phase; fails if the connection was ended from outside.
    pub(super) fn enter(&self, phase: Phase) -> Result<(), Broken> {
        if self.slot.enter(phase) { Ok(()) } else { Err(Broken::Overdue) }
    }

    /// Reads once, whatever there is.
    pub(super) fn fill(&mut self) -> Result<(), Broken> {
        if self.end == self.bytes.len() {
            self.make_room();
        }
        let room = self.bytes.get_mut(self.end..).unwrap_or_default();
        let read = read(self.slot, room);
        // Linux hands out what comes in after a shutdown, too: the phase decides, not the read.
        if self.slot.is_over() {
            return Err(Broken::Overdue);
        }
        match read {
            Ok(0) if self.start == self.end => Err(Broken::Gone),
            Ok(0) => Err(Broken::Truncated),
            Ok(count) => {
                self.end += count;
                Ok(())
            }
            Err(fault) => {
                tracing::debug!(%fault, "read");
                Err(Broken::Gone)
            }
        }
    }

    /// Appends exactly `count` bytes of the stream to `body`, which grows as they come.
    pub(super) fn read_exact(&mut self, body: &mut Vec<u8>, count: usize) -> Result<(), Broken> {
        let ready = self.pending().get(..count).unwrap_or_else(|| self.pending());
        body.extend_from_slice(ready);
        let missing = count - ready.len();
        self.consume(count - missing);
        if missing == 0 {
            return Ok(());
        }
        body.reserve(missing.min(ROOM));
        let limit = u64::try_from(missing).unwrap_or(u64::MAX);
        let read = (&self.slot.stream).take(limit).read_to_end(body);
        if self.slot.is_over() {
            return Err(Broken::Overdue);
        }
        match read {
            Ok(count) if count == missing => Ok(()),
            Ok(_) => Err(Broken::Truncated),
            Err(fault) => {
                tracing::debug!(%fault, "read");
                Err(Broken::Gone)
            }
        }
    }

    /// Sends an interim reply. It counts as a write, since a client that does not read could block it.
    pub(super) fn send(&self, bytes: &[u8]) -> Result<(), Broken> {
        self.enter(Phase::Writing)?;
        (&self.slot.stream).write_all(bytes).map_err(|fault| {
            tracing::debug!(%fault, "write");
            Broken::Gone
        })
    }

    /// Gives back what one large head took.
    pub(super) fn shrink(&mut self) {
        if self.bytes.len() > ROOM && self.start == self.end {
            self.bytes = vec![0; ROOM];
        }
    }

    fn make_room(&mut self) {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        } else {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
    }
}

/// Reads once; a signal is no reason to give up.
pub(super) fn read(slot: &Slot, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match (&slot.stream).read(room) {
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}
