//! The plain way, for comparison: a pool of writing connections, `BEGIN IMMEDIATE`, `busy_timeout`, the same
//! statements, the same schema, the same server in front, SQLite's own automatic checkpoint.

#![expect(clippy::disallowed_types, reason = "this is what the store is compared with")]

use crate::served::{Member, members};
use cardinal::clock::{Clock, Millis};
use cardinal::config::{Config, Limits};
use cardinal::domain::slugs;
use cardinal::domain::users::UserId;
use cardinal::http::{Head, Problem, Request, Response, Service};
use cardinal::id::{Ids, Token, TokenKind};
use cardinal::server::Server;
use cardinal::store::Store;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{TransactionBehavior, params};
use serde_json::json;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

pub(crate) type Pool = r2d2::Pool<SqliteConnectionManager>;

pub(crate) fn pool(config: &Config, size: usize) -> Pool {
    let manager = SqliteConnectionManager::file(config.data_dir.join("cardinal.db"));
    let manager = manager.with_init(|conn| {
        conn.busy_timeout(Duration::from_mins(1))?;
        conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
    });
    r2d2::Pool::builder().max_size(u32::try_from(size).unwrap()).build(manager).unwrap()
}

/// What `domain::cards::create` does, one transaction on whichever connection is free.
pub(crate) fn create(pool: &Pool, user: UserId, n: u64) -> String {
    let ids = Ids::new();
    let now = Clock::system().now();
    let mut conn = pool.get().unwrap();
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    let slug = insert(&tx, user, &ids.next::<()>(now), n, now);
    tx.commit().unwrap();
    slug
}

fn insert(
    tx: &rusqlite::Connection,
    user: UserId,
    id: &cardinal::id::Id<()>,
    n: u64,
    now: Millis,
) -> String {
    let mut held = tx
        .prepare_cached(
            "INSERT INTO card_holders(user_id, card_count) VALUES (?1, 1)
             ON CONFLICT(user_id) DO UPDATE SET card_count = card_count + 1
             WHERE card_count < (SELECT max_cards FROM subscriptions JOIN tiers USING(tier)
                                 WHERE user_id = ?1)
             RETURNING card_count",
        )
        .unwrap();
    let count: i64 = held.query_row(params![user], |row| row.get(0)).unwrap();
    let name = format!("Card {n:x}");
    let base = slugs::slugify(&name);
    for attempt in 0..slugs::ATTEMPTS {
        let slug = slugs::candidate(&base, attempt);
        let mut insert = tx
            .prepare_cached(
                "INSERT INTO cards(id, user_id, slug, name, template_type, fields_config,
                   design_config, visibility, lead_routing, is_default, created_ms, updated_ms)
                 VALUES (?1, ?2, ?3, ?4, 'personal-small', '{}', '{}', 'public', 'owner', ?5, ?6, ?6)
                 ON CONFLICT(slug) DO NOTHING",
            )
            .unwrap();
        if insert.execute(params![id, user, slug, name, count == 1, now]).unwrap() == 1 {
            return slug;
        }
    }
    unreachable!("ten names were taken")
}

/// A public card as JSON, counted in a transaction of its own.
fn read(pool: &Pool, slug: &str) -> Response {
    let conn = pool.get().unwrap();
    let sql =
        "SELECT c.id, c.name, c.template_type, c.design_config, c.updated_ms, u.handle, p.full_name
               FROM cards c JOIN users u ON u.id = c.user_id
               LEFT JOIN personal_info p ON p.user_id = u.id
               WHERE c.slug = ?1 AND c.is_active = 1 AND c.visibility <> 'private'";
    let (id, card) = conn
        .prepare_cached(sql)
        .unwrap()
        .query_row(params![slug], |row| {
            let (name, template): (String, String) = (row.get(1)?, row.get(2)?);
            let (design, updated): (String, i64) = (row.get(3)?, row.get(4)?);
            let (handle, full_name): (String, Option<String>) = (row.get(5)?, row.get(6)?);
            let card = json!({
                "slug": slug, "name": name, "template_type": template, "design": design,
                "updated_ms": updated, "handle": handle, "person": {"full_name": full_name},
            });
            Ok((row.get::<_, Vec<u8>>(0)?, card))
        })
        .unwrap();
    let sql = "INSERT INTO card_days(card_id, day, class, views, visitors, clicks)
               VALUES (?1, unixepoch() / 86400, 'bot', 1, 0, 0)
               ON CONFLICT(card_id, day, class) DO UPDATE SET views = views + 1";
    conn.prepare_cached(sql).unwrap().execute(params![id]).unwrap();
    Response::json(200, &card)
}

/// The plain way behind the same server.
struct Plain(Pool);

impl Service for Plain {
    fn body_limit(&self, _: &Head) -> usize {
        Limits::default().body_bytes_max
    }

    fn respond(&self, request: Request) -> Response {
        if let Some(slug) = request.head.path.strip_prefix("/c/") {
            return read(&self.0, slug);
        }
        let field = request.head.headers.get("authorization").unwrap();
        let token = Token::parse(field.trim_start_matches("Bearer "), &[TokenKind::Api]).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let name = body["name"].as_str().unwrap();
        let n = u64::from_str_radix(name.trim_start_matches("Card "), 16).unwrap();
        let user: UserId = {
            let conn = self.0.get().unwrap();
            let sql = "SELECT user_id FROM api_tokens WHERE token_hash = ?1";
            let mut found = conn.prepare_cached(sql).unwrap();
            found.query_row(params![token.hash()], |row| row.get(0)).unwrap()
        };
        let slug = create(&self.0, user, n);
        Response::json(201, &json!({"slug": slug, "name": name}))
    }

    fn refuse(&self, problem: Problem, _: Option<&Head>) -> Response {
        problem.into_response("plain")
    }
}

pub(crate) struct Served {
    server: Server,
    pub(crate) people: Vec<Member>,
    pub(crate) config: Config,
    _dir: TempDir,
}

impl Served {
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.local_addr()
    }
}

pub(crate) fn serve(connections: usize) -> Served {
    let dir = tempfile::tempdir().unwrap();
    let config = Config::new(dir.path());
    drop(Store::open(&config, Clock::system()).unwrap());
    let people = members(&config, connections);
    let service = Arc::new(Plain(pool(&config, connections.min(32))));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server::start(listener, service, &config.limits).unwrap();
    Served { server, people, config, _dir: dir }
}
