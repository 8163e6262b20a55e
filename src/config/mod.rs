//! Every setting and every bound of the program, named and with its unit. `cli` fills it from flags and
//! the environment; tests change single members. Nothing else reads the environment.

mod mail;

pub use mail::{Encryption, Mail, MailServer, MailWay};

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// How the program runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of the database and everything beside it; made with mode 0700.
    pub data_dir: PathBuf,
    /// The address people reach this server by, without a slash at the end; from `listen` if absent.
    pub public_url: Option<String>,
    /// Who may register.
    pub registration: Registration,
    /// The tier a new person starts with.
    pub default_tier: String,
    /// Peers whose `Forwarded`, `X-Forwarded-*` and `X-Request-Id` count.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Where webhooks may lead beyond the public Internet.
    pub webhooks: WebhookTargets,
    /// How mail is sent, and what it costs.
    pub mail: Mail,
    /// Whom to tell of a weakness, as URIs; told in `security.txt`, if there is anybody.
    pub security_contacts: Vec<String>,
    /// When SQLite waits for the disk.
    pub synchronous: Synchronous,
    /// What a password hash costs.
    pub password_cost: PasswordCost,
    /// The bounds.
    pub limits: Limits,
}

impl Config {
    /// The defaults, over the database in `data_dir`.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: data_dir.into(),
            public_url: None,
            registration: Registration::Open,
            default_tier: "standard".into(),
            trusted_proxies: Vec::new(),
            webhooks: WebhookTargets::default(),
            mail: Mail::default(),
            security_contacts: Vec::new(),
            synchronous: Synchronous::Full,
            password_cost: PasswordCost::default(),
            limits: Limits::default(),
        }
    }
}

/// Who may register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Registration {
    /// Everybody.
    Open,
    /// Whoever has an invite code.
    Invite,
    /// Nobody; an admin adds people.
    Closed,
}

/// Where webhooks may lead beyond https at the public Internet.
#[derive(Debug, Clone, Default)]
pub struct WebhookTargets {
    /// Networks that may be reached all the same, at any port, by http as well.
    pub allowed: Vec<ipnet::IpNet>,
    /// Whether http may be used anywhere.
    pub allows_http: bool,
}

/// When SQLite waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Synchronous {
    /// At every commit: what was acknowledged survives a power cut.
    Full,
    /// At checkpoints only: a power cut may take back the last acknowledged commits; it never corrupts.
    Normal,
}

/// Argon2id parameters (RFC 9106); the defaults are OWASP's floor.
#[derive(Debug, Clone, Copy)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2 }
    }
}

/// Every bound of the program. Reaching one is a clear answer, never a hang.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Live connections; beyond it the longest idle one is closed, then the slowest unfinished.
    pub connections_max: usize,
    /// Connections the kernel holds for us before they are accepted.
    pub accept_backlog_max: i32,
    /// Longest pause after an accept that failed for lack of descriptors, memory or threads.
    pub accept_pause: Duration,
    /// How long a new connection waits for a place while every other one is being served (503).
    pub admission_wait: Duration,
    /// A connection idle for this long makes room for a new one before any other; one whose reply is
    /// this long on its way makes room at all.
    pub slow_after: Duration,
    /// How long a connection's thread waits for its next connection before it ends.
    pub parked_deadline: Duration,
    /// Stack of a connection's thread, in bytes.
    pub connection_stack_bytes: usize,
    /// A request's head, in bytes (431).
    pub head_bytes_max: usize,
    /// A request's header fields (431); at most 256.
    pub headers_max: usize,
    /// A request's target, in bytes (414).
    pub target_bytes_max: usize,
    /// A body of JSON, in bytes (413); a form has six times as much.
    pub body_bytes_max: usize,
    /// An upload, in bytes (413).
    pub upload_bytes_max: usize,
    /// A chunk's size and its extensions, in bytes (400).
    pub chunk_line_bytes_max: usize,
    /// What is read and thrown away of a body nobody wanted, in bytes, before the connection is closed.
    pub drain_bytes_max: usize,
    /// From the first byte of a head to its last.
    pub head_deadline: Duration,
    /// From the end of the head to the last byte of the body.
    pub body_deadline: Duration,
    /// Between two requests on one connection.
    pub idle_deadline: Duration,
    /// From the first byte of a reply to its last.
    pub write_deadline: Duration,
    /// From the end of a last reply to the close, so that the client can read it before a reset.
    pub linger_deadline: Duration,
    /// How long a stop waits for requests in flight.
    pub drain_deadline: Duration,

    /// Read-only connections.
    pub readers_max: u32,
    /// How long a request waits for a reader.
    pub reader_wait: Duration,
    /// Units that may wait for the writer (503).
    pub write_queue_max: usize,
    /// Units in one commit.
    pub batch_units_max: usize,
    /// How long a batch takes new units in.
    pub batch_time_max: Duration,
    /// How long SQLite waits for another process's lock, each time it is asked.
    pub busy_timeout: Duration,
    /// How often a transaction that found the database locked is begun again.
    pub busy_attempts_max: u32,
    /// Longest pause between two of those attempts.
    pub busy_backoff_max: Duration,
    /// Size of the write-ahead log, in bytes, at which it is copied into the database and begun again.
    pub wal_bytes_checkpoint: u64,

    /// Objects and arrays inside one another in a JSON body.
    pub json_depth_max: usize,
    /// How long a stored reply is kept for its Idempotency-Key.
    pub idempotency_ttl: Duration,
    /// Largest reply that is stored for replay, in bytes: above the largest that a change can have, which is
    /// about that of the largest body, since an effect whose reply is not stored could happen twice.
    pub idempotency_reply_bytes_max: usize,
    /// Password hashes computed at once.
    pub password_hashes_max: usize,
    /// Requests that may wait for their turn to hash (503).
    pub password_waiters_max: usize,
    /// Uploads that may wait for their turn to be decoded (503): each holds its bytes meanwhile.
    pub photo_waiters_max: usize,
    /// Bytes of rendered public cards that are kept.
    pub rendered_bytes_max: usize,
    /// A login's absolute life.
    pub session_life: Duration,
    /// How long a login lives that is not used.
    pub session_idle: Duration,
    /// A login that is used is noted as used so often at most.
    pub session_seen_every: Duration,
    /// How long what is noted in memory may wait to be written.
    pub buffer_time_max: Duration,
    /// Life of a link that sets a new password.
    pub reset_life: Duration,
    /// Life of an invite code, unless its maker says otherwise.
    pub invite_life: Duration,
    /// Webhooks that are called at once.
    pub webhook_calls_max: usize,
    /// How long a webhook has to answer.
    pub webhook_deadline: Duration,
    /// Mails that are sent at once.
    pub mail_senders_max: usize,
    /// How long a mail server has for each step but the last.
    pub mail_deadline: Duration,
    /// How long it has to take a mail over once it has all of it (RFC 5321 §4.5.3.2.6): whoever leaves early sends
    /// a mail twice.
    pub mail_takeover_deadline: Duration,
    /// Uses of a trial.
    pub trial_uses_max: u32,
    /// Failed logins per account within `login_window` before each further one has to wait.
    pub login_account_max: u32,
    /// Failed logins per client address within `login_window`.
    pub login_address_max: u32,
    /// Rows of one kind (trials, requests for an invite) that a client address without an account makes within
    /// `login_window`.
    pub anonymous_writes_max: u32,
    /// Leads that a client address leaves within `login_window`.
    pub leads_address_max: u32,
    /// The window the failed logins are counted in, and the longest wait between two.
    pub login_window: Duration,
}

