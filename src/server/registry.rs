//! Who is connected, and what each connection is doing since when. Holds the two promises that need a
//! view of all of them: deadlines are total, whatever trickles in meanwhile, and a new connection finds
//! room as long as any other is idle or slow.
//!
//! A connection's thread announces its phases with one atomic store each, so the way of a request takes
//! no lock and no timer. Ending a connection from outside is a compare-and-swap on what was seen, then a
//! shutdown of the socket, which wakes the thread: a request that has just been taken on is never cut
//! off by a decision made about the idle connection before it.

use crate::clock::Instant;
use crate::config::Limits;
use parking_lot::{Condvar, Mutex};
use std::collections::BTreeMap;
use std::net::{IpAddr, Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Between two looks for a connection that can make room.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Waiting for the first byte of a request.
    Idle,
    /// A part of a head has come.
    Head,
    /// The head is complete, the body is not.
    Body,
    /// In a handler.
    Handling,
    /// A reply is being sent.
    Writing,
    /// The last reply has been sent; the client is given time to read it.
    Lingering,
    /// Ended from outside.
    Over,
}

impl Phase {
    const BITS: u32 = 3;

    const fn of(state: u64) -> Self {
        match state & ((1 << Self::BITS) - 1) {
            0 => Self::Idle,
            1 => Self::Head,
            2 => Self::Body,
            3 => Self::Handling,
            4 => Self::Writing,
            5 => Self::Lingering,
            _ => Self::Over,
        }
    }

    /// Who makes room first, among those of one rank the one that is at it the longest. A connection that
    /// has just been made is not idle yet: else the next one would push it out, and not the slow ones.
    /// Nobody loses a place while a handler works for them.
    const fn rank(self, is_slow: bool) -> Option<u8> {
        match (self, is_slow) {
            (Self::Lingering, _) => Some(0),
            (Self::Idle, true) => Some(1),
            (Self::Idle | Self::Head | Self::Body, _) => Some(2),
            (Self::Writing, true) => Some(3),
            (Self::Writing, false) | (Self::Handling | Self::Over, _) => None,
        }
    }

    /// Reading ends so that a 408 can still be sent; a reply that is not taken can only be cut off.
    const fn ends_by(self) -> Shutdown {
        match self {
            Self::Idle | Self::Head | Self::Body => Shutdown::Read,
            Self::Handling | Self::Writing | Self::Lingering | Self::Over => Shutdown::Both,
        }
    }
}

/// One connection, shared by its thread and the registry.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) stream: TcpStream,
    pub(super) peer: IpAddr,
    /// Microseconds since `epoch`, then the phase in the lowest bits.
    state: AtomicU64,
    epoch: Instant,
}

impl Slot {
    /// Announces a new phase; false if the connection was ended from outside.
    #[must_use]
    pub(super) fn enter(&self, phase: Phase) -> bool {
        let next = stamp(self.epoch, phase);
        self.state
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |seen| {
                (Phase::of(seen) != Phase::Over).then_some(next)
            })
            .is_ok()
    }

    /// Whether the connection was ended from outside.
    pub(super) fn is_over(&self) -> bool {
        Phase::of(self.state.load(Ordering::SeqCst)) == Phase::Over
    }

    /// Ends the connection if it is still in the state that was `seen`.
    fn end(&self, seen: u64) {
        let over = stamp(self.epoch, Phase::Over);
        if self.state.compare_exchange(seen, over, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            let phase = Phase::of(seen);
            tracing::debug!(?phase, "connection ended by the server");
            if let Err(fault) = self.stream.shutdown(phase.ends_by()) {
                // The peer has gone already: the thread sees that too.
                tracing::trace!(%fault, "shutdown");
            }
        }
    }
}

fn stamp(epoch: Instant, phase: Phase) -> u64 {
    (micros(epoch.elapsed()) << Phase::BITS) | phase as u64
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX >> Phase::BITS)
}

/// A connection that has its place in the registry. The fields are dropped in this order, so the
/// descriptor is free by the time the place is.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) slot: Arc<Slot>,
    _place: Place,
}

/// A place in the registry; given back when dropped.
#[derive(Debug)]
struct Place {
    registry: Arc<Registry>,
    id: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        let left = self.registry.live.lock().slots.remove(&self.id);
        drop(left);
        self.registry.freed.notify_all();
    }
}

/// Every live connection of one server.
#[derive(Debug)]
pub(super) struct Registry {
    limits: Limits,
    epoch: Instant,
    live: Mutex<Live>,
    freed: Condvar,
    draining: AtomicBool,
}

#[derive(Debug, Default)]
struct Live {
    slots: BTreeMap<u64, Arc<Slot>>,
    next_id: u64,
}

