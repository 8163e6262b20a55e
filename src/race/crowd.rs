//! The clients: each on a kept-alive connection of its own, all let go at the same moment.

use super::round::Person;
use crate::error::{Error, Result};
use crate::testing::Client;
use parking_lot::{Condvar, Mutex};
use std::io;
use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, Scope, ScopedJoinHandle, scope};

/// How many clients look on while the others act. More would take the time that the others need to meet.
const WATCHERS: usize = 1;

/// A crowd of connected clients.
#[derive(Debug)]
pub(super) struct Crowd {
    actors: Vec<Client>,
    watchers: Vec<Client>,
    /// A person for each actor, once they are asked for.
    people: Option<Arc<[Person]>>,
}

impl Crowd {
    /// Connects `actors` clients to a server, and some that only look.
    pub(super) fn gather(actors: usize, address: SocketAddr) -> Result<Self> {
        let connect = |count: usize| {
            let clients = (0..count).map(|_| Client::connect(address));
            clients.collect::<io::Result<Vec<_>>>().map_err(Error::internal)
        };
        Ok(Self { actors: connect(actors)?, watchers: connect(WATCHERS)?, people: None })
    }

    /// How many clients act.
    pub(super) const fn len(&self) -> usize {
        self.actors.len()
    }

    /// One of the clients, for what is done alone.
    pub(super) fn anyone(&mut self) -> Result<&mut Client> {
        self.actors.first_mut().ok_or_else(|| Error::internal("there are no clients"))
    }

    pub(super) const fn people_mut(&mut self) -> &mut Option<Arc<[Person]>> {
        &mut self.people
    }

    /// Lets all act at once, each in a thread of its own; the results stand in the order of the clients.
    pub(super) fn charge<T: Send>(
        &mut self,
        act: impl Fn(usize, &mut Client) -> io::Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let nothing_to_see: Option<&fn(&mut Client) -> io::Result<()>> = None;
        self.run(&act, nothing_to_see).map(|(done, _)| done)
    }

    /// The same, while others look at the state again and again until the last has acted.
    pub(super) fn charge_watched<T: Send, S: Send>(
        &mut self,
        act: impl Fn(usize, &mut Client) -> io::Result<T> + Sync,
        watch: impl Fn(&mut Client) -> io::Result<S> + Sync,
    ) -> Result<(Vec<T>, Vec<S>)> {
        self.run(&act, Some(&watch))
    }

    fn run<T: Send, S: Send>(
        &mut self,
        act: &(impl Fn(usize, &mut Client) -> io::Result<T> + Sync),
        watch: Option<&(impl Fn(&mut Client) -> io::Result<S> + Sync)>,
    ) -> Result<(Vec<T>, Vec<S>)> {
        let (line, busy) = (StartLine::default(), AtomicUsize::new(self.actors.len()));
        let (line, busy) = (&line, &busy);
        let (actors, watchers) = (&mut self.actors, &mut self.watchers);
        scope(|scope| {
            let acting = actors.iter_mut().enumerate().map(|(n, client)| {
                spawn(scope, "actor", move || {
                    let end = Leaves(busy);
                    let done = line.wait().then(|| act(n, client)).transpose();
                    drop(end);
                    done
                })
            });
            let acting = acting.collect::<io::Result<Vec<_>>>();
            let watching = watchers.iter_mut().filter_map(|client| {
                let watch = watch?;
                Some(spawn(scope, "watcher", move || look_on(client, watch, line, busy)))
            });
            let watching = watching.collect::<io::Result<Vec<_>>>();
            // Whoever was started is let go in any case, and goes home if somebody is missing.
            let started = [acting.as_ref().map(Vec::len), watching.as_ref().map(Vec::len)];
            line.open(started.iter().flatten().sum(), started.iter().all(Result::is_ok));
            let done = acting.map_err(Error::internal)?.into_iter().map(joined);
            let done = done.collect::<io::Result<Vec<_>>>().map_err(Error::internal)?;
            let seen = watching.map_err(Error::internal)?.into_iter().map(joined);
            let seen = seen.collect::<io::Result<Vec<_>>>().map_err(Error::internal)?;
            Ok((done.into_iter().flatten().collect(), seen.into_iter().flatten().collect()))
        })
    }
}

/// Looks again and again until the last has acted, at least once.
fn look_on<S>(
    client: &mut Client,
    watch: &impl Fn(&mut Client) -> io::Result<S>,
    line: &StartLine,
    busy: &AtomicUsize,
) -> io::Result<Vec<S>> {
    let mut seen = Vec::new();
    let go = line.wait();
    while go && (seen.is_empty() || busy.load(Ordering::Acquire) > 0) {
        seen.push(watch(client)?);
    }
    Ok(seen)
}

fn spawn<'s, T: Send + 's>(
    scope: &'s Scope<'s, '_>,
    name: &str,
    work: impl FnOnce() -> T + Send + 's,
) -> io::Result<ScopedJoinHandle<'s, T>> {
    Builder::new().name(name.into()).spawn_scoped(scope, work)
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Counts an actor as gone, also one that panics: the watchers wait for nobody then.
struct Leaves<'b>(&'b AtomicUsize);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A barrier that can be called off, when not all threads could be started.
#[derive(Default)]
struct StartLine {
    state: Mutex<Waiting>,
    turned: Condvar,
}

#[derive(Default)]
struct Waiting {
    arrived: usize,
    go: Option<bool>,
}

impl StartLine {
    /// Waits for the start; false if it was called off.
    fn wait(&self) -> bool {
        let mut state = self.state.lock();
        state.arrived += 1;
        self.turned.notify_all();
        loop {
            match state.go {
                Some(go) => return go,
                None => self.turned.wait(&mut state),
            }
        }
    }

    /// Waits until `count` threads stand at the line, and lets them go.
    fn open(&self, count: usize, go: bool) {
        let mut state = self.state.lock();
        while go && state.arrived < count {
            self.turned.wait(&mut state);
        }
        state.go = Some(go);
        self.turned.notify_all();
    }
}
