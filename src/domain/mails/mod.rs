//! Mails. Owns table `mails`. A mail is made in one transaction with the job that sends it and the charge that it
//! costs, and its state follows the job's. What becomes of it is told under the job's lease, and a mail that is given
//! up or cancelled gives its charge back in the transaction of that end: the schema lets no other commit.
//!
//! **What is sent how often.** Once per mail, but for one window: the server has taken the mail over (its 250) and
//! the note of that is not committed when the program is killed, or the answer does not arrive. Nobody can know then
//! whether it was taken, and the mail is sent again, since a double is better than a mail that is missing. Whoever
//! receives it can tell: `Message-ID`, `Date` and body are made of what is in the database, the same in each attempt.
//! Everything else happens exactly once: the job is made, the charge taken and given back.
//!
//! **Cancelled while it is sent**: whether it got out is not known, so it costs nothing.

mod letter;

use super::credits::{self, Order, Reason, TransferId};
use super::events::{self, Event, Reporter};
use super::jobs::{self, Job, JobId, Lease, NewJob};
use super::shares::{Share, ShareId};
use super::users::UserId;
use super::{named, public_cards};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::store::tx::named;
use crate::store::{Read, Row, RowResult, Tx, params};
use serde_json::json;
use std::time::Duration;

pub use letter::{Letter, Post, Sealed, address_rule};

/// The kind of the jobs that mail a share.
pub const SHARE: &str = "share";

/// Pauses after the first failure, the second, and so on, each give or take a tenth: servers that ask strangers to
/// come again (greylisting) take them after some minutes, and one that is down is up within a day.
const PAUSES: [Duration; 9] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
    Duration::from_hours(4),
    Duration::from_hours(8),
    Duration::from_hours(8),
];
/// How long a mail is kept whose share is gone.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// How a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits, or is being sent.
    Queued,
    /// A server took it over, or it is in the outbox.
    Sent,
    /// It was given up.
    Failed,
    /// It is not to be sent any more.
    Cancelled,
}
named!(State {
    Queued => "queued",
    Sent => "sent",
    Failed => "failed",
    Cancelled => "cancelled",
});

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its job.
    pub job: JobId,
    /// How it stands.
    pub state: State,
    /// Credits that it costs.
    pub price: i64,
    /// Why the last attempt failed, if one did.
    pub error: Option<String>,
    /// When it was sent, given up or cancelled.
    pub finished: Option<Millis>,
}

fn from_row(row: &Row<'_>) -> RowResult<Mail> {
    Ok(Mail {
        job: row.get(0)?,
        state: named(row, 1)?,
        price: row.get(2)?,
        error: row.get(3)?,
        finished: row.get(4)?,
    })
}

/// Mails a share to its recipient for so many credits. `insufficient-credits`; `card-hidden` if whoever followed the
/// link would not be shown the card.
pub fn send(tx: &Tx<'_>, user: UserId, share: &Share, price: i64) -> Result<Mail> {
    match public_cards::assert_visible(tx, share.card) {
        Err(Error::NotFound(_) | Error::Gone(_)) => {
            let detail = "This card is private or paused: the mail would lead nowhere.";
            return Err(Error::conflict("card-hidden", detail));
        }
        other => other?,
    }
    let new = NewJob {
        queue: jobs::MAIL.into(),
        kind: SHARE.into(),
        payload: json!({"tracking_id": share.tracking_id}).to_string(),
        run_at: None,
        priority: jobs::PRIORITY,
        max_attempts: i64::try_from(PAUSES.len() + 1).unwrap_or(jobs::ATTEMPTS),
        dedupe_key: None,
    };
    let job = jobs::enqueue(tx, &new)?.0.id;
    let charge = charge(tx, user, job, price)?;
    tx.change(
        "INSERT INTO mails(id, share_id, user_id, price, charge_id, created_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![job, share.id, user, price, charge, tx.now()],
    )?
    .any();
    Ok(Mail { job, state: State::Queued, price, error: None, finished: None })
}

fn charge(tx: &Tx<'_>, user: UserId, job: JobId, price: i64) -> Result<Option<TransferId>> {
    if price == 0 {
        return Ok(None);
    }
    let memo = format!("mail {job}");
    let by = Some((user, None));
    let order = Order { by, amount: price, reason: Reason::Feature, memo };
    Ok(Some(credits::charge(tx, user, &order)?.id))
}

/// The mail of a share, if it was mailed.
pub fn of_share(read: &Read<'_>, share: ShareId) -> Result<Option<Mail>> {
    let sql = "SELECT id, state, price, error, finished_ms FROM mails WHERE share_id = ?1";
    read.maybe(sql, params![share], from_row)
}

/// Sooner than this nobody has read a mail.
const TOO_SOON: Duration = Duration::from_secs(2);

/// Whether a share that goes by mail, made at `made`, is so new at its recipient's that only a program on the mail's
/// way can follow it. Where we send the mail, it is new when it was sent.
pub fn is_unread(read: &Read<'_>, share: ShareId, made: Millis) -> Result<bool> {
    let sql = "SELECT finished_ms FROM mails WHERE share_id = ?1 AND state = 'sent'";
    let sent = read.maybe(sql, params![share], |row| row.get(0))?;
    Ok(read.now().since(sent.unwrap_or(made)) < TOO_SOON)
}

/// Gives back what mails cost that were given up or cancelled. To be called with every job that may have come to such
/// an end, in the transaction of the end: it does not commit otherwise. Once more changes nothing.
pub fn settle(tx: &Tx<'_>, ended: &[JobId]) -> Result<()> {
    for job in ended {
        let owed: Option<TransferId> = tx.maybe(
            "SELECT given_back FROM mails WHERE id = ?1 AND given_back IS NOT NULL",
            params![job],
            |row| row.get(0),
        )?;
        if let Some(charge) = owed {
            credits::give_back(tx, charge, &format!("mail {job} was not sent"))?;
        }
    }
    Ok(())
}

