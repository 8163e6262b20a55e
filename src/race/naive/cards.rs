//! Cards the naive way.

use super::db::Db;
use super::people::text;
use super::progress;
use crate::domain::slugs;
use crate::error::{Error, Result, Unavailable};
use crate::http::Response;
use crate::id::hex;
use rusqlite::{Row, params};
use serde_json::{Value, json};

/// Seed 004, step 4: "check if already applied", then apply, then note the key.
pub(super) fn create_once(
    db: &Db,
    user: &str,
    key: Option<&str>,
    body: &Value,
    max_cards: i64,
) -> Result<Response> {
    let Some(key) = key else {
        return Ok(Response::json(201, &create(db, user, body, max_cards)?));
    };
    let sql = "SELECT reply FROM processed_keys WHERE user_id = ?1 AND key = ?2";
    let existing: Option<String> = db.first(sql, params![user, key], |row| row.get(0))?;
    if let Some(reply) = existing {
        let reply = Response::bytes(201, "application/json", reply.into_bytes());
        return Ok(reply.with("Idempotent-Replayed", "true"));
    }
    let card = create(db, user, body, max_cards)?;
    let sql = "INSERT INTO processed_keys(user_id, key, reply) VALUES (?1, ?2, ?3)";
    db.run(sql, params![user, key, card.to_string()])?;
    Ok(Response::json(201, &card))
}

fn create(db: &Db, user: &str, body: &Value, max_cards: i64) -> Result<Value> {
    // Seed 000, "Contexts": `const cardCount = await app.prisma.card.count(…)`, outside of whatever
    // transaction makes the card.
    let count = count(db, user)?;
    // Seed 003, "Counter increments with conditions"; for a cap of five this is how seed 000's program
    // limits webhooks.
    if count >= max_cards {
        return Err(Error::conflict("quota-exceeded", "Your tier allows no more."));
    }
    let name = text(body, "name");
    let slug = match body["slug"].as_str() {
        // Seed 002, problem 2: "Slug check and card insert were separate operations".
        Some(asked) if is_taken(db, asked)? => {
            return Err(Error::conflict("slug-taken", "This address is taken."));
        }
        Some(asked) => asked.to_owned(),
        None => generate_slug(db, &name)?,
    };
    let id = hex(16);
    // Seed 000: `isDefault: cardCount === 0`.
    let is_default = count == 0;
    db.run(
        "INSERT INTO business_cards(id, user_id, slug, name, is_default)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, user, slug, name, is_default],
    )?;
    if is_default {
        progress::award(db, user, progress::FIRST_CARD)?;
    }
    whole(db, user, &id)
}

fn count(db: &Db, user: &str) -> Result<i64> {
    let sql = "SELECT count(*) FROM business_cards WHERE user_id = ?1";
    Ok(db.first(sql, params![user], |row| row.get(0))?.unwrap_or(0))
}

/// Seed 002, "Before": `const slug = await generateSlug(name)`, which asks whether a name is free.
fn generate_slug(db: &Db, name: &str) -> Result<String> {
    let base = slugs::slugify(name);
    for attempt in 0..slugs::ATTEMPTS {
        let slug = slugs::candidate(&base, attempt);
        if !is_taken(db, &slug)? {
            return Ok(slug);
        }
    }
    Err(Error::Unavailable(Unavailable::SlugExhausted))
}

fn is_taken(db: &Db, slug: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM business_cards WHERE slug = ?1";
    Ok(db.first(sql, params![slug], |_| Ok(()))?.is_some())
}

/// The own cards.
pub(super) fn list(db: &Db, user: &str) -> Result<Response> {
    let sql = "SELECT id, slug, name, is_default FROM business_cards
               WHERE user_id = ?1 ORDER BY rowid";
    let cards = db.all(sql, params![user], card)?;
    Ok(Response::json(200, &json!({"items": cards, "next_cursor": null})))
}

/// A card.
pub(super) fn find(db: &Db, user: &str, id: &str) -> Result<Response> {
    Ok(Response::json(200, &whole(db, user, id)?))
}

