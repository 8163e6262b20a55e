//! A lean HTTP/1.1 client on one kept-alive connection, for tests, benches and `cardinal race`: one
//! write and as few reads as possible per request, buffers used again. It trusts its server.

use crate::clock::Instant;
use serde_json::Value;
use std::io::{self, Error, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// No reply takes this long; one that does fails the test rather than hanging it.
const REPLY_DEADLINE: Duration = Duration::from_secs(30);

/// After this long without a request the server may have closed the connection.
const FRESH: Duration = Duration::from_millis(100);

/// The most fields of a reply.
const FIELDS_MAX: usize = 64;

/// A client with one connection, which is made again when the server has closed it.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    connection: Option<Connection>,
    /// Header fields of every request, as they are sent.
    standing: String,
    outbox: Vec<u8>,
}

#[derive(Debug)]
struct Connection {
    stream: TcpStream,
    inbox: Vec<u8>,
    used: Instant,
    /// Whether a reply has come over it: only then can it have been closed for being idle.
    is_proven: bool,
}

/// A reply.
#[derive(Debug, Clone)]
#[must_use]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The status line and the header fields, as they came.
    pub head: String,
    /// The body, decoded from its transfer coding.
    pub body: Vec<u8>,
}

impl Reply {
    /// The first field of this name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All fields in the order they came.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.head.split("\r\n").skip(1);
        lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()))
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    /// A client of the server at `address`, connected.
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let connection = Some(Connection::open(address)?);
        Ok(Self { address, connection, standing: String::new(), outbox: Vec::new() })
    }

    /// Sends this header field with every request.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.standing.push_str(name);
        self.standing.push_str(": ");
        self.standing.push_str(value);
        self.standing.push_str("\r\n");
        self
    }

    /// Sends this token with every request.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.with("Authorization", &format!("Bearer {token}"))
    }

    /// GET
    pub fn get(&mut self, path: &str) -> io::Result<Reply> {
        self.send("GET", path, &[], b"")
    }

    /// POST with a JSON body.
    pub fn post(&mut self, path: &str, body: &Value) -> io::Result<Reply> {
        self.send_json("POST", path, &[], body)
    }

    /// PUT with a JSON body.
    pub fn put(&mut self, path: &str, body: &Value) -> io::Result<Reply> {
        self.send_json("PUT", path, &[], body)
    }

    /// PATCH with a JSON body.
    pub fn patch(&mut self, path: &str, body: &Value) -> io::Result<Reply> {
        self.send_json("PATCH", path, &[], body)
    }

    /// DELETE
    pub fn delete(&mut self, path: &str) -> io::Result<Reply> {
        self.send("DELETE", path, &[], b"")
    }

    /// Any method with a JSON body and further header fields.
    pub fn send_json(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> io::Result<Reply> {
        let mut fields = Vec::with_capacity(headers.len() + 1);
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            fields.push(("Content-Type", "application/json"));
        }
        fields.extend_from_slice(headers);
        self.send(method, path, &fields, body.to_string().as_bytes())
    }

    /// Sends a request and reads its reply.
    ///
    /// A server may close an idle connection at any time. One that is seen to be closed is replaced
    /// before anything is sent. If it closes while the request is on its way and nothing of a reply has
    /// come, the request is sent again only if its method is idempotent (RFC 9110 §9.2.2); a POST or
    /// PATCH may have been done, so that is an error for the caller to judge.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Reply> {
        self.write_request(method, path, headers, body)?;
        if let Some(mut connection) = self.connection.take_if(|kept| kept.is_open()) {
            match connection.exchange(&self.outbox, method == "HEAD") {
                Ok(done) => return Ok(self.keep(connection, done)),
                Err(fault) => {
                    let repeats = !matches!(method, "POST" | "PATCH");
                    let untouched = connection.is_proven && connection.inbox.is_empty();
                    if !repeats || !untouched || fault.kind() == ErrorKind::WouldBlock {
                        return Err(fault);
                    }
                }
            }
        }
        let mut connection = Connection::open(self.address)?;
        let done = connection.exchange(&self.outbox, method == "HEAD")?;
        Ok(self.keep(connection, done))
    }

    fn keep(&mut self, connection: Connection, (reply, persists): (Reply, bool)) -> Reply {
        self.connection = persists.then_some(connection);
        reply
    }

    fn write_request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<()> {
        self.outbox.clear();
        let (address, standing) = (self.address, &self.standing);
        write!(self.outbox, "{method} {path} HTTP/1.1\r\nHost: {address}\r\n{standing}")?;
        for (name, value) in headers {
            write!(self.outbox, "{name}: {value}\r\n")?;
        }
        if !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH") {
            write!(self.outbox, "Content-Length: {}\r\n", body.len())?;
        }
        self.outbox.extend_from_slice(b"\r\n");
        self.outbox.extend_from_slice(body);
        Ok(())
    }
}

