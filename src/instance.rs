//! The whole program, running: store, application, server and worker, started and stopped in order. The
//! command line has one, a test process may have hundreds.

use crate::app::App;
use crate::clock::{Clock, Instant, Stop};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::http::state::State;
use crate::server::Server;
use crate::store::{ServeLock, Store};
use crate::worker::Worker;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// A running Cardinal. Dropping it stops it.
#[derive(Debug)]
pub struct Instance {
    state: Arc<State>,
    server: Option<Server>,
    worker: Option<Worker>,
    address: SocketAddr,
    _lock: ServeLock,
}

impl Instance {
    /// Opens the database, listens and serves. Refuses a data directory that another process serves.
    pub fn start(config: Config, clock: Clock) -> Result<Self> {
        let dir = config.data_dir.display();
        let lock = ServeLock::take(&config.data_dir)?.ok_or_else(|| {
            Error::internal(format!("{dir} is being served by another cardinal already"))
        })?;
        let listener = TcpListener::bind(config.listen).map_err(|fault| {
            Error::internal(format!("{} cannot be listened on: {fault}", config.listen))
        })?;
        let address = listener.local_addr().map_err(Error::internal)?;
        let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let limits = config.limits.clone();
        let store = Store::open_served(&config, clock, &lock)?;
        let state = Arc::new(State::new(store, config, &public_url)?);
        let app = Arc::new(App::new(Arc::clone(&state))?);
        let worker = Worker::start(Arc::clone(&state))?;
        let server = Server::start(listener, app, &limits).map_err(Error::internal)?;
        let (server, worker) = (Some(server), Some(worker));
        Ok(Self { state, server, worker, address, _lock: lock })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What its handlers share.
    pub const fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// Stops in order: readiness goes first, and new connections are still answered while requests are in
    /// flight, so that whoever balances load can see it; then they finish, the queue of the writer drains,
    /// and the log is copied into the database.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        /// Between two looks at what is still in flight.
        const LOOK: Duration = Duration::from_millis(5);
        let Some(server) = self.server.take() else { return Ok(()) };
        self.state.drain();
        let until = Instant::now() + self.state.config.limits.drain_deadline;
        let never = Stop::default();
        while server.in_flight() > 0 && Instant::now() < until {
            never.wait(LOOK);
        }
        server.stop();
        drop(self.worker.take());
        self.state.store.close()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Err(fault) = self.end() {
            tracing::error!(%fault, "the program did not stop in order");
        }
    }
}
