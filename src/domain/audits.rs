//! The invariants of the product as questions to a database, each answered by the rows that break it. The
//! schema and the verbs keep them; `cardinal check` and `cardinal race` look all the same.

use crate::error::Result;
use crate::store::{Read, params};

/// An invariant.
#[derive(Debug, Clone, Copy)]
pub struct Audit {
    /// Its name.
    pub name: &'static str,
    /// What holds.
    pub holds: &'static str,
    /// A query for what breaks it: one text column, one row each.
    sql: &'static str,
}

/// How many rows break an invariant, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Rows that break it.
    pub violations: usize,
    /// The first few, for a person.
    pub examples: Vec<String>,
}

/// Every invariant. SCAN: an audit looks at every row.
pub const AUDITS: &[Audit] = &[
    Audit {
        name: "one-default",
        holds: "whoever has a card has exactly one default card",
        sql: "SELECT hex(user_id) || ' has ' || sum(is_default) FROM cards
              GROUP BY user_id HAVING sum(is_default) <> 1",
    },
    Audit {
        name: "card-count",
        holds: "the quota's counter is the number of cards",
        sql: "SELECT hex(coalesce(h.user_id, c.user_id)) || ': ' || coalesce(card_count, 0)
                     || ' counted, ' || coalesce(cards, 0) || ' there'
              FROM card_holders h
              FULL JOIN (SELECT user_id, count(*) AS cards FROM cards GROUP BY user_id) c
                ON c.user_id = h.user_id
              WHERE card_count IS NOT cards",
    },
    Audit {
        name: "card-quota",
        holds: "nobody has more cards than any tier allows",
        sql: "SELECT hex(user_id) || ' has ' || card_count FROM card_holders
              WHERE card_count > (SELECT max(max_cards) FROM tiers)",
    },
    Audit {
        name: "slug-unique",
        holds: "no slug stands twice, whatever the index says",
        sql: "SELECT slug FROM cards NOT INDEXED GROUP BY slug HAVING count(*) > 1",
    },
    Audit {
        name: "slug-owner",
        holds: "no slug is borne by somebody while it is reserved or was another's",
        sql: "SELECT c.slug FROM cards c JOIN slugs s ON s.slug = c.slug
              WHERE s.user_id IS NOT c.user_id",
    },
    Audit {
        name: "link-positions",
        holds: "a card's links stand at 0, 1, 2, … without a gap",
        sql: "SELECT hex(card_id) FROM card_links GROUP BY card_id
              HAVING max(position) <> count(*) - 1 OR min(position) <> 0",
    },
    Audit {
        name: "editions",
        holds: "every person's cards have an edition that can be stepped",
        sql: "WITH RECURSIVE bytes(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM bytes WHERE n < 255)
              SELECT 'part ' || n || ' is missing' FROM bytes
              WHERE NOT EXISTS(SELECT 1 FROM public_editions WHERE part = unhex(printf('%02x', n)))",
    },
    Audit {
        name: "subscription",
        holds: "every person has a subscription",
        sql: "SELECT hex(id) FROM users
              WHERE NOT EXISTS(SELECT 1 FROM subscriptions WHERE user_id = users.id)",
    },
    Audit {
        name: "trial-account",
        holds: "an account has come of one trial at most",
        sql: "SELECT hex(user_id) FROM trials WHERE user_id IS NOT NULL
              GROUP BY user_id HAVING count(*) > 1",
    },
    Audit {
        name: "invite-request",
        holds: "a code was made for a request only where it was approved",
        sql: "SELECT r.email_norm FROM invites i JOIN invite_requests r ON r.id = i.request_id
              WHERE r.status <> 'approved'",
    },
    Audit {
        name: "ledger-sum",
        holds: "all accounts together hold nothing",
        sql: "SELECT 'the sum is ' || sum(posted) FROM credit_accounts HAVING sum(posted) <> 0",
    },
    Audit {
        name: "ledger-account",
        holds: "every person has an account, and none holds less than is set aside",
        sql: "SELECT hex(id) || ' has no account' FROM users
              WHERE NOT EXISTS(SELECT 1 FROM credit_accounts a WHERE a.id = users.id)
              UNION ALL
              SELECT hex(id) || ' has ' || (posted - held) FROM credit_accounts
              WHERE kind = 'user' AND posted < held",
    },
    Audit {
        name: "ledger-balance",
        holds: "what stands on an account is what its transfers moved",
        sql: "SELECT hex(a.id) || ' has ' || a.posted || ' and moved ' || coalesce(m.moved, 0)
              FROM credit_accounts a LEFT JOIN (
                SELECT id, sum(moved) AS moved FROM (
                  SELECT debit_id AS id, -amount AS moved FROM credit_transfers
                  WHERE kind IN ('grant', 'charge', 'capture', 'reversal')
                  UNION ALL
                  SELECT credit_id, amount FROM credit_transfers
                  WHERE kind IN ('grant', 'charge', 'capture', 'reversal')) GROUP BY id) m
                ON m.id = a.id
              WHERE a.posted <> coalesce(m.moved, 0)",
    },
    Audit {
        name: "ledger-chain",
        holds: "an account's transfers are numbered without a gap, the last says its balance",
        sql: "SELECT hex(a.id) FROM credit_accounts a LEFT JOIN (
                SELECT account_id, count(*) AS n, max(seq) AS last FROM credit_transfers
                GROUP BY account_id) t ON t.account_id = a.id
              WHERE a.kind = 'user' AND (a.moves <> coalesce(t.n, 0) OR a.moves <> coalesce(t.last, 0)
                OR a.posted <> coalesce((SELECT balance_after FROM credit_transfers
                     WHERE account_id = a.id AND seq = a.moves), 0))",
    },
    Audit {
        name: "ledger-held",
        holds: "what is set aside is the sum of the reservations that are not resolved",
        sql: "SELECT hex(a.id) || ' holds ' || a.held || ' of ' || coalesce(h.held, 0)
              FROM credit_accounts a LEFT JOIN (
                SELECT t.account_id, sum(t.amount) AS held
                FROM credit_holds h JOIN credit_transfers t ON t.id = h.transfer_id
                GROUP BY t.account_id) h ON h.account_id = a.id
              WHERE a.held <> coalesce(h.held, 0)",
    },
    Audit {
        name: "ledger-resolution",
        holds: "a reservation is either held or resolved",
        sql: "SELECT hex(r.id) FROM credit_transfers r WHERE r.kind = 'reservation'
                AND EXISTS(SELECT 1 FROM credit_holds WHERE transfer_id = r.id)
                  = EXISTS(SELECT 1 FROM credit_transfers WHERE resolves_id = r.id)",
    },
    Audit {
        name: "lead-holder",
        holds: "whom a lead is with is whom its newest claim says",
        sql: "SELECT hex(l.id) FROM leads l
              LEFT JOIN lead_claims c ON c.lead_id = l.id AND c.epoch = l.claim_epoch
              WHERE c.user_id IS NOT l.assigned_to OR (l.claim_epoch > 0) <> (c.epoch IS NOT NULL)",
    },
    Audit {
        name: "lead-epochs",
        holds: "a lead's epochs are numbered without a gap up to the one that it is in",
        sql: "SELECT hex(l.id) || ' is in epoch ' || l.claim_epoch || ' of ' || count(c.epoch)
              FROM leads l LEFT JOIN lead_claims c ON c.lead_id = l.id GROUP BY l.id
              HAVING count(c.epoch) <> l.claim_epoch OR coalesce(max(c.epoch), 0) <> l.claim_epoch",
    },
    Audit {
        name: "lead-twice",
        holds: "no address has left the same at a card twice within a day",
        sql: "SELECT hex(id) FROM (SELECT id, created_ms - lag(created_ms) OVER (
                PARTITION BY card_id, email_norm, message ORDER BY created_ms, id) AS gap_ms FROM leads)
              WHERE gap_ms < 86400000",
    },
    Audit {
        name: "xp",
        holds: "points are the sum of what brought them",
        sql: "SELECT hex(coalesce(p.user_id, e.user_id)) || ': ' || coalesce(xp, 0) || ' kept, '
                     || coalesce(brought, 0) || ' brought'
              FROM progress p
              FULL JOIN (SELECT user_id, sum(xp) AS brought FROM xp_events GROUP BY user_id) e
                ON e.user_id = p.user_id
              WHERE xp IS NOT brought",
    },
    Audit {
        name: "streak",
        holds: "no streak is longer than the days that have counted are many",
        sql: "SELECT hex(user_id) || ' has ' || longest FROM streaks
              WHERE longest > (SELECT count(*) FROM xp_events e
                               WHERE e.user_id = streaks.user_id AND source = 'check-in')",
    },
    Audit {
        name: "topic-quota",
        holds: "nobody has more than 100 topics",
        sql: "SELECT hex(user_id) || ' has ' || count(*) FROM topics
              GROUP BY user_id HAVING count(*) > 100",
    },
    Audit {
        name: "flag-history",
        holds: "every version of a flag has its entry in the history",
        sql: "SELECT f.key || ' is at version ' || f.version || ' with ' || count(a.key) || ' entries'
              FROM flags f LEFT JOIN flag_audit a ON a.key = f.key GROUP BY f.key
              HAVING count(a.key) <> f.version OR max(a.flag_version) <> f.version",
    },
    Audit {
        name: "job-state",
        holds: "a job is leased while it runs, finished when it is over, within its attempts",
        sql: "SELECT hex(id) || ' is ' || state FROM jobs
              WHERE (state = 'running') <> (lease_until_ms IS NOT NULL)
                 OR (state IN ('available', 'running')) <> (finished_ms IS NULL)
                 OR attempt > max_attempts OR attempt > lease_token",
    },
    Audit {
        name: "job-key",
        holds: "no two open jobs of a kind have one dedupe key, whatever the index says",
        sql: "SELECT kind || ' ' || dedupe_key FROM jobs NOT INDEXED
              WHERE dedupe_key IS NOT NULL AND state IN ('available', 'running')
              GROUP BY kind, dedupe_key HAVING count(*) > 1",
    },
    Audit {
        name: "mail-job",
        holds: "a mail stands as its job does, as long as that is kept",
        sql: "SELECT hex(m.id) || ' is ' || m.state || ', its job ' || j.state
              FROM mails m JOIN jobs j ON j.id = m.id
              WHERE j.queue <> 'cardinal-mail' OR m.state <> CASE j.state WHEN 'completed' THEN 'sent'
                WHEN 'dead' THEN 'failed' WHEN 'cancelled' THEN 'cancelled' ELSE 'queued' END
              UNION ALL
              SELECT hex(id) || ' is queued without a job' FROM mails
              WHERE state = 'queued' AND NOT EXISTS(SELECT 1 FROM jobs WHERE jobs.id = mails.id)",
    },
    Audit {
        name: "mail-charge",
        holds: "a mail that costs is charged once, and given back if and only if it was not sent",
        sql: "SELECT hex(m.id) || ' is ' || m.state || ' for ' || m.price FROM mails m
              LEFT JOIN credit_transfers c ON c.id = m.charge_id
              LEFT JOIN credit_transfers r ON r.reverses_id = m.charge_id
              WHERE (m.price > 0) <> (c.id IS NOT NULL)
                 OR m.price > 0 AND (c.kind <> 'charge' OR c.amount <> m.price
                                     OR c.account_id <> m.user_id)
                 OR m.price > 0 AND m.state IN ('failed', 'cancelled') AND r.id IS NULL
                 OR m.state IN ('queued', 'sent') AND r.id IS NOT NULL AND r.actor IS NULL",
    },
    Audit {
        name: "webhook-quota",
        holds: "nobody has more webhooks than any tier allows",
        sql: "SELECT hex(user_id) || ' has ' || count(*) FROM webhooks
              GROUP BY user_id HAVING count(*) > (SELECT max(max_webhooks) FROM tiers)",
    },
    Audit {
        name: "webhook-secret",
        holds: "a secret of before is another one, and signs for a day at most after the change",
        sql: "SELECT hex(id) FROM webhooks
              WHERE old_secret = secret OR old_until_ms > updated_ms + 86400000",
    },
    Audit {
        name: "delivery-job",
        holds: "a message that is on its way has an open job, and one of its own",
        sql: "SELECT hex(event_id) FROM deliveries d NOT INDEXED
              WHERE state = 'pending' AND NOT EXISTS(
                SELECT 1 FROM jobs j WHERE j.id = d.job_id AND j.kind = 'webhook.deliver'
                  AND j.state IN ('available', 'running'))
              UNION ALL
              SELECT hex(job_id) FROM deliveries NOT INDEXED WHERE state = 'pending'
              GROUP BY job_id HAVING count(*) > 1",
    },
    Audit {
        name: "event-subject",
        holds: "whatever happened, happened to a share or a card that is there",
        sql: "SELECT subject_kind || ' ' || hex(subject_id) FROM event_firsts
              WHERE NOT EXISTS(SELECT 1 FROM shares WHERE subject_kind = 'share' AND id = subject_id)
                AND NOT EXISTS(SELECT 1 FROM cards WHERE subject_kind = 'card' AND id = subject_id)",
    },
    Audit {
        name: "event-views",
        holds: "a card's days add up to its views, people's to people's",
        sql: "SELECT hex(coalesce(f.id, d.id)) FROM (
                SELECT subject_id AS id, total, human_total FROM event_firsts
                WHERE subject_kind = 'card' AND type = 'view') f
              FULL JOIN (
                SELECT card_id AS id, sum(views) AS total, sum(iif(class = 'human', views, 0)) AS people
                FROM card_days WHERE class <> 'prefetch' AND views > 0 GROUP BY card_id) d
                ON d.id = f.id
              WHERE f.total IS NOT d.total OR f.human_total IS NOT d.people",
    },
    Audit {
        name: "event-clicks",
        holds: "a share's days add up to its clicks, and those of a card's shares to the card's",
        sql: "SELECT hex(coalesce(f.id, d.id)) FROM (
                SELECT subject_id AS id, total, human_total FROM event_firsts
                WHERE subject_kind = 'share' AND type = 'click') f
              FULL JOIN (
                SELECT share_id AS id, sum(clicks) AS total, sum(iif(class = 'human', clicks, 0)) AS people
                FROM share_days WHERE class <> 'prefetch' GROUP BY share_id) d ON d.id = f.id
              WHERE f.total IS NOT d.total OR f.human_total IS NOT d.people
              UNION ALL
              SELECT hex(coalesce(c.card_id, s.card_id)) FROM (
                SELECT card_id, day, class, clicks FROM card_days WHERE clicks > 0) c
              FULL JOIN (
                SELECT card_id, day, class, sum(clicks) AS clicks
                FROM share_days JOIN shares ON id = share_id GROUP BY card_id, day, class) s
                ON s.card_id = c.card_id AND s.day = c.day AND s.class = c.class
              WHERE c.clicks IS NOT s.clicks",
    },
    Audit {
        name: "event-visitors",
        holds: "a day's visitors are those that its hashes tell apart, as long as there are any",
        sql: "SELECT hex(d.card_id) || ' had ' || d.visitors || ' and knows ' || count(u.visitor)
              FROM card_days d LEFT JOIN event_uniques u ON u.card_id = d.card_id AND u.day = d.day
              WHERE d.class = 'human' AND d.day IN (SELECT day FROM visitor_salts)
              GROUP BY d.card_id, d.day HAVING d.visitors <> count(u.visitor)",
    },
    Audit {
        name: "session-use",
        holds: "of every login it is known when it was used last",
        sql: "SELECT hex(id) FROM sessions
              WHERE NOT EXISTS(SELECT 1 FROM session_uses WHERE session_id = sessions.id)",
    },
    Audit {
        name: "reset-link",
        holds: "nobody has two live links for a new password, whatever the index says",
        sql: "SELECT hex(user_id) FROM password_resets NOT INDEXED WHERE used_ms IS NULL
              GROUP BY user_id HAVING count(*) > 1",
    },
];

/// Asks one.
pub fn ask(read: &Read<'_>, audit: &Audit) -> Result<Finding> {
    let broken: Vec<String> = read.all(audit.sql, params![], |row| row.get(0))?;
    let violations = broken.len();
    Ok(Finding { violations, examples: broken.into_iter().take(5).collect() })
}

/// SQLite's own two checks: pages, indexes, NOT NULL, CHECK and UNIQUE; and foreign keys, which the first
/// leaves out.
pub fn integrity(read: &Read<'_>) -> Result<Finding> {
    let told: Vec<String> = read.all("PRAGMA integrity_check", params![], |row| row.get(0))?;
    let mut examples: Vec<String> = told.into_iter().filter(|line| line != "ok").collect();
    let orphans: Vec<String> = read.all("PRAGMA foreign_key_check", params![], |row| {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        Ok(format!("a row of {table} refers to no row of {parent}"))
    })?;
    examples.extend(orphans);
    Ok(Finding { violations: examples.len(), examples })
}
