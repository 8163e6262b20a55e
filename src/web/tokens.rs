//! The own API tokens: making one, seeing its secret once, ending it.

use super::asks::Asks;
use super::forms::{Field, Sent, fault, faults, once, summary};
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::parts::{Act, Once, above, day, listed, more, select, tick, told};
use super::{SHOWN_ONCE, shows, takes};
use crate::domain::tokens::{self, ApiToken, Scope};
use crate::domain::users::Role;
use crate::error::{Error, Fault};
use crate::http::bodies::tokens::{NEW_TOKEN, new_token};
use crate::http::page::Page;
use crate::http::route::About;
use crate::http::{Ctx, Outcome, Problem, Response, ready};
use crate::id::{Token, TokenKind};
use crate::store::tx::Named;
use maud::{Markup, html};

/// `GET /tokens`
pub const LIST_ABOUT: About = shows("The own API tokens");
/// `GET /tokens/new`
pub const FORM_ABOUT: About = shows("The form that makes an API token");
/// `POST /tokens`
pub const CREATE_ABOUT: About = About::new("Makes an API token", SHOWN_ONCE).problems(&[403, 415]);
/// `POST /tokens/{id}/revoke`
pub const REVOKE_ABOUT: About = takes("Ends an API token").problems(&[403, 404, 415]);

/// How long a token may live, in days; for good in the end.
const LIVES: &[&str] = &["30", "90", "365", ""];

/// The tokens. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (asks, page) = (Asks::of(&ctx), Page::of(&ctx));
    ctx.read(|read, who| {
        let (frame, page) = (Frame::of(&asks, read, who)?, page?);
        let mut found = tokens::list(read, who.user()?, page.after, page.fetch())?;
        let next = page.cut(&mut found, |token| token.id);
        let words = &frame.words.tokens;
        let step =
            html! { a.button href="/tokens/new" data-key="n" { (icon(Icon::Add)) (words.make) } };
        let rows: Vec<Markup> = found.iter().map(|token| row(&frame, token)).collect();
        let none = (Icon::Key, words.none, words.none_lead);
        let content = html! {
            (listed(frame.words, (words.title, words.lead), &step, none, &rows))
            (more(frame.words, next.as_deref()))
        };
        let note = asks.note.as_deref().filter(|note| *note == "revoked").map(|_| words.revoked);
        Ok(frame.page(200, &Sheet::new(words.title, content).at(Place::Settings).note(note)))
    })
}

fn row(frame: &Frame, token: &ApiToken) -> Markup {
    let (all, words) = (frame.words, &frame.words.tokens);
    html! {
        li.spread {
            div.stack.tight.grow {
                h2.name { (token.name) }
                p.scopes { code { (token.hint) "…" } @for scope in token.scopes.names() { " " span.tag { (scope) } } }
                p.quiet.small {
                    (words.made) " " (day(all, token.created)) " · "
                    @match token.expires {
                        Some(at) => { (words.ends) " " (day(all, at)) }
                        None => { (words.for_good) }
                    }
                }
            }
            (Act::new(&format!("/tokens/{}/revoke", token.id), words.revoke).class("danger tight")
                .ask(words.revoke_ask).show(&token.name))
        }
    }
}

/// The form. 200.
pub fn form(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    ctx.read(|read, who| {
        let sent = Sent::standing([("expires_in_days", "90".to_owned())]);
        Ok(rendered(&Frame::of(&asks, read, who)?, 200, &sent, &[]))
    })
}

fn rendered(frame: &Frame, status: u16, sent: &Sent, faults: &[Fault]) -> Response {
    let (all, words) = (frame.words, &frame.words.tokens);
    let is_admin = frame.person.as_ref().is_some_and(|person| person.role == Role::Admin);
    let of_admins = |scope: Scope| matches!(scope, Scope::Admin | Scope::Jobs);
    let scopes = Scope::NAMES.iter().filter(|(scope, _)| is_admin || !of_admins(*scope));
    let lives: Vec<(&str, String)> = LIVES.iter().map(|days| (*days, (words.life)(days))).collect();
    let lives: Vec<(&str, &str)> =
        lives.iter().map(|(days, text)| (*days, text.as_str())).collect();
    let content = html! {
        (above("/tokens", words.title))
        header { h1 { (words.make) } }
        form.stack.narrow method="post" action="/tokens" {
            (summary(all, faults))
            (Field::line("name", words.name).hint(words.name_hint).max(tokens::NAME_MAX).required()
                .show(all, sent, faults))
            fieldset.stack {
                legend { (words.scopes) }
                p.hint { (words.scopes_hint) }
                @if let Some(fault) = told(all, faults, "scopes") { p.fault { (fault) } }
                div.ticks {
                    @for (scope, name) in scopes {
                        (tick("scopes", name, name, (words.scope)(*scope), sent.has("scopes", name)))
                    }
                }
            }
            (select("expires_in_days", words.expiry, &lives, sent.text("expires_in_days"),
                told(all, faults, "expires_in_days")))
            (once())
            div.row {
                button { (words.make) }
                a.button.plain href="/tokens" { (all.shell.cancel) }
            }
        }
    };
    frame.page(status, &Sheet::new(words.make, content).at(Place::Settings))
}

/// Makes a token. 200 with its secret, once; 422 with the form.
pub fn create(ctx: Ctx) -> Outcome {
    let (sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let body = sent.typed(&NEW_TOKEN);
    ctx.write(move |tx, who| {
        let (frame, member) = (Frame::of(&asks, tx, who)?, who.member()?);
        let words = &frame.words.tokens;
        let refused = |faults: &[Fault]| Err(Problem::page(rendered(&frame, 422, &sent, faults)));
        let new = new_token(&body);
        let mut found = NEW_TOKEN.faults(&body);
        if new.scopes.names().is_empty() && found.is_empty() {
            found.push(fault("scopes", "blank", words.no_scope));
        }
        if !found.is_empty() {
            return refused(&found);
        }
        if !member.may_grant(new.scopes) {
            let detail = "A token cannot make one that may do more than itself.";
            return Err(Error::forbidden("insufficient-scope", detail).into());
        }
        let secret = Token::new(TokenKind::Api);
        match tokens::create(tx, member.user, &new, &secret) {
            Ok(made) => Ok(shown(&frame, &made, &secret)),
            Err(Error::Conflict(why)) if why.code == "quota-exceeded" => {
                refused(&[fault("", "quota", words.too_many)])
            }
            Err(error) => refused(&faults(error)?),
        }
    })
}

fn shown(frame: &Frame, made: &ApiToken, secret: &Token) -> Response {
    let words = &frame.words.tokens;
    let once = Once {
        title: words.made_title,
        lead: words.made_lead,
        label: &made.name,
        withheld: words.withheld,
        onward: ("/tokens", words.done),
        place: Place::Settings,
    };
    once.page(frame, secret.reveal())
}

/// Ends a token. 303; 404.
pub fn revoke(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let id = ctx.id("id", "token");
    ctx.write(move |tx, who| {
        tokens::revoke(tx, who.user()?, *ready(&id)?)?;
        Ok(Response::new(303).with("Location", "/tokens?note=revoked"))
    })
}
