//! Somebody with an account, as an admin sees them: in or out, a new password, role, subscription, credits.

use super::super::asks::Asks;
use super::super::forms::{Field, Sent, fault, faults, once, summary};
use super::super::layout::{Frame, Place, Sheet};
use super::super::parts::{Act, Once, above, collisions, day, select, told};
use super::super::settings::panel;
use super::super::{SHOWN_ONCE, shows, takes};
use super::end;
use super::people::{role_name, standing};
use crate::domain::credits::{self, AMOUNT_MAX, Balance, MEMO_MAX, Order, Reason};
use crate::domain::resets;
use crate::domain::subscriptions::{self, Status, Subscription, SubscriptionChange, Tier};
use crate::domain::users::{self, Role, User, UserId};
use crate::error::{Error, Fault, Result};
use crate::http::bodies::credits::NEW_GRANT;
use crate::http::bodies::subscriptions::{CONTENT, change};
use crate::http::bodies::users::ROLE;
use crate::http::route::About;
use crate::http::{Caller, Ctx, Outcome, Problem, Response, ready};
use crate::store::Read;
use crate::store::tx::Named;
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /admin/people/{id}`
pub const SHOW_ABOUT: About = shows("Somebody with an account").problems(&[404]);
/// `POST /admin/people/{id}/enabled`
pub const ENABLED_ABOUT: About =
    takes("Locks somebody out or lets them in again").problems(&[403, 404, 409, 415]);
/// `POST /admin/people/{id}/role`
pub const ROLE_ABOUT: About =
    takes("Makes somebody an admin, or an admin a member again").problems(&[403, 404, 415]);
/// `POST /admin/people/{id}/reset-link`
pub const RESET_ABOUT: About =
    About::new("Makes a link that sets a new password", SHOWN_ONCE).problems(&[403, 404, 409, 415]);
/// `POST /admin/people/{id}/subscription`
pub const SUBSCRIPTION_ABOUT: About =
    takes("Changes somebody's subscription").problems(&[403, 404, 415]).edits();
/// `POST /admin/people/{id}/credits`
pub const CREDITS_ABOUT: About =
    takes("Gives somebody credits").ledger().problems(&[400, 403, 404, 415]);

/// A form of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Role,
    Subscription,
    Credits,
}

/// A form as it was sent, and what is wrong with it.
type Typed<'a> = (Form, &'a Sent, &'a [Fault]);

struct View {
    frame: Frame,
    user: User,
    subscription: Subscription,
    balance: Balance,
    is_oneself: bool,
}

impl View {
    fn of(asks: &Asks, read: &Read<'_>, who: &Caller, id: UserId) -> Result<Self> {
        Ok(Self {
            frame: Frame::of(asks, read, who)?,
            user: users::find(read, id)?,
            subscription: subscriptions::find(read, id)?,
            balance: credits::balance(read, id)?,
            is_oneself: who.user()? == id,
        })
    }

    /// A form again, with what is wrong with it; 409 where it was changed meanwhile.
    fn again(&self, status: u16, form: Form, sent: &Sent, faults: &[Fault]) -> Problem {
        let page = self.page(status, Some((form, sent, faults)), None);
        if status == 409 { Problem::stale_page(page) } else { Problem::page(page) }
    }

    fn page(&self, status: u16, typed: Option<Typed<'_>>, note: Option<&str>) -> Response {
        let (all, words, user) = (self.frame.words, &self.frame.words.admin, &self.user);
        let of = |form: Form| {
            typed.filter(|(typed, ..)| *typed == form).map(|(_, sent, faults)| (sent, faults))
        };
        let content = html! {
            (above("/admin/people", words.people))
            header {
                div.stack.tight {
                    h1 { (user.display_name) }
                    p.quiet {
                        (user.email) " · " code { "/u/" (user.handle) } " · "
                        (words.joined) " " (day(all, user.created))
                    }
                }
                (standing(&self.frame, user))
            }
            (self.access())
            (self.role(of(Form::Role)))
            (self.subscription(of(Form::Subscription)))
            (self.credits(of(Form::Credits)))
        };
        self.frame.page(
            status,
            &Sheet::new(user.display_name.clone(), content).at(Place::Admin).note(note),
        )
    }

    fn access(&self) -> Markup {
        let (words, id) = (&self.frame.words.admin, self.user.id);
        let path = format!("/admin/people/{id}/enabled");
        let form = html! {
            div.stack {
                @if self.user.disabled.is_none() {
                    div.row {
                        (Act::new(&format!("/admin/people/{id}/reset-link"), words.reset).class("plain").show(""))
                    }
                }
                @if self.is_oneself {
                    p.quiet { (words.oneself) }
                } @else if self.user.disabled.is_some() {
                    div.row { (Act::new(&path, words.enable).class("plain").says(&[("enabled", "1")]).show("")) }
                } @else {
                    div.row {
                        (Act::new(&path, words.disable).class("danger").ask(words.disable_ask)
                            .says(&[("enabled", "0")]).show(""))
                    }
                }
            }
        };
        panel(words.access, words.access_lead, &form)
    }

    fn role(&self, typed: Option<(&Sent, &[Fault])>) -> Markup {
        let (all, words) = (self.frame.words, &self.frame.words.admin);
        let standing = Sent::standing([("role", self.user.role.name().to_owned())]);
        let (sent, faults) = typed.unwrap_or((&standing, &[]));
        let roles: Vec<(&str, &str)> =
            Role::NAMES.iter().map(|(role, name)| (*name, role_name(words, *role))).collect();
        let form = html! {
            form.stack method="post" action={ "/admin/people/" (self.user.id) "/role" } {
                (summary(all, faults))
                (select("role", words.role, &roles, sent.text("role"), told(all, faults, "role")))
                div { button.plain { (words.save_role) } }
            }
        };
        panel(
            words.role,
            if self.is_oneself { words.own_role_lead } else { words.role_lead },
            &form,
        )
    }

    fn subscription(&self, typed: Option<(&Sent, &[Fault])>) -> Markup {
        let (all, words, stands) = (self.frame.words, &self.frame.words.admin, &self.subscription);
        let [day, time] = end::told(stands.expires);
        let standing = Sent::standing([
            ("tier", stands.tier.name().to_owned()),
            ("status", stands.status.name().to_owned()),
            (end::DAY, day),
            (end::TIME, time),
        ]);
        let (sent, faults) = typed.unwrap_or((&standing, &[]));
        let tiers: Vec<(&str, &str)> =
            Tier::NAMES.iter().map(|(tier, name)| (*name, (words.tier)(*tier))).collect();
        let legal =
            |status: Status| status == stands.status || stands.status.allowed().contains(&status);
        let statuses = Status::NAMES.iter().filter(|(status, _)| legal(*status));
        let statuses: Vec<(&str, &str)> =
            statuses.map(|(status, name)| (*name, (words.status)(*status))).collect();
        let form = html! {
            form.stack method="post" action={ "/admin/people/" (self.user.id) "/subscription" } {
                (summary(all, faults))
                input type="hidden" name="version" value=(stands.version);
                div.fields.two {
                    (select("tier", words.tier_label, &tiers, sent.text("tier"), told(all, faults, "tier")))
                    (select("status", words.status_label, &statuses, sent.text("status"), told(all, faults, "status")))
                    (Field::line(end::DAY, words.expires_day).kind("date").show(all, sent, faults))
                    (Field::line(end::TIME, words.expires_time).kind("time").show(all, sent, faults))
                }
                p.hint { (words.expires_hint) }
                div { button.plain { (words.save_subscription) } }
            }
        };
        let (cards, webhooks) = (stands.limits.max_cards, stands.limits.max_webhooks);
        let limits = (words.limits)(&all.number(cards), &all.number(webhooks));
        panel(words.subscription, &limits, &form)
    }

    fn credits(&self, typed: Option<(&Sent, &[Fault])>) -> Markup {
        let (all, words) = (self.frame.words, &self.frame.words.admin);
        let standing = Sent::standing([("reason", Reason::Adjustment.name().to_owned())]);
        let (sent, faults) = typed.unwrap_or((&standing, &[]));
        let reasons: Vec<(&str, &str)> =
            Reason::NAMES.iter().map(|(reason, name)| (*name, (words.reason)(*reason))).collect();
        let form = html! {
            form.stack method="post" action={ "/admin/people/" (self.user.id) "/credits" } {
                (summary(all, faults))
                (once())
                div.fields.two {
                    (Field::line("amount", words.amount).kind("number").required().show(all, sent, faults))
                    (select("reason", words.reason_label, &reasons, sent.text("reason"), told(all, faults, "reason")))
                }
                (Field::line("memo", words.memo).max(MEMO_MAX).show(all, sent, faults))
                div { button.plain { (words.give) } }
            }
        };
        let lead =
            (words.balance)(&all.number(self.balance.available()), &all.number(self.balance.held));
        panel(all.shell.credits, &lead, &form)
    }
}

/// Somebody. 200; 404.
pub fn show(ctx: Ctx) -> Outcome {
    let (asks, id) = (Asks::of(&ctx), ctx.id("id", "person"));
    ctx.read(|read, who| {
        let view = View::of(&asks, read, who, id?)?;
        let words = &view.frame.words.admin;
        let note = match asks.note.as_deref() {
            Some("saved") => Some(view.frame.words.settings.saved),
            Some("given") => Some(words.given),
            Some("disabled") => Some(words.locked_out),
            Some("enabled") => Some(words.let_in),
            Some("role") => Some(words.role_saved),
            _ => None,
        };
        Ok(view.page(200, None, note))
    })
}

fn onward(id: UserId, note: &str) -> Response {
    Response::new(303).with("Location", format!("/admin/people/{id}?note={note}"))
}

/// Locks somebody out or lets them in again. 303; 404; 409 for oneself and the last admin.
pub fn set_enabled(ctx: Ctx) -> Outcome {
    let (sent, id) = (Sent::of(&ctx)?, ctx.id("id", "person"));
    ctx.write(move |tx, who| {
        let user = users::find(tx, *ready(&id)?)?;
        if sent.text("enabled") == "1" {
            users::enable(tx, user.id)?;
            return Ok(onward(user.id, "enabled"));
        }
        if who.user()? == user.id {
            return Err(Error::conflict("oneself", "Nobody locks themselves out.").into());
        }
        users::lock_out(tx, user.id)?;
        Ok(onward(user.id, "disabled"))
    })
}

/// Gives somebody a role. 303; 404; 409 for the last admin; 422.
pub fn set_role(ctx: Ctx) -> Outcome {
    let (sent, asks, id) = (Sent::of(&ctx)?, Asks::of(&ctx), ctx.id("id", "person"));
    let body = sent.typed(&ROLE);
    ctx.write(move |tx, who| {
        let id = *ready(&id)?;
        let view = View::of(&asks, tx, who, id)?;
        if let Err(error) = ROLE.check(&body) {
            return Err(view.again(422, Form::Role, &sent, &faults(error)?));
        }
        let role = Role::from_name(sent.text("role")).unwrap_or(view.user.role);
        match users::set_role(tx, id, role) {
            // Whoever has stepped down is not shown this page any more.
            Ok(now) if view.is_oneself && now.role == Role::Member => {
                Ok(Response::new(303).with("Location", "/cards"))
            }
            Ok(_) => Ok(onward(id, "role")),
            Err(Error::Conflict(why)) if why.code == "last-admin" => {
                let found = [fault("role", "last-admin", view.frame.words.admin.last_admin)];
                Err(view.again(409, Form::Role, &sent, &found))
            }
            Err(error) => Err(error.into()),
        }
    })
}

/// Makes a link that sets a new password. 200 with it, once; 404; 409 `account-disabled`.
pub fn reset_link(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let (asks, id, state) = (Asks::of(&ctx), ctx.id("id", "person"), Arc::clone(ctx.state()));
    ctx.write(move |tx, who| {
        let frame = Frame::of(&asks, tx, who)?;
        let user = users::find(tx, *ready(&id)?)?;
        let link = resets::create(tx, user.id, state.config.limits.reset_life)?;
        let words = &frame.words.admin;
        let onward = format!("/admin/people/{}", user.id);
        let once = Once {
            title: words.reset_title,
            lead: words.reset_lead,
            label: &user.display_name,
            withheld: words.withheld,
            onward: (&onward, words.done),
            place: Place::Admin,
        };
        Ok(once.page(&frame, &link.url(&state.public_url)))
    })
}

/// Changes somebody's subscription. 303; 404; 409 if it was changed meanwhile; 422.
pub fn set_subscription(ctx: Ctx) -> Outcome {
    let (sent, asks, id) = (Sent::of(&ctx)?, Asks::of(&ctx), ctx.id("id", "person"));
    ctx.write(move |tx, who| {
        let view = View::of(&asks, tx, who, *ready(&id)?)?;
        let (stands, words) = (&view.subscription, view.frame.words);
        let refused =
            |status, faults: &[Fault]| Err(view.again(status, Form::Subscription, &sent, faults));
        let mut body = sent.typed(&CONTENT);
        match end::asked(&sent, &words.admin) {
            Ok(Some(end)) => drop(body.insert("expires_at".into(), end.into())),
            Ok(None) => {}
            Err(fault) => return refused(422, &[fault]),
        }
        if let Err(error) = CONTENT.check(&body) {
            return refused(422, &faults(error)?);
        }
        let asked = change(&body, stands);
        let same = SubscriptionChange {
            tier: stands.tier,
            status: stands.status,
            expires: stands.expires,
        };
        if asked == same {
            return Ok(onward(view.user.id, "saved"));
        }
        if sent.version() != stands.version {
            let (tier, status) =
                ((words.admin.tier)(stands.tier), (words.admin.status)(stands.status));
            let mut found = collisions(words, []);
            let meanwhile =
                |name: &str, now: &str| fault(name, "meanwhile", &(words.settings.meanwhile)(now));
            found.extend((asked.tier != stands.tier).then(|| meanwhile("tier", tier)));
            found.extend((asked.status != stands.status).then(|| meanwhile("status", status)));
            let ends = end::sentence(words, stands.expires);
            found.extend((asked.expires != stands.expires).then(|| meanwhile(end::DAY, &ends)));
            return refused(409, &found);
        }
        match subscriptions::update(tx, view.user.id, stands.version, &asked) {
            Ok(_) => Ok(onward(view.user.id, "saved")),
            Err(Error::Conflict(why)) if why.code == "illegal-transition" => {
                refused(422, &[fault("status", "transition", words.admin.illegal)])
            }
            // All that is left is an end that has passed.
            Err(Error::Invalid(_)) => refused(422, &[fault(end::DAY, "past", words.admin.ended)]),
            Err(error) => Err(error.into()),
        }
    })
}

/// Gives somebody credits, once. 303; 404; 422.
pub fn give(ctx: Ctx) -> Outcome {
    let (sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let (id, key) = (ctx.id("id", "person"), ctx.key()?);
    let mut body = sent.typed(&NEW_GRANT);
    body.insert("user_id".into(), ctx.param("id").into());
    ctx.write(move |tx, who| {
        let view = View::of(&asks, tx, who, *ready(&id)?)?;
        let refused = |faults: &[Fault]| Err(view.again(422, Form::Credits, &sent, faults));
        if let Err(error) = NEW_GRANT.check(&body) {
            return refused(&faults(error)?);
        }
        let order = Order {
            by: Some((who.user()?, key.clone())),
            amount: body.get("amount").and_then(serde_json::Value::as_i64).unwrap_or_default(),
            reason: Reason::from_name(sent.text("reason")).unwrap_or(Reason::Other),
            memo: sent.text("memo").trim().to_owned(),
        };
        match credits::grant(tx, view.user.id, &order) {
            Ok(_) => Ok(onward(view.user.id, "given")),
            Err(Error::Conflict(why)) if why.code == "balance-limit" => {
                let most = view.frame.words.number(AMOUNT_MAX);
                refused(&[fault("amount", "limit", &(view.frame.words.admin.too_much)(&most))])
            }
            Err(error) => refused(&faults(error)?),
        }
    })
}
