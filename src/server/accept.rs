//! The thread that accepts connections. It outlives every fault: without descriptors, memory or threads
//! it makes room and tries again.

use super::connection::{self, turn_away};
use super::crew::{Crew, Serve};
use super::registry::{Registry, Seat};
use crate::config::Limits;
use crate::http::Service;
use rustix::event::{PollFd, PollFlags, poll};
use std::io::{self, ErrorKind, PipeReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

/// Accepts until it is woken.
pub(super) struct Acceptor {
    /// Does not block, so that a client that has left again blocks nobody.
    pub(super) listener: TcpListener,
    /// Ends when the server is to stop.
    pub(super) wake: PipeReader,
    pub(super) registry: Arc<Registry>,
    pub(super) crew: Arc<Crew>,
    pub(super) service: Arc<dyn Service>,
    pub(super) limits: Limits,
}

impl Acceptor {
    pub(super) fn run(self) {
        let serve = self.serve();
        while self.wait() {
            match self.listener.accept() {
                Ok((stream, peer)) => self.welcome(stream, peer, &serve),
                Err(fault) => match fault.kind() {
                    ErrorKind::WouldBlock
                    | ErrorKind::Interrupted
                    | ErrorKind::ConnectionAborted => {}
                    _ => self.recover(&fault),
                },
            }
        }
    }

    fn serve(&self) -> Arc<Serve> {
        let registry = Arc::clone(&self.registry);
        let service = Arc::clone(&self.service);
        let limits = self.limits.clone();
        Arc::new(move |seat: &Seat| {
            connection::serve(&seat.slot, &registry, &*service, &limits);
        })
    }

    /// Waits for a connection; false if the server is to stop.
    fn wait(&self) -> bool {
        let mut watched =
            [PollFd::new(&self.wake, PollFlags::IN), PollFd::new(&self.listener, PollFlags::IN)];
        match poll(&mut watched, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(fault) => self.recover(&fault.into()),
        }
        let [wake, _] = watched;
        wake.revents().is_empty()
    }

    fn welcome(&self, stream: TcpStream, peer: SocketAddr, serve: &Arc<Serve>) {
        // Not every system lets an accepted socket block when its listener does not.
        let prepared = stream.set_nonblocking(false).and_then(|()| stream.set_nodelay(true));
        if let Err(fault) = prepared {
            tracing::debug!(%fault, "left before it was served");
            return;
        }
        let seat = match self.registry.admit(stream, peer.ip()) {
            Ok(seat) => seat,
            Err(stream) => {
                tracing::warn!("turned away: every connection is busy");
                return turn_away(&stream, &*self.service);
            }
        };
        let slot = Arc::clone(&seat.slot);
        if let Err(fault) = self.crew.take_on(seat, serve) {
            turn_away(&slot.stream, &*self.service);
            self.recover(&fault);
        }
    }

    /// Descriptors, memory or threads have run out: an idle or slow connection gives back its own.
    fn recover(&self, fault: &io::Error) {
        tracing::warn!(%fault, "accepting is held up");
        self.registry.spare_one(self.limits.accept_pause);
    }
}
