//! Where log lines go: to standard error, as text for a terminal, else as one JSON object a line. Lines are
//! gathered for a moment and written together: a server that answers tens of thousands of requests a second
//! would spend much of its time in `write` otherwise.

use crate::clock::{Clock, Stop};
use parking_lot::Mutex;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// How long a line may wait.
const DELAY: Duration = Duration::from_millis(100);
/// Bytes that do not wait.
const BATCH: usize = 64 * 1_024;

/// Writes what is left when it is dropped.
#[derive(Debug)]
pub(super) struct Logging {
    lines: Lines,
    stop: Stop,
    flusher: Option<JoinHandle<()>>,
}

impl Logging {
    /// Starts logging what is at least as grave as `level`.
    pub(super) fn start(level: LevelFilter) -> io::Result<Self> {
        let lines = Lines::default();
        let started = if io::stderr().is_terminal() {
            let text = tracing_subscriber::fmt().with_max_level(level).with_writer(lines.clone());
            text.with_target(false).compact().try_init()
        } else {
            let json = JsonLines { lines: lines.clone(), clock: Clock::system() };
            let subscriber = tracing_subscriber::registry().with(json.with_filter(level));
            subscriber.try_init().map_err(Into::into)
        };
        started.map_err(io::Error::other)?;
        let (stop, gathered) = (Stop::default(), lines.clone());
        let heard = stop.clone();
        let flusher = std::thread::Builder::new().name("cardinal-log".into()).spawn(move || {
            while !heard.wait(DELAY) {
                gathered.write_out();
            }
        })?;
        Ok(Self { lines, stop, flusher: Some(flusher) })
    }
}

impl Drop for Logging {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(flusher) = self.flusher.take() {
            drop(flusher.join());
        }
        self.lines.write_out();
    }
}

/// Lines that wait to be written.
#[derive(Debug, Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn push(&self, bytes: &[u8]) {
        let mut waiting = self.0.lock();
        waiting.extend_from_slice(bytes);
        let full = waiting.len() >= BATCH;
        drop(waiting);
        if full {
            self.write_out();
        }
    }

    fn write_out(&self) {
        let waiting = std::mem::take(&mut *self.0.lock());
        if !waiting.is_empty() {
            // There is nowhere to say that standard error is gone.
            drop(io::stderr().lock().write_all(&waiting));
        }
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Line<'w>;

    fn make_writer(&'w self) -> Line<'w> {
        Line(self)
    }
}

struct Line<'w>(&'w Lines);

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes each event as one flat JSON object. `tracing_subscriber`'s own does the same at several times the
/// cost, which a line per request makes felt.
struct JsonLines {
    lines: Lines,
    clock: Clock,
}

impl<S: Subscriber> Layer<S> for JsonLines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Vec::with_capacity(256);
        line.extend_from_slice(b"{\"ts\":\"");
        line.extend_from_slice(self.clock.now().to_string().as_bytes());
        line.extend_from_slice(b"\",\"level\":\"");
        line.extend_from_slice(event.metadata().level().as_str().as_bytes());
        line.push(b'"');
        event.record(&mut Members(&mut line));
        line.extend_from_slice(b"}\n");
        self.lines.push(&line);
    }
}

/// Adds an event's fields to the object that is being written.
struct Members<'l>(&'l mut Vec<u8>);

impl Members<'_> {
    fn member(&mut self, field: &Field, value: impl serde::Serialize) {
        self.0.push(b',');
        let name = if field.name() == "message" { "msg" } else { field.name() };
        // Strings, numbers and booleans always serialise.
        drop(serde_json::to_writer(&mut *self.0, name));
        self.0.push(b':');
        drop(serde_json::to_writer(&mut *self.0, &value));
    }
}

impl Visit for Members<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.member(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.member(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.member(field, format!("{value:?}"));
    }
}