impl Registry {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            epoch: Instant::now(),
            live: Mutex::default(),
            freed: Condvar::new(),
            draining: AtomicBool::new(false),
        }
    }

    /// Gives a new connection its place, at the cost of an idle or slow one if there is none free. The
    /// stream comes back if every place is in a handler and stays so for `admission_wait`.
    pub(super) fn admit(
        self: &Arc<Self>,
        stream: TcpStream,
        peer: IpAddr,
    ) -> Result<Seat, TcpStream> {
        let until = Instant::now() + self.limits.admission_wait;
        let mut live = self.live.lock();
        while live.slots.len() >= self.limits.connections_max {
            if until <= Instant::now() {
                return Err(stream);
            }
            self.make_room(&live);
            // Looks again soon: a handler that is done makes its connection idle without a word.
            self.freed.wait_for(&mut live, LOOK_AGAIN);
        }
        let state = AtomicU64::new(stamp(self.epoch, Phase::Idle));
        let slot = Arc::new(Slot { stream, peer, state, epoch: self.epoch });
        let id = live.next_id;
        live.next_id += 1;
        live.slots.insert(id, Arc::clone(&slot));
        Ok(Seat { slot, _place: Place { registry: Arc::clone(self), id } })
    }

    /// Ends the connection that can best be spared, for its descriptor, and waits until one has ended,
    /// but no longer than `span`.
    pub(super) fn spare_one(&self, span: Duration) {
        let mut live = self.live.lock();
        self.make_room(&live);
        self.freed.wait_for(&mut live, span);
    }

    /// Ends one connection, unless one that was ended before has still to leave.
    fn make_room(&self, live: &Live) {
        let slow_after = micros(self.limits.slow_after);
        let now = micros(self.epoch.elapsed());
        let mut victim: Option<(u8, u64, &Slot)> = None;
        for slot in live.slots.values() {
            let seen = slot.state.load(Ordering::SeqCst);
            let (phase, since) = (Phase::of(seen), seen >> Phase::BITS);
            if phase == Phase::Over {
                return;
            }
            let Some(rank) = phase.rank(since + slow_after <= now) else { continue };
            if victim
                .is_none_or(|(best, longest, _)| (rank, since) < (best, longest >> Phase::BITS))
            {
                victim = Some((rank, seen, slot));
            }
        }
        if let Some((_, seen, slot)) = victim {
            slot.end(seen);
        }
    }

    /// Ends every connection that is past its deadline; returns how long none can be.
    pub(super) fn sweep(&self) -> Duration {
        /// Between two sweeps, however short the deadlines are.
        const PAUSE_MIN: Duration = Duration::from_millis(5);
        let limits = &self.limits;
        let mut pause = limits
            .head_deadline
            .min(limits.body_deadline)
            .min(limits.idle_deadline)
            .min(limits.write_deadline)
            .min(limits.linger_deadline);
        let now = micros(self.epoch.elapsed());
        for slot in self.live.lock().slots.values() {
            let seen = slot.state.load(Ordering::SeqCst);
            let Some(deadline) = self.deadline(Phase::of(seen)) else { continue };
            let due = (seen >> Phase::BITS).saturating_add(micros(deadline));
            if due <= now {
                slot.end(seen);
            } else {
                pause = pause.min(Duration::from_micros(due - now));
            }
        }
        pause.max(PAUSE_MIN)
    }

    const fn deadline(&self, phase: Phase) -> Option<Duration> {
        match phase {
            Phase::Idle => Some(self.limits.idle_deadline),
            Phase::Head => Some(self.limits.head_deadline),
            Phase::Body => Some(self.limits.body_deadline),
            Phase::Writing => Some(self.limits.write_deadline),
            Phase::Lingering => Some(self.limits.linger_deadline),
            Phase::Handling | Phase::Over => None,
        }
    }

    /// From now on connections end with their reply; idle ones end at once.
    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
        self.end_all(|phase| phase == Phase::Idle);
    }

    /// Ends what is left.
    pub(super) fn abort(&self) {
        self.end_all(|_| true);
    }

    fn end_all(&self, matches: fn(Phase) -> bool) {
        for slot in self.live.lock().slots.values() {
            let seen = slot.state.load(Ordering::SeqCst);
            if matches(Phase::of(seen)) {
                slot.end(seen);
            }
        }
    }

    /// Whether connections end with their reply.
    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// Connections that are somewhere between the first byte of a request and the last of its reply.
    pub(super) fn in_flight(&self) -> usize {
        let at_work = |slot: &Arc<Slot>| {
            let phase = Phase::of(slot.state.load(Ordering::SeqCst));
            matches!(phase, Phase::Head | Phase::Body | Phase::Handling | Phase::Writing)
        };
        self.live.lock().slots.values().filter(|slot| at_work(slot)).count()
    }

    /// How many connections there are.
    pub(super) fn connections(&self) -> usize {
        self.live.lock().slots.len()
    }
}