impl Default for Limits {
    #[expect(clippy::too_many_lines, reason = "a line for each bound")]
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            connections_max: 1_024,
            accept_backlog_max: 1_024,
            accept_pause: Duration::from_millis(20),
            admission_wait: Duration::from_millis(50),
            slow_after: Duration::from_secs(1),
            parked_deadline: Duration::from_secs(5),
            connection_stack_bytes: 512 * 1_024,
            head_bytes_max: 16 * 1_024,
            headers_max: 100,
            target_bytes_max: 8 * 1_024,
            body_bytes_max: 256 * 1_024,
            upload_bytes_max: 5 * 1_024 * 1_024,
            chunk_line_bytes_max: 256,
            drain_bytes_max: 64 * 1_024,
            head_deadline: Duration::from_secs(10),
            body_deadline: Duration::from_secs(30),
            idle_deadline: Duration::from_secs(15),
            write_deadline: Duration::from_secs(30),
            linger_deadline: Duration::from_secs(2),
            drain_deadline: Duration::from_secs(30),
            readers_max: u32::try_from((2 * cores).min(8)).unwrap_or(8),
            reader_wait: Duration::from_secs(2),
            write_queue_max: 4_096,
            batch_units_max: 256,
            batch_time_max: Duration::from_millis(8),
            busy_timeout: Duration::from_secs(2),
            busy_attempts_max: 5,
            busy_backoff_max: Duration::from_millis(250),
            wal_bytes_checkpoint: 8 * 1_024 * 1_024,
            json_depth_max: 64,
            idempotency_ttl: Duration::from_hours(7 * 24),
            idempotency_reply_bytes_max: 1_024 * 1_024,
            password_hashes_max: cores,
            password_waiters_max: 256,
            photo_waiters_max: 8,
            rendered_bytes_max: 20 * 1_024 * 1_024,
            session_life: Duration::from_hours(90 * 24),
            session_idle: Duration::from_hours(14 * 24),
            session_seen_every: Duration::from_mins(5),
            buffer_time_max: Duration::from_millis(250),
            reset_life: Duration::from_hours(1),
            invite_life: Duration::from_hours(14 * 24),
            webhook_calls_max: 4,
            webhook_deadline: Duration::from_secs(15),
            mail_senders_max: 2,
            mail_deadline: Duration::from_secs(30),
            mail_takeover_deadline: Duration::from_mins(5),
            trial_uses_max: 10,
            login_account_max: 5,
            login_address_max: 50,
            anonymous_writes_max: 100,
            leads_address_max: 30,
            login_window: Duration::from_mins(15),
        }
    }
}
