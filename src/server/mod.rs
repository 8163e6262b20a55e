//! Sockets and threads: the connection layer. It accepts connections itself, reads requests within the
//! limits of `config`, and hands complete ones to a [`Service`]. The only folder that names `tiny_http`,
//! whose response writer it uses, or `httparse`.
//!
//! A server has one thread that accepts (`accept`), one that ends overdue connections (`registry`), and
//! one per live connection (`crew`, `connection`). On its way a request passes `wire` (bytes), `head`,
//! `target` and `fields` (what they mean), `body`, the service, and `reply`; `refusal` lists what is said
//! to those that do not get that far. Nothing is global: a process can hold any number of servers.

mod registry;
mod crew;
mod wire;
mod refusal;
mod fields;
mod target;
mod head;
mod body;
mod reply;
mod connection;
mod accept;
mod descriptors;

pub use descriptors::raise_open_files_limit;

use crate::clock::Stop;
use crate::config::Limits;
use crate::http::Service;
use accept::Acceptor;
use crew::Crew;
use registry::Registry;
use std::io::{self, PipeWriter};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    registry: Arc<Registry>,
    crew: Arc<Crew>,
    drain_deadline: Duration,
    stop: Stop,
    /// Wakes the acceptor when it is dropped.
    wake: Option<PipeWriter>,
    acceptor: Option<JoinHandle<()>>,
    sweeper: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves `service` to whoever connects to `listener`.
    pub fn start(
        listener: TcpListener,
        service: Arc<dyn Service>,
        limits: &Limits,
    ) -> io::Result<Self> {
        // The standard library asks for a backlog of 128, which a burst overflows.
        rustix::net::listen(&listener, limits.accept_backlog_max)?;
        listener.set_nonblocking(true)?;
        let (woken, wake) = io::pipe()?;
        let mut server = Self {
            address: listener.local_addr()?,
            registry: Arc::new(Registry::new(limits)),
            crew: Arc::new(Crew::new(limits)),
            drain_deadline: limits.drain_deadline,
            stop: Stop::default(),
            wake: Some(wake),
            acceptor: None,
            sweeper: None,
        };
        let (registry, stop) = (Arc::clone(&server.registry), server.stop.clone());
        let sweep = move || while !stop.wait(registry.sweep()) {};
        server.sweeper = Some(Builder::new().name("sweeper".into()).spawn(sweep)?);
        let acceptor = Acceptor {
            listener,
            wake: woken,
            registry: Arc::clone(&server.registry),
            crew: Arc::clone(&server.crew),
            service,
            limits: limits.clone(),
        };
        let accept = move || acceptor.run();
        server.acceptor = Some(Builder::new().name("acceptor".into()).spawn(accept)?);
        Ok(server)
    }

    /// Where it listens.
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.registry.connections()
    }

    /// How many requests are being read, handled or answered.
    pub fn in_flight(&self) -> usize {
        self.registry.in_flight()
    }

    /// Stops: accepts no more, closes idle connections at once, lets requests in flight finish for
    /// `drain_deadline`, then cuts off what is left. Afterwards its threads have ended and the service is
    /// released; only a handler that never returns can outlive it.
    pub fn stop(mut self) {
        self.finish();
    }

    fn finish(&mut self) {
        /// What a connection that was cut off needs to end.
        const CUT_OFF: Duration = Duration::from_secs(1);
        if self.wake.take().is_none() {
            return;
        }
        join(self.acceptor.take());
        self.registry.drain();
        self.crew.dismiss();
        if !self.crew.wait_gone(self.drain_deadline) {
            self.registry.abort();
            if !self.crew.wait_gone(CUT_OFF) {
                tracing::warn!(left = self.connections(), "handlers are still at work");
            }
        }
        self.stop.stop();
        join(self.sweeper.take());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.finish();
    }
}

fn join(thread: Option<JoinHandle<()>>) {
    if let Some(Err(_)) = thread.map(JoinHandle::join) {
        tracing::error!("a thread of the server panicked");
    }
}
