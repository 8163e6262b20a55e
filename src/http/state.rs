//! What the handlers of one server share.

use super::access::Known;
use super::buffer::Buffer;
use super::rendered::Rendered;
use super::traffic::Traffic;
use super::visitor::{Agents, Visitor};
use crate::clock::Millis;
use crate::config::Config;
use crate::domain::callers::Member;
use crate::domain::events::{Event, Hit, Subject};
use crate::domain::photos::PhotoHash;
use crate::domain::settings::{self, Pepper};
use crate::domain::users::UserId;
use crate::domain::webhooks::Guard;
use crate::domain::{slugs, subscriptions};
use crate::error::{Error, Result, Unavailable};
use crate::id::{Ids, Token, TokenHash};
use crate::store::Store;
use parking_lot::{Condvar, Mutex};
use std::sync::atomic::{AtomicBool, Ordering};

/// One server's store, configuration and memory.
#[derive(Debug)]
pub struct State {
    /// The database.
    pub store: Store,
    /// How the program runs.
    pub config: Config,
    /// The address people reach this server by, without a slash at the end.
    pub public_url: String,
    /// What client addresses are hashed with.
    pub pepper: Pepper,
    /// Callers recognised before.
    pub known: Known,
    /// Tells programs from people.
    pub agents: Agents,
    /// What is to be written in a moment.
    pub buffer: Buffer,
    /// What public cards were rendered to.
    pub rendered: Rendered,
    /// Where webhooks may lead.
    pub guard: Guard,
    /// Who may compute password hashes: each takes tens of milliseconds of a core and megabytes of memory.
    pub hashers: Gate,
    /// Who may decode a picture: one that is let in takes up to a hundred megabytes for a moment.
    pub decoders: Gate,
    /// What is counted of requests.
    pub traffic: Traffic,
    /// Who may paint a picture: each takes some megabytes for a moment, and milliseconds of a core.
    pub painters: Gate,
    /// Makes request ids.
    pub ids: Ids,
    /// Set when a stop was asked for: readiness goes first.
    draining: AtomicBool,
    /// The token of the set-up link, while this process offers one.
    set_up: Mutex<Option<TokenHash>>,
    /// The link that signs in whoever started this process, until it is used.
    entry: Mutex<Option<Entry>>,
}

/// A link that signs somebody in, once.
#[derive(Debug)]
struct Entry {
    token: TokenHash,
    user: UserId,
    until: Millis,
}

impl State {
    /// Readies a store for serving under `public_url`.
    pub fn new(store: Store, config: Config, public_url: &str) -> Result<Self> {
        let tiers = store.read(subscriptions::tiers)?;
        if !tiers.contains(&config.default_tier) {
            let (tier, tiers) = (&config.default_tier, tiers.join(", "));
            return Err(Error::internal(format!("there is no tier {tier:?}; there are {tiers}")));
        }
        let pepper = store.write::<_, Error, _>(|tx| {
            slugs::reserve_words(tx)?;
            settings::pepper(tx)
        })?;
        let hashers =
            Gate::new(config.limits.password_hashes_max, config.limits.password_waiters_max);
        let guard = Guard(config.webhooks.clone());
        let decoders = Gate::new(1, config.limits.photo_waiters_max);
        let painters = Gate::new(1, config.limits.photo_waiters_max);
        let rendered = Rendered::new(config.limits.rendered_bytes_max);
        Ok(Self {
            rendered,
            store,
            config,
            public_url: public_url.trim_end_matches('/').to_owned(),
            pepper,
            known: Known::default(),
            agents: Agents::new()?,
            buffer: Buffer::default(),
            hashers,
            guard,
            decoders,
            traffic: Traffic::default(),
            painters,
            ids: Ids::new(),
            draining: AtomicBool::new(false),
            set_up: Mutex::new(None),
            entry: Mutex::new(None),
        })
    }

    /// Whether people reach this server by https.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Where a card is found.
    pub fn card_url(&self, slug: &str) -> String {
        format!("{}/c/{slug}", self.public_url)
    }

    /// Notes that whoever has been recognised uses a login, unless that was written down not long ago.
    pub fn note_use(&self, member: &Member, now: Millis) {
        if let Some(session) = member.session()
            && member.is_news(now, self.config.limits.session_seen_every)
        {
            self.buffer.note_use(session, now);
        }
    }

    /// Notes what a visitor did, to be counted in a moment.
    pub fn note_hit(&self, subject: Subject, event: Event, visitor: Visitor, now: Millis) {
        let Visitor { class, print } = visitor;
        self.buffer.note_hit(Hit { subject, event, class }, print, now);
    }

    /// Where a share's link is found.
    pub fn share_url(&self, tracking_id: &str) -> String {
        format!("{}/t/{tracking_id}", self.public_url)
    }

    /// Where a photo is found.
    pub fn photo_url(&self, hash: PhotoHash) -> String {
        format!("{}/photos/{hash}.jpg", self.public_url)
    }

    /// Says that the server is about to stop.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// Whether the server is about to stop.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Offers a set-up link, and ends the one that was offered before.
    pub fn offer_set_up(&self, token: &Token) {
        *self.set_up.lock() = Some(token.hash());
    }

    /// Offers a link that signs `user` in, once, until then.
    pub fn offer_entry(&self, token: &Token, user: UserId, until: Millis) {
        *self.entry.lock() = Some(Entry { token: token.hash(), user, until });
    }

    /// Whom the link with this token signs in. It is used up by asking.
    pub fn take_entry(&self, token: &Token, now: Millis) -> Option<UserId> {
        let mut entry = self.entry.lock();
        entry
            .take_if(|entry| entry.token == token.hash())
            .filter(|entry| entry.until > now)
            .map(|entry| entry.user)
    }

    /// Whether this is the token of the set-up link.
    pub fn is_set_up_token(&self, token: &Token) -> bool {
        *self.set_up.lock() == Some(token.hash())
    }
}

/// Lets few requests at once do what takes a core and memory.
#[derive(Debug)]
pub struct Gate {
    places: Mutex<Places>,
    freed: Condvar,
    waiters_max: usize,
}

#[derive(Debug)]
struct Places {
    free: usize,
    waiters: usize,
}

impl Gate {
    fn new(places: usize, waiters_max: usize) -> Self {
        let places = Mutex::new(Places { free: places.max(1), waiters: 0 });
        Self { places, freed: Condvar::new(), waiters_max }
    }

    /// Runs `work` when there is a place; `busy` if too many wait already.
    pub fn run<T>(&self, work: impl FnOnce() -> T) -> Result<T> {
        let mut places = self.places.lock();
        if places.free == 0 {
            if places.waiters >= self.waiters_max {
                return Err(Error::Unavailable(Unavailable::Busy));
            }
            places.waiters += 1;
            while places.free == 0 {
                self.freed.wait(&mut places);
            }
            places.waiters -= 1;
        }
        places.free -= 1;
        drop(places);
        let place = Place(self);
        let result = work();
        drop(place);
        Ok(result)
    }
}

/// A place that is given back, also when the work panics.
struct Place<'g>(&'g Gate);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.places.lock().free += 1;
        self.0.freed.notify_one();
    }
}
