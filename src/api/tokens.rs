//! API tokens.

use super::users::{ID, TIME};
use crate::domain::tokens::{self, ApiToken};
use crate::error::Error;
use crate::http::bodies::tokens::{NAME, NEW_TOKEN, SCOPES, new_token};
use crate::http::page::{self, Page};
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, optional, required};
use crate::http::{Ctx, Outcome, Response, ready};
use crate::id::{Token, TokenKind};
use serde_json::{Value, json};

const API_TOKEN: Shape = Shape {
    name: "ApiToken",
    fields: &[
        required("id", "", ID),
        required("name", "", NAME),
        required("hint", "Its first characters.", Kind::Text),
        required("scopes", "", SCOPES),
        required("created_at", "", TIME),
        required("expires_at", "", Kind::Nullable(&TIME)),
        optional("token", "The secret, shown once.", Kind::Nullable(&Kind::Text)),
        optional("secret_withheld", "True in a replay.", Kind::Flag),
    ],
};

const REVOKED: Shape = Shape { name: "RevokedToken", fields: &[required("deleted", "", ID)] };

/// `GET /api/tokens`
pub const LIST_ABOUT: About = About::new(
    "The own API tokens, oldest first",
    &[Reply { status: 200, about: "A page", content: Content::Page(&API_TOKEN) }],
)
.query(page::QUERY);
/// `POST /api/tokens`
pub const CREATE_ABOUT: About = About::new(
    "Makes an API token",
    &[Reply {
        status: 201,
        about: "Made; the secret is shown once",
        content: Content::Json(&API_TOKEN),
    }],
)
.body(&NEW_TOKEN)
.problems(&[409]);
/// `DELETE /api/tokens/{id}`
pub const DELETE_ABOUT: About = About::new(
    "Revokes an API token",
    &[Reply { status: 200, about: "Revoked", content: Content::Json(&REVOKED) }],
);

fn token_json(token: &ApiToken) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "hint": token.hint,
        "scopes": token.scopes.names(),
        "created_at": token.created.to_string(),
        "expires_at": token.expires.map(|expires| expires.to_string()),
    })
}

/// The own tokens. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let page = Page::of(&ctx);
    ctx.read(|read, who| {
        let page = page?;
        let found = tokens::list(read, who.user()?, page.after, page.fetch())?;
        Ok(page.reply(found, |token| token.id, token_json))
    })
}

/// Makes a token. 201 with the secret; 409 `quota-exceeded`; 422. A token cannot make one that may do more
/// than itself: 403 `insufficient-scope`.
pub fn create(ctx: Ctx) -> Outcome {
    let new = ctx.object().map(|body| new_token(&body));
    ctx.write(move |tx, who| {
        let new = ready(&new)?;
        let member = who.member()?;
        if !member.may_grant(new.scopes) {
            let detail = "A token cannot make one that may do more than itself.";
            return Err(Error::forbidden("insufficient-scope", detail).into());
        }
        let secret = Token::new(TokenKind::Api);
        let made = tokens::create(tx, member.user, new, &secret)?;
        let mut body = token_json(&made);
        if let Value::Object(members) = &mut body {
            members.insert("token".into(), json!(secret.reveal()));
        }
        Ok(Response::json_with_secret(201, body, "token")
            .with("Location", format!("/api/tokens/{}", made.id)))
    })
}

/// Revokes a token. 200; 404.
pub fn delete(ctx: Ctx) -> Outcome {
    let id = ctx.id("id", "token");
    ctx.write(move |tx, who| {
        let id = *ready(&id)?;
        tokens::revoke(tx, who.user()?, id)?;
        Ok(Response::json(200, &json!({"deleted": id})))
    })
}
