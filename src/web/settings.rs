//! Settings: the account, and how pages are to be. On a phone it is also the way to all that its bar has no room for.

use super::account;
use super::asks::Asks;
use super::forms::Sent;
use super::icons::{Icon, icon};
use super::layout::{Frame, Place, Sheet};
use super::parts::{self, select, tick};
use super::words::Words;
use super::{shows, takes};
use crate::domain::accessibility::{self, Settings, Standing};
use crate::domain::languages::{self, Language};
use crate::domain::users::{self, Role, User};
use crate::error::{Error, Fault, Result};
use crate::http::bodies::accessibility::{CONTENT, settings};
use crate::http::route::About;
use crate::http::{Caller, Ctx, Outcome, Problem, Response};
use crate::store::Read;
use crate::store::tx::Named;
use maud::{Markup, html};

/// `GET /settings`
pub const SHOW_ABOUT: About = shows("Settings");
/// `POST /settings/language`
pub const LANGUAGE_ABOUT: About = takes("Chooses the language of pages");
/// `POST /settings/accessibility`
pub const ACCESSIBILITY_ABOUT: About = takes("Says how one needs the pages to be").edits();

/// Sizes of text that are offered, in percent.
const SCALES: &[u32] = &[80, 90, 100, 110, 125, 150, 175, 200];

/// A form of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Name and handle.
    Account,
    /// The password.
    Password,
    /// How pages are to be.
    Accessibility,
    /// The end of the account.
    Deletion,
}

/// The page with what stands.
pub struct View {
    /// Its frame.
    pub frame: Frame,
    /// Whose it is.
    pub user: User,
    language: Option<Language>,
    needs: Standing,
}

impl View {
    /// What stands for whoever calls.
    pub fn of(asks: &Asks, read: &Read<'_>, who: &Caller) -> Result<Self> {
        let user = users::find(read, who.user()?)?;
        Ok(Self {
            frame: Frame::of(asks, read, who)?,
            language: languages::of(read, user.id)?,
            needs: accessibility::of(read, user.id)?,
            user,
        })
    }

    /// The page; of the forms one as it was sent, with its faults.
    pub fn page(
        &self,
        status: u16,
        sent: Option<(Form, &Sent, &[Fault])>,
        note: Option<&str>,
    ) -> Response {
        let words = &self.frame.words.settings;
        let of = |form: Form| {
            sent.filter(|(sent, ..)| *sent == form).map(|(_, sent, faults)| (sent, faults))
        };
        let content = html! {
            header { h1 { (words.title) } }
            (self.places())
            (account::name_panel(self, of(Form::Account)))
            (account::password_panel(self, of(Form::Password)))
            (self.language_panel())
            (self.needs_panel(of(Form::Accessibility)))
            (account::deletion_panel(self, of(Form::Deletion)))
        };
        let sheet = Sheet::new(words.title, content).at(Place::Settings).scripts(&["settings.js"]);
        self.frame.page(status, &sheet.note(note))
    }

    /// A form again, with what is wrong with it; what has been done so far is undone.
    pub fn again(&self, form: Form, sent: &Sent, faults: &[Fault]) -> Problem {
        let again = |status| self.page(status, Some((form, sent, faults)), None);
        if faults.iter().any(|fault| fault.code == "meanwhile") {
            Problem::stale_page(again(409))
        } else {
            Problem::page(again(422))
        }
    }

    /// Where else one can go from here.
    fn places(&self) -> Markup {
        let (words, shell) = (&self.frame.words.settings, &self.frame.words.shell);
        let always = [
            ("/sessions", Icon::Key, words.sessions, words.sessions_lead),
            ("/tokens", Icon::Settings, words.tokens, words.tokens_lead),
            ("/webhooks", Icon::Webhook, words.webhooks, words.webhooks_lead),
        ];
        let on_phones = [
            ("/saved", Icon::Star, shell.saved),
            ("/credits", Icon::Coins, shell.credits),
            ("/progress", Icon::Spark, shell.progress),
        ];
        let admin = (self.user.role == Role::Admin).then_some(("/admin", Icon::Admin, shell.admin));
        html! {
            nav.places aria-label=(words.more) {
                ul {
                    @for (href, picture, name, lead) in always {
                        li { a href=(href) { (icon(picture)) span { b { (name) } span.quiet { (lead) } } } }
                    }
                    @for (href, picture, name) in on_phones.into_iter().chain(admin) {
                        li.phone { a href=(href) { (icon(picture)) span { b { (name) } } } }
                    }
                }
                form.phone method="post" action="/logout" { button.plain { (shell.sign_out) } }
            }
        }
    }

