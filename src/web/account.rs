//! The own account, as settings show it: name and handle, password, and its end.

use super::asks::Asks;
use super::forms::{Field, Sent, fault, faults, once, summary};
use super::parts;
use super::settings::{Form, View, panel, saved};
use super::takes;
use crate::domain::{leads, users};
use crate::error::{Error, Fault};
use crate::http::bodies::passwords::CHANGE;
use crate::http::bodies::users::{CONTENT, change};
use crate::http::password_change::Change;
use crate::http::route::About;
use crate::http::sign_in::no_cookie;
use crate::http::{Caller, Ctx, Outcome, Problem, Response};
use crate::store::Read;
use maud::{Markup, html};
use std::sync::Arc;

/// `POST /settings/account`
pub const UPDATE_ABOUT: About = takes("Changes the own name and handle").edits();
/// `POST /settings/password`
pub const PASSWORD_ABOUT: About = takes("Changes the own password and ends the other logins");
/// `POST /settings/delete`
pub const DELETE_ABOUT: About = takes("Deletes the own account").edits();

/// Name and handle.
pub fn name_panel(view: &View, sent: Option<(&Sent, &[Fault])>) -> Markup {
    let (all, words) = (view.frame.words, &view.frame.words.settings);
    let standing = Sent::standing([
        ("display_name", view.user.display_name.clone()),
        ("handle", view.user.handle.clone()),
    ]);
    let (sent, faults) = sent.unwrap_or((&standing, &[]));
    let show = |field: Field<'_>| field.show(all, sent, faults);
    let form = html! {
        form.stack method="post" action="/settings/account" {
            (summary(all, faults))
            input type="hidden" name="version" value=(view.user.version);
            (show(Field::line("display_name", all.account.name).autocomplete("name").max(100).required()))
            (show(Field::line("handle", all.account.handle).hint(words.handle_hint).max(50).required()))
            p.hint { (all.account.email) ": " b { (view.user.email) } }
            div { button.plain { (words.save_account) } }
        }
    };
    panel(words.account, words.account_lead, &form)
}

/// The password.
pub fn password_panel(view: &View, sent: Option<(&Sent, &[Fault])>) -> Markup {
    let (all, words) = (view.frame.words, &view.frame.words.settings);
    let none = Sent::default();
    let (sent, faults) = sent.unwrap_or((&none, &[]));
    let show = |field: Field<'_>| field.kind("password").required().show(all, sent, faults);
    let form = html! {
        form.stack method="post" action="/settings/password" {
            (summary(all, faults))
            input type="text" name="username" value=(view.user.email) autocomplete="username" hidden;
            (show(Field::line("current_password", words.current_password).autocomplete("current-password")))
            (show(Field::line("new_password", all.account.new_password).autocomplete("new-password")
                .hint(all.account.password_hint)))
            div { button.plain { (words.change_password) } }
        }
    };
    panel(words.password, words.password_lead, &form)
}

/// The end of the account: nobody gets there by accident.
pub fn deletion_panel(view: &View, sent: Option<(&Sent, &[Fault])>) -> Markup {
    let (all, words) = (view.frame.words, &view.frame.words.settings);
    let none = Sent::default();
    let is_open = sent.is_some();
    let (sent, faults) = sent.unwrap_or((&none, &[]));
    let label = (words.delete_confirm)(&view.user.handle);
    let form = html! {
        details open[is_open] {
            summary { (words.delete_open) }
            form.stack method="post" action="/settings/delete" {
                (summary(all, faults))
                input type="hidden" name="version" value=(view.user.version);
                (Field::line("confirm", &label).required().show(all, sent, faults))
                (once())
                div { button.danger { (words.delete) } }
            }
        }
    };
    panel(words.deletion, words.delete_lead, &form)
}

