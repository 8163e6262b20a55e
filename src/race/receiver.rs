//! Somebody else's server, which the one under attack calls: it keeps what it is told, and answers all of it alike.

use crate::clock::Instant;
use crate::config::Limits;
use crate::error::{Error, Result};
use crate::http::{Head, Problem, Request, Response, Service};
use crate::server::Server;
use parking_lot::{Condvar, Mutex};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

/// How long a message is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A message that came.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// `webhook-id`
    pub(super) id: String,
    /// `webhook-timestamp`
    pub(super) timestamp_s: i64,
    /// `webhook-signature`
    pub(super) signature: String,
    /// The body.
    pub(super) body: String,
}

/// The server.
pub(super) struct Receiver {
    server: Server,
    kept: Arc<Kept>,
}

struct Kept {
    answer: u16,
    messages: Mutex<Vec<Message>>,
    came: Condvar,
}

impl Receiver {
    /// One that gives every message this status.
    pub(super) fn start(answer: u16) -> Result<Self> {
        let kept = Kept { answer, messages: Mutex::default(), came: Condvar::new() };
        let kept = Arc::new(kept);
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(Error::internal)?;
        let service: Arc<dyn Service> = Arc::<Kept>::clone(&kept);
        let server = Server::start(listener, service, &Limits::default());
        Ok(Self { server: server.map_err(Error::internal)?, kept })
    }

    /// Where it is to be called.
    pub(super) fn url(&self) -> String {
        format!("http://{}/hook", self.server.local_addr())
    }

    /// What has come, as soon as it is `count` messages; fewer if they do not come.
    pub(super) fn messages(&self, count: usize) -> Vec<Message> {
        let until = Instant::now() + PATIENCE;
        let mut messages = self.kept.messages.lock();
        while messages.len() < count {
            if self.kept.came.wait_until(&mut messages, until).timed_out() {
                break;
            }
        }
        messages.clone()
    }
}

impl Service for Kept {
    fn body_limit(&self, _: &Head) -> usize {
        64 * 1_024
    }

    fn respond(&self, request: Request) -> Response {
        let field = |name: &str| request.head.headers.get(name).unwrap_or_default().to_owned();
        let message = Message {
            id: field("webhook-id"),
            timestamp_s: field("webhook-timestamp").parse().unwrap_or_default(),
            signature: field("webhook-signature"),
            body: String::from_utf8_lossy(&request.body).into_owned(),
        };
        self.messages.lock().push(message);
        self.came.notify_all();
        Response::new(self.answer)
    }

    fn refuse(&self, problem: Problem, _: Option<&Head>) -> Response {
        problem.into_response("receiver")
    }
}