impl Connection {
    fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(REPLY_DEADLINE))?;
        stream.set_write_timeout(Some(REPLY_DEADLINE))?;
        Ok(Self { stream, inbox: Vec::new(), used: Instant::now(), is_proven: false })
    }

    /// Whether the server has left it open, as far as can be seen. Not looked at when it was used just
    /// now, to spare the system call.
    fn is_open(&self) -> bool {
        use rustix::net::{RecvFlags, recv};
        if self.used.elapsed() < FRESH {
            return true;
        }
        let look = recv(&self.stream, &mut [0; 1], RecvFlags::PEEK | RecvFlags::DONTWAIT);
        look == Err(rustix::io::Errno::AGAIN)
    }

    /// Sends a request and reads the reply, and whether the connection goes on.
    fn exchange(&mut self, request: &[u8], is_head: bool) -> io::Result<(Reply, bool)> {
        let sent = self.stream.write_all(request);
        // A server that refuses a body answers before it has read it: the answer counts, not the write.
        let answer = self.read_final_head(sent)?;
        let body = self.read_body(&answer, is_head)?;
        self.used = Instant::now();
        self.is_proven = true;
        Ok((Reply { status: answer.status, head: answer.head, body }, answer.persists))
    }

    fn read_final_head(&mut self, sent: io::Result<()>) -> io::Result<Answer> {
        loop {
            match self.read_head() {
                // Interim replies announce the final one (RFC 9110 §15.2).
                Ok(answer) if answer.status < 200 => {}
                Ok(answer) => return Ok(answer),
                Err(fault) => return Err(sent.err().unwrap_or(fault)),
            }
        }
    }

    fn read_head(&mut self) -> io::Result<Answer> {
        loop {
            let mut fields = [httparse::EMPTY_HEADER; FIELDS_MAX];
            let mut response = httparse::Response::new(&mut fields);
            if let httparse::Status::Complete(length) =
                response.parse(&self.inbox).map_err(Error::other)?
            {
                let mut answer = Answer::of(&response)?;
                let head: Vec<u8> = self.inbox.drain(..length).collect();
                answer.head = String::from_utf8(head).map_err(Error::other)?;
                return Ok(answer);
            }
            self.fill()?;
        }
    }

    fn read_body(&mut self, answer: &Answer, is_head: bool) -> io::Result<Vec<u8>> {
        if is_head || matches!(answer.status, 204 | 304) {
            return Ok(Vec::new());
        }
        match answer.length {
            Length::Known(length) => self.take(length),
            Length::Chunked => self.read_chunks(),
            Length::ToTheEnd => {
                self.stream.read_to_end(&mut self.inbox)?;
                Ok(std::mem::take(&mut self.inbox))
            }
        }
    }

    fn read_chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let digits = line.split(';').next().unwrap_or_default();
            let size = usize::from_str_radix(digits, 16).map_err(Error::other)?;
            if size == 0 {
                while !self.line()?.is_empty() {}
                return Ok(body);
            }
            body.append(&mut self.take(size)?);
            self.line()?;
        }
    }

    fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.inbox.windows(2).position(|pair| pair == b"\r\n") {
                let line = String::from_utf8(self.take(end)?).map_err(Error::other)?;
                self.inbox.drain(..2);
                return Ok(line);
            }
            self.fill()?;
        }
    }

    fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.inbox.len() < length {
            self.fill()?;
        }
        Ok(self.inbox.drain(..length).collect())
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut room = [0; 16 * 1_024];
        loop {
            match self.stream.read(&mut room) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    self.inbox.extend_from_slice(room.get(..count).unwrap_or_default());
                    return Ok(());
                }
                // A read with a timeout ends so when the process was stopped and goes on (socket(7)).
                Err(fault) if fault.kind() == ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault),
            }
        }
    }
}

/// The head of a reply.
struct Answer {
    status: u16,
    head: String,
    length: Length,
    persists: bool,
}

enum Length {
    Known(usize),
    Chunked,
    ToTheEnd,
}

impl Answer {
    fn of(response: &httparse::Response<'_, '_>) -> io::Result<Self> {
        let mut length = Length::ToTheEnd;
        let mut persists = response.version == Some(1);
        for field in response.headers.iter() {
            let value = str::from_utf8(field.value).map_err(Error::other)?;
            if field.name.eq_ignore_ascii_case("content-length") {
                length = Length::Known(value.parse().map_err(Error::other)?);
            } else if field.name.eq_ignore_ascii_case("transfer-encoding") {
                length = Length::Chunked;
            } else if field.name.eq_ignore_ascii_case("connection") {
                persists = !value.eq_ignore_ascii_case("close");
            }
        }
        persists &= !matches!(length, Length::ToTheEnd) || matches!(response.code, Some(204 | 304));
        Ok(Self { status: response.code.unwrap_or(0), head: String::new(), length, persists })
    }
}
