//! How long the write-ahead log is. SQLite tells it to a hook after each commit, on the committing
//! thread; the hook takes no state with it, so the figure waits in a thread-local for the leader, who
//! asks right after its COMMIT.

use rusqlite::Connection;
use rusqlite::hooks::Wal;
use std::cell::Cell;
use std::os::raw::c_int;

thread_local! {
    static FRAMES: Cell<u32> = const { Cell::new(0) };
}

/// Has `conn` tell the length of the log. Takes the place of SQLite's own automatic checkpoint.
pub(super) fn watch(conn: &Connection) {
    conn.wal_hook(Some(note));
}

/// Frames in the log after this thread's last commit.
pub(super) fn frames() -> u32 {
    FRAMES.get()
}

#[expect(clippy::unnecessary_wraps, reason = "the hook's signature")]
fn note(_: &Wal, frames: c_int) -> rusqlite::Result<()> {
    FRAMES.set(u32::try_from(frames).unwrap_or(0));
    Ok(())
}