/// Changes name and handle. 303; 409 if they were changed meanwhile; 422.
pub fn update(ctx: Ctx) -> Outcome {
    let (sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let body = sent.typed(&CONTENT);
    ctx.write(move |tx, who| {
        let view = View::of(&asks, tx, who)?;
        let refused =
            |faults: &[Fault]| -> Outcome { Err(view.again(Form::Account, &sent, faults)) };
        let words = &view.frame.words.account;
        if let Err(error) = CONTENT.check(&body) {
            return refused(&faults(error)?);
        }
        let (asked, user) = (change(&body), &view.user);
        if (&asked.handle, &asked.display_name) == (&user.handle, &user.display_name) {
            return Ok(saved());
        }
        if sent.version() != user.version {
            let fields = [
                ("display_name", sent.text("display_name"), user.display_name.as_str()),
                ("handle", sent.text("handle"), user.handle.as_str()),
            ];
            return refused(&parts::collisions(view.frame.words, fields));
        }
        match users::update(tx, user.id, user.version, &asked) {
            Ok(_) => Ok(saved()),
            Err(Error::Conflict(why)) if why.code == "handle-taken" => {
                refused(&[fault("handle", "taken", words.handle_taken)])
            }
            Err(error) => Err(error.into()),
        }
    })
}

/// Changes the password. 303; 422 with the form; 429. Two doors, as `password_change` needs them.
pub fn change_password(ctx: Ctx) -> Outcome {
    let (sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let mut body = sent.body();
    body.remove("username");
    let (found, change) = (CHANGE.faults(&body), Change::of(&ctx, &body));
    let state = Arc::clone(ctx.state());
    let (counted, shown) = (change.clone(), asks.clone());
    let seen = ctx.first_door(move |tx, who| {
        let is_sound = found.is_empty().then_some(()).ok_or_else(|| Error::Invalid(found.clone()));
        let seen = is_sound.and_then(|()| counted.count(tx, who));
        seen.map_err(|error| password_refused(error, &shown, tx, who))
    })?;
    let checked = change.check(&state, seen)?;
    ctx.write(move |tx, who| match checked.complete(tx, who) {
        Ok(_) => Ok(Response::new(303).with("Location", "/settings?note=password")),
        Err(error) => Err(password_refused(error, &asks, tx, who)),
    })
}

/// A refusal of a new password as the form again.
fn password_refused(error: Error, asks: &Asks, read: &Read<'_>, who: &Caller) -> Problem {
    let view = match View::of(asks, read, who) {
        Ok(view) => view,
        Err(error) => return error.into(),
    };
    let words = &view.frame.words.settings;
    let found = match error {
        Error::Invalid(found) => found,
        Error::Forbidden(why) if why.code == "wrong-password" => {
            vec![fault("current_password", "wrong-password", words.wrong_password)]
        }
        Error::Conflict(why) if why.code == "no-password" => {
            vec![fault("current_password", "no-password", words.no_password)]
        }
        error => return error.into(),
    };
    view.again(Form::Password, &Sent::default(), &found)
}

/// Deletes the account, with what API and tables say of it. 303 to the first page, signed out; 409 `last-admin`; 422.
pub fn delete(ctx: Ctx) -> Outcome {
    let (sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let state = Arc::clone(ctx.state());
    ctx.write(move |tx, who| {
        let view = View::of(&asks, tx, who)?;
        let words = &view.frame.words.settings;
        let refused =
            |found: Fault| -> Outcome { Err(view.again(Form::Deletion, &sent, &[found])) };
        let user = &view.user;
        if users::normalise_handle(sent.text("confirm")) != user.handle {
            return refused(fault("confirm", "confirm", words.delete_mismatch));
        }
        if sent.version() != user.version {
            return refused(fault("", "meanwhile", words.changed_meanwhile));
        }
        leads::leave(tx, user.id)?;
        match users::delete(tx, user.id, user.version) {
            Ok(()) => {
                let gone = Response::new(303).with("Location", "/");
                let gone = gone.with("Set-Cookie", no_cookie(&state));
                Ok(gone.with("Clear-Site-Data", "\"storage\""))
            }
            Err(Error::Conflict(why)) if why.code == "last-admin" => {
                refused(fault("confirm", "last-admin", words.last_admin))
            }
            Err(error) => Err(error.into()),
        }
    })
}