    fn language_panel(&self) -> Markup {
        let words = &self.frame.words.settings;
        let choices = [("", words.automatic), ("en", "English"), ("de", "Deutsch")];
        let standing = self.language.map_or("", Named::name);
        let form = html! {
            form.stack method="post" action="/settings/language" {
                div.field {
                    label for="language" { (words.language) }
                    select #language name="language" {
                        @for (value, name) in choices {
                            option value=(value) lang=[Some(value).filter(|v| !v.is_empty())]
                                selected[value == standing] { (name) }
                        }
                    }
                }
                div { button.plain { (words.save_language) } }
            }
        };
        panel(words.language, words.language_lead, &form)
    }

    fn needs_panel(&self, sent: Option<(&Sent, &[Fault])>) -> Markup {
        let (all, words) = (self.frame.words, &self.frame.words.settings);
        let faults = sent.map_or(&[][..], |(_, faults)| faults);
        let needs = sent.map_or(self.needs.settings, |(sent, _)| settings(&sent.typed(&CONTENT)));
        let boxes = [
            ("high_contrast", words.contrast, words.contrast_hint, needs.high_contrast),
            ("reduced_motion", words.motion, words.motion_hint, needs.reduced_motion),
            ("large_text", words.large, words.large_hint, needs.large_text),
            ("dyslexia_font", words.font, words.font_hint, needs.dyslexia_font),
            ("no_character_keys", words.no_keys, words.no_keys_hint, needs.no_character_keys),
        ];
        let form = html! {
            form #accessibility.stack.needs method="post" action="/settings/accessibility" {
                (super::forms::summary(all, faults))
                input type="hidden" name="version" value=(self.needs.version);
                @for (name, label, hint, is_ticked) in boxes { (tick(name, "1", label, hint, is_ticked)) }
                (scale(all, &needs, parts::told(all, faults, "text_scale")))
                div { button.plain { (words.save_needs) } }
            }
        };
        panel(words.accessibility, words.accessibility_lead, &form)
    }
}

/// The size of text: what is offered, and what stands if it is none of these.
fn scale(words: &Words, needs: &Settings, fault: Option<String>) -> Markup {
    let standing = format!("{}", needs.text_scale);
    let offered = SCALES.iter().map(|percent| {
        let value = format!("{}", f64::from(*percent) / 100.0);
        (value, format!("{percent} %"))
    });
    let mut offered: Vec<(String, String)> = offered.collect();
    if !offered.iter().any(|(value, _)| *value == standing) {
        offered.push((standing.clone(), format!("{} %", (needs.text_scale * 100.0).round())));
    }
    let options: Vec<(&str, &str)> =
        offered.iter().map(|(v, text)| (v.as_str(), text.as_str())).collect();
    select("text_scale", words.settings.scale, &options, &standing, fault)
}

/// A part of settings: what it is about beside its form.
pub fn panel(title: &str, lead: &str, form: &Markup) -> Markup {
    html! {
        section.panel {
            div.stack.tight { h2 { (title) } p.quiet { (lead) } }
            (form)
        }
    }
}

/// The settings. 200.
pub fn show(ctx: Ctx) -> Outcome {
    let asks = Asks::of(&ctx);
    ctx.read(|read, who| {
        let view = View::of(&asks, read, who)?;
        let words = &view.frame.words.settings;
        let note = match asks.note.as_deref() {
            Some("saved") => Some(words.saved),
            Some("password") => Some(words.password_changed),
            _ => None,
        };
        Ok(view.page(200, None, note))
    })
}

/// Chooses the language; one that we do not speak leaves it to the browser. 303.
pub fn choose_language(ctx: Ctx) -> Outcome {
    let chosen = Language::from_name(Sent::of(&ctx)?.text("language"));
    ctx.write(move |tx, who| {
        languages::choose(tx, who.user()?, chosen)?;
        Ok(saved())
    })
}

/// Back to the page, with what has been done.
pub fn saved() -> Response {
    Response::new(303).with("Location", "/settings?note=saved")
}

/// Says how one needs the pages to be. 303; 409 if it was changed meanwhile; 422.
pub fn choose_needs(ctx: Ctx) -> Outcome {
    let (sent, asks) = (Sent::of(&ctx)?, Asks::of(&ctx));
    let body = sent.typed(&CONTENT);
    ctx.write(move |tx, who| {
        let user = who.user()?;
        let refused = |faults: &[Fault]| -> Outcome {
            Err(View::of(&asks, tx, who)?.again(Form::Accessibility, &sent, faults))
        };
        if let Err(Error::Invalid(faults)) = CONTENT.check(&body) {
            return refused(&faults);
        }
        let stands = accessibility::of(tx, user)?;
        let asked = settings(&body);
        if stands.version > 0 && asked == stands.settings {
            return Ok(saved());
        }
        if stands.version != sent.version() {
            let words = Frame::of(&asks, tx, who)?.words;
            return refused(&parts::collisions(words, []));
        }
        accessibility::save(tx, user, stands.version, &asked)?;
        Ok(saved())
    })
}
