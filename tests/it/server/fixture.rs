//! A service that echoes, servers of it, and a client that sends whatever bytes it is told to.

use cardinal::clock::{Instant, Stop};
use cardinal::config::Limits;
use cardinal::http::{Body, Head, Problem, Request, Response, Service};
use cardinal::server::Server;
use socket2::SockRef;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Longer than anything takes here, even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The limit of a body, except on `/unlimited`.
pub(crate) const BODY_MAX: usize = 64 * 1_024;

/// The reply of `/large`: more than the sockets between take in.
pub(crate) const LARGE: usize = 24 * 1_024 * 1_024;

/// Answers with what it was asked; some paths do more.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    /// Requests for `/hold` that are in the handler.
    held: AtomicUsize,
    /// Lets them go.
    pub(crate) release: Stop,
}

impl Echo {
    /// Waits until so many requests for `/hold` have come to the handler.
    pub(crate) fn await_held(&self, count: usize) {
        eventually("requests in the handler", || self.held.load(Ordering::SeqCst) == count);
    }
}

impl Service for Echo {
    fn body_limit(&self, head: &Head) -> usize {
        if head.path == "/unlimited" { usize::MAX } else { BODY_MAX }
    }

    fn respond(&self, request: Request) -> Response {
        match request.head.path.as_str() {
            "/panic" => panic!("as asked"),
            "/hold" => {
                self.held.fetch_add(1, Ordering::SeqCst);
                self.release.wait(PATIENCE);
                echo(&request)
            }
            "/large" => Response::bytes(200, "text/plain", vec![b'x'; LARGE]),
            "/split" => {
                Response::new(200).with("Location", "/\r\nEvil: yes\r\n\r\nHTTP/1.1 200 OK")
            }
            "/umlaut" => Response::new(200).with("X-Name", "Jürgen"),
            "/framed" => echo(&request).with("Content-Length", "3"),
            "/status" => Response::new(99),
            "/empty" => Response::new(204),
            "/unchanged" => Response::new(304).with("ETag", "\"1\""),
            "/unchanged-with-length" => {
                let mut reply = Response::new(304).with("ETag", "\"1\"");
                reply.body = Body::Static(b"twelve bytes");
                reply
            }
            "/closing" => echo(&request).closing(),
            _ => echo(&request),
        }
    }

    fn refuse(&self, problem: Problem, head: Option<&Head>) -> Response {
        let path = head.map_or("", |head| &head.path).to_owned();
        problem.into_response("request-7").with("X-Path", path)
    }
}

fn echo(request: &Request) -> Response {
    let Request { head, body } = request;
    let query = head.query.as_deref().unwrap_or("-");
    let host = head.headers.get("host").unwrap_or("-");
    let mut text = format!("{} {} {query} {host} ", head.method, head.path).into_bytes();
    text.extend_from_slice(body);
    Response::bytes(200, "text/plain", text)
}

/// A server of [`Echo`].
pub(crate) struct Fixture {
    pub(crate) server: Server,
    pub(crate) echo: Arc<Echo>,
}

impl Fixture {
    /// With the limits of production.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// With some limits changed.
    pub(crate) fn with(change: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = Limits { drain_deadline: PATIENCE, ..Limits::default() };
        change(&mut limits);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let echo = Arc::new(Echo::default());
        let service = Arc::clone(&echo);
        Self { server: Server::start(listener, service, &limits).unwrap(), echo }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.local_addr()
    }

    pub(crate) fn connect(&self) -> Raw {
        Raw::connect(self.address())
    }

    /// Everything that comes back for `bytes`, up to the close.
    pub(crate) fn answer(&self, bytes: &[u8]) -> String {
        let mut raw = self.connect();
        raw.send(bytes);
        raw.rest()
    }

    /// Waits until there are exactly so many connections.
    pub(crate) fn await_connections(&self, count: usize) {
        eventually("connections", || self.server.connections() == count);
    }

