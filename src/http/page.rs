//! Lists in pages: `?limit=` and `?cursor=` in, `{items, next_cursor}` and `Link: rel="next"` out. The
//! cursor is the last item's place in the order, mostly its id, so a page goes on where the one before
//! ended, whatever came meanwhile.

use super::ctx::Ctx;
use super::problem::Problem;
use super::response::Response;
use super::shape::{Field, Kind, line, optional};
use crate::error::{Error, Fault};
use crate::id::Id;
use serde::Serialize;
use std::fmt::Display;

/// Items of a page when nobody says.
const LIMIT: u32 = 50;
/// Most items of a page.
const LIMIT_MAX: u32 = 200;

/// The parameters of every list.
pub const QUERY: &[Field] = &[LIMIT_QUERY, CURSOR_QUERY];
/// `?limit=`
pub const LIMIT_QUERY: Field =
    optional("limit", "Items of the page.", Kind::Integer { min: 1, max: LIMIT_MAX as i64 });
/// `?cursor=`
pub const CURSOR_QUERY: Field =
    optional("cursor", "`next_cursor` of the page before.", line(1, 200));

/// A page as JSON: each item as it renders itself.
#[derive(Serialize)]
struct Items<'a, J> {
    items: Vec<J>,
    next_cursor: Option<&'a str>,
}

/// An item's place in its list. Its text stands in an address as it is.
pub trait Cursor: Display + Sized {
    /// The place that a text names; `None` if it names none.
    fn read(text: &str) -> Option<Self>;
}

impl<K> Cursor for Id<K> {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Cursor for i64 {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// The page a request asks for.
#[derive(Debug, Clone)]
pub struct Page<C> {
    limit: u32,
    /// The place of the last item of the page before.
    pub after: Option<C>,
    path: String,
    /// What else the request asks, for the next page's address.
    filters: String,
}

impl<C: Cursor> Page<C> {
    /// Reads the parameters.
    pub fn of(ctx: &Ctx) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut fault = |name: &str, code, detail: &str| {
            faults.push(Fault { pointer: name.to_owned(), code, detail: detail.to_owned() });
        };
        let limit = match ctx.query("limit") {
            None => LIMIT,
            Some(text) => {
                let read = text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
                read.unwrap_or_else(|| {
                    fault("limit", "range", "must be from 1 to 200");
                    LIMIT
                })
            }
        };
        let after = ctx.query("cursor").and_then(|text| {
            let read = C::read(&text);
            if read.is_none() {
                fault("cursor", "cursor", "must be the next_cursor of a page");
            }
            read
        });
        if !faults.is_empty() {
            return Err(Error::Invalid(faults).into());
        }
        let head = &ctx.request().head;
        let query = head.query.as_deref().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let others = pairs.filter(|(name, _)| name != "limit" && name != "cursor");
        let mut filters = url::form_urlencoded::Serializer::new(String::new());
        let filters = filters.extend_pairs(others).finish();
        Ok(Self { limit, after, path: head.path.clone(), filters })
    }

    /// How many items to fetch: one more than the page holds tells whether there is another.
    pub const fn fetch(&self) -> u32 {
        self.limit + 1
    }

    /// Cuts what was fetched to the page; the address of the next one, if there is one.
    pub fn cut<T>(&self, items: &mut Vec<T>, place: impl Fn(&T) -> C) -> Option<String> {
        self.cut_at(items, place).map(|cursor| self.address(&cursor))
    }

    fn cut_at<T>(&self, items: &mut Vec<T>, place: impl Fn(&T) -> C) -> Option<String> {
        let size = self.limit as usize;
        let more = items.len() > size;
        items.truncate(size);
        items.last().filter(|_| more).map(|item| place(item).to_string())
    }

    /// The address of the page behind `cursor`.
    fn address(&self, cursor: &str) -> String {
        let (path, limit) = (&self.path, self.limit);
        let and = if self.filters.is_empty() { "" } else { "&" };
        format!("{path}?{}{and}limit={limit}&cursor={cursor}", self.filters)
    }

    /// The reply, from the items fetched.
    pub fn reply<T, J: Serialize>(
        &self,
        mut items: Vec<T>,
        place: impl Fn(&T) -> C,
        render: impl Fn(&T) -> J,
    ) -> Response {
        let next = self.cut_at(&mut items, place);
        let rendered: Vec<J> = items.iter().map(render).collect();
        let reply = Response::json(200, &Items { items: rendered, next_cursor: next.as_deref() });
        match next {
            None => reply,
            Some(cursor) => {
                reply.with("Link", format!("<{}>; rel=\"next\"", self.address(&cursor)))
            }
        }
    }
}
