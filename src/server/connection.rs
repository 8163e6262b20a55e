//! The life of one connection: requests one after the other, each read whole, answered by the service
//! and written back with one write, until one side has had enough. Runs on a thread of its own.

use super::body;
use super::fields::Framing;
use super::head::{self, Parsed};
use super::refusal::{self, Refusal};
use super::registry::{Phase, Registry, Slot};
use super::reply::{self, Date, Form};
use super::wire::{self, Broken, Wire};
use crate::config::Limits;
use crate::http::{Body, Head, Method, Problem, Request, Response, Service};
use std::any::Any;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A reply buffer larger than this is given back after use.
const OUTBOX_KEPT: usize = 64 * 1_024;
/// A body that is a file is sent in pieces of this size.
const PIECE: usize = 256 * 1_024;

/// Serves a connection until it ends.
pub(super) fn serve(slot: &Slot, registry: &Registry, service: &dyn Service, limits: &Limits) {
    let mut connection = Connection {
        slot,
        registry,
        service,
        limits,
        wire: Wire::new(slot),
        outbox: Vec::new(),
        date: Date::new(),
    };
    while connection.exchange() == Next::Request {}
}

/// What follows an exchange.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Request,
    Close,
}

struct Connection<'a> {
    slot: &'a Slot,
    registry: &'a Registry,
    service: &'a dyn Service,
    limits: &'a Limits,
    wire: Wire<'a>,
    outbox: Vec<u8>,
    date: Date,
}