    /// Asserts that a new client is served.
    pub(crate) fn assert_serves(&self) {
        let reply = self.answer(b"GET /alive HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assert_eq!(status(&reply), 200, "{reply}");
        assert!(reply.ends_with("GET /alive - x "), "{reply}");
    }
}

/// A connection on which nothing is done that the test does not do.
pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
    inbox: Vec<u8>,
}

impl Raw {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self { stream, inbox: Vec::new() }
    }

    /// Sends as much as the server takes: a refused request need not be read to its end.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        if let Err(fault) = self.stream.write_all(bytes.as_ref()) {
            assert!(is_closed(fault.kind()), "{fault}");
        }
    }

    pub(crate) fn finish_sending(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// One reply with its body. Interim replies are replies of their own.
    pub(crate) fn reply(&mut self) -> String {
        let end = loop {
            if let Some(at) = self.inbox.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            assert!(self.read() > 0, "closed within a head: {:?}", self.inbox);
        };
        let head = String::from_utf8(self.inbox[..end].to_vec()).unwrap();
        let length: usize =
            field(&head, "Content-Length").map_or(0, |value| value.parse().unwrap());
        while self.inbox.len() < end + length {
            assert!(self.read() > 0, "closed within a body");
        }
        let rest = self.inbox.split_off(end + length);
        String::from_utf8(std::mem::replace(&mut self.inbox, rest)).unwrap()
    }

    /// Everything up to the close.
    pub(crate) fn rest(&mut self) -> String {
        while self.read() > 0 {}
        String::from_utf8_lossy(&std::mem::take(&mut self.inbox)).into_owned()
    }

    /// Sends one byte after the other, each after `pace`, until a reply or the close; then the rest.
    pub(crate) fn trickle(&mut self, pace: Duration, bytes: impl Iterator<Item = u8>) -> String {
        self.stream.set_read_timeout(Some(pace)).unwrap();
        for byte in bytes {
            self.send([byte]);
            let mut room = [0; 1_024];
            match self.stream.read(&mut room) {
                Ok(count) => {
                    self.inbox.extend_from_slice(&room[..count]);
                    break;
                }
                Err(fault) if is_closed(fault.kind()) => break,
                // A process that was stopped and goes on sees EINTR.
                Err(fault) => assert!(
                    matches!(fault.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted),
                    "{fault}"
                ),
            }
        }
        self.stream.set_read_timeout(Some(PATIENCE)).unwrap();
        self.rest()
    }

    /// Whether the server has neither closed the connection nor sent anything.
    pub(crate) fn is_quiet(&self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let seen = self.stream.peek(&mut [0; 1]);
        self.stream.set_nonblocking(false).unwrap();
        seen.is_err_and(|fault| fault.kind() == ErrorKind::WouldBlock)
    }

    /// Resets the connection.
    pub(crate) fn reset(self) {
        SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).unwrap();
    }

    /// Reads once; nothing at the end or after a reset.
    fn read(&mut self) -> usize {
        let mut room = vec![0; 64 * 1_024];
        match self.stream.read(&mut room) {
            Ok(count) => {
                self.inbox.extend_from_slice(&room[..count]);
                count
            }
            Err(fault) if is_closed(fault.kind()) => 0,
            Err(fault) if fault.kind() == ErrorKind::Interrupted => self.read(),
            Err(fault) => panic!("no reply and no close: {fault}"),
        }
    }
}

fn is_closed(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted
    )
}

/// The status of the first reply in `text`; 0 if there is none.
pub(crate) fn status(text: &str) -> u16 {
    text.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok()).unwrap_or(0)
}

/// A header field of the first reply in `text`.
pub(crate) fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let head = text.split("\r\n\r\n").next()?;
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
    lines.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Waits until `holds`.
pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) {
    let (begun, nobody) = (Instant::now(), Stop::default());
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        nobody.wait(Duration::from_millis(2));
    }
}

/// Random numbers, the same in every run (xorshift64*).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % bound
    }

    pub(crate) fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}