/// Makes a job available again, as [`jobs::retry`] does. A mail whose charge was given back is charged anew:
/// `insufficient-credits`.
pub fn retry(tx: &Tx<'_>, id: JobId) -> Result<Job> {
    let owed: Option<(UserId, i64)> = tx.maybe(
        "SELECT user_id, price FROM mails WHERE id = ?1 AND given_back IS NOT NULL",
        params![id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let job = jobs::retry(tx, id)?;
    if let Some((user, price)) = owed {
        let charge = charge(tx, user, id, price)?;
        let sql = "UPDATE mails SET charge_id = ?2 WHERE id = ?1 AND state = 'queued'";
        tx.change(sql, params![id, charge])?
            .one_or(|| Error::internal("a mail did not follow its job"))?;
    }
    Ok(job)
}

/// What is to be done about a job of the mail queue.
#[derive(Debug)]
pub enum Next {
    /// This is to be sent.
    Send(Box<Letter>),
    /// There is nothing to send any more, for this reason.
    GiveUp(&'static str),
}

/// What a job is to send. Asked in each attempt: the card may be hidden by now, or gone.
pub fn begin(read: &Read<'_>, job: JobId) -> Result<Next> {
    let found: Option<(Option<ShareId>, Millis)> =
        read.maybe("SELECT share_id, created_ms FROM mails WHERE id = ?1", params![job], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let Some((share, created)) = found else { return Ok(Next::GiveUp("there is no such mail")) };
    let letter = read.maybe(
        "SELECT s.tracking_id, s.recipient, s.card_id, c.name, u.display_name, u.email,
           u.disabled_ms IS NOT NULL
         FROM shares s JOIN cards c ON c.id = s.card_id JOIN users u ON u.id = s.user_id
         WHERE s.id = ?1 AND s.recipient IS NOT NULL",
        params![share],
        |row| {
            let letter = Letter {
                job,
                created,
                tracking_id: row.get(0)?,
                recipient: row.get(1)?,
                card: row.get(3)?,
                sender: row.get(4)?,
                reply_to: row.get(5)?,
            };
            Ok((letter, row.get(2)?, row.get::<_, bool>(6)?))
        },
    )?;
    let Some((letter, card, is_disabled)) = letter else {
        return Ok(Next::GiveUp("the card was deleted"));
    };
    if is_disabled {
        return Ok(Next::GiveUp("the sender's account is disabled"));
    }
    match public_cards::assert_visible(read, card) {
        Ok(()) => Ok(Next::Send(Box::new(letter))),
        Err(Error::NotFound(_) | Error::Gone(_)) => {
            Ok(Next::GiveUp("the card is not shown any more"))
        }
        Err(fault) => Err(fault),
    }
}

/// What an attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It was taken over.
    Sent,
    /// It was not, and may be later.
    Later {
        /// Why, for whoever sent it.
        why: &'static str,
        /// The same in the server's words, for the operator.
        log: String,
    },
    /// It never will be.
    Refused {
        /// Why, for whoever sent it.
        why: &'static str,
        /// The same in the server's words, for the operator.
        log: String,
        /// Whether it is the recipient that was refused.
        bounced: bool,
    },
}

/// Notes what an attempt came to, under the job's lease: a worker that has lost it notes nothing (`lease-lost`).
pub fn finish(tx: &Tx<'_>, lease: Lease, told: &Told) -> Result<Job> {
    let why = match told {
        Told::Sent => None,
        Told::Later { why, .. } | Told::Refused { why, .. } => Some(*why),
    };
    let sql = "UPDATE mails SET error = ?2 WHERE id = ?1 AND state = 'queued'";
    tx.change(sql, params![lease.job, why])?.any();
    let job = match told {
        Told::Sent => jobs::complete(tx, lease)?,
        Told::Later { log, .. } => {
            let attempt = jobs::find(tx, lease.job)?.attempt;
            jobs::fail(tx, lease, log, Some(jobs::planned_pause(&PAUSES, attempt)))?
        }
        Told::Refused { log, bounced, .. } => {
            let job = jobs::give_up(tx, lease, log)?;
            if *bounced {
                note_bounce(tx, lease.job)?;
            }
            job
        }
    };
    settle(tx, &[lease.job])?;
    Ok(job)
}

fn note_bounce(tx: &Tx<'_>, job: JobId) -> Result<()> {
    let share: Option<(String, UserId)> = tx.maybe(
        "SELECT s.tracking_id, s.user_id FROM mails m JOIN shares s ON s.id = m.share_id WHERE m.id = ?1",
        params![job],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if let Some((tracking_id, owner)) = share {
        events::record(tx, Reporter::Owner(owner), &tracking_id, Event::Bounce)?;
    }
    Ok(())
}

/// Lets a job go that was cancelled while it was sent.
pub fn let_go(tx: &Tx<'_>, lease: Lease) -> Result<Job> {
    let job = jobs::fail(tx, lease, "It was cancelled while it was sent.", None)?;
    settle(tx, &[lease.job])?;
    Ok(job)
}

/// Deletes mails whose share is gone and whose end is long ago, at most `limit`; how many.
pub fn prune(tx: &Tx<'_>, limit: u32) -> Result<usize> {
    let kept_ms = i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
    let gone = tx.change(
        "DELETE FROM mails WHERE id IN (
           SELECT id FROM mails WHERE share_id IS NULL AND finished_ms IS NOT NULL
             AND finished_ms <= ?1 - ?2 LIMIT ?3)",
        params![tx.now(), kept_ms, limit],
    )?;
    Ok(gone.count())
}
