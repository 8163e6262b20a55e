//! A feature flag: its setting, the people it is set apart for, and what each version of it changed.

use super::super::asks::Asks;
use super::super::forms::{Field, Sent, fault, once, summary};
use super::super::layout::{Frame, Place, Sheet};
use super::super::parts::{Act, above, collisions, more, time};
use super::super::{shows, takes};
use super::flags::{fields, state};
use crate::domain::flags::{self, Entry, Flag, Key, Setting};
use crate::domain::users::{self, UserId};
use crate::error::{Error, Fault, Result};
use crate::http::bodies::flags::{CONTENT, setting};
use crate::http::page::Page;
use crate::http::route::About;
use crate::http::{Caller, Ctx, Outcome, Problem, Response, ready};
use crate::store::Read;
use maud::{Markup, html};
use serde_json::Value;

/// `GET /admin/flags/{key}`
pub const SHOW_ABOUT: About = shows("A feature flag").problems(&[404]);
/// `POST /admin/flags/{key}`
pub const SAVE_ABOUT: About = takes("Sets a flag").problems(&[403, 404, 415]).edits();
/// `POST /admin/flags/{key}/toggle`
pub const TOGGLE_ABOUT: About = takes("Turns a flag over").problems(&[403, 404, 415]);
/// `POST /admin/flags/{key}/overrides`
pub const RULE_ABOUT: About =
    takes("Sets a flag apart for one person, or no more").problems(&[403, 404, 415]);

/// People set apart that the page shows.
const OVERRIDES_MAX: u32 = 200;

/// The page.
struct View {
    frame: Frame,
    flag: Flag,
    /// Who is set apart: the id, what the person is called, on or off.
    people: Vec<(UserId, String, bool)>,
    entries: Vec<(Entry, String)>,
    next: Option<String>,
}

impl View {
    fn of(asks: &Asks, read: &Read<'_>, who: &Caller, key: &Key, page: &Page<i64>) -> Result<Self> {
        let flag = flags::find(read, key)?;
        let name = |user: UserId| match users::find(read, user) {
            Ok(user) => Ok(user.display_name),
            // The history outlives people.
            Err(Error::NotFound(_)) => Ok(user.to_string()),
            Err(error) => Err(error),
        };
        let people = flags::overrides(read, key, None, OVERRIDES_MAX)?;
        let people = people.into_iter().map(|one| Ok((one.user, name(one.user)?, one.enabled)));
        let mut entries = flags::history(read, key, page.after, page.fetch())?;
        let next = page.cut(&mut entries, |entry| entry.version);
        let named = |entry: Entry| {
            let actor = entry.actor.map(name).transpose()?;
            Ok((entry, actor.unwrap_or_default()))
        };
        Ok(Self {
            frame: Frame::of(asks, read, who)?,
            flag,
            people: people.collect::<Result<_>>()?,
            entries: entries.into_iter().map(named).collect::<Result<_>>()?,
            next,
        })
    }

    fn page(&self, status: u16, typed: Option<(&Sent, &[Fault])>, note: Option<&str>) -> Response {
        let (all, words, key) = (self.frame.words, &self.frame.words.machine, &self.flag.key);
        let standing = standing(&self.flag.setting);
        // The field of another form is none of this one's.
        let own = typed.filter(|(sent, _)| sent.text("email").is_empty());
        let (sent, faults) = own.unwrap_or((&standing, &[]));
        let turn = if self.flag.setting.enabled { words.turn_off } else { words.turn_on };
        let content = html! {
            (above("/admin/flags", all.admin.flags))
            header {
                div.stack.tight {
                    h1.address { code { (key) } }
                    div.row { (state(all, &self.flag)) span.quiet.small { ((words.version)(self.flag.version)) } }
                }
                (Act::new(&format!("/admin/flags/{key}/toggle"), turn).class("plain").show(""))
            }
            form.stack.narrow method="post" action={ "/admin/flags/" (key) } {
                (summary(all, faults))
                input type="hidden" name="version" value=(self.flag.version);
                (fields(all, sent, faults))
                div { button { (all.shell.save) } }
            }
            (self.apart(typed.filter(|(sent, _)| !sent.text("email").is_empty())))
            (self.history())
        };
        self.frame.page(status, &Sheet::new(key.to_string(), content).at(Place::Admin).note(note))
    }

    fn apart(&self, typed: Option<(&Sent, &[Fault])>) -> Markup {
        let (all, words) = (self.frame.words, &self.frame.words.machine);
        let path = format!("/admin/flags/{}/overrides", self.flag.key);
        let none = Sent::default();
        let (sent, faults) = typed.unwrap_or((&none, &[]));
        html! {
            section.stack {
                div.stack.tight { h2 { (words.apart) } p.quiet { (words.apart_lead) } }
                @if !self.people.is_empty() {
                    ul.list {
                        @for (user, name, enabled) in &self.people {
                            li.spread {
                                div.row {
                                    a href={ "/admin/people/" (user) } { (name) }
                                    @if *enabled { span.tag.good { (words.on) } } @else { span.tag { (words.off) } }
                                }
                                (Act::new(&path, words.rejoin).says(&[("user", &user.to_string())]).show(name))
                            }
                        }
                    }
                }
                form.stack.narrow method="post" action=(path) {
                    (summary(all, faults))
                    (once())
                    (Field::line("email", words.whom).kind("email").required().show(all, sent, faults))
                    div.row {
                        button.plain name="enabled" value="1" { (words.turn_on_for) }
                        button.plain name="enabled" value="0" { (words.turn_off_for) }
                    }
                }
            }
        }
    }

