//! The only holder of connections.

/// When SQLite waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Synchronous {
    /// At every commit: what was acknowledged survives a power cut.
    Full,
    /// At checkpoints: a power cut may take back the last acknowledged commits, never corrupts.
    Normal,
}