impl Connection<'_> {
    /// One request and its reply.
    fn exchange(&mut self) -> Next {
        let parsed = match head::read(&mut self.wire, self.limits) {
            Ok(parsed) => parsed,
            Err(broken) => return self.give_up(broken, None),
        };
        let body = match self.read_body(&parsed) {
            Ok(body) => body,
            Err(broken) => return self.give_up(broken, Some(&parsed.head)),
        };
        let is_head = parsed.head.method == Method::Head;
        let reply = self.respond(Request { head: parsed.head, body });
        let closes = reply.close || !parsed.persistent || self.registry.is_draining();
        let connection = match (closes, parsed.is_http_1_0) {
            (true, _) => Some("close"),
            (false, true) => Some("keep-alive"),
            (false, false) => None,
        };
        if !self.write(&reply, Form { is_head, connection }) {
            return Next::Close;
        }
        if closes {
            return self.close();
        }
        self.await_next()
    }

    /// Reads the body, and takes the request on.
    fn read_body(&mut self, parsed: &Parsed) -> Result<Vec<u8>, Broken> {
        let limit = match parsed.framing {
            Framing::Empty => 0,
            _ => self.service.body_limit(&parsed.head),
        };
        let body = body::read(&mut self.wire, parsed, limit, self.limits)?;
        self.wire.enter(Phase::Handling)?;
        Ok(body)
    }

    /// Has the service answer. A panic is a 500, and the end of this connection alone.
    fn respond(&self, request: Request) -> Response {
        let service = self.service;
        catch_unwind(AssertUnwindSafe(|| service.respond(request))).unwrap_or_else(|panic| {
            let problem = Problem::internal(format!("panic: {}", panic_message(&*panic)));
            self.refuse(problem, None).closing()
        })
    }

    fn refuse(&self, problem: Problem, head: Option<&Head>) -> Response {
        let service = self.service;
        catch_unwind(AssertUnwindSafe(|| service.refuse(problem, head))).unwrap_or_else(|panic| {
            tracing::error!(panic = panic_message(&*panic), "a refusal panicked");
            Response::new(500)
        })
    }

    /// Sends a reply; false if the client did not take it.
    fn write(&mut self, reply: &Response, form: Form) -> bool {
        if !self.encode(reply, form) || !self.slot.enter(Phase::Writing) {
            return false;
        }
        let sent = (&self.slot.stream).write_all(&self.outbox);
        if let Err(fault) = &sent {
            tracing::debug!(%fault, "write");
        }
        if OUTBOX_KEPT < self.outbox.len() {
            self.outbox = Vec::new();
        }
        sent.is_ok() && (form.is_head || self.write_file(&reply.body))
    }

    /// Sends the rest of a reply whose body is a file. Each piece has the time that a write has: how long all of it
    /// takes depends on how large it is.
    fn write_file(&self, body: &Body) -> bool {
        let Body::File(file, size) = body else { return true };
        let (mut piece, mut at) = (vec![0; PIECE], 0);
        while at < *size {
            let left = usize::try_from(size - at).unwrap_or(PIECE).min(PIECE);
            let room = piece.get_mut(..left).unwrap_or_default();
            let sent = file.read_exact_at(room, at).and_then(|()| {
                let goes_on = self.slot.enter(Phase::Writing);
                if goes_on {
                    (&self.slot.stream).write_all(room)
                } else {
                    Err(ErrorKind::TimedOut.into())
                }
            });
            if let Err(fault) = sent {
                tracing::debug!(%fault, "a file was not sent to its end");
                return false;
            }
            at += left as u64;
        }
        true
    }

    fn encode(&mut self, reply: &Response, form: Form) -> bool {
        let date = self.date.now();
        let Err(fault) = reply::encode(&mut self.outbox, reply, form, date) else { return true };
        let problem = Problem::internal(format!("unsendable reply: {}", fault.0));
        let reply = self.refuse(problem, None);
        let encoded = reply::encode(&mut self.outbox, &reply, form, self.date.now());
        encoded.inspect_err(|fault| tracing::error!(fault = fault.0, "unsendable refusal")).is_ok()
    }

    /// Goes on with what has already come, or waits.
    fn await_next(&mut self) -> Next {
        self.wire.shrink();
        let phase = if self.wire.pending().is_empty() { Phase::Idle } else { Phase::Head };
        // A stop that began after the reply was made has not seen this connection as idle.
        if self.slot.enter(phase) && !self.registry.is_draining() {
            Next::Request
        } else {
            Next::Close
        }
    }

    /// Ends the connection over a request that did not become complete, with a reply if one is due.
    fn give_up(&mut self, broken: Broken, head: Option<&Head>) -> Next {
        let Refusal(problem) = match broken {
            Broken::Gone => return Next::Close,
            Broken::Overdue => return self.last_words(head),
            Broken::Truncated => refusal::truncated(),
            Broken::Refused(refusal) => refusal,
        };
        tracing::debug!(status = problem.status, code = problem.code, "refused");
        let reply = self.refuse(*problem, head);
        let form = Form { is_head: is_head(head), connection: Some("close") };
        if self.write(&reply, form) { self.linger() } else { Next::Close }
    }

    /// A 408 to a client whose connection was ended from outside. Nobody watches over it any more, so
    /// it gets what the socket takes at once.
    fn last_words(&mut self, head: Option<&Head>) -> Next {
        let reply = self.refuse(*refusal::timeout().0, head);
        let form = Form { is_head: is_head(head), connection: Some("close") };
        if self.encode(&reply, form) && self.slot.stream.set_nonblocking(true).is_ok() {
            let sent = (&self.slot.stream).write(&self.outbox);
            tracing::debug!(?sent, "request timeout");
        }
        Next::Close
    }

    /// Ends the connection after a complete exchange.
    fn close(&mut self) -> Next {
        if self.wire.pending().is_empty() { Next::Close } else { self.linger() }
    }

    /// Closes in two steps (RFC 9112 §9.6): with unread bytes in the socket a close resets the
    /// connection, and the reset can overtake the reply. So the client is told that nothing more will
    /// come, and a little of what it still sends is thrown away.
    fn linger(&mut self) -> Next {
        if !self.slot.enter(Phase::Lingering) || self.slot.stream.shutdown(Shutdown::Write).is_err()
        {
            return Next::Close;
        }
        let mut scrap = [0; 4 * 1_024];
        let mut left = self.limits.drain_bytes_max;
        while let Ok(count @ 1..) = wire::read(self.slot, &mut scrap) {
            left = left.saturating_sub(count);
            if left == 0 || self.slot.is_over() {
                break;
            }
        }
        Next::Close
    }
}

fn is_head(head: Option<&Head>) -> bool {
    head.is_some_and(|head| head.method == Method::Head)
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

/// Tells a client for whom there is neither a place nor a thread to come back, without waiting for it.
pub(super) fn turn_away(stream: &TcpStream, service: &dyn Service) {
    let reply = service.refuse(*refusal::overloaded().0, None);
    let form = Form { is_head: false, connection: Some("close") };
    let mut outbox = Vec::new();
    let date = &mut Date::new();
    if reply::encode(&mut outbox, &reply, form, date.now()).is_err() {
        return;
    }
    let mut scrap = [0; 4 * 1_024];
    let mut stream = stream;
    let told = stream.set_nonblocking(true).and_then(|()| {
        // What has been read cannot turn the close into a reset that overtakes the reply.
        let read = stream.read(&mut scrap);
        tracing::debug!(?read, "turned away");
        stream.write(&outbox)
    });
    if let Err(fault) = told {
        tracing::debug!(%fault, "turning away");
    }
}
