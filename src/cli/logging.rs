//! Where log lines go: to standard error, as text for a terminal, else as one JSON object a line. Lines are
//! gathered for a moment and written together: a server that answers tens of thousands of requests a second
//! would spend much of its time in `write` otherwise.

use crate::clock::Stop;
use parking_lot::Mutex;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

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
        let told = tracing_subscriber::fmt().with_max_level(level).with_writer(lines.clone());
        let started = if io::stderr().is_terminal() {
            told.with_target(false).compact().try_init()
        } else {
            told.json().flatten_event(true).with_target(false).with_ansi(false).try_init()
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
        let mut waiting = self.0.0.lock();
        waiting.extend_from_slice(bytes);
        let full = waiting.len() >= BATCH;
        drop(waiting);
        if full {
            self.0.write_out();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