/// A card with its links: a query each, as an ORM loads a relation.
fn whole(db: &Db, user: &str, id: &str) -> Result<Value> {
    let sql = "SELECT id, slug, name, is_default FROM business_cards
               WHERE id = ?1 AND user_id = ?2";
    let mut found = db.first(sql, params![id, user], card)?.ok_or(Error::NotFound("card"))?;
    let sql = "SELECT platform, label, url FROM platform_links WHERE card_id = ?1 ORDER BY rowid";
    let links = db.all(sql, params![id], |row| {
        let (platform, label, url): (String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(json!({"platform": platform, "label": label, "url": url}))
    })?;
    found["links"] = Value::Array(links);
    Ok(found)
}

fn card(row: &Row<'_>) -> rusqlite::Result<Value> {
    let (id, slug, name): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let is_default: bool = row.get(3)?;
    Ok(json!({"id": id, "slug": slug, "name": name, "is_default": is_default}))
}

/// Seed 002, problem 3 and "Before": `await db.update({ id }).set({ name: newName })`. Last write wins.
pub(super) fn update(db: &Db, user: &str, id: &str, body: &Value) -> Result<Response> {
    let sql = "UPDATE business_cards SET name = ?3 WHERE id = ?1 AND user_id = ?2";
    db.run(sql, params![id, user, text(body, "name")])?;
    find(db, user, id)
}

/// Seed 000, "card link replacement", as it was before it was put into a transaction: delete all, then
/// create all.
pub(super) fn replace_links(db: &Db, user: &str, id: &str, body: &Value) -> Result<Response> {
    db.run("DELETE FROM platform_links WHERE card_id = ?1", params![id])?;
    db.run(
        "INSERT INTO platform_links(card_id, platform, label, url)
         SELECT ?1, value ->> 'platform', value ->> 'label', value ->> 'url' FROM json_each(?2)",
        params![id, body["links"].to_string()],
    )?;
    find(db, user, id)
}

/// A card with its links from the editor's form, one after the other.
pub(super) fn save(db: &Db, user: &str, id: &str, form: &[u8]) -> Result<Response> {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(form).into_owned().collect();
    let text = |name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let links = (0..).map_while(|n| {
        let url = text(&format!("link.{n}.url"));
        let label = text(&format!("link.{n}.label"));
        (!url.is_empty()).then(|| json!({"platform": "website", "label": label, "url": url}))
    });
    update(db, user, id, &json!({"name": text("name")})).map(drop)?;
    replace_links(db, user, id, &json!({"links": links.collect::<Vec<_>>()})).map(drop)?;
    Ok(Response::new(303).with("Location", format!("/cards/{id}/edit")))
}

/// Seed 000, "default-card switching", as it was before it was put into a transaction: clear all, then set
/// one.
pub(super) fn make_default(db: &Db, user: &str, id: &str) -> Result<Response> {
    db.run("UPDATE business_cards SET is_default = 0 WHERE user_id = ?1", params![user])?;
    let sql = "UPDATE business_cards SET is_default = 1 WHERE id = ?1 AND user_id = ?2";
    db.run(sql, params![id, user])?;
    find(db, user, id)
}

/// Seed 000, "card updates/deletion flows": count, so that the last card stays; delete; if it was the
/// default, look for the oldest that remains and make it that.
pub(super) fn delete(db: &Db, user: &str, id: &str) -> Result<Response> {
    let gone = whole(db, user, id)?;
    if count(db, user)? <= 1 {
        return Err(Error::conflict("last-card", "This is your last card."));
    }
    let sql = "DELETE FROM business_cards WHERE id = ?1 AND user_id = ?2";
    if db.run(sql, params![id, user])? == 0 {
        return Err(Error::NotFound("card"));
    }
    let sql = "SELECT id FROM business_cards WHERE user_id = ?1 ORDER BY rowid LIMIT 1";
    let oldest: Option<String> = db.first(sql, params![user], |row| row.get(0))?;
    if gone["is_default"] == true {
        let sql = "UPDATE business_cards SET is_default = 1 WHERE id = ?1";
        db.run(sql, params![oldest])?;
    }
    Ok(Response::json(200, &json!({"deleted": id, "promoted_card_id": oldest})))
}
