//! What became of a card, day by day. Owns tables `card_days` and `share_days`. Days are UTC's. People stand apart
//! from programs; unique visitors are exact for each day and are not added up over days, since nobody is
//! recognised on another day.

use super::cards::CardId;
use super::shares::{Channel, ShareId};
use super::users::UserId;
use super::visitors::{self, Class, Print};
use crate::clock::Day;
use crate::error::{Error, Result};
use crate::store::tx::{Named, named};
use crate::store::{Read, Tx, params};
use std::collections::BTreeMap;

/// Shares that are told of one day: those followed most.
const SHARES_MAX: u32 = 20;

/// Counts views of a card that came on a day, and the visitors among them that are new that day. A card that is
/// gone counts nothing.
pub fn count_views(
    tx: &Tx<'_>,
    card: CardId,
    (day, class): (Day, Class),
    views: i64,
    prints: &[Print],
) -> Result<()> {
    let fresh = visitors::note(tx, card, day, prints)?;
    tx.change(
        "INSERT INTO card_days(card_id, day, class, views, visitors, clicks)
         SELECT id, ?2, ?3, ?4, ?5, 0 FROM cards WHERE id = ?1
         ON CONFLICT(card_id, day, class) DO UPDATE SET
           views = views + excluded.views, visitors = visitors + excluded.visitors",
        params![card, day.0, class.name(), views, fresh],
    )?
    .any();
    Ok(())
}

/// Counts how often a share's link was followed on a day, for the share and for its card. A share that is gone
/// counts nothing.
pub fn count_clicks(
    tx: &Tx<'_>,
    share: ShareId,
    (day, class): (Day, Class),
    clicks: i64,
) -> Result<()> {
    tx.change(
        "INSERT INTO share_days(share_id, day, class, clicks)
         SELECT id, ?2, ?3, ?4 FROM shares WHERE id = ?1
         ON CONFLICT(share_id, day, class) DO UPDATE SET clicks = clicks + excluded.clicks",
        params![share, day.0, class.name(), clicks],
    )?
    .any();
    tx.change(
        "INSERT INTO card_days(card_id, day, class, views, visitors, clicks)
         SELECT card_id, ?2, ?3, 0, 0, ?4 FROM shares WHERE id = ?1
         ON CONFLICT(card_id, day, class) DO UPDATE SET clicks = clicks + excluded.clicks",
        params![share, day.0, class.name(), clicks],
    )?
    .any();
    Ok(())
}

/// One day of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardDay {
    /// Times it was seen by people.
    pub views: i64,
    /// Different people among them, but for those who do not want to be told apart.
    pub visitors: i64,
    /// Times people followed a link of its shares.
    pub clicks: i64,
    /// Times it was fetched by programs: bots and mail services.
    pub bot_views: i64,
    /// Times programs followed a link of its shares.
    pub bot_clicks: i64,
    /// Times it, or a link of its shares, was fetched before anybody asked for it.
    pub prefetches: i64,
    /// The clicks by share, the most first.
    pub shares: Vec<ShareDay>,
    /// Leads that were left at it.
    pub leads: i64,
}

/// One day of a share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareDay {
    /// What the share is told apart by.
    pub tracking_id: String,
    /// How it was given.
    pub channel: Channel,
    /// Times people followed its link.
    pub clicks: i64,
    /// Times programs did.
    pub bot_clicks: i64,
}

/// The days from `first` to `last` on which something became of an own card.
pub fn of_card(
    read: &Read<'_>,
    user: UserId,
    card: CardId,
    (first, last): (Day, Day),
) -> Result<BTreeMap<Day, CardDay>> {
    let owns = "SELECT 1 FROM cards WHERE id = ?1 AND user_id = ?2";
    let owned = read.maybe(owns, params![card, user], |_| Ok(()))?;
    owned.ok_or(Error::NotFound("card"))?;
    let rows: Vec<(Day, Class, i64, i64, i64)> = read.all(
        "SELECT day, class, views, visitors, clicks FROM card_days
         WHERE card_id = ?1 AND day BETWEEN ?2 AND ?3",
        params![card, first.0, last.0],
        |row| Ok((Day(row.get(0)?), named(row, 1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
    )?;
    let mut days: BTreeMap<Day, CardDay> = BTreeMap::new();
    for (day, class, views, visitors, clicks) in rows {
        let told = days.entry(day).or_default();
        match class {
            Class::Human => {
                (told.views, told.visitors, told.clicks) = (views, visitors, clicks);
            }
            Class::Bot | Class::MailProxy => {
                told.bot_views += views;
                told.bot_clicks += clicks;
            }
            Class::Prefetch => told.prefetches = views + clicks,
        }
    }
    let leads: Vec<(Day, i64)> = read.all(
        "SELECT created_ms / 86400000, count(*) FROM leads
         WHERE card_id = ?1 AND created_ms >= ?2 * 86400000 AND created_ms < (?3 + 1) * 86400000
         GROUP BY 1",
        params![card, first.0, last.0],
        |row| Ok((Day(row.get(0)?), row.get(1)?)),
    )?;
    for (day, leads) in leads {
        days.entry(day).or_default().leads = leads;
    }
    for (day, share) in of_shares(read, card, (first, last))? {
        days.entry(day).or_default().shares.push(share);
    }
    Ok(days)
}

/// How often people saw each of a person's cards on the days from `first` to `last`.
pub fn views(
    read: &Read<'_>,
    user: UserId,
    (first, last): (Day, Day),
) -> Result<Vec<(CardId, Day, i64)>> {
    read.all(
        "SELECT c.id, d.day, d.views FROM cards c JOIN card_days d ON d.card_id = c.id
         WHERE c.user_id = ?1 AND d.class = 'human' AND d.day BETWEEN ?2 AND ?3",
        params![user, first.0, last.0],
        |row| Ok((row.get(0)?, Day(row.get(1)?), row.get(2)?)),
    )
}

fn of_shares(
    read: &Read<'_>,
    card: CardId,
    (first, last): (Day, Day),
) -> Result<Vec<(Day, ShareDay)>> {
    read.all(
        "SELECT day, tracking_id, channel, people, programs FROM (
           SELECT d.day, s.tracking_id, s.channel,
             sum(CASE d.class WHEN 'human' THEN d.clicks ELSE 0 END) AS people,
             sum(CASE WHEN d.class IN ('bot', 'mail_proxy') THEN d.clicks ELSE 0 END) AS programs,
             row_number() OVER (PARTITION BY d.day ORDER BY
               sum(CASE d.class WHEN 'human' THEN d.clicks ELSE 0 END) DESC, s.id) AS place
           FROM shares s JOIN share_days d ON d.share_id = s.id
           WHERE s.card_id = ?1 AND d.day BETWEEN ?2 AND ?3 AND d.class <> 'prefetch'
           GROUP BY d.day, s.id)
         WHERE place <= ?4 ORDER BY day, place",
        params![card, first.0, last.0, SHARES_MAX],
        |row| {
            let share = ShareDay {
                tracking_id: row.get(1)?,
                channel: named(row, 2)?,
                clicks: row.get(3)?,
                bot_clicks: row.get(4)?,
            };
            Ok((Day(row.get(0)?), share))
        },
    )
}