    fn history(&self) -> Markup {
        let (all, words) = (self.frame.words, &self.frame.words.machine);
        html! {
            section.stack {
                h2 { (words.history) }
                @if self.entries.is_empty() { p.quiet { (words.never_changed) } }
                ol.list {
                    @for (entry, actor) in &self.entries {
                        li.stack.tight {
                            p { b { ((words.version)(entry.version)) } " · " ((words.changes)(&told(entry))) }
                            p.quiet.small { (time(all, entry.at)) @if !actor.is_empty() { " · " (actor) } }
                        }
                    }
                }
                (more(all, self.next.as_deref()))
            }
        }
    }
}

/// A setting as the form holds it.
fn standing(setting: &Setting) -> Sent {
    let enabled = setting.enabled.then(|| ("enabled", "1".to_owned()));
    let rest = [
        ("percentage", setting.percentage.to_string()),
        ("description", setting.description.clone()),
    ];
    Sent::standing(enabled.into_iter().chain(rest))
}

/// What an entry changed: the members that differ, as `name: before → after`.
fn told(entry: &Entry) -> String {
    let change: Value = serde_json::from_str(&entry.change).unwrap_or_default();
    let plain = |value: Option<&Value>| match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => format!("“{text}”"),
        Some(value) => value.to_string(),
    };
    let (before, after) = (change.get("before"), change.get("after"));
    let Some(Value::Object(now)) = after else {
        return format!("{} → {}", plain(before), plain(after));
    };
    let was = |name: &str| before.and_then(|before| before.get(name));
    let differing = now.iter().filter(|(name, value)| was(name) != Some(*value));
    let told = differing
        .map(|(name, value)| format!("{name}: {} → {}", plain(was(name)), plain(Some(value))));
    told.collect::<Vec<_>>().join(", ")
}

/// The key in the path; text that is no key is the key of nothing.
fn key(ctx: &Ctx) -> Result<Key> {
    Key::parse(ctx.param("key")).ok_or(Error::NotFound("flag"))
}

/// A flag. 200; 404.
pub fn show(ctx: Ctx) -> Outcome {
    let (asks, key, page) = (Asks::of(&ctx), key(&ctx), Page::of(&ctx));
    ctx.read(|read, who| {
        let view = View::of(&asks, read, who, &key?, &page?)?;
        let note = asks.note.as_deref().filter(|note| *note == "saved");
        Ok(view.page(200, None, note.map(|_| view.frame.words.settings.saved)))
    })
}

fn onward(key: &Key) -> Response {
    Response::new(303).with("Location", format!("/admin/flags/{key}?note=saved"))
}

/// Sets a flag. 303; 404; 409 if it was changed meanwhile; 422.
pub fn save(ctx: Ctx) -> Outcome {
    let (sent, asks, page) = (Sent::of(&ctx)?, Asks::of(&ctx), Page::of(&ctx)?);
    let key = key(&ctx).map_err(Problem::from);
    let body = sent.typed(&CONTENT);
    ctx.write(move |tx, who| {
        let key = ready(&key)?;
        let flag = flags::find(tx, key)?;
        let again = |status: u16, faults: &[Fault]| -> Result<Response, Problem> {
            let view = View::of(&asks, tx, who, key, &page)?;
            Ok(view.page(status, Some((&sent, faults)), None))
        };
        if let Err(Error::Invalid(faults)) = CONTENT.check(&body) {
            return Err(Problem::page(again(422, &faults)?));
        }
        let asked = setting(&body);
        if flag.version > 0 && asked == flag.setting {
            return Ok(onward(key));
        }
        if sent.version() != flag.version {
            let (mine, theirs) =
                (asked.percentage.to_string(), flag.setting.percentage.to_string());
            let fields = [
                ("percentage", mine.as_str(), theirs.as_str()),
                ("description", &asked.description, &flag.setting.description),
            ];
            let found = collisions(Frame::of(&asks, tx, who)?.words, fields);
            return Err(Problem::stale_page(again(409, &found)?));
        }
        flags::save(tx, who.user()?, &flag, &asked)?;
        Ok(onward(key))
    })
}

/// Turns a flag over. 303; 404.
pub fn toggle(ctx: Ctx) -> Outcome {
    ctx.form()?;
    let key = key(&ctx).map_err(Problem::from);
    ctx.write(move |tx, who| {
        let key = ready(&key)?;
        flags::find(tx, key)?;
        flags::toggle(tx, who.user()?, key)?;
        Ok(onward(key))
    })
}

/// Sets a flag apart for one person by address, or no more by id. 303; 404; 422.
pub fn rule(ctx: Ctx) -> Outcome {
    let (sent, asks, page) = (Sent::of(&ctx)?, Asks::of(&ctx), Page::of(&ctx)?);
    let key = key(&ctx).map_err(Problem::from);
    ctx.write(move |tx, who| {
        let key = ready(&key)?;
        flags::find(tx, key)?;
        if let Some(user) = UserId::parse(sent.text("user")) {
            flags::rule(tx, who.user()?, key, user, None)?;
            return Ok(onward(key));
        }
        match users::find_by_email(tx, sent.text("email")) {
            Ok(user) => {
                let enabled = sent.text("enabled") == "1";
                flags::rule(tx, who.user()?, key, user.id, Some(enabled))?;
                Ok(onward(key))
            }
            Err(Error::NotFound(_)) => {
                let view = View::of(&asks, tx, who, key, &page)?;
                let found = [fault("email", "nobody", view.frame.words.machine.nobody)];
                Err(Problem::page(view.page(422, Some((&sent, &found)), None)))
            }
            Err(error) => Err(error.into()),
        }
    })
}
