//! Endpoints. Owns table `webhooks`.

use super::{End, Event, Overview, Secret, Setting, Webhook, WebhookId};
use crate::domain::ids::UserId;
use crate::domain::jobs::{self, JobId};
use crate::error::{Error, Result};
use crate::store::tx::{Named, named};
use crate::store::{Read, Row, RowResult, Tx, params};
use serde_json::json;
use std::time::Duration;

/// How long messages are signed with the secret of before, too.
const OLD_SECRET_LIFE: Duration = Duration::from_hours(24);

/// A query for whole endpoints; `$rest` begins behind the table's name.
macro_rules! select_webhooks {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, url, description, events, is_active, ended_for, version, created_ms,
               updated_ms
             FROM webhooks ",
            $rest
        )
    };
}

fn from_row(row: &Row<'_>) -> RowResult<Webhook> {
    let names: String = row.get(4)?;
    let ended_for: Option<String> = row.get(6)?;
    Ok(Webhook {
        id: row.get(0)?,
        user: row.get(1)?,
        setting: Setting {
            url: row.get(2)?,
            description: row.get(3)?,
            events: names.split(' ').filter_map(Event::from_name).collect(),
            is_active: row.get(5)?,
        },
        ended_for: if ended_for.is_some() { Some(named(row, 6)?) } else { None },
        version: row.get(7)?,
        created: row.get(8)?,
        updated: row.get(9)?,
    })
}

fn names(events: &[Event]) -> String {
    events.iter().map(|event| event.name()).collect::<Vec<_>>().join(" ")
}

/// Makes an endpoint, if the person's tier allows another: count and act are one statement. `quota-exceeded`.
pub fn create(tx: &Tx<'_>, user: UserId, setting: &Setting, secret: &Secret) -> Result<Webhook> {
    let id: WebhookId = tx.new_id();
    let made = tx.change(
        "INSERT INTO webhooks(id, user_id, url, description, events, secret, created_ms, updated_ms)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7
         WHERE (SELECT count(*) FROM webhooks WHERE user_id = ?2)
             < (SELECT max_webhooks FROM allowances WHERE user_id = ?2)",
        params![
            id,
            user,
            setting.url,
            setting.description,
            names(&setting.events),
            secret.as_bytes(),
            tx.now(),
        ],
    )?;
    if made.count() == 1 {
        return find(tx, user, id);
    }
    let sql = "SELECT max_webhooks FROM allowances WHERE user_id = ?1";
    let max: i64 = tx.one(sql, params![user], |row| row.get(0))?;
    let detail = format!("Your tier allows {max} webhooks, and you have them.");
    Err(Error::conflict_with("quota-exceeded", detail, [("limit", json!(max))]))
}

/// A person's endpoint; somebody else's is as absent as none.
pub fn find(read: &Read<'_>, user: UserId, id: WebhookId) -> Result<Webhook> {
    read.maybe(select_webhooks!("WHERE id = ?1 AND user_id = ?2"), params![id, user], from_row)?
        .ok_or(Error::NotFound("webhook"))
}

/// A person's endpoints after `after`, oldest first.
pub fn list(
    read: &Read<'_>,
    user: UserId,
    after: Option<WebhookId>,
    limit: u32,
) -> Result<Vec<Webhook>> {
    read.all(
        select_webhooks!("WHERE user_id = ?1 AND id > coalesce(?2, x'') ORDER BY id LIMIT ?3"),
        params![user, after, limit],
        from_row,
    )
}

/// A query for endpoints with whose they are and how they do; `$rest` begins behind the tables.
macro_rules! select_overviews {
    ($rest:literal) => {
        concat!(
            "SELECT w.id, w.user_id, w.url, w.description, w.events, w.is_active, w.ended_for, w.version,
               w.created_ms, w.updated_ms, u.display_name, f.since_ms,
               (SELECT count(*) FROM deliveries WHERE webhook_id = w.id AND state = 'pending'),
               (SELECT count(*) FROM deliveries WHERE webhook_id = w.id AND state = 'failed')
             FROM webhooks w JOIN users u ON u.id = w.user_id
               LEFT JOIN webhook_failures f ON f.webhook_id = w.id ",
            $rest
        )
    };
}

fn overview(row: &Row<'_>) -> RowResult<Overview> {
    let webhook = from_row(row)?;
    Ok(Overview {
        owner: (webhook.user, row.get(10)?),
        webhook,
        failing_since: row.get(11)?,
        pending: row.get(12)?,
        failed: row.get(13)?,
    })
}

/// Anybody's endpoint, for whoever runs the installation.
pub fn find_anybodys(read: &Read<'_>, id: WebhookId) -> Result<Overview> {
    read.maybe(select_overviews!("WHERE w.id = ?1"), params![id], overview)?
        .ok_or(Error::NotFound("webhook"))
}

/// Everybody's endpoints after `after`, oldest first; those at which something fails or that we have ended, if asked.
pub fn list_everybodys(
    read: &Read<'_>,
    only_failing: bool,
    after: Option<WebhookId>,
    limit: u32,
) -> Result<Vec<Overview>> {
    // SCAN: in the order of the ids, as far as the page goes; by readers, for an admin.
    read.all(
        select_overviews!(
            "WHERE w.id > coalesce(?1, x'')
               AND (NOT ?2 OR w.ended_for IS NOT NULL OR f.since_ms IS NOT NULL)
             ORDER BY w.id LIMIT ?3"
        ),
        params![after, only_failing, limit],
        overview,
    )
}

/// Changes an endpoint at version `expected`. One that we have ended begins anew when it is made active again, and any
/// does at another address.
pub fn update(tx: &Tx<'_>, webhook: &Webhook, expected: i64, setting: &Setting) -> Result<Webhook> {
    tx.change(
        "UPDATE webhooks SET url = ?4, description = ?5, events = ?6, is_active = ?7,
           ended_for = CASE WHEN ?7 THEN NULL ELSE ended_for END,
           version = version + 1, updated_ms = ?8
         WHERE id = ?1 AND user_id = ?2 AND version = ?3",
        params![
            webhook.id,
            webhook.user,
            expected,
            setting.url,
            setting.description,
            names(&setting.events),
            setting.is_active,
            tx.now(),
        ],
    )?
    .one_or(|| Error::NotFound("webhook"))?;
    let is_anew = setting.is_active && !webhook.setting.is_active;
    if is_anew || setting.url != webhook.setting.url {
        super::deliveries::recovered(tx, webhook.id)?;
    }
    find(tx, webhook.user, webhook.id)
}

/// Gives an endpoint a new secret; messages bear the signature of the old one, too, for a day.
pub fn rotate(tx: &Tx<'_>, webhook: &Webhook, secret: &Secret) -> Result<Webhook> {
    tx.change(
        "UPDATE webhooks SET old_secret = secret, old_until_ms = ?3, secret = ?2,
           version = version + 1, updated_ms = ?4
         WHERE id = ?1",
        params![webhook.id, secret.as_bytes(), tx.now().plus(OLD_SECRET_LIFE), tx.now()],
    )?
    .one_or(|| Error::NotFound("webhook"))?;
    find(tx, webhook.user, webhook.id)
}

/// What a message to an endpoint is signed with at the moment, the newest first.
pub(super) fn secrets(read: &Read<'_>, id: WebhookId) -> Result<Vec<Secret>> {
    let sql = "SELECT secret, CASE WHEN old_until_ms > ?2 THEN old_secret END
               FROM webhooks WHERE id = ?1";
    read.one(sql, params![id, read.now()], |row| {
        let (new, old): ([u8; 32], Option<[u8; 32]>) = (row.get(0)?, row.get(1)?);
        Ok([Some(new), old].into_iter().flatten().map(Secret::from_bytes).collect())
    })
}

/// Ends an endpoint that was told at version `told` and answered that it is gone. Whatever its owner has changed since
/// stands: the answer is not about that, and if it is gone all the same the next message tells.
pub(super) fn end_gone(tx: &Tx<'_>, id: WebhookId, told: i64) -> Result<()> {
    tx.change(
        "UPDATE webhooks SET is_active = 0, ended_for = ?3, version = version + 1, updated_ms = ?4
         WHERE id = ?1 AND is_active = 1 AND version = ?2",
        params![id, told, End::Gone.name(), tx.now()],
    )?
    .any();
    Ok(())
}

/// Ends an endpoint at which nothing has arrived for long.
pub(super) fn end_failing(tx: &Tx<'_>, id: WebhookId) -> Result<()> {
    tx.change(
        "UPDATE webhooks SET is_active = 0, ended_for = ?2, version = version + 1, updated_ms = ?3
         WHERE id = ?1 AND is_active = 1",
        params![id, End::Failing.name(), tx.now()],
    )?
    .any();
    Ok(())
}

/// Deletes an endpoint at version `expected`, and with it what is on its way there.
pub fn delete(tx: &Tx<'_>, webhook: &Webhook, expected: i64) -> Result<()> {
    let under_way: Vec<JobId> = tx.all(
        "SELECT job_id FROM deliveries WHERE webhook_id = ?1 AND state = 'pending'",
        params![webhook.id],
        |row| row.get(0),
    )?;
    for job in under_way {
        jobs::cancel(tx, job)?;
    }
    tx.change(
        "DELETE FROM webhooks WHERE id = ?1 AND user_id = ?2 AND version = ?3",
        params![webhook.id, webhook.user, expected],
    )?
    .one_or(|| Error::NotFound("webhook"))
}
